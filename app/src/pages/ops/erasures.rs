//! How far erasures have come: their step, their age against what is promised, and what their receipts count. Nobody is named.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::control::look_at_erasures::ErasureStanding;
use spectrum_domain::erasure::{AskedBy, ErasureState, PROMISED_WITHIN};

use super::{
    Live,
    address::{List, Ops},
    is_live, operator, ops_document, table,
    words::{age, between, nothing, time},
};
use crate::pages::{
    problem::{Problem, ProblemPage},
    routes::Route,
};

/// `/staff/erasures`.
#[component]
pub fn ErasuresPage() -> impl IntoView {
    let live = is_live(&use_query_map().read_untracked());
    Suspend::new(async move {
        match load(live).await {
            Ok((erasures, now, live)) => page(&erasures, now, &live).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(live: bool) -> Result<(Vec<ErasureStanding>, DateTime<Utc>, Live), Problem> {
    let (services, _) = operator().await?;
    let erasures = services.look_at_erasures().await?;
    Ok((erasures, services.ambient().now(), Live::new(&services, Ops::Erasures, live)))
}

fn page(erasures: &[ErasureStanding], now: DateTime<Utc>, live: &Live) -> impl IntoView + use<> {
    let (open, done): (Vec<&ErasureStanding>, Vec<&ErasureStanding>) =
        erasures.iter().partition(|erasure| erasure.done_at.is_none());
    let open_rows: Vec<AnyView> = open.iter().map(|erasure| open_row(erasure, now)).collect();
    let under_way = (!open_rows.is_empty()).then(|| {
        let columns = ["Erasure", "Asked by", "Step", "Since", "Age", "Rows left"];
        view! {
            <section aria-labelledby="under-way">
                <h2 id="under-way">"Under way"</h2>
                {table("The oldest first", &columns, open_rows)}
                <p><a href=erasing().to_string()>"Their jobs"</a></p>
            </section>
        }
    });
    let done_rows: Vec<AnyView> = done.iter().map(|erasure| done_row(erasure)).collect();
    let finished = (!done_rows.is_empty()).then(|| {
        let columns = ["Erasure", "Asked by", "Done", "Took", "Tables", "Rows found", "Deleted", "Left", "Receipt"];
        view! {
            <section aria-labelledby="done">
                <h2 id="done">"Done"</h2>
                {table("The newest first", &columns, done_rows)}
            </section>
        }
    });
    let content = view! {
        <p class="takeaway">{takeaway(&open, done.len(), now)}</p>
        {under_way}
        {finished}
    };
    ops_document("Erasures", "Erasures".to_owned(), Some(live), content.into_any())
}

/// The jobs that carry erasures out.
fn erasing() -> Route {
    Route::Ops(Ops::Jobs(List { kind: super::address::kind_of("erase_member"), ..List::ALL }))
}

fn takeaway(open: &[&ErasureStanding], done: usize, now: DateTime<Utc>) -> String {
    let hours = PROMISED_WITHIN.num_hours();
    let late = open.iter().filter(|erasure| now - erasure.requested_at > PROMISED_WITHIN).count();
    match (open.len(), late) {
        (0, _) if done == 0 => "Nobody has asked for everything to be erased.".to_owned(),
        (0, _) => "No erasure is under way.".to_owned(),
        (open, 0) => format!("{open} under way, none older than the {hours} hours that are promised."),
        (open, late) => {
            format!("{open} under way, {late} older than the {hours} hours that are promised: see to them first.")
        }
    }
}

const fn asked_by(by: AskedBy) -> &'static str {
    match by {
        AskedBy::Member => "the member",
        AskedBy::Host => "the host",
        AskedBy::Operator => "an operator",
        AskedBy::Restore => "a restored backup",
    }
}

const fn step(state: ErasureState) -> &'static str {
    match state {
        ErasureState::Requested => "shut out, rows to be deleted",
        ErasureState::RowsDeleted => "rows deleted, key to be destroyed",
        ErasureState::KeyDestroyed => "key destroyed, to be verified",
        ErasureState::Verified => "verified, receipt to be signed",
        ErasureState::Done => "done",
    }
}

/// Rows that are left: anything but none is a fault.
fn left(rows: Option<i64>) -> AnyView {
    match rows {
        None => view! { <td>{nothing()}</td> }.into_any(),
        Some(rows) => view! { <td class=(rows > 0).then_some("warn")>{rows.to_string()}</td> }.into_any(),
    }
}

fn open_row(erasure: &ErasureStanding, now: DateTime<Utc>) -> AnyView {
    let late = now - erasure.requested_at > PROMISED_WITHIN;
    view! {
        <tr>
            <th scope="row"><code>{erasure.erasure_id.to_string()}</code></th>
            <td class="words">{asked_by(erasure.asked_by)}</td>
            <td class="words">{step(erasure.state)}</td>
            <td>{time(erasure.moved_at)}</td>
            <td class=late.then_some("warn")>{age(between(erasure.requested_at, now))}</td>
            {left(erasure.rows_left)}
        </tr>
    }
    .into_any()
}

fn done_row(erasure: &ErasureStanding) -> AnyView {
    let took = erasure.done_at.map_or_else(nothing, |done| {
        let took = between(erasure.requested_at, done);
        view! { {age(took)} }.into_any()
    });
    let receipt = erasure.receipt.map_or_else(nothing, |number| {
        let address = format!("/receipts/{}", erasure.erasure_id);
        view! { <a href=address download="">{format!("no. {number}")}</a> }.into_any()
    });
    view! {
        <tr>
            <th scope="row"><code>{erasure.erasure_id.to_string()}</code></th>
            <td class="words">{asked_by(erasure.asked_by)}</td>
            <td>{erasure.done_at.map_or_else(nothing, time)}</td>
            <td>{took}</td>
            <td>{erasure.stores.to_string()}</td>
            <td>{erasure.rows_found.to_string()}</td>
            <td>{erasure.rows_deleted.to_string()}</td>
            {left(erasure.rows_left)}
            <td>{receipt}</td>
        </tr>
    }
    .into_any()
}
