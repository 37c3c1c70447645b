//! Whether and when a member is pushed: what they have said, and for the rest what their host has.

use chrono::{DateTime, Utc, Weekday};
use spectrum_domain::{
    id::{DeliveryId, HostId, MemberId},
    member::{weekday_from_name, weekday_name},
    push::{ChannelKind, Quiet, Wish},
};
use sqlx::PgConnection;

use crate::error::ServiceError;

/// How things stand for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// By APNs.
    pub apns: bool,
    /// By FCM.
    pub fcm: bool,
    /// By Web Push.
    pub web_push: bool,
    /// When.
    pub wish: Wish,
}

impl Preferences {
    /// Whether it is wanted by this channel.
    pub const fn wants(&self, channel: ChannelKind) -> bool {
        match channel {
            ChannelKind::Apns => self.apns,
            ChannelKind::Fcm => self.fcm,
            ChannelKind::WebPush => self.web_push,
        }
    }
}

/// What is to be decided; what is left out stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// By APNs.
    pub apns: Option<bool>,
    /// By FCM.
    pub fcm: Option<bool>,
    /// By Web Push.
    pub web_push: Option<bool>,
    /// On which day of the week; inside, nothing for the day after the week's last.
    pub day: Option<Option<Weekday>>,
    /// At which hour.
    pub hour: Option<u8>,
    /// When not.
    pub quiet: Option<Quiet>,
}

impl Decision {
    /// The same for every channel.
    pub const fn everywhere(wanted: bool) -> Self {
        Self { apns: Some(wanted), fcm: Some(wanted), web_push: Some(wanted), day: None, hour: None, quiet: None }
    }

    /// Of one channel.
    pub fn of(channel: ChannelKind, wanted: bool) -> Self {
        let mut decision = Self::default();
        match channel {
            ChannelKind::Apns => decision.apns = Some(wanted),
            ChannelKind::Fcm => decision.fcm = Some(wanted),
            ChannelKind::WebPush => decision.web_push = Some(wanted),
        }
        decision
    }
}

/// What a host decides for members who have not said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostDefault {
    /// Whether they are pushed at all.
    pub wanted: bool,
    /// When.
    pub wish: Wish,
}

impl Default for HostDefault {
    fn default() -> Self {
        Self { wanted: true, wish: Wish::default() }
    }
}

/// A member's row and their host's, as a query that joins both gives them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) apns: Option<bool>,
    pub(crate) fcm: Option<bool>,
    pub(crate) web_push: Option<bool>,
    pub(crate) day: Option<String>,
    pub(crate) hour: Option<i16>,
    pub(crate) quiet_from: Option<i16>,
    pub(crate) quiet_until: Option<i16>,
    pub(crate) host_wanted: Option<bool>,
    pub(crate) host_day: Option<String>,
    pub(crate) host_hour: Option<i16>,
    pub(crate) host_quiet_from: Option<i16>,
    pub(crate) host_quiet_until: Option<i16>,
}

impl Said {
    /// What holds.
    pub(crate) fn resolve(&self) -> Preferences {
        let HostDefault { wanted, wish } = HostDefault::default();
        let wanted = self.host_wanted.unwrap_or(wanted);
        let hour = |hour: Option<i16>| hour.and_then(|hour| u8::try_from(hour).ok());
        let quiet = |from, until| Quiet::between(hour(from)?, hour(until)?).ok();
        let day = |name: &Option<String>| name.as_deref().and_then(weekday_from_name);
        Preferences {
            apns: self.apns.unwrap_or(wanted),
            fcm: self.fcm.unwrap_or(wanted),
            web_push: self.web_push.unwrap_or(wanted),
            wish: Wish {
                day: day(&self.day).or_else(|| day(&self.host_day)),
                hour: hour(self.hour).or_else(|| hour(self.host_hour)).unwrap_or(wish.hour),
                quiet: quiet(self.quiet_from, self.quiet_until)
                    .or_else(|| quiet(self.host_quiet_from, self.host_quiet_until))
                    .unwrap_or(wish.quiet),
            },
        }
    }
}

/// How things stand.
pub(crate) async fn load(connection: &mut PgConnection, member: MemberId) -> Result<Preferences, ServiceError> {
    let said = sqlx::query_as!(
        Said,
        r#"SELECT p.apns, p.fcm, p.web_push, p.day, p.hour, p.quiet_from, p.quiet_until,
                  d.wanted AS "host_wanted?", d.day AS host_day, d.hour AS "host_hour?",
                  d.quiet_from AS "host_quiet_from?", d.quiet_until AS "host_quiet_until?"
           FROM member m
           LEFT JOIN push_preference p ON p.member_id = m.member_id AND p.kind = 'weekly'
           LEFT JOIN push_default d ON d.host_id = m.host_id AND d.kind = 'weekly'
           WHERE m.member_id = $1"#,
        member.uuid()
    )
    .fetch_optional(connection)
    .await?;
    Ok(said.ok_or(ServiceError::MemberGone)?.resolve())
}

/// Keeps what the member has decided.
pub(crate) async fn decide(
    connection: &mut PgConnection,
    member: MemberId,
    decision: &Decision,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let hour = |hour: u8| i16::from(hour);
    sqlx::query!(
        "INSERT INTO push_preference AS p (member_id, kind, apns, fcm, web_push, day, hour, quiet_from, quiet_until, decided_at)
         VALUES ($1, 'weekly', $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (member_id, kind) DO UPDATE SET
             apns = coalesce(excluded.apns, p.apns), fcm = coalesce(excluded.fcm, p.fcm),
             web_push = coalesce(excluded.web_push, p.web_push),
             day = CASE WHEN $10 THEN excluded.day ELSE p.day END, hour = coalesce(excluded.hour, p.hour),
             quiet_from = coalesce(excluded.quiet_from, p.quiet_from),
             quiet_until = coalesce(excluded.quiet_until, p.quiet_until), decided_at = excluded.decided_at",
        member.uuid(),
        decision.apns,
        decision.fcm,
        decision.web_push,
        decision.day.flatten().map(weekday_name),
        decision.hour.map(hour),
        decision.quiet.map(|quiet| hour(quiet.from())),
        decision.quiet.map(|quiet| hour(quiet.until())),
        now,
        decision.day.is_some()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whose push this was, and by which channel it came: whoever holds its name was sent it.
pub(crate) async fn whose(
    connection: &mut PgConnection,
    delivery: DeliveryId,
) -> Result<Option<(MemberId, ChannelKind)>, ServiceError> {
    let row = sqlx::query!(
        "SELECT o.member_id, o.channel FROM push_outbox o JOIN member m ON m.member_id = o.member_id AND m.state = 'active'
         WHERE o.delivery_id = $1 AND o.state = 'sent'",
        delivery.uuid()
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let channel = row.channel.parse();
    let channel = channel.map_err(|_| ServiceError::Inconsistent { table: "push_outbox", column: "channel" })?;
    Ok(Some((row.member_id.into(), channel)))
}

/// What the host has decided.
pub(crate) async fn load_default(connection: &mut PgConnection, host: HostId) -> Result<HostDefault, ServiceError> {
    let row = sqlx::query!(
        "SELECT wanted, day, hour, quiet_from, quiet_until FROM push_default WHERE host_id = $1 AND kind = 'weekly'",
        host.uuid()
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(HostDefault::default()) };
    let said = Said {
        host_day: row.day,
        host_hour: Some(row.hour),
        host_quiet_from: Some(row.quiet_from),
        host_quiet_until: Some(row.quiet_until),
        ..Said::default()
    };
    Ok(HostDefault { wanted: row.wanted, wish: said.resolve().wish })
}

/// Keeps what the host has decided.
pub(crate) async fn decide_default(
    connection: &mut PgConnection,
    host: HostId,
    decided: &HostDefault,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let HostDefault { wanted, wish } = decided;
    sqlx::query!(
        "INSERT INTO push_default (host_id, kind, wanted, day, hour, quiet_from, quiet_until, decided_at)
         VALUES ($1, 'weekly', $2, $3, $4, $5, $6, $7)
         ON CONFLICT (host_id, kind) DO UPDATE SET wanted = excluded.wanted, day = excluded.day, hour = excluded.hour,
             quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, decided_at = excluded.decided_at",
        host.uuid(),
        wanted,
        wish.day.map(weekday_name),
        i16::from(wish.hour),
        i16::from(wish.quiet.from()),
        i16::from(wish.quiet.until()),
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_members_word_goes_before_their_hosts_and_a_hosts_before_ours() {
        assert_eq!(Said::default().resolve().wish, Wish::default());
        assert!(ChannelKind::ALL.iter().all(|channel| Said::default().resolve().wants(*channel)));
        let host = Said {
            host_wanted: Some(false),
            host_day: Some("tuesday".to_owned()),
            host_hour: Some(18),
            host_quiet_from: Some(20),
            host_quiet_until: Some(10),
            ..Said::default()
        };
        let theirs = host.resolve();
        assert!(!theirs.apns && !theirs.fcm && !theirs.web_push);
        assert_eq!((theirs.wish.day, theirs.wish.hour, theirs.wish.quiet.from()), (Some(Weekday::Tue), 18, 20));
        let own = Said { fcm: Some(true), hour: Some(7), quiet_from: Some(0), quiet_until: Some(0), ..host };
        let own = own.resolve();
        assert!(own.fcm && !own.apns);
        assert_eq!((own.wish.day, own.wish.hour, own.wish.quiet.covers(0)), (Some(Weekday::Tue), 7, false));
    }
}
