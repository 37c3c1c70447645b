//! Making members and changing what the host knows of them: zone, week start, language, plan, consents.

use chrono::{DateTime, Utc, Weekday};
use chrono_tz::Tz;
use spectrum_domain::{
    id::{HostId, MemberId},
    job::Job,
    member::{Consent, ExternalRef, Plan, weekday_name},
};
use sqlx::PgConnection;

use crate::{
    ambient::Ambient,
    db::keyring::Keyring,
    error::ServiceError,
    queue::enqueue::{NewJob, enqueue},
};

/// What a host says of a member; what is left out stays as it is.
#[derive(Clone, Debug, Default)]
pub struct MemberChange {
    /// Where the member is now. The past keeps the zone it was lived in.
    pub zone: Option<Tz>,
    /// First day of the member's weeks; where the member has chosen one themselves, theirs stays.
    pub week_start: Option<Weekday>,
    /// Language tag; where the member has chosen a language themselves, theirs stays.
    pub locale: Option<String>,
    /// What they pay for.
    pub plan: Option<Plan>,
    /// What they agreed to; where they have said themselves whether a model may choose words, their word stays.
    pub consent: Option<Consent>,
}

/// Who says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidBy {
    /// The host, whose word gives way to the member's own.
    Host,
    /// The member.
    Member,
}

/// The member a host means, made if need be.
pub(crate) async fn find_or_make(
    connection: &mut PgConnection,
    ambient: &Ambient,
    keys: &Keyring,
    host: HostId,
    wanted: &ExternalRef,
    zone: Tz,
) -> Result<MemberId, ServiceError> {
    let member: MemberId = ambient.id();
    let made = sqlx::query!(
        "INSERT INTO member_lookup (host_id, external_ref, member_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        host.uuid(),
        wanted.as_str(),
        member.uuid()
    )
    .execute(&mut *connection)
    .await?;
    if made.rows_affected() == 0 {
        let known = sqlx::query_scalar!(
            "SELECT member_id FROM member_lookup WHERE host_id = $1 AND external_ref = $2",
            host.uuid(),
            wanted.as_str()
        )
        .fetch_one(connection)
        .await?;
        return Ok(known.into());
    }
    let (now, consent) = (ambient.now(), Consent::default());
    sqlx::query!(
        "INSERT INTO member (member_id, host_id, external_ref, zone, consent_analysis, consent_model,
                             consent_analytics, consent_outside, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $9, $8, $8)",
        member.uuid(),
        host.uuid(),
        wanted.as_str(),
        zone.name(),
        consent.analysis,
        consent.model,
        consent.analytics,
        now,
        consent.outside
    )
    .execute(&mut *connection)
    .await?;
    let (wrapped, _) = keys.draw(ambient, member, 1)?;
    sqlx::query!(
        "INSERT INTO member_key (member_id, version, wrapped, master_key_id, created_at) VALUES ($1, 1, $2, $3, $4)",
        member.uuid(),
        wrapped,
        keys.id(),
        now
    )
    .execute(connection)
    .await?;
    Ok(member)
}

/// Writes what is said of a member; whether they live in another zone by that.
pub(crate) async fn change(
    connection: &mut PgConnection,
    member: MemberId,
    change: &MemberChange,
    by: SaidBy,
    now: DateTime<Utc>,
) -> Result<bool, ServiceError> {
    let row = sqlx::query!(
        "UPDATE member SET zone = coalesce($2, zone),
                week_start = CASE WHEN week_start_decided AND NOT $11 THEN week_start ELSE coalesce($3, week_start) END,
                week_start_decided = week_start_decided OR ($11 AND $3 IS NOT NULL),
                locale = CASE WHEN host_locale IS NULL THEN coalesce($4, locale) ELSE locale END,
                host_locale = CASE WHEN host_locale IS NULL THEN NULL ELSE coalesce($4, host_locale) END, plan = coalesce($5, plan),
                consent_analysis = coalesce($6, consent_analysis),
                consent_model = CASE WHEN model_decided THEN consent_model ELSE coalesce($7, consent_model) END,
                consent_analytics = coalesce($8, consent_analytics), consent_outside = coalesce($10, consent_outside),
                data_version = data_version + 1, updated_at = $9
         FROM (SELECT week_start AS before, zone AS lived, split_part(locale, '-', 1) AS spoke, consent_model AS agreed
               FROM member WHERE member_id = $1) AS known
         WHERE member_id = $1
         RETURNING week_start <> before OR split_part(locale, '-', 1) <> spoke
                   OR agreed AND NOT consent_model AS \"moved!\", zone <> lived AS \"travelled!\", data_version",
        member.uuid(),
        change.zone.map(Tz::name),
        change.week_start.map(weekday_name),
        change.locale.as_deref(),
        change.plan.map(Plan::name),
        change.consent.map(|c| c.analysis),
        change.consent.map(|c| c.model),
        change.consent.map(|c| c.analytics),
        now,
        change.consent.map(|c| c.outside),
        by == SaidBy::Member
    )
    .fetch_one(&mut *connection)
    .await?;
    if row.moved {
        tell_all_anew(connection, member, row.data_version, now).await?;
    }
    Ok(row.travelled)
}

/// Orders all of a member's weeks anew: they begin on another day now, are told in another language, or may not be told in a
/// model's words any more.
pub(crate) async fn tell_all_anew(
    connection: &mut PgConnection,
    member: MemberId,
    data_version: i64,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let version = data_version.to_le_bytes();
    enqueue(connection, &[NewJob::about(member, &Job::RebuildWeeks, &[&version], now.date_naive(), now)], now).await?;
    Ok(())
}
