//! Whether the sums came out as they stand in the archive.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Map, Value};
use spectrum_domain::id::MemberId;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    ImportError,
    lines::{Archive, Faults, Lines},
};

/// A period that came out otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which rollup.
    pub table: &'static str,
    /// First day of the period.
    pub period: NaiveDate,
}

/// How many periods there are, and those that are not as in the archive, whole but for whose they are and at which of the
/// member's versions.
pub(super) async fn compare(
    connection: &mut PgConnection,
    archive: &mut dyn Archive,
    member: MemberId,
) -> Result<(usize, Vec<Difference>), ImportError> {
    let (mut periods, mut different) = (0, Vec::new());
    for table in ["day_rollup", "week_rollup", "month_rollup"] {
        // The table's name is all that enters this text.
        let query = format!(
            "SELECT period, to_jsonb(t) - 'member_id' - 'version' FROM {table} AS t WHERE member_id = $1 ORDER BY period"
        );
        let rows: Vec<(NaiveDate, Value)> =
            sqlx::query_as(AssertSqlSafe(query)).bind(member.uuid()).fetch_all(&mut *connection).await?;
        periods += rows.len();
        let mut faults = Faults::default();
        let mut lines = Lines::open(archive, table)?;
        let mut told = HashMap::new();
        while let Some((_, mut row)) = lines.next_row(&mut faults)? {
            row.remove("member_id");
            row.remove("version");
            told.insert(period(&row), Value::Object(row));
        }
        faults.end()?;
        for (period, row) in rows {
            if told.remove(&Some(period)).as_ref() != Some(&row) {
                different.push(Difference { table, period });
            }
        }
        different.extend(told.into_keys().flatten().map(|period| Difference { table, period }));
    }
    Ok((periods, different))
}

fn period(row: &Map<String, Value>) -> Option<NaiveDate> {
    row.get("period")?.as_str()?.parse().ok()
}
