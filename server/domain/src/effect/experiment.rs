//! Who is in which arm, and what may still be changed about an experiment: nothing, once it runs. One file so that the rule can't be
//! gone round: a running experiment has no way of getting other arms.

use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::closed_set::closed_set;

/// All weights of an experiment together.
pub const WHOLE: u16 = 1_000;

closed_set!(
    /// Where an experiment stands.
    Stage, BadStage: "a stage of an experiment" {
        /// It can be changed, and nobody is in it.
        Draft = "draft",
        /// People are assigned; nothing can be changed.
        Running = "running",
        /// Nobody new is assigned; nothing can be changed.
        Ended = "ended",
    }
);

closed_set!(
    /// What is tried: some are kept from it by lot.
    Trial, BadTrial: "something that is tried" {
        /// Everything that is shown of one's sessions, and the weekly push: of members who join while the experiment runs, so that
        /// nothing is taken from anybody.
        Spectrum = "spectrum",
        /// The weekly push.
        Push = "push",
        /// The panel that says what the paid plan adds.
        Teaser = "teaser",
    }
);

/// One way in which people are treated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arm {
    /// What it is called: small letters, digits and underscores.
    pub name: String,
    /// How many of a thousand people are in it; never none.
    pub permille: u16,
}

/// The arms of an experiment: two or more, each with a name of its own, a thousand of a thousand together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Arms(Vec<Arm>);

/// What is wrong with arms.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadArms {
    /// One arm is no experiment.
    #[error("an experiment has two arms or more")]
    TooFew,
    /// A name is not of small letters, digits and underscores, or longer than 32.
    #[error("{0:?} is no name of an arm: 1 to 32 small letters, digits and underscores")]
    Name(String),
    /// Two arms have one name.
    #[error("two arms are called {0}")]
    Twice(String),
    /// An arm without people can't be compared with.
    #[error("{0} has no weight")]
    NoWeight(String),
    /// Some people would be in no arm, or in two.
    #[error("the weights come to {0} of a thousand")]
    Sum(u32),
}

impl Arms {
    /// These arms, in this order. The order is part of the design: with another one, other people are in them.
    pub fn new(arms: Vec<Arm>) -> Result<Self, BadArms> {
        if arms.len() < 2 {
            return Err(BadArms::TooFew);
        }
        for (at, arm) in arms.iter().enumerate() {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if !(1..=32).contains(&arm.name.len()) || !arm.name.bytes().all(plain) {
                return Err(BadArms::Name(arm.name.clone()));
            }
            if arms[..at].iter().any(|before| before.name == arm.name) {
                return Err(BadArms::Twice(arm.name.clone()));
            }
            if arm.permille == 0 {
                return Err(BadArms::NoWeight(arm.name.clone()));
            }
        }
        let sum = arms.iter().map(|arm| u32::from(arm.permille)).sum();
        if sum == u32::from(WHOLE) { Ok(Self(arms)) } else { Err(BadArms::Sum(sum)) }
    }

    /// A feature and those who are kept without it. `holdout` of a thousand, 1 to 999.
    pub fn with_holdout(holdout: u16) -> Result<Self, BadArms> {
        let feature = WHOLE.checked_sub(holdout).ok_or(BadArms::Sum(u32::from(holdout)))?;
        let arm = |name: &str, permille| Arm { name: name.to_owned(), permille };
        Self::new(vec![arm(FEATURE, feature), arm(HOLDOUT, holdout)])
    }

    /// In their order.
    pub fn all(&self) -> &[Arm] {
        &self.0
    }

    /// Their weights, in their order.
    pub fn weights(&self) -> Vec<u16> {
        self.0.iter().map(|arm| arm.permille).collect()
    }
}

/// The arm that has what is tried.
pub const FEATURE: &str = "feature";
/// The arm that is kept without it.
pub const HOLDOUT: &str = "holdout";

/// The arm of whoever has this `spread`: a salted, keyed hash of the person and the experiment, each of its values as likely as any other.
/// The same spread and arms are the same arm for ever; nothing else goes into it.
pub fn arm_of(spread: u64, arms: &Arms) -> &Arm {
    // The highest bits of spread · 1000: 0 to 999, each for the same share of spreads to one in 10^16.
    let place = (u128::from(spread) * u128::from(WHOLE)) >> 64;
    let mut end = 0;
    let found = arms.0.iter().find(|arm| {
        end += u128::from(arm.permille);
        place < end
    });
    // INVARIANT: the weights come to a thousand, so there is one.
    found.unwrap_or(&arms.0[0])
}

/// An experiment that nobody is in yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    arms: Arms,
    days: u16,
}

/// One that people are assigned in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    arms: Arms,
    days: u16,
    began: DateTime<Utc>,
}

/// One that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    arms: Arms,
    days: u16,
    began: DateTime<Utc>,
    over: DateTime<Utc>,
}

impl Draft {
    /// One with these arms, to be read when it has run so many days: the horizon is fixed beforehand, so that nobody stops when the
    /// numbers happen to please.
    pub const fn new(arms: Arms, days: u16) -> Self {
        Self { arms, days }
    }

    /// From now on people are assigned, and nothing can be changed.
    pub fn start(self, now: DateTime<Utc>) -> Running {
        Running { arms: self.arms, days: self.days, began: now }
    }
}

impl Running {
    /// The arm of whoever has this `spread`.
    pub fn arm_of(&self, spread: u64) -> &Arm {
        arm_of(spread, &self.arms)
    }

    /// Whether it has run as long as it was meant to. What is read before is a look, not a result.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        now - self.began >= chrono::TimeDelta::days(i64::from(self.days))
    }

    /// Nobody new is assigned.
    pub fn end(self, now: DateTime<Utc>) -> Result<Ended, Refused> {
        if now < self.began {
            return Err(Refused::EndsBeforeItBegan);
        }
        Ok(Ended { arms: self.arms, days: self.days, began: self.began, over: now })
    }
}

/// An experiment as it is kept, whatever its stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Experiment {
    /// Nobody is in it.
    Draft(Draft),
    /// People are assigned in it.
    Running(Running),
    /// It is over.
    Ended(Ended),
}

/// Why an experiment stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// People are in its arms.
    #[error("a running experiment can't be changed: people are in its arms. End it and begin another")]
    Runs,
    /// It is over.
    #[error("the experiment is over")]
    IsOver,
    /// It never began.
    #[error("the experiment has not begun")]
    IsDraft,
    /// Time went backwards.
    #[error("an experiment can't end before it began")]
    EndsBeforeItBegan,
}

impl Experiment {
    /// As it was kept: a draft without instants, a running one with one, an ended one with two.
    pub fn kept(
        arms: Arms,
        days: u16,
        began: Option<DateTime<Utc>>,
        ended: Option<DateTime<Utc>>,
    ) -> Result<Self, Refused> {
        let draft = Draft::new(arms, days);
        match (began, ended) {
            (None, None) => Ok(Self::Draft(draft)),
            (Some(began), None) => Ok(Self::Running(draft.start(began))),
            (Some(began), Some(ended)) => draft.start(began).end(ended).map(Self::Ended),
            (None, Some(_)) => Err(Refused::IsDraft),
        }
    }

    /// Where it stands.
    pub const fn stage(&self) -> Stage {
        match self {
            Self::Draft(_) => Stage::Draft,
            Self::Running(_) => Stage::Running,
            Self::Ended(_) => Stage::Ended,
        }
    }

    /// Its arms.
    pub const fn arms(&self) -> &Arms {
        match self {
            Self::Draft(Draft { arms, .. }) | Self::Running(Running { arms, .. }) | Self::Ended(Ended { arms, .. }) => {
                arms
            }
        }
    }

    /// When it began and ended, as far as it did.
    pub const fn instants(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        match self {
            Self::Draft(_) => (None, None),
            Self::Running(running) => (Some(running.began), None),
            Self::Ended(ended) => (Some(ended.began), Some(ended.over)),
        }
    }

    /// How many days it was meant to run.
    pub const fn days(&self) -> u16 {
        match self {
            Self::Draft(Draft { days, .. }) | Self::Running(Running { days, .. }) | Self::Ended(Ended { days, .. }) => {
                *days
            }
        }
    }

    /// With other arms and another horizon.
    pub fn change(self, arms: Arms, days: u16) -> Result<Self, Refused> {
        match self {
            Self::Draft(_) => Ok(Self::Draft(Draft::new(arms, days))),
            Self::Running(_) => Err(Refused::Runs),
            Self::Ended(_) => Err(Refused::IsOver),
        }
    }

    /// Begun.
    pub fn start(self, now: DateTime<Utc>) -> Result<Self, Refused> {
        match self {
            Self::Draft(draft) => Ok(Self::Running(draft.start(now))),
            Self::Running(_) => Err(Refused::Runs),
            Self::Ended(_) => Err(Refused::IsOver),
        }
    }

    /// Over.
    pub fn end(self, now: DateTime<Utc>) -> Result<Self, Refused> {
        match self {
            Self::Draft(_) => Err(Refused::IsDraft),
            Self::Running(running) => running.end(now).map(Self::Ended),
            Self::Ended(_) => Err(Refused::IsOver),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn arms(weights: &[(&str, u16)]) -> Result<Arms, BadArms> {
        Arms::new(
            weights.iter().map(|(name, permille)| Arm { name: (*name).to_owned(), permille: *permille }).collect(),
        )
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).expect("an instant")
    }

    #[test]
    fn arms_that_are_none_are_refused() {
        assert_eq!(arms(&[("a", 1_000)]), Err(BadArms::TooFew));
        assert_eq!(arms(&[("a", 500), ("a", 500)]), Err(BadArms::Twice("a".into())));
        assert_eq!(arms(&[("a", 1_000), ("b", 0)]), Err(BadArms::NoWeight("b".into())));
        assert_eq!(arms(&[("a", 500), ("b", 400)]), Err(BadArms::Sum(900)));
        assert_eq!(arms(&[("a", 500), ("B b", 500)]), Err(BadArms::Name("B b".into())));
        assert_eq!(Arms::with_holdout(0), Err(BadArms::NoWeight(HOLDOUT.into())));
        assert_eq!(Arms::with_holdout(50).map(|arms| arms.weights()), Ok(vec![950, 50]));
    }

    /// These are kept in a database by spread: whoever is in an arm today has to be in it after every new version.
    #[test]
    fn the_same_spread_is_the_same_arm_for_ever() {
        let arms = arms(&[("a", 200), ("b", 300), ("c", 500)]).expect("arms");
        let fifth = u64::MAX / 5;
        for (spread, name) in [
            (0, "a"),
            (fifth - 1, "a"),
            (fifth + 1, "b"),
            (u64::MAX / 2, "b"),
            (u64::MAX / 2 + 1, "c"),
            (u64::MAX, "c"),
        ] {
            assert_eq!(arm_of(spread, &arms).name, name, "{spread}");
        }
    }

    #[test]
    fn a_running_experiment_stays_as_it_is() {
        let other = || Arms::with_holdout(100).expect("arms");
        let draft = Experiment::Draft(Draft::new(Arms::with_holdout(50).expect("arms"), 28));
        assert_eq!(draft.clone().end(at(0)), Err(Refused::IsDraft));
        let draft = draft.change(other(), 56).expect("a draft is changed");
        assert_eq!((draft.stage(), draft.days()), (Stage::Draft, 56));
        let running = draft.start(at(0)).expect("it begins");
        assert_eq!(running.clone().change(other(), 56), Err(Refused::Runs));
        assert_eq!(running.clone().start(at(1)), Err(Refused::Runs));
        assert_eq!(running.clone().end(at(-1)), Err(Refused::EndsBeforeItBegan));
        if let Experiment::Running(running) = &running {
            assert!(!running.is_due(at(56 * 86_400 - 1)) && running.is_due(at(56 * 86_400)));
        }
        let ended = running.end(at(60)).expect("it ends");
        assert_eq!(ended.clone().change(other(), 56), Err(Refused::IsOver));
        assert_eq!(ended.clone().start(at(99)), Err(Refused::IsOver));
        let (began, over) = ended.instants();
        assert_eq!(Experiment::kept(ended.arms().clone(), ended.days(), began, over), Ok(ended));
        assert_eq!(Experiment::kept(other(), 1, None, Some(at(0))), Err(Refused::IsDraft));
    }

    proptest! {
        #[test]
        fn so_many_of_a_thousand_places_as_the_arm_weighs(cuts in proptest::collection::btree_set(1u16..1_000, 1..5)) {
            let ends: Vec<u16> = cuts.into_iter().chain([1_000]).collect();
            let mut before = 0;
            let list = ends.iter().enumerate().map(|(at, end)| {
                let arm = Arm { name: format!("arm_{at}"), permille: end - before };
                before = *end;
                arm
            });
            let arms = Arms::new(list.collect()).expect("arms");
            for arm in arms.all() {
                let places = (0..1_000u64).filter(|place| {
                    // The middle of each thousandth of all spreads.
                    let spread = (u128::from(*place) * 2 + 1) * (1u128 << 64) / 2_000;
                    arm_of(u64::try_from(spread).expect("a spread"), &arms) == arm
                });
                prop_assert_eq!(places.count(), usize::from(arm.permille));
            }
        }
    }
}
