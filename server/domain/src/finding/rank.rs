//! What most deserves to be told: the surprising, the well-supported, and what was not told lately.

use serde::{Deserialize, Serialize};

use super::{Direction, Finding, Kind, Subject};

/// What a member was told in an earlier period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What kind of statement.
    pub kind: Kind,
    /// About what.
    pub subject: Subject,
    /// Which way.
    pub direction: Direction,
    /// How many periods ago, from 1.
    pub ago: u8,
}

impl Told {
    /// That this finding was told so many periods ago.
    pub const fn of(finding: &Finding, ago: u8) -> Self {
        Self { kind: finding.kind, subject: finding.subject, direction: finding.direction, ago }
    }

    fn is_of(self, finding: &Finding) -> bool {
        (self.kind, self.subject, self.direction) == (finding.kind, finding.subject, finding.direction)
    }
}

/// Sessions with which half of the support is reached: a mean of 14 was found to be half stable over a year.
const HALF_SUPPORT: f64 = 14.0;
/// A q of one in so many powers of ten is as surprising as can be.
const MOST_SURPRISING: f64 = 4.0;

/// interest · ½ (1 + surprise) · ½ (1 + support) · untold, all of them 0 to 1. Which way a finding points has no part in it.
/// That there is little data comes first, however often it was said.
pub(super) fn of(finding: &Finding, told: &[Told]) -> f64 {
    if finding.kind == Kind::LowData {
        return 1.0;
    }
    interest(finding.kind, finding.direction)
        * f64::midpoint(1.0, surprise(finding))
        * f64::midpoint(1.0, support(finding))
        * untold(finding, told)
}

/// What a kind is worth to a reader before its numbers are known: chosen, not measured. What is new comes before what
/// holds, and that before what merely describes. A level too close to the middle to name a side says least of these.
const fn interest(kind: Kind, direction: Direction) -> f64 {
    match kind {
        Kind::LowData | Kind::Changed => 1.0,
        Kind::FirstTime | Kind::Returned => 0.95,
        Kind::FeatureContrast => 0.9,
        Kind::MovedMost => 0.85,
        Kind::WeekdayPattern | Kind::DaypartPattern | Kind::FeatureShift => 0.8,
        Kind::NothingNew => 0.75,
        Kind::Level if matches!(direction, Direction::Neither) => 0.45,
        Kind::Level => 0.65,
        Kind::Mix => 0.6,
        Kind::Steady => 0.55,
        Kind::Variability | Kind::Recovery => 0.5,
        Kind::BaselineShort => 0.4,
        Kind::Coverage => 0.3,
    }
}

/// By the order of magnitude of q; what was not tested, or what says that nothing was found, surprises nobody.
fn surprise(finding: &Finding) -> f64 {
    let tested = finding.test.filter(|_| !matches!(finding.kind, Kind::Steady | Kind::NothingNew));
    tested.map_or(0.0, |test| (-test.q.max(f64::MIN_POSITIVE).log10() / MOST_SURPRISING).clamp(0.0, 1.0))
}

/// n / (n + 14), the reliability of a mean of n.
#[expect(clippy::cast_precision_loss, reason = "a count of sessions")]
fn support(finding: &Finding) -> f64 {
    let n = finding.n.max(0) as f64;
    n / (n + HALF_SUPPORT)
}

/// Told last period a finding counts a half, the period before that three quarters, and so on; turned round it is another.
fn untold(finding: &Finding, told: &[Told]) -> f64 {
    let latest = told.iter().filter(|told| told.is_of(finding)).map(|told| told.ago).min();
    latest.map_or(1.0, |ago| 1.0 - 0.5f64.powi(i32::from(ago.max(1))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Test, Window};

    fn finding(kind: Kind, q: Option<f64>, n: i64) -> Finding {
        Finding {
            kind,
            subject: Subject::Period,
            window: Window::Period,
            direction: Direction::Higher,
            estimate: 0.2,
            reference: None,
            interval: None,
            test: q.map(|q| Test { statistic: None, freedom: None, p: q, q, tested: 1 }),
            n,
            evidence: Vec::new(),
            rank: 0.0,
        }
    }

    #[test]
    fn by_hand() {
        // 1 · (1 + 2/4)/2 · (1 + 1/2)/2.
        let changed = finding(Kind::Changed, Some(0.01), 14);
        assert!((of(&changed, &[]) - 0.5625).abs() < 1e-12);
        let told = |ago| [Told::of(&changed, ago)];
        assert!((of(&changed, &told(1)) - 0.28125).abs() < 1e-12);
        assert!((of(&changed, &told(2)) - 0.421_875).abs() < 1e-12);
        let otherwise = [Told { direction: Direction::Lower, ..told(1)[0] }];
        assert!((of(&changed, &otherwise) - 0.5625).abs() < 1e-12, "the other way is another finding");
        // 0.3 · ½ · ½: nothing tested and nothing counted.
        assert!((of(&finding(Kind::Coverage, None, 0), &[]) - 0.075).abs() < 1e-12);
    }

    #[test]
    fn the_surprising_the_supported_and_the_untold_come_first() {
        let rank = |q, n, told: &[Told]| of(&finding(Kind::Changed, Some(q), n), told);
        assert!(rank(0.001, 10, &[]) > rank(0.04, 10, &[]));
        assert!(rank(0.01, 30, &[]) > rank(0.01, 10, &[]));
        let calm = |q| of(&finding(Kind::NothingNew, Some(q), 10), &[]);
        assert!((calm(0.9) - calm(0.06)).abs() < 1e-12);
        assert!((rank(0.0, 10, &[]) - rank(1e-4, 10, &[])).abs() < 1e-12);
    }
}
