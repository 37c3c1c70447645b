//! How many people have which small whole number, and what follows from that: mean, spread, how far two groups lie apart.

use std::collections::BTreeMap;

use super::number;

/// People by a whole number of theirs: weeks in which they were there, or how many more than before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<i32, u64>);

impl Tally {
    /// One more person with this number.
    pub fn add(&mut self, value: i32) {
        self.add_people(value, 1);
    }

    /// So many more.
    pub fn add_people(&mut self, value: i32, people: u64) {
        *self.0.entry(value).or_default() += people;
    }

    /// All of them.
    pub fn people(&self) -> u64 {
        self.0.values().sum()
    }

    /// With this number.
    pub fn with(&self, value: i32) -> u64 {
        self.0.get(&value).copied().unwrap_or_default()
    }

    /// None where there is nobody.
    pub fn mean(&self) -> Option<f64> {
        let people = self.people();
        let sum: f64 = self.0.iter().map(|(value, people)| f64::from(*value) * number(*people)).sum();
        (people > 0).then(|| sum / number(people))
    }

    /// Over people less one; none where there are fewer than two.
    pub fn variance(&self) -> Option<f64> {
        let (people, mean) = (self.people(), self.mean()?);
        let squares: f64 =
            self.0.iter().map(|(value, people)| (f64::from(*value) - mean).powi(2) * number(*people)).sum();
        (people > 1).then(|| squares / number(people - 1))
    }

    /// The standardised mean difference, this less the other: over the root of the mean of both variances (Austin 2009, Statistics in
    /// Medicine 28:3083). Zero where nobody differs; none where somebody does, but only from one group to the other.
    pub fn apart(&self, other: &Self) -> Option<f64> {
        let difference = self.mean()? - other.mean()?;
        let spread = f64::midpoint(self.variance()?, other.variance()?).sqrt();
        if spread > 0.0 { Some(difference / spread) } else { (difference == 0.0).then_some(0.0) }
    }
}

impl FromIterator<i32> for Tally {
    fn from_iter<I: IntoIterator<Item = i32>>(values: I) -> Self {
        let mut tally = Self::default();
        values.into_iter().for_each(|value| tally.add(value));
        tally
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn by_hand() {
        let tally: Tally = [1, 2, 2, 5].into_iter().collect();
        assert_eq!((tally.people(), tally.with(2), tally.with(3)), (4, 2, 0));
        assert_eq!(tally.mean(), Some(2.5));
        assert_eq!(tally.variance(), Some(3.0));
        let other: Tally = [0, 1, 1, 4].into_iter().collect();
        assert_eq!(tally.apart(&other), Some(1.0 / 3.0_f64.sqrt()));
        let (always, never): (Tally, Tally) = ([1, 1].into_iter().collect(), [0, 0].into_iter().collect());
        assert_eq!((always.apart(&always), always.apart(&never)), (Some(0.0), None));
        assert_eq!((Tally::default().mean(), [3].into_iter().collect::<Tally>().variance()), (None, None));
    }

    proptest! {
        #[test]
        fn as_the_list_itself(values in proptest::collection::vec(-9i32..9, 2..60)) {
            let tally: Tally = values.iter().copied().collect();
            let n = number(values.len() as u64);
            let mean = values.iter().map(|value| f64::from(*value)).sum::<f64>() / n;
            let variance = values.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>() / (n - 1.0);
            prop_assert!((tally.mean().expect("a mean") - mean).abs() < 1e-12);
            prop_assert!((tally.variance().expect("a variance") - variance).abs() < 1e-9);
        }
    }
}
