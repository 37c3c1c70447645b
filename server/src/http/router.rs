//! All routes under one roof, with what goes for every request.

use std::any::Any;

use app::{Assets, CookiePolicy};
use axum::{Router, extract::FromRef, middleware, response::IntoResponse as _};
use leptos::config::LeptosOptions;
use spectrum_core::Services;
use spectrum_push::allow::AllowList;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate as _},
    },
    csrf::{ConfigError, CsrfLayer},
    timeout::RequestBodyDeadlineLayer,
};

use super::{
    archive,
    guard::{Addresses, Hardening, Limiter, ReadOnly, limit, refuse_changes, require_proof, show_people},
    limits::in_time,
    observe::{ContinueHosts, observe},
    ops,
    problem::Problem,
    receipts,
    repeat::Repeats,
    staff, v1, web,
};
use crate::{config::Config, identity::Identity};

/// What handlers may take.
#[derive(Clone, Debug, FromRef)]
pub struct AppState {
    /// Everything that can be done.
    pub services: Services,
    /// Who somebody is by the word of another.
    pub identity: Identity,
    /// The front end's files.
    pub assets: Assets,
    /// How cookies are set.
    pub cookies: CookiePolicy,
    /// Address that browsers see.
    pub public_url: PublicUrl,
    /// Which subscriptions of browsers are taken.
    pub subscriptions: Subscriptions,
    /// What Leptos asks for.
    pub leptos: LeptosOptions,
}

/// Which subscriptions of browsers are taken: those of push services that the settings name, where browsers can be told at all.
#[derive(Clone, Debug, Default)]
pub struct Subscriptions(pub Option<AllowList>);

impl Subscriptions {
    /// Whether any are.
    pub const fn are_taken(&self) -> bool {
        self.0.is_some()
    }

    /// Whether a subscription may name this endpoint.
    pub fn allow(&self, endpoint: &str) -> bool {
        self.0.as_ref().is_some_and(|services| services.is_allowed(endpoint))
    }
}

/// Address that browsers see, without a slash at the end.
#[derive(Clone, Debug)]
pub struct PublicUrl(pub String);

/// What pages need that are drawn without Leptos.
#[derive(Clone, Debug)]
pub struct Style {
    /// Address of the style sheet.
    pub css: String,
    /// Who may frame them, as the sources of `frame-ancestors`.
    pub ancestors: String,
}

/// The whole server, as pages, API and health checks.
pub fn router(state: AppState, config: &Config) -> Result<Router, ConfigError> {
    router_with(state, config, Router::new())
}

/// The same with more routes behind the same doors.
pub fn router_with(state: AppState, config: &Config, more: Router<AppState>) -> Result<Router, ConfigError> {
    let csrf = CsrfLayer::new().add_trusted_origin(&state.public_url.0)?;
    let addresses = Addresses::new(config.doors.trusted_proxies.clone());
    let limiter = Limiter::new(&state, addresses, config.doors.rates);
    let counted = || middleware::from_fn_with_state(limiter.clone(), limit);
    let hardening = Hardening::new(config);
    let style = Style { css: state.assets.css.clone(), ancestors: config.doors.embed_origins.as_sources() };
    let repeats = Repeats::new(state.services.clone(), config.http.timeout);
    Ok(Router::new()
        .merge(web::router(&state, config, csrf, &limiter))
        .merge(v1::router(&state, &v1::Busy::new(config), repeats).layer(counted()))
        .merge(staff::router().layer(counted()))
        .merge(receipts::router().layer(counted()))
        .merge(more.layer(counted()))
        .merge(ops::router())
        .layer(middleware::from_fn_with_state(ReadOnly(config.http.read_only), refuse_changes))
        .layer(middleware::from_fn_with_state(state.public_url.clone(), require_proof))
        .layer(RequestBodyDeadlineLayer::new(config.doors.listener.body))
        .layer(middleware::from_fn_with_state(config.http.timeout, in_time))
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| Problem::internal().into_response()))
        .layer(middleware::from_fn_with_state(style, show_people))
        // After the last that may change a body. An archive is packed already.
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(NotForContentType::new(archive::ZIP))))
        .layer(middleware::map_response(move |response| std::future::ready(hardening.apply(response))))
        .layer(middleware::from_fn_with_state(ContinueHosts(config.telemetry.continue_hosts), observe))
        .with_state(state))
}
