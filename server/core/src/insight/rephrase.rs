//! Letting a model put an edition into other words: what it needs to be asked, and keeping what it said, once it was checked, with
//! what it has cost. The asking itself is nobody's business here.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use spectrum_domain::{
    card::{Generator, Grain, Language, Narrative, Receipt, Words},
    finding::Finding,
    id::{CardId, MemberId},
    job::Job,
    member::Plan,
    private::PrivateText,
    review::{Label, RevisionRef},
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{
    compose::end,
    label_prompt,
    sum_calls::{ForWhom, Routed, add_up, count_route},
};
use crate::{
    db::{keyring::Keyring, keys::MemberKeys, scope::raise_data_version, seal::Sealed},
    error::ServiceError,
    queue::{
        claim::ClaimedJob,
        enqueue::{NewJob, job_key},
    },
};

/// What was spent so far, in millionths of a dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// By everybody today.
    pub day: u64,
    /// By everybody this month.
    pub month: u64,
    /// On this kind of task today.
    pub task_day: u64,
    /// On this kind of task this month.
    pub task_month: u64,
    /// On this member this month.
    pub member_month: u64,
}

/// What may be charged for questions that are on their way in batches, in millionths of a dollar: it is held back until their
/// answers are booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// All of them.
    pub all: u64,
    /// Those of this kind of task.
    pub task: u64,
    /// Those about this member.
    pub member: u64,
}

/// What is to be put into other words.
#[derive(Clone, Debug)]
pub struct Task {
    /// What the edition was made from: if it is another when the words come, they are not kept.
    pub inputs: Vec<u8>,
    /// Its cards' findings, in their order.
    pub cards: Vec<(CardId, Finding)>,
    /// What they rest on.
    pub receipt: Receipt,
    /// In which language.
    pub language: Language,
    /// What the member pays for.
    pub plan: Plan,
    /// PRIVACY: whether the member agreed that a model may rephrase findings.
    pub consent: bool,
    /// What was spent so far.
    pub spent: Spent,
    /// What is held back for what is on its way.
    pub held: Held,
    /// The revision that is in use for this language; without one templates write.
    pub prompt: Option<RevisionRef>,
}

/// The prompt that puts a period of this length into words.
pub const fn prompt_name(grain: Grain) -> &'static str {
    match grain {
        Grain::Week => "weekly",
        Grain::Month => "monthly",
    }
}

/// A call as it is booked.
#[derive(Clone, Debug)]
pub struct BookedCall {
    /// The model.
    pub model: String,
    /// Name, number and hash of the prompt.
    pub prompt: String,
    /// The provider's id.
    pub request_id: Option<String>,
    /// Tokens read, read from the provider's cache, and written.
    pub tokens: (u64, u64, u64),
    /// Millionths of a dollar.
    pub micro_dollars: u64,
    /// Milliseconds.
    pub took_ms: u32,
    /// `taken`, `refused`, `failed`, or `unused` where its answer came about what is no longer so.
    pub outcome: &'static str,
    /// Why it was refused, in the guard's closed words.
    pub reasons: Vec<String>,
    /// Whether it was one of a batch.
    pub batched: bool,
}

/// What a model said, checked.
#[derive(Clone, Debug)]
pub enum Rephrased {
    /// Words for cards.
    Cards(Vec<(CardId, Words)>),
    /// A month's text.
    Month(Narrative),
}

/// What came of a try to have an edition put into other words.
#[derive(Clone, Copy, Debug)]
pub struct Tried<'a> {
    /// Who was to write.
    pub routed: Routed,
    /// What was asked.
    pub calls: &'a [BookedCall],
    /// What may be shown, and who wrote it; nothing where the template's words stay.
    pub rephrased: Option<(&'a Rephrased, &'a Generator)>,
}

/// The job for an edition that was just made.
pub(crate) fn job(member: MemberId, grain: Grain, period: NaiveDate, inputs: &[u8], now: DateTime<Utc>) -> NewJob {
    let job = Job::RephraseEdition { grain, period };
    NewJob::about(member, &job, &[grain.name().as_bytes(), inputs], period, now)
}

/// What is to be put into other words; nothing where there is no such edition, or none of its words are a template's.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: MemberId,
    grain: Grain,
    period: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<Task>, ServiceError> {
    let Some(edition) = sqlx::query!(
        r#"SELECT e.inputs_hash, m.locale, m.plan, m.consent_model FROM edition e JOIN member m USING (member_id)
           WHERE e.member_id = $1 AND e.grain = $2 AND e.period = $3"#,
        member.uuid(),
        grain.name(),
        period
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    let rows = sqlx::query!(
        r#"SELECT card_id, finding AS "finding!: Json<Finding>", receipt AS "receipt!: Json<Receipt>" FROM card
           WHERE member_id = $1 AND grain = $2 AND period = $3 ORDER BY position"#,
        member.uuid(),
        grain.name(),
        period
    )
    .fetch_all(&mut *connection)
    .await?;
    let Some(receipt) = rows.first().map(|row| row.receipt.0.clone()) else { return Ok(None) };
    if !matches!(receipt.generator, Generator::Template { .. }) {
        return Ok(None);
    }
    let spent = load_spent(connection, member, grain, now).await?;
    let held = load_held(connection, member, grain).await?;
    let language = Language::of_tag(&edition.locale);
    let prompt = label_prompt::find(connection, prompt_name(grain), language, Label::Production).await?;
    Ok(Some(Task {
        inputs: edition.inputs_hash,
        cards: rows.into_iter().map(|row| (row.card_id.into(), row.finding.0)).collect(),
        receipt,
        language,
        plan: edition.plan.parse().map_err(|_| ServiceError::Inconsistent { table: "member", column: "plan" })?,
        consent: edition.consent_model,
        spent,
        held,
        prompt,
    }))
}

fn month(now: DateTime<Utc>) -> NaiveDate {
    now.date_naive().with_day(1).unwrap_or(now.date_naive())
}

async fn load_spent(
    connection: &mut PgConnection,
    member: MemberId,
    task: Grain,
    now: DateTime<Utc>,
) -> Result<Spent, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT scope, grain, micro_dollars FROM model_spend
         WHERE (grain = 'day' AND period = $1) OR (grain = 'month' AND period = $2)",
        now.date_naive(),
        month(now)
    )
    .fetch_all(&mut *connection)
    .await?;
    let own = sqlx::query_scalar!(
        "SELECT micro_dollars FROM member_spend WHERE member_id = $1 AND month = $2",
        member.uuid(),
        month(now)
    )
    .fetch_optional(connection)
    .await?;
    let whole = |figure: i64| u64::try_from(figure).unwrap_or(0);
    let sums: BTreeMap<(&str, &str), u64> =
        rows.iter().map(|row| ((row.scope.as_str(), row.grain.as_str()), whole(row.micro_dollars))).collect();
    let of = |scope, grain| sums.get(&(scope, grain)).copied().unwrap_or_default();
    Ok(Spent {
        day: of("all", "day"),
        month: of("all", "month"),
        task_day: of(task.name(), "day"),
        task_month: of(task.name(), "month"),
        member_month: own.map(whole).unwrap_or_default(),
    })
}

async fn load_held(connection: &mut PgConnection, member: MemberId, task: Grain) -> Result<Held, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT coalesce(sum(micro_dollars), 0)::bigint AS "all!",
                  coalesce(sum(micro_dollars) FILTER (WHERE task = $2), 0)::bigint AS "task!",
                  coalesce(sum(micro_dollars) FILTER (WHERE item_id IN (
                      SELECT item_id FROM rephrasing WHERE member_id = $1 AND batch_id IS NOT NULL)), 0)::bigint AS "member!"
           FROM model_batch_item"#,
        member.uuid(),
        task.name()
    )
    .fetch_one(connection)
    .await?;
    let whole = |figure: i64| u64::try_from(figure).unwrap_or(0);
    Ok(Held { all: whole(row.all), task: whole(row.task), member: whole(row.member) })
}

/// What the member wrote in the period, as far as it is still held: what a model says is held against it, and it goes nowhere.
pub(crate) async fn open_words(
    connection: &mut PgConnection,
    keyring: &Keyring,
    member: MemberId,
    grain: Grain,
    period: NaiveDate,
) -> Result<Vec<PrivateText>, ServiceError> {
    let keys = MemberKeys::open(&mut *connection, keyring, member).await?;
    let rows = sqlx::query!(
        "SELECT x.session_id, x.index, x.ciphertext, x.nonce, x.key_version
         FROM session s
         JOIN turn t ON t.member_id = $1 AND t.session_id = s.session_id AND t.role = 'member'
         JOIN turn_text x ON x.member_id = $1 AND x.session_id = s.session_id AND x.index = t.index
         WHERE s.member_id = $1 AND s.local_date >= $2 AND s.local_date < $3",
        member.uuid(),
        period,
        end(grain, period)
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let sealed = Sealed { ciphertext: row.ciphertext, nonce: row.nonce, key_version: row.key_version };
            let key = keys.of(sealed.key_version, "turn_text")?;
            Ok(key.unseal(row.session_id.into(), row.index, &sealed)?)
        })
        .collect()
}

/// Books the calls, each once however often the job is done, and keeps the words if the edition is still the one they are
/// about.
pub(crate) async fn keep(
    connection: &mut PgConnection,
    claimed: &ClaimedJob,
    (grain, period): (Grain, NaiveDate),
    task: &Task,
    Tried { routed, calls, rephrased }: Tried<'_>,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let member = claimed.member()?;
    // Held first, as by whoever makes editions again.
    raise_data_version(connection, member).await?.ok_or(ServiceError::MemberGone)?;
    let key = job_key("model_call", &[member.0.as_bytes(), grain.name().as_bytes(), &task.inputs]);
    let booking = Booking { key, attempt: claimed.attempt, member: Some(member), grain };
    book(connection, &booking, calls, now).await?;
    count_route(connection, grain, routed, now).await?;
    if let Some(said) = rephrased {
        keep_words(connection, member, (grain, period), &task.inputs, said).await?;
    }
    Ok(())
}

/// Keeps what a model said, if the edition is still the one that it is about, and the member has not taken their consent back.
///
/// INVARIANT: in a transaction that holds the member's row.
pub(super) async fn keep_words(
    connection: &mut PgConnection,
    member: MemberId,
    (grain, period): (Grain, NaiveDate),
    inputs: &[u8],
    (rephrased, generator): (&Rephrased, &Generator),
) -> Result<(), ServiceError> {
    let same = sqlx::query_scalar!(
        r#"SELECT e.inputs_hash = $4 AND m.consent_model AS "same!" FROM edition e JOIN member m USING (member_id)
           WHERE e.member_id = $1 AND e.grain = $2 AND e.period = $3"#,
        member.uuid(),
        grain.name(),
        period,
        inputs
    )
    .fetch_optional(&mut *connection)
    .await?;
    if same != Some(true) {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE edition SET told_by = $4 WHERE member_id = $1 AND grain = $2 AND period = $3",
        member.uuid(),
        grain.name(),
        period,
        generator.revision()
    )
    .execute(&mut *connection)
    .await?;
    match rephrased {
        Rephrased::Cards(cards) => {
            for (card, words) in cards {
                sqlx::query!(
                    "UPDATE card SET headline = $3, body = $4, receipt = jsonb_set(receipt, '{generator}', $5)
                     WHERE member_id = $1 AND card_id = $2",
                    member.uuid(),
                    card.uuid(),
                    words.headline,
                    words.body,
                    Json(generator) as _
                )
                .execute(&mut *connection)
                .await?;
            }
        }
        Rephrased::Month(narrative) => {
            sqlx::query!(
                "UPDATE edition SET narrative = $4, narrator = $5 WHERE member_id = $1 AND grain = $2 AND period = $3",
                member.uuid(),
                grain.name(),
                period,
                Json(narrative) as _,
                Json(generator) as _
            )
            .execute(connection)
            .await?;
        }
    }
    Ok(())
}

/// Of what calls are booked.
#[derive(Debug)]
pub(super) struct Booking {
    /// What follows from what was to be put into words.
    pub(super) key: Uuid,
    /// Which try it was.
    pub(super) attempt: i16,
    /// Whose it was; nobody's where they are gone meanwhile.
    pub(super) member: Option<MemberId>,
    /// Of a week or a month.
    pub(super) grain: Grain,
}

/// Books calls about a member's edition, each once, and adds up what they have cost.
pub(super) async fn book(
    connection: &mut PgConnection,
    booking: &Booking,
    calls: &[BookedCall],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let plan = match booking.member {
        None => None,
        Some(member) => {
            sqlx::query_scalar!("SELECT plan FROM member WHERE member_id = $1", member.uuid())
                .fetch_optional(&mut *connection)
                .await?
        }
    };
    let for_whom = plan.and_then(|plan| plan.parse().ok()).map_or(ForWhom::Unknown, ForWhom::Member);
    let of = (booking.key, booking.attempt, booking.grain, for_whom);
    let spent = book_calls(connection, of, calls, now).await?;
    let Some(member) = booking.member.filter(|_| spent > 0) else { return Ok(()) };
    sqlx::query!(
        "INSERT INTO member_spend AS s (member_id, month, micro_dollars) VALUES ($1, $2, $3)
         ON CONFLICT (member_id, month) DO UPDATE SET micro_dollars = s.micro_dollars + excluded.micro_dollars",
        member.uuid(),
        month(now),
        spent
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Books calls, each once, and adds up what they have cost. Gives what those cost that were not booked before.
pub(super) async fn book_calls(
    connection: &mut PgConnection,
    (key, attempt, grain, for_whom): (Uuid, i16, Grain, ForWhom),
    calls: &[BookedCall],
    now: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    let mut spent = 0_i64;
    for (ordinal, call) in (0_i16..).zip(calls) {
        let whole = |figure: u64| i64::try_from(figure).unwrap_or(i64::MAX);
        let (input, cached, output) = call.tokens;
        let cost = whole(call.micro_dollars);
        let done = sqlx::query!(
            "INSERT INTO model_call (day, task_key, attempt, ordinal, task, model, prompt, request_id, input_tokens,
                                     cached_tokens, output_tokens, micro_dollars, took_ms, outcome, reasons, batched)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING",
            now.date_naive(),
            key,
            attempt,
            ordinal,
            grain.name(),
            call.model,
            call.prompt,
            call.request_id,
            whole(input),
            whole(cached),
            whole(output),
            cost,
            i32::try_from(call.took_ms).unwrap_or(i32::MAX),
            call.outcome,
            &call.reasons,
            call.batched
        )
        .execute(&mut *connection)
        .await?;
        if done.rows_affected() > 0 {
            spent = spent.saturating_add(cost);
            add_up(connection, grain, for_whom, call, now).await?;
        }
    }
    if spent == 0 {
        return Ok(0);
    }
    sqlx::query!(
        "INSERT INTO model_spend AS s (scope, grain, period, micro_dollars)
         SELECT scope, grain, CASE grain WHEN 'day' THEN $1::date ELSE $2::date END, $3
         FROM unnest(ARRAY['all', $4]) AS scope, unnest(ARRAY['day', 'month']) AS grain
         ON CONFLICT (scope, grain, period) DO UPDATE SET micro_dollars = s.micro_dollars + excluded.micro_dollars",
        now.date_naive(),
        month(now),
        spent,
        grain.name()
    )
    .execute(connection)
    .await?;
    Ok(spent)
}
