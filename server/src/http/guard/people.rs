//! A refusal as a person sees it: whoever asked for a page gets a page, not a problem for machines.

use app::Words;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

use spectrum_domain::words::{Args, Value};

use super::read_only::Refused;
use crate::http::router::Style;

/// Makes a page of a problem where a page was asked for.
pub async fn show_people(State(style): State<Style>, request: Request, next: Next) -> Response {
    let person = asks_for_a_page(request.headers()) && !request.uri().path().starts_with("/api/");
    let staff = request.uri().path().starts_with("/staff/");
    // Who it is has not been looked up yet, so the browser says the language; the team's pages are English.
    let words = if staff { Words::english() } else { Words::of_headers(request.headers()) };
    let response = next.run(request).await;
    let problem = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    if person && problem { page(response, &style, words, staff) } else { response }
}

pub(super) fn asks_for_a_page(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok()).any(|line| line.contains("text/html"))
}

fn page(response: Response, Style { css, ancestors }: &Style, words: Words, staff: bool) -> Response {
    let (mut parts, _) = response.into_parts();
    let seconds = parts.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let wait = match seconds.and_then(|seconds| seconds.parse::<i64>().ok()) {
        Some(seconds) => say(words, "refusal-seconds", "seconds", seconds),
        None => words.say("refusal-soon"),
    };
    let (title, text) = match parts.status {
        StatusCode::TOO_MANY_REQUESTS => {
            (words.say("refusal-too-quick"), say(words, "refusal-too-quick-why", "wait", wait))
        }
        _ if parts.extensions.get::<Refused>().is_some() => {
            (words.say("refusal-read-only"), words.say("refusal-read-only-why"))
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            (words.say("refusal-busy"), say(words, "refusal-busy-why", "wait", wait))
        }
        StatusCode::UNAUTHORIZED if staff => (
            "You were not signed in".to_owned(),
            "The sign-in was not finished, took too long or began in another browser. Nothing was changed.".to_owned(),
        ),
        StatusCode::FORBIDDEN if staff => (
            "This account was not admitted".to_owned(),
            "You are known where you signed in, but nobody has admitted you here. An operator can.".to_owned(),
        ),
        StatusCode::NOT_FOUND if staff => {
            ("There is no way in here".to_owned(), "No provider of identities is set up for the team.".to_owned())
        }
        StatusCode::UNAUTHORIZED => (words.say("refusal-signed-out"), words.say("refusal-signed-out-why")),
        StatusCode::NOT_FOUND => (words.say("refusal-nothing"), words.say("refusal-nothing-why")),
        StatusCode::FORBIDDEN => (words.say("refusal-elsewhere"), words.say("refusal-elsewhere-why")),
        _ => (words.say("refusal-broken"), say(words, "refusal-broken-why", "wait", wait)),
    };
    let (back, label) = if staff && parts.status != StatusCode::NOT_FOUND {
        ("/staff/sign-in", "Sign in again".to_owned())
    } else {
        ("/spectrum", words.say("refusal-back"))
    };
    let (tag, direction) = (words.tag(), words.direction());
    let html = format!(
        "<!DOCTYPE html><html lang=\"{tag}\" dir=\"{direction}\"><head><meta charset=\"utf-8\"><title>{title} · Spectrum</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><link rel=\"stylesheet\" href=\"{css}\"></head>\
         <body><main id=\"main\"><h1>{title}</h1><p>{text}</p><p><a href=\"{back}\">{label}</a></p></main>\
         </body></html>"
    );
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let policy = format!(
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        parts.headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Response::from_parts(parts, Body::from(html))
}

/// A message with its only argument.
fn say<'a>(words: Words, message: &str, name: &'a str, value: impl Into<Value<'a>>) -> String {
    let mut args = Args::new();
    args.set(name, value);
    words.say_with(message, &args)
}
