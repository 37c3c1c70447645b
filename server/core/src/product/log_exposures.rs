//! Who came into which experiment first when: logged once a member, of those who agree to be counted.

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    effect::experiment::{FEATURE, HOLDOUT},
    id::MemberId,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::experiments::Experiment;
use crate::db::keyring::Ledger;

/// Members that are written in one statement.
const PAGE: usize = 10_000;

/// First comings to the teaser's place, of everybody who came there, by lot kept from it or not; and of those who were treated both ways
/// while it was drawn for, that they were.
pub(crate) async fn log_teaser(connection: &mut PgConnection, before: NaiveDate) -> Result<(), sqlx::Error> {
    let since = sqlx::query_scalar!("SELECT max(exposed_at)::date FROM exposure WHERE experiment = 'teaser'")
        .fetch_one(&mut *connection)
        .await?;
    sqlx::query!(
        "INSERT INTO exposure (member_id, experiment, arm, exposed_at)
         SELECT DISTINCT ON (member_id) member_id, 'teaser',
                CASE WHEN properties->>'teaser_variant' = 'holdout' THEN 'holdout' ELSE 'feature' END, recorded_at
         FROM product_event WHERE event = 10 AND ($1::date IS NULL OR day >= $1) AND day < $2
         ORDER BY member_id, recorded_at
         ON CONFLICT DO NOTHING",
        since,
        before
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE exposure e SET crossed = true
         FROM product_event p, experiment x
         WHERE e.experiment = 'teaser' AND NOT e.crossed AND x.name = e.experiment AND e.exposed_at >= x.started_at
           AND p.member_id = e.member_id AND p.event = 10 AND ($1::date IS NULL OR p.day >= $1) AND p.day < $2
           AND p.recorded_at > e.exposed_at AND (x.ended_at IS NULL OR p.recorded_at < x.ended_at)
           AND (p.properties->>'teaser_variant' = 'holdout') <> (e.arm = 'holdout')",
        since,
        before
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Everybody who joined from one moment to another, while the experiment ran: whether or not they ever open Spectrum.
pub(crate) async fn log_joined(
    connection: &mut PgConnection,
    (ledger, experiment): (&Ledger, &Experiment),
    (since, before): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    let came = sqlx::query!(
        "SELECT member_id, created_at FROM member
         WHERE created_at >= $1 AND created_at < $2 AND state = 'active' AND coalesce(use_counted, consent_analytics)",
        since,
        before
    )
    .fetch_all(&mut *connection)
    .await?;
    let came = came.into_iter().map(|row| (MemberId(row.member_id), row.created_at));
    write(connection, (ledger, experiment), came.collect()).await
}

/// Everybody for whom a weekly push was first planned, or by lot not planned, from one moment to another: a week that is told, enough in
/// it, nothing that speaks against it, and a device.
pub(crate) async fn log_pushed(
    connection: &mut PgConnection,
    (ledger, experiment): (&Ledger, &Experiment),
    (since, before): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    let came = sqlx::query!(
        r#"SELECT o.member_id, min(o.created_at) AS "at!" FROM push_outbox o JOIN member m USING (member_id)
           WHERE o.kind = 'weekly' AND o.created_at >= $1 AND o.created_at < $2
             AND NOT (o.state = 'dropped' AND o.settled_at = o.created_at
                      AND o.reason IN ('crisis', 'below_floor', 'opted_out'))
             AND m.state = 'active' AND coalesce(m.use_counted, m.consent_analytics)
           GROUP BY o.member_id"#,
        since,
        before
    )
    .fetch_all(&mut *connection)
    .await?;
    let came = came.into_iter().map(|row| (MemberId(row.member_id), row.at));
    write(connection, (ledger, experiment), came.collect()).await
}

async fn write(
    connection: &mut PgConnection,
    (ledger, experiment): (&Ledger, &Experiment),
    came: Vec<(MemberId, DateTime<Utc>)>,
) -> Result<(), sqlx::Error> {
    let came: Vec<_> = came.into_iter().filter(|(member, _)| experiment.takes_in(*member)).collect();
    for page in came.chunks(PAGE) {
        let members: Vec<Uuid> = page.iter().map(|(member, _)| member.uuid()).collect();
        let arm = |member| if experiment.draws_out(ledger, member) { HOLDOUT } else { FEATURE };
        let arms: Vec<String> = page.iter().map(|(member, _)| arm(*member).to_owned()).collect();
        let times: Vec<DateTime<Utc>> = page.iter().map(|(_, at)| *at).collect();
        sqlx::query!(
            "INSERT INTO exposure (member_id, experiment, arm, exposed_at)
             SELECT member_id, $1, arm, at FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS came (member_id, arm, at)
             ON CONFLICT DO NOTHING",
            experiment.trial.name(),
            &members,
            &arms,
            &times
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
