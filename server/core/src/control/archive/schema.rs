//! `schema.json` of an archive: a JSON Schema for the lines of every file, from the tables as they are.

use serde_json::{Map, Value, json};

use super::{Content, TEXT, contents};
use crate::db::classes;

/// What a column of the live schema is.
#[derive(Clone, Debug)]
pub(crate) struct ColumnKind {
    pub(crate) table: String,
    pub(crate) column: String,
    /// As PostgreSQL writes it, such as `smallint[]`.
    pub(crate) kind: String,
    pub(crate) required: bool,
}

/// The schema of the whole archive: under `$defs` one a file, for one of its lines.
pub(crate) fn schema(columns: &[ColumnKind]) -> Value {
    let mut files: Map<String, Value> =
        contents().map(|content| (content.file(), of_file(&content, columns))).collect();
    files.insert(
        TEXT.to_owned(),
        json!({
            "description": "The words of a turn.",
            "type": "object",
            "properties": {
                "session_id": { "type": "string", "format": "uuid" },
                "index": { "type": "integer" },
                "received_on": { "type": "string", "format": "date" },
                "text": { "type": "string", "x-class": "sealed" },
            },
            "required": ["session_id", "index", "received_on", "text"],
            "additionalProperties": false,
        }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Everything Spectrum holds about a member",
        "description": "Under $defs, by the name of a file: what a line of it is. x-class is the privacy class of a field.",
        "$defs": files,
    })
}

fn of_file(content: &Content, columns: &[ColumnKind]) -> Value {
    let kind_of = |name: &str| columns.iter().find(|c| c.table == content.table && c.column == name);
    let mut properties = Map::new();
    for name in &content.columns {
        let Some(column) = kind_of(name) else { continue };
        let mut kind = json_kind(&column.kind);
        if !column.required {
            kind = json!({ "anyOf": [kind, { "type": "null" }] });
        }
        kind["x-class"] = json!(class(content.table, name));
        properties.insert((*name).to_owned(), kind);
    }
    json!({
        "description": content.words(),
        "type": "object",
        "properties": properties,
        "required": content.columns,
        "additionalProperties": false,
    })
}

fn class(table: &str, column: &str) -> &'static str {
    let table = classes::tables().iter().find(|known| known.name == table);
    let column = table.and_then(|table| table.columns.iter().find(|known| known.name == column));
    column.map_or("", |column| column.class.as_str())
}

fn json_kind(kind: &str) -> Value {
    if let Some(items) = kind.strip_suffix("[]") {
        return json!({ "type": "array", "items": json_kind(items) });
    }
    match kind {
        "smallint" | "integer" | "bigint" => json!({ "type": "integer" }),
        "boolean" => json!({ "type": "boolean" }),
        "uuid" => json!({ "type": "string", "format": "uuid" }),
        "date" => json!({ "type": "string", "format": "date" }),
        "timestamp with time zone" => json!({ "type": "string", "format": "date-time" }),
        "bytea" => json!({ "type": "string", "pattern": "^\\\\x([0-9a-f]{2})*$" }),
        "jsonb" | "json" => json!({}),
        _ => json!({ "type": "string" }),
    }
}
