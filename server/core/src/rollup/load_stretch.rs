//! What every screen of a span rests on: its sums, those of the span before, its parts and days, and how its sessions stand.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use spectrum_domain::{
    member::Member,
    rollup::Rollup,
    span::Span,
    stretch::{DayMark, PartSums, Side, Standing, Stretch},
};
use sqlx::PgConnection;

use super::rows::{self, RollupRow, Table};
use crate::error::ServiceError;

/// Loads the span.
pub(super) async fn load(
    connection: &mut PgConnection,
    member: &Member,
    span: Span,
    today: NaiveDate,
) -> Result<Stretch, ServiceError> {
    let (first, end) = (span.before().start(), span.end());
    // A year is its months, which are kept as sums of the days already: twenty-four rows in the place of seven hundred.
    let monthly = matches!(span, Span::Year(_));
    let table = if monthly { Table::Month } else { Table::Day };
    let rows = rows::load(connection, table, member.member_id, first, end).await?;
    let now = rows.partition_point(|row| row.period < span.start());
    let (before, now) = rows.split_at(now);
    let days = if monthly {
        load_marks(connection, member, span).await?
    } else {
        now.iter().map(|row| DayMark::of(row.period, &row.rollup)).collect()
    };
    let parts = span.parts(member.week_start).into_iter().map(|part| {
        let own = now.iter().filter(|row| part.contains(row.period)).map(|row| &row.rollup);
        PartSums { part, rollup: Rollup::of_days(own) }
    });
    Ok(Stretch {
        member: member.clone(),
        span,
        today,
        now: side(now),
        before: side(before),
        parts: parts.collect(),
        days,
        standing: load_standing(connection, member, span).await?,
    })
}

/// The sums of rows, and every model that any of them comes from.
fn side(rows: &[RollupRow]) -> Side {
    let models: BTreeSet<&String> = rows.iter().flat_map(|row| &row.models).collect();
    Side { rollup: Rollup::of_days(rows.iter().map(|row| &row.rollup)), models: models.into_iter().cloned().collect() }
}

/// The span's days, of which only counts are asked.
async fn load_marks(connection: &mut PgConnection, member: &Member, span: Span) -> Result<Vec<DayMark>, ServiceError> {
    let rows = sqlx::query!(
        "SELECT period, sessions, quadrants, features FROM day_rollup
         WHERE member_id = $1 AND period >= $2 AND period < $3 ORDER BY period",
        member.member_id.uuid(),
        span.start(),
        span.end()
    )
    .fetch_all(connection)
    .await?;
    let odd = |column| ServiceError::Inconsistent { table: "day_rollup", column };
    rows.into_iter()
        .map(|row| {
            Ok(DayMark {
                date: row.period,
                sessions: row.sessions,
                quadrants: row.quadrants.try_into().map_err(|_| odd("quadrants"))?,
                features: row.features.try_into().map_err(|_| odd("features"))?,
            })
        })
        .collect()
}

async fn load_standing(connection: &mut PgConnection, member: &Member, span: Span) -> Result<Standing, ServiceError> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "held!",
                  count(*) FILTER (WHERE excluded) AS "excluded!",
                  count(*) FILTER (WHERE NOT excluded AND state IN ('open', 'ended')) AS "pending!",
                  count(*) FILTER (WHERE NOT excluded AND crisis) AS "withheld!",
                  count(*) FILTER (WHERE NOT excluded AND NOT crisis AND state = 'unmeasured' AND why_not = 'language')
                      AS "other_language!"
           FROM session WHERE member_id = $1 AND local_date >= $2 AND local_date < $3"#,
        member.member_id.uuid(),
        span.start(),
        span.end()
    )
    .fetch_one(connection)
    .await?;
    Ok(Standing {
        held: row.held,
        excluded: row.excluded,
        pending: row.pending,
        withheld: row.withheld,
        other_language: row.other_language,
    })
}
