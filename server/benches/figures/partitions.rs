//! What the partitions of sealed text cost and bring: reading a session's text, and dropping a day of it, beside the
//! same in one flat table; and the indexes that were chosen beside those that were not. `docs/partitions.md` quotes these
//! figures.

use std::time::Instant;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::{
    report::{Report, quantile},
    stage::Stage,
};

/// Texts a day, in thirty days: 2,000 members with four texts in each.
const MEMBERS: usize = 2_000;
const TEXTS: usize = 4;
const DAYS: usize = 30;

pub async fn measure(stage: &Stage, report: &mut Report) {
    let mut owner = PgConnection::connect_with(&stage.owner).await.expect("the owner");
    let columns =
        "(member uuid, session uuid, index int, day date, body bytea, PRIMARY KEY (member, session, index, day))";
    run(&mut owner, &format!("CREATE UNLOGGED TABLE bench_flat {columns}")).await;
    run(&mut owner, "ALTER TABLE bench_flat SET LOGGED").await;
    run(&mut owner, &format!("CREATE TABLE bench_day {columns} PARTITION BY RANGE (day)")).await;
    for day in 1..=DAYS {
        let date = format!("2025-01-{day:02}");
        run(
            &mut owner,
            &format!(
                "CREATE TABLE bench_day_{day} PARTITION OF bench_day FOR VALUES FROM ('{date}') TO (date '{date}' + 1)"
            ),
        )
        .await;
    }
    // Inserted day by day, as in life, so that a member's rows lie scattered in the flat table.
    for table in ["bench_flat", "bench_day"] {
        for day in 1..=DAYS {
            run(
                &mut owner,
                &format!(
                    "INSERT INTO {table} SELECT md5('m' || m)::uuid, md5('s' || m || '-{day}')::uuid, i,
                            '2025-01-{day:02}', decode(repeat(md5(m::text || i), 12), 'hex')
                     FROM generate_series(1, {MEMBERS}) AS m, generate_series(1, {TEXTS}) AS i"
                ),
            )
            .await;
        }
        run(&mut owner, &format!("VACUUM ANALYZE {table}")).await;
    }
    // The analyzer knows on which days a session's text came in; without that all partitions would be asked.
    let flat = read_session(&mut owner, "bench_flat", "").await;
    let known = read_session(&mut owner, "bench_day", "AND day BETWEEN '2025-01-06' AND '2025-01-06'").await;
    let unknown = read_session(&mut owner, "bench_day", "").await;
    report.ratio("partitions_read_session", known, "ms p50", flat, "≤ 1.5");
    report.ratio("partitions_read_session_no_day", unknown, "ms p50", flat, "");
    let (flat, flat_wal) = timed(&mut owner, "DELETE FROM bench_flat WHERE day = '2025-01-01'").await;
    let (dropped, dropped_wal) = timed(&mut owner, "DROP TABLE bench_day_1").await;
    report.ratio("partitions_drop_day_ms", dropped, "ms", flat, "≤ 0.5");
    report.ratio("partitions_drop_day_wal_kib", dropped_wal, "KiB", flat_wal, "≤ 0.1");
    run(&mut owner, "DROP TABLE bench_flat, bench_day").await;
    indexes(&mut owner, report).await;
}

/// The indexes of what is let go by age, of what is still to be read, and of whose week ends when.
async fn indexes(owner: &mut PgConnection, report: &mut Report) {
    run(
        owner,
        "CREATE TABLE bench_receipt AS SELECT gen_random_uuid() AS member_id, gen_random_uuid() AS event_id,
                '2025-01-01'::timestamptz + n * interval '2 seconds' AS received_at
         FROM generate_series(1, 1000000) AS n;
         CREATE INDEX bench_brin ON bench_receipt USING brin (received_at);
         CREATE INDEX bench_btree ON bench_receipt (received_at)",
    )
    .await;
    let (brin, btree) = (kibibytes(owner, "bench_brin").await, kibibytes(owner, "bench_btree").await);
    report.ratio("index_receipt_age_kib", brin, "KiB", btree, "≤ 0.1");
    run(
        owner,
        "CREATE TABLE bench_session AS SELECT gen_random_uuid() AS member_id,
                CASE WHEN n % 1000 = 0 THEN 'ended' ELSE 'analysed' END AS state FROM generate_series(1, 1000000) AS n;
         CREATE INDEX bench_unread ON bench_session (member_id) WHERE state IN ('open', 'ended');
         CREATE INDEX bench_state ON bench_session (member_id, state)",
    )
    .await;
    let (unread, all) = (kibibytes(owner, "bench_unread").await, kibibytes(owner, "bench_state").await);
    report.ratio("index_session_unread_kib", unread, "KiB", all, "≤ 0.1");
    // Twenty calendars among a hundred thousand members.
    run(
        owner,
        "CREATE TABLE bench_member AS SELECT gen_random_uuid() AS member_id, 'Zone/' || n % 10 AS zone,
                CASE WHEN n % 20 < 10 THEN 'monday' ELSE 'sunday' END AS week_start FROM generate_series(1, 100000) AS n;
         CREATE INDEX bench_calendar ON bench_member (zone, week_start, member_id)",
    )
    .await;
    run(owner, "VACUUM ANALYZE bench_member").await;
    let hop = "WITH RECURSIVE calendar AS (
            (SELECT zone, week_start FROM bench_member ORDER BY zone, week_start LIMIT 1)
            UNION ALL
            SELECT next.zone, next.week_start FROM calendar CROSS JOIN LATERAL (
                SELECT zone, week_start FROM bench_member
                WHERE (zone, week_start) > (calendar.zone, calendar.week_start) ORDER BY zone, week_start LIMIT 1) AS next
        ) SELECT zone, week_start FROM calendar";
    let hop = often(owner, hop).await;
    let distinct = often(owner, "SELECT DISTINCT zone, week_start FROM bench_member").await;
    report.ratio("index_calendars_ms", hop, "ms p50", distinct, "≤ 0.1");
    run(owner, "DROP TABLE bench_receipt, bench_session, bench_member").await;
}

async fn kibibytes(owner: &mut PgConnection, index: &str) -> f64 {
    let size = "SELECT pg_relation_size($1::regclass)::float8 / 1024";
    sqlx::query_scalar(size).bind(index).fetch_one(owner).await.expect("a size")
}

/// Milliseconds of a query that gives twenty rows.
async fn often(owner: &mut PgConnection, sql: &str) -> f64 {
    let mut times = Vec::new();
    for _ in 0..21 {
        let started = Instant::now();
        let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut *owner).await.expect("rows");
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        assert_eq!(rows.len(), 20);
    }
    quantile(&mut times, 0.5)
}

async fn run(owner: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(owner).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// Milliseconds to read one session's texts.
async fn read_session(owner: &mut PgConnection, table: &str, on: &str) -> f64 {
    let sql = format!(
        "SELECT body FROM {table} WHERE member = md5('m' || $1)::uuid AND session = md5('s' || $1 || '-6')::uuid {on}"
    );
    let mut times = Vec::new();
    for member in 0..500 {
        let started = Instant::now();
        sqlx::query(AssertSqlSafe(sql.clone()))
            .bind((member * 3 + 1).to_string())
            .fetch_all(&mut *owner)
            .await
            .expect("rows");
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    quantile(&mut times, 0.5)
}

/// Milliseconds and KiB of write-ahead log that a statement takes.
async fn timed(owner: &mut PgConnection, sql: &str) -> (f64, f64) {
    let before: String = wal(owner).await;
    let started = Instant::now();
    run(owner, sql).await;
    let took = started.elapsed().as_secs_f64() * 1000.0;
    let bytes: f64 = sqlx::query_scalar("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), $1::pg_lsn)::float8")
        .bind(before)
        .fetch_one(owner)
        .await
        .expect("the log's place");
    (took, bytes / 1024.0)
}

async fn wal(owner: &mut PgConnection) -> String {
    sqlx::query_scalar("SELECT pg_current_wal_lsn()::text").fetch_one(owner).await.expect("the log's place")
}
