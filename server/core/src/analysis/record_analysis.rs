//! Keeping what was measured: the session's vector, its turns' impacts and languages, and what that means for its day.

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    affect::{AffectVector, EMOTIONS, Milli},
    id::{MemberId, SessionId},
    impact::{Contribution, MeasurementBand, Since, TurnImpact},
    measure::{Coverage, Language, SessionVector, WhyNot},
    session::SessionState,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::load_turns::Occasion;
use crate::{
    control::{correct_session, settings},
    db::scope::raise_data_version,
    error::ServiceError,
    ingest::follow_up,
    queue::enqueue::enqueue,
    trace,
};

/// What the analyzer found in a session.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// Which state of the session was read.
    pub input_version: i32,
    /// The session's measure; nothing when there was nothing to measure.
    pub vector: Option<SessionVector>,
    /// What was measured of it and what was not.
    pub coverage: Coverage,
    /// A member turn speaks of acute danger.
    pub crisis: bool,
    /// The impact of every measured turn.
    pub impacts: Vec<TurnImpact>,
    /// In which language each member turn is that was read.
    pub languages: Vec<TurnLanguage>,
    /// How large a step must be to be more than the analyzer's error.
    pub band: MeasurementBand,
    /// Name and version of the analyzer, such as `lexicon@1`.
    pub model: String,
}

/// The language of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnLanguage {
    /// Place in the session.
    pub index: i32,
    /// Nothing where it is too short to tell.
    pub language: Option<Language>,
}

/// What recording an analysis did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recorded {
    /// The session's day.
    pub(crate) date: NaiveDate,
    /// The day when the session came in: where its jobs' keys lie.
    pub(crate) received_on: NaiveDate,
    /// The measure's revision; nothing where there was nothing to measure.
    pub(crate) revision: Option<i32>,
    /// Whether the day's sums, or what may be told of it, may have changed.
    pub(crate) sums_changed: bool,
    /// The member's data version now.
    pub(crate) version: i64,
}

/// A list of thousandths as a column.
fn column(figures: &[Milli; EMOTIONS]) -> Vec<i16> {
    figures.iter().map(|figure| figure.0).collect()
}

/// Writes the analysis, unless the session changed meanwhile: then another job is on its way.
pub(crate) async fn record(
    connection: &mut PgConnection,
    member_id: MemberId,
    session_id: SessionId,
    analysis: &Analysis,
    occasion: Occasion,
    now: DateTime<Utc>,
) -> Result<Option<Recorded>, ServiceError> {
    let (member, session) = (member_id.uuid(), session_id.uuid());
    let Some(version) = raise_data_version(connection, member_id).await? else {
        return Ok(None); // the member is gone, and with them all there was to do
    };
    let Some(row) = sqlx::query!(
        r#"SELECT local_date, received_at, vector_revision, crisis,
                  (SELECT turns FROM session_vector v
                   WHERE v.member_id = $1 AND v.session_id = $2 AND v.revision = s.vector_revision) AS turns,
                  EXISTS (SELECT FROM correction c
                          WHERE c.member_id = $1 AND c.session_id = $2) AS "corrected!",
                  (SELECT keep_text FROM member WHERE member_id = $1) AS "keep_text!"
           FROM session s
           WHERE member_id = $1 AND session_id = $2 AND input_version = $3
             AND CASE WHEN $4 THEN state IN ('analysed', 'withheld', 'unmeasured') AND NOT excluded
                      ELSE state = 'ended' END
           FOR UPDATE"#,
        member,
        session,
        analysis.input_version,
        occasion == Occasion::Again
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    // INVARIANT: a flag is taken back only by a reading of every word: what flagged it may be what is gone.
    let words_gone = analysis.coverage.not_measured[WhyNot::TextGone.index()] > 0;
    let crisis = analysis.crisis || (row.crisis && words_gone);
    // Words that are gone do not take their measure with them: the one that saw more of the session stays.
    let saw_more = words_gone && row.turns.is_some_and(|turns| turns > analysis.coverage.turns);
    if !saw_more || crisis {
        sqlx::query!("DELETE FROM turn_impact WHERE member_id = $1 AND session_id = $2", member, session)
            .execute(&mut *connection)
            .await?;
    }
    if !saw_more && !crisis {
        // PRIVACY: of a withheld session no turn's measure is kept, so none can be shown.
        insert_impacts(connection, member, session, analysis, now).await?;
    }
    write_languages(connection, member, session, &analysis.languages).await?;
    let revision = match &analysis.vector {
        _ if saw_more => row.vector_revision,
        Some(vector) => {
            let origin = Origin { source: "model", model: &analysis.model, band: analysis.band };
            Some(insert_vector(connection, member, session, vector, origin, now).await?)
        }
        None => None,
    };
    let state = match (crisis, revision) {
        (true, _) => SessionState::Withheld,
        (false, Some(_)) => SessionState::Analysed,
        (false, None) => SessionState::Unmeasured,
    };
    sqlx::query!(
        "UPDATE session SET state = $3, vector_revision = $4, why_not = $5, crisis = $6, model = $7, trace = $8,
                excluded = is_kept_out(member_id, session_id, feature, local_date, started_at)
         WHERE member_id = $1 AND session_id = $2",
        member,
        session,
        state.name(),
        revision,
        analysis.coverage.why_not().filter(|_| revision.is_none()).map(WhyNot::name),
        crisis,
        analysis.model,
        trace::recorded().map(|trace| trace.to_string())
    )
    .execute(&mut *connection)
    .await?;
    if !row.keep_text {
        settings::drop_text(connection, member_id, session_id).await?;
    }
    let mut counted = revision;
    if row.corrected && state == SessionState::Analysed && !saw_more {
        // What the member has said of the session is laid over every measure of it.
        let corrected = correct_session::lay_over(connection, member_id, session_id, row.local_date, now).await?;
        counted = corrected.or(revision);
    }
    Ok(Some(Recorded {
        date: row.local_date,
        received_on: row.received_at.date_naive(),
        revision: counted,
        sums_changed: revision.is_some() || row.vector_revision.is_some() || crisis != row.crisis,
        version,
    }))
}

/// Orders the session's day to be added up again.
pub(crate) async fn order_rollup(
    connection: &mut PgConnection,
    member_id: MemberId,
    session_id: SessionId,
    input_version: i32,
    recorded: &Recorded,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let Recorded { date, received_on, revision, .. } = *recorded;
    let job = follow_up::refresh(member_id, session_id, input_version, date, revision, received_on, now);
    enqueue(connection, &[job], now).await?;
    Ok(())
}

async fn write_languages(
    connection: &mut PgConnection,
    member: Uuid,
    session: Uuid,
    languages: &[TurnLanguage],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE turn SET language = t.language
         FROM unnest($3::int[], $4::text[]) AS t (index, language)
         WHERE turn.member_id = $1 AND turn.session_id = $2 AND turn.index = t.index
           AND turn.language IS DISTINCT FROM t.language",
        member,
        session,
        &languages.iter().map(|turn| turn.index).collect::<Vec<_>>(),
        &languages.iter().map(|turn| turn.language.map(|l| l.code().to_owned())).collect::<Vec<_>>()
            as &[Option<String>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_impacts(
    connection: &mut PgConnection,
    member: Uuid,
    session: Uuid,
    analysis: &Analysis,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let of = |figure: fn(&TurnImpact) -> i16| analysis.impacts.iter().map(figure).collect::<Vec<_>>();
    let count = |figure: fn(&TurnImpact) -> i32| analysis.impacts.iter().map(figure).collect::<Vec<_>>();
    let since = |figure: fn(&Since) -> i16| {
        analysis.impacts.iter().map(|impact| impact.since.as_ref().map(figure)).collect::<Vec<_>>()
    };
    let contribution = |figure: fn(&Contribution) -> i16| {
        analysis.impacts.iter().map(|impact| impact.contribution.as_ref().map(figure)).collect::<Vec<_>>()
    };
    // One flat array of all emotions, cut by place: an array of arrays would come apart in unnest.
    let flat: Vec<i16> = analysis.impacts.iter().flat_map(|impact| column(&impact.affect.emotions)).collect();
    sqlx::query!(
        "INSERT INTO turn_impact (member_id, session_id, index, emotions, valence, arousal, dominance, valence_step,
                                  arousal_step, valence_innovation, arousal_innovation, mixture_shift,
                                  valence_contribution, arousal_contribution, assistant_before, unmeasured_before,
                                  model, created_at)
         SELECT $1, $2, index, ($4::smallint[])[28 * place - 27 : 28 * place], valence, arousal, dominance,
                valence_step, arousal_step, valence_innovation, arousal_innovation, mixture_shift,
                valence_contribution, arousal_contribution, assistant_before, unmeasured_before, $17, $18
         FROM unnest($3::int[], $5::smallint[], $6::smallint[], $7::smallint[], $8::smallint[], $9::smallint[],
                     $10::smallint[], $11::smallint[], $12::smallint[], $13::smallint[], $14::smallint[], $15::int[],
                     $16::int[])
              WITH ORDINALITY AS t (index, valence, arousal, dominance, valence_step, arousal_step, valence_innovation,
                                    arousal_innovation, mixture_shift, valence_contribution, arousal_contribution,
                                    assistant_before, unmeasured_before, place)",
        member,
        session,
        &count(|impact| impact.index),
        &flat,
        &of(|impact| impact.affect.valence.0),
        &of(|impact| impact.affect.arousal.0),
        &of(|impact| impact.affect.dominance.0),
        &since(|since| since.valence_step) as &[Option<i16>],
        &since(|since| since.arousal_step) as &[Option<i16>],
        &since(|since| since.valence_innovation) as &[Option<i16>],
        &since(|since| since.arousal_innovation) as &[Option<i16>],
        &since(|since| since.mixture_shift.0) as &[Option<i16>],
        &contribution(|contribution| contribution.valence) as &[Option<i16>],
        &contribution(|contribution| contribution.arousal) as &[Option<i16>],
        &count(|impact| impact.assistant_before),
        &count(|impact| impact.unmeasured_before),
        analysis.model,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Where a measure comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    /// `model` or `member`.
    pub(crate) source: &'static str,
    /// Which model measured.
    pub(crate) model: &'a str,
    /// How large a step must be to be more than its error.
    pub(crate) band: MeasurementBand,
}

/// Writes a measure as the session's next revision, and gives its number.
pub(crate) async fn insert_vector(
    connection: &mut PgConnection,
    member: Uuid,
    session: Uuid,
    vector: &SessionVector,
    origin: Origin<'_>,
    now: DateTime<Utc>,
) -> Result<i32, sqlx::Error> {
    let AffectVector { emotions, valence, arousal, dominance } = &vector.affect;
    sqlx::query_scalar!(
        "INSERT INTO session_vector (member_id, session_id, revision, emotions, mixture, valence, arousal, dominance,
                                     valence_spread, arousal_spread, first_valence, first_arousal, peak_valence,
                                     peak_arousal, end_valence, end_arousal, valence_pairs, arousal_pairs, displacements,
                                     valence_band, arousal_band, turns, words, not_measured, source, model, created_at)
         VALUES ($1, $2, 1 + coalesce((SELECT max(revision) FROM session_vector
                                       WHERE member_id = $1 AND session_id = $2), 0),
                 $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                 $26, $24, $25)
         RETURNING revision",
        member,
        session,
        &column(emotions),
        &column(&vector.mixture),
        valence.0,
        arousal.0,
        dominance.0,
        vector.valence_spread.0,
        vector.arousal_spread.0,
        vector.first.valence.0,
        vector.first.arousal.0,
        vector.peak.valence.0,
        vector.peak.arousal.0,
        vector.end.valence.0,
        vector.end.arousal.0,
        &vector.valence_pairs.columns(),
        &vector.arousal_pairs.columns(),
        &vector.displacements.columns(),
        origin.band.valence.0,
        origin.band.arousal.0,
        vector.coverage.turns,
        vector.coverage.words,
        &vector.coverage.not_measured,
        origin.model,
        now,
        origin.source
    )
    .fetch_one(connection)
    .await
}
