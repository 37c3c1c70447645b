//! The heads beside the emotions: the basic emotions of first-person writing (BRIGHTER), valence, arousal and dominance
//! (EmoBank), and crisis (the project's own turns). All read the same n-grams and dense figures of the finished emotion parts.

use spectrum_domain::affect::{Family, Quadrant};

use super::{
    Progress, crisis,
    data::{Narrated, Rated},
    dictionary::Dictionary,
    linear::{Fit, Folds, Linear, Loss, Rows},
};
use crate::{
    linear::HEADS,
    metrics::{Hits, mean, threshold},
    model::{BASIC, DENSE, Model, PASSAGE},
    ngram::{Counts, count},
    probe::AffectTurn,
    text::Sentence,
};

const NGRAMS: usize = 20_000;
const BASIC_FIT: Fit = Fit { loss: Loss::Logistic, c: 1.0, epochs: 15, seed: 0 };
const DIMENSION_FIT: Fit = Fit { loss: Loss::Squares, c: 0.3, epochs: 15, seed: 0 };
const PASSAGE_FIT: Fit = Fit { loss: Loss::Logistic, c: 1.0, epochs: 20, seed: 0 };

/// Everything that was fitted for the heads.
#[derive(Debug)]
pub struct Heads {
    /// Their n-grams.
    pub dictionary: Dictionary,
    /// Weights of the n-grams, in the order of the dictionary, then of the dense figures.
    pub linear: Linear<HEADS>,
    /// Thresholds of the basic emotions.
    pub thresholds: Vec<f32>,
    /// Macro-F1 of the basic emotions on rows that the scoring head had not seen.
    pub out_of_fold: f32,
    /// Scores of the passage heads for each of the project's turns that they are fitted on, by heads that had not seen it.
    pub passages: Vec<[f32; PASSAGE]>,
    /// Scores of the crisis head for each turn of its corpus, by heads that had not seen it.
    pub crisis: Vec<f32>,
}

/// The texts of a head with their features.
struct Corpus {
    counts: Vec<Counts>,
    dense: Vec<[f32; DENSE]>,
}

impl Corpus {
    fn read<'a>(texts: impl IntoIterator<Item = &'a str>, model: &Model) -> Self {
        let mut corpus = Self { counts: Vec::new(), dense: Vec::new() };
        for text in texts {
            let sentence = Sentence::read(text);
            let counts = count(&sentence);
            corpus.dense.push(model.features(&sentence, &model.linear(&counts)).1);
            corpus.counts.push(counts);
        }
        corpus
    }

    fn rows(&self, dictionary: &Dictionary) -> Rows {
        let mut rows = Rows::default();
        for (counts, dense) in self.counts.iter().zip(&self.dense) {
            let ngrams = dictionary.row(counts);
            let from = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
            rows.push(ngrams.into_iter().chain((from..).zip(dense.iter().copied()).filter(|(_, v)| *v != 0.0)));
        }
        rows
    }
}

/// Fits the heads on a model that has its emotion parts.
pub fn fit(
    model: &Model,
    rated: &[&Rated],
    narrated: &[Narrated],
    crisis: &crisis::Corpus<'_>,
    turns: &[&AffectTurn],
    seed: u64,
    told: &mut Progress<'_>,
) -> Heads {
    told("heads: reading first-person writing, rated sentences and crisis turns");
    let corpora = [
        Corpus::read(narrated.iter().map(|row| row.text.as_str()), model),
        Corpus::read(rated.iter().map(|row| row.text.as_str()), model),
        Corpus::read(crisis.rows.iter().copied(), model),
        Corpus::read(turns.iter().map(|turn| turn.text), model),
    ];
    let feelings: Vec<[f32; PASSAGE]> = turns.iter().map(|turn| passage_targets(turn)).collect();
    let basic: Vec<[f32; BASIC]> = narrated.iter().map(Narrated::emotions).collect();
    let dimensions: Vec<[f32; 3]> =
        rated.iter().map(|row| [row.valence - 3.0, row.arousal - 3.0, row.dominance - 3.0]).collect();

    // The ordinary rows of the crisis corpus are other corpora's; counted twice they would blur what is rare in those.
    let counted = [corpora[0].counts.len(), corpora[1].counts.len(), crisis.own, corpora[3].counts.len()];
    let everything = Dictionary::of(corpora.iter().zip(counted).flat_map(|(corpus, rows)| &corpus.counts[..rows]));
    told(&format!("heads: {} n-grams; choosing the best {NGRAMS}", everything.len()));
    let fit = |dictionary: &Dictionary| {
        let features = dictionary.len() + DENSE;
        let rows = corpora.each_ref().map(|corpus| corpus.rows(dictionary));
        let every = |rows: &Rows| (0..rows.len()).collect::<Vec<_>>();
        join(
            &Linear::fit(&rows[0], &basic, &every(&rows[0]), features, Fit { seed, ..BASIC_FIT }),
            &Linear::fit(&rows[1], &dimensions, &every(&rows[1]), features, Fit { seed, ..DIMENSION_FIT }),
            &crisis.fit(&rows[2], &(0..crisis.turns.len()).collect::<Vec<_>>(), features, seed),
            &Linear::fit(&rows[3], &feelings, &every(&rows[3]), features, Fit { seed, ..PASSAGE_FIT }),
        )
    };
    let dictionary = everything.best(&evened(fit(&everything)), NGRAMS);
    let linear = fit(&dictionary);

    told("heads: basic emotions out of fold");
    // With all n-grams: which ones are kept was decided by labels, also those of the fold left out.
    let features = everything.len() + DENSE;
    let rows = corpora[0].rows(&everything);
    let folds = Folds::of(rows.len(), seed);
    let scores = Linear::out_of_fold(&rows, &basic, features, Fit { seed, ..BASIC_FIT }, &folds);
    let of = |b: usize, rows: &mut dyn Iterator<Item = usize>| -> (Vec<f32>, Vec<bool>) {
        rows.map(|row| (scores[row][b], basic[row][b] > 0.5)).unzip()
    };
    let thresholds: Vec<f32> = (0..BASIC)
        .map(|b| {
            let (scores, truth) = of(b, &mut (0..narrated.len()));
            threshold(&scores, &truth, seed)
        })
        .collect();
    let f1: Vec<f32> = (0..BASIC)
        .map(|b| {
            let mut hits = Hits::default();
            for (seen, unseen) in folds.splits() {
                let (scores, truth) = of(b, &mut seen.into_iter());
                let cut = threshold(&scores, &truth, seed);
                let (scores, truth) = of(b, &mut unseen.into_iter());
                hits.merge(crate::metrics::hits(&scores, &truth, cut));
            }
            hits.f1()
        })
        .collect();
    let rows = corpora[3].rows(&everything);
    let folds = Folds::of(rows.len(), seed);
    let passages = Linear::out_of_fold(&rows, &feelings, features, Fit { seed, ..PASSAGE_FIT }, &folds);
    told("heads: crisis turns out of fold");
    let crisis = crisis.out_of_fold(&corpora[2].rows(&everything), features, seed);
    Heads { dictionary, linear, thresholds, out_of_fold: mean(&f1), passages, crisis }
}

/// Pleasant, high energy, the families. A turn without feeling lies on neither side.
fn passage_targets(turn: &AffectTurn) -> [f32; PASSAGE] {
    let side = |upper: [Quadrant; 2]| turn.quadrant.map_or(0.5, |q| f32::from(u8::from(upper.contains(&q))));
    let mut targets = [0.0; PASSAGE];
    targets[0] = side([Quadrant::HighPleasant, Quadrant::LowPleasant]);
    targets[1] = side([Quadrant::HighPleasant, Quadrant::HighUnpleasant]);
    for family in Family::ALL {
        targets[2 + family.index()] = f32::from(u8::from(turn.has(family)));
    }
    targets
}

fn join(basic: &Linear<BASIC>, dimensions: &Linear<3>, crisis: &Linear<1>, passage: &Linear<PASSAGE>) -> Linear<HEADS> {
    let row = |basic: &[f32; BASIC], dimensions: &[f32; 3], crisis: &[f32; 1], passage: &[f32; PASSAGE]| {
        let mut row = [0.0; HEADS];
        row[..BASIC].copy_from_slice(basic);
        row[BASIC..BASIC + 3].copy_from_slice(dimensions);
        row[BASIC + 3..BASIC + 4].copy_from_slice(crisis);
        row[BASIC + 4..].copy_from_slice(passage);
        row
    };
    Linear {
        weights: (0..basic.weights.len())
            .map(|at| row(&basic.weights[at], &dimensions.weights[at], &crisis.weights[at], &passage.weights[at]))
            .collect(),
        bias: row(&basic.bias, &dimensions.bias, &crisis.bias, &passage.bias),
    }
}

/// Every head's weights on one scale, so that none outvotes the others when n-grams are chosen.
fn evened(mut model: Linear<HEADS>) -> Linear<HEADS> {
    for head in 0..HEADS {
        let squares: f32 = model.weights.iter().map(|row| row[head] * row[head]).sum();
        let length = squares.sqrt().max(f32::MIN_POSITIVE);
        model.weights.iter_mut().for_each(|row| row[head] /= length);
    }
    model
}
