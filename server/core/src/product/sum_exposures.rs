//! Who came to a feature's place first when, and who upgraded after it: logged once a member, added up every night.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

/// Logs first exposures since the night before: by lot kept or not, everybody is logged who came to the place.
pub(crate) async fn log_first(connection: &mut PgConnection, before: NaiveDate) -> Result<u64, sqlx::Error> {
    let since = sqlx::query_scalar!("SELECT max(exposed_at)::date FROM exposure WHERE experiment = 'teaser'")
        .fetch_one(&mut *connection)
        .await?;
    let done = sqlx::query!(
        "INSERT INTO exposure (member_id, experiment, arm, exposed_at)
         SELECT DISTINCT ON (member_id) member_id, 'teaser',
                CASE WHEN properties->>'teaser_variant' = 'holdout' THEN 'holdout' ELSE 'feature' END, recorded_at
         FROM product_event WHERE event = 10 AND ($1::date IS NULL OR day >= $1) AND day < $2
         ORDER BY member_id, recorded_at
         ON CONFLICT DO NOTHING",
        since,
        before
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Adds up anew who was exposed on which day and who upgraded how many hours later: the first upgrade at or after it, within 28 days.
pub(crate) async fn sum(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM exposure_sum").execute(&mut *connection).await?;
    sqlx::query!(
        "WITH exposed AS (
             SELECT e.member_id, e.experiment, e.arm, e.exposed_at, (e.exposed_at AT TIME ZONE 'UTC')::date AS day,
                    EXISTS (SELECT FROM experiment x WHERE x.name = e.experiment AND e.exposed_at >= x.started_at
                            AND (x.ended_at IS NULL OR e.exposed_at < x.ended_at)) AS drawn,
                    u.upgraded_at, u.refunded_at
             FROM exposure e
             LEFT JOIN LATERAL (
                 SELECT upgraded_at, refunded_at FROM upgrade u
                 WHERE u.member_id = e.member_id AND u.upgraded_at >= e.exposed_at
                 ORDER BY upgraded_at LIMIT 1) AS u ON true
         ), counted AS (
             SELECT experiment, drawn, arm, day, -1 AS hour, count(*) AS people, 0::bigint AS refunded FROM exposed
             GROUP BY experiment, drawn, arm, day
             UNION ALL
             SELECT experiment, drawn, arm, day, hour, count(*),
                    count(*) FILTER (WHERE refunded_at < upgraded_at + interval '30 days')
             FROM exposed CROSS JOIN LATERAL (VALUES
                 (floor(extract(epoch FROM upgraded_at - exposed_at) / 3600)::integer)) AS after (hour)
             WHERE hour BETWEEN 0 AND 671
             GROUP BY experiment, drawn, arm, day, hour
         )
         INSERT INTO exposure_sum (experiment, drawn, arm, day, hour, people, refunded)
         SELECT experiment, drawn, arm, day, hour, people, refunded FROM counted"
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// People of an arm by the day of their first exposure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExposureSum {
    /// Whether an experiment ran then.
    pub drawn: bool,
    /// `feature` or `holdout`.
    pub arm: String,
    /// The day.
    pub day: NaiveDate,
    /// Hours to the upgrade; -1 of everybody.
    pub hour: i16,
    /// How many.
    pub people: i64,
    /// Those of them who were paid back within thirty days.
    pub refunded: i64,
}

/// A feature that some are kept from by lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holdout {
    /// Of a thousand members.
    pub permille: i16,
    /// Since when.
    pub started_at: DateTime<Utc>,
    /// Until when.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What the team sees of a feature's exposures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposures {
    /// By day, arm and hour.
    pub sums: Vec<ExposureSum>,
    /// Who is kept from it, if anybody is or was.
    pub experiment: Option<Holdout>,
}

/// The sums of first exposures from a day on, before another.
pub(crate) async fn load(
    connection: &mut PgConnection,
    first: NaiveDate,
    after: NaiveDate,
) -> Result<Exposures, sqlx::Error> {
    let sums = sqlx::query_as!(
        ExposureSum,
        "SELECT drawn, arm, day, hour, people, refunded FROM exposure_sum
         WHERE experiment = 'teaser' AND day >= $1 AND day < $2 ORDER BY day, drawn, arm, hour",
        first,
        after
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(Exposures { sums, experiment: load_experiment(connection).await? })
}

/// The teaser's experiment, running or ended.
pub(crate) async fn load_experiment(connection: &mut PgConnection) -> Result<Option<Holdout>, sqlx::Error> {
    sqlx::query_as!(
        Holdout,
        "SELECT holdout_permille AS permille, started_at, ended_at FROM experiment WHERE name = 'teaser'"
    )
    .fetch_optional(connection)
    .await
}

/// Starts it, if there is none and never was.
pub(crate) async fn start(
    connection: &mut PgConnection,
    holdout_permille: i16,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO experiment (name, holdout_permille, started_at) VALUES ('teaser', $1, $2) ON CONFLICT DO NOTHING",
        holdout_permille,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends it, if it runs.
pub(crate) async fn end(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("UPDATE experiment SET ended_at = $1 WHERE name = 'teaser' AND ended_at IS NULL", now)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}
