//! The jobs that a session leads to, each named in one way: what is ordered twice is one job, whoever orders it.

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    id::{MemberId, SessionId},
    job::Job,
};

use crate::queue::enqueue::NewJob;

/// Reading the session as it is now.
pub(crate) fn analyze(
    member_id: MemberId,
    session_id: SessionId,
    input_version: i32,
    received_on: NaiveDate,
    now: DateTime<Utc>,
) -> NewJob {
    let job = Job::AnalyzeSession { session_id, input_version };
    NewJob::about(member_id, &job, &[session_id.0.as_bytes(), &input_version.to_le_bytes()], received_on, now)
}

/// Closing the session if nobody else has by then.
pub(crate) fn close(member_id: MemberId, session_id: SessionId, received_on: NaiveDate, then: DateTime<Utc>) -> NewJob {
    NewJob::about(member_id, &Job::CloseIdleSession { session_id }, &[session_id.0.as_bytes()], received_on, then)
}

/// Adding a day up again because of the session. Named by the day too: a session that moves asks for the day it leaves and
/// the day it comes to, under the same version. And by the measure, for the day it comes to: what is read once more, by
/// whatever chance, must show.
pub(crate) fn refresh(
    member_id: MemberId,
    session_id: SessionId,
    input_version: i32,
    date: NaiveDate,
    measure: Option<i32>,
    received_on: NaiveDate,
    now: DateTime<Utc>,
) -> NewJob {
    let state = format!("{input_version} {date} {}", measure.unwrap_or_default());
    NewJob::about(
        member_id,
        &Job::RefreshRollups { date },
        &[session_id.0.as_bytes(), state.as_bytes()],
        received_on,
        now,
    )
}
