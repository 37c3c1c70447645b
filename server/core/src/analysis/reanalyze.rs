//! Reading anew what another model has read: which sessions, in which order, and the orders for it.
//!
//! Only what can be read whole: a session of which retention has dropped a member's turn keeps the measure it has, and so
//! does one that the member left out. The sums name the models they rest on, so a mixture is never hidden.

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    id::MemberId,
    job::{Job, SessionPlace},
    member::ExternalRef,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::ServiceError,
    queue::{
        claim::ClaimedJob,
        enqueue::{NewJob, enqueue},
    },
};

/// Sessions that one step of a member's reanalysis reads: a few seconds' work.
pub const STEP: i64 = 10;
/// Members looked at in one transaction while orders are given out.
const PAGE: i64 = 500;

/// Whose sessions are read anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's, unless that was ordered before for the same models.
    Once,
    /// Everybody's, whatever was ordered before.
    Everybody,
    /// Those of every member whom a host knows by this reference.
    Member(ExternalRef),
}

/// The member's oldest sessions that other models have read and whose text is whole, after a place in their order.
pub(crate) async fn stale(
    connection: &mut PgConnection,
    member: MemberId,
    models: &[String],
    after: Option<SessionPlace>,
) -> Result<Vec<SessionPlace>, sqlx::Error> {
    // Before all there are: an event's year has four digits.
    let (date, session) = after.map_or((NaiveDate::from_yo_opt(1, 1).unwrap_or_default(), Uuid::nil()), |place| {
        (place.date, place.session_id.uuid())
    });
    let rows = sqlx::query!(
        "SELECT local_date, session_id FROM session s
         WHERE member_id = $1 AND state IN ('analysed', 'withheld', 'unmeasured') AND NOT excluded
           AND model <> ALL ($2) AND (local_date, session_id) > ($3, $4)
           AND EXISTS (SELECT FROM turn t
                       WHERE t.member_id = $1 AND t.session_id = s.session_id AND t.role = 'member')
           AND NOT EXISTS (SELECT FROM turn t
                           WHERE t.member_id = $1 AND t.session_id = s.session_id AND t.role = 'member'
                             AND NOT EXISTS (SELECT FROM turn_text x
                                             WHERE x.member_id = $1 AND x.session_id = t.session_id
                                               AND x.index = t.index
                                               AND x.received_on = (t.received_at AT TIME ZONE 'UTC')::date))
         ORDER BY local_date, session_id LIMIT $5",
        member.uuid(),
        models,
        date,
        session,
        STEP
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| SessionPlace { date: row.local_date, session_id: row.session_id.into() }).collect())
}

/// Orders the next step of a member's reanalysis. Its key is made of the step before it, so that a step that is tried
/// again orders the same.
pub(crate) async fn order_next(
    connection: &mut PgConnection,
    member_id: MemberId,
    step: &ClaimedJob,
    after: SessionPlace,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let job = Job::ReanalyzeMember { after: Some(after) };
    let next = NewJob::about(member_id, &job, &[&step.id.to_le_bytes()], step.created_on, now);
    enqueue(connection, &[next], now).await?;
    Ok(())
}

/// Takes up the order for these models: when it was given, or nothing where it was carried out.
pub(crate) async fn take_up(
    connection: &mut PgConnection,
    models: &str,
    again: bool,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query!("DELETE FROM reanalysis WHERE $2 OR model <> $1", models, again).execute(&mut *connection).await?;
    sqlx::query!(
        "INSERT INTO reanalysis (model, ordered_at, done) VALUES ($1, $2, false) ON CONFLICT (model) DO NOTHING",
        models,
        now
    )
    .execute(&mut *connection)
    .await?;
    let order =
        sqlx::query!("SELECT ordered_at, done FROM reanalysis WHERE model = $1", models).fetch_one(connection).await?;
    Ok((!order.done).then_some(order.ordered_at))
}

/// Notes that the order was given out whole.
pub(crate) async fn carried_out(connection: &mut PgConnection, models: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE reanalysis SET done = true WHERE model = $1", models).execute(connection).await?;
    Ok(())
}

/// The next members of whom another model has read a session.
pub(crate) async fn members_to_read(
    connection: &mut PgConnection,
    models: &[String],
    after: Uuid,
) -> Result<Vec<MemberId>, sqlx::Error> {
    let members = sqlx::query_scalar!(
        "SELECT member_id FROM member m
         WHERE member_id > $2
           AND EXISTS (SELECT FROM session s
                       WHERE s.member_id = m.member_id AND s.model <> ALL ($1) AND NOT s.excluded)
         ORDER BY member_id LIMIT $3",
        models,
        after,
        PAGE
    )
    .fetch_all(connection)
    .await?;
    Ok(members.into_iter().map(MemberId::from).collect())
}

/// The members whom hosts know by this reference.
pub(crate) async fn members_called(
    connection: &mut PgConnection,
    reference: &ExternalRef,
) -> Result<Vec<MemberId>, sqlx::Error> {
    let members = sqlx::query_scalar!(
        "SELECT member_id FROM (SELECT DISTINCT host_id FROM host_key) AS host
             JOIN member_lookup USING (host_id) WHERE external_ref = $1",
        reference.as_str()
    )
    .fetch_all(connection)
    .await?;
    Ok(members.into_iter().map(MemberId::from).collect())
}

/// Orders the first step for these members; the same order given twice is one.
pub(crate) async fn order_first(
    connection: &mut PgConnection,
    members: &[MemberId],
    ordered_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<u64, ServiceError> {
    let order = ordered_at.timestamp_micros().to_le_bytes();
    let jobs: Vec<NewJob> = members
        .iter()
        .map(|member_id| {
            let job = Job::ReanalyzeMember { after: None };
            NewJob::about(*member_id, &job, &[&order], ordered_at.date_naive(), now)
        })
        .collect();
    Ok(enqueue(connection, &jobs, now).await?)
}
