//! A refusal as a person sees it: whoever asked for a page gets a page, not a problem for machines.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::http::router::Style;

/// Makes a page of a problem where a page was asked for.
pub async fn show_people(State(style): State<Style>, request: Request, next: Next) -> Response {
    let person = asks_for_a_page(request.headers()) && !request.uri().path().starts_with("/api/");
    let staff = request.uri().path().starts_with("/staff/");
    let response = next.run(request).await;
    let problem = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    if person && problem { page(response, &style, staff) } else { response }
}

pub(super) fn asks_for_a_page(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok()).any(|line| line.contains("text/html"))
}

fn page(response: Response, Style { css, ancestors }: &Style, staff: bool) -> Response {
    let (mut parts, _) = response.into_parts();
    let wait = parts.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).map_or_else(
        || "in a moment".to_owned(),
        |seconds| if seconds == "1" { "in a second".to_owned() } else { format!("in {seconds} seconds") },
    );
    let (title, text) = match parts.status {
        StatusCode::TOO_MANY_REQUESTS => {
            ("A little too quick", format!("That was more than we can answer at once. Please try again {wait}."))
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            ("Very busy right now", format!("We could not answer in time. Please try again {wait}."))
        }
        StatusCode::UNAUTHORIZED if staff => (
            "You were not signed in",
            "The sign-in was not finished, took too long or began in another browser. Nothing was changed.".to_owned(),
        ),
        StatusCode::FORBIDDEN if staff => (
            "This account was not admitted",
            "You are known where you signed in, but nobody has admitted you here. An operator can.".to_owned(),
        ),
        StatusCode::NOT_FOUND if staff => {
            ("There is no way in here", "No provider of identities is set up for the team.".to_owned())
        }
        StatusCode::FORBIDDEN => (
            "This came from somewhere else",
            "To keep you safe we only take what is sent from our own pages. Nothing was changed.".to_owned(),
        ),
        _ => (
            "Something went wrong here",
            format!("It is our mistake, not yours. Nothing you wrote is lost. Please try again {wait}."),
        ),
    };
    let again = staff && parts.status != StatusCode::NOT_FOUND;
    let (back, words) = if again { ("/staff/sign-in", "Sign in again") } else { ("/spectrum", "Back to Spectrum") };
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} · Spectrum</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><link rel=\"stylesheet\" href=\"{css}\"></head>\
         <body><main id=\"main\"><h1>{title}</h1><p>{text}</p><p><a href=\"{back}\">{words}</a></p></main>\
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
