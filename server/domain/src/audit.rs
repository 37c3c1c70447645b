//! What is recorded of who looked and what was done: closed sets of words, kept as numbers, so that a record can hold
//! nothing else.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::id::{HostId, StaffId};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The member.
    Member,
    /// A host service.
    Host(HostId),
    /// A person of the team, on a page.
    Staff(StaffId),
    /// An operator, on the command line.
    Operator,
    /// Spectrum by itself, by the calendar.
    Machine,
}

impl Actor {
    /// The number in the database, and whose it is.
    pub const fn columns(self) -> (i16, Option<Uuid>) {
        match self {
            Self::Member => (1, None),
            Self::Host(host) => (2, Some(host.0)),
            Self::Staff(staff) => (3, Some(staff.0)),
            Self::Operator => (4, None),
            Self::Machine => (5, None),
        }
    }

    /// Who has these columns.
    pub fn from_columns(number: i16, id: Option<Uuid>) -> Option<Self> {
        match (number, id) {
            (1, None) => Some(Self::Member),
            (2, Some(host)) => Some(Self::Host(HostId(host))),
            (3, Some(staff)) => Some(Self::Staff(StaffId(staff))),
            (4, None) => Some(Self::Operator),
            (5, None) => Some(Self::Machine),
            _ => None,
        }
    }
}

/// What was done. A number is given once and never to another word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// A session was left out of the analysis.
    SessionExcluded,
    /// A session was taken in again.
    SessionIncluded,
    /// What was measured of a session was corrected.
    Corrected,
    /// Everything derived was deleted.
    Reset,
    /// An erasure was asked for.
    ErasureRequested,
    /// Everything about a member was erased.
    Erased,
    /// A copy of a member's data was handed out.
    Exported,
    /// What had been kept long enough was let go.
    Purged,
    /// Data of a member was looked at.
    Looked,
    /// Dead jobs were put back.
    JobsRetried,
    /// A waiting job was buried.
    JobBuried,
    /// A queue was paused.
    QueuePaused,
    /// A queue goes on.
    QueueResumed,
    /// Members' keys were wrapped under another master key.
    KeysRotated,
    /// A feature, a time or what is to come was left out of the analysis.
    ScopeExcluded,
    /// Such an exclusion was taken back or ended.
    ScopeIncluded,
    /// A correction was taken back.
    CorrectionTakenBack,
    /// How long words are kept was decided.
    KeepingDecided,
    /// Whether use is counted was decided.
    CountingDecided,
    /// Whether a model may put findings into words was decided.
    ModelDecided,
    /// The zone or the first day of weeks was changed.
    CalendarChanged,
    /// Whether and when to be pushed was decided.
    PushDecided,
    /// A channel of pushes was stopped.
    ChannelPaused,
    /// A channel of pushes goes on.
    ChannelResumed,
    /// Some members are kept from something by lot.
    ExperimentStarted,
    /// Nobody is any more.
    ExperimentEnded,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::SessionExcluded,
        Self::SessionIncluded,
        Self::Corrected,
        Self::Reset,
        Self::ErasureRequested,
        Self::Erased,
        Self::Exported,
        Self::Purged,
        Self::Looked,
        Self::JobsRetried,
        Self::JobBuried,
        Self::QueuePaused,
        Self::QueueResumed,
        Self::KeysRotated,
        Self::ScopeExcluded,
        Self::ScopeIncluded,
        Self::CorrectionTakenBack,
        Self::KeepingDecided,
        Self::CountingDecided,
        Self::ModelDecided,
        Self::CalendarChanged,
        Self::PushDecided,
        Self::ChannelPaused,
        Self::ChannelResumed,
        Self::ExperimentStarted,
        Self::ExperimentEnded,
    ];

    /// The number in the database.
    pub const fn number(self) -> i16 {
        match self {
            Self::SessionExcluded => 1,
            Self::SessionIncluded => 2,
            Self::Corrected => 3,
            Self::Reset => 4,
            Self::ErasureRequested => 5,
            Self::Erased => 6,
            Self::Exported => 7,
            Self::Purged => 8,
            Self::Looked => 9,
            Self::JobsRetried => 10,
            Self::JobBuried => 11,
            Self::QueuePaused => 12,
            Self::QueueResumed => 13,
            Self::KeysRotated => 14,
            Self::ScopeExcluded => 15,
            Self::ScopeIncluded => 16,
            Self::CorrectionTakenBack => 17,
            Self::KeepingDecided => 18,
            Self::CountingDecided => 19,
            Self::ModelDecided => 20,
            Self::CalendarChanged => 21,
            Self::PushDecided => 22,
            Self::ChannelPaused => 23,
            Self::ChannelResumed => 24,
            Self::ExperimentStarted => 25,
            Self::ExperimentEnded => 26,
        }
    }

    /// The verb with this number.
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.number() == number)
    }
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub verb: Verb,
    /// To how many things.
    pub count: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_number_of_its_own_and_is_found_by_it() {
        for verb in Verb::ALL {
            assert_eq!(Verb::from_number(verb.number()), Some(verb));
        }
        let id = Uuid::from_u128(7);
        for actor in
            [Actor::Member, Actor::Host(HostId(id)), Actor::Staff(StaffId(id)), Actor::Operator, Actor::Machine]
        {
            let (number, id) = actor.columns();
            assert_eq!(Actor::from_columns(number, id), Some(actor));
        }
    }
}
