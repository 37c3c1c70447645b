//! Which n-grams the linear part knows, and rows of their weighted counts.

use std::collections::{BTreeMap, HashMap};

use crate::{
    linear::term_weight,
    ngram::{Counts, GROUPS, Key},
    train::linear::{Linear, Rows},
};

/// The n-grams of one corpus: each with its group and its inverse document frequency, in the order of their keys.
#[derive(Clone, Debug)]
pub struct Dictionary {
    entries: Vec<(Key, f32)>,
    places: HashMap<Key, u32>,
    documents: Vec<u32>,
}

impl Dictionary {
    /// All n-grams that stand in at least two of the texts.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a Counts>) -> Self {
        let mut documents: BTreeMap<Key, u32> = BTreeMap::new();
        let mut rows = 0u32;
        for counts in texts {
            rows += 1;
            for (key, _) in counts.groups.iter().flatten() {
                *documents.entry(*key).or_default() += 1;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "tens of thousands of texts")]
        let idf = |n: u32| crate::math::ln(rows as f32 / n as f32) + 1.0;
        let kept: Vec<(Key, u32)> = documents.into_iter().filter(|(_, n)| *n >= 2).collect();
        Self::from_entries(
            kept.iter().map(|(key, n)| (*key, idf(*n))).collect(),
            kept.iter().map(|(_, n)| *n).collect(),
        )
    }

    fn from_entries(entries: Vec<(Key, f32)>, documents: Vec<u32>) -> Self {
        let places = (0..).zip(&entries).map(|(place, (key, _))| (*key, place)).collect();
        Self { entries, places, documents }
    }

    /// The `most` n-grams that matter most to a model: by the length of their weights times the root of how often they stand.
    #[must_use]
    pub fn best<const L: usize>(&self, model: &Linear<L>, most: usize) -> Self {
        let mut ranked: Vec<(f32, usize)> = self
            .documents
            .iter()
            .enumerate()
            .map(|(at, n)| {
                #[expect(clippy::cast_precision_loss, reason = "tens of thousands of texts")]
                let weight = (model.weights[at].iter().map(|w| w * w).sum::<f32>() * *n as f32).sqrt();
                (weight, at)
            })
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(most);
        let mut kept: Vec<usize> = ranked.into_iter().map(|(_, at)| at).collect();
        kept.sort_unstable();
        Self::from_entries(
            kept.iter().map(|at| self.entries[*at]).collect(),
            kept.iter().map(|at| self.documents[*at]).collect(),
        )
    }

    /// How many n-grams there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Each n-gram with its inverse document frequency, in the order of their places.
    pub fn entries(&self) -> &[(Key, f32)] {
        &self.entries
    }

    /// The row of a text: each group scaled to length 1, places in order.
    pub fn row(&self, counts: &Counts) -> Vec<(u32, f32)> {
        let mut row = Vec::new();
        for group in 0..GROUPS {
            let from = row.len();
            for (key, times) in &counts.groups[group] {
                if let Some(place) = self.places.get(key) {
                    row.push((*place, self.entries[*place as usize].1 * term_weight(*times)));
                }
            }
            let length = row[from..].iter().map(|(_, v)| v * v).sum::<f32>().sqrt();
            if length > 0.0 {
                row[from..].iter_mut().for_each(|(_, v)| *v /= length);
            }
        }
        row.sort_unstable_by_key(|(place, _)| *place);
        row
    }

    /// The rows of many texts.
    pub fn rows<'a>(&self, texts: impl IntoIterator<Item = &'a Counts>) -> Rows {
        let mut rows = Rows::default();
        for counts in texts {
            rows.push(self.row(counts));
        }
        rows
    }
}
