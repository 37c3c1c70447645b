//! The pages: Leptos behind the browser's own protections, and the front end's files.

use std::future::ready;

use app::{App, Counted, FrameAncestors, HeldOut, PlansUrl, ReadOnly, Roles};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use leptos::{context::provide_context, nonce::Nonce};
use leptos_axum::{LeptosRoutes as _, generate_route_list};
use tower_http::{
    csrf::{CsrfLayer, ProtectionError},
    services::ServeDir,
};

use super::{
    AppState, PublicUrl, archive,
    at_hand::{Pages, recognise_visitor},
    figures,
    guard::{Limiter, limit},
    limits::{Places, take_place},
    problem::Problem,
    tables,
};
use crate::config::Config;

/// Pages, the forms they hold, and files.
pub fn router(state: &AppState, config: &Config, csrf: CsrfLayer, limiter: &Limiter) -> Router<AppState> {
    let site = config.site_dir.as_path();
    let places = Places::new(config.http.concurrent_pages);
    let csrf = csrf.with_rejection_response(|_: ProtectionError| Problem::foreign_form().into_response());
    let provide = {
        let state = state.clone();
        let ancestors = FrameAncestors(config.doors.embed_origins.as_sources().into());
        let read_only = ReadOnly(config.http.read_only);
        let plans = PlansUrl(config.http.plans_url.as_deref().map(Into::into));
        move || {
            provide_context(state.services.clone());
            provide_context(state.assets.clone());
            provide_context(state.cookies);
            provide_context(ancestors.clone());
            provide_context(Counted::default());
            provide_context(HeldOut::default());
            provide_context(Roles::default());
            provide_context(read_only);
            provide_context(plans.clone());
            // Scripts are let in by what they are, so that a page may be kept: the one that Leptos draws for each answer is not used.
            provide_context(Nonce::from_value(""));
        }
    };
    let missing = {
        let provide = provide.clone();
        get(leptos_axum::render_app_async_with_context(provide, App)).with_state(())
    };
    // A file of the built front end carries the hash of its content in its name, so it never changes.
    let built = ServeDir::new(site.join("pkg")).precompressed_br().precompressed_gzip();
    let built = Router::new()
        .fallback_service(built)
        .layer(middleware::map_response(|response| ready(keep_for_good(response))));
    let files = ServeDir::new(site).precompressed_br().precompressed_gzip().append_index_html_on_directories(false);
    Router::new()
        .leptos_routes_with_context(state, generate_route_list(App), provide, App)
        .route("/", get(async || Redirect::to("/spectrum")))
        .merge(archive::router(config.http.concurrent_downloads))
        .merge(figures::router())
        .merge(tables::router())
        .layer(middleware::from_fn_with_state(places, take_place))
        .layer(middleware::map_request_with_state(state.public_url.clone(), stay_here))
        .layer(csrf)
        .layer(middleware::from_fn_with_state(Pages::new(state, config), recognise_visitor))
        .fallback_service(files.fallback(missing))
        .layer(middleware::from_fn_with_state(limiter.clone(), limit))
        .nest("/pkg", built)
        .layer(middleware::from_fn(let_stand_by))
        .layer(middleware::from_fn(no_such_name))
        .layer(middleware::map_response(|response| ready(keep_a_while(response))))
}

/// Leptos sends a form that it can't read back to its `Referer`, whatever that is. Ours all lead elsewhere by themselves, so
/// what is left goes to a page of our own.
async fn stay_here(State(PublicUrl(public_url)): State<PublicUrl>, mut request: Request) -> Request {
    if request.method() == Method::POST
        && let Ok(home) = HeaderValue::from_str(&format!("{public_url}/spectrum"))
    {
        request.headers_mut().insert(header::REFERER, home);
    }
    request
}

/// A path with a byte in it that no file's name may have is looked for nowhere: the file server would take it for a fault of
/// its own.
async fn no_such_name(request: Request, next: Next) -> Response {
    if request.uri().path().contains("%00") {
        return StatusCode::NOT_FOUND.into_response();
    }
    next.run(request).await
}

/// What shows a page where there is no network asks us for files, and is itself asked for anew each time.
async fn let_stand_by(request: Request, next: Next) -> Response {
    let stands_by = request.uri().path() == "/sw.js";
    let mut response = next.run(request).await;
    if stands_by && response.status().is_success() {
        let headers = response.headers_mut();
        let policy = HeaderValue::from_static("default-src 'none'; connect-src 'self'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    response
}

/// A built file may be kept for good; that one is missing may not be kept at all.
fn keep_for_good(mut response: Response) -> Response {
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let immutable = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, immutable);
    }
    response
}

/// Files beside the pages, such as the manifest, may be kept for an hour; a page says for itself that it may not.
fn keep_a_while(mut response: Response) -> Response {
    let page =
        response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !page && response.status().is_success() {
        let hour = HeaderValue::from_static("public, max-age=3600");
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(hour);
    }
    response
}
