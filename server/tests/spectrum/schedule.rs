//! The schedule: every period planned once, given out whole, made up for after a time of being down, and looked after.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;
use spectrum_core::queue::operate::Filter;
use sqlx::{
    FromRow, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Diary, TestApp, rows, session};

#[derive(Debug, FromRow)]
struct Run {
    task: String,
    scope: String,
    period: NaiveDate,
    due_at: DateTime<Utc>,
    pages: i32,
    pages_done: i32,
    spread: bool,
    done_at: Option<DateTime<Utc>>,
}

async fn runs(owner: &mut PgConnection) -> Vec<Run> {
    sqlx::query_as("SELECT * FROM schedule_run ORDER BY task, scope, period").fetch_all(owner).await.expect("runs")
}

async fn runs_of(owner: &mut PgConnection, task: &str) -> Vec<Run> {
    runs(owner).await.into_iter().filter(|run| run.task == task).collect()
}

/// So many members of a zone who have nothing.
async fn make_members(app: &TestApp, zone: &str, count: i32) {
    sqlx::query(
        "INSERT INTO member (member_id, host_id, external_ref, zone, consent_analysis, consent_model, consent_analytics,
                             created_at, updated_at)
         SELECT gen_random_uuid(), $1, $2 || n, $2, true, false, false, $4, $4 FROM generate_series(1, $3) AS n",
    )
    .bind(app.host.uuid())
    .bind(zone)
    .bind(count)
    .bind(app.services.ambient().now())
    .execute(&mut app.owner().await)
    .await
    .expect("members");
}

impl TestApp {
    async fn plan(&self) -> u64 {
        self.services.plan_due().await.expect("a plan")
    }

    /// Moves the clock, with what every process does meanwhile.
    async fn later(&self, by: TimeDelta) {
        self.clock.advance(by);
        self.services.prepare_partitions().await.expect("partitions");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn many_planners_at_the_same_moment_plan_every_period_once(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    for zone in ["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"] {
        make_members(&app, zone, 3).await;
    }
    let planners: Vec<_> = (0..8)
        .map(|_| {
            let services = app.services.clone();
            tokio::task::spawn(async move { services.plan_due().await.expect("a plan") })
        })
        .collect();
    let mut planned = 0;
    for planner in planners {
        planned += planner.await.expect("a task");
    }
    // A week and a month for each zone, and the three rounds of the day.
    let mut owner = app.owner().await;
    assert_eq!((planned, runs(&mut owner).await.len()), (11, 11));
    assert_eq!(app.services.list_jobs(&Filter::default(), 100).await.expect("a list").len(), 11);
    assert_eq!(app.plan().await, 0);
    app.run_due_jobs().await;
    for run in runs(&mut owner).await {
        assert!(run.spread && run.done_at.is_some() && run.pages == run.pages_done, "{run:?}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_week_is_due_at_the_members_own_midnight(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for zone in ["Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati"] {
        make_members(&app, zone, 1).await;
    }
    app.plan().await; // Friday noon: the weeks before this one
    let mut due = Vec::new();
    for _ in 0..7 * 96 {
        app.clock.advance(TimeDelta::minutes(15));
        if app.plan().await > 0 {
            for run in runs_of(&mut owner, "aggregate_weeks").await {
                let fresh = run.period == NaiveDate::from_ymd_opt(2026, 11, 16).expect("a date");
                if fresh && !due.iter().any(|(zone, _)| *zone == run.scope) {
                    assert!(run.due_at <= app.services.ambient().now());
                    due.push((run.scope, run.due_at.to_rfc3339()));
                }
            }
        }
    }
    let expected = [
        ("Pacific/Kiritimati monday", "2026-11-22T10:00:00+00:00"),
        ("Asia/Kathmandu monday", "2026-11-22T18:15:00+00:00"),
        ("Europe/Berlin monday", "2026-11-22T23:00:00+00:00"),
    ];
    assert_eq!(due, expected.map(|(scope, at)| (scope.to_owned(), at.to_owned())));
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn after_three_weeks_down_weeks_are_made_up_for_and_daily_rounds_are_not(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    make_members(&app, "Europe/Berlin", 2).await;
    app.plan().await;
    app.run_due_jobs().await;
    app.later(TimeDelta::days(21)).await;
    app.plan().await;
    app.run_due_jobs().await;
    let periods = async |owner: &mut PgConnection, task| -> Vec<String> {
        runs_of(owner, task).await.iter().map(|run| run.period.to_string()).collect()
    };
    assert_eq!(periods(&mut owner, "aggregate_weeks").await, ["2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30"]);
    assert_eq!(periods(&mut owner, "aggregate_months").await, ["2026-10-01", "2026-11-01"]);
    assert_eq!(periods(&mut owner, "purge_expired").await, ["2026-11-20", "2026-12-11"]);
    assert_eq!(periods(&mut owner, "reconcile_members").await, ["2026-11-20", "2026-12-11"]);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_zone_of_many_members_is_given_out_in_pages_from_where_it_was_left(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    make_members(&app, "Europe/Berlin", 12_000).await;
    make_members(&app, "Europe/Paris", 10).await;
    app.plan().await;
    // As if the process had died after the first page of Berlin's week.
    sqlx::query(
        "UPDATE schedule_run SET pages = 1, pages_done = 1, cursor = (
             SELECT member_id FROM member WHERE zone = 'Europe/Berlin' ORDER BY member_id OFFSET 4999 LIMIT 1)
         WHERE task = 'aggregate_weeks' AND scope = 'Europe/Berlin monday'",
    )
    .execute(&mut owner)
    .await
    .expect("as it would be left");
    let spread = app.services.list_jobs(&Filter::default(), 100).await.expect("a list").len();
    let done = app.run_due_jobs().await;
    let weeks = runs_of(&mut owner, "aggregate_weeks").await;
    let pages: Vec<(&str, i32, i32)> = weeks.iter().map(|r| (r.scope.as_str(), r.pages, r.pages_done)).collect();
    assert_eq!(pages, [("Europe/Berlin monday", 3, 3), ("Europe/Paris monday", 1, 1)]);
    // Two pages of the week, three and one of the months, one of Paris, and each of these tells its members; three of the
    // reconciliation, one of the purge, one of what was used.
    assert_eq!(done - spread, 2 * (2 + 3 + 1 + 1) + 3 + 1 + 1);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_period_whose_job_is_gone_is_given_out_all_the_same(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    make_members(&app, "Europe/Berlin", 2).await;
    app.plan().await;
    sqlx::query("DELETE FROM job").execute(&mut owner).await.expect("lost");
    assert_eq!(app.plan().await, 0, "it may still be on its way");
    app.clock.advance(TimeDelta::minutes(11));
    assert_eq!(app.plan().await, 5);
    assert_eq!(app.plan().await, 0, "they wait");
    app.run_due_jobs().await;
    assert!(runs(&mut owner).await.iter().all(|run| run.done_at.is_some()));
    app.finish().await;
}

/// Everything that was measured and added up.
async fn figures(owner: &mut PgConnection) -> Vec<Value> {
    rows(
        owner,
        "SELECT to_jsonb(day_rollup) - 'version' - 'inputs_hash' AS sums FROM day_rollup
         UNION ALL SELECT to_jsonb(week_rollup) - 'version' - 'inputs_hash' FROM week_rollup
         UNION ALL SELECT to_jsonb(month_rollup) - 'version' - 'inputs_hash' FROM month_rollup
         UNION ALL SELECT jsonb_build_object('session', session_id, 'state', state) FROM session",
    )
    .await
}

#[sqlx::test(migrations = "../migrations")]
async fn the_daily_round_finds_what_was_left_undone(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let day = (Diary { member: "ada", zone: "Europe/London", days: 12 }).sessions();
    for sent in &day {
        app.accept(&sent.events).await;
    }
    let mut open = session("ada", "open", "2026-11-19T20:00:00Z", "Europe/London", &["I am calm and glad tonight."]);
    open.events.pop();
    app.accept(&open.events).await;
    app.clock.advance(TimeDelta::hours(1));
    app.run_due_jobs().await;
    let whole = figures(&mut owner).await;
    assert!(whole.len() > 24, "{}", whole.len());

    let damages = [
        // A restored backup: the sessions are as they came in, and the queue has forgotten them.
        "UPDATE session SET state = CASE WHEN external_ref = (SELECT max(external_ref) FROM session) THEN 'open' ELSE 'ended' END,
                vector_revision = NULL;
         DELETE FROM day_rollup; DELETE FROM week_rollup; DELETE FROM month_rollup; DELETE FROM job",
        "DELETE FROM day_rollup WHERE period > '2026-11-15'",
        "DELETE FROM week_rollup",
        "UPDATE month_rollup SET sessions = sessions + 1",
        "UPDATE day_rollup SET sessions = 7, inputs_hash = '' WHERE period = '2026-11-18'",
    ];
    for damage in damages {
        sqlx::raw_sql(damage).execute(&mut owner).await.expect("damage");
        assert_ne!(figures(&mut owner).await, whole, "{damage}");
        app.later(TimeDelta::days(1)).await;
        app.plan().await;
        app.run_due_jobs().await;
        let mended = figures(&mut owner).await;
        let left: Vec<&Value> = mended.iter().filter(|row| !whole.contains(row)).collect();
        assert!(left.is_empty() && mended.len() == whole.len(), "{damage}: {left:#?}");
    }
    // While all is well it orders nothing: only the rounds themselves run.
    app.later(TimeDelta::days(1)).await;
    app.plan().await;
    let kinds = Filter { kind: Some("refresh_rollups".to_owned()), ..Filter::default() };
    app.run_due_jobs().await;
    assert!(app.services.list_jobs(&kinds, 10).await.expect("a list").is_empty());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_kept_long_enough_is_let_go_and_nothing_else(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 3 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    let before = figures(&mut owner).await;
    let counts = async |owner: &mut PgConnection| -> (i64, i64, i64, i64) {
        sqlx::query_as(
            "SELECT (SELECT count(*) FROM turn_text), (SELECT count(*) FROM event_receipt),
                    (SELECT count(*) FROM turn_impact), (SELECT count(*) FROM job_key)",
        )
        .fetch_one(owner)
        .await
        .expect("counts")
    };
    let all = counts(&mut owner).await;
    assert!(all.0 > 0 && all.1 > 0 && all.2 > 0 && all.3 > 0);
    for (days, text, receipts, impacts) in [(29, true, true, true), (3, false, false, true), (59, false, false, false)]
    {
        app.later(TimeDelta::days(days)).await;
        app.plan().await;
        app.run_due_jobs().await;
        let left = counts(&mut owner).await;
        assert_eq!((left.0 == all.0, left.1 == all.1, left.2 == all.2), (text, receipts, impacts), "{left:?}");
        assert_eq!((left.0 > 0, left.1 > 0, left.2 > 0), (text, receipts, impacts), "{left:?}");
    }
    assert_eq!(figures(&mut owner).await, before, "measures and sums are the member's own to let go");
    app.finish().await;
}
