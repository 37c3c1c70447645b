//! What a call has cost: dated prices from a file, whole millionths of a dollar, rounded up.
//!
//! There is no price in the code. `prices.example.toml` shows the file's form; its sources are named in it, row by row.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::provider::Usage;

/// Millionths of a dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MicroDollars(pub u64);

impl std::ops::Add for MicroDollars {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// What rates are per.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// A million tokens.
    MillionTokens,
}

/// The price of a model from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The model's name at its provider.
    pub model: String,
    /// First day (UTC) on which it holds.
    pub effective_from: NaiveDate,
    /// What the rates are per.
    pub unit: Per,
    /// For tokens read, in millionths of a dollar.
    pub input: u64,
    /// For tokens read from the provider's cache.
    pub cached_input: u64,
    /// For tokens written.
    pub output: u64,
    /// What is paid of it in a batch, in hundredths.
    pub batch_percent: u32,
    /// Where it is written.
    pub source: String,
    /// When somebody last looked there.
    pub checked: NaiveDate,
}

/// No cost can be given; a template writes instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// The file can't be read.
    #[error("the price table can't be read: {0}")]
    Malformed(String),
    /// A row is there twice.
    #[error("the price table has two rows for {model} from {from}")]
    Twice {
        /// The model.
        model: String,
        /// The day.
        from: NaiveDate,
    },
    /// The model has no price on that day.
    #[error("there is no price for {model} on {on}")]
    Missing {
        /// The model.
        model: String,
        /// The day.
        on: NaiveDate,
    },
    /// It is more than can be counted.
    #[error("the cost is more than can be counted")]
    TooMuch,
}

/// Whether a call was one of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// By itself.
    Single,
    /// In a batch.
    Batch,
}

/// Prices, by model and day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceTable(Vec<Price>);

impl PriceTable {
    /// Reads the rows `[[price]]` of a TOML file.
    pub fn parse(file: &str) -> Result<Self, PriceError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            price: Vec<Price>,
        }
        let File { price: mut rows } =
            toml::from_str(file).map_err(|error| PriceError::Malformed(error.message().to_owned()))?;
        rows.sort_by(|one, other| (&one.model, one.effective_from).cmp(&(&other.model, other.effective_from)));
        let twice = rows
            .iter()
            .zip(rows.iter().skip(1))
            .find(|(one, other)| (&one.model, one.effective_from) == (&other.model, other.effective_from));
        if let Some((row, _)) = twice {
            return Err(PriceError::Twice { model: row.model.clone(), from: row.effective_from });
        }
        Ok(Self(rows))
    }

    /// All rows, by model and day.
    pub fn rows(&self) -> &[Price] {
        &self.0
    }

    /// The price of a model on a day (UTC).
    pub fn price(&self, model: &str, on: NaiveDate) -> Result<&Price, PriceError> {
        // By day, so the last that holds is the newest.
        let held = self.0.iter().rfind(|row| row.model == model && row.effective_from <= on);
        held.ok_or_else(|| PriceError::Missing { model: model.to_owned(), on })
    }

    /// What a call cost, rounded up to whole millionths of a dollar.
    pub fn cost(&self, model: &str, usage: Usage, on: NaiveDate, mode: Mode) -> Result<MicroDollars, PriceError> {
        let price = self.price(model, on)?;
        let parts =
            [(usage.input, price.input), (usage.cached_input, price.cached_input), (usage.output, price.output)];
        let percent = u128::from(if mode == Mode::Batch { price.batch_percent } else { 100 });
        let total = parts
            .iter()
            .try_fold(0_u128, |sum, (tokens, rate)| sum.checked_add(u128::from(*tokens) * u128::from(*rate)));
        let total = total.and_then(|total| total.checked_mul(percent)).ok_or(PriceError::TooMuch)?;
        let whole = total.div_ceil(100 * 1_000_000);
        u64::try_from(whole).map(MicroDollars).map_err(|_| PriceError::TooMuch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [[price]]
        model = "small"
        effective_from = "2026-10-07"
        unit = "million_tokens"
        input = 100_000
        cached_input = 10_000
        output = 500_000
        batch_percent = 50
        source = "a page"
        checked = "2026-11-26"

        [[price]]
        model = "small"
        effective_from = "2026-01-01"
        unit = "million_tokens"
        input = 1_000_000
        cached_input = 100_000
        output = 5_000_000
        batch_percent = 50
        source = "a page"
        checked = "2026-11-26"
    "#;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn by_hand_at_the_price_of_the_day_and_rounded_up() {
        let table = PriceTable::parse(FILE).expect("a table");
        let usage = Usage { input: 900, cached_input: 100, output: 250 };
        let cost = |on: &str, mode| table.cost("small", usage, day(on), mode).map(|cost| cost.0);
        // 900 · 1 + 100 · 0.1 + 250 · 5 = 2160 millionths.
        assert_eq!(cost("2026-10-06", Mode::Single), Ok(2160));
        assert_eq!(cost("2026-10-06", Mode::Batch), Ok(1080));
        // 90 + 1 + 125 = 216.
        assert_eq!(cost("2026-10-07", Mode::Single), Ok(216));
        let one = Usage { input: 1, ..Usage::default() };
        assert_eq!(table.cost("small", one, day("2026-11-01"), Mode::Batch), Ok(MicroDollars(1)), "0.05 is 1");
        assert_eq!(table.cost("small", Usage::default(), day("2026-11-01"), Mode::Single), Ok(MicroDollars(0)));
    }

    #[test]
    fn what_has_no_price_is_an_error_and_not_free() {
        let table = PriceTable::parse(FILE).expect("a table");
        for (model, on) in [("large", "2026-11-01"), ("small", "2025-12-31")] {
            assert!(matches!(table.price(model, day(on)), Err(PriceError::Missing { .. })));
        }
        let huge = Usage { input: u64::MAX, cached_input: u64::MAX, output: u64::MAX };
        assert_eq!(table.cost("small", huge, day("2026-02-01"), Mode::Single), Err(PriceError::TooMuch));
    }

    #[test]
    fn a_file_that_says_two_things_or_more_than_is_known_is_refused() {
        assert!(matches!(PriceTable::parse(&format!("{FILE}{FILE}")), Err(PriceError::Twice { .. })));
        assert!(PriceTable::parse(&FILE.replace("input = 100_000", "input = 0.1")).is_err());
        assert!(PriceTable::parse(&FILE.replace("source", "sauce")).is_err());
    }

    #[test]
    fn the_example_names_where_each_price_is_written() {
        let table = PriceTable::parse(include_str!("../prices.example.toml")).expect("a table");
        assert!(table.rows().iter().all(|row| row.source.contains("://") && row.checked >= row.effective_from));
        assert!(table.rows().len() >= 4);
    }
}
