//! A table of the archive as CSV: a column a figure, a list of figures as a column each.

use serde_json::{Map, Value};

/// Writes rows of one table, which all have the same columns.
#[derive(Debug)]
pub(crate) struct Csv<'a> {
    columns: &'a [&'a str],
    begun: bool,
}

impl<'a> Csv<'a> {
    /// Of these columns, in this order.
    pub(crate) const fn of(columns: &'a [&'a str]) -> Self {
        Self { columns, begun: false }
    }

    /// The row as a line, the first with the line of names before it.
    pub(crate) fn line(&mut self, row: &Map<String, Value>) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        if !std::mem::replace(&mut self.begun, true) {
            let names: Vec<_> = self.columns.iter().flat_map(|name| names(name, cell(row, name))).collect();
            // Writing to a Vec can't fail.
            _ = writer.write_record(names);
        }
        _ = writer.write_record(self.columns.iter().flat_map(|name| cells(cell(row, name))));
        writer.into_inner().unwrap_or_default()
    }
}

fn cell<'r>(row: &'r Map<String, Value>, name: &str) -> &'r Value {
    row.get(name).unwrap_or(&Value::Null)
}

/// A list of figures has as many columns, counted from 1; a list of words is one column.
fn figures(value: &Value) -> Option<&Vec<Value>> {
    value.as_array().filter(|list| list.iter().all(Value::is_number))
}

fn names(name: &str, value: &Value) -> Vec<String> {
    match figures(value) {
        Some(list) => (1..=list.len()).map(|place| format!("{name}_{place}")).collect(),
        None => vec![name.to_owned()],
    }
}

fn cells(value: &Value) -> Vec<String> {
    match figures(value) {
        Some(list) => list.iter().map(plain).collect(),
        None => vec![plain(value)],
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_of_figures_becomes_columns_and_names_come_once() {
        let row = json!({ "period": "2026-11-20", "features": [1, -2], "models": ["a@1", "b, c"], "none": null });
        let row = row.as_object().expect("a row");
        let mut csv = Csv::of(&["period", "features", "none", "models"]);
        assert_eq!(
            String::from_utf8(csv.line(row)).expect("text"),
            "period,features_1,features_2,none,models\n2026-11-20,1,-2,,\"a@1 b, c\"\n"
        );
        assert_eq!(String::from_utf8(csv.line(row)).expect("text"), "2026-11-20,1,-2,,\"a@1 b, c\"\n");
    }
}
