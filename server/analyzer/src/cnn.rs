//! The shape of the convolutional part, shared by training and reading: filters over one, two and three word pieces,
//! the strongest answer of each filter, and the mean of the pieces.

use crate::{
    format::{FormatError, Reader},
    math::{Panels, multiply},
};

/// Figures of a piece's vector.
pub const WIDTH: usize = 128;

/// Filters of each length.
pub const FILTERS: usize = 128;

/// Lengths of filters: one, two and three pieces.
pub const LENGTHS: usize = 3;

/// Answers of one piece: one for each filter and each place in it (1 + 2 + 3).
pub const ANSWERS: usize = 6 * FILTERS;

/// What the pieces of a sentence add up to: each filter's strongest answer, then the mean vector.
pub const HIDDEN: usize = LENGTHS * FILTERS + WIDTH;

/// Where in a piece's answers those of place `at` in the filters of `length` (from 1) begin.
pub const fn answers_at(length: usize, at: usize) -> usize {
    (length * (length - 1) / 2 + at) * FILTERS
}

/// The convolutional part as it is used: every piece's answers are worked out once when the model is loaded, so that
/// reading a sentence is looking up, adding and taking the most.
#[derive(Debug)]
pub struct Answers {
    /// [`ANSWERS`] figures a piece, in steps of `step`.
    table: Vec<[i16; ANSWERS]>,
    step: f32,
    vectors: Vec<[f32; WIDTH]>,
    thresholds: [f32; LENGTHS * FILTERS],
}

/// The largest answer that the table holds. Three of them are added in 16 bits, so a third of the range.
const LARGEST: f32 = 10_922.0;

impl Answers {
    /// From the vectors of all pieces and the filters.
    pub fn new(vectors: &[f32], filters: &[f32], thresholds: [f32; LENGTHS * FILTERS]) -> Self {
        let mut answers = vec![0.0; vectors.len() / WIDTH * ANSWERS];
        multiply(vectors, &Panels::of_transposed(filters, WIDTH), &mut answers);
        let most = answers.iter().fold(f32::MIN_POSITIVE, |most, answer| most.max(answer.abs()));
        let (rows, _) = answers.as_chunks::<ANSWERS>();
        #[expect(clippy::cast_possible_truncation, reason = "within the range by the choice of the step")]
        let table = rows.iter().map(|row| row.map(|answer| (answer / most * LARGEST).round() as i16)).collect();
        Self { table, step: most / LARGEST, vectors: vectors.as_chunks().0.to_vec(), thresholds }
    }

    /// Reads the sections.
    pub fn read(file: &Reader<'_>) -> Result<Self, FormatError> {
        let whole = |name: &'static str, scales: &'static str, width: usize| {
            let (small, scales) = (file.small(name)?, file.floats(scales)?);
            if small.len() != scales.len() * width {
                return Err(FormatError::Section(name));
            }
            Ok(small.iter().enumerate().map(|(at, small)| f32::from(*small) * scales[at / width]).collect::<Vec<_>>())
        };
        let vectors = whole("piece_vectors", "piece_scales", WIDTH)?;
        let filters = whole("filters", "filter_scales", WIDTH)?;
        if filters.len() != ANSWERS * WIDTH {
            return Err(FormatError::Section("filters"));
        }
        Ok(Self::new(&vectors, &filters, file.array("filter_thresholds")?))
    }

    /// The hidden layer of a sentence given as pieces.
    pub fn hidden(&self, pieces: &[u32]) -> [f32; HIDDEN] {
        let mut hidden = [0.0; HIDDEN];
        let rows: Vec<&[i16; ANSWERS]> = pieces.iter().filter_map(|piece| self.table.get(*piece as usize)).collect();
        for length in 1..=LENGTHS.min(rows.len()) {
            let mut most = [i16::MIN; FILTERS];
            for window in rows.windows(length) {
                let mut sums = [0i16; FILTERS];
                for (at, row) in window.iter().enumerate() {
                    let from = answers_at(length, at);
                    for (sum, answer) in sums.iter_mut().zip(&row[from..from + FILTERS]) {
                        *sum = sum.wrapping_add(*answer);
                    }
                }
                for (most, sum) in most.iter_mut().zip(sums) {
                    *most = (*most).max(sum);
                }
            }
            let from = (length - 1) * FILTERS;
            for (f, most) in most.into_iter().enumerate() {
                hidden[from + f] = (f32::from(most) * self.step + self.thresholds[from + f]).max(0.0);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 64 pieces")]
        let share = 1.0 / rows.len().max(1) as f32;
        for vector in pieces.iter().filter_map(|piece| self.vectors.get(*piece as usize)) {
            for (sum, figure) in hidden[LENGTHS * FILTERS..].iter_mut().zip(vector) {
                *sum += figure * share;
            }
        }
        hidden
    }
}
