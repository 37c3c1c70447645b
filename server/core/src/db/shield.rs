//! Work on the database goes on when the request that asked for it is dropped.

use std::future::Future;

use tracing::Instrument as _;

use crate::{error::ServiceError, trace};

/// Runs the work in a task of its own. A web server drops a handler when its client goes away or its time is up; half a
/// transaction must not be dropped with it (see [`super::pool`]), and an acknowledged write must not depend on who listens. It
/// stays part of the trace of whoever asked, and in the log beside what they said.
#[expect(clippy::disallowed_methods, reason = "this is the one place in core that may spawn")]
pub async fn shielded<T, F>(work: F) -> Result<T, ServiceError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, ServiceError>> + Send + 'static,
{
    tokio::spawn(trace::carried(work).in_current_span()).await?
}
