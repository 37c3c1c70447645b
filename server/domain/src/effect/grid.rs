//! Figures over a grid of counts, edges included, to be held against another implementation.

use serde::Serialize;

use super::{
    Difference, Estimate, Rate, SampleRatio,
    power::{people_needed, power, smallest_difference},
    sample_ratio::NotTested,
};

/// Two rates and what they differ by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// One.
    pub one: Rate,
    /// Less the other.
    pub other: Rate,
    /// Newcombe's.
    #[serde(flatten)]
    pub difference: Difference,
}

/// Arms, their weights and the test of their sizes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sizes {
    /// People of each.
    pub people: Vec<u64>,
    /// Weights of each.
    pub weights: Vec<u16>,
    /// Pearson's.
    pub tested: Result<SampleRatio, NotTested>,
}

/// Two shares and what so many people can show of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reach {
    /// The share that is held against.
    pub base: f64,
    /// The other.
    pub to: f64,
    /// People of the arm with `base`.
    pub base_people: u64,
    /// People of the other.
    pub people: u64,
    /// Of these, at 5 % two-sided.
    pub power: f64,
    /// People of each of two equal arms for 80 %.
    pub needed: Option<u64>,
    /// The smallest rise that these people show with 80 %.
    pub smallest: Option<f64>,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grid {
    /// Rates with Wilson's interval.
    pub rates: Vec<Estimate>,
    /// Differences with Newcombe's.
    pub pairs: Vec<Pair>,
    /// Sizes of arms with chi-square.
    pub sizes: Vec<Sizes>,
    /// Power.
    pub reach: Vec<Reach>,
}

const PEOPLE: [u64; 9] = [1, 2, 7, 29, 100, 999, 10_000, 123_457, 2_000_000];

/// The grid: the same each time.
pub fn grid() -> Grid {
    let hits = |people: u64| {
        let mut hits = vec![0, 1, people / 25, people / 7, people / 2, people - people / 10, people - 1, people];
        hits.sort_unstable();
        hits.dedup();
        hits
    };
    let rates: Vec<Rate> = PEOPLE
        .into_iter()
        .flat_map(|people| hits(people).into_iter().filter_map(move |hits| Rate::new(hits, people)))
        .collect();
    let pair = |one: Rate, other: Rate| Pair { one, other, difference: Difference::between(one, other) };
    let pairs = rates.iter().flat_map(|one| rates.iter().map(move |other| pair(*one, *other)));
    let arms: [(&[u64], &[u16]); 9] = [
        (&[5_165, 4_835], &[500, 500]),
        (&[19_000, 1_000], &[950, 50]),
        (&[19_000, 900], &[950, 50]),
        (&[50, 50], &[500, 500]),
        (&[333, 333, 334], &[1, 1, 1]),
        (&[300, 330, 370], &[333, 333, 334]),
        (&[100, 130, 90, 110], &[250, 250, 250, 250]),
        (&[10, 20, 30, 40, 50, 60, 70], &[10, 20, 30, 40, 50, 60, 71]),
        (&[1_000_000, 1_003_000], &[500, 500]),
    ];
    let sizes = arms.map(|(people, weights)| Sizes {
        people: people.to_vec(),
        weights: weights.to_vec(),
        tested: SampleRatio::of(people, weights),
    });
    let mut reach = Vec::new();
    for (base, to) in [(0.40, 0.44), (0.40, 0.42), (0.04, 0.05), (0.04, 0.044), (0.5, 0.35), (0.9, 0.95), (0.01, 0.2)] {
        for (base_people, people) in [(50, 50), (1_600, 1_600), (500, 9_500), (19_000, 1_000)] {
            reach.push(Reach {
                base,
                to,
                base_people,
                people,
                power: power(base, base_people, to, people),
                needed: people_needed(base, to),
                smallest: smallest_difference(base, base_people, people),
            });
        }
    }
    Grid {
        pairs: pairs.collect(),
        rates: rates.into_iter().map(Rate::estimate).collect(),
        sizes: sizes.to_vec(),
        reach,
    }
}
