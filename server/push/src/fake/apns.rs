//! APNs: `POST /3/device/<token>`, as Apple documents it under "Sending notification requests to APNs".

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use hyper::{Method, Version};
use serde_json::{Value, json};
use spectrum_domain::push::ChannelKind;
use uuid::Uuid;

use super::{
    KEY_ID, TEAM_ID, TOPIC,
    answer::{Call, Fate, Reply, Verdict, Words, hinder},
    aps,
    told::{Seen, Told},
    trouble::State,
};

/// The largest payload.
const MOST: usize = 4096;
/// The headers it knows.
const HEADERS: [&str; 6] =
    ["apns-id", "apns-expiration", "apns-priority", "apns-topic", "apns-push-type", "apns-collapse-id"];
/// What a request is refused with that Apple would take, and of which nothing would be shown.
const NOT_APPLES: &str = "BadMessage";

/// A refusal: status, Apple's reason, and what to tell whoever runs the test.
type No = (u16, &'static str, String);

fn no<T>(status: u16, reason: &'static str, why: impl Into<String>) -> Result<T, No> {
    Err((status, reason, why.into()))
}

/// Apple's words, for one request.
struct Apples {
    id: String,
}

impl Apples {
    fn reply(&self, status: u16, body: &Value) -> Reply {
        Reply::json(status, body).with("apns-id", self.id.clone())
    }

    fn gone(&self, reason: &str, since: DateTime<Utc>) -> Reply {
        self.reply(410, &json!({ "reason": reason, "timestamp": since.timestamp_millis() }))
    }
}

impl Words for Apples {
    fn error(&self, code: u16, reason: &str) -> Reply {
        self.reply(code, &json!({ "reason": reason }))
    }

    fn too_many(&self) -> Reply {
        self.error(429, "TooManyRequests")
    }

    fn expired(&self) -> Reply {
        self.error(403, "ExpiredProviderToken")
    }
}

pub(super) fn answer(told: &mut Told, call: &Call) -> Verdict {
    let asked = call.header("apns-id").filter(|id| is_uuid(id));
    let words = Apples { id: asked.map_or_else(|| Uuid::from_u128(next(told)).to_string(), str::to_owned) };
    let token = bearer(told, call);
    let known = token.is_ok();
    let fate = match token.and_then(|()| read(call)) {
        Err((status, reason, why)) => {
            told.refuse(format!("apns: {why}"));
            Fate::Answer(words.error(status, reason), std::time::Duration::ZERO)
        }
        Ok(push) => {
            let trouble = told.next_trouble();
            hinder(told, trouble, &words, |told| process(told, call, &words, push))
        }
    };
    Verdict { fate, known }
}

fn next(told: &mut Told) -> u128 {
    told.names += 1;
    u128::from(told.names)
}

/// A push that is as it must be.
struct Push {
    address: String,
    payload: Value,
}

fn process(told: &mut Told, call: &Call, words: &Apples, push: Push) -> Reply {
    let state = if told.wrong_environment { State::BadToken } else { told.state(&push.address) };
    match state {
        State::Fine => {}
        State::Gone { since } => return words.gone("Unregistered", since),
        State::Expired { since } => return words.gone("ExpiredToken", since),
        State::Unregistered => return words.gone("Unregistered", told.now()),
        State::BadToken | State::InvalidArgument | State::NotFound => return words.error(400, "BadDeviceToken"),
        State::SenderMismatch => return words.error(400, "DeviceTokenNotForTopic"),
        State::TooMany => return words.too_many(),
        State::ThirdPartyAuth => return words.error(403, "Forbidden"),
    }
    let header = |name: &str| call.header(name).map(str::to_owned);
    let names = HEADERS.iter().copied().chain(["user-agent"]);
    let headers: BTreeMap<String, String> = if told.manner.lean {
        BTreeMap::new()
    } else {
        names.filter_map(|name| Some((name.to_owned(), header(name)?))).collect()
    };
    let seen = Seen {
        channel: ChannelKind::Apns,
        address: push.address,
        is_fid: false,
        id: words.id.clone(),
        collapse: header("apns-collapse-id"),
        payload: push.payload,
        sent: call.text(),
        headers,
        dry: false,
        connection: call.connection,
        at: told.now(),
    };
    told.take(seen);
    Reply::empty(200).with("apns-id", words.id.clone())
}

/// Whether the request carries a token that holds now.
fn bearer(told: &mut Told, call: &Call) -> Result<(), No> {
    let Some(text) = call.header("authorization") else {
        return no(403, "MissingProviderToken", "no authorization");
    };
    let Some(token) = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
        return no(403, "InvalidProviderToken", "authorization is no bearer");
    };
    let (token, now) = (token.1, told.now());
    let issued = match told.provider_tokens.get(token) {
        Some(issued) => *issued,
        None => issued(told, token)?,
    };
    let age = now.timestamp() - issued;
    if age > 3600 {
        return no(403, "ExpiredProviderToken", format!("the provider token is {age} s old"));
    }
    // Clocks differ a little.
    if age < -60 {
        return no(403, "InvalidProviderToken", format!("the provider token is from {} s ahead", -age));
    }
    if told.provider_tokens.contains_key(token) {
        return Ok(());
    }
    if told.provider_token_at.is_some_and(|at| now - at < TimeDelta::minutes(20)) {
        return no(429, "TooManyProviderTokenUpdates", "a second provider token within 20 minutes");
    }
    told.provider_token_at = Some(now);
    told.provider_tokens.insert(token.to_owned(), issued);
    told.counts.provider_tokens += 1;
    Ok(())
}

/// When a token was issued that has not been seen.
fn issued(told: &Told, token: &str) -> Result<i64, No> {
    let bad = |why: &str| (403, "InvalidProviderToken", why.to_owned());
    let token = told.keys.of_apple(token).map_err(bad)?;
    if token.head.keys().any(|name| !["alg", "kid", "typ"].contains(&name.as_str())) {
        return Err(bad("the provider token's head has a field of no use"));
    }
    if token.head.get("kid").is_none_or(|kid| kid != KEY_ID) {
        return Err(bad("the provider token names another key"));
    }
    if token.claims.keys().any(|name| !["iss", "iat"].contains(&name.as_str())) {
        return Err(bad("the provider token claims more than iss and iat"));
    }
    if token.claims.get("iss").is_none_or(|team| team != TEAM_ID) {
        return Err(bad("the provider token is another team's"));
    }
    token.claims.get("iat").and_then(Value::as_i64).ok_or_else(|| bad("the provider token's iat is no whole number"))
}

/// Reads all but the token.
fn read(call: &Call) -> Result<Push, No> {
    if call.version != Version::HTTP_2 {
        return no(400, NOT_APPLES, "APNs speaks HTTP/2 alone");
    }
    let Some(address) = call.path.strip_prefix("/3/device/") else {
        return no(404, "BadPath", format!("path {}", call.path));
    };
    if call.method != Method::POST {
        return no(405, "MethodNotAllowed", format!("method {}", call.method));
    }
    if address.is_empty() {
        return no(400, "MissingDeviceToken", "no device token");
    }
    let hex = address.len().is_multiple_of(2) && address.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hex || address.len() > 400 {
        return no(400, "BadDeviceToken", "the device token is no hex");
    }
    headers(call)?;
    if call.body.is_empty() {
        return no(400, "PayloadEmpty", "no payload");
    }
    if call.body.len() > MOST {
        return no(413, "PayloadTooLarge", format!("a payload of {} bytes", call.body.len()));
    }
    let Ok(payload) = serde_json::from_slice(&call.body) else {
        return no(400, NOT_APPLES, "the payload is no JSON");
    };
    let kind = call.header("apns-push-type").unwrap_or_default();
    aps::check(&payload, kind, call.header("apns-priority")).or_else(|why| no(400, NOT_APPLES, why))?;
    Ok(Push { address: address.to_ascii_lowercase(), payload })
}

fn headers(call: &Call) -> Result<(), No> {
    for name in call.headers.keys().map(hyper::header::HeaderName::as_str).filter(|name| name.starts_with("apns-")) {
        if !HEADERS.contains(&name) {
            return no(400, NOT_APPLES, format!("unknown header {name}"));
        }
        if call.headers.get_all(name).iter().count() > 1 {
            return no(400, "DuplicateHeaders", format!("two headers {name}"));
        }
    }
    if call.header("apns-id").is_some_and(|id| !is_uuid(id)) {
        return no(400, "BadMessageId", "apns-id is no lower-case UUID");
    }
    if call.header("apns-expiration").is_some_and(|time| time.parse::<u64>().is_err()) {
        return no(400, "BadExpirationDate", "apns-expiration is no number of seconds");
    }
    if call.header("apns-priority").is_some_and(|priority| !["1", "5", "10"].contains(&priority)) {
        return no(400, "BadPriority", "apns-priority is not 1, 5 or 10");
    }
    match call.header("apns-topic") {
        None => return no(400, "MissingTopic", "no apns-topic"),
        Some(TOPIC) => {}
        Some(_) => return no(400, "TopicDisallowed", "apns-topic is another app's"),
    }
    if !["alert", "background"].contains(&call.header("apns-push-type").unwrap_or_default()) {
        return no(400, "InvalidPushType", "apns-push-type is neither alert nor background");
    }
    if call.headers.get("apns-collapse-id").is_some_and(|id| id.is_empty() || id.len() > 64) {
        return no(400, "BadCollapseId", "apns-collapse-id is empty or longer than 64 bytes");
    }
    Ok(())
}

/// Lower-case, with its hyphens.
fn is_uuid(text: &str) -> bool {
    Uuid::try_parse(text).is_ok_and(|id| id.hyphenated().to_string() == text)
}
