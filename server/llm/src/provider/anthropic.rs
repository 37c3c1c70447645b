//! Messages, as Anthropic speaks them; and its message batches.
//!
//! Source: platform.claude.com/docs (messages, structured outputs, message batches, errors). `docs/llm.md` says what of it
//! could not be checked.

use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    AnswerForm, Answering, Batch, BatchId, BatchItem, Clock, Finish, ItemId, Polled, Provider, ProviderError, Reply,
    Request, Settings, Setup, Usage,
    batch::{lines, reply_of},
    http::{Http, MOST_ANSWER, MOST_RESULTS, secret},
};

/// The version of the protocol.
const VERSION: &str = "2023-06-01";

/// A provider that speaks messages.
#[derive(Debug)]
pub struct Anthropic {
    http: Http,
    settings: Settings,
}

impl Anthropic {
    /// The one that the settings name.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, Setup> {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", secret(settings.api_key.expose_secret())?);
        headers.insert("anthropic-version", HeaderValue::from_static(VERSION));
        Ok(Self { http: Http::new(&settings, headers, clock)?, settings })
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1/messages{path}", self.settings.base_url)
    }

    fn body(&self, request: &Request) -> Value {
        let mut body = json!({
            "model": request.model,
            "max_tokens": request.max_output_tokens,
            "system": request.system,
            "messages": [{ "role": "user", "content": request.input }],
        });
        if self.settings.sends_temperature {
            body["temperature"] = json!(request.temperature);
        }
        if let Some(effort) = self.settings.effort {
            body["output_config"]["effort"] = json!(effort.name());
        }
        match self.settings.form {
            AnswerForm::Schema => {
                body["output_config"]["format"] = json!({ "type": "json_schema", "schema": request.schema });
            }
            AnswerForm::Tool => {
                body["tools"] = json!([{ "name": request.schema_name, "input_schema": request.schema }]);
                body["tool_choice"] = json!({ "type": "tool", "name": request.schema_name });
            }
            AnswerForm::Prompt => {}
        }
        body
    }
}

#[derive(Deserialize)]
struct Message {
    content: Vec<Block>,
    stop_reason: Option<String>,
    usage: Counted,
}

/// A part of an answer; what is neither text nor a call, such as thinking, is passed over.
#[derive(Deserialize)]
struct Block {
    #[serde(rename = "type")]
    kind: String,
    text: Option<String>,
    input: Option<Value>,
}

#[derive(Deserialize)]
struct Counted {
    #[serde(rename = "input_tokens")]
    input: u64,
    #[serde(rename = "output_tokens")]
    output: u64,
    #[serde(rename = "cache_read_input_tokens")]
    cache_read: Option<u64>,
    #[serde(rename = "cache_creation_input_tokens")]
    cache_written: Option<u64>,
}

#[derive(Deserialize)]
struct BatchBody {
    id: String,
    processing_status: String,
}

/// The reply in a message's body.
fn reply(body: &[u8], request_id: Option<String>) -> Result<Reply, ProviderError> {
    let message: Message = serde_json::from_slice(body).map_err(|_| ProviderError::Malformed("no message"))?;
    let usage = Usage {
        // Nothing is marked for the cache here, so none should be written; if it was, it is counted as read in full.
        input: message.usage.input.saturating_add(message.usage.cache_written.unwrap_or(0)),
        cached_input: message.usage.cache_read.unwrap_or(0),
        output: message.usage.output,
    };
    let finish = match message.stop_reason.as_deref() {
        Some("max_tokens" | "model_context_window_exceeded") => Finish::CutOff,
        Some("refusal") => Finish::Declined,
        _ => Finish::Complete,
    };
    let called = message.content.iter().find(|block| block.kind == "tool_use").and_then(|block| block.input.as_ref());
    let text = match called {
        Some(input) => input.to_string(),
        None => {
            message.content.into_iter().filter(|block| block.kind == "text").filter_map(|block| block.text).collect()
        }
    };
    Ok(Reply { text, finish, usage, request_id })
}

impl Provider for Anthropic {
    fn complete<'a>(&'a self, request: &'a Request) -> Answering<'a, Reply> {
        Box::pin(async move {
            let (url, body) = (self.url(""), self.body(request));
            let answer = self.http.send(MOST_ANSWER, |client| client.post(&url).json(&body)).await?;
            reply(&answer.body, answer.request_id)
        })
    }
}

impl Batch for Anthropic {
    fn submit<'a>(&'a self, requests: &'a [(ItemId, Request)]) -> Answering<'a, BatchId> {
        Box::pin(async move {
            let item =
                |(id, request): &(ItemId, Request)| json!({ "custom_id": id.as_str(), "params": self.body(request) });
            let (url, body) =
                (self.url("/batches"), json!({ "requests": requests.iter().map(item).collect::<Vec<_>>() }));
            let answer = self.http.send(MOST_ANSWER, |client| client.post(&url).json(&body)).await?;
            let batch: BatchBody =
                serde_json::from_slice(&answer.body).map_err(|_| ProviderError::Malformed("no batch"))?;
            BatchId::new(&batch.id).ok_or(ProviderError::Malformed("no batch id"))
        })
    }

    fn poll<'a>(&'a self, id: &'a BatchId) -> Answering<'a, Polled> {
        Box::pin(async move {
            let url = self.url(&format!("/batches/{}", id.as_str()));
            let answer = self.http.send(MOST_ANSWER, |client| client.get(&url)).await?;
            let batch: BatchBody =
                serde_json::from_slice(&answer.body).map_err(|_| ProviderError::Malformed("no batch"))?;
            if batch.processing_status != "ended" {
                return Ok(Polled::Pending);
            }
            // The answer names where the results are; the key goes nowhere but to where it belongs, so that is not followed.
            let results = format!("{url}/results");
            let answer = self.http.send(MOST_RESULTS, |client| client.get(&results)).await?;
            Ok(Polled::Done(lines(&answer.body, item)?))
        })
    }
}

/// One line of the results.
fn item(line: &Value) -> Option<BatchItem> {
    let id = ItemId::new(line["custom_id"].as_str()?).ok()?;
    let result = match line["result"]["type"].as_str() {
        Some("succeeded") => reply_of(&line["result"]["message"], |body| reply(body, None)),
        _ => Err(ProviderError::BatchFailed),
    };
    Some(BatchItem { id, result })
}
