//! Retention: what has been kept for as long as it may be is let go, a few thousand rows a transaction, and sealed text by
//! the day. [`super::retention`] has the times.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use super::retention::Retention;
use crate::{db::scope::plain_transaction, error::ServiceError};

/// Rows of one statement: it holds its locks for some milliseconds.
const BATCH: i64 = 5_000;

/// Days of members' sessions that are let go in one transaction.
const DAYS: i64 = 500;

/// Something that is kept for a time.
struct Kept {
    /// Where.
    table: &'static str,
    /// What names a row: where the role may not see whole rows, a column that it may.
    row: &'static str,
    /// What its age is read from.
    age: &'static str,
    /// For how long.
    days: i64,
}

/// What is kept for as long as the machine needs it, whatever the settings.
const KEPT: [Kept; 6] = [
    // Past that, keys of the domain keep a second job from doing harm.
    Kept { table: "job_key", row: "ctid", age: "bucket", days: 60 },
    Kept { table: "event_receipt", row: "ctid", age: "received_at", days: 30 },
    Kept { table: "job_stat", row: "ctid", age: "minute", days: 14 },
    // Longer than a period is made up for, so that what was planned last is always known.
    Kept { table: "schedule_run", row: "ctid", age: "period", days: 120 },
    Kept { table: "job_worker", row: "ctid", age: "seen_at", days: 1 },
    Kept { table: "idempotency_key", row: "key_hash", age: "created_at", days: 1 },
];

/// Where a session lies, those first that refer to others.
const OF_A_SESSION: [&str; 7] =
    ["turn_impact", "correction", "session_vector", "exclusion", "turn_text", "turn", "session"];

/// What a round let go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Days of sealed text.
    pub days_of_text: i32,
    /// Rows by table.
    pub rows: BTreeMap<&'static str, u64>,
}

impl Purged {
    /// Rows of all tables.
    pub fn all_rows(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// Lets go what is too old.
pub(crate) async fn purge(pool: &PgPool, retention: &Retention, now: DateTime<Utc>) -> Result<Purged, ServiceError> {
    let mut purged = Purged::default();
    let impacts = Kept { table: "turn_impact", row: "ctid", age: "created_at", days: retention.impact_days };
    for Kept { table, row, age, days } in KEPT.into_iter().chain([impacts]) {
        let statement = format!(
            "DELETE FROM {table} WHERE {row} = ANY (ARRAY(SELECT {row} FROM {table} WHERE {age} < $1 LIMIT {BATCH}))"
        );
        let then = now - TimeDelta::days(days);
        loop {
            // Each table's column is a date or an instant; a date is held against its midnight.
            let done = sqlx::query(AssertSqlSafe(statement.clone())).bind(then).execute(pool).await?.rows_affected();
            *purged.rows.entry(table).or_default() += done;
            if done == 0 {
                break;
            }
        }
    }
    let yesterday = now - TimeDelta::days(1);
    let links = sqlx::query!("DELETE FROM one_time_link WHERE expires_at < $1", yesterday).execute(pool).await?;
    purged.rows.insert("one_time_link", links.rows_affected());
    let sessions = sqlx::query!("DELETE FROM web_session WHERE expires_at < $1", yesterday).execute(pool).await?;
    purged.rows.insert("web_session", sessions.rows_affected());
    purge_sessions(pool, retention.sessions_since(now), &mut purged).await?;
    purge_rollups(pool, retention.rollups_since(now), &mut purged).await?;
    let before = retention.text_since(now);
    purged.days_of_text =
        sqlx::query_scalar!(r#"SELECT drop_turn_text_partitions($1) AS "days!""#, before).fetch_one(pool).await?;
    Ok(purged)
}

/// Lets sessions go with all that was measured of them, a member's local day at a time: the day's sums stay, and from then on
/// nothing adds it up again. A day that holds a session which came in later waits for that one.
async fn purge_sessions(pool: &PgPool, since: DateTime<Utc>, purged: &mut Purged) -> Result<(), ServiceError> {
    loop {
        let mut transaction = plain_transaction(pool).await?;
        let days = sqlx::query!(
            "SELECT DISTINCT member_id, local_date FROM session s
             WHERE received_at < $1
               AND NOT EXISTS (SELECT FROM session o WHERE o.member_id = s.member_id AND o.local_date = s.local_date
                                                       AND o.received_at >= $1)
             LIMIT $2",
            since,
            DAYS
        )
        .fetch_all(&mut *transaction)
        .await?;
        if days.is_empty() {
            return Ok(());
        }
        let (members, dates): (Vec<Uuid>, Vec<NaiveDate>) =
            days.into_iter().map(|row| (row.member_id, row.local_date)).unzip();
        // Locked first and in one order, as whoever adds a member's days up does.
        sqlx::query!(
            "WITH locked AS (SELECT member_id FROM member WHERE member_id = ANY ($1) ORDER BY member_id
                             FOR NO KEY UPDATE)
             UPDATE member SET data_version = data_version + 1 FROM locked WHERE member.member_id = locked.member_id",
            &members
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            "UPDATE day_rollup SET settled = true FROM unnest($1::uuid[], $2::date[]) AS t (member_id, day)
             WHERE day_rollup.member_id = t.member_id AND day_rollup.period = t.day",
            &members,
            &dates
        )
        .execute(&mut *transaction)
        .await?;
        let sessions = sqlx::query!(
            "SELECT s.member_id, s.session_id FROM session s
             JOIN unnest($1::uuid[], $2::date[]) AS t (member_id, day)
               ON s.member_id = t.member_id AND s.local_date = t.day",
            &members,
            &dates
        )
        .fetch_all(&mut *transaction)
        .await?;
        let (members, sessions): (Vec<Uuid>, Vec<Uuid>) =
            sessions.into_iter().map(|row| (row.member_id, row.session_id)).unzip();
        for table in OF_A_SESSION {
            let statement = format!(
                "DELETE FROM {table} AS held USING unnest($1::uuid[], $2::uuid[]) AS t (member_id, session_id)
                 WHERE held.member_id = t.member_id AND held.session_id = t.session_id"
            );
            let gone = sqlx::query(AssertSqlSafe(statement)).bind(&members).bind(&sessions);
            *purged.rows.entry(table).or_default() += gone.execute(&mut *transaction).await?.rows_affected();
        }
        transaction.commit().await?;
    }
}

/// Lets sums go of days before that day of which no session is held any more, and of weeks and months none of whose days
/// are held.
async fn purge_rollups(pool: &PgPool, since: NaiveDate, purged: &mut Purged) -> Result<(), ServiceError> {
    let held_day = "SELECT FROM session s WHERE s.member_id = held.member_id AND s.local_date = held.period";
    let held_week = "SELECT FROM day_rollup d WHERE d.member_id = held.member_id
                     AND d.period >= held.period AND d.period < held.period + 7";
    let held_month = "SELECT FROM day_rollup d WHERE d.member_id = held.member_id
                      AND d.period >= held.period AND d.period < held.period + interval '1 month'";
    for (table, unless) in [("day_rollup", held_day), ("week_rollup", held_week), ("month_rollup", held_month)] {
        let statement = format!(
            "WITH gone AS (
                 DELETE FROM {table} WHERE ctid = ANY (ARRAY(
                     SELECT ctid FROM {table} AS held WHERE period < $1 AND NOT EXISTS ({unless}) LIMIT {BATCH}))
                 RETURNING member_id
             ), raised AS (
                 UPDATE member SET data_version = data_version + 1 WHERE member_id IN (SELECT member_id FROM gone)
             )
             SELECT count(*) FROM gone"
        );
        loop {
            let gone: i64 = sqlx::query_scalar(AssertSqlSafe(statement.clone())).bind(since).fetch_one(pool).await?;
            *purged.rows.entry(table).or_default() += u64::try_from(gone).unwrap_or_default();
            if gone == 0 {
                break;
            }
        }
    }
    Ok(())
}
