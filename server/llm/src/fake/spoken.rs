//! An answer as each protocol writes it.

use serde_json::{Value, json};

use super::{server::Trouble, strict};
use crate::provider::{Dialect, Usage};

/// The body of an answer with this text.
pub(super) fn wrap(asked: &strict::Asked, text: &str, usage: Usage, trouble: Option<Trouble>) -> Value {
    // A tool's input is JSON, or the text is no answer at all.
    let called = asked.tool.then(|| serde_json::from_str(text).unwrap_or_else(|_| json!({})));
    match asked.dialect {
        Dialect::OpenAi => {
            let (refusal, finish) = match trouble {
                Some(Trouble::Declined) => (json!("no"), "stop"),
                Some(Trouble::CutOff) => (Value::Null, "length"),
                _ => (Value::Null, "stop"),
            };
            let mut message = json!({ "role": "assistant", "content": text, "refusal": refusal });
            if let Some(called) = called {
                message["content"] = Value::Null;
                message["tool_calls"] = json!([{ "function": { "name": "x", "arguments": called.to_string() } }]);
            }
            json!({
                "id": "chatcmpl-1", "object": "chat.completion",
                "choices": [{ "index": 0, "message": message, "finish_reason": finish }],
                "usage": {
                    "prompt_tokens": usage.input + usage.cached_input, "completion_tokens": usage.output,
                    "prompt_tokens_details": { "cached_tokens": usage.cached_input },
                },
            })
        }
        Dialect::Anthropic => {
            let stop = match trouble {
                Some(Trouble::Declined) => "refusal",
                Some(Trouble::CutOff) => "max_tokens",
                _ => "end_turn",
            };
            let block = called.map_or_else(
                || json!({ "type": "text", "text": text }),
                |called| json!({ "type": "tool_use", "id": "toolu_1", "name": "x", "input": called }),
            );
            json!({
                "id": "msg_1", "type": "message", "role": "assistant", "stop_reason": stop,
                "content": [{ "type": "thinking", "thinking": "", "signature": "" }, block],
                "usage": {
                    "input_tokens": usage.input, "output_tokens": usage.output,
                    "cache_read_input_tokens": usage.cached_input, "cache_creation_input_tokens": 0,
                },
            })
        }
    }
}
