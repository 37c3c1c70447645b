//! What an operator's tools ask: is it alive, is it ready, how is it doing.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use chrono::{DateTime, TimeDelta, Utc};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use spectrum_core::{Services, db::migrate::MIGRATOR};
use spectrum_domain::calendar::Month;

use super::AppState;
use crate::{metrics, open_metrics};

/// `/health` and `/ready`.
pub fn router() -> Router<AppState> {
    Router::new().route("/health", get(health)).route("/ready", get(ready))
}

/// How long what changes slowly is not asked for again: what was spent, and who is in which arm.
const SELDOM: TimeDelta = TimeDelta::minutes(10);

/// What a scrape needs.
#[derive(Clone)]
struct Scraped {
    services: Services,
    handle: PrometheusHandle,
    /// When what changes slowly was asked for last.
    seldom_at: Arc<Mutex<Option<DateTime<Utc>>>>,
}

/// `/metrics`, for a listener of its own.
pub fn metrics_router(services: Services, handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(scrape)).with_state(Scraped { services, handle, seldom_at: Arc::default() })
}

/// The process answers.
async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok" }))
}

/// The process can do its work: the database answers, and its tables are those of this version.
async fn ready(State(services): State<Services>) -> Response {
    let newest = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default();
    let query =
        sqlx::query_scalar::<_, bool>("SELECT EXISTS (SELECT FROM _sqlx_migrations WHERE version = $1 AND success)")
            .bind(newest)
            .fetch_one(services.pools().probe());
    let (status, problem) = match tokio::time::timeout(Duration::from_secs(1), query).await {
        Ok(Ok(true)) => (StatusCode::OK, None),
        Ok(Ok(false)) => (StatusCode::SERVICE_UNAVAILABLE, Some("the database waits for `spectrum migrate`")),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, Some("the database does not answer")),
    };
    let state = if problem.is_none() { "ready" } else { "not ready" };
    (status, Json(json!({ "status": state, "problem": problem }))).into_response()
}

async fn scrape(State(Scraped { services, handle, seldom_at }): State<Scraped>, headers: HeaderMap) -> Response {
    match services.load_pipeline().await {
        Ok(pipeline) => metrics::queues(&pipeline),
        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the queue could not be counted"),
    }
    match services.load_vitals().await {
        Ok(vitals) => metrics::vitals(&vitals),
        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "no signs of life could be read"),
    }
    match services.look_at_channels().await {
        Ok(channels) => metrics::push_channels(&channels),
        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the channels could not be counted"),
    }
    let now = services.ambient().now();
    if is_old(&seldom_at, now) {
        match services.load_spending(Month::containing(now.date_naive())).await {
            Ok(spending) => metrics::spending(&spending),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "what was spent could not be read"),
        }
        match services.load_arms().await {
            Ok((seen, _)) => metrics::experiments(&seen),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "no experiment could be read"),
        }
    }
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(open_metrics::is_wanted) {
        let text = open_metrics::EXEMPLARS.lay_over(&handle.render());
        return ([(header::CONTENT_TYPE, open_metrics::CONTENT_TYPE)], text).into_response();
    }
    handle.render().into_response()
}

/// Whether it is time to ask again, which is noted at once: of two scrapes one asks.
fn is_old(at: &Mutex<Option<DateTime<Utc>>>, now: DateTime<Utc>) -> bool {
    let mut at = at.lock().unwrap_or_else(PoisonError::into_inner);
    let old = at.is_none_or(|at| now - at >= SELDOM);
    if old {
        *at = Some(now);
    }
    old
}
