//! The database under it all, in numbers: sizes, dead rows, how long the oldest transaction has been open, who is connected. Never
//! the text of a query, which could hold anything.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

/// Tables that are told of: the largest.
const TOLD: i64 = 15;

/// A table, with its partitions.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFigures {
    /// Its name.
    pub table: String,
    /// With its indexes and what lies apart, in bytes.
    pub bytes: i64,
    /// Rows, as the statistics have them.
    pub rows: i64,
    /// Rows that are dead and not cleared away.
    pub dead_rows: i64,
    /// When vacuum last came by itself, to any part of it.
    pub vacuumed_at: Option<DateTime<Utc>>,
}

/// Connections of one duty.
#[derive(Clone, Debug, PartialEq)]
pub struct Connections {
    /// The role that they take on, as they call themselves; empty for one that does not say.
    pub role: String,
    /// How many there are.
    pub open: i64,
    /// Those that work at this moment.
    pub active: i64,
    /// Those that sit in a transaction and do nothing.
    pub idle_in_transaction: i64,
    /// Seconds that the oldest transaction among them has been open.
    pub oldest_seconds: Option<f64>,
}

/// A replica that follows this database.
#[derive(Clone, Debug, PartialEq)]
pub struct Replica {
    /// `streaming` where all is well; nothing where this login is not shown it.
    pub state: Option<String>,
    /// Seconds that it is behind; nothing where it follows at once, or this login is not shown it.
    pub lag_seconds: Option<f64>,
}

/// How far ahead the partitions of a table are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// The table.
    pub table: String,
    /// Partitions that begin after today.
    pub ahead: i64,
    /// What comes on this day or later has no place yet.
    pub until: NaiveDate,
}

/// The database.
#[derive(Clone, Debug, PartialEq)]
pub struct Machinery {
    /// Its version.
    pub version: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// The largest tables.
    pub tables: Vec<TableFigures>,
    /// Connections by role.
    pub connections: Vec<Connections>,
    /// Connections that there may be, of everybody's.
    pub most_connections: i64,
    /// Connections whose transactions this login is not shown.
    pub unseen: i64,
    /// Seconds that the oldest snapshot has been held: what is dead since can't be cleared away.
    pub oldest_snapshot_seconds: f64,
    /// Transactions since the oldest that anybody can still see, replicas among them.
    pub oldest_snapshot_transactions: i64,
    /// Replicas that follow.
    pub replicas: Vec<Replica>,
    /// Partitions that are made ahead.
    pub ahead: Vec<Ahead>,
}

/// Looks at it. `today` is the day in UTC.
pub(crate) async fn look(connection: &mut PgConnection, today: NaiveDate) -> Result<Machinery, sqlx::Error> {
    let tables = tables(connection).await?;
    let ahead = ahead(connection, today).await?;
    // Everybody's transactions are shown to the login alone, not to the roles it takes on.
    sqlx::query("SET LOCAL ROLE NONE").execute(&mut *connection).await?;
    let whole = sqlx::query!(
        r#"SELECT current_setting('server_version') AS "version!", pg_database_size(current_database()) AS "bytes!",
                  current_setting('max_connections')::bigint AS "most!"
        "#
    )
    .fetch_one(&mut *connection)
    .await?;
    let connections = sqlx::query_as!(
        Connections,
        r#"SELECT coalesce(application_name, '') AS "role!", count(*) AS "open!",
                  count(*) FILTER (WHERE state = 'active') AS "active!",
                  count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS "idle_in_transaction!",
                  max(extract(epoch FROM clock_timestamp() - xact_start))::float8 AS oldest_seconds
           FROM pg_stat_activity
           WHERE datname = current_database() AND backend_type = 'client backend' AND state IS NOT NULL
           GROUP BY 1 ORDER BY 1"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let held = sqlx::query!(
        r#"SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) FILTER (WHERE backend_xmin IS NOT NULL), 0)::float8
                      AS "seconds!",
                  greatest(coalesce(max(age(backend_xmin)), 0),
                           (SELECT coalesce(max(greatest(age(xmin), age(catalog_xmin))), 0) FROM pg_replication_slots),
                           (SELECT coalesce(max(age(transaction)), 0) FROM pg_prepared_xacts))::bigint AS "transactions!",
                  count(*) FILTER (WHERE state IS NULL) AS "unseen!"
           FROM pg_stat_activity WHERE backend_type = 'client backend' OR backend_type IS NULL"#
    )
    .fetch_one(&mut *connection)
    .await?;
    let replicas = sqlx::query_as!(
        Replica,
        "SELECT state, extract(epoch FROM replay_lag)::float8 AS lag_seconds FROM pg_stat_replication ORDER BY pid"
    )
    .fetch_all(connection)
    .await?;
    Ok(Machinery {
        version: whole.version,
        bytes: whole.bytes,
        tables,
        connections,
        most_connections: whole.most,
        unseen: held.unseen,
        oldest_snapshot_seconds: held.seconds,
        oldest_snapshot_transactions: held.transactions,
        replicas,
        ahead,
    })
}

/// The largest tables, each with its partitions.
async fn tables(connection: &mut PgConnection) -> Result<Vec<TableFigures>, sqlx::Error> {
    sqlx::query_as!(
        TableFigures,
        r#"SELECT coalesce(p.inhparent, s.relid)::regclass::text AS "table!",
                  sum(pg_total_relation_size(s.relid))::bigint AS "bytes!", sum(n_live_tup)::bigint AS "rows!",
                  sum(n_dead_tup)::bigint AS "dead_rows!", max(last_autovacuum) AS vacuumed_at
           FROM pg_stat_user_tables AS s LEFT JOIN pg_inherits AS p ON p.inhrelid = s.relid
           WHERE schemaname = 'public'
           GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $1"#,
        TOLD
    )
    .fetch_all(connection)
    .await
}

/// Tables with a partition for each day or month, and how far ahead those are made.
async fn ahead(connection: &mut PgConnection, today: NaiveDate) -> Result<Vec<Ahead>, sqlx::Error> {
    sqlx::query_as!(
        Ahead,
        r#"SELECT parent::regclass::text AS "table!", count(*) FILTER (WHERE first > $1) AS "ahead!", max(beyond) AS "until!"
           FROM (
               SELECT i.inhparent AS parent,
                      (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([0-9-]{10})'))[1]::date AS first,
                      (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([0-9-]{10})'))[1]::date AS beyond
               FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
               JOIN pg_partitioned_table AS t ON t.partrelid = i.inhparent
               WHERE t.partstrat = 'r' AND c.relnamespace = 'public'::regnamespace
           ) AS partition
           WHERE beyond IS NOT NULL GROUP BY 1 ORDER BY 1"#,
        today
    )
    .fetch_all(connection)
    .await
}
