//! Leaving a session out and taking it in again, for a member with ten years of daily sessions beside one with a month.

use std::time::Instant;

use rand::RngExt as _;
use spectrum_core::Caller;
use spectrum_domain::{id::SessionId, member::Member};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;

use crate::{
    report::{Report, quantile},
    stage::Stage,
};

const TIMES: usize = 1_000;

pub async fn measure(stage: &Stage, report: &mut Report) {
    let (mut long, mut long_p99) = (0.0, 0.0);
    let mut short = 0.0;
    for (name, days) in [("ten_years", 3_650), ("a_month", 30)] {
        let member = member(stage, name, days).await;
        let mut times = change(stage, &member).await;
        let (p50, p99) = (quantile(&mut times, 0.5), quantile(&mut times, 0.99));
        report.figure(format!("exclude_p50_{name}"), p50, "ms");
        report.figure(format!("exclude_p99_{name}"), p99, "ms");
        if days > 30 {
            (long, long_p99) = (p50, p99);
        } else {
            short = p50;
        }
    }
    report.ratio("exclude_p99_ms_ten_years", long_p99, "ms", 20.0, "≤ 1");
    report.ratio("exclude_growth", long, "ms", short, "≈ 1");
}

/// A member with one session on each of so many days; all are copies of one that was read by the model.
async fn member(stage: &Stage, name: &str, days: i32) -> Member {
    let id = stage.member_with_a_session(name).await;
    let mut owner = PgConnection::connect_with(&stage.owner).await.expect("the owner");
    let copies = format!(
        "SET session_replication_role = replica;
         CREATE TEMP TABLE back AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, {days} - 1) AS n;
         INSERT INTO session SELECT (jsonb_populate_record(s, jsonb_build_object(
             'session_id', back.id, 'external_ref', back.id, 'local_date', s.local_date - n,
             'started_at', s.started_at - n * interval '1 day'))).* FROM session s, back WHERE s.member_id = '{id}';
         INSERT INTO session_vector SELECT (jsonb_populate_record(v, jsonb_build_object('session_id', back.id))).*
             FROM session_vector v, back WHERE v.member_id = '{id}';
         INSERT INTO day_rollup SELECT (jsonb_populate_record(d, jsonb_build_object('period', d.period - n))).*
             FROM day_rollup d, back WHERE d.member_id = '{id}';
         INSERT INTO week_rollup SELECT (jsonb_populate_record(w, jsonb_build_object('period', w.period - 7 * n))).*
             FROM week_rollup w, back WHERE w.member_id = '{id}' AND n < {days} / 7;
         INSERT INTO month_rollup SELECT (jsonb_populate_record(m, jsonb_build_object(
             'period', (m.period - n * interval '1 month')::date))).*
             FROM month_rollup m, back WHERE m.member_id = '{id}' AND n < {days} / 30;
         DROP TABLE back; SET session_replication_role = origin"
    );
    sqlx::raw_sql(AssertSqlSafe(copies)).execute(&mut owner).await.expect("copies");
    // What was written before this is brought to the disk now, and not while a change is timed.
    for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
        sqlx::raw_sql(statement).execute(&mut owner).await.expect("statistics");
    }
    let cookie = stage.sign_in(name).await;
    let (_, token) = cookie.split_once('=').expect("a cookie");
    match stage.services.caller(token).await.expect("a look-up") {
        Some(Caller::Member(member)) => member,
        other => panic!("{other:?}"),
    }
}

/// Milliseconds of each change, all that goes to and from the database among them: half leave a session of the last month
/// out, half take it in again.
async fn change(stage: &Stage, member: &Member) -> Vec<f64> {
    let mut owner = PgConnection::connect_with(&stage.owner).await.expect("the owner");
    let sessions: Vec<Uuid> =
        sqlx::query_scalar("SELECT session_id FROM session WHERE member_id = $1 ORDER BY local_date DESC LIMIT 28")
            .bind(member.member_id.uuid())
            .fetch_all(&mut owner)
            .await
            .expect("sessions");
    let mut times = Vec::with_capacity(TIMES);
    for warm in [true, false] {
        for _ in 0..if warm { 50 } else { TIMES / 2 } {
            let session = SessionId(sessions[rand::rng().random_range(0..sessions.len())]);
            let begun = Instant::now();
            stage.services.exclude_session(member, session).await.expect("left out");
            let left_out = begun.elapsed();
            let begun = Instant::now();
            stage.services.include_session(member, session).await.expect("taken in");
            if !warm {
                times.extend([left_out, begun.elapsed()].map(|took| took.as_secs_f64() * 1e3));
            }
        }
    }
    times
}
