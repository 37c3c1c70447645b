//! How the crisis detector is fitted. A crisis often stands in one sentence among ordinary ones, so the head learns from the
//! sentence of each crisis turn that it finds worst itself (multiple-instance learning), and what rules and head find in a turn
//! is weighed by a small logistic model. It learns from evidence and scores that leave each turn itself out; those that had seen
//! it would look better than they are.

use super::{
    data::{Labelled, Narrated, Rated},
    linear::{Fit, Folds, Linear, Loss, Rows},
};
use crate::{
    crisis::signs::{Reading, SIGNS, Weighing, rules},
    math::ln,
    probe::{AffectTurn, CrisisTurn, Part},
    text::sentences,
};

const HEAD_FIT: Fit = Fit { loss: Loss::Logistic, c: 4.0, epochs: 15, seed: 0 };
const WEIGHING_FIT: Fit = Fit { loss: Loss::Logistic, c: 1.0, epochs: 60, seed: 0 };

/// How many of a thousand ordinary turns may be flagged. A miss costs more than a false alarm, and few enough that the help stays
/// credible.
pub const FALSE_ALARMS: usize = 50;

/// How often the worst sentences are chosen anew.
const ROUNDS: usize = 2;

/// What a turn is to the detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A crisis.
    Crisis,
    /// Ordinary, and written to look like one.
    Lookalike,
    /// Ordinary.
    Ordinary,
}

/// The turns, and the rows that the head reads of them: each turn whole, and its sentences.
#[derive(Debug, Default)]
pub struct Corpus<'a> {
    /// The turns.
    pub turns: Vec<(&'a str, Sort)>,
    /// What is read.
    pub rows: Vec<&'a str>,
    /// How many of the rows, the first, are of the turns written for this.
    pub own: usize,
    /// How many of the turns, the first, are in the voice of a session.
    voiced: usize,
    /// The first row of each turn, which is the whole of it.
    starts: Vec<usize>,
}

impl<'a> Corpus<'a> {
    /// The turns that may be learnt from, with other people's sentences as ordinary ones.
    pub fn of(
        crisis: &'a [CrisisTurn],
        affect: &[&'a AffectTurn],
        labelled: &'a [Labelled],
        narrated: &'a [Narrated],
        rated: &[&'a Rated],
    ) -> Self {
        let mut corpus = Self::default();
        for turn in crisis.iter().filter(|turn| turn.part != Part::Report) {
            let sort = match (turn.crisis, turn.kind) {
                (true, _) => Sort::Crisis,
                (false, "idiom" | "negated" | "third_person" | "past_safe" | "humour") => Sort::Lookalike,
                (false, _) => Sort::Ordinary,
            };
            corpus.add(turn.text, sort);
        }
        corpus.own = corpus.rows.len();
        let others = narrated.iter().map(|row| row.text.as_str());
        let others = others.chain(labelled.iter().step_by(8).map(|row| row.text.as_str()));
        let others = others.chain(rated.iter().step_by(4).map(|row| row.text.as_str()));
        for turn in affect {
            corpus.add(turn.text, Sort::Ordinary);
        }
        corpus.voiced = corpus.turns.len();
        for row in others {
            corpus.add(row, Sort::Ordinary);
        }
        corpus
    }

    fn add(&mut self, turn: &'a str, sort: Sort) {
        self.turns.push((turn, sort));
        self.starts.push(self.rows.len());
        self.rows.push(turn);
        let parts = sentences(turn);
        if parts.len() > 1 {
            self.rows.extend(parts);
        }
    }

    fn rows_of(&self, turn: usize) -> std::ops::Range<usize> {
        self.starts[turn]..self.starts.get(turn + 1).copied().unwrap_or(self.rows.len())
    }

    /// Fits the head on some of the turns.
    pub fn fit(&self, rows: &Rows, turns: &[usize], features: usize, seed: u64) -> Linear<1> {
        let mut targets = vec![[0.0]; self.rows.len()];
        let ordinary = turns.iter().filter(|turn| self.turns[**turn].1 != Sort::Crisis);
        let ordinary: Vec<usize> = ordinary.flat_map(|turn| self.rows_of(*turn)).collect();
        let crises: Vec<usize> = turns.iter().copied().filter(|turn| self.turns[*turn].1 == Sort::Crisis).collect();
        let mut head = Linear { weights: Vec::new(), bias: [0.0] };
        for round in 0..=ROUNDS {
            let worst = |turn: &usize| if round == 0 { self.starts[*turn] } else { self.worst(*turn, rows, &head) };
            let worst: Vec<usize> = crises.iter().map(worst).collect();
            for row in &worst {
                targets[*row] = [1.0];
            }
            let chosen: Vec<usize> = ordinary.iter().chain(&worst).copied().collect();
            head = Linear::fit(rows, &targets, &chosen, features, Fit { seed, ..HEAD_FIT });
        }
        head
    }

    /// The sentence of a turn that scores highest.
    fn worst(&self, turn: usize, rows: &Rows, head: &Linear<1>) -> usize {
        let all = self.rows_of(turn);
        let sentences = if all.len() > 1 { all.start + 1..all.end } else { all };
        let score = |row: &usize| head.score(rows.row(*row))[0];
        sentences.max_by(|a, b| score(a).total_cmp(&score(b))).unwrap_or_default()
    }

    /// The head's log-odds for each turn, by heads that had not seen it.
    pub fn out_of_fold(&self, rows: &Rows, features: usize, seed: u64) -> Vec<f32> {
        let mut scores = vec![0.0; self.turns.len()];
        for (inside, outside) in Folds::of(self.turns.len(), seed).splits() {
            let head = self.fit(rows, &inside, features, seed);
            for turn in outside {
                scores[turn] = self.rows_of(turn).map(|row| head.score(rows.row(row))[0]).fold(f32::MIN, f32::max);
            }
        }
        scores
    }

    /// Weighs rules and head. The answer is the weighing, and the log-odds of each turn by evidence without it.
    pub fn weigh(&self, heads: &[f32], seed: u64) -> (Weighing, Vec<f32>) {
        let readings: Vec<Reading> = self.turns.iter().map(|(turn, _)| Reading::of(turn)).collect();
        let mut counts = vec![[0.0f32; 3]; rules()];
        let mut totals = [0.0f32; 3];
        for (reading, (_, sort)) in readings.iter().zip(&self.turns) {
            totals[*sort as usize] += 1.0;
            for rule in reading.rules() {
                counts[rule][*sort as usize] += 1.0;
            }
        }
        let evidence = |mut count: [f32; 3], without: Option<Sort>| {
            if let Some(sort) = without {
                count[sort as usize] -= 1.0;
            }
            let rate = |sort: Sort, none: f32| (count[sort as usize] + none) / (totals[sort as usize] + 1.0);
            [Sort::Ordinary, Sort::Lookalike].map(|other| ln(rate(Sort::Crisis, 0.5) / rate(other, 1.0)))
        };
        let mut rows = Rows::default();
        let mut signs: Vec<[f32; SIGNS]> = Vec::new();
        for ((reading, (_, sort)), head) in readings.iter().zip(&self.turns).zip(heads) {
            let here = reading.signs(&|rule| evidence(counts[rule], Some(*sort)), *head);
            rows.push((0..).zip(here).filter(|(_, sign)| *sign != 0.0));
            signs.push(here);
        }
        let targets: Vec<[f32; 1]> =
            self.turns.iter().map(|(_, sort)| [f32::from(u8::from(*sort == Sort::Crisis))]).collect();
        let fit = Fit { seed, ..WEIGHING_FIT };
        // Out of fold here too, although the weights are few.
        let folds = Folds::of(self.turns.len(), seed.wrapping_add(1));
        let scores =
            Linear::out_of_fold(&rows, &targets, SIGNS, fit, &folds).into_iter().map(|[score]| score).collect();
        let model = Linear::fit(&rows, &targets, &(0..self.turns.len()).collect::<Vec<_>>(), SIGNS, fit);
        let weights = model.weights.iter().map(|row| row[0]).chain(model.bias).collect();
        (Weighing { evidence: counts.iter().map(|count| evidence(*count, None)).collect(), weights }, scores)
    }
}

/// From which log-odds on a turn is flagged: such that so many of a thousand ordinary turns in the voice of a session are.
/// Other people's sentences don't count here: they are seldom about a hard day, and would make the flag look better than it is.
pub fn threshold(corpus: &Corpus<'_>, scores: &[f32], per_thousand: usize) -> f32 {
    let mut ordinary = corpus.scores_of(scores, Sort::Ordinary);
    ordinary.sort_by(|a, b| b.total_cmp(a));
    ordinary.get(ordinary.len() * per_thousand / 1000).copied().unwrap_or_default()
}

impl Corpus<'_> {
    fn scores_of(&self, scores: &[f32], sort: Sort) -> Vec<f32> {
        let voiced = self.turns[..self.voiced].iter().zip(scores);
        voiced.filter(|((_, of), _)| *of == sort).map(|(_, score)| *score).collect()
    }

    /// How much of each sort is flagged from a threshold on, in words.
    pub fn flagged(&self, scores: &[f32], threshold: f32) -> String {
        let share = |sort| {
            let scores = self.scores_of(scores, sort);
            format!("{} of {}", scores.iter().filter(|score| **score >= threshold).count(), scores.len())
        };
        format!(
            "out of fold {} crises, {} ordinary turns, {} lookalikes",
            share(Sort::Crisis),
            share(Sort::Ordinary),
            share(Sort::Lookalike)
        )
    }
}
