//! Whether what is said of people whose truth is known is true.
//!
//! `cargo test --profile bench -p spectrum-domain table_of_coverage -- --ignored --nocapture` prints the table of `docs/effect.md`.

use super::{
    coverage::{Coverage, coverage, monte_carlo_error},
    funnel::Window,
    simulated::{BadPopulation, HEADLINE_WEEK, Person, Population, Side, base_retention, day, people},
    summary::Gathered,
};

/// A thousand in each arm.
const PEOPLE: Population = Population {
    people: 2_000,
    holdout: 500,
    retention_effect: 0.0,
    conversion_effect: 0.0,
    adopting: 0.4,
    weeks: 6,
    today: 70,
    seed: 20_260_105,
};

fn runs(population: &Population) -> Coverage {
    coverage(500, population).expect("such people can be made")
}

fn between(low: f64, figure: f64, high: f64) {
    assert!((low..=high).contains(&figure), "{figure} is not between {low} and {high}");
}

#[test]
fn where_nothing_is_true_the_lot_says_nothing_and_the_raw_gap_says_double_digits() {
    let found = runs(&PEOPLE);
    assert_eq!(found.retention.compared, 500);
    between(0.93, found.retention.covered, 0.97);
    between(0.93, found.conversion.covered, 0.98);
    between(-0.004, found.retention.mean_estimate, 0.004);
    between(0.10, found.mean_raw_gap, 0.60);
    between(0.10, found.mean_stratified_gap, found.mean_raw_gap - 0.01);
    // Somebody who is a user because they stayed: the landmark takes that away, and leaves who they were.
    between(0.05, found.mean_landmark_gap, found.mean_raw_gap - 0.05);
    // Held against what they did before, still upward: what draws them just now was not there before.
    between(0.01, found.mean_difference_in_differences, found.mean_landmark_gap - 0.05);
}

#[test]
fn what_is_true_is_covered_and_found_as_often_as_was_reckoned() {
    let found = runs(&Population { retention_effect: 0.05, conversion_effect: 0.02, ..PEOPLE });
    for headline in [found.retention, found.conversion] {
        between(0.93, headline.covered, 0.975);
        let error = monte_carlo_error(headline.power_computed, found.runs);
        // The power is the textbook's, the interval is Newcombe's: with rare upgrades that is up to four points.
        between(headline.power_computed - error - 0.04, headline.power_observed, headline.power_computed + error);
        between(headline.truth - 0.004, headline.mean_estimate, headline.truth + 0.004);
    }
    between(0.10, found.mean_raw_gap - found.effect_on_users, 0.60);
}

#[test]
fn what_does_harm_is_said_to() {
    let found = runs(&Population { retention_effect: -0.05, conversion_effect: -0.01, ..PEOPLE });
    between(0.93, found.retention.covered, 0.975);
    between(0.93, found.conversion.covered, 0.985);
    // And those who opened would still be said to gain by it.
    between(0.05, found.mean_raw_gap, 0.60);
}

#[test]
fn the_truth_of_a_population_is_what_was_asked_for() {
    let population = Population { people: 400_000, retention_effect: 0.05, holdout: 500, ..PEOPLE };
    let (mut there, mut of) = ([0.0; 2], [0.0; 2]);
    let mut opened_before = 0.0;
    for person in people(&population).expect("people") {
        let arm = usize::from(person.arm == Side::Holdout);
        of[arm] += 1.0;
        there[arm] += f64::from(u8::from(person.weeks[usize::from(HEADLINE_WEEK) - 1]));
        opened_before += f64::from(u8::from(person.opened_week().is_some_and(|week| week < HEADLINE_WEEK)));
        assert!(person.arm == Side::Feature || person.opened_day.is_none());
        assert!(person.teaser_arm == Side::Feature || person.exposures.is_empty());
        assert!(person.opened_week().is_none_or(|week| person.weeks[usize::from(week) - 1]));
        assert!(person.exposures.is_sorted());
    }
    // 200,000 an arm: three standard errors are half a point.
    between(base_retention() - 0.004, there[1] / of[1], base_retention() + 0.004);
    between(0.045, there[0] / of[0] - there[1] / of[1], 0.055);
    between(0.1, opened_before / of[0], 0.4);
}

#[test]
fn what_can_not_be_true_is_refused() {
    let refused = |population: Population| people(&population).err();
    assert_eq!(refused(Population { retention_effect: 0.5, ..PEOPLE }), Some(BadPopulation::Effect));
    assert_eq!(refused(Population { conversion_effect: -0.04, ..PEOPLE }), Some(BadPopulation::Effect));
    assert_eq!(refused(Population { adopting: 0.0, ..PEOPLE }), Some(BadPopulation::Adopting));
    assert_eq!(refused(Population { weeks: 5, ..PEOPLE }), Some(BadPopulation::Weeks));
    assert_eq!(refused(Population { holdout: 1_000, ..PEOPLE }), Some(BadPopulation::Holdout));
    assert_eq!(refused(Population { retention_effect: f64::NAN, ..PEOPLE }), Some(BadPopulation::Effect));
}

#[test]
fn the_same_seed_is_the_same_people() {
    let all = |seed| people(&Population { people: 50, seed, ..PEOPLE }).expect("people").collect::<Vec<_>>();
    assert_eq!(all(3), all(3));
    assert_ne!(all(3), all(4));
}

/// Every number of the funnel and of the weeks, counted from the people themselves.
#[test]
fn as_counted_one_by_one() {
    let population =
        Population { people: 6_000, conversion_effect: 0.03, retention_effect: 0.04, today: 50, weeks: 8, ..PEOPLE };
    let all: Vec<Person> = people(&population).expect("people").collect();
    let summary = Gathered::of(&population, all.iter().cloned()).summary();
    let count = |is_so: &dyn Fn(&Person) -> bool| all.iter().filter(|person| is_so(person)).count() as u64;
    let end = |hour: u32, days: u32| hour / 24 + 1 + days <= 50;
    for said in &summary.funnel.windows {
        let days = u32::from(said.window.days());
        let closed = |person: &Person| person.exposures.first().is_some_and(|first| end(*first, days));
        let upgraded = |person: &Person| {
            let first = person.exposures.first().copied().unwrap_or_default();
            person.upgrade_hour.is_some_and(|hour| (first..first + days * 24).contains(&hour))
        };
        let rate = said.rate.expect("enough people");
        assert_eq!(rate.people, count(&closed));
        assert_eq!(rate.hits, count(&|person| closed(person) && upgraded(person)));
    }
    // Some upgraded before they first saw it.
    assert!(
        count(&|person| person.upgrade_hour < person.exposures.first().copied() && person.upgrade_hour.is_some()) > 0
    );
    for said in &summary.impact {
        let days = u32::from(said.window.days());
        let closed = |person: &Person| person.teaser_arm == Side::Holdout && end(person.assigned_hour, days);
        let upgraded =
            |person: &Person| person.upgrade_hour.is_some_and(|hour| hour < person.assigned_hour + days * 24);
        let counts = said.upgrades.holdout.counts.expect("whole arms");
        assert_eq!(counts.people.shown(), Some(count(&closed)));
        let hits = count(&|person| closed(person) && upgraded(person));
        assert_eq!(counts.hits.shown(), (hits >= 10).then_some(hits));
    }
    for (place, said) in summary.retention.iter().enumerate() {
        let over = |person: &Person| end(person.assigned_hour, 7 * u32::from(said.week));
        let arm = |person: &Person| person.arm == Side::Feature && over(person);
        let counts = said.returned.feature.counts.expect("whole arms");
        assert_eq!(counts.people.shown(), Some(count(&arm)).filter(|people| *people >= 10));
        let there = count(&|person| arm(person) && person.weeks[place]);
        assert_eq!(counts.hits.shown(), Some(there).filter(|there| *there >= 10));
    }
    assert_eq!(population.today(), day(50));
    assert_eq!(summary.impact.len(), Window::ALL.len());
}

#[test]
#[ignore = "prints the table of docs/effect.md"]
fn table_of_coverage() {
    for (people, holdout, retention_effect, conversion_effect) in [
        (2_000, 500, 0.0, 0.0),
        (2_000, 500, 0.05, 0.02),
        (5_000, 500, 0.05, 0.02),
        (5_000, 500, -0.05, -0.01),
        (20_000, 50, 0.05, 0.02),
    ] {
        let population = Population { people, holdout, retention_effect, conversion_effect, ..PEOPLE };
        let found = coverage(2_000, &population).expect("such people can be made");
        println!("{}", serde_json::to_string_pretty(&found).expect("JSON"));
    }
}
