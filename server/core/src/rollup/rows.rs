//! Rollups and session summaries as rows: the one place that knows their columns.

use std::sync::LazyLock;

use chrono::NaiveDate;
use spectrum_domain::{
    affect::{AffectVector, EMOTIONS, FAMILIES, Milli},
    displacement::Displacements,
    id::MemberId,
    measure::{Coverage, PairSums, Place, SessionVector, WhyNot},
    rollup::{CELLS, Cell, FeatureSums, ImpactSums, Moments, Rollup, Sums},
    session::{SessionState, SessionSummary},
};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow};

use super::columns;
use crate::error::ServiceError;

/// The three tables of rollups, which have the same columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Day,
    Week,
    Month,
}

impl Table {
    const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    const fn name(self) -> &'static str {
        match self {
            Self::Day => "day_rollup",
            Self::Week => "week_rollup",
            Self::Month => "month_rollup",
        }
    }
}

/// One statement in its three forms, made once: the tables differ only in name.
pub(super) struct ForTables(LazyLock<[String; 3]>);

impl ForTables {
    /// `text` makes the statement from a table's name.
    pub(super) const fn new(text: fn() -> [String; 3]) -> Self {
        Self(LazyLock::new(text))
    }

    pub(super) fn of(&'static self, table: Table) -> &'static str {
        &self.0[table as usize]
    }
}

/// The statement for each table, from its text for a table's name.
pub(super) fn for_tables(text: fn(&str) -> String) -> [String; 3] {
    Table::ALL.map(|table| text(table.name()))
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
                moments: Moments {
                    sum: row.try_get(&*format!("{figure}_sum"))?,
                    squares: row.try_get(&*format!("{figure}_squares"))?,
                },
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
            features: features(row)?,
            grid: grid(row)?,
            displacements: Displacements::from_columns(fixed(row.try_get("displacements")?)?),
        };
        Ok(Self {
            period: row.try_get("period")?,
            rollup,
            models: row.try_get("models")?,
            inputs_hash: row.try_get("inputs_hash")?,
        })
    }
}

/// The sums of each feature, from the three columns they lie in.
fn features(row: &PgRow) -> Result<[FeatureSums; 3], sqlx::Error> {
    let sessions: [i32; 3] = fixed(row.try_get("features")?)?;
    let levels: [i64; 12] = fixed(row.try_get("feature_moments")?)?;
    let impacts: [i64; 15] = fixed(row.try_get("feature_impacts")?)?;
    let mut features = [FeatureSums::default(); 3];
    for (((of, sessions), levels), impacts) in
        features.iter_mut().zip(sessions).zip(levels.as_chunks::<4>().0).zip(impacts.as_chunks::<5>().0)
    {
        let [valence, valence_squares, arousal, arousal_squares] = *levels;
        let [moved, rise, rise_squares, stir, stir_squares] = *impacts;
        *of = FeatureSums {
            sessions,
            valence: Moments { sum: valence, squares: valence_squares },
            arousal: Moments { sum: arousal, squares: arousal_squares },
            impact: ImpactSums {
                sessions: i32::try_from(moved).map_err(|error| sqlx::Error::Decode(error.into()))?,
                valence: Moments { sum: rise, squares: rise_squares },
                arousal: Moments { sum: stir, squares: stir_squares },
            },
        };
    }
    Ok(features)
}

/// The weekday by daypart grid, from the two columns it lies in.
fn grid(row: &PgRow) -> Result<[Cell; CELLS], sqlx::Error> {
    let sessions: [i32; CELLS] = fixed(row.try_get("grid_sessions")?)?;
    let valence: [i64; CELLS] = fixed(row.try_get("grid_valence")?)?;
    Ok(std::array::from_fn(|at| Cell { sessions: sessions[at], valence: valence[at] }))
}

fn moments_columns(figures: &[Moments]) -> Vec<i64> {
    figures.iter().flat_map(|moments| [moments.sum, moments.squares]).collect()
}

fn fixed<T, const N: usize>(values: Vec<T>) -> Result<[T; N], sqlx::Error> {
    values.try_into().map_err(|_| sqlx::Error::Decode("an array of another length".into()))
}

/// The rollups of a table whose periods begin in `from..until`.
pub(crate) async fn load(
    connection: &mut PgConnection,
    table: Table,
    member: MemberId,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<RollupRow>, sqlx::Error> {
    static LOAD: ForTables = ForTables::new(|| {
        for_tables(|table| {
            format!("SELECT * FROM {table} WHERE member_id = $1 AND period >= $2 AND period < $3 ORDER BY period")
        })
    });
    sqlx::query_as(LOAD.of(table)).bind(member.uuid()).bind(from).bind(until).fetch_all(connection).await
}

/// What is added to a statement that changes a rollup: a day whose sessions are no longer held stays as it is.
fn unless_settled(table: &str, joint: &str) -> String {
    if table == Table::Day.name() { format!("{joint} NOT {table}.settled") } else { String::new() }
}

/// Writes a rollup, or takes it away when nothing is left in its period.
pub(crate) async fn store(
    connection: &mut PgConnection,
    table: Table,
    member: MemberId,
    row: &RollupRow,
    version: i64,
) -> Result<(), sqlx::Error> {
    static DELETE: ForTables = ForTables::new(|| {
        for_tables(|table| {
            let unless = unless_settled(table, "AND");
            format!("DELETE FROM {table} WHERE member_id = $1 AND period = $2 {unless}")
        })
    });
    static STORE: ForTables = ForTables::new(|| {
        for_tables(|table| {
            let (list, placeholders, overwritten) = (columns::list(), columns::placeholders(), columns::overwritten());
            let unless = unless_settled(table, "WHERE");
            format!(
                "INSERT INTO {table} ({list}) VALUES ({placeholders})
                 ON CONFLICT (member_id, period) DO UPDATE SET {overwritten} {unless}"
            )
        })
    });
    if row.rollup.sessions == 0 {
        sqlx::query(DELETE.of(table)).bind(member.uuid()).bind(row.period).execute(connection).await?;
        return Ok(());
    }
    let rollup = &row.rollup;
    let mut query = sqlx::query(STORE.of(table))
        .bind(member.uuid())
        .bind(row.period)
        .bind(rollup.days)
        .bind(rollup.sessions)
        .bind(rollup.turns)
        .bind(rollup.words);
    for sums in [rollup.valence, rollup.arousal, rollup.dominance] {
        query = query.bind(sums.moments.sum).bind(sums.moments.squares).bind(sums.min).bind(sums.max);
    }
    query
        .bind(rollup.valence_pairs.columns())
        .bind(rollup.arousal_pairs.columns())
        .bind(rollup.emotions.to_vec())
        .bind(rollup.families.to_vec())
        .bind(rollup.quadrants.to_vec())
        .bind(rollup.features.map(|of| of.sessions).to_vec())
        .bind(rollup.features.map(|of| moments_columns(&[of.valence, of.arousal])).concat())
        .bind(
            rollup
                .features
                .map(|FeatureSums { impact, .. }| {
                    let sessions = vec![i64::from(impact.sessions)];
                    [sessions, moments_columns(&[impact.valence, impact.arousal])].concat()
                })
                .concat(),
        )
        .bind(rollup.grid.map(|cell| cell.sessions).to_vec())
        .bind(rollup.grid.map(|cell| cell.valence).to_vec())
        .bind(rollup.displacements.columns())
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
                  v.valence_pairs AS "valence_pairs?", v.arousal_pairs AS "arousal_pairs?",
                  v.displacements AS "displacements?", v.turns AS "turns?", v.words AS "words?",
                  v.not_measured AS "not_measured?", v.model AS "model?", v.source = 'member' AS corrected
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
                    displacements: Displacements::from_columns(array(
                        row.displacements.unwrap_or_default(),
                        "displacements",
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
                    corrected: row.corrected.unwrap_or_default(),
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
