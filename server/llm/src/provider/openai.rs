//! Chat completions, as `OpenAI` and the many that follow it speak them; and its batches.
//!
//! Source: developers.openai.com/api (chat, batches, files). `docs/llm.md` says what of it could not be checked.

use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    AnswerForm, Answering, Batch, BatchId, BatchItem, Clock, Finish, ItemId, Polled, Provider, ProviderError, Reply,
    Request, Settings, Setup, TokenLimit, Usage,
    batch::{lines, reply_of},
    http::{Http, MOST_ANSWER, MOST_RESULTS, is_id, secret},
};
use crate::hex::hex;

/// A provider that speaks chat completions.
#[derive(Debug)]
pub struct OpenAi {
    http: Http,
    settings: Settings,
}

impl OpenAi {
    /// The one that the settings name.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, Setup> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, secret(&format!("Bearer {}", settings.api_key.expose_secret()))?);
        Ok(Self { http: Http::new(&settings, headers, clock)?, settings })
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.base_url)
    }

    fn body(&self, request: &Request) -> Value {
        let mut body = json!({
            "model": request.model,
            "messages": [
                { "role": "system", "content": request.system },
                { "role": "user", "content": request.input },
            ],
        });
        let limit = match self.settings.token_limit {
            TokenLimit::MaxCompletionTokens => "max_completion_tokens",
            TokenLimit::MaxTokens => "max_tokens",
        };
        body[limit] = json!(request.max_output_tokens);
        if self.settings.sends_temperature {
            body["temperature"] = json!(request.temperature);
        }
        if let Some(effort) = self.settings.effort {
            body["reasoning_effort"] = json!(effort.name());
        }
        match self.settings.form {
            AnswerForm::Schema => {
                body["response_format"] = json!({
                    "type": "json_schema",
                    "json_schema": { "name": request.schema_name, "strict": true, "schema": request.schema },
                });
            }
            AnswerForm::Tool => {
                body["tools"] = json!([{ "type": "function", "function": {
                    "name": request.schema_name, "strict": true, "parameters": request.schema,
                } }]);
                body["tool_choice"] = json!({ "type": "function", "function": { "name": request.schema_name } });
            }
            AnswerForm::Prompt => {}
        }
        body
    }

    async fn asked(&self, path: &str) -> Result<Vec<u8>, ProviderError> {
        let url = self.url(path);
        Ok(self.http.send(MOST_RESULTS, |client| client.get(&url)).await?.body)
    }

    async fn posted<T: for<'a> Deserialize<'a>>(&self, path: &str, body: &Value) -> Result<T, ProviderError> {
        let url = self.url(path);
        let answer = self.http.send(MOST_ANSWER, |client| client.post(&url).json(body)).await?;
        serde_json::from_slice(&answer.body).map_err(|_| ProviderError::Malformed("no batch"))
    }

    /// Uploads a file and gives its id.
    async fn upload(&self, content: &str) -> Result<String, ProviderError> {
        // The hash of what is sent can't stand in it, so it parts the form without chance being asked.
        let boundary = hex(&Sha256::digest(content));
        let form = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"batch.jsonl\"\r\n\
             Content-Type: application/jsonl\r\n\r\n{content}\r\n--{boundary}--\r\n"
        );
        let (url, kind) = (self.url("/files"), format!("multipart/form-data; boundary={boundary}"));
        let send = |client: &reqwest::Client| client.post(&url).header(CONTENT_TYPE, &kind).body(form.clone());
        let answer = self.http.send(MOST_ANSWER, send).await?;
        let file: Named = serde_json::from_slice(&answer.body).map_err(|_| ProviderError::Malformed("no file"))?;
        Ok(file.id)
    }
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    usage: Counted,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
    #[serde(default)]
    tool_calls: Vec<ToolCall>,
}

#[derive(Deserialize)]
struct ToolCall {
    function: Function,
}

#[derive(Deserialize)]
struct Function {
    arguments: String,
}

#[derive(Deserialize)]
struct Counted {
    prompt_tokens: u64,
    completion_tokens: u64,
    #[serde(default)]
    prompt_tokens_details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(default)]
    cached_tokens: u64,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct BatchBody {
    id: String,
    status: String,
    output_file_id: Option<String>,
    error_file_id: Option<String>,
}

/// The reply in a completion's body.
fn reply(body: &[u8], request_id: Option<String>) -> Result<Reply, ProviderError> {
    let completion: Completion =
        serde_json::from_slice(body).map_err(|_| ProviderError::Malformed("no chat completion"))?;
    let cached_input = completion.usage.prompt_tokens_details.map_or(0, |details| details.cached_tokens);
    // Cached tokens are part of what the API calls prompt tokens.
    let usage = Usage {
        input: completion.usage.prompt_tokens.saturating_sub(cached_input),
        cached_input,
        output: completion.usage.completion_tokens,
    };
    let choice = completion.choices.into_iter().next().ok_or(ProviderError::Malformed("no choice"))?;
    let finish = match choice.finish_reason.as_deref() {
        _ if choice.message.refusal.is_some() => Finish::Declined,
        Some("length") => Finish::CutOff,
        Some("content_filter") => Finish::Declined,
        _ => Finish::Complete,
    };
    let called = choice.message.tool_calls.into_iter().next().map(|call| call.function.arguments);
    let text = called.or(choice.message.content).unwrap_or_default();
    Ok(Reply { text, finish, usage, request_id })
}

impl Provider for OpenAi {
    fn complete<'a>(&'a self, request: &'a Request) -> Answering<'a, Reply> {
        Box::pin(async move {
            let (url, body) = (self.url("/chat/completions"), self.body(request));
            let answer = self.http.send(MOST_ANSWER, |client| client.post(&url).json(&body)).await?;
            reply(&answer.body, answer.request_id)
        })
    }
}

impl Batch for OpenAi {
    fn submit<'a>(&'a self, requests: &'a [(ItemId, Request)]) -> Answering<'a, BatchId> {
        Box::pin(async move {
            let line = |(id, request): &(ItemId, Request)| {
                let body = self.body(request);
                json!({ "custom_id": id.as_str(), "method": "POST", "url": "/v1/chat/completions", "body": body })
                    .to_string()
            };
            let file = self.upload(&requests.iter().map(line).collect::<Vec<_>>().join("\n")).await?;
            let ask = json!({
                "input_file_id": file, "endpoint": "/v1/chat/completions", "completion_window": "24h",
            });
            let batch: BatchBody = self.posted("/batches", &ask).await?;
            BatchId::new(&batch.id).ok_or(ProviderError::Malformed("no batch id"))
        })
    }

    fn poll<'a>(&'a self, id: &'a BatchId) -> Answering<'a, Polled> {
        Box::pin(async move {
            let batch: BatchBody = serde_json::from_slice(&self.asked(&format!("/batches/{}", id.as_str())).await?)
                .map_err(|_| ProviderError::Malformed("no batch"))?;
            match batch.status.as_str() {
                "completed" | "expired" | "cancelled" => {}
                "failed" => return Err(ProviderError::BatchFailed),
                _ => return Ok(Polled::Pending),
            }
            let mut items = Vec::new();
            for file in [batch.output_file_id, batch.error_file_id].into_iter().flatten().filter(|id| is_id(id)) {
                items.extend(lines(&self.asked(&format!("/files/{file}/content")).await?, item)?);
            }
            Ok(Polled::Done(items))
        })
    }
}

/// One line of an output or error file.
fn item(line: &Value) -> Option<BatchItem> {
    let id = ItemId::new(line["custom_id"].as_str()?).ok()?;
    let response = &line["response"];
    let status = response["status_code"].as_u64().and_then(|status| u16::try_from(status).ok());
    let result = match status {
        Some(200) => {
            let request_id = response["request_id"].as_str().filter(|id| is_id(id)).map(str::to_owned);
            reply_of(&response["body"], |body| reply(body, request_id))
        }
        Some(status) => Err(ProviderError::Status(status)),
        None => Err(ProviderError::BatchFailed),
    };
    Some(BatchItem { id, result })
}
