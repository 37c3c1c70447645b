//! What is new about the period: figures that left the member's own baseline, families that are there for the first time or
//! again, and, where nothing is, that nothing is.
//!
//! All of it is one question, so all of its tests are corrected together. Which figures are tested follows from the earlier
//! periods alone, never from how the period itself came out.

use super::{
    Candidate, CellPath, Finding, History, Test,
    baseline::{BASELINE_FROM, Design, LONG, RECENT, RECENT_FROM},
    describe::{NAMED_FROM, wilson},
    false_discovery::FALSE_DISCOVERY_RATE,
    kind::{Axis, Direction, Kind, Subject, Window},
    series::{self, evidence, windows},
    sift,
};
use crate::{
    affect::Family,
    rollup::{Rollup, Tier},
};

/// So many sessions of the baseline must have a family, and as many must not, for its share to be compared.
const SHARE_FROM: i32 = 5;
/// Earlier sessions without a family, in at least as many periods as make a baseline, from which it can be there for the
/// first time.
const FIRST_AFTER: i32 = 30;
/// Sessions of the recent periods without a family, from which it has been away.
const AWAY_FOR: i32 = 20;
/// A level is called steady where its p by itself is no less than this.
const STEADY_FROM: f64 = 0.20;

/// Changes against the baseline, first times and returns; what is steady; and that nothing is new, where nothing is.
pub(super) fn changes(history: &History) -> Vec<Finding> {
    let baseline = baseline(history);
    let (mut changes, unchanged) = sift(candidates(history, &baseline));
    let nothing_new = changes.is_empty().then(|| nothing_new(&history.period, &baseline, &unchanged)).flatten();
    changes.extend(steady(&changes, unchanged));
    changes.extend(nothing_new);
    changes
}

/// The earlier periods with enough sessions.
pub(super) fn baseline(history: &History) -> Vec<(u8, &Rollup)> {
    let looked_at = history.earlier().take_while(|(ago, _)| *ago <= LONG);
    looked_at.filter(|(_, rollup)| rollup.tier() == Tier::Enough).collect()
}

/// All that is tested: nothing where the period or its baseline has too little.
pub(super) fn candidates(history: &History, baseline: &[(u8, &Rollup)]) -> Vec<Candidate> {
    let agos = baseline.iter().map(|(ago, _)| *ago).collect();
    let Some(design) = Design::of(agos).filter(|_| history.period.tier() == Tier::Enough) else { return Vec::new() };

    let mut candidates = Vec::new();
    for axis in Axis::ALL {
        let series = series::level(&history.period, baseline, axis);
        candidates.extend(windows(&design).map(|window| series.against(&design, window)));
    }
    for family in Family::ALL {
        candidates.extend(of_family(history, baseline, &design, family));
    }
    candidates.extend(Axis::ALL.into_iter().filter_map(|axis| series::spread(history, axis)));
    candidates.extend(series::recovery(history));
    candidates
}

/// What is tested of a family follows from what it was before: never there, away for a while, or at home.
fn of_family(history: &History, before: &[(u8, &Rollup)], design: &Design, family: Family) -> Option<Candidate> {
    if let Some(first) = first_time(history, family) {
        return Some(first);
    }
    let now = &history.period;
    let against = |window| series::share(now, before, family).against(design, window);
    if away(before, family) {
        let mut back = against(Window::AgainstFour);
        back.finding.kind = Kind::Returned;
        back.finding.reference = Some(0.0);
        back.large_enough &= now.families[family.index()] >= NAMED_FROM;
        return Some(back);
    }
    windows(design).last().filter(|_| at_home(before, family)).map(against)
}

/// Whether a family is at home in the baseline: neither hardly ever there nor hardly ever missing. One that comes in bursts
/// has periods without it and few with much of it, and the next burst would look like a change.
fn at_home(before: &[(u8, &Rollup)], family: Family) -> bool {
    let present = |rollup: &Rollup| rollup.families[family.index()];
    let had: i32 = before.iter().map(|(_, rollup)| present(rollup)).sum();
    let had_not = before.iter().map(|(_, rollup)| rollup.sessions).sum::<i32>() - had;
    let some = before.iter().filter(|(_, rollup)| (1..rollup.sessions).contains(&present(rollup))).count();
    had >= SHARE_FROM && had_not >= SHARE_FROM && 2 * some >= before.len()
}

/// Whether a family was in none of the recent periods' sessions and in several of a period before. It is back where it leaves
/// what the recent ones let expect; how far all twelve lie apart, when it was there among them, is the yardstick.
fn away(before: &[(u8, &Rollup)], family: Family) -> bool {
    let (recent, older): (Vec<_>, Vec<_>) = before.iter().partition(|(ago, _)| *ago <= RECENT);
    let present = |rollup: &Rollup| rollup.families[family.index()];
    recent.len() >= RECENT_FROM
        && recent.iter().all(|(_, rollup)| present(rollup) == 0)
        && recent.iter().map(|(_, rollup)| rollup.sessions).sum::<i32>() >= AWAY_FOR
        && older.iter().any(|(_, rollup)| present(rollup) >= NAMED_FROM)
}

/// A family that no earlier session had.
///
/// The test is Fisher's exact one (Fisher 1935, Journal of the Royal Statistical Society 98:39) with nothing on one side: how
/// likely it is that all the sessions that have the family lie in this period, if periods are nothing to it.
fn first_time(history: &History, family: Family) -> Option<Candidate> {
    let earlier: Vec<_> = history.earlier().collect();
    let others: i32 = earlier.iter().map(|(_, rollup)| rollup.sessions).sum();
    let never = earlier.iter().all(|(_, rollup)| rollup.families[family.index()] == 0);
    if !never || others < FIRST_AFTER || earlier.len() < BASELINE_FROM {
        return None;
    }
    let now = &history.period;
    let count = now.families[family.index()];
    let finding = Finding {
        kind: Kind::FirstTime,
        subject: Subject::Family(family),
        window: Window::AgainstAll,
        direction: Direction::Higher,
        estimate: f64::from(count) / f64::from(now.sessions),
        reference: Some(0.0),
        interval: Some(wilson(count, now.sessions)),
        test: Some(Test::of_counts(all_in_one_period(count, now.sessions, others))),
        n: now.sessions.into(),
        evidence: evidence(now, &earlier, &[CellPath::Sessions, CellPath::Family(family)]),
        rank: 0.0,
    };
    Some(Candidate { finding, weight: 1.0, large_enough: count >= NAMED_FROM })
}

/// C(n, c) / C(n + m, c): that c sessions drawn from n and m others are all among the n.
fn all_in_one_period(count: i32, sessions: i32, others: i32) -> f64 {
    (0..count).map(|drawn| f64::from(sessions - drawn) / f64::from(sessions + others - drawn)).product()
}

/// The levels that lie well within what was expected, each against its longest window.
fn steady(changes: &[Finding], unchanged: Vec<Finding>) -> Vec<Finding> {
    let is_new = |subject| changes.iter().any(|change| change.subject == subject);
    let mut levels: Vec<Finding> = Vec::new();
    // The longest window comes last.
    for finding in unchanged.into_iter().rev().filter(|finding| matches!(finding.subject, Subject::Level(_))) {
        if !is_new(finding.subject) && levels.iter().all(|level| level.subject != finding.subject) {
            levels.push(finding);
        }
    }
    levels.retain(|level| level.test.is_some_and(|test| test.p >= STEADY_FROM));
    levels.into_iter().map(|level| Finding { kind: Kind::Steady, direction: Direction::Neither, ..level }).collect()
}

/// That nothing which was tested has changed, with the test that came nearest to saying otherwise. Where that one holds, and
/// is only too small or of too few sessions to be told, nothing is said.
fn nothing_new(now: &Rollup, before: &[(u8, &Rollup)], unchanged: &[Finding]) -> Option<Finding> {
    let tests = unchanged.iter().filter_map(|finding| finding.test);
    let nearest = tests.min_by(|one, other| one.q.total_cmp(&other.q)).filter(|test| test.q > FALSE_DISCOVERY_RATE)?;
    Some(Finding {
        kind: Kind::NothingNew,
        subject: Subject::Period,
        window: if before.iter().all(|(ago, _)| *ago <= RECENT) { Window::AgainstFour } else { Window::AgainstTwelve },
        direction: Direction::Neither,
        estimate: f64::from(nearest.tested),
        reference: None,
        interval: None,
        test: Some(nearest),
        n: now.sessions.into(),
        evidence: evidence(now, before, &[CellPath::Sessions]),
        rank: 0.0,
    })
}
