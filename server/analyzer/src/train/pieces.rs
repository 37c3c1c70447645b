//! Where the word pieces begin: the most frequent pieces of the training texts with vectors distilled from a sentence model.

use std::cmp::Reverse;

use super::data::{DataError, Input, Labelled};
use crate::{cnn::WIDTH, pieces::Vocabulary, text::Sentence};

/// Pieces that the convolutional part knows.
const PIECES: usize = 12_000;

/// The pieces and their first vectors.
#[derive(Debug)]
pub struct Start {
    /// The pieces, in the order of their places.
    pub pieces: Vec<String>,
    /// The same for finding them.
    pub vocabulary: Vocabulary,
    /// One row of [`WIDTH`] a piece.
    pub vectors: Vec<f32>,
}

impl Start {
    /// Reads the vectors and keeps the pieces that the texts use most; the single letters stay, so that every word can be
    /// spelt.
    pub fn read(names: &Input, vectors: &Input, scales: &Input, rows: &[Labelled]) -> Result<Self, DataError> {
        let all: Vec<&str> = names.text()?.lines().collect();
        let (figures, []) = vectors.bytes().as_chunks::<WIDTH>() else { return Err(vectors.wrong(0, "cut off")) };
        let (scales_read, []) = scales.bytes().as_chunks::<4>() else { return Err(scales.wrong(0, "cut off")) };
        if figures.len() != all.len() || scales_read.len() != all.len() {
            return Err(names.wrong(0, "names, vectors and scales are of different number"));
        }
        let mut times = vec![0u32; all.len()];
        let vocabulary = Vocabulary::new(all.iter().copied());
        for row in rows {
            for piece in vocabulary.pieces(&Sentence::read(&row.text)) {
                times[piece as usize] += 1;
            }
        }
        let mut kept: Vec<usize> = (0..all.len()).collect();
        kept.sort_by_key(|at| (all[*at].trim_start_matches('#').chars().count() > 1, Reverse(times[*at]), *at));
        kept.truncate(PIECES);
        kept.sort_unstable();
        Ok(Self {
            vocabulary: Vocabulary::new(kept.iter().map(|at| all[*at])),
            pieces: kept.iter().map(|at| all[*at].to_owned()).collect(),
            vectors: kept
                .iter()
                .flat_map(|at| {
                    let scale = f32::from_le_bytes(scales_read[*at]);
                    figures[*at].iter().map(move |figure| f32::from(figure.cast_signed()) * scale)
                })
                .collect(),
        })
    }
}
