//! The API, version 1: one file a noun, each with its handlers, wire types, routes and documentation.

mod events;
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
    limits::Places,
    repeat::{Repeats, answer_once},
};

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

fn described(places: &Places) -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .nest("/api/v1", OpenApiRouter::new().merge(events::router(places)).merge(members::router()))
}

/// The API's routes with its own description at `/api/openapi.json`.
pub fn router(places: &Places, repeats: Repeats) -> Router<AppState> {
    let (router, document) = described(places).split_for_parts();
    router.route_layer(middleware::from_fn_with_state(repeats, answer_once)).route("/api/openapi.json", get(async move || Json(document)))
}

/// The description of the API, generated from the code.
pub fn openapi() -> Document {
    described(&Places::new(1)).split_for_parts().1
}
