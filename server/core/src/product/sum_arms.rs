//! Whether people come back: of everybody in an experiment, in which of the twelve weeks after they came into it they held a session.
//! That is known of those who are kept from Spectrum too.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::effect::{
    SampleRatio,
    experiment::{FEATURE, HOLDOUT, Trial},
    retention::{Cohort, Cohorts},
    sample_ratio::NotTested,
};
use sqlx::PgConnection;

use super::{
    experiments::{self, Experiment},
    sum_night,
};
use crate::error::ServiceError;

/// Weeks that somebody is followed.
pub const WEEKS: u8 = 12;

/// Looks for each week that has ended since the night before, of everybody it has ended for, whether they held a session in it. A session
/// that comes later than that is in no number.
pub(crate) async fn look_who_was_there(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH due AS (
             SELECT member_id, experiment, weeks, least(floor(extract(epoch FROM $1 - exposed_at) / 604800)::integer, $2) AS over
             FROM exposure WHERE weeks < $2 AND exposed_at <= $1 - (weeks + 1) * interval '7 days')
         UPDATE exposure e SET weeks = due.over::smallint, there = e.there | coalesce((
             SELECT bit_or(1 << floor(extract(epoch FROM s.started_at - e.exposed_at) / 604800)::integer)
             FROM session s
             WHERE s.member_id = e.member_id
               -- The member's own day is at most one off: so that the key is read and not all their sessions.
               AND s.local_date >= (e.exposed_at AT TIME ZONE 'UTC')::date + due.weeks * 7 - 1
               AND s.started_at >= e.exposed_at + due.weeks * interval '7 days'
               AND s.started_at < e.exposed_at + due.over * interval '7 days'), 0)
         FROM due WHERE e.member_id = due.member_id AND e.experiment = due.experiment",
        now,
        i32::from(WEEKS)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds up anew who came into an experiment while it ran, by arm and day; who was treated both ways is counted and in no arm.
pub(crate) async fn sum(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM arm_sum").execute(&mut *connection).await?;
    // `there` has a bit for each week, the lowest for the first.
    sqlx::query!(
        "INSERT INTO arm_sum (experiment, arm, day, people, returned)
         SELECT e.experiment, CASE WHEN e.crossed THEN 'both' ELSE e.arm END AS in_arm, (e.exposed_at AT TIME ZONE 'UTC')::date AS day,
                count(*), ARRAY[
                    count(*) FILTER (WHERE e.there & 1 <> 0),
                    count(*) FILTER (WHERE e.there & 2 <> 0),
                    count(*) FILTER (WHERE e.there & 4 <> 0),
                    count(*) FILTER (WHERE e.there & 8 <> 0),
                    count(*) FILTER (WHERE e.there & 16 <> 0),
                    count(*) FILTER (WHERE e.there & 32 <> 0),
                    count(*) FILTER (WHERE e.there & 64 <> 0),
                    count(*) FILTER (WHERE e.there & 128 <> 0),
                    count(*) FILTER (WHERE e.there & 256 <> 0),
                    count(*) FILTER (WHERE e.there & 512 <> 0),
                    count(*) FILTER (WHERE e.there & 1024 <> 0),
                    count(*) FILTER (WHERE e.there & 2048 <> 0)]
         FROM exposure e JOIN experiment x ON x.name = e.experiment
         WHERE e.exposed_at >= x.started_at AND (x.ended_at IS NULL OR e.exposed_at < x.ended_at)
         GROUP BY e.experiment, in_arm, day"
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What the team sees of one experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which.
    pub experiment: Experiment,
    /// With it, and by lot without it.
    pub arms: [Cohorts; 2],
    /// People who were treated both ways and are in neither arm.
    pub both: u64,
}

impl Seen {
    /// Everybody assigned, the holdout last.
    pub fn people(&self) -> [u64; 2] {
        [self.arms[0].people(), self.arms[1].people()]
    }

    /// Whether the sizes of the arms are those of the design.
    pub fn sample_ratio(&self) -> Result<SampleRatio, NotTested> {
        SampleRatio::of(&self.people(), &self.experiment.weights())
    }
}

/// All experiments, and the first day that is in no number of theirs; none before the first night.
pub(crate) async fn load(connection: &mut PgConnection) -> Result<(Vec<Seen>, Option<NaiveDate>), ServiceError> {
    let until = sum_night::until(&mut *connection, sum_night::Part::Arms).await?;
    let experiments = experiments::load(&mut *connection).await?;
    let rows = sqlx::query!("SELECT experiment, arm, day, people, returned FROM arm_sum ORDER BY experiment, arm, day")
        .fetch_all(connection)
        .await?;
    let whole = |figure: i64| u64::try_from(figure).unwrap_or(0);
    let of = |trial: Trial, arm: &str| -> BTreeMap<NaiveDate, Cohort> {
        let rows = rows.iter().filter(|row| row.experiment == trial.name() && row.arm == arm);
        let cohort = |people: i64, returned: &[i64]| Cohort {
            people: whole(people),
            returned: returned.iter().copied().map(whole).collect(),
        };
        rows.map(|row| (row.day, cohort(row.people, &row.returned))).collect()
    };
    let seen = experiments.into_iter().map(|experiment| {
        let arms = [FEATURE, HOLDOUT].map(|arm| of(experiment.trial, arm).into_iter().collect());
        let both = of(experiment.trial, "both").values().map(|cohort| cohort.people).sum();
        Seen { experiment, arms, both }
    });
    Ok((seen.collect(), until))
}
