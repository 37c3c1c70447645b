//! First answers: what a request that is sent again is answered with.

pub mod claim_answer;
pub mod keep_answer;

use chrono::TimeDelta;
use spectrum_domain::id::{HostId, MemberId};
use uuid::Uuid;

/// How long a first answer is kept.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// Whose key it is: two callers may use the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A host service, by whichever of its keys.
    Host(HostId),
    /// A member.
    Member(MemberId),
}

/// The right to answer, and to have the answer kept.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub(crate) key_hash: [u8; 32],
    pub(crate) attempt: Uuid,
}

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// What the body is.
    pub content_type: Option<String>,
    /// Where it leads.
    pub location: Option<String>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

/// What is known of a request by its key.
#[derive(Clone, Debug)]
pub enum Claim {
    /// Nothing: it is the caller's to answer.
    Ours(Ticket),
    /// It was answered.
    Answered(Answer),
    /// It is being answered at this moment.
    Running {
        /// After so many seconds at the latest the key is free.
        seconds: u64,
    },
    /// The key belongs to another request.
    AnotherRequest,
}
