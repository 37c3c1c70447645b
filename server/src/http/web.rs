//! The pages: Leptos behind the browser's own protections, and the front end's files.

use std::path::Path;

use app::App;
use axum::{
    Router,
    http::{HeaderValue, header},
    middleware,
    response::{Redirect, Response},
    routing::get,
};
use leptos::context::provide_context;
use leptos_axum::{LeptosRoutes as _, generate_route_list};
use tower_http::{csrf::CsrfLayer, services::ServeDir, set_header::SetResponseHeaderLayer};

use super::{
    AppState,
    limits::{Places, take_place},
};

/// Pages, the forms they hold, and files.
pub fn router(state: &AppState, site: &Path, places: &Places, csrf: CsrfLayer) -> Router<AppState> {
    let provide = {
        let state = state.clone();
        move || {
            provide_context(state.services.clone());
            provide_context(state.assets.clone());
            provide_context(state.cookies);
        }
    };
    let missing = {
        let provide = provide.clone();
        get(leptos_axum::render_app_async_with_context(provide, App)).with_state(())
    };
    // A file of the built front end carries the hash of its content in its name, so it never changes.
    let built = ServeDir::new(site.join("pkg")).precompressed_br().precompressed_gzip();
    let immutable = HeaderValue::from_static("public, max-age=31536000, immutable");
    let built = Router::new()
        .fallback_service(built)
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, immutable));
    let files = ServeDir::new(site).precompressed_br().precompressed_gzip().append_index_html_on_directories(false);
    Router::new()
        .leptos_routes_with_context(state, generate_route_list(App), provide, App)
        .route("/", get(async || Redirect::to("/spectrum")))
        .layer(middleware::from_fn_with_state(places.clone(), take_place))
        .layer(csrf)
        .nest("/pkg", built)
        .fallback_service(files.fallback(missing))
        .layer(middleware::map_response(keep_a_while))
}

/// Files beside the pages, such as the manifest, may be kept for an hour; a page says for itself that it may not.
async fn keep_a_while(mut response: Response) -> Response {
    let page =
        response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !page && response.status().is_success() {
        let hour = HeaderValue::from_static("public, max-age=3600");
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(hour);
    }
    response
}
