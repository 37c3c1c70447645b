//! Which of a period's findings its feed shows: two to five, of several kinds, about several things.

use super::{Finding, Kind, Subject, kind::Axis};

/// Cards that a feed shows at most.
pub const MOST_SHOWN: usize = 5;
/// Cards that it shows at least, if there is so much to say.
const LEAST_SHOWN: usize = 2;
/// Findings of one kind among them at most.
const OF_ONE_KIND: usize = 2;
/// Below this rank a finding is shown only to fill up: a description, or something told last period.
const WORTH_A_CARD: f64 = 0.2;

/// What the feed of a period shows, in its order. `findings` are those of [`detect`](super::detect), ranked.
///
/// Nothing is said twice: of findings about the same thing the first stays, and no kind has more than two. What is left out
/// so comes in again only where fewer than two would be shown.
pub fn select(findings: &[Finding]) -> Vec<&Finding> {
    let mut shown: Vec<&Finding> = Vec::with_capacity(MOST_SHOWN);
    for finding in findings {
        let worth = finding.rank >= WORTH_A_CARD || shown.len() < LEAST_SHOWN;
        if shown.len() < MOST_SHOWN && worth && fits(finding, &shown) {
            shown.push(finding);
        }
    }
    for finding in findings {
        if shown.len() < LEAST_SHOWN && !shown.iter().any(|other| std::ptr::eq(*other, finding)) {
            shown.push(finding);
        }
    }
    shown
}

fn fits(finding: &Finding, shown: &[&Finding]) -> bool {
    let of_kind = shown.iter().filter(|other| other.kind == finding.kind).count();
    of_kind < most_of(finding.kind) && !shown.iter().any(|other| topic(other) == topic(finding))
}

/// Two weekdays or two parts of a day that lie apart are mostly one pattern seen from both its sides.
const fn most_of(kind: Kind) -> usize {
    match kind {
        Kind::WeekdayPattern | Kind::DaypartPattern => 1,
        _ => OF_ONE_KIND,
    }
}

/// What two findings share that would say the same twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    /// How much was counted.
    Counted,
    /// Whether anything is new: "nothing new" and "this is steady" are one thought.
    News,
    Of(Subject),
}

fn topic(finding: &Finding) -> Topic {
    match (finding.kind, finding.subject) {
        (Kind::LowData | Kind::Coverage | Kind::BaselineShort, _) => Topic::Counted,
        (Kind::NothingNew | Kind::Steady, _) => Topic::News,
        // How a feature moved on either axis, by itself or against others, is one story of that feature.
        (_, Subject::Movement { feature, .. }) => Topic::Of(Subject::Movement { feature, axis: Axis::Valence }),
        (_, subject) => Topic::Of(subject),
    }
}
