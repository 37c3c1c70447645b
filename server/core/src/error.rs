//! What can go wrong in a use case: a closed set, with causes kept for the log and never shown to anybody.

use spectrum_domain::{
    calendar::WeekLabel,
    id::{CardId, ErasureId, ExclusionId, ExportId, SessionId},
    member::ExternalRef,
};

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is no such session, or it is somebody else's.
    #[error("there is no session {0}")]
    UnknownSession(SessionId),
    /// There is no such exclusion, or it is somebody else's.
    #[error("there is no exclusion {0}")]
    UnknownExclusion(ExclusionId),
    /// The session has no measure that could be overruled.
    #[error("session {0} has no measure")]
    NotMeasured(SessionId),
    /// The member is gone, or is being erased.
    #[error("the member is gone")]
    MemberGone,
    /// The calendar has no such week.
    #[error("there is no week {0}")]
    UnknownWeek(WeekLabel),
    /// The host has no member with this reference.
    #[error("there is no member {0}")]
    UnknownMember(ExternalRef),
    /// There is no such erasure, or another host asked for it.
    #[error("there is no erasure {0}")]
    UnknownErasure(ErasureId),
    /// Something of the member was still there after all was deleted; it is deleted again.
    #[error("rows about an erased member were found, and the erasure begins again")]
    Residue,
    /// There is no such export, or its day is over.
    #[error("there is no export {0}, or it has been let go")]
    UnknownExport(ExportId),
    /// There is no such card, or it is somebody else's, or the numbers it was made from have changed.
    #[error("there is no card {0}")]
    UnknownCard(CardId),
    /// There is no such batch under review, or it is closed.
    #[error("there is no such review, or it is closed")]
    NoOpenReview,
    /// A one-time link that was used, has run out or never was.
    #[error("the link was used already or has run out")]
    LinkSpent,
    /// The database could not be reached or refused: nothing was changed, and trying again is safe.
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
    /// Another request changed the same rows at the same moment; nothing was kept, and it is tried again.
    #[error("another request changed the same rows at the same moment")]
    Raced,
    /// The job this was done for is another worker's by now, or gone with its member; nothing was kept.
    #[error("another worker has the job, or it is gone")]
    LeaseLost,
    /// A row that can't be: our own mistake.
    #[error("{table}.{column} holds what it never should")]
    Inconsistent {
        /// Table of the row.
        table: &'static str,
        /// Column that could not be read.
        column: &'static str,
    },
    /// Text could not be sealed or opened.
    #[error("text could not be sealed or opened")]
    Seal(#[from] crate::db::seal::SealError),
    /// The task that did the work was ended from outside.
    #[error("the work was cut off")]
    CutOff(#[from] tokio::task::JoinError),
}
