//! The trained analyzer: from a sentence to 28 emotions, valence, arousal and dominance.
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
