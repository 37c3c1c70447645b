//! The database under it all: how large, how clean, who is connected, and how far ahead its partitions are made.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::db::look::{Connections, Machinery, Replica, TableFigures};

use super::{
    Live,
    address::Ops,
    is_live, operator, ops_document, table,
    words::{age, bytes, nothing, of, time},
};
use crate::pages::problem::{Problem, ProblemPage};

/// `/staff/database`.
#[component]
pub fn DatabasePage() -> impl IntoView {
    let live = is_live(&use_query_map().read_untracked());
    Suspend::new(async move {
        match load(live).await {
            Ok((machinery, live)) => page(&machinery, &live).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(live: bool) -> Result<(Machinery, Live), Problem> {
    let (services, _) = operator().await?;
    let machinery = services.look_at_database().await?;
    Ok((machinery, Live::new(&services, Ops::Database, live)))
}

fn page(machinery: &Machinery, live: &Live) -> impl IntoView + use<> {
    let tables = machinery.tables.iter().map(table_row).collect();
    let connections = machinery.connections.iter().map(connection_row).collect();
    let ahead: Vec<_> = machinery
        .ahead
        .iter()
        .map(|ahead| {
            let told = format!(
                "{}: {} ahead; what comes on {} or later has no place yet.",
                ahead.table,
                of(ahead.ahead, "partition", "partitions"),
                ahead.until
            );
            view! { <p>{told}</p> }
        })
        .collect();
    let columns = ["Role", "Connections", "Working", "Idle in a transaction", "Oldest transaction"];
    let content = view! {
        <p class="takeaway">{format!("PostgreSQL {}, {}.", machinery.version, bytes(machinery.bytes))}</p>
        <section aria-labelledby="held">
            <h2 id="held">"Snapshots and replicas"</h2>
            <p>{held(machinery)}</p>
            <p>{replicas(&machinery.replicas)}</p>
        </section>
        <section aria-labelledby="tables">
            <h2 id="tables">"Tables"</h2>
            {table(
                "The largest tables, each with its indexes and partitions",
                &["Table", "Size", "Rows, about", "Dead rows", "Vacuumed by itself"],
                tables,
            )}
        </section>
        <section aria-labelledby="connected">
            <h2 id="connected">"Connections"</h2>
            <p>{connected(machinery)}</p>
            {table("Connections to this database by role", &columns, connections)}
        </section>
        <section aria-labelledby="ahead">
            <h2 id="ahead">"Partitions ahead"</h2>
            {ahead}
        </section>
    };
    ops_document("Database", "Database".to_owned(), Some(live), content.into_any())
}

fn held(machinery: &Machinery) -> String {
    format!(
        "The oldest snapshot has been held for {}, over {}: no row that died since can be cleared away.",
        age(machinery.oldest_snapshot_seconds),
        of(machinery.oldest_snapshot_transactions, "transaction", "transactions")
    )
}

fn replicas(replicas: &[Replica]) -> String {
    if replicas.is_empty() {
        return "No replica follows.".to_owned();
    }
    let each: Vec<String> = replicas
        .iter()
        .map(|replica| match (&replica.state, replica.lag_seconds) {
            (Some(state), Some(lag)) => format!("{state}, {} behind", age(lag)),
            (Some(state), None) => format!("{state}, not behind"),
            // Shown to logins that may read everybody's statistics.
            (None, _) => "how far behind is not shown to this login (grant it pg_read_all_stats)".to_owned(),
        })
        .collect();
    let number = of(i64::try_from(replicas.len()).unwrap_or(i64::MAX), "replica follows", "replicas follow");
    format!("{number}: {}.", each.join("; "))
}

fn connected(machinery: &Machinery) -> String {
    let open: i64 = machinery.connections.iter().map(|connections| connections.open).sum();
    let unseen = if machinery.unseen > 0 {
        format!(" Of {} of other logins nothing is shown here.", of(machinery.unseen, "connection", "connections"))
    } else {
        String::new()
    };
    format!("{} of at most {}.{unseen}", of(open, "connection", "connections"), machinery.most_connections)
}

fn table_row(figures: &TableFigures) -> AnyView {
    view! {
        <tr>
            <th scope="row"><code>{figures.table.clone()}</code></th>
            <td>{bytes(figures.bytes)}</td>
            <td>{figures.rows.to_string()}</td>
            <td>{figures.dead_rows.to_string()}</td>
            <td>{figures.vacuumed_at.map_or_else(nothing, time)}</td>
        </tr>
    }
    .into_any()
}

fn connection_row(connections: &Connections) -> AnyView {
    let role = if connections.role.is_empty() { "without a name" } else { &connections.role };
    let oldest = connections.oldest_seconds.map_or_else(nothing, |seconds| view! { {age(seconds)} }.into_any());
    view! {
        <tr>
            <th scope="row"><code>{role.to_owned()}</code></th>
            <td>{connections.open.to_string()}</td>
            <td>{connections.active.to_string()}</td>
            <td>{connections.idle_in_transaction.to_string()}</td>
            <td>{oldest}</td>
        </tr>
    }
    .into_any()
}
