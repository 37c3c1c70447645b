//! Keeping one member's editions in step with their sums. A change to a day marks it; whoever takes the mark makes every
//! edition again that rests on it: that of its own week and month, and of the twelve after, which are held against it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use spectrum_domain::{
    calendar::{Month, Week, local_date},
    card::{Grain, Language, TEMPLATES},
    finding::LONG,
    id::MemberId,
    job::Job,
    member::weekday_from_name,
};
use sqlx::{FromRow as _, PgConnection, types::Json};

use super::{
    compose::{Edition, Said, Source, Sums, TOLD_FOR, back, end},
    rephrase,
};
use crate::{
    db::scope::raise_data_version,
    error::ServiceError,
    queue::enqueue::{NewJob, enqueue, link_to_waiting},
    rollup::rows::RollupRow,
};

/// Marks that the member's editions from this day on are not what their sums say. Whoever changes sums marks; then it makes
/// the editions again itself, where somebody waits for it, or has it done.
///
/// INVARIANT: in the transaction that changes the sums, which holds the member's row.
pub(crate) async fn mark(connection: &mut PgConnection, member: MemberId, since: NaiveDate) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO edition_due AS due (member_id, since) VALUES ($1, $2)
         ON CONFLICT (member_id) DO UPDATE SET since = least(due.since, excluded.since)",
        member.uuid(),
        since
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Has the member's editions made again that are marked, unless that is on its way: many changes in a row are one job.
pub(crate) async fn order(
    connection: &mut PgConnection,
    member: MemberId,
    version: i64,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let marked =
        sqlx::query!("UPDATE edition_due SET ordered = true WHERE member_id = $1 AND NOT ordered", member.uuid())
            .execute(&mut *connection)
            .await?;
    if marked.rows_affected() > 0 {
        let job = NewJob::about(member, &Job::WriteEditions, &[&version.to_le_bytes()], now.date_naive(), now);
        enqueue(connection, &[job], now).await?;
    } else {
        // Somebody else's order makes them; whoever follows this change finds it there.
        link_to_waiting(connection, member, Job::WriteEditions.kind()).await?;
    }
    Ok(())
}

/// Has what models said to be said by templates again: marks the editions, as if they had been made of something else.
///
/// PRIVACY: for a member who has taken their consent back, or never gave it.
///
/// INVARIANT: in a transaction that holds the member's row.
pub(crate) async fn unsay_models(connection: &mut PgConnection, member: MemberId) -> Result<(), sqlx::Error> {
    let since = sqlx::query_scalar!(
        r#"WITH theirs AS (
               UPDATE edition e SET inputs_hash = ''
               WHERE member_id = $1 AND (narrator ->> 'by' = 'model' OR EXISTS (
                   SELECT FROM card c WHERE c.member_id = $1 AND c.grain = e.grain AND c.period = e.period
                     AND c.receipt -> 'generator' ->> 'by' = 'model'))
               RETURNING period
           )
           SELECT min(period) FROM theirs"#,
        member.uuid()
    )
    .fetch_one(&mut *connection)
    .await?;
    if let Some(since) = since {
        mark(connection, member, since).await?;
    }
    Ok(())
}

/// The same for a member who has not agreed to a model, at once.
pub(crate) async fn unsay_unless_agreed(
    connection: &mut PgConnection,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let agreed = sqlx::query_scalar!("SELECT consent_model FROM member WHERE member_id = $1", member.uuid())
        .fetch_optional(&mut *connection)
        .await?;
    if agreed == Some(false) {
        unsay_models(connection, member).await?;
        rewrite(connection, member, Cause::Reworded, false, now).await?;
    }
    Ok(())
}

/// Why editions are made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The member has decided something: whatever changes is said to have changed.
    Decided,
    /// Sessions came in or were read. What was told a moment ago was told too early, and is as if it had never been: a diary
    /// that is brought along comes in pieces.
    Arrived,
    /// Only who chooses the words is another: no number changed, and none is said to have.
    Reworded,
}

/// How long after it was told an edition may still be put right without a word.
const SETTLING: TimeDelta = TimeDelta::minutes(15);

/// Makes the member's editions again that are marked; gives whether any says something else now. Where there are `models`,
/// one of them is asked to rephrase what has changed, for a member who agreed to that.
pub(crate) async fn rewrite(
    connection: &mut PgConnection,
    member: MemberId,
    cause: Cause,
    models: bool,
    now: DateTime<Utc>,
) -> Result<bool, ServiceError> {
    // Held first, as by whoever changes sums.
    let Some(row) = sqlx::query!(
        "SELECT zone, week_start, locale, consent_model FROM member WHERE member_id = $1 AND state = 'active' FOR NO KEY UPDATE",
        member.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(false);
    };
    let Some(since) =
        sqlx::query_scalar!("DELETE FROM edition_due WHERE member_id = $1 RETURNING since", member.uuid())
            .fetch_optional(&mut *connection)
            .await?
    else {
        return Ok(false);
    };
    let inconsistent = |column| ServiceError::Inconsistent { table: "member", column };
    let zone: chrono_tz::Tz = row.zone.parse().map_err(|_| inconsistent("zone"))?;
    let whose = Whose {
        member,
        week_start: weekday_from_name(&row.week_start).ok_or_else(|| inconsistent("week_start"))?,
        language: Language::of_tag(&row.locale),
        today: local_date(now, &zone),
        rephrased: models && row.consent_model,
    };
    let mut changed = false;
    for grain in Grain::ALL {
        changed |= whose.rewrite(connection, grain, since, cause, now).await?;
    }
    if changed {
        // What is shown is part of what a version stands for.
        raise_data_version(connection, member).await?;
    }
    Ok(changed)
}

struct Whose {
    member: MemberId,
    week_start: Weekday,
    language: Language,
    today: NaiveDate,
    /// PRIVACY: the member agreed that a model may rephrase what is told, and there is one.
    rephrased: bool,
}

impl Whose {
    fn period_of(&self, grain: Grain, date: NaiveDate) -> NaiveDate {
        match grain {
            Grain::Week => Week::containing(date, self.week_start).start(),
            Grain::Month => Month::containing(date).start(),
        }
    }

    async fn rewrite(
        &self,
        connection: &mut PgConnection,
        grain: Grain,
        since: NaiveDate,
        cause: Cause,
        now: DateTime<Utc>,
    ) -> Result<bool, ServiceError> {
        let member = self.member;
        // The date before all dates has no period of its own.
        let first = self.period_of(grain, since.max(NaiveDate::from_ymd_opt(1, 1, 8).unwrap_or(since)));
        let sums = load_sums(connection, member, grain, back(grain, first, LONG)).await?;
        let known = load_known(connection, member, grain, back(grain, first, TOLD_FOR)).await?;
        let flags = load_flags(connection, member, first).await?;
        let mut said: BTreeMap<NaiveDate, Vec<Said>> =
            known.iter().map(|(period, known)| (*period, known.said.clone())).collect();
        let mut changed = remove_orphans(connection, member, grain, first).await?;
        let periods: Vec<NaiveDate> = sums.range(first..).map(|(period, _)| *period).collect();
        for period in periods.into_iter().filter(|period| end(grain, *period) <= self.today) {
            let within = flags.range(period..end(grain, period));
            let flagged = within.map(|(_, sessions)| *sessions).sum();
            let language = self.language;
            let source = Source { member, grain, language, sums: &sums, said: &said, flagged };
            let hash = source.hash(period);
            if known.get(&period).is_some_and(|known| known.hash == hash) {
                continue;
            }
            let Some(edition) = source.compose(period, now) else { continue };
            changed |= store(connection, member, grain, period, &edition, flagged, &hash, (cause, now)).await?;
            if self.rephrased && changed {
                enqueue(connection, &[rephrase::job(member, grain, period, &hash, now)], now).await?;
            }
            said.insert(period, edition.said);
        }
        Ok(changed)
    }
}

/// The sums from this period on, with the versions at which they were written.
async fn load_sums(
    connection: &mut PgConnection,
    member: MemberId,
    grain: Grain,
    from: NaiveDate,
) -> Result<BTreeMap<NaiveDate, Sums>, sqlx::Error> {
    let statement = match grain {
        Grain::Week => "SELECT * FROM week_rollup WHERE member_id = $1 AND period >= $2",
        Grain::Month => "SELECT * FROM month_rollup WHERE member_id = $1 AND period >= $2",
    };
    let rows = sqlx::query(statement).bind(member.uuid()).bind(from).fetch_all(connection).await?;
    rows.iter().map(read_sums).map(|sums| sums.map(|sums| (sums.row.period, sums))).collect()
}

pub(super) fn read_sums(row: &sqlx::postgres::PgRow) -> Result<Sums, sqlx::Error> {
    use sqlx::Row as _;
    Ok(Sums { row: RollupRow::from_row(row)?, version: row.try_get("version")? })
}

/// An edition that is kept.
struct Known {
    hash: Vec<u8>,
    said: Vec<Said>,
}

async fn load_known(
    connection: &mut PgConnection,
    member: MemberId,
    grain: Grain,
    from: NaiveDate,
) -> Result<BTreeMap<NaiveDate, Known>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT period, inputs_hash, told AS "told!: Json<Vec<Said>>" FROM edition
           WHERE member_id = $1 AND grain = $2 AND period >= $3"#,
        member.uuid(),
        grain.name(),
        from
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.period, Known { hash: row.inputs_hash, said: row.told.0 })).collect())
}

/// Sessions flagged for crisis that the member did not leave out, by day.
async fn load_flags(
    connection: &mut PgConnection,
    member: MemberId,
    from: NaiveDate,
) -> Result<BTreeMap<NaiveDate, i32>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT local_date, count(*)::int AS "sessions!" FROM session
           WHERE member_id = $1 AND local_date >= $2 AND crisis AND NOT excluded GROUP BY local_date"#,
        member.uuid(),
        from
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.local_date, row.sessions)).collect())
}

/// Takes editions away whose period has no sums any more: everything in it was left out, or weeks begin on another day now.
async fn remove_orphans(
    connection: &mut PgConnection,
    member: MemberId,
    grain: Grain,
    from: NaiveDate,
) -> Result<bool, sqlx::Error> {
    let gone = match grain {
        Grain::Week => sqlx::query!(
            "DELETE FROM edition e WHERE member_id = $1 AND grain = 'week' AND period >= $2
               AND NOT EXISTS (SELECT FROM week_rollup r WHERE r.member_id = $1 AND r.period = e.period)",
            member.uuid(),
            from
        ),
        Grain::Month => sqlx::query!(
            "DELETE FROM edition e WHERE member_id = $1 AND grain = 'month' AND period >= $2
               AND NOT EXISTS (SELECT FROM month_rollup r WHERE r.member_id = $1 AND r.period = e.period)",
            member.uuid(),
            from
        ),
    };
    Ok(gone.execute(connection).await?.rows_affected() > 0)
}

/// Keeps an edition: cards that say the same stay as they are, the others are changed, come or go. Gives whether anything
/// that is shown is another now.
#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
async fn store(
    connection: &mut PgConnection,
    member: MemberId,
    grain: Grain,
    period: NaiveDate,
    edition: &Edition,
    flagged: i32,
    hash: &[u8],
    (cause, now): (Cause, DateTime<Utc>),
) -> Result<bool, sqlx::Error> {
    let before = sqlx::query!(
        r#"WITH known AS (
               SELECT published_at, flagged, narrative FROM edition WHERE member_id = $1 AND grain = $2 AND period = $3
           ), kept AS (
               INSERT INTO edition (member_id, grain, period, published_at, flagged, told, narrative, inputs_hash, told_by)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
               ON CONFLICT (member_id, grain, period) DO UPDATE
               SET flagged = excluded.flagged, told = excluded.told, narrative = excluded.narrative,
                   narrator = NULL, inputs_hash = excluded.inputs_hash, told_by = excluded.told_by
           )
           SELECT published_at, flagged IS DISTINCT FROM $5 OR narrative IS DISTINCT FROM $7::jsonb AS "other!" FROM known"#,
        member.uuid(),
        grain.name(),
        period,
        now,
        flagged,
        Json(&edition.said) as _,
        edition.narrative.as_ref().map(Json) as _,
        hash,
        TEMPLATES
    )
    .fetch_optional(&mut *connection)
    .await?;
    let told_at = before.as_ref().map(|before| before.published_at);
    let settling = match cause {
        Cause::Decided => false,
        Cause::Arrived => told_at.is_some_and(|at| now - at < SETTLING),
        Cause::Reworded => true,
    };
    let cards = Columns::of(std::iter::once((member, period, edition)));
    let changed = sqlx::query_scalar!(
        r#"WITH wanted AS (
               SELECT * FROM unnest($4::uuid[], $5::smallint[], $6::jsonb[], $7::text[], $8::text[], $9::jsonb[])
                   AS w (card_id, position, finding, headline, body, receipt)
           ), gone AS (
               DELETE FROM card WHERE member_id = $1 AND grain = $2 AND period = $3
                   AND card_id NOT IN (SELECT card_id FROM wanted) RETURNING 1
           ), kept AS (
               INSERT INTO card (member_id, card_id, grain, period, position, finding, headline, body, receipt, published_at)
               SELECT $1, card_id, $2, $3, position, finding, headline, body, receipt, $10 FROM wanted
               ON CONFLICT (member_id, card_id) DO UPDATE
               SET position = excluded.position, finding = excluded.finding, headline = excluded.headline,
                   body = excluded.body, receipt = excluded.receipt,
                   changed_at = CASE WHEN $11 OR (card.headline, card.body) = (excluded.headline, excluded.body)
                                     THEN card.changed_at ELSE $10 END
               RETURNING $11 OR published_at = $10 OR changed_at IS NOT DISTINCT FROM $10 AS other
           )
           SELECT EXISTS (SELECT FROM gone) OR EXISTS (SELECT FROM kept WHERE other) AS "changed!""#,
        member.uuid(),
        grain.name(),
        period,
        &cards.card_id,
        &cards.position,
        &cards.finding,
        &cards.headline,
        &cards.body,
        &cards.receipt,
        now,
        settling
    )
    .fetch_one(&mut *connection)
    .await?;
    let Some(before) = before else { return Ok(true) };
    let changed = changed || before.other;
    if changed && !settling && before.published_at < now {
        sqlx::query!(
            "UPDATE edition SET refreshed_at = $4 WHERE member_id = $1 AND grain = $2 AND period = $3",
            member.uuid(),
            grain.name(),
            period,
            now
        )
        .execute(connection)
        .await?;
    }
    Ok(changed)
}

/// Cards as columns, for one statement.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) member_id: Vec<uuid::Uuid>,
    pub(super) period: Vec<NaiveDate>,
    pub(super) card_id: Vec<uuid::Uuid>,
    pub(super) position: Vec<i16>,
    pub(super) finding: Vec<serde_json::Value>,
    pub(super) headline: Vec<String>,
    pub(super) body: Vec<String>,
    pub(super) receipt: Vec<serde_json::Value>,
}

impl Columns {
    pub(super) fn of<'a>(editions: impl IntoIterator<Item = (MemberId, NaiveDate, &'a Edition)>) -> Self {
        let mut columns = Self::default();
        for (member, period, edition) in editions {
            for (position, card) in (0..).zip(&edition.cards) {
                columns.member_id.push(member.uuid());
                columns.period.push(period);
                columns.card_id.push(card.card_id);
                columns.position.push(position);
                columns.finding.push(serde_json::to_value(&card.finding).unwrap_or_default());
                columns.headline.push(card.words.headline.clone());
                columns.body.push(card.words.body.clone());
                columns.receipt.push(serde_json::to_value(&card.receipt).unwrap_or_default());
            }
        }
        columns
    }
}
