//! Adding a week or a month up for many members at once, when it has ended where they live.
//!
//! The same sums from the same days as the refresh of one member makes, to the byte: a test holds the two against each
//! other. Who was refreshed after every session has nothing to be written here; who was not, for whatever reason, has.

use chrono::NaiveDate;
use spectrum_domain::{job::Page, member::weekday_name, schedule::Scope};
use sqlx::PgConnection;

use super::{
    columns,
    rows::{ForTables, Table, for_tables},
};

/// What adding up came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aggregated {
    /// Members looked at.
    pub members: i64,
    /// Those whose row was written, or taken away because none of its days is left.
    pub changed: i64,
}

/// Adds the week that begins on this day up for the members of a page who live by this calendar.
pub async fn aggregate_weeks(
    connection: &mut PgConnection,
    scope: Scope,
    page: Page,
    week: NaiveDate,
) -> Result<Aggregated, sqlx::Error> {
    let end = week.checked_add_days(chrono::Days::new(7)).unwrap_or(week);
    aggregate(connection, Table::Week, scope, page, week, end).await
}

/// Adds the month that begins on this day up for the members of a page who live in this zone.
pub async fn aggregate_months(
    connection: &mut PgConnection,
    scope: Scope,
    page: Page,
    month: NaiveDate,
) -> Result<Aggregated, sqlx::Error> {
    let end = spectrum_domain::calendar::Month::containing(month).end();
    aggregate(connection, Table::Month, scope, page, month, end).await
}

async fn aggregate(
    connection: &mut PgConnection,
    table: Table,
    scope: Scope,
    page: Page,
    first: NaiveDate,
    end: NaiveDate,
) -> Result<Aggregated, sqlx::Error> {
    static AGGREGATE: ForTables = ForTables::new(|| for_tables(statement));
    let (zone, week_start) = match scope {
        Scope::Everybody => (None, None),
        Scope::Zone(zone) => (Some(zone.name()), None),
        Scope::Weeks(zone, start) => (Some(zone.name()), Some(weekday_name(start))),
    };
    // Locked before anything is read, and in one order: a refresh of a member holds their row from before it reads until it
    // has written, and this does the same for all of the page.
    let members = sqlx::query_scalar!(
        r#"SELECT count(*) AS "members!" FROM (
               SELECT member_id FROM member
               WHERE member_id > $1 AND member_id <= $2 AND state = 'active'
                 AND ($3::text IS NULL OR zone = $3) AND ($4::text IS NULL OR week_start = $4)
               ORDER BY member_id FOR NO KEY UPDATE) AS page"#,
        page.after,
        page.until,
        zone,
        week_start
    )
    .fetch_one(&mut *connection)
    .await?;
    // Every row that is written checks that its member is there: a look-up by key whatever the plan, and planned anew each
    // time, as all else of this role is, it took a fifth of the whole. The statement itself is not kept, and so is planned for
    // its page.
    sqlx::query("SET LOCAL plan_cache_mode = auto").execute(&mut *connection).await?;
    let changed = sqlx::query_scalar(AGGREGATE.of(table))
        .persistent(false)
        .bind(page.after)
        .bind(page.until)
        .bind(zone)
        .bind(week_start)
        .bind(first)
        .bind(end)
        .fetch_one(connection)
        .await?;
    Ok(Aggregated { members, changed })
}

/// Groups the days of the page's members, writes the rows that are not there or came from other inputs, takes away those
/// of which no day is left, and raises the data version of the members whose rows changed, and of no others.
///
/// Models are the union of the days'. Nearly always all days name the same: only where they differ are they taken apart.
fn statement(table: &str) -> String {
    let (list, merged, overwritten) = (columns::list(), columns::merged(), columns::overwritten());
    format!(
        "WITH page AS MATERIALIZED (
               SELECT member_id, data_version FROM member
               WHERE member_id > $1 AND member_id <= $2 AND state = 'active'
                 AND ($3::text IS NULL OR zone = $3) AND ($4::text IS NULL OR week_start = $4)
           ), summed AS (
               SELECT member_id, $5::date AS period, {merged}, min(models) AS models, max(models) AS other_models,
                      sha256(string_agg(inputs_hash, ''::bytea ORDER BY period)) AS inputs_hash
               FROM page JOIN day_rollup USING (member_id)
               WHERE period >= $5 AND period < $6
               GROUP BY member_id
           ), written AS (
               INSERT INTO {table} AS held ({list})
               SELECT {sums}
               FROM summed JOIN page USING (member_id)
               LEFT JOIN {table} AS known ON known.member_id = summed.member_id AND known.period = $5
               WHERE known.inputs_hash IS DISTINCT FROM summed.inputs_hash
               ON CONFLICT (member_id, period) DO UPDATE SET {overwritten}
               RETURNING member_id
           ), taken_away AS (
               DELETE FROM {table} AS held USING page
               WHERE held.member_id = page.member_id AND held.period = $5
                 AND NOT EXISTS (SELECT FROM day_rollup d
                                 WHERE d.member_id = held.member_id AND d.period >= $5 AND d.period < $6)
               RETURNING held.member_id
           ), raised AS (
               UPDATE member SET data_version = data_version + 1
               WHERE member_id IN (SELECT member_id FROM written UNION ALL SELECT member_id FROM taken_away)
               RETURNING 1
           )
           SELECT count(*) FROM raised",
        sums = columns::sums_of(
            "summed",
            "CASE WHEN summed.models = summed.other_models THEN summed.models
                  ELSE (SELECT array_agg(DISTINCT model COLLATE \"C\" ORDER BY model COLLATE \"C\")
                        FROM day_rollup d CROSS JOIN unnest(d.models) AS model
                        WHERE d.member_id = summed.member_id AND d.period >= $5 AND d.period < $6) END",
            "page.data_version + 1",
        ),
    )
}
