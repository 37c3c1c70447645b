//! Who came to the teaser's place on which day, and who upgraded how long after it: added up anew every night.

use chrono::NaiveDate;
use spectrum_domain::effect::experiment::Trial;
use sqlx::PgConnection;

use super::{
    experiments::{self, Experiment},
    sum_night,
};
use crate::error::ServiceError;

/// Adds up anew who was exposed on which day and who upgraded how many hours later: the first upgrade at or after it, within 28 days.
pub(crate) async fn sum(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM exposure_sum").execute(&mut *connection).await?;
    sqlx::query!(
        "WITH exposed AS (
             SELECT e.member_id, e.experiment, e.arm, e.exposed_at, (e.exposed_at AT TIME ZONE 'UTC')::date AS day,
                    NOT e.crossed AND EXISTS (SELECT FROM experiment x WHERE x.name = e.experiment AND e.exposed_at >= x.started_at
                                              AND (x.ended_at IS NULL OR e.exposed_at < x.ended_at)) AS drawn,
                    u.upgraded_at, u.refunded_at
             FROM exposure e
             LEFT JOIN LATERAL (
                 SELECT upgraded_at, refunded_at FROM upgrade u
                 WHERE u.member_id = e.member_id AND u.upgraded_at >= e.exposed_at
                 ORDER BY upgraded_at LIMIT 1) AS u ON true
             WHERE e.experiment = 'teaser'
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

/// What the team sees of a feature's exposures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposures {
    /// By day, arm and hour.
    pub sums: Vec<ExposureSum>,
    /// Who is kept from it, if anybody is or was.
    pub experiment: Option<Experiment>,
    /// The first day that is in no number; nothing before the first night.
    pub until: Option<NaiveDate>,
}

/// The sums of first exposures from a day on, before another.
pub(crate) async fn load(
    connection: &mut PgConnection,
    first: NaiveDate,
    after: NaiveDate,
) -> Result<Exposures, ServiceError> {
    let sums = sqlx::query_as!(
        ExposureSum,
        "SELECT drawn, arm, day, hour, people, refunded FROM exposure_sum
         WHERE experiment = 'teaser' AND day >= $1 AND day < $2 ORDER BY day, drawn, arm, hour",
        first,
        after
    )
    .fetch_all(&mut *connection)
    .await?;
    let until = sum_night::until(&mut *connection, sum_night::Part::Arms).await?;
    let experiment = experiments::load(connection).await?.into_iter().find(|of| of.trial == Trial::Teaser);
    Ok(Exposures { sums, experiment, until })
}
