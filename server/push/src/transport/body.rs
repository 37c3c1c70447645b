//! A request's content that is handed over at most once and can be taken back until then: what was taken back, no provider can
//! ever have.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// Nobody has asked for it yet.
const HELD: u8 = 0;
/// It is on its way.
const GIVEN: u8 = 1;
/// It will never be on its way.
const WITHDRAWN: u8 = 2;

/// The content was taken back before it was asked for.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the request was withdrawn")]
pub(crate) struct Withdrawn;

/// The content, in one piece.
#[derive(Debug)]
pub(crate) struct Once {
    content: Option<Bytes>,
    hold: Hold,
}

/// Whoever sends keeps hold of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hold(Arc<AtomicU8>);

impl Hold {
    /// Takes it back. If this is true it was not sent, nor will it be, whatever the connection still does with the request.
    pub(crate) fn withdraw(&self) -> bool {
        self.turn(WITHDRAWN)
    }

    fn turn(&self, to: u8) -> bool {
        self.0.compare_exchange(HELD, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

impl Once {
    pub(crate) fn new(content: Bytes) -> (Self, Hold) {
        let hold = Hold::default();
        (Self { content: Some(content), hold: hold.clone() }, hold)
    }
}

impl Body for Once {
    type Data = Bytes;
    type Error = Withdrawn;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let Some(content) = self.content.take() else { return Poll::Ready(None) };
        Poll::Ready(Some(if self.hold.turn(GIVEN) { Ok(Frame::data(content)) } else { Err(Withdrawn) }))
    }

    fn is_end_stream(&self) -> bool {
        self.content.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.content.as_ref().map_or(0, |content| content.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn it_is_either_given_or_taken_back() {
        let (body, hold) = Once::new(Bytes::from_static(b"text"));
        assert_eq!(body.collect().await.expect("the content").to_bytes(), "text");
        assert!(!hold.withdraw(), "it was given");

        let (body, hold) = Once::new(Bytes::from_static(b"text"));
        assert!(hold.withdraw());
        body.collect().await.expect_err("it was taken back");
    }
}
