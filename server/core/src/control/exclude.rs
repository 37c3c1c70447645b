//! Keeping out a session, a feature, a time or what is to come, and taking it in again. Vectors stay, inert, so that nothing
//! is lost and taking them in again restores the identical sums.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    exclusion::{Exclusion, Reason, Scope, WeekChange, WideChange},
    feature::Feature,
    id::{ExclusionId, MemberId, SessionId},
    rollup::{Estimate, Rollup, Tier},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ambient::Ambient,
    db::scope::raise_data_version,
    error::ServiceError,
    ingest::follow_up,
    queue::enqueue::{NewJob, enqueue_again},
    rollup::refresh_periods::{self, refresh_days},
};

/// A member's exclusions, newest first.
pub(crate) async fn list(connection: &mut PgConnection, member: MemberId) -> Result<Vec<Exclusion>, ServiceError> {
    let rows = sqlx::query!(
        "SELECT exclusion_id, scope, session_id, feature, first_day, last_day, paused_at, resumed_at, reason, since
         FROM exclusion WHERE member_id = $1 ORDER BY since DESC, exclusion_id",
        member.uuid()
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let feature: Option<Feature> = row.feature.as_deref().and_then(|name| name.parse().ok());
            let scope = match (row.session_id, feature, row.first_day, row.last_day, row.paused_at) {
                (Some(session), ..) => Scope::Session(session.into()),
                (_, Some(feature), ..) => Scope::Feature(feature),
                (_, _, Some(first), Some(last), _) => Scope::Period { first, last },
                (.., Some(from)) => Scope::Pause { from, until: row.resumed_at },
                _ => return Err(ServiceError::Inconsistent { table: "exclusion", column: "scope" }),
            };
            Ok(Exclusion {
                exclusion_id: row.exclusion_id.into(),
                scope,
                reason: row.reason.as_deref().and_then(Reason::from_name),
                since: row.since,
            })
        })
        .collect()
}

/// Keeps out what the scope covers. Keeping out twice what is kept out already is one exclusion: the first.
pub(crate) async fn exclude(
    connection: &mut PgConnection,
    ambient: &Ambient,
    member: MemberId,
    scope: Scope,
    reason: Option<Reason>,
) -> Result<(Exclusion, WideChange), ServiceError> {
    let version = hold(connection, member).await?;
    if let Scope::Session(session) = scope {
        sqlx::query_scalar!(
            "SELECT session_id FROM session WHERE member_id = $1 AND session_id = $2",
            member.uuid(),
            session.uuid()
        )
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(ServiceError::UnknownSession(session))?;
    }
    write(connection, ambient, member, scope, reason).await?;
    let known = list(connection, member).await?.into_iter().find(|known| same(&known.scope, &scope));
    let exclusion = known.ok_or(ServiceError::Inconsistent { table: "exclusion", column: "scope" })?;
    let change = settle(connection, ambient, member, version).await?;
    Ok((exclusion, change))
}

/// Takes an exclusion back; what another one covers stays out.
pub(crate) async fn include(
    connection: &mut PgConnection,
    ambient: &Ambient,
    member: MemberId,
    exclusion: ExclusionId,
) -> Result<WideChange, ServiceError> {
    let version = hold(connection, member).await?;
    let gone = sqlx::query!(
        "DELETE FROM exclusion WHERE member_id = $1 AND exclusion_id = $2",
        member.uuid(),
        exclusion.uuid()
    )
    .execute(&mut *connection)
    .await?;
    if gone.rows_affected() == 0 {
        return Err(ServiceError::UnknownExclusion(exclusion));
    }
    settle(connection, ambient, member, version).await
}

/// Ends a pause from now on: what was held during it stays out. A pause that has ended stays as it is.
pub(crate) async fn resume(
    connection: &mut PgConnection,
    ambient: &Ambient,
    member: MemberId,
    exclusion: ExclusionId,
) -> Result<WideChange, ServiceError> {
    let version = hold(connection, member).await?;
    let known = sqlx::query!(
        "UPDATE exclusion SET resumed_at = greatest(coalesce(resumed_at, $3), paused_at)
         WHERE member_id = $1 AND exclusion_id = $2 AND scope = 'pause'",
        member.uuid(),
        exclusion.uuid(),
        ambient.now()
    )
    .execute(&mut *connection)
    .await?;
    if known.rows_affected() == 0 {
        return Err(ServiceError::UnknownExclusion(exclusion));
    }
    settle(connection, ambient, member, version).await
}

async fn hold(connection: &mut PgConnection, member: MemberId) -> Result<i64, ServiceError> {
    raise_data_version(connection, member).await?.ok_or(ServiceError::MemberGone)
}

/// Whether two scopes are the same exclusion: there is one pause at a time, whenever it began.
fn same(known: &Scope, wanted: &Scope) -> bool {
    match (known, wanted) {
        (Scope::Pause { until: None, .. }, Scope::Pause { until: None, .. }) => true,
        _ => known == wanted,
    }
}

/// A scope as it lies in the table.
#[derive(Default)]
struct Columns {
    session: Option<Uuid>,
    feature: Option<&'static str>,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    paused: Option<DateTime<Utc>>,
    resumed: Option<DateTime<Utc>>,
}

async fn write(
    connection: &mut PgConnection,
    ambient: &Ambient,
    member: MemberId,
    scope: Scope,
    reason: Option<Reason>,
) -> Result<(), sqlx::Error> {
    let none = Columns::default();
    let columns = match scope {
        Scope::Session(id) => Columns { session: Some(id.uuid()), ..none },
        Scope::Feature(of) => Columns { feature: Some(of.name()), ..none },
        Scope::Period { first, last } => Columns { first: Some(first), last: Some(last), ..none },
        Scope::Pause { from, until } => Columns { paused: Some(from), resumed: until, ..none },
    };
    sqlx::query!(
        "INSERT INTO exclusion (member_id, exclusion_id, scope, session_id, feature, first_day, last_day, paused_at,
                                resumed_at, reason, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        member.uuid(),
        ambient.id::<ExclusionId>().uuid(),
        scope.name(),
        columns.session,
        columns.feature,
        columns.first,
        columns.last,
        columns.paused,
        columns.resumed,
        reason.map(Reason::name),
        ambient.now()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Brings every session of the member to what the exclusions now say, adds up again what that changes, and has what was
/// taken in and never read be read.
async fn settle(
    connection: &mut PgConnection,
    ambient: &Ambient,
    member: MemberId,
    version: i64,
) -> Result<WideChange, ServiceError> {
    let turned = sqlx::query!(
        r#"UPDATE session SET excluded = NOT excluded
           WHERE member_id = $1
             AND excluded <> is_kept_out(member_id, session_id, feature, local_date, started_at)
           RETURNING session_id, local_date, received_at, input_version, state = 'ended' AND NOT excluded AS "unread!",
                     vector_revision IS NOT NULL AS "measured!""#,
        member.uuid()
    )
    .fetch_all(&mut *connection)
    .await?;
    let now = ambient.now();
    let unread: Vec<NewJob> = turned
        .iter()
        .filter(|row| row.unread)
        .map(|row| {
            let session = SessionId(row.session_id);
            follow_up::analyze(member, session, row.input_version, row.received_at.date_naive(), now)
        })
        .collect();
    enqueue_again(connection, &unread, now).await?;
    let dates: BTreeSet<NaiveDate> = turned.iter().filter(|row| row.measured).map(|row| row.local_date).collect();
    let weeks = refresh_days(connection, member, &dates, version).await?;
    let changed: Vec<_> = weeks.into_iter().filter(|change| change.before != change.after).collect();
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    Ok(WideChange {
        sessions: count(turned.len()),
        weeks: count(changed.len()),
        newest: changed.last().map(before_and_after),
    })
}

/// A week's figures before and after.
pub(crate) fn before_and_after(change: &refresh_periods::WeekChange) -> WeekChange {
    let refresh_periods::WeekChange { week, before, after } = change;
    WeekChange {
        week: week.label(),
        sessions: (before.sessions, after.sessions),
        valence: both(before, after, Rollup::valence_estimate),
        arousal: both(before, after, Rollup::arousal_estimate),
    }
}

/// The means before and after, where both rest on enough sessions.
fn both(before: &Rollup, after: &Rollup, figure: fn(&Rollup) -> Option<Estimate>) -> Option<(f64, f64)> {
    let enough = before.tier() == Tier::Enough && after.tier() == Tier::Enough;
    enough.then(|| Some((figure(before)?.mean, figure(after)?.mean))).flatten()
}
