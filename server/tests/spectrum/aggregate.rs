//! Many members at once: the set-wise sums of an ended week or month are those of the refresh of each member, to the byte.

use std::collections::BTreeMap;

use axum::http::Method;
use chrono::{Days, NaiveDate, TimeDelta, Weekday};
use chrono_tz::Tz;
use rand::RngExt as _;
use serde_json::{Value, json};
use spectrum_core::{
    db::{pool::Duty, scope::plain_transaction},
    rollup::aggregate_periods::{Aggregated, aggregate_months, aggregate_weeks},
};
use spectrum_domain::{
    calendar::{Month, Period},
    id::SessionId,
    job::Page,
    schedule::Scope,
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{Other, START, TestApp, chance, rows, session};

const MOODS: [&str; 5] = [
    "I felt calm and grateful after the walk.",
    "I am worried and tense about tomorrow.",
    "It was a delightful, exciting day and I am happy and proud.",
    "I am sad and tired, and the evening was lonely.",
    "I was angry and annoyed at the meeting, and then ashamed.",
];

const CALENDARS: [(&str, Tz, &str, Weekday); 4] = [
    ("Europe/London", Tz::Europe__London, "monday", Weekday::Mon),
    ("Europe/London", Tz::Europe__London, "sunday", Weekday::Sun),
    ("Asia/Kathmandu", Tz::Asia__Kathmandu, "monday", Weekday::Mon),
    ("Pacific/Auckland", Tz::Pacific__Auckland, "saturday", Weekday::Sat),
];

const EVERYBODY: Page = Page { after: Uuid::nil(), until: Uuid::max() };

/// Twelve members on four calendars with sessions over six weeks, some left out, some read by another model.
async fn population(app: &mut TestApp) {
    let mut chance = chance(11);
    let start: chrono::DateTime<chrono::Utc> = START.parse().expect("an instant");
    for half in 0..2 {
        if half == 1 {
            app.read_with(Other::new("other@9"));
        }
        for member in 0..12 {
            let (zone, _, week_start, _) = CALENDARS[member % 4];
            let name = format!("member{member}");
            let profile = json!({ "time_zone": zone, "week_start": week_start });
            app.api(Method::PUT, &format!("/members/{name}"), Some(&profile)).await;
            for n in 0..chance.random_range(3..8) {
                let at = start - TimeDelta::minutes(chance.random_range(0..42 * 24 * 60));
                let turns: Vec<&str> =
                    (0..chance.random_range(1..4)).map(|_| MOODS[chance.random_range(0..MOODS.len())]).collect();
                let sent = session(&name, &format!("{half} {n}"), &at.to_rfc3339(), zone, &turns);
                app.accept(&sent.events).await;
                if chance.random_range(0..5) == 0 {
                    let member = app.member(&name).await;
                    let id: SessionId = sent.session_id.parse().expect("an id");
                    app.services.exclude_session(&member, id).await.expect("left out");
                }
            }
        }
        app.run_due_jobs().await;
    }
}

/// The rows of a table, whole but for their versions.
async fn held(owner: &mut PgConnection, table: &str) -> Vec<Value> {
    rows(owner, &format!("SELECT to_jsonb(r) - 'version' AS row FROM {table} AS r")).await
}

/// Each member's data version, with the versions of their rows.
async fn versions(owner: &mut PgConnection) -> BTreeMap<String, Value> {
    let query = "SELECT m.member_id, m.data_version,
                        (SELECT jsonb_agg(version ORDER BY period) FROM week_rollup w WHERE w.member_id = m.member_id) AS weeks,
                        (SELECT jsonb_agg(version ORDER BY period) FROM month_rollup r WHERE r.member_id = m.member_id) AS months
                 FROM member m";
    rows(owner, query).await.into_iter().map(|row| (row["member_id"].to_string(), row)).collect()
}

/// Adds up every week and month that anybody may have had, for everybody.
async fn aggregate_all(app: &TestApp) -> Aggregated {
    let mut transaction = plain_transaction(app.services.pools().of(Duty::System)).await.expect("a transaction");
    let mut all = Aggregated::default();
    let last = NaiveDate::from_ymd_opt(2026, 12, 10).expect("a date");
    for back in 0..80 {
        let first = last - Days::new(back);
        for (_, zone, _, start) in CALENDARS {
            use chrono::Datelike as _;
            let mut done = Vec::new();
            if first.weekday() == start {
                let scope = Scope::Weeks(zone, start);
                done.push(aggregate_weeks(&mut transaction, scope, EVERYBODY, first).await.expect("a week"));
            }
            if first.day() == 1 {
                let scope = Scope::Zone(zone);
                done.push(aggregate_months(&mut transaction, scope, EVERYBODY, first).await.expect("a month"));
            }
            for aggregated in done {
                all.members += aggregated.members;
                all.changed += aggregated.changed;
            }
        }
    }
    transaction.commit().await.expect("kept");
    all
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_added_up_at_once_is_what_is_added_up_one_by_one(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    population(&mut app).await;
    let (weeks, months) = (held(&mut owner, "week_rollup").await, held(&mut owner, "month_rollup").await);
    assert!(weeks.len() > 30 && months.len() >= 12, "{} weeks, {} months", weeks.len(), months.len());
    assert!(weeks.iter().any(|row| row["row"]["models"].as_array().is_some_and(|models| models.len() == 2)));

    // Everybody was refreshed after every session: nothing is to be done, and nobody's version is raised.
    let before = versions(&mut owner).await;
    let idle = aggregate_all(&app).await;
    assert!(idle.members > 0);
    assert_eq!((idle.changed, versions(&mut owner).await == before), (0, true));

    // Nobody was: the same rows come about, and each names the version that its member has by then.
    sqlx::raw_sql("DELETE FROM week_rollup; DELETE FROM month_rollup").execute(&mut owner).await.expect("gone");
    let made = aggregate_all(&app).await;
    assert_eq!(usize::try_from(made.changed), Ok(weeks.len() + months.len()));
    assert_eq!(held(&mut owner, "week_rollup").await, weeks);
    assert_eq!(held(&mut owner, "month_rollup").await, months);

    // One is wrong, one is of days that are gone: they alone are mended, and their members' versions alone are raised.
    let before = versions(&mut owner).await;
    sqlx::raw_sql(
        "UPDATE week_rollup SET sessions = 99, inputs_hash = '' WHERE (member_id, period) = (
             SELECT member_id, period FROM week_rollup ORDER BY member_id, period LIMIT 1);
         INSERT INTO week_rollup
             SELECT (jsonb_populate_record(w, jsonb_build_object('period', period + 14))).* FROM week_rollup w
             ORDER BY period DESC, member_id DESC LIMIT 1",
    )
    .execute(&mut owner)
    .await
    .expect("damage");
    let mended = aggregate_all(&app).await;
    assert_eq!(mended.changed, 2);
    assert_eq!(held(&mut owner, "week_rollup").await, weeks);
    let after = versions(&mut owner).await;
    let raised: Vec<_> =
        after.iter().filter(|(member, row)| row["data_version"] != before[*member]["data_version"]).collect();
    assert_eq!(raised.len(), 2, "{raised:#?}");
    let newest = raised[0].1["weeks"].as_array().and_then(|weeks| weeks.iter().filter_map(Value::as_i64).max());
    assert_eq!(newest, raised[0].1["data_version"].as_i64());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_schedule_adds_up_what_no_refresh_did(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    population(&mut app).await;
    let weeks = held(&mut owner, "week_rollup").await;
    sqlx::raw_sql("DELETE FROM week_rollup WHERE period BETWEEN '2026-11-07' AND '2026-11-13'")
        .execute(&mut owner)
        .await
        .expect("gone");
    assert!(held(&mut owner, "week_rollup").await.len() < weeks.len());
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    assert_eq!(held(&mut owner, "week_rollup").await, weeks);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn how_feelings_moved_is_told_where_enough_was_counted(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let start: chrono::DateTime<chrono::Utc> = "2026-10-01T08:00:00Z".parse().expect("an instant");
    for n in 0..40 {
        let at = start + TimeDelta::hours(17 * n);
        let turns = [MOODS[usize::try_from(n).expect("a few") % 5], MOODS[usize::try_from(n * 3).expect("a few") % 5]];
        let sent = session("ada", &format!("{n}"), &at.to_rfc3339(), "Europe/London", &turns);
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    let member = app.member("ada").await;
    let month = Period::Month(Month::containing(start.date_naive()));
    let october = app.services.load_dynamics(&member, month).await.expect("a month");
    let variability = october.valence.variability.expect("forty sessions");
    assert_eq!(variability.sessions, 40);
    assert!(variability.sd > 0.0 && variability.relative.is_some_and(|share| share > 0.0 && share <= 1.0));
    let jumps = october.valence.sessions.instability.expect("thirty-nine pairs");
    assert_eq!(jumps.pairs, 39);
    let inertia = october.valence.sessions.inertia.expect("thirty-nine pairs");
    assert!(inertia.low <= inertia.autocorrelation && inertia.autocorrelation <= inertia.high, "{inertia:?}");
    assert!(october.valence.turns.instability.is_some_and(|turns| turns.pairs == 40));
    let week = Period::Week("2026-W41".parse().expect("a week"));
    let week = app.services.load_dynamics(&member, week).await.expect("a week");
    assert_eq!((week.valence.variability, week.valence.sessions.inertia), (None, None), "ten sessions are too few");
    app.finish().await;
}
