//! Training of the convolutional part: plain backpropagation, written for its shape. The strongest answer of a filter is
//! the only one that learns, so going back costs a fraction of going forward.

use rand::{Rng as _, SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;

use crate::{
    cnn::{ANSWERS, FILTERS, HIDDEN, LENGTHS, WIDTH, answers_at},
    math::{Panels, logit, multiply, sigmoid},
};

const BATCH: usize = 128;
const RATE: f32 = 3e-3;
const DECAY: f32 = 0.1;
/// Shares in 256 of what is left out while learning: pieces, figures of their vectors, figures of the hidden layer.
const DROP_PIECE: u8 = 26;
const DROP_VECTOR: u8 = 51;
const DROP_HIDDEN: u8 = 128;

/// The parameters; `L` is the number of outputs.
#[derive(Clone, Debug)]
pub struct Cnn<const L: usize> {
    /// One row of [`WIDTH`] a piece.
    pub vectors: Vec<f32>,
    /// [`ANSWERS`] rows of [`WIDTH`].
    pub filters: Vec<f32>,
    /// One a filter.
    pub thresholds: Vec<f32>,
    /// [`HIDDEN`] rows of `L`.
    pub output: Vec<[f32; L]>,
    /// One an output.
    pub bias: [f32; L],
}

/// Hidden layer of one sentence while learning.
struct Trace {
    hidden: [f32; HIDDEN],
    /// Where each filter answered most strongly.
    places: [u16; LENGTHS * FILTERS],
}

impl<const L: usize> Cnn<L> {
    /// Learns from sentences given as pieces. `vectors` is where the pieces begin; `told` is called after each epoch.
    pub fn fit(
        vectors: &[f32],
        pieces: &[Vec<u32>],
        targets: &[[f32; L]],
        chosen: &[usize],
        epochs: usize,
        seed: u64,
        mut told: impl FnMut(usize, f32),
    ) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut model = Self::begin(vectors, &mut chance);
        // An output begins at how often it is true: the steps are too small to get there in good time.
        for l in 0..L {
            #[expect(clippy::cast_precision_loss, reason = "a count of texts")]
            let share = chosen.iter().map(|text| targets[*text][l]).sum::<f32>() / chosen.len() as f32;
            model.bias[l] = logit(share);
        }
        let mut slopes = Slopes::new(&model);
        let mut order = chosen.to_vec();
        let steps = order.len().div_ceil(BATCH) * epochs;
        let mut step = 0;
        for epoch in 0..epochs {
            order.shuffle(&mut chance);
            let mut loss = 0.0;
            for batch in order.chunks(BATCH) {
                loss += model.learn(batch, pieces, targets, &mut slopes, &mut chance);
                #[expect(clippy::cast_precision_loss, reason = "thousands of steps")]
                let done = step as f32 / steps as f32;
                let rate = RATE * 0.5 * (1.0 + libm::cosf(std::f32::consts::PI * done));
                step += 1;
                model.step(&mut slopes, rate, step);
            }
            #[expect(clippy::cast_precision_loss, reason = "a count of texts")]
            told(epoch + 1, loss / order.len() as f32);
        }
        model
    }

    fn begin(vectors: &[f32], chance: &mut ChaCha8Rng) -> Self {
        let mut uniform = |bound: f32| {
            #[expect(clippy::cast_precision_loss, reason = "24 bits fit")]
            let unit = (chance.next_u32() >> 8) as f32 / 16_777_216.0;
            (2.0 * unit - 1.0) * bound
        };
        let mut filters = vec![0.0; ANSWERS * WIDTH];
        for length in 1..=LENGTHS {
            // Glorot & Bengio 2010.
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let bound = (6.0 / ((length * WIDTH + FILTERS) as f32)).sqrt();
            let (from, until) = (answers_at(length, 0), answers_at(length, 0) + length * FILTERS);
            filters[from * WIDTH..until * WIDTH].iter_mut().for_each(|w| *w = uniform(bound));
        }
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let bound = (6.0 / ((HIDDEN + L) as f32)).sqrt();
        let output = (0..HIDDEN).map(|_| std::array::from_fn(|_| uniform(bound))).collect();
        Self { vectors: vectors.to_vec(), filters, thresholds: vec![0.0; LENGTHS * FILTERS], output, bias: [0.0; L] }
    }

    /// Hidden layers of sentences.
    pub fn hidden(&self, sentences: &[&[u32]]) -> Vec<[f32; HIDDEN]> {
        let panels = Panels::of_transposed(&self.filters, WIDTH);
        let mut answers = vec![0.0; self.vectors.len() / WIDTH * ANSWERS];
        multiply(&self.vectors, &panels, &mut answers);
        sentences.iter().map(|pieces| trace(pieces, &answers, &self.vectors, &self.thresholds).hidden).collect()
    }

    /// The outputs of a hidden layer.
    pub fn output(&self, hidden: &[f32; HIDDEN]) -> [f32; L] {
        let mut scores = self.bias;
        for (h, weights) in hidden.iter().zip(&self.output) {
            for l in 0..L {
                scores[l] += h * weights[l];
            }
        }
        scores
    }

    fn learn(
        &self,
        batch: &[usize],
        pieces: &[Vec<u32>],
        targets: &[[f32; L]],
        slopes: &mut Slopes<L>,
        chance: &mut ChaCha8Rng,
    ) -> f32 {
        let mut bytes = vec![0; batch.iter().map(|text| pieces[*text].len()).sum()];
        chance.fill_bytes(&mut bytes);
        let mut drawn = bytes.iter();
        // The pieces of the batch, each once: a word that stands in many sentences is multiplied once.
        slopes.used.clear();
        let texts: Vec<Vec<u32>> = batch
            .iter()
            .map(|text| {
                let kept = |_: &&u32| *drawn.next().unwrap_or(&0) >= DROP_PIECE;
                pieces[*text].iter().filter(kept).map(|piece| slopes.local(*piece)).collect()
            })
            .collect();
        let used = slopes.used.len();
        let mut masks = vec![0; used * WIDTH];
        chance.fill_bytes(&mut masks);
        let scale = 256.0 / f32::from(u8::MAX - DROP_VECTOR + 1);
        let mut vectors = vec![0.0; used * WIDTH];
        for (local, piece) in slopes.used.iter().enumerate() {
            let from = *piece as usize * WIDTH;
            let row = &self.vectors[from..from + WIDTH];
            let place = local * WIDTH;
            for ((v, w), mask) in vectors[place..place + WIDTH].iter_mut().zip(row).zip(&masks[place..place + WIDTH]) {
                *v = if *mask >= DROP_VECTOR { w * scale } else { 0.0 };
            }
        }
        let mut answers = vec![0.0; used * ANSWERS];
        multiply(&vectors, &Panels::of_transposed(&self.filters, WIDTH), &mut answers);

        slopes.clear(used);
        let mut loss = 0.0;
        let mut hidden_mask = [0; HIDDEN];
        #[expect(clippy::cast_precision_loss, reason = "128")]
        let share = 1.0 / batch.len() as f32;
        for (text, pieces) in batch.iter().zip(&texts) {
            let mut trace = trace(pieces, &answers, &vectors, &self.thresholds);
            chance.fill_bytes(&mut hidden_mask);
            for (h, mask) in trace.hidden.iter_mut().zip(hidden_mask) {
                *h = if mask >= DROP_HIDDEN { *h * 2.0 } else { 0.0 };
            }
            let scores = self.output(&trace.hidden);
            let mut errors = [0.0; L];
            for l in 0..L {
                let (p, target) = (sigmoid(scores[l]), targets[*text][l]);
                errors[l] = (p - target) * share;
                loss -= if target > 0.5 { libm::logf(p.max(1e-7)) } else { libm::logf((1.0 - p).max(1e-7)) };
                slopes.bias[l] += errors[l];
            }
            let mut back = [0.0; HIDDEN];
            for (place, weights) in self.output.iter().enumerate() {
                let h = trace.hidden[place];
                if hidden_mask[place] < DROP_HIDDEN {
                    continue;
                }
                let mut sum = 0.0;
                for l in 0..L {
                    slopes.output[place][l] += h * errors[l];
                    sum += errors[l] * weights[l];
                }
                back[place] = sum * 2.0;
            }
            self.backward(pieces, &vectors, &trace, &back, slopes);
        }
        // What was left out of a vector did not speak and does not learn.
        for (slope, mask) in slopes.vectors.iter_mut().zip(&masks) {
            *slope = if *mask >= DROP_VECTOR { *slope * scale } else { 0.0 };
        }
        loss
    }

    fn backward(&self, pieces: &[u32], vectors: &[f32], trace: &Trace, back: &[f32; HIDDEN], slopes: &mut Slopes<L>) {
        for length in 1..=LENGTHS {
            for filter in 0..FILTERS {
                let place = (length - 1) * FILTERS + filter;
                let slope = back[place];
                // A filter that answered nothing has a hidden figure of zero.
                if slope == 0.0 || trace.hidden[place] == 0.0 {
                    continue;
                }
                slopes.thresholds[place] += slope;
                let start = usize::from(trace.places[place]);
                for at in 0..length {
                    let Some(local) = pieces.get(start + at) else { continue };
                    let answer = (answers_at(length, at) + filter) * WIDTH;
                    let local = *local as usize * WIDTH;
                    add(&mut slopes.filters[answer..answer + WIDTH], &vectors[local..local + WIDTH], slope);
                    add(&mut slopes.vectors[local..local + WIDTH], &self.filters[answer..answer + WIDTH], slope);
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 64 pieces")]
        let share = 1.0 / pieces.len().max(1) as f32;
        for local in pieces {
            let local = *local as usize * WIDTH;
            add(&mut slopes.vectors[local..local + WIDTH], &back[LENGTHS * FILTERS..], share);
        }
    }

    fn step(&mut self, slopes: &mut Slopes<L>, rate: f32, step: usize) {
        let adam = Adam::at(step, rate);
        adam.update(&mut self.filters, &slopes.filters, &mut slopes.moments.filters, DECAY);
        adam.update(&mut self.thresholds, &slopes.thresholds, &mut slopes.moments.thresholds, 0.0);
        adam.update(self.output.as_flattened_mut(), slopes.output.as_flattened(), &mut slopes.moments.output, DECAY);
        adam.update(&mut self.bias, &slopes.bias, &mut slopes.moments.bias, 0.0);
        // Only the pieces of this batch move: those never seen keep the meaning they began with.
        for (local, piece) in slopes.used.iter().enumerate() {
            let (local, global) = (local * WIDTH, *piece as usize * WIDTH);
            adam.update(
                &mut self.vectors[global..global + WIDTH],
                &slopes.vectors[local..local + WIDTH],
                &mut slopes.moments.vectors[global..global + WIDTH],
                DECAY,
            );
        }
        for piece in &slopes.used {
            slopes.locals[*piece as usize] = u32::MAX;
        }
    }
}

fn add(into: &mut [f32], from: &[f32], times: f32) {
    for (into, from) in into.iter_mut().zip(from) {
        *into += from * times;
    }
}

/// The hidden layer of a sentence: `pieces` are rows of `answers` and `vectors`.
fn trace(pieces: &[u32], answers: &[f32], vectors: &[f32], thresholds: &[f32]) -> Trace {
    let mut trace = Trace { hidden: [0.0; HIDDEN], places: [0; LENGTHS * FILTERS] };
    let row = |piece: u32, from: usize| {
        let from = piece as usize * ANSWERS + from;
        &answers[from..from + FILTERS]
    };
    for length in 1..=LENGTHS.min(pieces.len()) {
        let range = (length - 1) * FILTERS..length * FILTERS;
        let mut most = [f32::NEG_INFINITY; FILTERS];
        let mut places = [0u32; FILTERS];
        for (start, window) in (0u32..).zip(pieces.windows(length)) {
            let mut sums = [0.0; FILTERS];
            for (at, piece) in window.iter().enumerate() {
                for (sum, answer) in sums.iter_mut().zip(row(*piece, answers_at(length, at))) {
                    *sum += answer;
                }
            }
            for f in 0..FILTERS {
                let more = sums[f] > most[f];
                most[f] = if more { sums[f] } else { most[f] };
                places[f] = if more { start } else { places[f] };
            }
        }
        for (f, place) in range.enumerate() {
            trace.hidden[place] = (most[f] + thresholds[place]).max(0.0);
            #[expect(clippy::cast_possible_truncation, reason = "at most 64 pieces")]
            {
                trace.places[place] = places[f] as u16;
            }
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 64 pieces")]
    let share = 1.0 / pieces.len().max(1) as f32;
    for piece in pieces {
        let from = *piece as usize * WIDTH;
        add(&mut trace.hidden[LENGTHS * FILTERS..], &vectors[from..from + WIDTH], share);
    }
    trace
}

/// What a batch says of each parameter, and the memory of the batches before.
struct Slopes<const L: usize> {
    /// The pieces of the batch, in the order of their first place.
    used: Vec<u32>,
    /// Of each piece, its place in `used`.
    locals: Vec<u32>,
    vectors: Vec<f32>,
    filters: Vec<f32>,
    thresholds: Vec<f32>,
    output: Vec<[f32; L]>,
    bias: [f32; L],
    moments: Moments,
}

struct Moments {
    vectors: Vec<[f32; 2]>,
    filters: Vec<[f32; 2]>,
    thresholds: Vec<[f32; 2]>,
    output: Vec<[f32; 2]>,
    bias: Vec<[f32; 2]>,
}

impl<const L: usize> Slopes<L> {
    fn new(model: &Cnn<L>) -> Self {
        let moments = |n| vec![[0.0; 2]; n];
        Self {
            used: Vec::new(),
            locals: vec![u32::MAX; model.vectors.len() / WIDTH],
            vectors: Vec::new(),
            filters: Vec::new(),
            thresholds: Vec::new(),
            output: Vec::new(),
            bias: [0.0; L],
            moments: Moments {
                vectors: moments(model.vectors.len()),
                filters: moments(model.filters.len()),
                thresholds: moments(model.thresholds.len()),
                output: moments(HIDDEN * L),
                bias: moments(L),
            },
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a vocabulary of thousands")]
    fn local(&mut self, piece: u32) -> u32 {
        let local = &mut self.locals[piece as usize];
        if *local == u32::MAX {
            *local = self.used.len() as u32;
            self.used.push(piece);
        }
        *local
    }

    fn clear(&mut self, used: usize) {
        self.vectors.clear();
        self.vectors.resize(used * WIDTH, 0.0);
        self.filters.clear();
        self.filters.resize(ANSWERS * WIDTH, 0.0);
        self.thresholds.clear();
        self.thresholds.resize(LENGTHS * FILTERS, 0.0);
        self.output.clear();
        self.output.resize(HIDDEN, [0.0; L]);
        self.bias = [0.0; L];
    }
}

/// Adam with decoupled decay (Kingma & Ba 2015; Loshchilov & Hutter 2019).
struct Adam {
    rate: f32,
    first: f32,
    second: f32,
}

impl Adam {
    fn at(step: usize, rate: f32) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "thousands of steps")]
        let step = step as f32;
        Self { rate, first: 1.0 / (1.0 - libm::powf(0.9, step)), second: 1.0 / (1.0 - libm::powf(0.999, step)) }
    }

    fn update(&self, figures: &mut [f32], slopes: &[f32], moments: &mut [[f32; 2]], decay: f32) {
        for ((figure, slope), [mean, square]) in figures.iter_mut().zip(slopes).zip(moments) {
            *mean = 0.9 * *mean + 0.1 * slope;
            *square = 0.999 * *square + 0.001 * slope * slope;
            let step = *mean * self.first / ((*square * self.second).sqrt() + 1e-8);
            *figure -= self.rate * (step + decay * *figure);
        }
    }
}
