//! Going away in the middle: what a web server does to a handler when its client hangs up.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

/// Polls the future so many times and then drops it. Gives what it came to, if it came to something before.
pub async fn poll_at_most<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
