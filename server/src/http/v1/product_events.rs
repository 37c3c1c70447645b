//! `/product-events`: what only a browser or an app knows of how it is used. A closed set: docs/product-events.md.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use spectrum_core::Services;
use spectrum_domain::{
    finding::Kind,
    product_event::{Dwell, ProductEvent, Screen, Surface},
};
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, Type},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::json::Body;
use crate::http::{AppState, extract::AsMember, problem::Problem};

/// Most events of a call.
const MOST: usize = 50;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(post_product_events))
}

/// What the member saw and opened. Nothing of it may say what they wrote or felt, and no field could.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "documentation: the body is read field by field, to name what is wrong")]
struct ProductEventsBody {
    /// In the order in which they happened.
    #[schema(max_items = 50)]
    events: Vec<SeenEvent>,
    /// In what. Left out, it is what the browser says it is, or `app` where a token is sent.
    #[schema(pattern = "^(browser|webview|app)$")]
    surface: Option<String>,
    /// Version of the app: one to three numbers. Left out, it is Spectrum's own.
    #[schema(pattern = "^[0-9]{1,4}(\\.[0-9]{1,4}){0,2}$", example = "4.12.0")]
    app_version: Option<String>,
}

/// One event.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "documentation of a domain type that knows no wire")]
enum SeenEvent {
    CardViewed(CardViewed),
    CardWhyOpened(CardWhyOpened),
    TableOpened(TableOpened),
}

/// A card was in sight for a second or longer, in all.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "documentation of a domain type that knows no wire")]
struct CardViewed {
    /// `card_viewed`
    #[schema(pattern = "^card_viewed$")]
    name: String,
    /// What the card says something about.
    #[schema(schema_with = card_kinds)]
    card_kind: Kind,
    /// Its place on the page.
    #[schema(minimum = 1, maximum = 50)]
    position: u8,
    /// For how long it was in sight.
    #[schema(schema_with = dwells)]
    dwell: Dwell,
}

/// "Why am I seeing this?" was opened.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "documentation of a domain type that knows no wire")]
struct CardWhyOpened {
    /// `card_why_opened`
    #[schema(pattern = "^card_why_opened$")]
    name: String,
    /// What the card says something about.
    #[schema(schema_with = card_kinds)]
    card_kind: Kind,
}

/// The numbers behind a figure were opened.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "documentation of a domain type that knows no wire")]
struct TableOpened {
    /// `table_opened`
    #[schema(pattern = "^table_opened$")]
    name: String,
    /// On which page.
    #[schema(schema_with = screens)]
    screen: Screen,
}

fn one_of(words: Vec<&'static str>) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()
}

fn card_kinds() -> Object {
    one_of(Kind::ALL.iter().map(|kind| kind.name()).collect())
}

fn dwells() -> Object {
    one_of(Dwell::ALL.iter().map(|dwell| dwell.name()).collect())
}

fn screens() -> Object {
    one_of(Screen::ALL.iter().map(|screen| screen.name()).collect())
}

/// Takes events of use, whether the member agrees to be counted or not: of who does not, nothing is kept.
#[utoipa::path(
    post, path = "/product-events", tag = "product", security(("member" = [])),
    request_body = ProductEventsBody,
    responses(
        (status = 202, description = "Taken. They are written within a second if the member agrees to be counted, and otherwise let go"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field holds what no event does; none was taken", body = Problem,
         content_type = "application/problem+json"),
    )
)]
async fn post_product_events(
    AsMember(member): AsMember,
    State(services): State<Services>,
    headers: HeaderMap,
    Body(body): Body<Sent>,
) -> Result<StatusCode, Problem> {
    if body.events.len() > MOST {
        return Err(Problem::bad_field("events", "must hold at most 50 events"));
    }
    let surface = match body.surface {
        Some(value) => word(value, "surface")?,
        None if headers.contains_key(header::AUTHORIZATION) => Surface::App,
        None => {
            let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
            Surface::of_user_agent(agent.unwrap_or_default())
        }
    };
    let version = match body.app_version {
        Some(Value::String(text)) => {
            Some(text.parse().map_err(|_| Problem::bad_field("app_version", "must be one to three numbers"))?)
        }
        Some(_) => return Err(Problem::bad_field("app_version", "must be one to three numbers")),
        None => None,
    };
    let events = body.events.into_iter().enumerate();
    let events: Vec<ProductEvent> = events.map(|(at, sent)| event(at, sent)).collect::<Result<_, _>>()?;
    let services = services.on_version(surface, version);
    for event in events {
        services.note(&member, event);
    }
    Ok(StatusCode::ACCEPTED)
}

/// The body, before its words are read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    events: Vec<Map<String, Value>>,
    #[serde(default)]
    surface: Option<Value>,
    #[serde(default)]
    app_version: Option<Value>,
}

/// One event, or the field that is none of its.
fn event(at: usize, mut sent: Map<String, Value>) -> Result<ProductEvent, Problem> {
    // PRIVACY: fields are told by their own names; what came in them, or as another name, is not repeated.
    let path = |field: &str| format!("events[{at}].{field}");
    let mut take = |field: &str| sent.remove(field).unwrap_or_default();
    let name = take("name");
    let event = match name.as_str() {
        Some("card_viewed") => ProductEvent::CardViewed {
            card_kind: word(take("card_kind"), &path("card_kind"))?,
            position: serde_json::from_value(take("position"))
                .map_err(|_| Problem::bad_field(&path("position"), "must be a whole number from 1 to 50"))?,
            dwell: word(take("dwell"), &path("dwell"))?,
        },
        Some("card_why_opened") => {
            ProductEvent::CardWhyOpened { card_kind: word(take("card_kind"), &path("card_kind"))? }
        }
        Some("table_opened") => ProductEvent::TableOpened { screen: word(take("screen"), &path("screen"))? },
        _ => {
            let known = "must be card_viewed, card_why_opened or table_opened";
            return Err(Problem::bad_field(&path("name"), known));
        }
    };
    if sent.is_empty() {
        Ok(event)
    } else {
        Err(Problem::bad_field(&format!("events[{at}]"), "has a field that this event does not have"))
    }
}

/// A word of a closed set.
fn word<T: DeserializeOwned>(value: Value, field: &str) -> Result<T, Problem> {
    serde_json::from_value(value)
        .map_err(|_| Problem::bad_field(field, "must be one of the words that /api/openapi.json names"))
}
