//! The API, version 1: one file a noun, each with its handlers, wire types, routes and documentation.

mod cards;
mod devices;
mod editions;
mod erasures;
mod events;
mod every_operation;
mod exclusions;
mod exports;
mod figures;
mod json;
mod keeping;
mod members;
mod months;
mod preferences;
mod product_events;
mod sessions;
mod spans;
mod upgrades;
mod weeks;

use std::sync::Arc;

use axum::{Json, Router, extract::DefaultBodyLimit, middleware, routing::get};
use tokio::sync::Semaphore;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use super::{
    AppState,
    limits::{Places, take_place},
    recognise::recognise,
    repeat::{Repeats, answer_once},
};
use crate::config::Config;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Spectrum",
        description = "Sessions in, insight out. Errors are RFC 9457 problem details: `type` is stable, `detail` says \
                       what happened, what was kept and what to do."
    ),
    modifiers(&Credentials)
)]
struct Description;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A host service's key, made by `spectrum host-key create`"))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("host_key", SecurityScheme::Http(scheme));
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(
                "A token that the member's host has signed; in a browser the cookie of its sign-in does as well",
            ))
            .build();
        components.add_security_scheme("member", SecurityScheme::Http(scheme));
    }
}

/// Places of the API's classes of requests.
#[derive(Clone, Debug)]
pub struct Busy {
    batches: Places,
    calls: Places,
    downloads: Arc<Semaphore>,
}

impl Busy {
    /// For these settings.
    pub fn new(config: &Config) -> Self {
        Self {
            batches: Places::new(config.http.concurrent_batches),
            calls: Places::new(config.doors.concurrent_calls),
            downloads: Arc::new(Semaphore::new(config.http.concurrent_downloads)),
        }
    }
}

fn described(busy: &Busy) -> OpenApiRouter<AppState> {
    let calls = OpenApiRouter::new()
        .merge(members::router())
        .merge(upgrades::router())
        .merge(erasures::router())
        .merge(weeks::router())
        .merge(months::router())
        .merge(spans::router())
        .merge(cards::router())
        .merge(sessions::router())
        .merge(exclusions::router())
        .merge(keeping::router())
        .merge(devices::router())
        .merge(preferences::router())
        .merge(product_events::router())
        .merge(exports::router(&busy.downloads))
        .layer(DefaultBodyLimit::max(json::MAX_BODY))
        .layer(middleware::from_fn_with_state(busy.calls.clone(), take_place));
    OpenApiRouter::with_openapi(Description::openapi())
        .nest("/api/v1", OpenApiRouter::new().merge(events::router(&busy.batches)).merge(calls))
}

/// The API's routes with its own description at `/api/openapi.json`.
pub fn router(state: &AppState, busy: &Busy, repeats: Repeats) -> Router<AppState> {
    let (router, mut document) = described(busy).split_for_parts();
    every_operation::describe(&mut document);
    router
        .route_layer(middleware::from_fn_with_state(repeats.of(&document), answer_once))
        .route_layer(middleware::from_fn_with_state(state.clone(), recognise))
        .route("/api/openapi.json", get(async move || Json(document)))
}

/// The description of the API, generated from the code.
pub fn openapi() -> Document {
    let places = Places::new(1);
    let mut document =
        described(&Busy { batches: places.clone(), calls: places, downloads: Arc::new(Semaphore::new(1)) })
            .split_for_parts()
            .1;
    every_operation::describe(&mut document);
    document
}
