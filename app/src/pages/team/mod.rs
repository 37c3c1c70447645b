//! What the team's pages share: the ways between them, and tables that are had as files too.

pub mod figures;
mod table;

use std::{collections::HashMap, hash::BuildHasher};

use leptos::prelude::*;
use spectrum_core::{ServiceError, Services};
use spectrum_domain::access::StaffRole;
pub use table::{HIDDEN, Table};

use super::{
    cost, ctx, engagement, experiments,
    language::Words,
    parts::foot,
    quality, retention,
    routes::Route,
    shell::{Head, Script, document},
    upgrades,
};

/// The pages about the product, in the order in which they are asked for.
const PAGES: [(&str, Route); 6] = [
    ("Engagement", Route::Engagement),
    ("Teaser to upgrade", Route::Upgrades),
    ("Retention", Route::Retention),
    ("Experiments", Route::Experiments),
    ("Insight quality", Route::Quality(None)),
    ("Cost", Route::Cost(None)),
];

/// A table of one of the pages as comma-separated values, by the names of both and what the page was asked for; nothing where there is
/// no such table.
pub async fn table_file(
    services: &Services,
    page: &str,
    table: &str,
    query: &HashMap<String, String, impl BuildHasher>,
) -> Result<Option<String>, ServiceError> {
    let query = |name: &str| query.get(name).cloned();
    match page {
        "engagement" => engagement::table_file(services, table, query).await,
        "upgrades" => upgrades::table_file(services, table, query).await,
        "retention" => retention::table_file(services, table, query).await,
        "experiments" => experiments::table_file(services, table).await,
        "quality" => quality::table_file(services, table, query).await,
        "cost" => cost::table_file(services, table, query).await,
        _ => Ok(None),
    }
}

/// A page about the product: which of them it is, its heading, what is on it, and what is to be known about its numbers.
pub fn team_page(title: &'static str, heading: &str, content: AnyView, note: &str) -> AnyView {
    let ways: Vec<_> = PAGES
        .iter()
        .map(|(name, route)| {
            let here = (*name == title).then_some("page");
            view! { <li><a href=route.to_string() aria-current=here>{*name}</a></li> }
        })
        .collect();
    let machine = ctx::has_role(StaffRole::Operator)
        .then(|| view! { <li><a href=Route::Staff.to_string()>"The machine"</a></li> });
    let reviews =
        ctx::has_role(StaffRole::Reviewer).then(|| view! { <li><a href=Route::Reviews.to_string()>"Reviews"</a></li> });
    let main = view! {
        <div class="page">
            <section class="staff team">
                <nav class="ways-between" aria-label="The product"><ul>{ways} {reviews} {machine}</ul></nav>
                <h1>{heading.to_owned()}</h1>
                {content}
            </section>
        </div>
    };
    document(
        Words::english(),
        &Head { title: title.to_owned(), script: Script::None },
        (),
        main,
        foot(Words::english(), note.to_owned()),
    )
    .into_any()
}
