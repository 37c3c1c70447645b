//! Of which trace the present work is part, as a W3C trace context: what is enqueued says so, and whoever runs it takes it up.
//!
//! It is carried by the task and not handed from function to function: jobs are ordered in thirty places, all of which end in one
//! statement (`queue/enqueue.rs`), and that one asks here. So a new place can't forget it. What records traces is the server's
//! (`server/src/telemetry`); here nothing is known of it but the name of a span.

use std::{
    fmt,
    future::Future,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

/// Traces that one piece of work points to at most: beyond that a reader follows none of them.
pub const MOST_LINKS: usize = 32;

/// A span by the names that W3C trace context gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Which trace; never nothing but zeros.
    pub trace_id: [u8; 16],
    /// Which span of it; the same.
    pub span_id: [u8; 8],
    /// Whether it is recorded.
    pub sampled: bool,
}

/// The text is no trace context of version 00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no W3C trace context")]
pub struct NoTrace;

impl Trace {
    /// The trace's name in hex digits, as logs and other tools write it.
    pub fn name(&self) -> String {
        hex(&self.trace_id)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{}-{}-{:02x}", hex(&self.trace_id), hex(&self.span_id), u8::from(self.sampled))
    }
}

impl FromStr for Trace {
    type Err = NoTrace;

    fn from_str(text: &str) -> Result<Self, NoTrace> {
        let mut parts = text.split('-');
        let mut part = || parts.next().ok_or(NoTrace);
        let version = bytes::<1>(part()?)?;
        let trace =
            Self { trace_id: bytes(part()?)?, span_id: bytes(part()?)?, sampled: bytes::<1>(part()?)?[0] & 1 == 1 };
        let named = trace.trace_id != [0; 16] && trace.span_id != [0; 8];
        if version == [0] && named && parts.next().is_none() { Ok(trace) } else { Err(NoTrace) }
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Bytes of exactly twice as many small hex digits.
fn bytes<const N: usize>(text: &str) -> Result<[u8; N], NoTrace> {
    let small = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 2 * N || !text.bytes().all(small) {
        return Err(NoTrace);
    }
    let mut bytes = [0; N];
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or(NoTrace)?;
    }
    Ok(bytes)
}

/// What the present work is part of, and what it was found to have to do with.
#[derive(Clone)]
struct Present {
    trace: Trace,
    links: Arc<Mutex<Vec<Trace>>>,
}

tokio::task_local! {
    static PRESENT: Option<Present>;
}

/// Does work as part of a trace, and gives with its result the traces that it has [pointed to](link). Without one the work is part
/// of whatever it was part of.
pub async fn within<F: Future>(trace: Option<Trace>, work: F) -> (F::Output, Vec<Trace>) {
    let Some(trace) = trace else { return (work.await, Vec::new()) };
    let links = Arc::new(Mutex::new(Vec::new()));
    let result = PRESENT.scope(Some(Present { trace, links: Arc::clone(&links) }), work).await;
    let found = std::mem::take(&mut *links.lock().unwrap_or_else(PoisonError::into_inner));
    (result, found)
}

fn present() -> Option<Present> {
    PRESENT.try_with(Clone::clone).ok().flatten()
}

/// What the present work is part of.
pub fn current() -> Option<Trace> {
    PRESENT.try_with(|present| present.as_ref().map(|present| present.trace)).ok().flatten()
}

/// The same, if it is recorded: for what costs a question to the database.
pub(crate) fn recorded() -> Option<Trace> {
    current().filter(|trace| trace.sampled)
}

/// Says that the present work has to do with another trace. Each is kept once, the first [`MOST_LINKS`] of them.
pub fn link(other: Trace) {
    let _ = PRESENT.try_with(|present| {
        let Some(present) = present else { return };
        let mut links = present.links.lock().unwrap_or_else(PoisonError::into_inner);
        if links.len() < MOST_LINKS && !links.contains(&other) && other.trace_id != present.trace.trace_id {
            links.push(other);
        }
    });
}

/// Work that is to run in a task of its own, as part of what the present work is part of.
pub(crate) fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    PRESENT.scope(present(), work)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SAID: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    proptest! {
        #[test]
        fn what_is_written_is_read(trace_id: [u8; 16], span_id: [u8; 8], sampled: bool) {
            let trace = Trace { trace_id, span_id, sampled };
            let named = trace_id != [0; 16] && span_id != [0; 8];
            prop_assert_eq!(trace.to_string().parse(), if named { Ok(trace) } else { Err(NoTrace) });
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = text.parse::<Trace>();
        }
    }

    #[test]
    fn only_a_trace_context_of_version_00_is_one() {
        let trace: Trace = SAID.parse().expect("the example of the recommendation");
        assert_eq!((trace.name().as_str(), trace.sampled), ("4bf92f3577b34da6a3ce929d0e0e4736", true));
        for wrong in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-01",
        ] {
            assert_eq!(wrong.parse::<Trace>(), Err(NoTrace), "{wrong}");
        }
    }

    #[tokio::test]
    async fn work_is_part_of_its_trace_and_tells_what_it_has_to_do_with() {
        let trace: Trace = SAID.parse().expect("a trace");
        let other = |n| Trace { trace_id: [n; 16], ..trace };
        assert_eq!(current(), None);
        let (inside, links) = within(Some(trace), async {
            link(other(1));
            link(other(1));
            link(trace);
            // As it is carried into a task of its own.
            carried(async { (2..200).for_each(|n| link(other(n))) }).await;
            within(None, async { current() }).await.0
        })
        .await;
        assert_eq!((inside, links.len(), links.first()), (Some(trace), MOST_LINKS, Some(&other(1))));
        assert_eq!(current(), None);
    }
}
