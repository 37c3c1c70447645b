//! The trained analyzer: from a sentence to 28 emotions, valence, arousal and dominance; how it is trained, and how it is
//! judged. Numbers only: no clock, no network, no database.
//!
//! The order of the modules is the way of a text: `text` (sentences, words), `ngram` and `pieces` (what is counted and looked
//! up), `lexicon` (word norms), `linear` and `cnn` (the two parts), `model` (what they say together, of a sentence and of a
//! turn), `crisis`. `train` makes a model, `eval` judges one, `probe` holds the project's own turns, `format` is the file.
//! `docs/model.md` has the method, the figures and the limits.

#![expect(
    clippy::needless_range_loop,
    reason = "several rows of figures are walked at once, by the place of an output"
)]

use std::sync::LazyLock;

pub mod cnn;
pub mod crisis;
pub mod eval;
pub mod format;
pub mod groups;
pub mod lexicon;
pub mod linear;
pub mod math;
pub mod metrics;
pub mod model;
pub mod ngram;
pub mod pieces;
pub mod probe;
pub mod text;
pub mod train;

/// The committed model's file; `make verify-model` makes it anew from the data and compares every byte.
pub const EMBEDDED_FILE: &[u8] = include_bytes!("../model/spectrum.model");

/// The committed model. The first call works out its tables, which takes a part of a second.
pub fn embedded() -> &'static model::Model {
    #[expect(clippy::expect_used, reason = "the file is a constant; a test reads it")]
    static MODEL: LazyLock<model::Model> =
        LazyLock::new(|| model::Model::read(EMBEDDED_FILE).expect("the committed model can be read"));
    &MODEL
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_model_is_read_and_measures() {
        let model = super::embedded();
        let measure = |turn: &str| model.measure(&model.score_turn(turn));
        assert!(model.version().starts_with("spectrum@1+"));
        let glad = measure("I got the job! I'm so happy, I can't stop smiling.").expect("words");
        let low = measure("I miss her. The house is empty and I feel so sad and alone.").expect("words");
        assert!(glad.valence.0 > 0 && low.valence.0 < 0, "{glad:?} {low:?}");
        assert_eq!(measure("🙂 … !!!"), None);
    }
}
