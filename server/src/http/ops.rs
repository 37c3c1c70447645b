//! What an operator's tools ask: is it alive, is it ready, how is it doing.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use spectrum_core::{Services, db::migrate::MIGRATOR};

use super::AppState;
use crate::metrics;

/// `/health` and `/ready`.
pub fn router() -> Router<AppState> {
    Router::new().route("/health", get(health)).route("/ready", get(ready))
}

/// `/metrics`, for a listener of its own.
pub fn metrics_router(services: Services, handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(scrape)).with_state((services, handle))
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

async fn scrape(State((services, handle)): State<(Services, PrometheusHandle)>) -> String {
    match services.load_pipeline().await {
        Ok(pipeline) => metrics::queues(&pipeline),
        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the queue could not be counted"),
    }
    match services.load_vitals().await {
        Ok(vitals) => metrics::vitals(&vitals),
        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "no signs of life could be read"),
    }
    handle.render()
}
