//! Who asks for a page is found out once, before it is drawn; and whoever has the page at hand is told that it is still so.
//!
//! A page of a member's is known by what it is drawn from: the data version, what is still to be read, the member's own
//! settings, how the host shows pages, the day, the address, and the program. All of it comes with the one row that says whose the
//! cookie is, so a page that has not changed costs that row. Settings are drawn from more than the version, and a page that says
//! what a form just did says it once: neither is ever at hand, nor is a page whose being looked at is counted.

use std::{fmt::Write as _, sync::Arc};

use app::{CookiePolicy, Known};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use sha2::{Digest as _, Sha256};
use spectrum_core::{Arrival, Caller, Services};

use super::{AppState, etag};
use crate::config::Config;

/// What pages are known by beside their member's.
#[derive(Clone, Debug)]
pub struct Pages {
    services: Services,
    cookies: CookiePolicy,
    program: Arc<str>,
}

impl Pages {
    /// Those of this program with these settings.
    pub fn new(state: &AppState, config: &Config) -> Self {
        let program = format!("{} {:?} {} {:?}", program(), state.assets, config.http.read_only, config.http.plans_url);
        Self { services: state.services.clone(), cookies: state.cookies, program: program.into() }
    }

    /// The name of the page at this address for who comes so; nothing where it has none.
    fn tag(&self, headers: &HeaderMap, arrival: &Arrival, address: &Uri) -> Option<String> {
        let Caller::Member(member) = &arrival.caller else { return None };
        let path = address.path();
        let drawn_from_more = ["/spectrum/settings", "/spectrum/made"].iter().any(|page| path.starts_with(page));
        // Whoever agreed to be counted is counted by the page that is drawn for them.
        if drawn_from_more || member.counted || self.cookies.says(headers) {
            return None;
        }
        let mut hash = Sha256::new();
        let text = format!(
            "{} {member:?} {:?} {} {} {address}",
            self.program,
            arrival.look,
            arrival.unread,
            self.services.today(member)
        );
        hash.update(text.as_bytes());
        let mut tag = String::from("\"");
        for byte in hash.finalize().iter().take(16) {
            // Writing to a String can't fail.
            _ = write!(tag, "{byte:02x}");
        }
        tag.push('"');
        Some(tag)
    }
}

/// The program that runs: two of the same build are the same, wherever they run.
fn program() -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let of_file = file.map(|file| (file.len(), file.modified().ok()));
    // Where nobody can tell, no two are the same.
    let of_file = of_file.map_or_else(|_| format!("{:?}", std::time::Instant::now()), |file| format!("{file:?}"));
    format!("{} {of_file}", env!("CARGO_PKG_VERSION"))
}

/// Lets a request for a page on with who asks, or answers that the page at hand is still so.
pub async fn recognise_visitor(State(pages): State<Pages>, mut request: Request, next: Next) -> Response {
    let page = [Method::GET, Method::HEAD].contains(request.method())
        && ["/spectrum", "/staff"].iter().any(|start| request.uri().path().starts_with(start));
    let Some(token) = pages.cookies.token(request.headers()).filter(|_| page) else {
        return next.run(request).await;
    };
    let Ok(arrival) = pages.services.arrival(&token).await else {
        // The page asks again, and says so.
        return next.run(request).await;
    };
    let tag = arrival.as_ref().and_then(|arrival| pages.tag(request.headers(), arrival, request.uri()));
    if let Some(tag) = tag.as_deref().filter(|tag| etag::at_hand(request.headers(), tag)) {
        return named(StatusCode::NOT_MODIFIED.into_response(), tag);
    }
    request.extensions_mut().insert(Known(arrival));
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    let page =
        response.status() == StatusCode::OK && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    match tag {
        Some(tag) if page && !response.headers().contains_key(header::SET_COOKIE) => named(response, &tag),
        _ => response,
    }
}

/// The page under its name: kept by the browser that asked for it, and asked about each time. Weak, since it is packed on its way.
fn named(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&format!("W/{tag}")) {
        headers.insert(header::ETAG, tag);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("cookie, accept-language"));
    }
    response
}
