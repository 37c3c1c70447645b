//! Retention: what has been kept for as long as it may be is let go, a few thousand rows a transaction, and sealed text by
//! the day.
//!
//! Vectors and rollups are kept for more than a year and belong to what members control: they are not let go here.

use chrono::{DateTime, Days, TimeDelta, Utc};
use sqlx::{AssertSqlSafe, PgPool};

use crate::error::ServiceError;

/// Days that sealed text is kept.
pub const TEXT_DAYS: u64 = 30;

/// Rows of one statement: it holds its locks for some milliseconds.
const BATCH: i64 = 5_000;

/// Something that is kept for a time.
struct Kept {
    /// Where.
    table: &'static str,
    /// What its age is read from.
    age: &'static str,
    /// For how long.
    days: i64,
}

const KEPT: [Kept; 6] = [
    // Past that, keys of the domain keep a second job from doing harm.
    Kept { table: "job_key", age: "bucket", days: 60 },
    Kept { table: "event_receipt", age: "received_at", days: 30 },
    Kept { table: "turn_impact", age: "created_at", days: 90 },
    Kept { table: "job_stat", age: "minute", days: 14 },
    // Longer than a period is made up for, so that what was planned last is always known.
    Kept { table: "schedule_run", age: "period", days: 120 },
    Kept { table: "job_worker", age: "seen_at", days: 1 },
];

/// What a round let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Days of sealed text.
    pub days_of_text: i32,
    /// Rows of everything else.
    pub rows: u64,
}

/// Lets go what is too old.
pub(crate) async fn purge(pool: &PgPool, now: DateTime<Utc>) -> Result<Purged, ServiceError> {
    let mut purged = Purged::default();
    for kept in KEPT {
        let Kept { table, age, days } = kept;
        let statement = format!(
            "DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {age} < $1 LIMIT {BATCH}))"
        );
        let then = now - TimeDelta::days(days);
        loop {
            // Each table's column is a date or an instant; a date is held against its midnight.
            let done = sqlx::query(AssertSqlSafe(statement.clone())).bind(then).execute(pool).await?.rows_affected();
            purged.rows += done;
            if done == 0 {
                break;
            }
        }
    }
    purged.rows += sqlx::query!("DELETE FROM one_time_link WHERE expires_at < $1", now - TimeDelta::days(1))
        .execute(pool)
        .await?
        .rows_affected();
    purged.rows += sqlx::query!("DELETE FROM web_session WHERE expires_at < $1", now - TimeDelta::days(1))
        .execute(pool)
        .await?
        .rows_affected();
    let before = now.date_naive().checked_sub_days(Days::new(TEXT_DAYS)).unwrap_or_default();
    purged.days_of_text =
        sqlx::query_scalar!(r#"SELECT drop_turn_text_partitions($1) AS "days!""#, before).fetch_one(pool).await?;
    Ok(purged)
}
