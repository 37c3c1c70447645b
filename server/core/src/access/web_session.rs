//! Cookies: who a browser is, from signing in to signing out.

use chrono::TimeDelta;
use spectrum_domain::{
    access::StaffRole,
    id::{HostId, MemberId, StaffId},
    look::Look,
    member::{ExternalRef, Member, weekday_from_name},
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    link::{Destination, look_of},
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
    Staff(Staff),
}

/// Who comes with a cookie, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Who.
    pub caller: Caller,
    /// How their pages are shown.
    pub look: Look,
    /// What of the member's is still to be read, in a form that differs whenever that does.
    pub unread: String,
}

/// A person of the team who is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub staff_id: StaffId,
    /// What for.
    pub roles: Vec<StaffRole>,
}

impl Staff {
    /// Whether the person has this role.
    pub fn is(&self, role: StaffRole) -> bool {
        self.roles.contains(&role)
    }
}

/// A member's row as the functions `caller_of` and `member_of_host` give it.
#[derive(Debug)]
struct MemberRow {
    member_id: Option<Uuid>,
    zone: Option<String>,
    week_start: Option<String>,
    locale: Option<String>,
    plan: Option<String>,
    data_version: Option<i64>,
    counted: Option<bool>,
}

impl TryFrom<MemberRow> for Member {
    type Error = ServiceError;

    fn try_from(row: MemberRow) -> Result<Self, ServiceError> {
        let impossible = |column| ServiceError::Inconsistent { table: "member", column };
        Ok(Self {
            member_id: row.member_id.map(MemberId).ok_or_else(|| impossible("member_id"))?,
            zone: row.zone.and_then(|name| name.parse().ok()).ok_or_else(|| impossible("zone"))?,
            week_start: row
                .week_start
                .and_then(|name| weekday_from_name(&name))
                .ok_or_else(|| impossible("week_start"))?,
            locale: row.locale.ok_or_else(|| impossible("locale"))?,
            plan: row.plan.and_then(|name| name.parse().ok()).ok_or_else(|| impossible("plan"))?,
            data_version: row.data_version.ok_or_else(|| impossible("data_version"))?,
            counted: row.counted == Some(true),
        })
    }
}

pub(crate) async fn begin(
    connection: &mut PgConnection,
    ambient: &Ambient,
    subject: Subject,
    (to, look): (Destination, Look),
) -> Result<SignedIn, ServiceError> {
    let token = Secret::draw(ambient, "sp_web_");
    let now = ambient.now();
    let (member, staff) = subject.columns();
    sqlx::query!(
        "INSERT INTO web_session (token_hash, member_id, staff_id, created_at, expires_at, webview, theme, font_percent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        hash(token.expose()),
        member,
        staff,
        now,
        now + SESSION_LIFE,
        look.webview,
        look.theme.name(),
        i16::from(look.font.percent())
    )
    .execute(connection)
    .await?;
    Ok(SignedIn { token, to, max_age_seconds: SESSION_LIFE.num_seconds() })
}

/// Who the cookie belongs to, if it still counts: one round trip, because every page asks.
pub(crate) async fn arrival(pool: &PgPool, ambient: &Ambient, token: &str) -> Result<Option<Arrival>, ServiceError> {
    let Some(row) = sqlx::query!(
        "SELECT staff_id, roles, member_id, zone, week_start, locale, plan, data_version, counted, webview, theme,
                font_percent, unread
         FROM caller_of($1, $2)",
        hash(token),
        ambient.now()
    )
    .fetch_optional(pool)
    .await?
    else {
        return Ok(None);
    };
    let look = look_of(
        row.webview.unwrap_or_default(),
        row.theme.as_deref().unwrap_or_default(),
        row.font_percent.unwrap_or_default(),
    );
    let unread = row.unread.unwrap_or_default();
    if let Some(staff) = row.staff_id {
        let roles = row.roles.unwrap_or_default();
        let roles = roles.iter().filter_map(|name| StaffRole::from_name(name)).collect();
        let caller = Caller::Staff(Staff { staff_id: staff.into(), roles });
        return Ok(Some(Arrival { caller, look, unread }));
    }
    let row = MemberRow {
        member_id: row.member_id,
        zone: row.zone,
        week_start: row.week_start,
        locale: row.locale,
        plan: row.plan,
        data_version: row.data_version,
        counted: row.counted,
    };
    Ok(Some(Arrival { caller: Caller::Member(row.try_into()?), look, unread }))
}

/// The member whom a host knows by this reference, if they are neither gone nor going.
pub(crate) async fn member_of_host(
    pool: &PgPool,
    host: HostId,
    reference: &ExternalRef,
) -> Result<Option<Member>, ServiceError> {
    let row = sqlx::query_as!(
        MemberRow,
        "SELECT member_id, zone, week_start, locale, plan, data_version, counted FROM member_of_host($1, $2)",
        host.uuid(),
        reference.as_str()
    )
    .fetch_optional(pool)
    .await?;
    row.map(Member::try_from).transpose()
}

/// Signs a browser out.
pub(crate) async fn end(connection: &mut PgConnection, token: &str) -> Result<(), ServiceError> {
    sqlx::query!("DELETE FROM web_session WHERE token_hash = $1", hash(token)).execute(connection).await?;
    Ok(())
}
