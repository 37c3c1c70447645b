//! The privacy class of every column, as `columns.toml` has it, for what is made from it: export and import.

use std::sync::LazyLock;

use toml::{Table as Toml, Value};

/// A table with its columns in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A column with its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its class, as the head of the file explains it.
    pub class: String,
}

impl Table {
    /// The table's rows may be about a member.
    pub fn names_a_member(&self) -> bool {
        self.columns.iter().any(|column| column.name == "member_id")
    }
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| read(include_str!("columns.toml")));

/// All tables, in the order of the file.
pub fn tables() -> &'static [Table] {
    &TABLES
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
fn read(file: &str) -> Vec<Table> {
    let tables: Toml = file.parse().expect("columns.toml is TOML");
    let column = |(name, class): (&String, &Value)| Column {
        name: name.clone(),
        class: class.as_str().unwrap_or_default().to_owned(),
    };
    tables
        .iter()
        .map(|(name, columns)| Table {
            name: name.clone(),
            columns: columns.as_table().into_iter().flatten().map(column).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_columns_come_in_the_order_of_the_file() {
        let names: Vec<_> = tables().iter().take(2).map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["host", "host_key"]);
        let turn = tables().iter().find(|table| table.name == "turn").expect("the table of turns");
        assert!(turn.names_a_member());
        assert_eq!((turn.columns[3].name.as_str(), turn.columns[3].class.as_str()), ("role", "personal"));
    }
}
