//! Figures on the wire: each with what it rests on, and none where it rests on too little.

use serde::Serialize;
use spectrum_domain::{
    exclusion::{WeekChange, WideChange},
    rollup::{Estimate, Rollup, Tier},
};
use utoipa::ToSchema;

/// A mean with its 95 % interval.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the name on the wire, beside its interval")]
pub struct Mean {
    /// From −1 to 1; of a movement from −2 to 2.
    mean: f64,
    /// Lower end of the interval (Student's t).
    low: f64,
    /// Upper end.
    high: f64,
    /// Sessions it rests on.
    n: i32,
}

impl Mean {
    /// The mean of a period; nothing below the floor of seven sessions on four days.
    pub fn of(rollup: &Rollup, estimate: Option<Estimate>) -> Option<Self> {
        let estimate = estimate.filter(|_| rollup.tier() >= Tier::Enough)?;
        Some(Self::new(estimate, rollup.sessions, 1.0))
    }

    /// A mean over so many sessions, held within the ends of its scale: a difference of two figures has twice as long a one.
    pub fn new(Estimate { mean, half_width, .. }: Estimate, n: i32, end: f64) -> Self {
        let round = |figure: f64| (figure.clamp(-end, end) * 1000.0).round() / 1000.0;
        Self { mean: round(mean), low: round(mean - half_width), high: round(mean + half_width), n }
    }
}

/// How many sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Count {
    /// Of what.
    pub name: &'static str,
    /// How many.
    pub sessions: i32,
}

/// A figure before and after.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct BeforeAfter {
    before: f64,
    after: f64,
}

/// A week before and after a decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WeekChangeBody {
    /// Which week.
    #[schema(example = "2026-W47")]
    week: String,
    /// Sessions counted before.
    sessions_before: i32,
    /// And after.
    sessions_after: i32,
    /// Mean valence, where both sides have enough sessions for one.
    valence: Option<BeforeAfter>,
    /// Mean arousal, the same.
    arousal: Option<BeforeAfter>,
}

impl From<WeekChange> for WeekChangeBody {
    fn from(change: WeekChange) -> Self {
        let WeekChange { week, sessions: (sessions_before, sessions_after), valence, arousal } = change;
        let pair = |pair: Option<(f64, f64)>| pair.map(|(before, after)| BeforeAfter { before, after });
        Self { week: week.to_string(), sessions_before, sessions_after, valence: pair(valence), arousal: pair(arousal) }
    }
}

/// What a decision did to everything it covers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WideChangeBody {
    /// Sessions that are counted now and were not, or the other way round.
    sessions: i32,
    /// Weeks whose sums changed.
    weeks: i32,
    /// The newest of them before and after.
    newest: Option<WeekChangeBody>,
}

impl From<WideChange> for WideChangeBody {
    fn from(change: WideChange) -> Self {
        let WideChange { sessions, weeks, newest } = change;
        Self { sessions, weeks, newest: newest.map(WeekChangeBody::from) }
    }
}
