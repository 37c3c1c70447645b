//! How a queue goes along: what was done in the last minutes, how busy that kept the workers, and who has paused it.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use spectrum_domain::job::Queue;
use sqlx::PgConnection;

/// Minutes that are looked back on: whole ones, so that the last is no shorter than the others.
pub const MINUTES: usize = 5;

/// The pace of one queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pace {
    /// Its name.
    pub queue: String,
    /// Tries that ended in each of the minutes, oldest first.
    pub ended: [i64; MINUTES],
    /// Jobs that ran at once, on average over those minutes.
    pub at_once: f64,
    /// Workers that take from it and were heard of in the last minute.
    pub workers: i64,
    /// Since when it is paused.
    pub paused_at: Option<DateTime<Utc>>,
    /// By whom.
    pub paused_by: Option<String>,
}

/// Looks at every queue, in their order.
pub(crate) async fn look(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Pace>, sqlx::Error> {
    let until = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
    let span = i64::try_from(MINUTES).unwrap_or_default();
    let since = until - TimeDelta::minutes(span);
    let names = Queue::ALL.map(|queue| queue.name().to_owned());
    let minutes = sqlx::query!(
        r#"SELECT queue, minute, sum(n)::bigint AS "n!", sum(run_ms)::bigint AS "run_ms!" FROM job_stat
           WHERE minute >= $1 AND minute < $2 GROUP BY queue, minute"#,
        since,
        until
    )
    .fetch_all(&mut *connection)
    .await?;
    let rows = sqlx::query!(
        r#"SELECT t.name AS "queue!", q.paused_at AS "paused_at?", q.paused_by AS "paused_by?",
                  (SELECT count(*) FROM job_worker AS w
                   WHERE t.name = ANY (w.queues) AND w.seen_at > clock_timestamp() - interval '1 minute') AS "workers!"
           FROM unnest($1::text[]) WITH ORDINALITY AS t (name, place)
           LEFT JOIN job_queue AS q ON q.name = t.name AND q.paused
           ORDER BY place"#,
        &names
    )
    .fetch_all(connection)
    .await?;
    let paces = rows.into_iter().map(|row| {
        let mut pace = Pace {
            queue: row.queue,
            workers: row.workers,
            paused_at: row.paused_at,
            paused_by: row.paused_by,
            ..Pace::default()
        };
        for minute in minutes.iter().filter(|minute| minute.queue == pace.queue) {
            let which = usize::try_from((minute.minute - since).num_minutes()).unwrap_or(MINUTES);
            if let Some(ended) = pace.ended.get_mut(which) {
                *ended += minute.n;
            }
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of five minutes")]
            let share = minute.run_ms as f64 / (span * 60_000) as f64;
            pace.at_once += share;
        }
        pace
    });
    Ok(paces.collect())
}
