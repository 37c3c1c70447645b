//! What the screens of a span need to know: its sums beside those of the span before, its parts, its days, and what of it may
//! be said.
//!
//! Everything here is read from sums. A part is the sum of its days and the span the sum of its parts, so that no figure is
//! averaged twice; where too little was counted for a figure there is none.

use chrono::NaiveDate;

use crate::{
    affect::{Family, Quadrant},
    feature::Feature,
    finding::{Axis, student::two_sided_p},
    member::Member,
    rollup::{Estimate, FeatureSums, Moments, Rollup, Tier},
    session::SessionSummary,
    span::{Part, Span},
    week::{Comparison, compare},
};

/// Up to how many counted sessions each is drawn by itself; beyond, the middles of the parts tell the way.
pub const MOST_POINTS: i32 = 120;

/// Sessions a share or a cell rests on at least; below, it is hatched or left out.
pub const FEWEST: i32 = 3;

/// Families whose way is drawn over time.
pub const MOST_FAMILIES: usize = 5;

/// Sessions on each side of a statement about a feature (product floor: to list takes three, to state takes eight).
const TO_STATE: i32 = 8;

/// Chance of a statement about features that is only noise, over all that are tried at once.
const NOISE: f64 = 0.05;

/// The sums of a span and the models that measured what is in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// The sums; empty when nothing counts.
    pub rollup: Rollup,
    /// The models, by name and version, sorted.
    pub models: Vec<String>,
}

/// A part of the span with its sums.
#[derive(Clone, Debug, PartialEq)]
pub struct PartSums {
    /// Which days.
    pub part: Part,
    /// Their sums.
    pub rollup: Rollup,
}

/// A day with sessions that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayMark {
    /// Which day.
    pub date: NaiveDate,
    /// Sessions.
    pub sessions: i32,
    /// Sessions in each quarter of the plane.
    pub quadrants: [i32; 4],
    /// Sessions of each feature.
    pub features: [i32; 3],
}

impl DayMark {
    /// The mark of a day from its sums.
    pub fn of(date: NaiveDate, rollup: &Rollup) -> Self {
        let Rollup { sessions, quadrants, features, .. } = rollup;
        Self { date, sessions: *sessions, quadrants: *quadrants, features: features.map(|of| of.sessions) }
    }

    /// The quarter in which most of the day's sessions lay; nothing where two hold as many.
    pub fn quadrant(&self) -> Option<Quadrant> {
        let most = self.quadrants.into_iter().max()?;
        let mut holders = Quadrant::ALL.into_iter().zip(self.quadrants).filter(|(_, n)| *n == most);
        let (first, another) = (holders.next(), holders.next());
        first.filter(|_| another.is_none()).map(|(quadrant, _)| quadrant)
    }
}

/// How the span's sessions stand, those that do not count among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Sessions held.
    pub held: i64,
    /// Left out by the member.
    pub excluded: i64,
    /// Still being read.
    pub pending: i64,
    /// Withheld, because a session was flagged for crisis.
    pub withheld: i64,
    /// In languages that can't be measured yet.
    pub other_language: i64,
}

/// Why a span without counted sessions shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emptiness {
    /// No session yet in a span that is not over.
    NothingYet,
    /// No session in a span that is over.
    NoSessions,
    /// Every session is left out.
    AllLeftOut,
    /// What is not left out is still being read.
    AllPending,
    /// What is not left out is withheld: the help panel says what there is to say.
    Withheld,
    /// What is not left out is in languages that can't be measured yet.
    OtherLanguages,
    /// What is not left out held nothing to measure.
    NothingMeasured,
}

/// A span of one member.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// Whose it is.
    pub member: Member,
    /// Which days.
    pub span: Span,
    /// The member's local date, which tells days to come from days without sessions.
    pub today: NaiveDate,
    /// Its sums.
    pub now: Side,
    /// Those of the span before.
    pub before: Side,
    /// Its parts, in order; those without sessions among them.
    pub parts: Vec<PartSums>,
    /// Its days with sessions that count, in order.
    pub days: Vec<DayMark>,
    /// How its sessions stand.
    pub standing: Standing,
}

/// What the landscape draws.
#[derive(Clone, Debug)]
pub struct Landscape {
    /// The span.
    pub stretch: Stretch,
    /// The sessions that count, oldest first, where there are at most [`MOST_POINTS`] and all of them are still held.
    pub sessions: Option<Vec<SessionSummary>>,
}

/// What a feature's sessions add up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeatureFigures {
    /// Which feature.
    pub feature: Feature,
    /// Its sessions.
    pub sessions: i32,
    /// Days with one.
    pub days: i32,
    /// The middle of its sessions' pleasantness; nothing below the floor for a mean.
    pub valence: Option<Estimate>,
    /// The same of energy.
    pub arousal: Option<Estimate>,
    /// Its sessions with two measured turns or more: only these can have moved.
    pub moving: i32,
    /// How far they moved in pleasantness from their first measured turn to their last; nothing below the floor.
    pub rise: Option<Estimate>,
    /// The same of energy.
    pub stir: Option<Estimate>,
}

/// Whether features can be told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FeaturesApart {
    /// Fewer than two have enough sessions.
    TooFew,
    /// What differs between them may be chance.
    CannotTell,
    /// The first lay more pleasant than the second.
    Apart(Feature, Feature),
}

/// A family's way over the parts of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyWay {
    /// Which family.
    pub family: Family,
    /// Sessions of the span in which it was present.
    pub sessions: i32,
    /// In how many of how many sessions of each part; nothing where a part has fewer than [`FEWEST`].
    pub parts: Vec<Option<(i32, i32)>>,
}

impl Stretch {
    /// Whether help is offered on the page: a session is flagged for crisis, and the member has not left it out.
    pub const fn offers_help(&self) -> bool {
        self.standing.withheld > 0
    }

    /// Why there is nothing to show, where nothing counts.
    pub fn emptiness(&self) -> Option<Emptiness> {
        let Standing { held, excluded, pending, withheld, other_language } = self.standing;
        (self.now.rollup.tier() == Tier::Empty).then(|| {
            if held == 0 {
                if self.today < self.span.end() { Emptiness::NothingYet } else { Emptiness::NoSessions }
            } else if excluded == held {
                Emptiness::AllLeftOut
            } else if pending > 0 {
                Emptiness::AllPending
            } else if withheld > 0 {
                Emptiness::Withheld
            } else if other_language + excluded == held {
                Emptiness::OtherLanguages
            } else {
                Emptiness::NothingMeasured
            }
        })
    }

    /// Whether the span and the one before were measured by different models, so that a difference between them may come
    /// from that; false where one of them holds nothing.
    pub fn versions_differ(&self) -> bool {
        let (now, before) = (&self.now.models, &self.before.models);
        !now.is_empty() && !before.is_empty() && now != before
    }

    /// Whether the span itself was measured by more than one model.
    pub fn versions_mixed(&self) -> bool {
        self.now.models.len() > 1
    }

    /// Whether the span was more or less pleasant than the one before, or had more or less energy.
    pub fn against_before(&self, axis: Axis) -> Comparison {
        let figure = match axis {
            Axis::Valence => Rollup::valence_estimate,
            Axis::Arousal => Rollup::arousal_estimate,
        };
        compare((&self.now.rollup, &self.before.rollup), figure)
    }

    /// What each feature's sessions add up to, in the order of [`Feature::ALL`].
    pub fn features(&self) -> [FeatureFigures; 3] {
        Feature::ALL.map(|feature| {
            let of: &FeatureSums = self.now.rollup.feature(feature);
            let days = self.days.iter().filter(|day| day.features[feature.index()] > 0).count();
            let days = i32::try_from(days).unwrap_or(i32::MAX);
            let mean =
                |moments: Moments, n: i32| (Tier::of(n, days) == Tier::Enough).then(|| moments.estimate(n)).flatten();
            FeatureFigures {
                feature,
                sessions: of.sessions,
                days,
                valence: mean(of.valence, of.sessions),
                arousal: mean(of.arousal, of.sessions),
                moving: of.impact.sessions,
                rise: mean(of.impact.valence, of.impact.sessions),
                stir: mean(of.impact.arousal, of.impact.sessions),
            }
        })
    }

    /// Whether a feature's sessions lay more pleasant than another's, corrected for the pairs that are tried.
    pub fn features_apart(&self) -> FeaturesApart {
        let features = self.features();
        let enough: Vec<_> = features
            .iter()
            .filter(|of| of.sessions >= TO_STATE)
            .filter_map(|of| Some((of.feature, of.valence?, of.sessions)))
            .collect();
        let mut pairs = 0.0;
        let mut surest: Option<(f64, Feature, Feature)> = None;
        for (at, a) in enough.iter().enumerate() {
            for b in &enough[at + 1..] {
                pairs += 1.0;
                let p = by_chance((a.1, a.2), (b.1, b.2));
                if surest.is_none_or(|(least, ..)| p < least) {
                    let (more, less) = if a.1.mean >= b.1.mean { (a.0, b.0) } else { (b.0, a.0) };
                    surest = Some((p, more, less));
                }
            }
        }
        match surest {
            None => FeaturesApart::TooFew,
            Some((p, more, less)) if p * pairs < NOISE => FeaturesApart::Apart(more, less),
            Some(_) => FeaturesApart::CannotTell,
        }
    }

    /// The features whose sessions ended elsewhere on this axis than they began, with the mean way, surest first and corrected
    /// for all that are tried; nothing where no feature has enough sessions to tell.
    pub fn moved(&self, axis: Axis) -> Option<Vec<(Feature, f64)>> {
        let features = self.features();
        let tried: Vec<_> = features
            .iter()
            .filter(|of| of.moving >= TO_STATE)
            .filter_map(|of| {
                let way = match axis {
                    Axis::Valence => of.rise?,
                    Axis::Arousal => of.stir?,
                };
                let error = way.sd / f64::from(of.moving).sqrt();
                let p = tail(way.mean, error, f64::from(of.moving) - 1.0);
                Some((p, of.feature, way.mean))
            })
            .collect();
        // Both axes are looked at, so twice as many are tried.
        let times = 2.0 * f64::from(i32::try_from(tried.len()).unwrap_or(3));
        let mut sure: Vec<_> = tried.iter().filter(|(p, ..)| p * times < NOISE).collect();
        sure.sort_by(|a, b| a.0.total_cmp(&b.0));
        (!tried.is_empty()).then(|| sure.into_iter().map(|(_, feature, mean)| (*feature, *mean)).collect())
    }

    /// The ways of the families present most often, over the parts; nothing where fewer than two parts have enough sessions
    /// for a share.
    pub fn ways(&self) -> Option<Vec<FamilyWay>> {
        let told = self.parts.iter().filter(|of| of.rollup.sessions >= FEWEST).count();
        (told >= 2).then(|| {
            let most = self.now.rollup.families_by_count().into_iter().take(MOST_FAMILIES);
            most.map(|(family, sessions)| FamilyWay {
                family,
                sessions,
                parts: self
                    .parts
                    .iter()
                    .map(|PartSums { rollup, .. }| {
                        let shown = rollup.families[family.index()];
                        (rollup.sessions >= FEWEST).then_some((shown, rollup.sessions))
                    })
                    .collect(),
            })
            .collect()
        })
    }
}

/// How likely two means at least this far apart are where there is no difference: Welch's test.
fn by_chance((a, a_n): (Estimate, i32), (b, b_n): (Estimate, i32)) -> f64 {
    let (a_var, b_var) = (a.sd * a.sd / f64::from(a_n), b.sd * b.sd / f64::from(b_n));
    let both = a_var + b_var;
    let scatter = a_var * a_var / (f64::from(a_n) - 1.0) + b_var * b_var / (f64::from(b_n) - 1.0);
    // Without any scatter the freedom does not matter.
    let freedom = if scatter > 0.0 { both * both / scatter } else { 1.0 };
    tail(a.mean - b.mean, both.sqrt(), freedom)
}

/// How likely a figure at least this far from zero is by chance.
fn tail(figure: f64, error: f64, freedom: f64) -> f64 {
    match (figure == 0.0, error > 0.0) {
        (true, _) => 1.0,
        (false, false) => 0.0,
        (false, true) => two_sided_p(figure / error, freedom),
    }
}

#[cfg(test)]
#[path = "stretch_tests.rs"]
mod tests;
