//! The fake's batches, in both protocols: handed in, pending once, then answered in turned-round order.

use std::collections::HashMap;

use hyper::{HeaderMap, Method};
use serde_json::{Value, json};

use super::{server::Told, strict};
use crate::provider::Dialect;

/// Files, and batches with how often they were asked after.
#[derive(Debug, Default)]
pub(super) struct Batches {
    files: HashMap<String, String>,
    polled: HashMap<String, u32>,
    made: u32,
    /// The next batch's results lack its first item.
    pub(super) loses: bool,
    /// The names of all items, in order.
    pub(super) named: Vec<String>,
}

impl Batches {
    fn next(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("{kind}_{}", self.made)
    }

    /// Whether an item, the first of its batch, is one that is to be lost.
    fn loses(&mut self) -> bool {
        std::mem::take(&mut self.loses)
    }

    /// Whether a batch is through: not yet at the first asking.
    fn is_through(&mut self, id: &str) -> Result<bool, String> {
        let polled = self.polled.get_mut(id).ok_or("no such batch")?;
        *polled += 1;
        Ok(*polled > 1)
    }
}

impl Told {
    /// A call that has to do with a batch.
    pub(super) fn batch(
        &mut self,
        dialect: Dialect,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<String, String> {
        let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
        match (dialect, method, parts.as_slice()) {
            (Dialect::Anthropic, &Method::POST, ["messages", "batches"]) => self.create_messages(body),
            (Dialect::Anthropic, &Method::GET, ["messages", "batches", id]) => {
                let status = if self.batches.is_through(id)? { "ended" } else { "in_progress" };
                Ok(json!({ "id": id, "processing_status": status, "results_url": "https://elsewhere.example/" })
                    .to_string())
            }
            (Dialect::Anthropic, &Method::GET, ["messages", "batches", id, "results"]) => {
                self.batches.files.get(*id).cloned().ok_or_else(|| "no results".to_owned())
            }
            (Dialect::OpenAi, &Method::POST, ["files"]) => self.upload(headers, body),
            (Dialect::OpenAi, &Method::POST, ["batches"]) => self.create_completions(body),
            (Dialect::OpenAi, &Method::GET, ["batches", id]) => {
                let through = self.batches.is_through(id)?;
                let status = if through { "completed" } else { "validating" };
                let output = through.then(|| format!("{id}-out"));
                Ok(json!({ "id": id, "status": status, "output_file_id": output, "error_file_id": null }).to_string())
            }
            (Dialect::OpenAi, &Method::GET, ["files", id, "content"]) => {
                self.batches.files.get(*id).cloned().ok_or_else(|| "no such file".to_owned())
            }
            _ => Err(format!("{method} {path}")),
        }
    }

    fn answer(&mut self, dialect: Dialect, params: &Value) -> Result<Value, String> {
        let asked = strict::body(dialect, params)?;
        serde_json::from_str(&self.complete(&asked, None)).map_err(|_| "no answer".to_owned())
    }

    fn create_messages(&mut self, body: &[u8]) -> Result<String, String> {
        let body: Value = serde_json::from_slice(body).map_err(|_| "no JSON")?;
        let mut lines = Vec::new();
        let requests = body["requests"].as_array().ok_or("requests")?;
        for (at, item) in (1..).zip(requests) {
            let id = item["custom_id"].as_str().ok_or("custom_id")?;
            self.batches.named.push(id.to_owned());
            if self.batches.loses() {
                continue;
            }
            // The last of several is not answered in time, and not charged for.
            let result = if requests.len() > 2 && at == requests.len() {
                json!({ "type": "expired" })
            } else {
                json!({ "type": "succeeded", "message": self.answer(Dialect::Anthropic, &item["params"])? })
            };
            lines.push(json!({ "custom_id": id, "result": result }).to_string());
        }
        lines.reverse();
        let id = self.batches.next("msgbatch");
        self.batches.files.insert(id.clone(), lines.join("\n"));
        self.batches.polled.insert(id.clone(), 0);
        Ok(json!({ "id": id, "type": "message_batch", "processing_status": "in_progress" }).to_string())
    }

    fn upload(&mut self, headers: &HeaderMap, body: &[u8]) -> Result<String, String> {
        let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").ok_or("no form")?;
        let body = std::str::from_utf8(body).map_err(|_| "no text")?;
        let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
        let [_, purpose, file, end] = parts.as_slice() else { return Err("parts".to_owned()) };
        let content = |part: &str| part.split_once("\r\n\r\n").map(|(_, content)| content.trim_end().to_owned());
        let right = purpose.contains("name=\"purpose\"") && content(purpose).as_deref() == Some("batch");
        if !right || !file.contains("name=\"file\"; filename=\"batch.jsonl\"") || end.trim() != "--" {
            return Err("form".to_owned());
        }
        let id = self.batches.next("file");
        self.batches.files.insert(id.clone(), content(file).ok_or("file")?);
        Ok(json!({ "id": id, "object": "file", "purpose": "batch" }).to_string())
    }

    fn create_completions(&mut self, body: &[u8]) -> Result<String, String> {
        let body: Value = serde_json::from_slice(body).map_err(|_| "no JSON")?;
        if body["endpoint"] != "/v1/chat/completions" || body["completion_window"] != "24h" {
            return Err("batch".to_owned());
        }
        let file = body["input_file_id"].as_str().and_then(|id| self.batches.files.get(id)).cloned().ok_or("file")?;
        let mut lines = Vec::new();
        let mut model: Option<Value> = None;
        for line in file.lines() {
            let line: Value = serde_json::from_str(line).map_err(|_| "line")?;
            if *model.get_or_insert_with(|| line["body"]["model"].clone()) != line["body"]["model"] {
                return Err("a file asks one model".to_owned());
            }
            if line["method"] != "POST" || line["url"] != "/v1/chat/completions" {
                return Err("line".to_owned());
            }
            self.batches.named.push(line["custom_id"].as_str().ok_or("custom_id")?.to_owned());
            if self.batches.loses() {
                continue;
            }
            let answer = self.answer(Dialect::OpenAi, &line["body"])?;
            let response = json!({ "status_code": 200, "request_id": "req_b", "body": answer });
            lines.push(
                json!({ "id": "b", "custom_id": line["custom_id"], "response": response, "error": null }).to_string(),
            );
        }
        lines.reverse();
        let id = self.batches.next("batch");
        self.batches.files.insert(format!("{id}-out"), lines.join("\n"));
        self.batches.polled.insert(id.clone(), 0);
        Ok(json!({ "id": id, "object": "batch", "status": "validating" }).to_string())
    }
}
