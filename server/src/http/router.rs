//! All routes under one roof, with what goes for every request.

use std::any::Any;

use app::{Assets, CookiePolicy};
use axum::{
    Router,
    extract::FromRef,
    http::{HeaderValue, header},
    middleware,
    response::{IntoResponse as _, Response},
};
use leptos::config::LeptosOptions;
use spectrum_core::Services;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::{ConfigError, CsrfLayer},
};

use super::{
    limits::{Places, in_time},
    observe::observe,
    ops,
    problem::Problem,
    repeat::Repeats,
    v1, web,
};
use crate::config::Config;

/// What handlers may take.
#[derive(Clone, Debug, FromRef)]
pub struct AppState {
    /// Everything that can be done.
    pub services: Services,
    /// The front end's files.
    pub assets: Assets,
    /// How cookies are set.
    pub cookies: CookiePolicy,
    /// Address that browsers see.
    pub public_url: PublicUrl,
    /// What Leptos asks for.
    pub leptos: LeptosOptions,
}

/// Address that browsers see, without a slash at the end.
#[derive(Clone, Debug)]
pub struct PublicUrl(pub String);

/// The whole server, as pages, API and health checks.
pub fn router(state: AppState, config: &Config) -> Result<Router, ConfigError> {
    let csrf = CsrfLayer::new().add_trusted_origin(&state.public_url.0)?;
    let pages = Places::new(config.http.concurrent_pages);
    let batches = Places::new(config.http.concurrent_batches);
    let strict_transport = config.secure().then_some(HeaderValue::from_static("max-age=31536000"));
    Ok(Router::new()
        .merge(web::router(&state, &config.site_dir, &pages, csrf))
        .merge(v1::router(&batches, Repeats::new(state.clone(), config.http.timeout)))
        .merge(ops::router())
        .layer(middleware::from_fn_with_state(config.http.timeout, in_time))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| Problem::internal().into_response()))
        .layer(middleware::map_response(move |response| {
            std::future::ready(harden(strict_transport.as_ref(), response))
        }))
        .layer(middleware::from_fn(observe))
        .with_state(state))
}

/// Headers that every answer carries unless it says otherwise: nothing of it may run, be framed, be guessed at or be kept.
fn harden(strict_transport: Option<&HeaderValue>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Some(value) = strict_transport {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value.clone());
    }
    response
}
