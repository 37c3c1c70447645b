//! One spelling of a JSON value, so that a signature over it can be checked by anybody: keys in order, no spaces, strings and
//! whole numbers only. What comes out is what RFC 8785 asks for, and needs none of its rules about fractions.

use serde_json::Value;

/// The one spelling of the value; nothing where it holds a fraction, a truth value or nothing at all.
pub fn canonical(value: &Value) -> Option<String> {
    let mut text = String::new();
    write(value, &mut text)?;
    Some(text)
}

fn write(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::String(word) => text.push_str(&serde_json::to_string(word).ok()?),
        Value::Number(number) => text.push_str(&number.as_i64()?.to_string()),
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write(item, text)?;
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            // By UTF-16, as the RFC has it; the names here are ASCII, where that is the order of the bytes.
            names.sort_unstable_by_key(|name| name.encode_utf16().collect::<Vec<u16>>());
            text.push('{');
            for (place, name) in names.into_iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                text.push_str(&serde_json::to_string(name).ok()?);
                text.push(':');
                write(&fields[name], text)?;
            }
            text.push('}');
        }
        Value::Null | Value::Bool(_) => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn there_is_one_spelling() {
        let value: Value =
            serde_json::from_str("{\"b\": [1, \"\\u00e9\\n\"],\n \"a\": {\"z\": -2, \"\": \"\"} }").expect("JSON");
        assert_eq!(canonical(&value).as_deref(), Some("{\"a\":{\"\":\"\",\"z\":-2},\"b\":[1,\"é\\n\"]}"));
        for refused in [json!(1.5), json!(null), json!({ "a": true })] {
            assert_eq!(canonical(&refused), None, "{refused}");
        }
    }
}
