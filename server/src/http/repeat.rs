//! Requests that are sent again: what comes with an `Idempotency-Key` and changes something is done once and answered the
//! same each time. One layer around the whole API, so that no handler can forget it.

use std::{collections::HashSet, sync::Arc};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use chrono::TimeDelta;
use http_body_util::BodyExt as _;
use spectrum_core::{
    ServiceError, Services,
    answers::{Answer, Claim, Ticket},
    db::shield::shielded,
};

use utoipa::openapi::OpenApi as Document;

use super::{body, problem::Problem, recognise::Recognised};

/// The header by which a caller names a request.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The header that says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Longest key.
const MAX_KEY: usize = 255;

/// Longest answer that is kept: a batch of a thousand events is answered with less than a third of it.
const MAX_ANSWER: usize = 1024 * 1024;

/// Mark of an answer that carries a secret. PRIVACY: secrets are kept as hashes only, so such an answer is not kept, and the
/// same request is answered anew.
#[derive(Clone, Copy, Debug)]
pub struct CarriesSecret;

/// What the layer needs.
#[derive(Clone, Debug)]
pub struct Repeats {
    services: Services,
    lease: TimeDelta,
    /// What changes something: method and path, as the description of the API has them. A path's other methods are
    /// answered 405, whatever key they come with.
    changing: Arc<HashSet<(Method, String)>>,
}

impl Repeats {
    /// A request that takes longer than `longest` was cut off; after twice that time its key is free.
    pub fn new(services: Services, longest: std::time::Duration) -> Self {
        let lease = TimeDelta::from_std(2 * longest).unwrap_or(TimeDelta::minutes(1));
        Self { services, lease, changing: Arc::default() }
    }

    /// For an API with this description.
    #[must_use]
    pub fn of(self, document: &Document) -> Self {
        let changing = document.paths.paths.iter().flat_map(|(path, item)| {
            let methods = [
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            methods.into_iter().filter(|(_, operation)| operation.is_some()).map(|(method, _)| (method, path.clone()))
        });
        Self { changing: Arc::new(changing.collect()), ..self }
    }

    fn changes(&self, request: &Request) -> bool {
        let path = request.extensions().get::<MatchedPath>();
        path.is_some_and(|path| self.changing.contains(&(request.method().clone(), path.as_str().to_owned())))
    }
}

/// A caller's name for a request: 1 to 255 visible ASCII characters, taken as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The key among these headers, if there is one. One that can't be used is a problem, because to go on without it would
    /// promise what is not kept.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else { return Ok(None) };
        let text = value.as_bytes();
        let fits = (1..=MAX_KEY).contains(&text.len()) && text.iter().all(u8::is_ascii_graphic);
        match (fits, values.next()) {
            (true, None) => Ok(Some(Self(String::from_utf8_lossy(text).into_owned()))),
            _ => Err(Problem::bad_key(MAX_KEY)),
        }
    }
}

/// Answers a request that was answered before, and keeps the answer to one that was not.
pub async fn answer_once(State(repeats): State<Repeats>, request: Request, next: Next) -> Response {
    if !repeats.changes(&request) {
        return next.run(request).await;
    }
    let key = match Key::of(request.headers()) {
        Ok(Some(key)) => key,
        Ok(None) => return next.run(request).await,
        Err(problem) => return problem.into_response(),
    };
    let (parts, content) = request.into_parts();
    // Whoever is not let in gets no key: the handler says why.
    let Some(caller) = parts.extensions.get().map(Recognised::as_caller) else {
        return next.run(Request::from_parts(parts, content)).await;
    };
    let content = match body::read(content, body::MOST).await {
        Ok(content) => content,
        Err(problem) => return problem.into_response(),
    };
    let Repeats { services, lease, .. } = repeats;
    // In a task of its own: whoever has gone away before the answer came is the one who will ask again.
    let answered = shielded(async move {
        let path = parts.uri.path_and_query().map_or("", |path| path.as_str()).to_owned();
        let request = [parts.method.as_str().as_bytes(), path.as_bytes(), content.as_ref()];
        let ticket = match services.claim_answer(caller, &key.0, &request, lease).await? {
            Claim::Ours(ticket) => ticket,
            Claim::Answered(answer) => return Ok(replayed(answer)),
            Claim::Running { seconds } => return Ok(Problem::still_running(seconds).into_response()),
            Claim::AnotherRequest => return Ok(Problem::key_of_another_request().into_response()),
        };
        let response = next.run(Request::from_parts(parts, Body::from(content))).await;
        Ok(keep(&services, &ticket, response).await)
    })
    .await;
    answered.unwrap_or_else(|error: ServiceError| Problem::from(error).into_response())
}

/// Keeps an answer that will be true tomorrow, and gives the key back where it will not.
async fn keep(services: &Services, ticket: &Ticket, response: Response) -> Response {
    let secret = response.extensions().get::<CarriesSecret>().is_some();
    let (parts, content) = response.into_parts();
    let content = match content.collect().await {
        Ok(content) => content.to_bytes(),
        Err(_) => return Problem::internal().into_response(), // the lease frees the key
    };
    let text = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::to_owned);
    let answer = Answer {
        status: parts.status.as_u16(),
        content_type: text(header::CONTENT_TYPE),
        location: text(header::LOCATION),
        body: content.to_vec(),
    };
    let kept = if passes(parts.status) {
        services.give_key_back(ticket).await
    } else {
        let may_be_kept = !secret && answer.body.len() <= MAX_ANSWER;
        services.keep_answer(ticket, may_be_kept.then_some(&answer)).await
    };
    if let Err(error) = kept {
        // The request was answered; its key is free when the lease has run out.
        tracing::error!(error = &error as &dyn std::error::Error, "a first answer could not be kept");
    }
    Response::from_parts(parts, Body::from(content))
}

/// Whether an answer is one of this moment or of these credentials, and not of the request.
fn passes(status: StatusCode) -> bool {
    status.is_server_error()
        || [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS]
            .contains(&status)
}

fn replayed(answer: Answer) -> Response {
    let Answer { status, content_type, location, body } = answer;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in [(header::CONTENT_TYPE, content_type), (header::LOCATION, location)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
