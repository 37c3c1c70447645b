//! One-time links: a minute to use them, once.

use chrono::{DateTime, TimeDelta, Utc};
use spectrum_domain::{
    calendar::WeekLabel,
    id::{HostId, MemberId, StaffId},
    member::ExternalRef,
};
use sqlx::PgConnection;

use super::{
    secret::{Secret, hash},
    web_session::{self, SignedIn, Subject},
};
use crate::{ambient::Ambient, error::ServiceError};

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The newest week with data.
    Newest,
    /// A week.
    Week(WeekLabel),
    /// The team's pages.
    Staff,
}

impl Destination {
    fn name(self) -> String {
        match self {
            Self::Newest => "newest".to_owned(),
            Self::Week(label) => label.to_string(),
            Self::Staff => "staff".to_owned(),
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "staff" => Self::Staff,
            name => name.parse().map_or(Self::Newest, Self::Week),
        }
    }
}

/// A link that was made.
#[derive(Clone, Debug)]
pub struct Link {
    /// The code it carries.
    pub code: Secret,
    /// When it runs out.
    pub expires_at: DateTime<Utc>,
}

/// Makes a link by which whoever opens it is signed in.
pub(crate) async fn create(
    connection: &mut PgConnection,
    ambient: &Ambient,
    subject: Subject,
    destination: Destination,
    life: TimeDelta,
) -> Result<Link, ServiceError> {
    let code = Secret::draw(ambient, "sp_link_");
    let expires_at = ambient.now() + life;
    let (member, staff) = subject.columns();
    sqlx::query!(
        "INSERT INTO one_time_link (code_hash, member_id, staff_id, destination, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        hash(code.expose()),
        member,
        staff,
        destination.name(),
        expires_at
    )
    .execute(connection)
    .await?;
    Ok(Link { code, expires_at })
}

/// Uses a link up and signs its subject in. Two who use it at the same moment: one is let in.
pub(crate) async fn redeem(
    connection: &mut PgConnection,
    ambient: &Ambient,
    code: &str,
) -> Result<SignedIn, ServiceError> {
    let now = ambient.now();
    let row = sqlx::query!(
        "UPDATE one_time_link SET used_at = $2
         WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2
         RETURNING member_id, staff_id, destination",
        hash(code),
        now
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(ServiceError::LinkSpent)?;
    let subject = Subject::from_columns(row.member_id, row.staff_id)
        .ok_or(ServiceError::Inconsistent { table: "one_time_link", column: "member_id" })?;
    web_session::begin(connection, ambient, subject, Destination::from_name(&row.destination)).await
}

/// The member a host means by a reference.
pub(crate) async fn find_member(
    connection: &mut PgConnection,
    host: HostId,
    wanted: &ExternalRef,
) -> Result<MemberId, ServiceError> {
    sqlx::query_scalar!(
        "SELECT member_id FROM member_lookup WHERE host_id = $1 AND external_ref = $2",
        host.uuid(),
        wanted.as_str()
    )
    .fetch_optional(connection)
    .await?
    .map(MemberId)
    .ok_or_else(|| ServiceError::UnknownMember(wanted.clone()))
}

impl From<StaffId> for Subject {
    fn from(staff: StaffId) -> Self {
        Self::Staff(staff)
    }
}
