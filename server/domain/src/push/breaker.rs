//! What stops a mistake of ours from taking every device: a channel whose newest answers are mostly "no such address" is more
//! likely pointed at the wrong place than written to by people who have all left.

/// How a channel's newest answers were. Older ones weigh less: from [`FULL`] on each half of them is forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recent {
    /// All answers.
    pub answers: i32,
    /// Taken by the provider.
    pub delivered: i32,
    /// The provider is sure of this very address that it is none any more.
    pub gone: i32,
    /// The address, or our own environment or project.
    pub doubtful: i32,
    /// A key, a topic or a project of ours.
    pub misconfigured: i32,
}

/// Answers after which each half is forgotten.
pub const FULL: i32 = 1_000;

/// Why a channel was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trip {
    /// More than one in twenty addresses is unknown to the provider.
    UnknownAddresses,
    /// More than half of the addresses are gone.
    GoneAddresses,
    /// Nothing goes through.
    Misconfigured,
}

impl Trip {
    /// The name in the database, in metrics and in alerts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownAddresses => "unknown_addresses",
            Self::GoneAddresses => "gone_addresses",
            Self::Misconfigured => "misconfigured",
        }
    }
}

impl Recent {
    /// With the answers of another batch.
    #[must_use]
    pub const fn with(self, batch: Self) -> Self {
        let sum = Self {
            answers: self.answers + batch.answers,
            delivered: self.delivered + batch.delivered,
            gone: self.gone + batch.gone,
            doubtful: self.doubtful + batch.doubtful,
            misconfigured: self.misconfigured + batch.misconfigured,
        };
        if sum.answers <= FULL {
            return sum;
        }
        Self {
            answers: sum.answers / 2,
            delivered: sum.delivered / 2,
            gone: sum.gone / 2,
            doubtful: sum.doubtful / 2,
            misconfigured: sum.misconfigured / 2,
        }
    }

    /// Whether the channel is to be stopped. A few odd devices among many stop nothing, and neither does one among few.
    pub const fn trips(self) -> Option<Trip> {
        let strange = self.doubtful + self.misconfigured;
        if self.misconfigured >= 3 && self.delivered == 0 {
            return Some(Trip::Misconfigured);
        }
        if strange >= 10 && strange * 20 > self.answers {
            return Some(if self.misconfigured > self.doubtful { Trip::Misconfigured } else { Trip::UnknownAddresses });
        }
        if self.gone >= 100 && self.gone * 2 > self.answers {
            return Some(Trip::GoneAddresses);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wrong_environment_stops_the_channel_within_its_first_answers() {
        let one = Recent { answers: 1, doubtful: 1, ..Recent::default() };
        let (mut recent, mut removed) = (Recent { answers: FULL, delivered: FULL, ..Recent::default() }, 0);
        while recent.trips().is_none() {
            recent = recent.with(one);
            removed += 1;
        }
        assert!(removed < 100, "{removed} of 10,000 after a good week");
        assert_eq!(recent.trips(), Some(Trip::UnknownAddresses));
        let first = (0..9).fold(Recent::default(), |recent, _| recent.with(one));
        assert_eq!((first.trips(), first.with(one).trips()), (None, Some(Trip::UnknownAddresses)));
    }

    #[test]
    fn what_happens_every_week_stops_nothing() {
        let week = Recent { answers: 1_000, delivered: 930, gone: 40, doubtful: 20, misconfigured: 10 };
        let year = (0..52).fold(Recent::default(), |recent, _| {
            let recent = recent.with(week);
            assert_eq!(recent.trips(), None, "{recent:?}");
            recent
        });
        assert!(year.answers <= FULL);
        let few = Recent { answers: 3, doubtful: 3, ..Recent::default() };
        assert_eq!(few.trips(), None, "three phones in a drawer");
        let gone = Recent { answers: 60, gone: 60, ..Recent::default() };
        assert_eq!(gone.trips(), None);
        assert_eq!(gone.with(gone).trips(), Some(Trip::GoneAddresses));
        let key = Recent { answers: 3, misconfigured: 3, ..Recent::default() };
        assert_eq!(key.trips(), Some(Trip::Misconfigured), "a wrong key answers so to everybody");
    }
}
