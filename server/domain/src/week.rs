//! What the week page needs to know, and the arithmetic of its pictures.

use chrono::NaiveDate;

use crate::{
    affect::Milli,
    calendar::Week,
    measure::{SessionVector, WhyNot},
    member::Member,
    rollup::{Estimate, Rollup, Tier},
    session::{SessionState, SessionSummary},
};

/// Everything the week page draws: one member, one week.
#[derive(Clone, Debug)]
pub struct WeekView {
    /// Whose week it is.
    pub member: Member,
    /// Which week.
    pub week: Week,
    /// Its sums; empty when nothing counts.
    pub rollup: Rollup,
    /// The sums of the week before.
    pub before: Rollup,
    /// The models that measured what is in the sums, by name and version, sorted.
    pub models: Vec<String>,
    /// The same of the week before.
    pub models_before: Vec<String>,
    /// All sessions of the week, oldest first, those left out among them.
    pub sessions: Vec<SessionSummary>,
}

/// One column of the week: a day with the range and the middle of its sessions' valence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayColumn {
    /// Which day.
    pub date: NaiveDate,
    /// Sessions counted.
    pub sessions: usize,
    /// Least, median and most valence; nothing on a day without sessions.
    pub range: Option<(Milli, Milli, Milli)>,
}

/// Whether a week can be told from the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    /// One of the two has too few sessions.
    TooFew,
    /// The interval of the difference holds zero.
    CannotTell,
    /// The later week lies higher by this much.
    Higher(f64),
    /// The later week lies lower by this much.
    Lower(f64),
}

impl WeekView {
    /// The sessions that count, with their vectors.
    pub fn counted(&self) -> impl Iterator<Item = (&SessionSummary, &SessionVector)> {
        self.sessions.iter().filter_map(|s| s.counted().map(|v| (s, v)))
    }

    /// Sessions left out by the member.
    pub fn excluded(&self) -> usize {
        self.sessions.iter().filter(|s| s.excluded).count()
    }

    /// Sessions that were read and not measured, those for this reason.
    pub fn not_measured(&self, why: WhyNot) -> usize {
        let so = |s: &&SessionSummary| !s.excluded && !s.crisis && s.state == SessionState::Unmeasured;
        self.sessions.iter().filter(so).filter(|s| s.why_not.unwrap_or(WhyNot::NoWords) == why).count()
    }

    /// Whether help is offered on the page: a session is flagged for crisis, and the member has not left it out.
    pub fn offers_help(&self) -> bool {
        self.sessions.iter().any(|s| s.crisis && !s.excluded)
    }

    /// Whether the week and the week before were measured by different models, so that a difference between them may
    /// come from that; false where one of them holds nothing.
    pub fn versions_differ(&self) -> bool {
        !self.models.is_empty() && !self.models_before.is_empty() && self.models != self.models_before
    }

    /// Sessions still being read.
    pub fn pending(&self) -> usize {
        self.sessions
            .iter()
            .filter(|s| !s.excluded && matches!(s.state, SessionState::Open | SessionState::Ended))
            .count()
    }

    /// The seven columns.
    pub fn columns(&self) -> [DayColumn; 7] {
        self.week.days().map(|date| {
            let mut valences: Vec<Milli> =
                self.counted().filter(|(s, _)| s.local_date == date).map(|(_, v)| v.affect.valence).collect();
            valences.sort_unstable();
            let range = match valences.as_slice() {
                [] => None,
                [first, .., last] => Some((*first, median(&valences), *last)),
                [only] => Some((*only, *only, *only)),
            };
            DayColumn { date, sessions: valences.len(), range }
        })
    }

    /// Whether the week was more or less pleasant than the week before.
    pub fn valence_against_before(&self) -> Comparison {
        compare((&self.rollup, &self.before), Rollup::valence_estimate)
    }

    /// Whether the week had more or less energy than the week before.
    pub fn arousal_against_before(&self) -> Comparison {
        compare((&self.rollup, &self.before), Rollup::arousal_estimate)
    }
}

/// The middle of sorted figures; of an even number the mean of the two middle ones.
fn median(sorted: &[Milli]) -> Milli {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        Milli::of(f64::midpoint(sorted[middle - 1].as_f64(), sorted[middle].as_f64()))
    }
}

/// Compares two periods by Welch's interval of the difference; both must pass the floor for a mean.
pub(crate) fn compare((later, earlier): (&Rollup, &Rollup), figure: fn(&Rollup) -> Option<Estimate>) -> Comparison {
    if later.tier() < Tier::Enough || earlier.tier() < Tier::Enough {
        return Comparison::TooFew;
    }
    let (Some(now), Some(then)) = (figure(later), figure(earlier)) else {
        return Comparison::TooFew;
    };
    let difference = now.mean - then.mean;
    // Adding the squared half-widths, each with its own t, is never narrower than Welch's interval: it errs to silence.
    let half_width = now.half_width.hypot(then.half_width);
    if difference.abs() <= half_width {
        Comparison::CannotTell
    } else if difference > 0.0 {
        Comparison::Higher(difference)
    } else {
        Comparison::Lower(-difference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollup::{Moments, Sums};

    #[test]
    fn median_of_even_and_odd() {
        assert_eq!(median(&[Milli(-10), Milli(3), Milli(900)]), Milli(3));
        assert_eq!(median(&[Milli(-100), Milli(300)]), Milli(100));
    }

    #[test]
    fn a_week_is_compared_only_above_the_floor_and_outside_the_interval() {
        let rollup = |sum: i64, squares: i64, sessions, days| Rollup {
            sessions,
            days,
            valence: Sums { moments: Moments { sum, squares }, min: 0, max: 0 },
            ..Rollup::default()
        };
        let calm = rollup(3500, 1_800_000, 7, 5);
        let low = rollup(-3500, 1_800_000, 7, 5);
        assert_eq!(compare((&rollup(300, 1000, 2, 2), &calm), Rollup::valence_estimate), Comparison::TooFew);
        assert_eq!(compare((&calm, &calm), Rollup::valence_estimate), Comparison::CannotTell);
        assert!(
            matches!(compare((&low, &calm), Rollup::valence_estimate), Comparison::Lower(d) if (d - 1.0).abs() < 1e-9)
        );
    }
}
