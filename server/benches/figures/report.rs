//! What was measured, as a table for people and as files for machines.

use std::{fs, path::PathBuf};

use serde_json::json;

/// All figures of a run.
#[derive(Debug)]
pub struct Report {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    reference: Option<f64>,
    aim: &'static str,
}

impl Report {
    pub const fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// A figure that stands alone.
    pub fn figure(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.add(Row { name: name.into(), value, unit, reference: None, aim: "" });
    }

    /// A figure beside its floor, with the ratio that is aimed at.
    pub fn ratio(
        &mut self,
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
        reference: f64,
        aim: &'static str,
    ) {
        self.add(Row { name: name.into(), value, unit, reference: Some(reference), aim });
    }

    fn add(&mut self, row: Row) {
        let ratio = row.reference.map(|reference| row.value / reference);
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench"));
        let text = json!({
            "name": row.name, "value": row.value, "unit": row.unit,
            "reference": row.reference, "ratio": ratio, "aim": row.aim,
        });
        fs::create_dir_all(&folder).expect("target can be written to");
        fs::write(folder.join(format!("{}.json", row.name)), text.to_string()).expect("target can be written to");
        eprintln!("  {}: {:.3} {}", row.name, row.value, row.unit);
        self.rows.push(row);
    }

    pub fn print(&self) {
        println!("\n{:<34} {:>12} {:<10} {:>12} {:>8}  aim", "figure", "value", "unit", "reference", "ratio");
        for row in &self.rows {
            let reference = row.reference.map_or_else(String::new, |reference| format!("{reference:.3}"));
            let ratio = row.reference.map_or_else(String::new, |reference| format!("{:.2}", row.value / reference));
            println!(
                "{:<34} {:>12.3} {:<10} {:>12} {:>8}  {}",
                row.name, row.value, row.unit, reference, ratio, row.aim
            );
        }
    }
}

/// The value that so much of the sorted values lie below.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place in a list"
)]
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}
