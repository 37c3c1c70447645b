//! `POST /events`: sessions in, a result per event.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    middleware,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use spectrum_core::{
    Services,
    ingest::accept_events::{EventOutcome, Refusal},
};
use spectrum_domain::{
    event::{Event, EventBody, MAX_AHEAD, MAX_BATCH, MAX_TEXT, MAX_TURNS},
    feature::Feature,
    private::Private,
    session::Role,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    http::{
        AppState, body,
        extract::{Host, ToSend},
        limits::{Places, take_place},
        problem::{self, Problem},
    },
    metrics,
};

/// Largest batch in bytes.
const MAX_BODY: usize = body::MOST;

pub(super) fn router(places: &Places) -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(post_events))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(places.clone(), take_place))
}

/// Up to 1,000 events in up to 4 MiB.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "documentation: the body is read field by field, to name what is wrong")]
struct BatchBody {
    /// In any order; the same event twice is the same event.
    #[schema(max_items = 1000)]
    events: Vec<EventSchema>,
}

/// One event.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "documentation: the body is read field by field, to name what is wrong")]
struct EventSchema {
    /// The host's id of the event. Sent again with the same body it changes nothing; with another body it is refused.
    event_id: Uuid,
    /// `session.started`, `turn.added` or `session.ended`.
    #[schema(example = "turn.added", pattern = "^(session\\.started|turn\\.added|session\\.ended)$")]
    r#type: String,
    /// The host's own name for the member: 1 to 128 visible ASCII characters.
    #[schema(example = "member-4711", pattern = "^[!-~]{1,128}$")]
    member: String,
    /// The host's own name for the session: 1 to 128 visible ASCII characters, a UUID or not.
    #[schema(pattern = "^[!-~]{1,128}$")]
    session_id: String,
    feature: Feature2,
    /// When it happened. Any past instant; at most eight days ahead.
    occurred_at: DateTime<Utc>,
    /// Where the member was: an IANA zone. The session belongs to the local day it began.
    #[schema(example = "Europe/London")]
    time_zone: String,
    /// `turn.added` only: place in the session, from 0.
    #[schema(minimum = 0, maximum = 9999)]
    index: Option<i32>,
    /// `turn.added` only: `member` or `assistant`.
    #[schema(pattern = "^(member|assistant)$")]
    role: Option<String>,
    /// `turn.added` only: at most 16 KiB of UTF-8. Kept sealed; only the analyzer reads it.
    text: Option<String>,
}

/// Where the session is held.
#[derive(ToSchema)]
#[schema(as = Feature)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "documentation of a domain type that knows no wire")]
enum Feature2 {
    Mirror,
    Turn,
    Lens,
}

/// What became of the batch.
#[derive(Debug, Serialize, ToSchema)]
struct BatchAnswer {
    /// Events that are new and kept.
    accepted: usize,
    /// Events that were here before: nothing changed.
    duplicates: usize,
    /// Events that were not kept.
    refused: usize,
    /// One result an event, in the order of the batch.
    results: Vec<EventResult>,
}

/// What became of an event.
#[derive(Debug, Serialize, ToSchema)]
struct EventResult {
    /// The event's id, where it could be read.
    event_id: Option<Uuid>,
    /// `accepted`, `duplicate` or `refused`.
    status: &'static str,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<EventProblem>,
}

/// Why an event was refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct EventProblem {
    /// A stable name to compare with.
    r#type: &'static str,
    /// Place of the event in the batch, from 0.
    index: usize,
    /// The field that is wrong.
    field: &'static str,
    /// What is wrong with it.
    detail: String,
}

/// A batch of which some events were refused: a problem that says which, and what was kept.
#[derive(Debug, Serialize, ToSchema)]
struct BatchProblem {
    #[serde(flatten)]
    problem: Problem,
    /// The refused events.
    errors: Vec<EventProblem>,
    #[serde(flatten)]
    answer: BatchAnswer,
}

/// Sends what happened in sessions.
#[utoipa::path(
    post, path = "/events", tag = "events", security(("host_key" = [])),
    request_body = BatchBody,
    responses(
        (status = 200, description = "All events are kept, now or before", body = BatchAnswer),
        (status = 400, description = "No batch", body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key is not good for this", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Some events were refused; the others are kept", body = BatchProblem,
         content_type = "application/problem+json"),
        (status = 503, description = "Come back after `Retry-After`", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn post_events(
    host: Host<ToSend>,
    State(services): State<Services>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Batch<'a> {
        #[serde(borrow)]
        events: Vec<&'a RawValue>,
    }
    let body = body.map_err(|rejection| body::refused(&rejection, MAX_BODY))?;
    // PRIVACY: the parser's own words may quote what it stumbled over, so they are not passed on.
    let batch: Batch<'_> = serde_json::from_slice(&body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Problem::bad_request(format!(
            "The body must be JSON of the form {{\"events\": […]}}; it stops being so at line {line}, column {column}. \
             Nothing was kept."
        ))
    })?;
    if batch.events.len() > MAX_BATCH {
        let many = batch.events.len();
        return Err(Problem::bad_request(format!(
            "A batch holds at most {MAX_BATCH} events, this one has {many}. Nothing was kept; send it in parts."
        )));
    }
    let now = services.ambient().now();
    let mut events = Vec::with_capacity(batch.events.len());
    let mut results: Vec<EventResult> = Vec::with_capacity(batch.events.len());
    let mut places = Vec::with_capacity(batch.events.len());
    for (index, raw) in batch.events.iter().enumerate() {
        let fields = Fields::of(raw);
        let event_id = fields.as_ref().ok().and_then(|fields| fields.get::<Uuid>("event_id"));
        match fields.and_then(|fields| fields.event(now)) {
            Ok(event) => {
                places.push(index);
                events.push(event);
                results.push(EventResult { event_id, status: "accepted", problem: None });
            }
            Err(Wrong(field, detail)) => {
                let problem = EventProblem { r#type: "urn:spectrum:problem:bad-field", index, field, detail };
                results.push(EventResult { event_id, status: "refused", problem: Some(problem) });
            }
        }
    }
    metrics::malformed_events(results.len() - events.len());
    let outcomes = services.accept_events(host.id, events).await?;
    metrics::events(&outcomes);
    for (index, outcome) in places.into_iter().zip(outcomes) {
        match outcome {
            EventOutcome::Accepted => {}
            EventOutcome::Duplicate => results[index].status = "duplicate",
            EventOutcome::Refused(refusal) => {
                results[index].status = "refused";
                results[index].problem = Some(explain(refusal, index));
            }
        }
    }
    Ok(answer(results))
}

fn answer(results: Vec<EventResult>) -> Response {
    let count = |status| results.iter().filter(|result| result.status == status).count();
    let (accepted, duplicates, refused) = (count("accepted"), count("duplicate"), count("refused"));
    let errors: Vec<_> = results.iter().filter_map(|result| result.problem.clone()).collect();
    let answer = BatchAnswer { accepted, duplicates, refused, results };
    if errors.is_empty() {
        return Json(answer).into_response();
    }
    let kept = accepted + duplicates;
    let problem = Problem {
        r#type: "urn:spectrum:problem:events-refused",
        title: "Some events were refused",
        status: 422,
        retry_after: None,
        detail: format!(
            "{refused} of {} events were refused and {kept} are kept. Correct the refused ones and send them again; \
             sending the others again changes nothing.",
            refused + kept
        ),
    };
    problem::respond(422, &BatchProblem { problem, errors, answer })
}

fn explain(refusal: Refusal, index: usize) -> EventProblem {
    let (r#type, field) = match refusal {
        Refusal::EventIdReused => ("urn:spectrum:problem:event-id-reused", "event_id"),
        Refusal::OtherFeature => ("urn:spectrum:problem:other-feature", "feature"),
        Refusal::IndexTaken => ("urn:spectrum:problem:index-taken", "index"),
        Refusal::NoConsent => ("urn:spectrum:problem:no-consent", "member"),
        Refusal::Erased => ("urn:spectrum:problem:erased", "member"),
    };
    EventProblem { r#type, index, field, detail: refusal.to_string() }
}

/// A field and what is wrong with it.
struct Wrong(&'static str, String);

/// The fields of one event, each still as it was sent.
struct Fields<'a>(BTreeMap<&'a str, &'a RawValue>);

/// Every field an event may have.
const FIELDS: [&str; 10] =
    ["event_id", "type", "member", "session_id", "feature", "occurred_at", "time_zone", "index", "role", "text"];

impl<'a> Fields<'a> {
    fn of(raw: &'a RawValue) -> Result<Self, Wrong> {
        let fields: BTreeMap<&str, &RawValue> = serde_json::from_str(raw.get())
            .map_err(|_| Wrong("events", "must be objects with plain field names".to_owned()))?;
        match fields.keys().find(|name| !FIELDS.contains(*name)) {
            // PRIVACY: an unknown field's name could be anything, so it is not repeated.
            Some(_) => Err(Wrong("events", format!("has a field other than {}", FIELDS.join(", ")))),
            None => Ok(Self(fields)),
        }
    }

    fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.0.get(name)?.get()).ok()
    }

    fn need<T: DeserializeOwned>(&self, name: &'static str, what: &str) -> Result<T, Wrong> {
        if !self.0.contains_key(name) {
            return Err(Wrong(name, format!("is missing: {what}")));
        }
        self.get(name).ok_or_else(|| Wrong(name, format!("must be {what}")))
    }

    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&self, name: &'static str) -> Result<T, Wrong> {
        self.need::<String>(name, "text")?.parse().map_err(|error: T::Err| Wrong(name, error.to_string()))
    }

    fn event(&self, now: DateTime<Utc>) -> Result<Event, Wrong> {
        let event_id = self.need::<Uuid>("event_id", "a UUID")?.into();
        let occurred_at = self.need::<String>("occurred_at", "an instant with offset (RFC 3339)")?;
        let occurred_at = DateTime::parse_from_rfc3339(&occurred_at)
            .map_err(|_| Wrong("occurred_at", "must be an instant with offset (RFC 3339)".to_owned()))?
            .to_utc();
        if occurred_at > now + MAX_AHEAD {
            return Err(Wrong("occurred_at", "must not be more than eight days ahead".to_owned()));
        }
        let zone = self
            .need::<String>("time_zone", "an IANA time zone")?
            .parse()
            .map_err(|_| Wrong("time_zone", "must be an IANA time zone".to_owned()))?;
        Ok(Event {
            event_id,
            member: self.parsed("member")?,
            session: self.parsed("session_id")?,
            feature: self.parsed::<Feature>("feature")?,
            occurred_at,
            zone,
            body: self.body()?,
        })
    }

    fn body(&self) -> Result<EventBody, Wrong> {
        let kind = self.need::<String>("type", "session.started, turn.added or session.ended")?;
        let plain = match kind.as_str() {
            "session.started" => EventBody::Started,
            "session.ended" => EventBody::Ended,
            "turn.added" => return self.turn(),
            _ => return Err(Wrong("type", "must be session.started, turn.added or session.ended".to_owned())),
        };
        match ["index", "role", "text"].into_iter().find(|name| self.0.contains_key(name)) {
            Some(field) => Err(Wrong(field, "belongs to turn.added only".to_owned())),
            None => Ok(plain),
        }
    }

    fn turn(&self) -> Result<EventBody, Wrong> {
        let index: i32 = self.need("index", "a whole number from 0")?;
        if !(0..MAX_TURNS).contains(&index) {
            return Err(Wrong("index", format!("must be between 0 and {}", MAX_TURNS - 1)));
        }
        let role = match self.need::<String>("role", "member or assistant")?.as_str() {
            "member" => Role::Member,
            "assistant" => Role::Assistant,
            _ => return Err(Wrong("role", "must be member or assistant".to_owned())),
        };
        let text: Private<String> = self.need("text", "text")?;
        if text.bytes() > MAX_TEXT {
            return Err(Wrong("text", format!("must be at most {MAX_TEXT} bytes of UTF-8")));
        }
        Ok(EventBody::Turn { index, role, text })
    }
}

#[cfg(test)]
#[path = "events_tests.rs"]
mod tests;
