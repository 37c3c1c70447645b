//! The editions of a week or month that has ended, for a page of members at once: some hundreds a transaction, those who have
//! one already left out, so that a page that was cut off goes on where it stood.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    card::{Grain, Language, TEMPLATES},
    finding::LONG,
    id::MemberId,
    job::Page,
    member::weekday_name,
    rollup::Tier,
    schedule::Scope,
};
use sqlx::{PgConnection, Row as _, types::Json};
use uuid::Uuid;

use super::{
    compose::{Edition, Said, Source, Sums, TOLD_FOR, back, end},
    rephrase,
    rewrite::{Columns, read_sums},
};
use crate::{
    error::ServiceError,
    push::plan_week::{self, Planning, Told},
    queue::enqueue::enqueue,
    trace::{self, MOST_LINKS},
};

/// Members of one transaction.
const CHUNK: i64 = 500;

/// Publishes the next editions of the page, and gives how many; none when all of its members have theirs.
pub(crate) async fn publish_some(
    connection: &mut PgConnection,
    grain: Grain,
    scope: Scope,
    page: Page,
    period: NaiveDate,
    models: bool,
    pushing: Planning<'_>,
) -> Result<usize, ServiceError> {
    let now = pushing.now;
    let members = claim(connection, grain, scope, page, period).await?;
    let ids: Vec<Uuid> = members.keys().map(|member| member.uuid()).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let mut sums = load_sums(connection, grain, &ids, period).await?;
    let mut said = load_said(connection, grain, &ids, period).await?;
    let flags = load_flags(connection, grain, &ids, period).await?;
    link_to_sessions(connection, grain, &ids, period).await?;
    let mut editions: Vec<(MemberId, Edition, Vec<u8>, i32)> = Vec::with_capacity(members.len());
    let (mut jobs, mut told) = (Vec::new(), Vec::new());
    for (member, (language, consent)) in members {
        let (sums, said) = (sums.remove(&member).unwrap_or_default(), said.remove(&member).unwrap_or_default());
        let flagged = flags.get(&member).copied().unwrap_or_default();
        let source = Source { member, grain, language, sums: &sums, said: &said, flagged };
        if let Some(edition) = source.compose(period, now) {
            let tier = sums.get(&period).map_or(Tier::Empty, |sums| sums.row.rollup.tier());
            told.push(Told { member, tier, flagged });
            let hash = source.hash(period);
            if models && consent {
                jobs.push(rephrase::job(member, grain, period, &hash, now));
            }
            editions.push((member, edition, hash, flagged));
        }
    }
    insert(connection, grain, period, &editions, now).await?;
    if grain == Grain::Week {
        plan_week::plan(connection, pushing, period, &told).await?;
    }
    enqueue(connection, &jobs, now).await?;
    Ok(editions.len())
}

/// The next members who have sums of the period and no edition of it, held in one order: with their language, and whether
/// they agreed to a model.
async fn claim(
    connection: &mut PgConnection,
    grain: Grain,
    scope: Scope,
    page: Page,
    period: NaiveDate,
) -> Result<BTreeMap<MemberId, (Language, bool)>, sqlx::Error> {
    let (zone, week_start) = match scope {
        Scope::Everybody => (None, None),
        Scope::Zone(zone) => (Some(zone.name()), None),
        Scope::Weeks(zone, start) => (Some(zone.name()), Some(weekday_name(start))),
    };
    let rows = sqlx::query!(
        "SELECT member_id, locale, consent_model FROM member m
         WHERE member_id > $1 AND member_id <= $2 AND state = 'active'
           AND ($3::text IS NULL OR zone = $3) AND ($4::text IS NULL OR week_start = $4)
           AND CASE $5 WHEN 'week' THEN EXISTS (SELECT FROM week_rollup r WHERE r.member_id = m.member_id AND r.period = $6)
                       ELSE EXISTS (SELECT FROM month_rollup r WHERE r.member_id = m.member_id AND r.period = $6) END
           AND NOT EXISTS (SELECT FROM edition e WHERE e.member_id = m.member_id AND e.grain = $5 AND e.period = $6)
         ORDER BY member_id LIMIT $7 FOR NO KEY UPDATE OF m",
        page.after,
        page.until,
        zone,
        week_start,
        grain.name(),
        period,
        CHUNK
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.member_id.into(), (Language::of_tag(&row.locale), row.consent_model))).collect())
}

type ByMember<T> = HashMap<MemberId, T>;

async fn load_sums(
    connection: &mut PgConnection,
    grain: Grain,
    members: &[Uuid],
    period: NaiveDate,
) -> Result<ByMember<BTreeMap<NaiveDate, Sums>>, sqlx::Error> {
    let statement = match grain {
        Grain::Week => "SELECT * FROM week_rollup WHERE member_id = ANY ($1) AND period >= $2 AND period <= $3",
        Grain::Month => "SELECT * FROM month_rollup WHERE member_id = ANY ($1) AND period >= $2 AND period <= $3",
    };
    let from = back(grain, period, LONG);
    let rows = sqlx::query(statement).bind(members).bind(from).bind(period).fetch_all(connection).await?;
    let mut all: ByMember<BTreeMap<NaiveDate, Sums>> = HashMap::new();
    for row in &rows {
        let sums = read_sums(row)?;
        all.entry(row.try_get::<Uuid, _>("member_id")?.into()).or_default().insert(sums.row.period, sums);
    }
    Ok(all)
}

async fn load_said(
    connection: &mut PgConnection,
    grain: Grain,
    members: &[Uuid],
    period: NaiveDate,
) -> Result<ByMember<BTreeMap<NaiveDate, Vec<Said>>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT member_id, period, told AS "told!: Json<Vec<Said>>" FROM edition
           WHERE member_id = ANY ($1) AND grain = $2 AND period >= $3 AND period < $4"#,
        members,
        grain.name(),
        back(grain, period, TOLD_FOR),
        period
    )
    .fetch_all(connection)
    .await?;
    let mut all: ByMember<BTreeMap<NaiveDate, Vec<Said>>> = HashMap::new();
    for row in rows {
        all.entry(row.member_id.into()).or_default().insert(row.period, row.told.0);
    }
    Ok(all)
}

async fn load_flags(
    connection: &mut PgConnection,
    grain: Grain,
    members: &[Uuid],
    period: NaiveDate,
) -> Result<ByMember<i32>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT member_id, count(*)::int AS "sessions!" FROM session
           WHERE member_id = ANY ($1) AND local_date >= $2 AND local_date < $3 AND crisis AND NOT excluded
           GROUP BY member_id"#,
        members,
        period,
        end(grain, period)
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.member_id.into(), row.sessions)).collect())
}

/// Points from the publication to the traces of sessions that it tells of, as far as they are recorded: a session is in one trace, and
/// what is told of a period is told of many, so it is in none of theirs.
async fn link_to_sessions(
    connection: &mut PgConnection,
    grain: Grain,
    members: &[Uuid],
    period: NaiveDate,
) -> Result<(), sqlx::Error> {
    if trace::recorded().is_none() {
        return Ok(());
    }
    let traces = sqlx::query_scalar!(
        r#"SELECT trace AS "trace!" FROM session
           WHERE member_id = ANY ($1) AND local_date >= $2 AND local_date < $3 AND trace IS NOT NULL AND NOT excluded
           LIMIT $4"#,
        members,
        period,
        end(grain, period),
        i64::try_from(MOST_LINKS).unwrap_or(i64::MAX)
    )
    .fetch_all(connection)
    .await?;
    traces.iter().filter_map(|text| text.parse().ok()).for_each(trace::link);
    Ok(())
}

async fn insert(
    connection: &mut PgConnection,
    grain: Grain,
    period: NaiveDate,
    editions: &[(MemberId, Edition, Vec<u8>, i32)],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let members: Vec<Uuid> = editions.iter().map(|(member, ..)| member.uuid()).collect();
    let told: Vec<_> = editions.iter().map(|(_, e, ..)| serde_json::to_value(&e.said).unwrap_or_default()).collect();
    let narratives: Vec<Option<serde_json::Value>> = editions
        .iter()
        .map(|(_, edition, ..)| edition.narrative.as_ref().and_then(|text| serde_json::to_value(text).ok()))
        .collect();
    let hashes: Vec<Vec<u8>> = editions.iter().map(|(_, _, hash, _)| hash.clone()).collect();
    let flagged: Vec<i32> = editions.iter().map(|(.., flagged)| *flagged).collect();
    sqlx::query!(
        "INSERT INTO edition (member_id, grain, period, published_at, flagged, told, narrative, inputs_hash, told_by)
         SELECT member_id, $1, $2, $3, flagged, told, narrative, hash, $9
         FROM unnest($4::uuid[], $5::int[], $6::jsonb[], $7::jsonb[], $8::bytea[])
             AS e (member_id, flagged, told, narrative, hash)",
        grain.name(),
        period,
        now,
        &members,
        &flagged,
        &told,
        &narratives as _,
        &hashes,
        TEMPLATES
    )
    .execute(&mut *connection)
    .await?;
    let cards = Columns::of(editions.iter().map(|(member, edition, ..)| (*member, period, edition)));
    sqlx::query!(
        "INSERT INTO card (member_id, card_id, grain, period, position, finding, headline, body, receipt, published_at)
         SELECT member_id, card_id, $1, period, position, finding, headline, body, receipt, $2
         FROM unnest($3::uuid[], $4::date[], $5::uuid[], $6::smallint[], $7::jsonb[], $8::text[], $9::text[], $10::jsonb[])
             AS c (member_id, period, card_id, position, finding, headline, body, receipt)",
        grain.name(),
        now,
        &cards.member_id,
        &cards.period,
        &cards.card_id,
        &cards.position,
        &cards.finding,
        &cards.headline,
        &cards.body,
        &cards.receipt
    )
    .execute(&mut *connection)
    .await?;
    // What is shown is part of what a version stands for.
    sqlx::query!("UPDATE member SET data_version = data_version + 1 WHERE member_id = ANY ($1)", &members)
        .execute(connection)
        .await?;
    Ok(())
}
