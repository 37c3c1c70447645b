//! The sentences of the demo: what its people write in each mood, and what they are answered.

use spectrum_domain::affect::{FAMILIES, Family};

const BANK: &str = include_str!("sentences.tsv");

/// The bank, sorted by what a sentence is for.
#[derive(Debug, Default)]
pub struct Sentences {
    /// The member's, by family of feeling, in the order of [`Family::ALL`].
    pub felt: [Vec<&'static str>; FAMILIES],
    /// The member's, without a feeling.
    pub plain: Vec<&'static str>,
    /// The assistant's first.
    pub open: Vec<&'static str>,
    /// The assistant's in any feature.
    pub reply: Vec<&'static str>,
    /// The assistant's in Turn.
    pub reframe: Vec<&'static str>,
    /// The assistant's in Lens.
    pub perspective: Vec<&'static str>,
    /// The assistant's last.
    pub close: Vec<&'static str>,
}

impl Sentences {
    /// Reads the built-in bank; a test holds that every line of it finds its place.
    pub fn new() -> Self {
        let mut bank = Self::default();
        for (kind, sentence) in BANK.lines().filter_map(|line| line.split_once('\t')) {
            if let Some(list) = bank.list(kind) {
                list.push(sentence);
            }
        }
        bank
    }

    fn list(&mut self, kind: &str) -> Option<&mut Vec<&'static str>> {
        Some(match kind {
            "plain" => &mut self.plain,
            "open" => &mut self.open,
            "reply" => &mut self.reply,
            "reframe" => &mut self.reframe,
            "perspective" => &mut self.perspective,
            "close" => &mut self.close,
            family => &mut self.felt[Family::ALL.into_iter().find(|f| f.name() == family)?.index()],
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use spectrum_domain::private::Private;

    use super::*;
    use crate::analyzer::Lexicon;

    #[test]
    fn every_line_finds_its_place_and_none_stands_twice() {
        let bank = Sentences::new();
        let lines: Vec<&str> = BANK.lines().filter(|line| !line.starts_with('#')).collect();
        let assistant = [&bank.open, &bank.reply, &bank.reframe, &bank.perspective, &bank.close].map(Vec::len);
        let member = bank.felt.iter().map(Vec::len).sum::<usize>() + bank.plain.len();
        assert_eq!(member + assistant.iter().sum::<usize>(), lines.len());
        assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), lines.len());
        assert!(member >= 160 && bank.felt.iter().all(|list| list.len() >= 15));
    }

    #[test]
    fn the_analyzer_finds_the_feeling_in_most_sentences() {
        let (bank, analyzer) = (Sentences::new(), Lexicon::new());
        for family in Family::ALL {
            let list = &bank.felt[family.index()];
            let (mut found, mut side) = (0, 0);
            for sentence in list {
                let affect = analyzer.measure(&Private::new((*sentence).to_owned())).expect("words");
                let pleasant = family.quadrant().index() == 1 || family.quadrant().index() == 2;
                side += usize::from((affect.valence.0 >= 0) == pleasant);
                if affect.present_families().contains(&family) {
                    found += 1;
                } else {
                    println!("{family}: {:?} {sentence}", affect.present_families());
                }
            }
            println!("{family}: {found} found, {side} on their side, of {}", list.len());
            assert!(found * 10 >= list.len() * 7, "{family}: only {found} of {}", list.len());
            assert!(side * 10 >= list.len() * 9, "{family}: only {side} of {} on their side", list.len());
        }
        for sentence in &bank.plain {
            let affect = analyzer.measure(&Private::new((*sentence).to_owned())).expect("words");
            assert_eq!(affect.present_families(), [], "{sentence}");
        }
    }
}
