//! A member's archive as a file: the one answer that holds their words, for the browser that is signed in as them.

use std::sync::Arc;

use app::CookiePolicy;
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use futures_util::stream;
use spectrum_core::{Caller, Services};
use spectrum_domain::{audit::Actor, export::Export, id::MemberId, product_event::Surface};
use tokio::sync::Semaphore;

use super::{AppState, problem::Problem};
use crate::archive::hand_out;

/// What an archive is.
pub const ZIP: &str = "application/zip";

/// The download, at most so many at the same moment: each keeps a thread busy for as long as it lasts.
pub fn router(most: usize) -> Router<AppState> {
    let places = Arc::new(Semaphore::new(most));
    let download = move |State(services): State<Services>, State(cookies): State<CookiePolicy>, headers: HeaderMap| {
        let places = places.clone();
        async move { download(&services, cookies, &headers, places).await }
    };
    Router::new().route("/spectrum/settings/export/archive", get(download))
}

async fn download(
    services: &Services,
    cookies: CookiePolicy,
    headers: &HeaderMap,
    places: Arc<Semaphore>,
) -> Result<Response, Problem> {
    let page = || Redirect::to("/spectrum/settings/export").into_response();
    let caller = match cookies.token(headers) {
        Some(token) => services.caller(&token).await?,
        None => None,
    };
    // The page says who may, and whether there is anything to fetch.
    let Some(Caller::Member(member)) = caller else { return Ok(page()) };
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let services = services.clone().on(Surface::of_user_agent(agent.unwrap_or_default()));
    match services.load_export(member.member_id).await? {
        Some(export) => answer(&services, member.member_id, export, places).map(|file| file.unwrap_or_else(page)),
        None => Ok(page()),
    }
}

/// The file, if it is ready and its day is not over.
pub fn answer(
    services: &Services,
    member: MemberId,
    export: Export,
    places: Arc<Semaphore>,
) -> Result<Option<Response>, Problem> {
    let Some(ready) = export.at_hand(services.ambient().now()) else { return Ok(None) };
    let place = places.try_acquire_owned().map_err(|_| Problem::overloaded())?;
    let bytes =
        stream::unfold(hand_out(services, member, export.export_id, Actor::Member, place), async |mut bytes| {
            bytes.recv().await.map(|chunk| (chunk, bytes))
        });
    let mut response = (StatusCode::OK, Body::from_stream(bytes)).into_response();
    let name = format!("attachment; filename=\"spectrum-{}.zip\"", ready.ready_at.format("%Y-%m-%d"));
    for (header, value) in [
        (header::CONTENT_TYPE, HeaderValue::from_static(ZIP)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|_| Problem::internal())?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ] {
        response.headers_mut().insert(header, value);
    }
    Ok(Some(response))
}
