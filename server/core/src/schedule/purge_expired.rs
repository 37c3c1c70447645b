//! Retention: what has been kept for as long as it may be is let go, a few thousand rows a transaction, and sealed text by
//! the day. [`super::retention`] has the times.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use spectrum_domain::id::MemberId;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use uuid::Uuid;

use super::retention::{Retention, product_events_since};
use crate::{db::scope::raise_data_version, error::ServiceError};

/// Rows of one statement: it holds its locks for some milliseconds.
const BATCH: i64 = 5_000;

/// Members that are looked for at a time.
const MEMBERS: i64 = 500;

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
const KEPT: [Kept; 21] = [
    // Past that, keys of the domain keep a second job from doing harm.
    Kept { table: "job_key", row: "ctid", age: "bucket", days: 60 },
    Kept { table: "event_receipt", row: "ctid", age: "received_at", days: 30 },
    Kept { table: "job_stat", row: "ctid", age: "minute", days: 14 },
    // Longer than a period is made up for, so that what was planned last is always known.
    Kept { table: "schedule_run", row: "ctid", age: "period", days: 120 },
    // Six years: long enough to answer for what was done.
    Kept { table: "audit", row: "ctid", age: "at", days: 2_192 },
    Kept { table: "job_worker", row: "ctid", age: "seen_at", days: 1 },
    Kept { table: "idempotency_key", row: "key_hash", age: "created_at", days: 1 },
    // Batches end after a day, one way or another: what is left of one belongs to a job that died.
    Kept { table: "rephrasing", row: "item_id", age: "waiting_since", days: 7 },
    Kept { table: "model_batch", row: "ctid", age: "formed_at", days: 7 },
    Kept { table: "push_attempt", row: "delivery_id", age: "at", days: 90 },
    // Longer than two weeks are compared by, and as long as its tries.
    Kept { table: "push_outbox", row: "delivery_id", age: "settled_at", days: 90 },
    // After nine months Google forgets a device too (docs/push.md).
    Kept { table: "device", row: "device_id", age: "seen_at", days: 270 },
    // As long as what members are told: the same week two years ago can be looked at.
    Kept { table: "use_sum", row: "ctid", age: "period", days: 762 },
    Kept { table: "use_period", row: "ctid", age: "period", days: 762 },
    Kept { table: "told_sum", row: "ctid", age: "month", days: 762 },
    Kept { table: "verdict_sum", row: "ctid", age: "month", days: 762 },
    Kept { table: "member_month_sum", row: "ctid", age: "month", days: 762 },
    Kept { table: "model_call_sum", row: "ctid", age: "day", days: 762 },
    Kept { table: "model_refusal_sum", row: "ctid", age: "day", days: 762 },
    Kept { table: "model_route_sum", row: "ctid", age: "day", days: 762 },
    Kept { table: "used_nonce", row: "ctid", age: "expires_at", days: 0 },
];

/// Where a session lies, those first that refer to others. Its text is long gone: settings that would keep it longer are
/// refused.
const OF_A_SESSION: [&str; 6] = ["turn_impact", "correction", "session_vector", "exclusion", "turn", "session"];

/// What a round let go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Days of sealed text.
    pub days_of_text: i32,
    /// Months of events of use.
    pub months_of_events: i32,
    /// Rows by table.
    pub rows: BTreeMap<&'static str, u64>,
}

impl Purged {
    /// Adds what was let go of one member.
    pub(crate) fn add(&mut self, rows: BTreeMap<&'static str, u64>) {
        for (table, gone) in rows {
            *self.rows.entry(table).or_default() += gone;
        }
    }

    /// Rows of all tables.
    pub fn all_rows(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// Lets go what is too old and nobody's in particular, and sealed text by the day.
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
    // Whose an address is goes with the device.
    let addresses = sqlx::query!(
        "DELETE FROM device_address a WHERE NOT EXISTS (
             SELECT FROM device d WHERE d.member_id = a.member_id AND d.device_id = a.device_id)"
    )
    .execute(pool)
    .await?;
    purged.rows.insert("device_address", addresses.rows_affected());
    let yesterday = now - TimeDelta::days(1);
    let links = sqlx::query!("DELETE FROM one_time_link WHERE expires_at < $1", yesterday).execute(pool).await?;
    purged.rows.insert("one_time_link", links.rows_affected());
    let sessions = sqlx::query!("DELETE FROM web_session WHERE expires_at < $1", yesterday).execute(pool).await?;
    purged.rows.insert("web_session", sessions.rows_affected());
    let exports = sqlx::query!("DELETE FROM export WHERE expires_at < $1", now).execute(pool).await?;
    purged.rows.insert("export", exports.rows_affected());
    let before = retention.text_since(now);
    purged.days_of_text =
        sqlx::query_scalar!(r#"SELECT drop_turn_text_partitions($1) AS "days!""#, before).fetch_one(pool).await?;
    let before = product_events_since(now);
    purged.months_of_events =
        sqlx::query_scalar!(r#"SELECT drop_product_event_partitions($1) AS "months!""#, before).fetch_one(pool).await?;
    Ok(purged)
}

/// The next members with local days all of whose sessions came in before that instant.
pub(crate) async fn members_with_old_days(
    connection: &mut PgConnection,
    since: DateTime<Utc>,
    after: Uuid,
) -> Result<Vec<MemberId>, sqlx::Error> {
    let members = sqlx::query_scalar!(
        "SELECT DISTINCT member_id FROM session s
         WHERE received_at < $1 AND member_id > $2
           AND NOT EXISTS (SELECT FROM session o WHERE o.member_id = s.member_id AND o.local_date = s.local_date
                                                   AND o.received_at >= $1)
         ORDER BY member_id LIMIT $3",
        since,
        after,
        MEMBERS
    )
    .fetch_all(connection)
    .await?;
    Ok(members.into_iter().map(MemberId::from).collect())
}

/// Lets a member's sessions go with all that was measured of them, by the local day: the day's sums stay, and from then on
/// nothing adds it up again. A day that holds a session which came in later waits for that one. Gives rows by table.
pub(crate) async fn purge_days(
    connection: &mut PgConnection,
    member: MemberId,
    since: DateTime<Utc>,
) -> Result<BTreeMap<&'static str, u64>, ServiceError> {
    let mut rows = BTreeMap::new();
    // Held first, as by whoever adds the member's days up.
    if raise_data_version(connection, member).await?.is_none() {
        return Ok(rows);
    }
    let days: Vec<NaiveDate> = sqlx::query_scalar!(
        "SELECT local_date FROM session WHERE member_id = $1 GROUP BY local_date HAVING max(received_at) < $2",
        member.uuid(),
        since
    )
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE day_rollup SET settled = true WHERE member_id = $1 AND period = ANY ($2)",
        member.uuid(),
        &days
    )
    .execute(&mut *connection)
    .await?;
    let sessions: Vec<Uuid> = sqlx::query_scalar!(
        "SELECT session_id FROM session WHERE member_id = $1 AND local_date = ANY ($2)",
        member.uuid(),
        &days
    )
    .fetch_all(&mut *connection)
    .await?;
    for table in OF_A_SESSION {
        let statement = format!("DELETE FROM {table} WHERE member_id = $1 AND session_id = ANY ($2)");
        let gone = sqlx::query(AssertSqlSafe(statement)).bind(member.uuid()).bind(&sessions);
        rows.insert(table, gone.execute(&mut *connection).await?.rows_affected());
    }
    Ok(rows)
}

/// Lets go what was told of periods before that day, and what was said of it then.
pub(crate) async fn purge_told(pool: &PgPool, since: NaiveDate, purged: &mut Purged) -> Result<(), ServiceError> {
    for (table, age) in [("edition", "period"), ("feedback", "given_at"), ("member_spend", "month")] {
        let statement = format!(
            "DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {age} < $1 LIMIT {BATCH}))"
        );
        loop {
            let gone = sqlx::query(AssertSqlSafe(statement.clone())).bind(since).execute(pool).await?.rows_affected();
            *purged.rows.entry(table).or_default() += gone;
            if gone == 0 {
                break;
            }
        }
    }
    Ok(())
}

/// Lets sums go of days before that day of which no session is held any more, and of weeks and months none of whose days
/// are held.
pub(crate) async fn purge_rollups(pool: &PgPool, since: NaiveDate, purged: &mut Purged) -> Result<(), ServiceError> {
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
