//! Rollups and session summaries as rows: the one place that knows their columns.

use chrono::NaiveDate;
use spectrum_domain::{
    affect::{AffectVector, EMOTIONS, FAMILIES, Milli},
    id::MemberId,
    measure::{Coverage, PairSums, Place, SessionVector, WhyNot},
    rollup::{Rollup, Sums},
    session::{SessionState, SessionSummary},
};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow};

use crate::error::ServiceError;

/// The three tables of rollups, which have the same columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Day,
    Week,
    Month,
}

/// A rollup with what it was computed from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RollupRow {
    pub(crate) period: NaiveDate,
    pub(crate) rollup: Rollup,
    pub(crate) models: Vec<String>,
    pub(crate) inputs_hash: Vec<u8>,
}

impl FromRow<'_, PgRow> for RollupRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let sums = |figure: &str| -> Result<Sums, sqlx::Error> {
            Ok(Sums {
                sum: row.try_get(&*format!("{figure}_sum"))?,
                squares: row.try_get(&*format!("{figure}_squares"))?,
                min: row.try_get(&*format!("{figure}_min"))?,
                max: row.try_get(&*format!("{figure}_max"))?,
            })
        };
        let rollup = Rollup {
            days: row.try_get("days")?,
            sessions: row.try_get("sessions")?,
            turns: row.try_get("turns")?,
            words: row.try_get("words")?,
            valence: sums("valence")?,
            arousal: sums("arousal")?,
            dominance: sums("dominance")?,
            valence_pairs: PairSums::from_columns(fixed(row.try_get("valence_pairs")?)?),
            arousal_pairs: PairSums::from_columns(fixed(row.try_get("arousal_pairs")?)?),
            emotions: fixed::<_, EMOTIONS>(row.try_get("emotions")?)?,
            families: fixed::<_, FAMILIES>(row.try_get("families")?)?,
            quadrants: fixed(row.try_get("quadrants")?)?,
            features: fixed(row.try_get("features")?)?,
        };
        Ok(Self {
            period: row.try_get("period")?,
            rollup,
            models: row.try_get("models")?,
            inputs_hash: row.try_get("inputs_hash")?,
        })
    }
}

fn fixed<T, const N: usize>(values: Vec<T>) -> Result<[T; N], sqlx::Error> {
    values.try_into().map_err(|_| sqlx::Error::Decode("an array of another length".into()))
}

/// One statement in its three forms: the tables differ only in name.
macro_rules! for_table {
    ($table:expr, $before:literal, $after:literal) => {
        match $table {
            Table::Day => concat!($before, "day_rollup", $after),
            Table::Week => concat!($before, "week_rollup", $after),
            Table::Month => concat!($before, "month_rollup", $after),
        }
    };
}

/// The rollups of a table whose periods begin in `from..until`.
pub(crate) async fn load(
    connection: &mut PgConnection,
    table: Table,
    member: MemberId,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<RollupRow>, sqlx::Error> {
    let sql =
        for_table!(table, "SELECT * FROM ", " WHERE member_id = $1 AND period >= $2 AND period < $3 ORDER BY period");
    sqlx::query_as(sql).bind(member.uuid()).bind(from).bind(until).fetch_all(connection).await
}

/// Writes a rollup, or takes it away when nothing is left in its period.
pub(crate) async fn store(
    connection: &mut PgConnection,
    table: Table,
    member: MemberId,
    row: &RollupRow,
    version: i64,
) -> Result<(), sqlx::Error> {
    if row.rollup.sessions == 0 {
        let sql = for_table!(table, "DELETE FROM ", " WHERE member_id = $1 AND period = $2");
        sqlx::query(sql).bind(member.uuid()).bind(row.period).execute(connection).await?;
        return Ok(());
    }
    let sql = for_table!(
        table,
        "INSERT INTO ",
        " (member_id, period, days, sessions, turns, words, valence_sum, valence_squares, valence_min, valence_max,
           arousal_sum, arousal_squares, arousal_min, arousal_max, dominance_sum, dominance_squares, dominance_min,
           dominance_max, valence_pairs, arousal_pairs, emotions, families, quadrants, features, models, inputs_hash,
           version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                 $23, $24, $25, $26, $27)
         ON CONFLICT (member_id, period) DO UPDATE SET
             days = excluded.days, sessions = excluded.sessions, turns = excluded.turns, words = excluded.words,
             valence_sum = excluded.valence_sum, valence_squares = excluded.valence_squares,
             valence_min = excluded.valence_min, valence_max = excluded.valence_max,
             arousal_sum = excluded.arousal_sum, arousal_squares = excluded.arousal_squares,
             arousal_min = excluded.arousal_min, arousal_max = excluded.arousal_max,
             dominance_sum = excluded.dominance_sum, dominance_squares = excluded.dominance_squares,
             dominance_min = excluded.dominance_min, dominance_max = excluded.dominance_max,
             valence_pairs = excluded.valence_pairs, arousal_pairs = excluded.arousal_pairs,
             emotions = excluded.emotions, families = excluded.families, quadrants = excluded.quadrants,
             features = excluded.features, models = excluded.models, inputs_hash = excluded.inputs_hash,
             version = excluded.version"
    );
    let rollup = &row.rollup;
    let mut query = sqlx::query(sql)
        .bind(member.uuid())
        .bind(row.period)
        .bind(rollup.days)
        .bind(rollup.sessions)
        .bind(rollup.turns)
        .bind(rollup.words);
    for sums in [rollup.valence, rollup.arousal, rollup.dominance] {
        query = query.bind(sums.sum).bind(sums.squares).bind(sums.min).bind(sums.max);
    }
    query
        .bind(rollup.valence_pairs.columns())
        .bind(rollup.arousal_pairs.columns())
        .bind(rollup.emotions.to_vec())
        .bind(rollup.families.to_vec())
        .bind(rollup.quadrants.to_vec())
        .bind(rollup.features.to_vec())
        .bind(&row.models)
        .bind(&row.inputs_hash)
        .bind(version)
        .execute(connection)
        .await?;
    Ok(())
}

/// A session with the revision of its vector that counts, and the model it came from.
#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    pub(crate) summary: SessionSummary,
    pub(crate) revision: Option<i32>,
    pub(crate) model: Option<String>,
}

/// The member's sessions of the days `from..until`, in the order they were held. The one query behind the week page's
/// sessions and behind every day's sums, so that a page and a rollup can't disagree about what counts.
pub(crate) async fn load_sessions(
    connection: &mut PgConnection,
    member: MemberId,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<SessionRow>, ServiceError> {
    let rows = sqlx::query!(
        r#"SELECT s.session_id, s.feature, s.started_at, s.local_date, s.local_minute, s.state, s.excluded, s.crisis,
                  s.why_not, s.vector_revision, v.emotions AS "emotions?", v.mixture AS "mixture?",
                  v.valence AS "valence?", v.arousal AS "arousal?", v.dominance AS "dominance?",
                  v.valence_spread AS "valence_spread?", v.arousal_spread AS "arousal_spread?",
                  v.first_valence AS "first_valence?", v.first_arousal AS "first_arousal?",
                  v.peak_valence AS "peak_valence?", v.peak_arousal AS "peak_arousal?",
                  v.end_valence AS "end_valence?", v.end_arousal AS "end_arousal?",
                  v.valence_pairs AS "valence_pairs?", v.arousal_pairs AS "arousal_pairs?", v.turns AS "turns?",
                  v.words AS "words?", v.not_measured AS "not_measured?", v.model AS "model?"
           FROM session s
           LEFT JOIN LATERAL (
               SELECT * FROM session_vector
               WHERE member_id = $1 AND session_id = s.session_id AND revision = s.vector_revision
               LIMIT 1 -- keeps the planner from joining with all vectors of the member: cost must not grow with history
           ) v ON true
           WHERE s.member_id = $1 AND s.local_date >= $2 AND s.local_date < $3
           ORDER BY s.started_at, s.session_id"#,
        member.uuid(),
        from,
        until
    )
    .fetch_all(connection)
    .await?;
    let impossible = |column| ServiceError::Inconsistent { table: "session", column };
    rows.into_iter()
        .map(|row| {
            let milli = |figure: Option<i16>| Milli(figure.unwrap_or_default());
            let place = |valence, arousal| Place { valence: milli(valence), arousal: milli(arousal) };
            let vector = match (row.emotions, row.mixture) {
                (Some(emotions), Some(mixture)) => Some(SessionVector {
                    affect: AffectVector {
                        emotions: array(emotions, "emotions")?.map(Milli),
                        valence: milli(row.valence),
                        arousal: milli(row.arousal),
                        dominance: milli(row.dominance),
                    },
                    mixture: array(mixture, "mixture")?.map(Milli),
                    valence_spread: milli(row.valence_spread),
                    arousal_spread: milli(row.arousal_spread),
                    first: place(row.first_valence, row.first_arousal),
                    peak: place(row.peak_valence, row.peak_arousal),
                    end: place(row.end_valence, row.end_arousal),
                    valence_pairs: PairSums::from_columns(array(
                        row.valence_pairs.unwrap_or_default(),
                        "valence_pairs",
                    )?),
                    arousal_pairs: PairSums::from_columns(array(
                        row.arousal_pairs.unwrap_or_default(),
                        "arousal_pairs",
                    )?),
                    coverage: Coverage {
                        turns: row.turns.unwrap_or_default(),
                        words: row.words.unwrap_or_default(),
                        not_measured: array(row.not_measured.unwrap_or_default(), "not_measured")?,
                    },
                }),
                _ => None,
            };
            Ok(SessionRow {
                summary: SessionSummary {
                    session_id: row.session_id.into(),
                    feature: row.feature.parse().map_err(|_| impossible("feature"))?,
                    started_at: row.started_at,
                    local_date: row.local_date,
                    local_minute: row.local_minute,
                    state: SessionState::from_name(&row.state).ok_or_else(|| impossible("state"))?,
                    excluded: row.excluded,
                    crisis: row.crisis,
                    why_not: row.why_not.as_deref().and_then(WhyNot::from_name),
                    vector,
                },
                revision: row.vector_revision,
                model: row.model,
            })
        })
        .collect()
}

/// An array of the length it has in the database by a check.
fn array<T, const N: usize>(values: Vec<T>, column: &'static str) -> Result<[T; N], ServiceError> {
    values.try_into().map_err(|_| ServiceError::Inconsistent { table: "session_vector", column })
}
