//! What holds over the period and those before it together: weekdays, parts of the day, and how sessions of a feature move.
//!
//! One question of its own, corrected by itself: that a weekday lies apart is nothing new about a period, and the two would
//! only hide each other. Nothing here is a cause: a shift *over* sessions of a feature, never one *by* it.

use super::{
    Candidate, CellPath, Evidence, Finding, History, Interval, IntervalOf, Test,
    evidence::WEEKDAYS,
    kind::{Axis, Direction, Kind, Subject, Window},
    pooling::{EFFECT_FROM, Part, Pooled},
    series::variance_within,
    sift,
};
use crate::{
    calendar::Daypart,
    feature::Feature,
    measure::ratio,
    rollup::{Moments, Rollup, Tier},
};

/// The smallest difference that is told: a twentieth of half the scale.
const SMALLEST: f64 = 0.05;

/// Patterns that the period takes part in.
pub(super) fn patterns(history: &History) -> Vec<Finding> {
    if history.period.tier() < Tier::Some {
        return Vec::new();
    }
    let periods: Vec<_> = history.together().collect();
    let mut candidates = Vec::new();
    for weekday in WEEKDAYS {
        let cell = CellPath::Weekday(weekday);
        candidates.extend(in_grid(&periods, Kind::WeekdayPattern, Subject::Weekday(weekday), cell));
    }
    for daypart in Daypart::ALL {
        let cell = CellPath::Daypart(daypart);
        candidates.extend(in_grid(&periods, Kind::DaypartPattern, Subject::Daypart(daypart), cell));
    }
    for feature in Feature::ALL {
        candidates.extend(Axis::ALL.into_iter().filter_map(|axis| shift(&periods, feature, axis)));
    }
    for feature in [Feature::Turn, Feature::Lens] {
        candidates.extend(Axis::ALL.into_iter().filter_map(|axis| contrast(&periods, feature, axis)));
    }
    candidates.extend(Feature::ALL.into_iter().filter_map(|feature| moved_most(&periods, feature)));
    sift(candidates).0
}

/// Two groups of sessions of one period: how many, and what is summed over them.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    sessions: i32,
    sum: i64,
}

impl Group {
    fn mean(self) -> f64 {
        ratio(self.sum, self.sessions.into())
    }

    const fn plus(self, other: Self) -> Self {
        Self { sessions: self.sessions + other.sessions, sum: self.sum + other.sum }
    }
}

/// Two groups of sessions held against each other, in the periods that have both: the others say nothing of a difference.
#[derive(Clone, Debug)]
struct Comparison<'a> {
    periods: Vec<(u8, &'a Rollup)>,
    groups: Vec<(Group, Group)>,
    /// Sessions of the smaller of the two.
    smaller: i32,
}

impl<'a> Comparison<'a> {
    /// Nothing where the period itself has nothing of the first group, or either is below its floor.
    fn of(periods: &[(u8, &'a Rollup)], split: impl Fn(&Rollup) -> (Group, Group)) -> Option<Self> {
        let all = periods.iter().map(|(ago, rollup)| ((*ago, *rollup), split(rollup)));
        let both = all.filter(|(_, (one, other))| one.sessions > 0 && other.sessions > 0);
        let (periods, groups): (Vec<_>, Vec<_>) = both.unzip();
        let now = periods.first().is_some_and(|(ago, _)| *ago == 0);
        let sessions =
            |group: fn(&(Group, Group)) -> Group| groups.iter().map(|pair| group(pair).sessions).sum::<i32>();
        let smaller = sessions(|pair| pair.0).min(sessions(|pair| pair.1));
        (now && smaller >= EFFECT_FROM).then_some(Self { periods, groups, smaller })
    }

    /// The difference in each period. Groups of a and b sessions differ by chance as one of ab / (a + b) varies.
    fn differences(&self, unit: f64) -> Vec<Part> {
        let part = |(one, other): &(Group, Group)| {
            let (a, b) = (f64::from(one.sessions), f64::from(other.sessions));
            Part { value: (one.mean() - other.mean()) / unit, weight: a * b / (a + b) }
        };
        self.groups.iter().map(part).collect()
    }
}

/// The cell in every period that holds any of it.
fn evidence(periods: &[(u8, &Rollup)], cells: &[CellPath]) -> Vec<Evidence> {
    let all = periods.iter().flat_map(|(ago, rollup)| cells.iter().map(move |cell| Evidence::of(*ago, *cell, rollup)));
    all.filter(|evidence| evidence.n > 0).collect()
}

fn candidate(kind: Kind, subject: Subject, pooled: &Pooled, n: i32, evidence: Vec<Evidence>) -> Candidate {
    let (low, high) = pooled.interval();
    let finding = Finding {
        kind,
        subject,
        window: Window::Together,
        direction: Direction::of(pooled.estimate),
        estimate: pooled.estimate,
        reference: None,
        interval: Some(Interval { of: IntervalOf::Estimate, low, high }),
        test: Some(Test::of_t(pooled.test(), pooled.freedom())),
        n: n.into(),
        evidence,
        rank: 0.0,
    };
    Candidate { finding, weight: 1.0, large_enough: pooled.estimate.abs() >= SMALLEST }
}

/// Valence of a row or column of the grid against the sessions outside it.
fn in_grid(periods: &[(u8, &Rollup)], kind: Kind, subject: Subject, cell: CellPath) -> Option<Candidate> {
    let split = |rollup: &Rollup| {
        let mut inside = Group::default();
        for weekday in WEEKDAYS {
            for daypart in Daypart::ALL {
                if cell == CellPath::Weekday(weekday) || cell == CellPath::Daypart(daypart) {
                    let begun = rollup.cell(weekday, daypart);
                    inside = inside.plus(Group { sessions: begun.sessions, sum: begun.valence });
                }
            }
        }
        let outside =
            Group { sessions: rollup.sessions - inside.sessions, sum: rollup.valence.moments.sum - inside.sum };
        (inside, outside)
    };
    let compared = Comparison::of(periods, split)?;
    let all = compared.periods.iter().map(|(_, rollup)| (rollup.sessions, &rollup.valence.moments));
    let pooled = Pooled::of(&compared.differences(1000.0), variance_within(all))?;
    let evidence = evidence(&compared.periods, &[cell, CellPath::Level(Axis::Valence)]);
    Some(candidate(kind, subject, &pooled, compared.smaller, evidence))
}

fn moved(rollup: &Rollup, feature: Feature, axis: Axis) -> (i32, &Moments) {
    let sums = rollup.feature(feature);
    (sums.impact.sessions, axis.of_movement(sums))
}

/// Sums of a feature's movement and of the other features' together.
fn own_and_others(feature: Feature, figure: impl Fn(Feature) -> Group) -> (Group, Group) {
    let others = Feature::ALL.into_iter().filter(|other| *other != feature);
    (figure(feature), others.map(figure).fold(Group::default(), Group::plus))
}

/// How a feature's sessions moved from their first measured turn to their last, against not at all.
fn shift(periods: &[(u8, &Rollup)], feature: Feature, axis: Axis) -> Option<Candidate> {
    let moved: Vec<_> = periods.iter().map(|(_, rollup)| moved(rollup, feature, axis)).collect();
    let sessions: i32 = moved.iter().map(|(sessions, _)| sessions).sum();
    if sessions < EFFECT_FROM || moved.first().is_none_or(|(sessions, _)| *sessions == 0) {
        return None;
    }
    let held = moved.iter().filter(|(sessions, _)| *sessions > 0);
    let parts: Vec<Part> = held
        .map(|(sessions, moments)| Part {
            value: ratio(moments.sum, (*sessions).into()) / 1000.0,
            weight: f64::from(*sessions),
        })
        .collect();
    let pooled = Pooled::of(&parts, variance_within(moved.iter().copied()))?;
    let (subject, cell) = (Subject::Movement { feature, axis }, CellPath::Movement { feature, axis });
    Some(candidate(Kind::FeatureShift, subject, &pooled, sessions, evidence(periods, &[cell])))
}

/// How a feature's sessions moved against how the others moved in the same periods. Sessions of every kind drift from where
/// they begin; what they all do says nothing of one feature.
fn contrast(periods: &[(u8, &Rollup)], feature: Feature, axis: Axis) -> Option<Candidate> {
    let group = |rollup: &Rollup, feature| {
        let (sessions, moments) = moved(rollup, feature, axis);
        Group { sessions, sum: moments.sum }
    };
    let compared = Comparison::of(periods, |rollup| own_and_others(feature, |feature| group(rollup, feature)))?;
    let each = compared.periods.iter().flat_map(|(_, rollup)| Feature::ALL.map(|feature| moved(rollup, feature, axis)));
    let pooled = Pooled::of(&compared.differences(1000.0), variance_within(each))?;
    let (subject, evidence) = (Subject::Movement { feature, axis }, evidence(&compared.periods, &movements(axis)));
    Some(candidate(Kind::FeatureContrast, subject, &pooled, compared.smaller, evidence))
}

fn movements(axis: Axis) -> [CellPath; 3] {
    Feature::ALL.map(|feature| CellPath::Movement { feature, axis })
}

/// The feature whose sessions moved farthest, either way: root mean square of the movement of valence, against that of the
/// other sessions. The difference of the mean squares is tested; the rollup keeps no fourth powers, so only the periods'
/// agreement gives its error.
fn moved_most(periods: &[(u8, &Rollup)], feature: Feature) -> Option<Candidate> {
    let group = |rollup: &Rollup, feature| {
        let (sessions, moments) = moved(rollup, feature, Axis::Valence);
        Group { sessions, sum: moments.squares }
    };
    let compared = Comparison::of(periods, |rollup| own_and_others(feature, |feature| group(rollup, feature)))?;
    let pooled = Pooled::of(&compared.differences(1e6), 0.0)?;

    let all = |feature| {
        let each = compared.periods.iter().map(|(_, rollup)| group(rollup, feature));
        each.fold(Group::default(), Group::plus)
    };
    let farthest = |group: Group| (group.mean() / 1e6).sqrt();
    let mut others = Feature::ALL.into_iter().filter(|other| *other != feature);
    let (own, rest) = (farthest(all(feature)), farthest(others.clone().map(all).fold(Group::default(), Group::plus)));
    let most = others.all(|other| farthest(all(other)) < own);

    let subject = Subject::Movement { feature, axis: Axis::Valence };
    let evidence = evidence(&compared.periods, &movements(Axis::Valence));
    let mut candidate = candidate(Kind::MovedMost, subject, &pooled, compared.smaller, evidence);
    candidate.large_enough = most && pooled.estimate > 0.0 && own - rest >= SMALLEST;
    candidate.finding = Finding { estimate: own, reference: Some(rest), interval: None, ..candidate.finding };
    Some(candidate)
}
