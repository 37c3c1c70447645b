//! The API, version 1: one file a noun, each with its handlers, wire types, routes and documentation.

mod erasures;
mod events;
mod every_operation;
mod members;

use axum::{Json, Router, middleware, routing::get};
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
    modifiers(&HostKey)
)]
struct Description;

struct HostKey;

impl Modify for HostKey {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A host service's key, made by `spectrum host-key create`"))
            .build();
        document.components.get_or_insert_default().add_security_scheme("host_key", SecurityScheme::Http(scheme));
    }
}

/// Places of the API's classes of requests.
#[derive(Clone, Debug)]
pub struct Busy {
    batches: Places,
    calls: Places,
}

impl Busy {
    /// For these settings.
    pub fn new(config: &Config) -> Self {
        Self { batches: Places::new(config.http.concurrent_batches), calls: Places::new(config.doors.concurrent_calls) }
    }
}

fn described(busy: &Busy) -> OpenApiRouter<AppState> {
    let calls = OpenApiRouter::new().merge(members::router()).merge(erasures::router());
    let calls = calls.layer(middleware::from_fn_with_state(busy.calls.clone(), take_place));
    OpenApiRouter::with_openapi(Description::openapi())
        .nest("/api/v1", OpenApiRouter::new().merge(events::router(&busy.batches)).merge(calls))
}

/// The API's routes with its own description at `/api/openapi.json`.
pub fn router(busy: &Busy, repeats: Repeats) -> Router<AppState> {
    let (router, mut document) = described(busy).split_for_parts();
    every_operation::describe(&mut document);
    router
        .route_layer(middleware::from_fn_with_state(repeats, answer_once))
        .route("/api/openapi.json", get(async move || Json(document)))
}

/// The description of the API, generated from the code.
pub fn openapi() -> Document {
    let places = Places::new(1);
    let mut document = described(&Busy { batches: places.clone(), calls: places }).split_for_parts().1;
    every_operation::describe(&mut document);
    document
}
