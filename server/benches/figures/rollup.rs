//! A week that has ended, added up for 1,000, 10,000 and 100,000 members with ten sessions each, beside one bare
//! `INSERT … SELECT … GROUP BY` of the same sums; and the whole of it by the schedule, from a cold start.

use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate, TimeDelta, Weekday};
use chrono_tz::Tz;
use server::{
    analyzer::{Embedded, Trained},
    worker::{Pace, QueueSettings, Worker, jobs::JobContext},
};
use spectrum_core::{
    db::{pool::Duty, scope::plain_transaction},
    rollup::aggregate_periods::aggregate_weeks,
    schedule::spread_period::PAGE,
};
use spectrum_domain::{
    calendar::{Week, local_date},
    job::{Page, Queue},
    schedule::Scope,
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    report::{Report, quantile},
    stage::{Stage, session},
};

const ZONE: Tz = Tz::Europe__London;
const ROUNDS: usize = 5;

pub async fn measure(stage: &Stage, report: &mut Report) {
    let mut owner = PgConnection::connect_with(&stage.owner).await.expect("the owner");
    let today = local_date(stage.services.ambient().now(), &ZONE);
    let week = Week::containing(today, Weekday::Mon).previous();
    let template = template(stage, &mut owner, week.start()).await;
    let floor = floor(&mut owner, week.start()).await;
    run(&mut owner, "CREATE TABLE bench_week (LIKE week_rollup INCLUDING ALL) WITH (fillfactor = 85)").await;
    let mut there = 0;
    for members in [1_000, 10_000, 100_000] {
        multiply(&mut owner, template, members - there).await;
        there = members;
        let (mut ours, mut floors) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            run(&mut owner, "TRUNCATE week_rollup, bench_week").await;
            run(&mut owner, "CHECKPOINT").await;
            let begun = Instant::now();
            run(&mut owner, &floor).await;
            floors.push(begun.elapsed().as_secs_f64() * 1e3);
            run(&mut owner, "CHECKPOINT").await;
            let begun = Instant::now();
            let changed = add_up(stage, &mut owner, week.start()).await;
            ours.push(begun.elapsed().as_secs_f64() * 1e3);
            assert_eq!(changed, i64::from(members) + 1, "everybody's week was written, the template's too");
        }
        let (ours, floors) = (quantile(&mut ours, 0.5), quantile(&mut floors, 0.5));
        report.ratio(format!("rollup_vs_groupby_{members}"), ours, "ms", floors, "≤ 1.5");
        report.figure(format!("rollup_us_per_member_{members}"), ours * 1e3 / f64::from(members), "µs");
        report.figure(format!("rollup_rss_{members}"), resident_mebibytes(), "MiB");
        if members >= 10_000 {
            cold_start(stage, &mut owner, report, members).await;
            add_up(stage, &mut owner, week.start()).await;
        }
    }
    let begun = Instant::now();
    let again = add_up(stage, &mut owner, week.start()).await;
    assert_eq!(again, 0, "nothing was left to be done");
    report.figure("rollup_unchanged_100000", begun.elapsed().as_secs_f64() * 1e3, "ms");
    run(&mut owner, "DROP TABLE bench_week").await;
}

/// One member with ten sessions of the week, read by the model.
async fn template(stage: &Stage, owner: &mut PgConnection, monday: NaiveDate) -> Uuid {
    let mut events = Vec::new();
    for n in 0..10u32 {
        let hour = 7 + n % 3 * 6;
        let day = monday.checked_add_days(Days::new(u64::from(n % 7))).expect("a day of the week");
        events.extend(session("template", day.and_hms_opt(hour, 5, 0).expect("an hour").and_utc(), 6));
    }
    stage.accept(&events).await;
    stage.run_due_jobs().await;
    sqlx::query_scalar("SELECT member_id FROM member WHERE external_ref = 'template'")
        .fetch_one(owner)
        .await
        .expect("a member")
}

/// So many more members with what the template has of the week.
async fn multiply(owner: &mut PgConnection, template: Uuid, members: i32) {
    run(
        owner,
        &format!(
            "SET session_replication_role = replica;
             CREATE TEMP TABLE clone AS SELECT gen_random_uuid() AS id FROM generate_series(1, {members})"
        ),
    )
    .await;
    for table in ["member", "day_rollup"] {
        let columns = columns(owner, table).await.join(", ");
        let copied = columns.replace("external_ref", "clone.id::text");
        run(
            owner,
            &format!(
                "INSERT INTO {table} (member_id, {columns}) SELECT clone.id, {copied} FROM {table}, clone
                 WHERE member_id = '{template}'"
            ),
        )
        .await;
    }
    run(owner, "DROP TABLE clone; SET session_replication_role = origin").await;
    run(owner, "VACUUM ANALYZE member").await;
    run(owner, "VACUUM ANALYZE day_rollup").await;
}

async fn columns(owner: &mut PgConnection, table: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT attname::text FROM pg_attribute
         WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'member_id' ORDER BY attnum",
    )
    .bind(table)
    .fetch_all(owner)
    .await
    .expect("columns")
}

/// The bare statement: the same sums of the same days into the same columns, in one go, without keys to other tables,
/// without a look at what is there, and without telling what the sums rest on.
async fn floor(owner: &mut PgConnection, week: NaiveDate) -> String {
    let rows = sqlx::query(
        "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute
         WHERE attrelid = 'week_rollup'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
    )
    .fetch_all(&mut *owner)
    .await
    .expect("columns");
    let mut values = Vec::new();
    for row in &rows {
        let (name, kind): (String, String) = (row.get(0), row.get(1));
        values.push(match (name.as_str(), kind.strip_suffix("[]")) {
            ("member_id", _) => name.clone(),
            ("period", _) => format!("date '{week}'"),
            ("models", _) => "min(models)".to_owned(),
            ("inputs_hash", _) => "''::bytea".to_owned(),
            ("version", _) => "1".to_owned(),
            (_, Some(element)) => {
                let query = format!("SELECT cardinality({name}) FROM day_rollup LIMIT 1");
                let length: i32 =
                    sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&mut *owner).await.expect("a length");
                let sums: Vec<String> = (1..=length).map(|place| format!("sum({name}[{place}])")).collect();
                format!("ARRAY[{}]::{element}[]", sums.join(", "))
            }
            (name, None) if name.ends_with("_min") => format!("min({name})"),
            (name, None) if name.ends_with("_max") => format!("max({name})"),
            (name, None) => format!("sum({name})::{kind}"),
        });
    }
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    format!(
        "INSERT INTO bench_week ({}) SELECT {} FROM day_rollup
         WHERE period >= '{week}' AND period < date '{week}' + 7 GROUP BY member_id",
        names.join(", "),
        values.join(", ")
    )
}

/// The week of everybody, page by page as the schedule gives it out, each in a transaction of its own.
async fn add_up(stage: &Stage, owner: &mut PgConnection, week: NaiveDate) -> i64 {
    let ends: Vec<Uuid> = sqlx::query_scalar(
        "SELECT member_id FROM (SELECT member_id, row_number() OVER (ORDER BY member_id) AS n FROM member) AS all_members
         WHERE n % $1 = 0 ORDER BY 1",
    )
    .bind(PAGE)
    .fetch_all(owner)
    .await
    .expect("the ends of the pages");
    let (mut after, mut changed) = (Uuid::nil(), 0);
    for until in ends.into_iter().chain([Uuid::max()]) {
        let mut transaction = plain_transaction(stage.services.pools().of(Duty::System)).await.expect("a transaction");
        let page = Page { after, until };
        let scope = Scope::Weeks(ZONE, Weekday::Mon);
        changed += aggregate_weeks(&mut transaction, scope, page, week).await.expect("a page").changed;
        transaction.commit().await.expect("kept");
        after = until;
    }
    changed
}

/// A worker that starts with a week of so many members due, until the last of them is told of it.
async fn cold_start(stage: &Stage, owner: &mut PgConnection, report: &mut Report, members: i32) {
    let clear = "TRUNCATE week_rollup, schedule_run, job, job_key, edition CASCADE";
    run(owner, clear).await;
    // The daily rounds have been: all members but one have days without sessions here, and a round would mend that.
    run(
        owner,
        "INSERT INTO schedule_run (task, scope, period, due_at, created_at, spread, done_at)
         SELECT task, '', current_date + 365, now(), now(), true, now()
         FROM unnest(ARRAY['reconcile_members', 'purge_expired']) AS task",
    )
    .await;
    let context = JobContext {
        services: stage.services.clone(),
        analyzer: std::sync::Arc::new(Embedded::new(Trained::load())),
        outside: None,
        rephraser: None,
        sender: None,
    };
    let settings = |queue: Queue| QueueSettings {
        queue: queue.name().to_owned(),
        concurrency: 2,
        held: 2,
        lease: Duration::from_secs(90),
    };
    let begun = Instant::now();
    let pace = Pace::new(Duration::from_secs(45), Duration::from_secs(1));
    let queues = Queue::ALL.map(settings).to_vec();
    let worker = Worker::new(stage.services.clone(), context, queues, pace, "bench".to_owned());
    let stop = CancellationToken::new();
    let running = tokio::spawn(worker.run(stop.clone()));
    stage.services.plan_due().await.expect("a plan");
    let open = "SELECT count(*) FROM schedule_run WHERE task = 'aggregate_weeks' AND done_at IS NULL";
    while sqlx::query_scalar::<_, i64>(open).fetch_one(&mut *owner).await.expect("a count") > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(begun.elapsed() < Duration::from_mins(15), "the promise is broken");
    }
    let seconds = begun.elapsed().as_secs_f64();
    // Each page was told of when it was added up; what is left is done by the same two at a time.
    let untold = "SELECT count(*) FROM job WHERE kind = 'publish_period'";
    while sqlx::query_scalar::<_, i64>(untold).fetch_one(&mut *owner).await.expect("a count") > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(begun.elapsed() < Duration::from_mins(15), "they are told in time");
    }
    let told = begun.elapsed().as_secs_f64();
    stop.cancel();
    running.await.expect("the worker ends");
    let editions: i64 = sqlx::query_scalar("SELECT count(*) FROM edition WHERE grain = 'week'")
        .fetch_one(&mut *owner)
        .await
        .expect("a count");
    assert_eq!(editions, i64::from(members) + 1, "everybody is told");
    let weeks: i64 =
        sqlx::query_scalar("SELECT count(*) FROM week_rollup").fetch_one(&mut *owner).await.expect("a count");
    assert_eq!(weeks, i64::from(members) + 1);
    let promise = TimeDelta::minutes(15).as_seconds_f64();
    run(owner, clear).await;
    report.ratio(format!("weekly_cold_start_{members}"), seconds, "s", promise, "≤ 1");
    report.ratio(format!("weekly_told_{members}"), told, "s", promise, "≤ 1");
}

async fn run(owner: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(owner).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// Memory of this process that is in use, as the kernel counts it.
fn resident_mebibytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kibibytes: u32 = line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0);
    f64::from(kibibytes) / 1024.0
}
