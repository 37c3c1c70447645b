//! Measuring feeling: the analyzer's trait, and from the turns of a session to its analysis.

#![deny(clippy::disallowed_types)]

use spectrum_core::analysis::{load_turns::TurnText, record_analysis::Analysis};
use spectrum_domain::{
    affect::AffectVector,
    private::PrivateText,
    session::{MeasuredTurn, Role, SessionVector, TurnImpact},
};

pub mod lexicon;

pub use lexicon::Lexicon;

/// Measures the feeling of one turn. The same text always gives the same measure, on every machine.
pub trait Analyzer: Send + Sync {
    /// Name and version, such as `lexicon@1`: kept with every measure.
    fn model(&self) -> &str;

    /// The measure of a text; nothing only when it has no word at all.
    ///
    /// PRIVACY: an implementation neither keeps nor logs the text.
    fn measure(&self, text: &PrivateText) -> Option<AffectVector>;
}

/// Measures a session: the member's turns that still have text, nothing of the assistant's.
pub fn measure_session(analyzer: &dyn Analyzer, turns: &[TurnText], input_version: i32) -> Analysis {
    let measured: Vec<MeasuredTurn> = turns
        .iter()
        .filter(|turn| turn.role == Role::Member)
        .filter_map(|turn| {
            let affect = analyzer.measure(turn.text.as_ref()?)?;
            Some(MeasuredTurn { index: turn.index, words: turn.words, affect })
        })
        .collect();
    Analysis {
        input_version,
        vector: SessionVector::of(&measured),
        impacts: TurnImpact::of(&measured),
        model: analyzer.model().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(index: i32, role: Role, text: Option<&str>) -> TurnText {
        TurnText { index, role, words: 5, text: text.map(|words| PrivateText::new(words.to_owned())) }
    }

    #[test]
    fn only_member_turns_with_words_are_measured() {
        let turns = [
            turn(0, Role::Member, Some("I am worried about tomorrow.")),
            turn(1, Role::Assistant, Some("How wonderful, a delightful joy!")),
            turn(2, Role::Member, None),
            turn(3, Role::Member, Some("🙂")),
            turn(4, Role::Member, Some("I feel calm and grateful now.")),
        ];
        let analysis = measure_session(&Lexicon::new(), &turns, 7);
        let vector = analysis.vector.expect("two measured turns");
        assert_eq!((analysis.input_version, analysis.model.as_str(), vector.turns), (7, "lexicon@1", 2));
        assert_eq!(analysis.impacts.iter().map(|i| i.index).collect::<Vec<_>>(), [0, 4]);
        assert!(analysis.impacts[1].valence_step.expect("a turn before") > 500);
        assert_eq!(analysis.impacts[1].turns_between, 3);
    }

    #[test]
    fn a_session_without_words_has_no_measure() {
        let analysis = measure_session(&Lexicon::new(), &[turn(0, Role::Assistant, Some("Hello"))], 1);
        assert_eq!((analysis.vector, analysis.impacts.len()), (None, 0));
    }
}
