//! What the fake insists on: headers, fields, schema, sizes, and an input of the closed vocabulary.

use hyper::HeaderMap;
use serde_json::Value;

use super::{server::KEY, vocabulary};
use crate::provider::Dialect;

/// Longest body of one question.
const MOST: usize = 64 * 1024;

/// A question that is as it must be.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) dialect: Dialect,
    pub(super) system: String,
    pub(super) input: Value,
    /// Whether a tool is to be called.
    pub(super) tool: bool,
    /// Bytes that are read as input: system, user and schema.
    pub(super) bytes: usize,
}

/// The key, and what else each protocol wants in the head.
pub(super) fn head(dialect: Dialect, headers: &HeaderMap) -> Result<(), String> {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|header| header == value);
    let right = match dialect {
        Dialect::OpenAi => is("authorization", &format!("Bearer {KEY}")) && !headers.contains_key("x-api-key"),
        Dialect::Anthropic => {
            is("x-api-key", KEY) && is("anthropic-version", "2023-06-01") && !headers.contains_key("authorization")
        }
    };
    let agent = headers.get("user-agent").and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    (right && agent.starts_with("spectrum/")).then_some(()).ok_or_else(|| "headers".to_owned())
}

/// A question's body.
pub(super) fn body(dialect: Dialect, body: &Value) -> Result<Asked, String> {
    let no = |what: &str| Err(what.to_owned());
    let text = body.to_string();
    if text.len() > MOST {
        return no("size");
    }
    let fields = match dialect {
        Dialect::OpenAi => &[
            "model",
            "messages",
            "max_completion_tokens",
            "max_tokens",
            "temperature",
            "response_format",
            "tools",
            "tool_choice",
            "reasoning_effort",
        ][..],
        Dialect::Anthropic => {
            &["model", "messages", "max_tokens", "temperature", "system", "output_config", "tools", "tool_choice"][..]
        }
    };
    let given = body.as_object().ok_or("no object")?;
    if let Some(unknown) = given.keys().find(|name| !fields.contains(&name.as_str())) {
        return Err(format!("unknown field {unknown}"));
    }
    if body["model"].as_str().is_none_or(str::is_empty) {
        return no("model");
    }
    let limit = body["max_completion_tokens"].as_u64().or(body["max_tokens"].as_u64());
    if !limit.is_some_and(|limit| (1..=4096).contains(&limit)) {
        return no("limit");
    }
    let (system, user, schema) = match dialect {
        Dialect::OpenAi => openai(body)?,
        Dialect::Anthropic => anthropic(body)?,
    };
    if let Some(schema) = &schema {
        closed(schema)?;
    }
    let input: Value = serde_json::from_str(user).map_err(|_| "input is no JSON")?;
    let safety = input.get("text").is_some();
    if !safety {
        vocabulary::all_closed(&input).then_some(()).ok_or("something of no list")?;
    }
    let schema = schema.map_or_else(String::new, |schema| schema.to_string());
    let bytes = system.len() + user.len() + schema.len();
    Ok(Asked { dialect, system: system.to_owned(), input, tool: body.get("tools").is_some(), bytes })
}

type Parts<'a> = (&'a str, &'a str, Option<Value>);

fn openai(body: &Value) -> Result<Parts<'_>, String> {
    let messages = body["messages"].as_array().ok_or("messages")?;
    let [system, user] = messages.as_slice() else { return Err("messages".to_owned()) };
    let content = |message: &'_ Value, role: &str| (message["role"] == role).then_some(()).ok_or("role");
    content(system, "system")?;
    content(user, "user")?;
    let schema = if let Some(format) = body.get("response_format") {
        let strict = format["type"] == "json_schema" && format["json_schema"]["strict"] == true;
        strict.then_some(()).ok_or("response format")?;
        Some(format["json_schema"]["schema"].clone())
    } else {
        body.get("tools").map(|tools| tools[0]["function"]["parameters"].clone())
    };
    let text =
        |message: &'_ Value| message["content"].as_str().map(str::len).filter(|length| *length > 0).ok_or("content");
    text(system)?;
    text(user)?;
    Ok((system["content"].as_str().unwrap_or_default(), user["content"].as_str().unwrap_or_default(), schema))
}

fn anthropic(body: &Value) -> Result<Parts<'_>, String> {
    let messages = body["messages"].as_array().ok_or("messages")?;
    let [user] = messages.as_slice() else { return Err("messages".to_owned()) };
    (user["role"] == "user").then_some(()).ok_or("role")?;
    let format = &body["output_config"]["format"];
    let schema = if format.is_object() {
        (format["type"] == "json_schema").then_some(()).ok_or("output format")?;
        Some(format["schema"].clone())
    } else {
        body.get("tools").map(|tools| tools[0]["input_schema"].clone())
    };
    let system = body["system"].as_str().filter(|system| !system.is_empty()).ok_or("system")?;
    Ok((system, user["content"].as_str().ok_or("content")?, schema))
}

/// Every object of a schema names all of its fields as required and takes no others: what strict modes ask for.
fn closed(schema: &Value) -> Result<(), String> {
    match schema {
        Value::Object(fields) => {
            if fields.get("type").is_some_and(|kind| kind == "object") {
                let names: Vec<&String> =
                    fields.get("properties").and_then(Value::as_object).into_iter().flat_map(|p| p.keys()).collect();
                let required: Vec<&str> = fields
                    .get("required")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                let open = fields.get("additionalProperties") != Some(&Value::Bool(false));
                if open || names.len() != required.len() || !names.iter().all(|name| required.contains(&name.as_str()))
                {
                    return Err("an open schema".to_owned());
                }
            }
            fields.values().try_for_each(closed)
        }
        Value::Array(items) => items.iter().try_for_each(closed),
        _ => Ok(()),
    }
}
