//! The coarser groups of the 28 emotions by which GoEmotions is also judged: Ekman's six and the three sentiments, each
//! with neutral apart (the mapping files of the data set).

use spectrum_domain::affect::EMOTIONS;

/// A group: its name and the places of its emotions.
pub type Group = (&'static str, &'static [usize]);

/// Ekman's groups.
pub const EKMAN: [Group; 7] = [
    ("anger", &[2, 3, 10]),
    ("disgust", &[11]),
    ("fear", &[14, 19]),
    ("joy", &[0, 1, 4, 5, 8, 13, 15, 17, 18, 20, 21, 23]),
    ("sadness", &[9, 12, 16, 24, 25]),
    ("surprise", &[6, 7, 22, 26]),
    ("neutral", &[27]),
];

/// Sentiment groups.
pub const SENTIMENT: [Group; 4] = [
    ("positive", &[0, 1, 4, 5, 8, 13, 15, 17, 18, 20, 21, 23]),
    ("negative", &[2, 3, 9, 10, 11, 12, 14, 16, 19, 24, 25]),
    ("ambiguous", &[6, 7, 22, 26]),
    ("neutral", &[27]),
];

/// The probability that at least one emotion of the group is there (noisy-or).
pub fn probability(group: Group, emotions: &[f32; EMOTIONS]) -> f32 {
    1.0 - group.1.iter().map(|emotion| 1.0 - emotions[*emotion]).product::<f32>()
}

/// Whether people saw at least one emotion of the group.
pub fn truth(group: Group, emotions: &[f32; EMOTIONS]) -> bool {
    group.1.iter().any(|emotion| emotions[*emotion] > 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_emotion_is_in_one_group_of_each() {
        for groups in [EKMAN.as_slice(), SENTIMENT.as_slice()] {
            let mut all: Vec<usize> = groups.iter().flat_map(|group| group.1.iter().copied()).collect();
            all.sort_unstable();
            assert_eq!(all, (0..EMOTIONS).collect::<Vec<_>>());
        }
    }
}
