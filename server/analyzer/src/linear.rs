//! The linear part as it is used: a table from hashed n-grams to small whole weights of all outputs.

use spectrum_domain::affect::EMOTIONS;

use crate::{
    format::{FormatError, Reader},
    model::{BASIC, PASSAGE},
    ngram::{Counts, Key},
};

/// Outputs of the emotions.
pub const LABELS: usize = EMOTIONS;

/// Outputs of the other heads: five basic emotions; valence, arousal, dominance; crisis; pleasant, high energy and nine
/// families of a passage.
pub const HEADS: usize = BASIC + 3 + 1 + PASSAGE;

/// Outputs of a row: a whole number of registers.
pub const OUTPUTS: usize = LABELS + HEADS;

/// Bits of the table's first look.
const BITS: usize = 1 << 20;

/// The table. A feature may serve the emotions, the heads, or both: each side has its own weight of the feature (0 where it
/// does not serve) and its own scale.
#[derive(Debug)]
pub struct Table {
    /// Key and place of each feature, at its key's slot or the next free one; a place of `u32::MAX` is free.
    slots: Vec<(Key, u32)>,
    mask: usize,
    /// A bit for every key there may be: most n-grams are not in the table, and this is small enough to say so from near.
    known: Vec<u64>,
    features: Vec<Feature>,
    bias: [f32; OUTPUTS],
}

/// One line of a processor's cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Feature {
    /// Inverse document frequency in the emotions' corpus and the heads'.
    idf: [f32; 2],
    /// What a whole weight of 1 stands for.
    scale: [f32; 2],
    labels: [i8; LABELS],
    heads: [i8; HEADS],
}

impl Table {
    /// Reads the table's sections.
    pub fn read(file: &Reader<'_>) -> Result<Self, FormatError> {
        let keys = file.words("ngram_keys")?;
        let sides = [file.floats("ngram_idf_labels")?, file.floats("ngram_idf_heads")?];
        let scales = [file.floats("ngram_scale_labels")?, file.floats("ngram_scale_heads")?];
        let weights = file.small("ngram_weights")?;
        let (weights, []) = weights.as_chunks::<OUTPUTS>() else { return Err(FormatError::Section("ngram_weights")) };
        if [sides[0].len(), sides[1].len(), scales[0].len(), scales[1].len(), weights.len()] != [keys.len(); 5] {
            return Err(FormatError::Section("ngram_keys"));
        }
        let features = (0..keys.len())
            .map(|at| Feature {
                idf: [sides[0][at], sides[1][at]],
                scale: [scales[0][at], scales[1][at]],
                labels: std::array::from_fn(|l| weights[at][l]),
                heads: std::array::from_fn(|h| weights[at][LABELS + h]),
            })
            .collect();
        let size = (keys.len() * 2).next_power_of_two();
        let mut table = Self {
            slots: vec![(0, u32::MAX); size],
            mask: size - 1,
            known: vec![0; BITS / 64],
            features,
            bias: file.array("ngram_bias")?,
        };
        for (place, key) in (0u32..).zip(keys) {
            let mut slot = key as usize & table.mask;
            while table.slots[slot].1 != u32::MAX {
                slot = (slot + 1) & table.mask;
            }
            table.slots[slot] = (key, place);
            let bit = key as usize % BITS;
            table.known[bit / 64] |= 1 << (bit % 64);
        }
        Ok(table)
    }

    fn find(&self, key: Key) -> Option<&Feature> {
        let bit = key as usize % BITS;
        if self.known[bit / 64] & (1 << (bit % 64)) == 0 {
            return None;
        }
        let mut slot = key as usize & self.mask;
        loop {
            let (found, place) = self.slots[slot];
            if place == u32::MAX {
                return None;
            }
            if found == key {
                return self.features.get(place as usize);
            }
            slot = (slot + 1) & self.mask;
        }
    }

    /// All outputs for a sentence.
    pub fn score(&self, counts: &Counts) -> [f32; OUTPUTS] {
        let (mut labels, mut heads) = ([0.0; LABELS], [0.0; HEADS]);
        let mut found: Vec<(&Feature, [f32; 2])> = Vec::with_capacity(256);
        for group in &counts.groups {
            // First only look: the features lie far apart in memory, and a short loop waits for many of them at once.
            found.clear();
            let mut squares = [0.0f32; 2];
            for (key, times) in group {
                let Some(feature) = self.find(*key) else { continue };
                let times = term_weight(*times);
                let values = [feature.idf[0] * times, feature.idf[1] * times];
                squares[0] += values[0] * values[0];
                squares[1] += values[1] * values[1];
                found.push((feature, values));
            }
            let norms = squares.map(|s| if s > 0.0 { 1.0 / s.sqrt() } else { 0.0 });
            for (feature, values) in &found {
                // Most features serve one side only.
                add(&mut labels, &feature.labels, values[0] * feature.scale[0] * norms[0]);
                add(&mut heads, &feature.heads, values[1] * feature.scale[1] * norms[1]);
            }
        }
        let mut scores = self.bias;
        for l in 0..LABELS {
            scores[l] += labels[l];
        }
        for h in 0..HEADS {
            scores[LABELS + h] += heads[h];
        }
        scores
    }
}

fn add<const N: usize>(sums: &mut [f32; N], weights: &[i8; N], step: f32) {
    if step != 0.0 {
        for at in 0..N {
            sums[at] += step * f32::from(weights[at]);
        }
    }
}

/// How much a feature weighs that occurs so many times: 1 + ln n.
pub fn term_weight(times: u16) -> f32 {
    if times == 1 { 1.0 } else { 1.0 + crate::math::ln(f32::from(times)) }
}
