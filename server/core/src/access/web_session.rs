//! Cookies: who a browser is, from signing in to signing out.

use chrono::TimeDelta;
use spectrum_domain::{
    id::{MemberId, StaffId},
    member::{Member, weekday_from_name},
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    link::Destination,
    secret::{Secret, hash},
};
use crate::{ambient::Ambient, error::ServiceError};

/// How long a browser stays signed in.
pub const SESSION_LIFE: TimeDelta = TimeDelta::hours(12);

/// Who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A member, to their own pages.
    Member(MemberId),
    /// A person of the team, to the team's.
    Staff(StaffId),
}

impl Subject {
    pub(crate) const fn columns(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Member(member) => (Some(member.uuid()), None),
            Self::Staff(staff) => (None, Some(staff.uuid())),
        }
    }

    pub(crate) fn from_columns(member: Option<Uuid>, staff: Option<Uuid>) -> Option<Self> {
        member.map(|id| Self::Member(id.into())).or(staff.map(|id| Self::Staff(id.into())))
    }
}

/// A browser that has just signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The cookie's value.
    pub token: Secret,
    /// Where to go.
    pub to: Destination,
    /// How long the cookie lasts.
    pub max_age_seconds: i64,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A member.
    Member(Member),
    /// A person of the team.
    Staff(StaffId),
}

pub(crate) async fn begin(
    connection: &mut PgConnection,
    ambient: &Ambient,
    subject: Subject,
    to: Destination,
) -> Result<SignedIn, ServiceError> {
    let token = Secret::draw(ambient, "sp_web_");
    let now = ambient.now();
    let (member, staff) = subject.columns();
    sqlx::query!(
        "INSERT INTO web_session (token_hash, member_id, staff_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        hash(token.expose()),
        member,
        staff,
        now,
        now + SESSION_LIFE
    )
    .execute(connection)
    .await?;
    Ok(SignedIn { token, to, max_age_seconds: SESSION_LIFE.num_seconds() })
}

/// Who the cookie belongs to, if it still counts: one round trip, because every page asks.
pub(crate) async fn caller(pool: &PgPool, ambient: &Ambient, token: &str) -> Result<Option<Caller>, ServiceError> {
    let Some(row) = sqlx::query!(
        "SELECT staff_id, member_id, zone, week_start, locale, plan, data_version FROM caller_of($1, $2)",
        hash(token),
        ambient.now()
    )
    .fetch_optional(pool)
    .await?
    else {
        return Ok(None);
    };
    let impossible = |column| ServiceError::Inconsistent { table: "member", column };
    let member_id = match Subject::from_columns(row.member_id, row.staff_id) {
        None => return Ok(None),
        Some(Subject::Staff(staff)) => return Ok(Some(Caller::Staff(staff))),
        Some(Subject::Member(member)) => member,
    };
    Ok(Some(Caller::Member(Member {
        member_id,
        zone: row.zone.and_then(|name| name.parse().ok()).ok_or_else(|| impossible("zone"))?,
        week_start: row.week_start.and_then(|name| weekday_from_name(&name)).ok_or_else(|| impossible("week_start"))?,
        locale: row.locale.ok_or_else(|| impossible("locale"))?,
        plan: row.plan.and_then(|name| name.parse().ok()).ok_or_else(|| impossible("plan"))?,
        data_version: row.data_version.ok_or_else(|| impossible("data_version"))?,
    })))
}

/// Signs a browser out.
pub(crate) async fn end(connection: &mut PgConnection, token: &str) -> Result<(), ServiceError> {
    sqlx::query!("DELETE FROM web_session WHERE token_hash = $1", hash(token)).execute(connection).await?;
    Ok(())
}
