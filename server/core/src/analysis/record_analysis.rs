//! Keeping what was measured: the session's vector, its turns' impacts, and the order to add its day up again.

use chrono::{DateTime, Utc};
use spectrum_domain::{
    affect::AffectVector,
    id::{MemberId, SessionId},
    job::Job,
    session::{SessionVector, TurnImpact},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    db::scope::raise_data_version,
    error::ServiceError,
    queue::enqueue::{NewJob, enqueue, job_key},
};

/// What the analyzer found in a session.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// Which state of the session was read.
    pub input_version: i32,
    /// The session's measure; nothing when there was nothing to measure.
    pub vector: Option<SessionVector>,
    /// The impact of every measured turn.
    pub impacts: Vec<TurnImpact>,
    /// Name and version of the analyzer, such as `lexicon@1`.
    pub model: String,
}

/// The emotions of a vector as a column.
pub(crate) fn emotions(affect: &AffectVector) -> Vec<i16> {
    affect.emotions.iter().map(|strength| strength.0).collect()
}

/// Writes the analysis, unless the session changed meanwhile: then another job is on its way.
pub(crate) async fn record(
    connection: &mut PgConnection,
    member_id: MemberId,
    session_id: SessionId,
    analysis: &Analysis,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let (member, session) = (member_id.uuid(), session_id.uuid());
    if raise_data_version(connection, member_id).await?.is_none() {
        return Ok(()); // the member is gone, and with them all there was to do
    }
    let Some(row) = sqlx::query!(
        "SELECT local_date, received_at, vector_revision FROM session
         WHERE member_id = $1 AND session_id = $2 AND input_version = $3 AND state = 'ended' FOR UPDATE",
        member,
        session,
        analysis.input_version
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(());
    };
    sqlx::query!("DELETE FROM turn_impact WHERE member_id = $1 AND session_id = $2", member, session)
        .execute(&mut *connection)
        .await?;
    insert_impacts(connection, member, session, analysis, now).await?;
    let revision = match &analysis.vector {
        Some(vector) => Some(insert_vector(connection, member, session, vector, &analysis.model, now).await?),
        None => None,
    };
    let state = if revision.is_some() { "analysed" } else { "unmeasured" };
    sqlx::query!(
        "UPDATE session SET state = $3, vector_revision = $4 WHERE member_id = $1 AND session_id = $2",
        member,
        session,
        state,
        revision
    )
    .execute(&mut *connection)
    .await?;
    if revision.is_some() || row.vector_revision.is_some() {
        let date = row.local_date;
        let job = Job::RefreshRollups { date };
        let state = format!("{} {date}", analysis.input_version);
        let key = job_key(job.kind(), &[member.as_bytes(), session.as_bytes(), state.as_bytes()]);
        let bucket = row.received_at.date_naive();
        enqueue(connection, &[NewJob { member_id, job, run_at: now, bucket, key }], now).await?;
    }
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
    // One flat array of all emotions, cut by place: an array of arrays would come apart in unnest.
    let flat: Vec<i16> = analysis.impacts.iter().flat_map(|impact| emotions(&impact.affect)).collect();
    sqlx::query!(
        "INSERT INTO turn_impact (member_id, session_id, index, emotions, valence, arousal, dominance, valence_step,
                                  arousal_step, turns_between, model, created_at)
         SELECT $1, $2, index, ($4::smallint[])[28 * place - 27 : 28 * place], valence, arousal, dominance,
                valence_step, arousal_step, turns_between, $11, $12
         FROM unnest($3::int[], $5::smallint[], $6::smallint[], $7::smallint[], $8::smallint[], $9::smallint[],
                     $10::int[])
              WITH ORDINALITY AS t (index, valence, arousal, dominance, valence_step, arousal_step, turns_between,
                                    place)",
        member,
        session,
        &analysis.impacts.iter().map(|impact| impact.index).collect::<Vec<_>>(),
        &flat,
        &of(|impact| impact.affect.valence.0),
        &of(|impact| impact.affect.arousal.0),
        &of(|impact| impact.affect.dominance.0),
        &analysis.impacts.iter().map(|impact| impact.valence_step).collect::<Vec<_>>() as &[Option<i16>],
        &analysis.impacts.iter().map(|impact| impact.arousal_step).collect::<Vec<_>>() as &[Option<i16>],
        &analysis.impacts.iter().map(|impact| impact.turns_between).collect::<Vec<_>>(),
        analysis.model,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_vector(
    connection: &mut PgConnection,
    member: Uuid,
    session: Uuid,
    vector: &SessionVector,
    model: &str,
    now: DateTime<Utc>,
) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        "INSERT INTO session_vector (member_id, session_id, revision, emotions, valence, arousal, dominance,
                                     valence_spread, arousal_spread, peak_valence, end_valence, turns, words, source,
                                     model, created_at)
         VALUES ($1, $2, 1 + coalesce((SELECT max(revision) FROM session_vector
                                       WHERE member_id = $1 AND session_id = $2), 0),
                 $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'model', $13, $14)
         RETURNING revision",
        member,
        session,
        &emotions(&vector.affect),
        vector.affect.valence.0,
        vector.affect.arousal.0,
        vector.affect.dominance.0,
        vector.valence_spread.0,
        vector.arousal_spread.0,
        vector.peak_valence.0,
        vector.end_valence.0,
        vector.turns,
        vector.words,
        model,
        now
    )
    .fetch_one(connection)
    .await
}
