//! From fitted parts to the model's file.

use std::collections::BTreeMap;

use super::{emotions::Emotions, heads::Heads, pieces::Start};
use crate::{
    cnn::WIDTH,
    format::{FormatError, Writer, quantised},
    lexicon::NORMS,
    linear::{HEADS, LABELS, OUTPUTS},
    model::{DENSE, Header},
    ngram::Key,
};

/// The file. Without heads it is good for the hidden layer and the emotions alone, which the heads are fitted on.
pub fn write(
    header: &Header,
    start: &Start,
    lexicon: &BTreeMap<String, [f32; NORMS]>,
    emotions: &Emotions,
    heads: Option<&Heads>,
) -> Result<Vec<u8>, FormatError> {
    let mut file = Writer::default();
    ngrams(&mut file, emotions, heads);

    file.add("pieces", start.pieces.join("\n").bytes().map(|byte| [byte]));
    let (vectors, scales) = quantised(&emotions.cnn.vectors, WIDTH);
    small(&mut file, "piece_vectors", &vectors);
    floats(&mut file, "piece_scales", &scales);
    let (filters, scales) = quantised(&emotions.cnn.filters, WIDTH);
    small(&mut file, "filters", &filters);
    floats(&mut file, "filter_scales", &scales);
    floats(&mut file, "filter_thresholds", &emotions.cnn.thresholds);
    floats(&mut file, "output", emotions.cnn.output.as_flattened());
    floats(&mut file, "output_bias", &emotions.cnn.bias);

    let dense = heads.map_or_else(
        || vec![0.0; DENSE * HEADS],
        |heads| heads.linear.weights[heads.dictionary.len()..].as_flattened().to_vec(),
    );
    floats(&mut file, "head_dense", &dense);

    let words: Vec<&str> = lexicon.keys().map(String::as_str).collect();
    file.add("lexicon_words", words.join("\n").bytes().map(|byte| [byte]));
    #[expect(clippy::cast_possible_truncation, reason = "norms are within ±1")]
    let norms: Vec<i8> = lexicon.values().flatten().map(|norm| (norm.clamp(-1.0, 1.0) * 127.0).round() as i8).collect();
    small(&mut file, "lexicon_norms", &norms);
    file.finish(header)
}

fn ngrams(file: &mut Writer, emotions: &Emotions, heads: Option<&Heads>) {
    // Per n-gram: inverse document frequency, scale and weights on each side.
    #[derive(Default)]
    struct Entry {
        idf: [f32; 2],
        scale: [f32; 2],
        weights: Vec<i8>,
    }
    let mut table: BTreeMap<Key, Entry> = BTreeMap::new();
    let mut bias = [0.0; OUTPUTS];
    bias[..LABELS].copy_from_slice(&emotions.linear.bias);
    for ((key, idf), weights) in emotions.dictionary.entries().iter().zip(&emotions.linear.weights) {
        let (small, scale) = quantised(weights, LABELS);
        let entry = table.entry(*key).or_default();
        entry.weights = small;
        entry.weights.resize(OUTPUTS, 0);
        (entry.idf[0], entry.scale[0]) = (*idf, scale[0]);
    }
    if let Some(heads) = heads {
        bias[LABELS..LABELS + HEADS].copy_from_slice(&heads.linear.bias);
        for ((key, idf), weights) in heads.dictionary.entries().iter().zip(&heads.linear.weights) {
            let (small, scale) = quantised(weights, HEADS);
            let entry = table.entry(*key).or_default();
            entry.weights.resize(OUTPUTS, 0);
            entry.weights[LABELS..LABELS + HEADS].copy_from_slice(&small);
            (entry.idf[1], entry.scale[1]) = (*idf, scale[0]);
        }
    }
    file.add("ngram_keys", table.keys().map(|key| key.to_le_bytes()));
    for (side, idf, scale) in
        [(0, "ngram_idf_labels", "ngram_scale_labels"), (1, "ngram_idf_heads", "ngram_scale_heads")]
    {
        file.add(idf, table.values().map(|entry| entry.idf[side].to_le_bytes()));
        file.add(scale, table.values().map(|entry| entry.scale[side].to_le_bytes()));
    }
    file.add("ngram_weights", table.values().flat_map(|entry| entry.weights.iter().map(|w| w.to_le_bytes())));
    floats(file, "ngram_bias", &bias);
}

fn floats(file: &mut Writer, name: &str, figures: &[f32]) {
    file.add(name, figures.iter().map(|figure| figure.to_le_bytes()));
}

fn small(file: &mut Writer, name: &str, figures: &[i8]) {
    file.add(name, figures.iter().map(|figure| figure.to_le_bytes()));
}
