//! One-time links: a minute to use them, once.

use chrono::{DateTime, TimeDelta, Utc};
use spectrum_domain::{
    calendar::{Month, WeekLabel},
    id::{HostId, MemberId, StaffId},
    look::{FontScale, Look},
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
    /// A month.
    Month(Month),
    /// What was told of weeks that have ended.
    Feed,
    /// Every month of which something was told.
    Months,
    /// The landscape of the newest days.
    Landscape,
    /// The patterns of the newest days.
    Patterns,
    /// What the member decides about their data.
    Settings,
    /// The team's pages.
    Staff,
}

impl Destination {
    /// Those of a member that have a name of their own.
    const NAMED: [Self; 6] = [Self::Newest, Self::Feed, Self::Months, Self::Landscape, Self::Patterns, Self::Settings];

    fn name(self) -> String {
        let name = match self {
            Self::Newest => "newest",
            Self::Week(label) => return label.to_string(),
            Self::Month(month) => return month.to_string(),
            Self::Feed => "feed",
            Self::Months => "months",
            Self::Landscape => "landscape",
            Self::Patterns => "patterns",
            Self::Settings => "settings",
            Self::Staff => "staff",
        };
        name.to_owned()
    }

    /// The page of a member that goes by this name: `feed`, `2026-W47`, `2026-11`.
    pub fn of_member(name: &str) -> Option<Self> {
        let named = Self::NAMED.into_iter().find(|page| page.name() == name);
        named.or_else(|| name.parse().map(Self::Week).ok()).or_else(|| name.parse().map(Self::Month).ok())
    }

    fn from_name(name: &str) -> Self {
        if name == "staff" { Self::Staff } else { Self::of_member(name).unwrap_or(Self::Newest) }
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
    (destination, look): (Destination, Look),
    life: TimeDelta,
) -> Result<Link, ServiceError> {
    let code = Secret::draw(ambient, "sp_link_");
    let expires_at = ambient.now() + life;
    let (member, staff) = subject.columns();
    sqlx::query!(
        "INSERT INTO one_time_link (code_hash, member_id, staff_id, destination, expires_at, webview, theme,
                                    font_percent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        hash(code.expose()),
        member,
        staff,
        destination.name(),
        expires_at,
        look.webview,
        look.theme.name(),
        i16::from(look.font.percent())
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
         RETURNING member_id, staff_id, destination, webview, theme, font_percent",
        hash(code),
        now
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(ServiceError::LinkSpent)?;
    let subject = Subject::from_columns(row.member_id, row.staff_id)
        .ok_or(ServiceError::Inconsistent { table: "one_time_link", column: "member_id" })?;
    let look = look_of(row.webview, &row.theme, row.font_percent);
    web_session::begin(connection, ambient, subject, (Destination::from_name(&row.destination), look)).await
}

/// The look that columns hold, whose checks let nothing else in.
pub(crate) fn look_of(webview: bool, theme: &str, font_percent: i16) -> Look {
    Look {
        webview,
        theme: theme.parse().unwrap_or_default(),
        font: FontScale::of_percent(font_percent).unwrap_or_default(),
    }
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
