//! FCM: `POST /v1/projects/<project>/messages:send`, with errors as Google writes them.

use std::{collections::BTreeMap, time::Duration};

use hyper::Method;
use serde_json::{Value, json};
use spectrum_domain::push::ChannelKind;

use super::{
    PROJECT,
    answer::{Call, Fate, Reply, Verdict, Words, hinder},
    fcm_fields::{self, Violation},
    told::{Seen, Told},
    trouble::State,
};

/// The largest message.
const MOST: usize = 4096;
/// The longest time to live: four weeks.
const LONGEST: u64 = 28 * 24 * 60 * 60;
/// Whom a message can be for: one of these.
const TARGETS: [&str; 4] = ["token", "fid", "topic", "condition"];
const FCM_ERROR: &str = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";
const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";

/// Google's words.
struct Googles;

fn error(code: u16, status: &str, message: &str, details: &Value) -> Reply {
    let mut error = json!({ "code": code, "message": message, "status": status });
    if details.as_array().is_some_and(|details| !details.is_empty()) {
        error["details"] = details.clone();
    }
    Reply::json(code, &json!({ "error": error }))
}

fn fcm_error(code: u16, status: &str, message: &str, error_code: &str) -> Reply {
    error(code, status, message, &json!([{ "@type": FCM_ERROR, "errorCode": error_code }]))
}

fn unauthenticated(reason: &str) -> Reply {
    let message = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other \
                   valid authentication credential.";
    let info = json!([{ "@type": ERROR_INFO, "reason": reason, "domain": "googleapis.com" }]);
    error(401, "UNAUTHENTICATED", message, &info)
}

impl Words for Googles {
    fn error(&self, code: u16, reason: &str) -> Reply {
        // What was told in Apple's words is said in Google's.
        let reason = if reason.bytes().any(|byte| byte.is_ascii_lowercase()) { "" } else { reason };
        match (code, reason) {
            (500, "" | "INTERNAL") => fcm_error(500, "INTERNAL", "Internal error encountered.", "INTERNAL"),
            (503, "" | "UNAVAILABLE") => {
                fcm_error(503, "UNAVAILABLE", "The service is currently unavailable.", "UNAVAILABLE")
            }
            (404, "UNREGISTERED") => of_state(State::Unregistered, "token").unwrap_or_else(|| Reply::empty(404)),
            (403, "SENDER_ID_MISMATCH") => {
                of_state(State::SenderMismatch, "token").unwrap_or_else(|| Reply::empty(403))
            }
            (429, _) => self.too_many(),
            (401, "" | "UNAUTHENTICATED") => self.expired(),
            (_, "") => error(code, "UNKNOWN", "Unknown.", &Value::Null),
            _ => error(code, reason, "So it was told.", &Value::Null),
        }
    }

    fn too_many(&self) -> Reply {
        fcm_error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric.", "QUOTA_EXCEEDED")
    }

    fn expired(&self) -> Reply {
        unauthenticated("ACCESS_TOKEN_EXPIRED")
    }
}

/// What Google says of an address that is not fine.
fn of_state(state: State, target: &str) -> Option<Reply> {
    let bad_token = "The registration token is not a valid FCM registration token";
    Some(match state {
        State::Fine => return None,
        State::Gone { .. } | State::Expired { .. } | State::Unregistered => {
            fcm_error(404, "NOT_FOUND", "Requested entity was not found.", "UNREGISTERED")
        }
        State::BadToken => error(
            400,
            "INVALID_ARGUMENT",
            bad_token,
            &json!([
                { "@type": FCM_ERROR, "errorCode": "INVALID_ARGUMENT" },
                { "@type": BAD_REQUEST, "fieldViolations": [
                    { "field": format!("message.{target}"), "description": "Invalid registration token" }] },
            ]),
        ),
        State::InvalidArgument => {
            fcm_error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", "INVALID_ARGUMENT")
        }
        State::SenderMismatch => fcm_error(403, "PERMISSION_DENIED", "SenderId mismatch", "SENDER_ID_MISMATCH"),
        State::NotFound => error(404, "NOT_FOUND", "Requested entity was not found.", &Value::Null),
        State::TooMany => Googles.too_many(),
        State::ThirdPartyAuth => fcm_error(
            401,
            "UNAUTHENTICATED",
            "Request is missing required authentication credential of the push service.",
            "THIRD_PARTY_AUTH_ERROR",
        ),
    })
}

pub(super) fn answer(told: &mut Told, call: &Call) -> Verdict {
    let bearer = bearer(told, call);
    let known = bearer.is_ok();
    let fate = match bearer.and_then(|()| read(call)) {
        Err((why, reply)) => {
            told.refuse(format!("fcm: {why}"));
            Fate::Answer(reply, Duration::ZERO)
        }
        Ok(push) => {
            let trouble = told.next_trouble();
            hinder(told, trouble, &Googles, |told| process(told, call, push))
        }
    };
    Verdict { fate, known }
}

/// A push that is as it must be.
struct Push {
    target: &'static str,
    address: String,
    message: Value,
    dry: bool,
}

fn process(told: &mut Told, call: &Call, push: Push) -> Reply {
    let state = if told.wrong_project { State::NotFound } else { told.state(&push.address) };
    if let Some(reply) = of_state(state, push.target) {
        return reply;
    }
    told.names += 1;
    // Google gives a message that is only checked this name.
    let id = if push.dry { "fake_message_id".to_owned() } else { format!("0:{:016}%31bd1c9631bd1c96", told.names) };
    let name = format!("projects/{PROJECT}/messages/{id}");
    let android = &push.message["android"];
    let collapse = android["notification"]["tag"].as_str().or(android["collapseKey"].as_str()).map(str::to_owned);
    let agent = call.header("user-agent").map(|agent| ("user-agent".to_owned(), agent.to_owned()));
    let seen = Seen {
        channel: ChannelKind::Fcm,
        address: push.address,
        is_fid: push.target == "fid",
        id: name.clone(),
        collapse,
        payload: push.message,
        sent: call.text(),
        headers: BTreeMap::from_iter(agent),
        dry: push.dry,
        connection: call.connection,
        at: told.now(),
    };
    told.take(seen);
    Reply::json(200, &json!({ "name": name }))
}

type No = (String, Reply);

fn bearer(told: &Told, call: &Call) -> Result<(), No> {
    let token = call.header("authorization").and_then(|text| text.split_once(' '));
    let Some((scheme, token)) = token else {
        return Err(("no authorization".to_owned(), unauthenticated("CREDENTIALS_MISSING")));
    };
    let ends = told.access_tokens.get(token).filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    match ends {
        Some(ends) if *ends > told.now() => Ok(()),
        Some(_) => Err(("the access token has ended".to_owned(), unauthenticated("ACCESS_TOKEN_EXPIRED"))),
        None => Err(("an access token of nobody's".to_owned(), unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED"))),
    }
}

/// Reads all but the token.
fn read(call: &Call) -> Result<Push, No> {
    let path = call.path.split('?').next().unwrap_or_default();
    let Some(project) = path.strip_prefix("/v1/projects/").and_then(|rest| rest.strip_suffix("/messages:send")) else {
        let reply = error(404, "NOT_FOUND", "Method not found.", &Value::Null);
        return Err((format!("path {path}"), reply));
    };
    if call.method != Method::POST {
        let reply = error(405, "UNIMPLEMENTED", "Method not allowed.", &Value::Null);
        return Err((format!("method {}", call.method), reply));
    }
    if project != PROJECT {
        let reply = error(403, "PERMISSION_DENIED", "Permission denied on that project.", &Value::Null);
        return Err((format!("another project: {project}"), reply));
    }
    let json = call.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    let parsed: Option<Value> = serde_json::from_slice(&call.body).ok();
    let Some(request) = parsed.filter(|_| json) else {
        return Err(invalid(Violation { field: String::new(), what: "Invalid JSON payload received.".to_owned() }));
    };
    let mut request = fcm_fields::check(&request).map_err(invalid)?;
    let dry = request["validateOnly"] == true;
    let message = request["message"].take();
    let (target, address) = target(&message)?;
    limits(&message)?;
    Ok(Push { target, address, message, dry })
}

/// Google's answer to a field that is not as it must be.
fn invalid(violation: Violation) -> No {
    let details = json!([{ "@type": BAD_REQUEST, "fieldViolations": [
        { "field": violation.field, "description": violation.what }] }]);
    let reply = error(400, "INVALID_ARGUMENT", &violation.what, &details);
    (violation.what, reply)
}

/// And to a message that its fields make impossible.
fn impossible<T>(what: &str) -> Result<T, No> {
    Err((what.to_owned(), fcm_error(400, "INVALID_ARGUMENT", what, "INVALID_ARGUMENT")))
}

fn target(message: &Value) -> Result<(&'static str, String), No> {
    let mut targets = TARGETS
        .into_iter()
        .filter_map(|name| Some((name, message.get(name)?.as_str()?)))
        .filter(|(_, to)| !to.is_empty());
    match (targets.next(), targets.next()) {
        (Some((name, to)), None) => Ok((name, to.to_owned())),
        (None, _) => impossible("Recipient of the message is not set."),
        (Some(_), Some(_)) => {
            let what = "Invalid value at 'message' (oneof), oneof field 'target' is already set.".to_owned();
            Err(invalid(Violation { field: "message".to_owned(), what }))
        }
    }
}

fn limits(message: &Value) -> Result<(), No> {
    if message.to_string().len() > MOST {
        return impossible("Message is too big.");
    }
    let reserved = |key: &String| {
        key == "from" || key == "message_type" || key.starts_with("google.") || key.starts_with("gcm.notification.")
    };
    for data in [&message["data"], &message["android"]["data"]] {
        if data.as_object().is_some_and(|data| data.keys().any(reserved)) {
            return impossible("Invalid data payload key.");
        }
    }
    if fcm_fields::seconds(&message["android"]["ttl"]).is_some_and(|ttl| ttl > LONGEST) {
        return impossible("Invalid ttl.");
    }
    Ok(())
}
