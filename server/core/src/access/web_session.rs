//! Cookies: who a browser is, from signing in to signing out.

use chrono::TimeDelta;
use spectrum_domain::{
    id::{MemberId, StaffId},
    member::{Member, Plan, weekday_from_name},
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    link::Destination,
    secret::{Secret, hash},
};
use crate::{
    ambient::Ambient,
    db::scope::{plain_transaction, scope_to},
    error::ServiceError,
};

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

/// Who the cookie belongs to, if it still counts.
pub(crate) async fn caller(pool: &PgPool, ambient: &Ambient, token: &str) -> Result<Option<Caller>, ServiceError> {
    // One connection for both steps: finding out whose cookie it is, and then reading that member's row as that member.
    let mut transaction = plain_transaction(pool).await?;
    let Some(row) = sqlx::query!(
        "SELECT member_id, staff_id FROM web_session WHERE token_hash = $1 AND expires_at > $2",
        hash(token),
        ambient.now()
    )
    .fetch_optional(&mut *transaction)
    .await?
    else {
        return Ok(None);
    };
    match Subject::from_columns(row.member_id, row.staff_id) {
        None => Ok(None),
        Some(Subject::Staff(staff)) => Ok(Some(Caller::Staff(staff))),
        Some(Subject::Member(member)) => {
            scope_to(&mut transaction, member).await?;
            Ok(load_member(&mut transaction, member).await?.map(Caller::Member))
        }
    }
}

/// Signs a browser out.
pub(crate) async fn end(connection: &mut PgConnection, token: &str) -> Result<(), ServiceError> {
    sqlx::query!("DELETE FROM web_session WHERE token_hash = $1", hash(token)).execute(connection).await?;
    Ok(())
}

/// The member of the transaction.
pub(crate) async fn load_member(
    connection: &mut PgConnection,
    member: MemberId,
) -> Result<Option<Member>, ServiceError> {
    let Some(row) = sqlx::query!(
        "SELECT zone, week_start, locale, plan, data_version FROM member WHERE member_id = $1 AND state = 'active'",
        member.uuid()
    )
    .fetch_optional(connection)
    .await?
    else {
        return Ok(None);
    };
    let impossible = |column| ServiceError::Inconsistent { table: "member", column };
    Ok(Some(Member {
        member_id: member,
        zone: row.zone.parse().map_err(|_| impossible("zone"))?,
        week_start: weekday_from_name(&row.week_start).ok_or_else(|| impossible("week_start"))?,
        locale: row.locale,
        plan: row.plan.parse::<Plan>().map_err(|_| impossible("plan"))?,
        data_version: row.data_version,
    }))
}
