//! A session's measure: what its member turns add up to, and how each turn moved.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    affect::{AffectVector, EMOTIONS, Milli},
    feature::Feature,
    id::SessionId,
};

/// Who wrote a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The member: measured.
    Member,
    /// The assistant: counted, never measured.
    Assistant,
}

impl Role {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Assistant => "assistant",
        }
    }
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// More turns may come.
    Open,
    /// Ended, waiting to be measured.
    Ended,
    /// Measured.
    Analysed,
    /// Kept from the findings because of a crisis flag.
    Withheld,
    /// There was nothing that could be measured.
    Unmeasured,
}

impl SessionState {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ended => "ended",
            Self::Analysed => "analysed",
            Self::Withheld => "withheld",
            Self::Unmeasured => "unmeasured",
        }
    }

    /// The state with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Open, Self::Ended, Self::Analysed, Self::Withheld, Self::Unmeasured]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// A member turn with its measurement, in the order of the conversation.
#[derive(Clone, Copy, Debug)]
pub struct MeasuredTurn {
    /// Place in the session.
    pub index: i32,
    /// Words of the turn: its weight.
    pub words: i32,
    /// What was measured.
    pub affect: AffectVector,
}

/// The session's affect vector with its spread and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionVector {
    /// Maximum per emotion over the turns; word-weighted mean of valence, arousal and dominance.
    pub affect: AffectVector,
    /// Word-weighted standard deviation of valence over the turns.
    pub valence_spread: Milli,
    /// Word-weighted standard deviation of arousal over the turns.
    pub arousal_spread: Milli,
    /// Valence of the turn farthest from the middle of the scale.
    pub peak_valence: Milli,
    /// Valence of the last measured turn.
    pub end_valence: Milli,
    /// Member turns measured.
    pub turns: i32,
    /// Words in them.
    pub words: i32,
}

impl SessionVector {
    /// What the turns add up to; nothing when no turn was measured.
    pub fn of(turns: &[MeasuredTurn]) -> Option<Self> {
        let last = turns.last()?;
        let weight = |turn: &MeasuredTurn| f64::from(turn.words.max(1));
        let total: f64 = turns.iter().map(weight).sum();
        let mean = |figure: fn(&AffectVector) -> Milli| {
            turns.iter().map(|t| weight(t) * figure(&t.affect).as_f64()).sum::<f64>() / total
        };
        let spread = |figure: fn(&AffectVector) -> Milli| {
            let middle = mean(figure);
            let squares = turns.iter().map(|t| weight(t) * (figure(&t.affect).as_f64() - middle).powi(2)).sum::<f64>();
            Milli::of((squares / total).sqrt())
        };
        let mut emotions = [Milli::default(); EMOTIONS];
        for turn in turns {
            for (most, here) in emotions.iter_mut().zip(turn.affect.emotions) {
                *most = (*most).max(here);
            }
        }
        let peak = turns.iter().map(|t| t.affect.valence).max_by_key(|v| v.0.abs()).unwrap_or_default();
        Some(Self {
            affect: AffectVector {
                emotions,
                valence: Milli::of(mean(|a| a.valence)),
                arousal: Milli::of(mean(|a| a.arousal)),
                dominance: Milli::of(mean(|a| a.dominance)),
            },
            valence_spread: spread(|a| a.valence),
            arousal_spread: spread(|a| a.arousal),
            peak_valence: peak,
            end_valence: last.affect.valence,
            turns: i32::try_from(turns.len()).unwrap_or(i32::MAX),
            words: turns.iter().map(|t| t.words).sum(),
        })
    }
}

/// How a member turn moved the member: the change from the member turn before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnImpact {
    /// Place of the later turn in the session.
    pub index: i32,
    /// What was measured there.
    pub affect: AffectVector,
    /// Change of valence since the member turn before; nothing for the first.
    pub valence_step: Option<i16>,
    /// Change of arousal since the member turn before; nothing for the first.
    pub arousal_step: Option<i16>,
    /// Turns (the assistant's, or unmeasured ones) that stood between.
    pub turns_between: i32,
}

impl TurnImpact {
    /// The impact of every measured turn, in order.
    pub fn of(turns: &[MeasuredTurn]) -> Vec<Self> {
        let mut before: Option<&MeasuredTurn> = None;
        let mut impacts = Vec::with_capacity(turns.len());
        for turn in turns {
            impacts.push(Self {
                index: turn.index,
                affect: turn.affect,
                valence_step: before.map(|b| turn.affect.valence.0 - b.affect.valence.0),
                arousal_step: before.map(|b| turn.affect.arousal.0 - b.affect.arousal.0),
                turns_between: before.map_or(0, |b| turn.index - b.index - 1),
            });
            before = Some(turn);
        }
        impacts
    }
}

/// A session as the member's screens know it: numbers only, never its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSummary {
    /// Which session.
    pub session_id: SessionId,
    /// Where it was held.
    pub feature: Feature,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The local day it belongs to.
    pub local_date: NaiveDate,
    /// Minutes since local midnight when it began.
    pub local_minute: i16,
    /// How far it has come.
    pub state: SessionState,
    /// Left out of the analysis by the member.
    pub excluded: bool,
    /// Its measure, once there is one; kept, inert, while the session is left out.
    pub vector: Option<SessionVector>,
}

impl SessionSummary {
    /// The vector, if the session counts in rollups. While a session is read again, what was read before counts.
    pub fn counted(&self) -> Option<&SessionVector> {
        let withheld = matches!(self.state, SessionState::Withheld | SessionState::Unmeasured);
        (!self.excluded && !withheld).then_some(self.vector.as_ref()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(index: i32, words: i32, valence: i16, joy: i16) -> MeasuredTurn {
        let mut emotions = [Milli(0); EMOTIONS];
        emotions[17] = Milli(joy);
        MeasuredTurn {
            index,
            words,
            affect: AffectVector { emotions, valence: Milli(valence), arousal: Milli(0), dominance: Milli(0) },
        }
    }

    #[test]
    fn longer_turns_weigh_more_and_the_strongest_label_stays() {
        let turns = [turn(0, 30, -600, 100), turn(2, 10, 200, 700)];
        let vector = SessionVector::of(&turns).expect("two turns");
        assert_eq!(vector.affect.valence, Milli(-400));
        assert_eq!(vector.affect.emotions[17], Milli(700));
        assert_eq!((vector.peak_valence, vector.end_valence), (Milli(-600), Milli(200)));
        assert_eq!(vector.valence_spread, Milli(346)); // sqrt((30·0.2² + 10·0.6²) / 40)
        assert_eq!((vector.turns, vector.words), (2, 40));
    }

    #[test]
    fn impact_is_the_step_between_member_turns() {
        let impacts = TurnImpact::of(&[turn(0, 5, -600, 0), turn(3, 5, 200, 0)]);
        assert_eq!(impacts[0].valence_step, None);
        assert_eq!((impacts[1].valence_step, impacts[1].turns_between), (Some(800), 2));
        assert_eq!(SessionVector::of(&[]), None);
    }
}
