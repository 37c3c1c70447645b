//! Whether what is tried brings people back: populations whose truth is known are put into the database, added up by the night's job, and
//! what the pages say is held against what is true; and what is refused, and to whom.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, Method, StatusCode};
use chrono::{Days, NaiveDate, TimeDelta};
use serde::Serialize;
use serde_json::{Value, json};
use server::simulated::{FillError, fill};
use spectrum_core::ambient::Clock as _;
use spectrum_domain::{
    access::StaffRole,
    effect::{
        Refusal,
        experiment::Trial,
        followed::{Followed, Measure},
        funnel::{Cohort, Cohorts, Funnel, Upgraded},
        observed::WARNING,
        retention::Retention,
        simulated::{HEADLINE_WEEK, Population, Side, WEEKS_BEFORE, people},
        summary::{Gathered, LANDMARK_DAY},
    },
};
use sqlx::{
    AssertSqlSafe, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Diary, TestApp, rows};

/// Tomorrow, at the beginning of which the night's job sees them.
fn tomorrow(app: &TestApp) -> NaiveDate {
    app.clock.now().date_naive() + Days::new(1)
}

async fn analyst_sees(app: &TestApp, path: &str) -> String {
    let answer = app.page(path, &app.sign_in_team("ann@host.test", &[StaffRole::Analyst]).await).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.body
}

fn same<T: Serialize>(ours: &T, truth: &T, of: &str) {
    let json = |value: &T| serde_json::to_value(value).expect("JSON");
    assert_eq!(json(ours), json(truth), "{of}");
}

fn points(fraction: f64) -> String {
    format!("{:+.1}", (fraction * 1_000.0).round() / 10.0 + 0.0)
}

#[sqlx::test(migrations = "../migrations")]
async fn of_made_up_people_the_database_says_what_is_true_of_them(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let population =
        Population { people: 2_400, retention_effect: 0.05, weeks: 12, today: 70, ..Population::default() };
    fill(&mut owner, &population, Some(Trial::Push), tomorrow(&app)).await.expect("filled");
    let again = fill(&mut owner, &population, None, tomorrow(&app)).await;
    assert!(matches!(again, Err(FillError::NotEmpty)), "never among members");
    app.nights(1).await;

    let truth = Gathered::of(&population, people(&population).expect("people")).summary();
    let (seen, until) = app.services.load_arms().await.expect("arms");
    let until = until.expect("a night");
    assert_eq!((seen.len(), until), (1, app.clock.now().date_naive()));
    let [feature, holdout] = &seen[0].arms;
    for of in &truth.retention {
        let ours = Retention::of(feature, holdout, seen[0].experiment.weights(), of.week, until);
        same(&ours, of, &format!("week {}", of.week));
    }
    // And from the teaser to the upgrade, counted from the events themselves.
    let exposures = app.services.load_exposures(until - Days::new(200), until).await.expect("exposures");
    let mut days: BTreeMap<NaiveDate, Cohort> = BTreeMap::new();
    for sum in exposures.sums.iter().filter(|sum| sum.arm == "feature") {
        let cohort = days.entry(sum.day).or_default();
        let people = u64::try_from(sum.people).expect("people");
        match u16::try_from(sum.hour) {
            Err(_) => cohort.people += people,
            Ok(hour) => {
                let refunded = u64::try_from(sum.refunded).expect("people");
                cohort.hours.insert(hour, Upgraded { people, refunded });
            }
        }
    }
    same(&Funnel::of(&days.into_iter().collect::<Cohorts>(), until), &truth.funnel, "the funnel");

    let headline = truth.retention[usize::from(HEADLINE_WEEK) - 1].returned.difference.expect("a difference");
    let page = analyst_sees(&app, "/staff/retention").await;
    let said = format!(
        "In the fourth week {} points ({} to {}) came back because of the weekly push.",
        points(headline.difference),
        points(headline.interval.low),
        points(headline.interval.high)
    );
    assert!(page.contains(&said), "{said}\n{page}");
    for part in ["The arms are of the sizes they were designed for", "The smallest rise that so many people would show"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("A look, not yet a result"), "56 days are over");
    assert!(!page.contains("is no effect"), "where there is a lot nothing else is asked");
    let csv = analyst_sees(&app, "/staff/retention/weeks.csv?of=push").await;
    // The ninth week is over for those who came in on the first seven of twenty-eight days, and the tenth for nobody.
    assert_eq!(csv.lines().count(), 10, "{csv}");
    let experiments = analyst_sees(&app, "/staff/experiments").await;
    assert!(
        experiments.contains("One experiment runs.") && experiments.contains("500 of a thousand members"),
        "{experiments}"
    );
    app.finish().await;
}

/// What the night adds up where nobody is drawn, counted from the people.
fn followed(population: &Population) -> Followed {
    let mut all = Followed::default();
    let there = |weeks: &[bool]| i32::try_from(weeks.iter().filter(|there| **there).count()).expect("weeks");
    let given = people(population).expect("people").filter(|person| person.arm == Side::Feature);
    for person in given.filter(|person| there(&person.before) > 0) {
        let soon = person.opened_day.is_some_and(|day| day < LANDMARK_DAY);
        let by_then = person.opened_day.is_some_and(|day| day < 28);
        let headline = i32::from(person.weeks[usize::from(HEADLINE_WEEK) - 1]);
        for (measure, opened, value) in [
            (Measure::Change, soon, there(&person.weeks[2..6]) - there(&person.before)),
            (Measure::ChangeBefore, soon, there(&person.before[2..]) - there(&person.before[..2])),
            (Measure::Before, soon, there(&person.before)),
            (Measure::LastBefore, soon, i32::from(person.before[WEEKS_BEFORE - 1])),
            (Measure::MonthsKnown, soon, 2),
            (Measure::Landmark, soon, headline),
            (Measure::Raw, by_then, headline),
        ] {
            all.add(measure, opened, value, 1);
        }
    }
    all
}

#[sqlx::test(migrations = "../migrations")]
async fn where_nobody_was_drawn_what_is_seen_is_said_to_be_no_effect(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let empty = analyst_sees(&app, "/staff/retention").await;
    assert!(empty.contains("Nobody was drawn by lot"), "{empty}");
    // From a Monday on, 5 October, so that six weeks are over.
    let population = Population { people: 3_000, holdout: 1, weeks: 8, today: 47, ..Population::default() };
    fill(&mut owner, &population, None, tomorrow(&app)).await.expect("filled");
    app.nights(1).await;

    let ours = app.services.load_opened(None).await.expect("sums").expect("a Monday");
    assert_eq!((ours.monday.to_string(), ours.earlier), ("2026-10-05".to_owned(), None));
    let truth = followed(&population);
    assert_eq!(ours.followed, truth);
    let gap = truth.raw_gap().expect("enough").with_warning().not_an_effect;
    assert!(gap.difference > 0.15, "nothing is true, and it would be praised by {gap:?}");

    let page = analyst_sees(&app, "/staff/retention").await;
    let (before_fold, folded) = page.split_once("<details>").expect("a fold");
    assert!(folded.contains(WARNING) && folded.contains(&points(gap.difference)), "{folded}");
    assert!(!before_fold.contains(&points(gap.difference)) && !page.contains("because of"), "{page}");
    let observed = truth.observed().expect("enough");
    assert!(page.contains(observed.badge.says()), "{page}");
    assert!(page.contains(&points(observed.effect.difference)) && page.contains(&points(observed.before.difference)));
    let raw = analyst_sees(&app, "/staff/retention/raw.csv").await;
    assert!(raw.contains(WARNING), "a table is taken elsewhere: {raw}");
    for path in [
        "/staff/retention?from=2026-10-04",
        "/staff/retention?of=push",
        "/staff/retention?of=luck",
        "/staff/retention/all.csv",
    ] {
        let answer = app.page(path, &app.sign_in_team("ann@host.test", &[StaffRole::Analyst]).await).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    // Who withdraws is out of it in the morning.
    let counted: u64 = truth.people().iter().sum();
    sqlx::query(
        "UPDATE member SET use_counted = false WHERE member_id IN (
             SELECT member_id FROM session WHERE started_at < '2026-10-05' ORDER BY member_id LIMIT 1)",
    )
    .execute(&mut owner)
    .await
    .expect("one");
    app.nights(1).await;
    let less = app.services.load_opened(None).await.expect("sums").expect("a Monday");
    assert_eq!(less.followed.people().iter().sum::<u64>(), counted - 1);
    app.finish().await;
}

async fn run(owner: &mut PgConnection, statement: &str) {
    sqlx::query(AssertSqlSafe(statement.to_owned())).execute(owner).await.expect(statement);
}

#[sqlx::test(migrations = "../migrations")]
async fn every_refusal_has_a_screen(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let population = Population { people: 600, weeks: 8, today: 70, ..Population::default() };
    fill(&mut owner, &population, Some(Trial::Push), tomorrow(&app)).await.expect("filled");
    app.nights(1).await;
    let sees = async |refusal: Refusal| {
        let page = analyst_sees(&app, "/staff/retention").await;
        assert!(page.contains(refusal.says()), "{}: {page}", refusal.name());
    };
    // A hundred are needed in each arm, thirty for a rate, ten to be shown at all.
    for (keep, refusal) in [(90, Refusal::TooFewForComparison), (25, Refusal::TooFewForRate), (9, Refusal::SmallCell)] {
        run(
            &mut owner,
            &format!(
                "DELETE FROM exposure e USING (
                     SELECT member_id, row_number() OVER (PARTITION BY arm ORDER BY exposed_at) AS place FROM exposure
                     WHERE experiment = 'push') AS p
                 WHERE e.experiment = 'push' AND e.member_id = p.member_id AND p.place > {keep}"
            ),
        )
        .await;
        app.nights(1).await;
        sees(refusal).await;
    }
    // Nobody's fourth week is over.
    run(
        &mut owner,
        "UPDATE exposure SET exposed_at = exposed_at + interval '60 days', weeks = 0 WHERE experiment = 'push'",
    )
    .await;
    app.nights(1).await;
    sees(Refusal::WindowsOpen).await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn broken_arms_are_withheld_and_said_to_be_so(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let population = Population { people: 1_200, weeks: 8, today: 70, ..Population::default() };
    fill(&mut owner, &population, Some(Trial::Push), tomorrow(&app)).await.expect("filled");
    // Two were treated both ways; and a fifth of one arm is missing.
    run(
        &mut owner,
        "UPDATE exposure SET crossed = true WHERE (member_id, experiment) IN (
             SELECT member_id, experiment FROM exposure WHERE experiment = 'push' ORDER BY member_id LIMIT 12)",
    )
    .await;
    run(
        &mut owner,
        "DELETE FROM exposure WHERE experiment = 'push' AND arm = 'holdout' AND NOT crossed AND extract(minute FROM exposed_at) = 0
         AND ctid IN (SELECT ctid FROM exposure WHERE arm = 'holdout' AND NOT crossed ORDER BY member_id LIMIT 130)",
    )
    .await;
    app.nights(1).await;
    for path in ["/staff/retention", "/staff/experiments"] {
        let page = analyst_sees(&app, path).await;
        assert!(page.contains(&Refusal::SampleRatioBroken.says().replace('<', "&lt;")), "{page}");
        // What is folded away as no effect is not of the arms.
        let shown = page.split("<details>").next().unwrap_or_default();
        assert!(!shown.contains("points ("), "no difference, and no rate: {page}");
    }
    let experiments = analyst_sees(&app, "/staff/experiments").await;
    assert!(experiments.contains("Something is wrong with the arms of the weekly push"), "{experiments}");
    let csv = analyst_sees(&app, "/staff/experiments/experiments.csv").await;
    assert!(csv.lines().nth(1).is_some_and(|row| row.contains(",12,")), "both ways: {csv}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whom_the_lot_keeps_from_spectrum_is_shown_nothing_and_loses_nothing(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let counted = json!({ "consent": { "analysis": true, "model": false, "analytics": true } });
    let join = async |name: &'static str| {
        let answer = app.api(Method::PUT, &format!("/members/{name}"), Some(&counted)).await;
        assert!(answer.status.is_success(), "{}", answer.body);
        for sent in (Diary { member: name, zone: "UTC", days: 2 }).sessions() {
            app.accept(&sent.events).await;
        }
    };
    join("before").await;
    app.clock.advance(TimeDelta::minutes(1));
    assert!(app.services.start_experiment(Trial::Spectrum, 500, 56).await.expect("started"));
    app.services.refresh_experiments().await.expect("looked up");
    app.clock.advance(TimeDelta::minutes(1));
    let names = ["ada", "bob", "eve", "kim", "lea", "max", "noa", "pia"];
    for name in names {
        join(name).await;
    }
    app.run_due_jobs().await;
    let mut held = BTreeMap::new();
    for name in names.into_iter().chain(["before"]) {
        let member = app.member(name).await.member_id;
        let is_held = app.services.is_held_out(Trial::Spectrum, member);
        held.insert(member.uuid().to_string(), is_held);
        let cookie = app.sign_in(name).await;
        let shown = if is_held { StatusCode::FORBIDDEN } else { StatusCode::OK };
        for path in [
            "/spectrum/feed",
            "/spectrum/week/2026-W47",
            "/spectrum/landscape/2026-11",
            "/spectrum/patterns/2026-11",
            "/spectrum/months",
        ] {
            let page = app.page(path, &cookie).await;
            assert_eq!(page.status, shown, "{name} {path}");
            assert_eq!(page.body.contains("Your weeks are not shown here yet."), is_held, "{name} {path}");
        }
        for path in ["/spectrum/settings", "/spectrum/settings/export", "/spectrum/settings/erase"] {
            assert_eq!(
                app.page(path, &cookie).await.status,
                StatusCode::OK,
                "{name} {path}: what is theirs stays theirs"
            );
        }
        let figure = app.page("/spectrum/landscape/2026-11/plane.csv", &cookie).await.status;
        assert_eq!(figure == StatusCode::FORBIDDEN, is_held, "{name}: {figure}");
        let week = app.json_as(&cookie, Method::GET, "/spectrum/weeks/2026-W47", None).await;
        assert_eq!(week.status, shown, "{name}: {}", week.body);
        if is_held {
            assert_eq!(week.json()["type"], "urn:spectrum:problem:held-out");
        }
        let known = app.api(Method::GET, &format!("/members/{name}"), None).await.json();
        assert_eq!(known["held_out"], json!(is_held), "their host knows: {known}");
    }
    let before = app.member("before").await.member_id.uuid().to_string();
    assert_eq!(held.remove(&before), Some(false), "nothing is taken from anybody");
    assert!(held.values().any(|held| *held) && held.values().any(|held| !*held), "{held:?}");

    app.nights(1).await;
    let logged = rows(&mut owner, "SELECT member_id, arm FROM exposure WHERE experiment = 'spectrum'").await;
    assert_eq!(logged.len(), held.len(), "everybody who joined, once");
    for row in &logged {
        assert_eq!(row["arm"] == "holdout", held[row["member_id"].as_str().expect("an id")], "{row}");
    }
    let deeds = rows(&mut owner, "SELECT verb FROM audit WHERE verb IN (25, 26)").await;
    assert_eq!(deeds, [json!({ "verb": 25 })], "it is on record who began it");
    assert!(app.services.end_experiment(Trial::Spectrum).await.expect("ended"));
    app.services.refresh_experiments().await.expect("looked up");
    for name in names {
        assert_eq!(app.page("/spectrum/feed", &app.sign_in(name).await).await.status, StatusCode::OK, "{name}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn each_page_of_the_product_is_for_analysts_alone(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    app.api(Method::PUT, "/members/ada", Some(&json!({ "plan": "paid" }))).await;
    let pages = ["engagement", "upgrades", "retention", "experiments", "quality", "cost"];
    let files = ["upgrades/windows", "retention/weeks", "experiments/experiments"];
    let paths: Vec<String> = pages
        .iter()
        .map(|page| format!("/staff/{page}"))
        .chain(files.iter().map(|file| format!("/staff/{file}.csv")))
        .collect();
    let analyst = app.sign_in_team("ann@host.test", &[StaffRole::Analyst]).await;
    for path in &paths {
        assert_eq!(app.page(path, "").await.status, StatusCode::UNAUTHORIZED, "{path}");
        for roles in [&[StaffRole::Operator][..], &[StaffRole::Reviewer]] {
            let other = app.sign_in_team("bob@host.test", roles).await;
            assert_eq!(app.page(path, &other).await.status, StatusCode::FORBIDDEN, "{path} {roles:?}");
        }
        // A member's token is none of the team's.
        let member = app.page(path, &app.sign_in("ada").await).await.status;
        assert!(matches!(member, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED), "{path} {member}");
        let seen = app.page(path, &analyst).await.status;
        let empty = path.ends_with("weeks.csv");
        assert_eq!(seen, if empty { StatusCode::NOT_FOUND } else { StatusCode::OK }, "{path}");
    }
    // Whoever comes in is led to what is theirs.
    let home = app.page("/staff", &analyst).await;
    let engagement = HeaderValue::from_static("/staff/engagement");
    assert_eq!((home.status, &home.headers["location"]), (StatusCode::SEE_OTHER, &engagement));
    let both = app.sign_in_team("eve@host.test", &[StaffRole::Analyst, StaffRole::Operator]).await;
    assert!(app.page("/staff", &both).await.body.contains(">The product<"));
    assert!(app.page("/staff/retention", &both).await.body.contains(">The machine<"));
    assert!(!app.page("/staff/retention", &analyst).await.body.contains(">The machine<"));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_sees_the_teaser_and_is_then_kept_from_it_is_in_neither_arm(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let population = Population { people: 300, weeks: 6, today: 60, ..Population::default() };
    fill(&mut owner, &population, Some(Trial::Push), tomorrow(&app)).await.expect("filled");
    run(&mut owner, "INSERT INTO experiment VALUES ('teaser', 500, '2020-01-01', NULL, 56)").await;
    app.nights(1).await;
    let crossed = "SELECT count(*) AS n FROM exposure WHERE crossed";
    assert_eq!(rows(&mut owner, crossed).await, [json!({ "n": 0 })]);
    // Fifteen come again, to a process that knew of the lot by then.
    run(
        &mut owner,
        "INSERT INTO product_event
         SELECT member_id, current_day, member_id, 10, '{\"teaser_variant\": \"holdout\", \"screen\": \"week\"}', 'browser', '1',
                current_day + interval '20 hours'
         FROM (SELECT member_id, (max(exposed_at) OVER ())::date + 1 AS current_day FROM exposure WHERE experiment = 'teaser'
               ORDER BY member_id LIMIT 15) AS m",
    )
    .await;
    app.nights(2).await;
    assert_eq!(rows(&mut owner, crossed).await, [json!({ "n": 15 })]);
    let (seen, _) = app.services.load_arms().await.expect("arms");
    let teaser = seen.iter().find(|of| of.experiment.trial == Trial::Teaser).expect("the teaser's");
    assert_eq!((teaser.both, teaser.arms[1].people()), (15, 0));
    let sums = "SELECT sum(people) AS n FROM exposure_sum WHERE hour = -1 AND NOT drawn";
    assert_eq!(rows(&mut owner, sums).await, [json!({ "n": Value::from(15) })]);
    app.finish().await;
}
