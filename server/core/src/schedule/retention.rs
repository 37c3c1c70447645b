//! For how long what is kept, and the look at whether it is so.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use sqlx::PgConnection;

/// For how long what is kept. The defaults are those of the product; docs/operating.md has the reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Days that sealed text is kept.
    pub text_days: i64,
    /// Days that the impacts of turns are kept.
    pub impact_days: i64,
    /// Months, after it came in, that a session and its measure are kept.
    pub session_months: u32,
    /// Months that the sums of a day, a week and a month are kept.
    pub rollup_months: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { text_days: 30, impact_days: 90, session_months: 13, rollup_months: 25 }
    }
}

impl Retention {
    /// Text received on days before this one is let go.
    pub(crate) fn text_since(&self, now: DateTime<Utc>) -> NaiveDate {
        (now - TimeDelta::days(self.text_days)).date_naive()
    }

    /// Sessions received before are let go.
    pub(crate) fn sessions_since(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.checked_sub_months(Months::new(self.session_months)).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    /// Sums of days before are let go, unless sessions of theirs are still held.
    pub(crate) fn rollups_since(&self, now: DateTime<Utc>) -> NaiveDate {
        let today = now.date_naive();
        today.checked_sub_months(Months::new(self.rollup_months)).unwrap_or(NaiveDate::MIN)
    }
}

/// Months that events of use are kept: a year, and the same month last year. Whole months go once they began so long ago, so
/// nothing is kept longer.
const PRODUCT_EVENT_MONTHS: u32 = 13;

/// Events of use of months that began before that day are let go.
pub(crate) fn product_events_since(now: DateTime<Utc>) -> NaiveDate {
    now.date_naive().checked_sub_months(Months::new(PRODUCT_EVENT_MONTHS)).unwrap_or(NaiveDate::MIN)
}

/// How a store stands against its limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub store: &'static str,
    /// The oldest that is held; nothing where nothing is.
    pub oldest: Option<DateTime<Utc>>,
    /// What is older should have been let go.
    pub limit: DateTime<Utc>,
    /// Rows past the limit; of sealed text, days; of events of use, months.
    pub overdue: i64,
}

/// How every store of members' data stands. It reads what there is, and nothing that the purge has written down.
pub(crate) async fn look(
    connection: &mut PgConnection,
    retention: &Retention,
    now: DateTime<Utc>,
) -> Result<Vec<Standing>, sqlx::Error> {
    let midnight = |date: NaiveDate| date.and_time(chrono::NaiveTime::MIN).and_utc();
    let (text, sessions) = (midnight(retention.text_since(now)), retention.sessions_since(now));
    let (impacts, rollups) = (now - TimeDelta::days(retention.impact_days), midnight(retention.rollups_since(now)));
    let receipts = now - TimeDelta::days(30);
    let events = midnight(product_events_since(now));
    let rows = sqlx::query!(
        r#"SELECT 'turn_text' AS "store!", min(day)::timestamptz AS oldest,
                  count(*) FILTER (WHERE day < $1::timestamptz) AS "overdue!"
           FROM (SELECT to_date(substr(relname, 11), 'YYYY_MM_DD') AS day
                 FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
                 WHERE inhparent = 'public.turn_text'::regclass) AS text_of
           UNION ALL
           SELECT 'session', min(received_at), count(*) FILTER (
                      WHERE received_at < $2 AND NOT EXISTS (
                          SELECT FROM session o WHERE o.member_id = s.member_id AND o.local_date = s.local_date
                                                  AND o.received_at >= $2))
           FROM session s
           UNION ALL
           SELECT 'turn_impact', min(created_at), count(*) FILTER (WHERE created_at < $3) FROM turn_impact
           UNION ALL
           SELECT 'event_receipt', min(received_at), count(*) FILTER (WHERE received_at < $4) FROM event_receipt
           UNION ALL
           SELECT 'day_rollup', min(period)::timestamptz, count(*) FILTER (
                      WHERE period < $5::timestamptz AND NOT EXISTS (
                          SELECT FROM session o WHERE o.member_id = d.member_id AND o.local_date = d.period))
           FROM day_rollup d
           UNION ALL
           SELECT 'product_event', min(month)::timestamptz, count(*) FILTER (WHERE month < $6::timestamptz)
           FROM (SELECT to_date(substr(relname, 15), 'YYYY_MM') AS month
                 FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
                 WHERE inhparent = 'public.product_event'::regclass) AS events_of"#,
        text,
        sessions,
        impacts,
        receipts,
        rollups,
        events
    )
    .fetch_all(connection)
    .await?;
    let of = |store: &str| match store {
        "turn_text" => ("turn_text", text),
        "session" => ("session", sessions),
        "turn_impact" => ("turn_impact", impacts),
        "event_receipt" => ("event_receipt", receipts),
        "product_event" => ("product_event", events),
        _ => ("day_rollup", rollups),
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let (store, limit) = of(&row.store);
            Standing { store, oldest: row.oldest, limit, overdue: row.overdue }
        })
        .collect())
}
