//! From the turns of a session to its analysis: what is measured, what is not and why, and what it adds up to.

use std::sync::Arc;

use spectrum_core::analysis::{
    load_turns::{SessionText, TurnText},
    record_analysis::{Analysis, TurnLanguage},
};
use spectrum_domain::{
    impact::{HomeBase, TurnImpact},
    measure::{Coverage, MeasuredTurn, Outcome, ReadTurn, Reading, SessionVector, WhyNot},
    private::PrivateText,
    session::Role,
};

use super::{
    Analyzer, AnalyzerError, Texts,
    language::{Found, survey},
};

/// Measures a session: the member's turns that still have text, nothing of the assistant's.
///
/// The model in the binary reads everything. Where there is a model outside and the member agreed to it, that one reads
/// what is words as well, and its measures count; if it gives none, for whatever reason, those of the model in the binary
/// do. The analysis names whose they are. A crisis flag of either counts.
pub async fn measure_session(
    analyzer: &dyn Analyzer,
    outside: Option<&dyn Analyzer>,
    text: SessionText,
) -> Result<Analysis, AnalyzerError> {
    let SessionText { input_version, turns, home, outside: agreed } = text;
    let (turns, texts) = part(turns);
    let found = {
        let texts = Arc::clone(&texts);
        tokio::task::spawn_blocking(move || survey(&texts)).await?
    };
    let mut readings = ask(analyzer, Arc::clone(&texts)).await?;
    let mut analyzer = analyzer;
    if let Some(outside) = outside.filter(|_| agreed) {
        match read_outside(outside, &texts, &found, &mut readings).await {
            Ok(true) => analyzer = outside,
            Ok(false) => {}
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the model outside did not read a session; the embedded one did"
            ),
        }
    }
    Ok(sum_up(analyzer, input_version, &home, &turns, &found, &readings))
}

/// As many readings as texts, or none.
async fn ask(analyzer: &dyn Analyzer, texts: Texts) -> Result<Vec<Reading>, AnalyzerError> {
    let asked = texts.len();
    let readings = analyzer.measure(texts).await?;
    if readings.len() == asked { Ok(readings) } else { Err(AnalyzerError::Count { asked, given: readings.len() }) }
}

/// Has what is words read outside, and puts those readings in the place of what there was; false if there is none.
///
/// PRIVACY: pasted logs and code, which may hold other people's secrets, stay here.
async fn read_outside(
    outside: &dyn Analyzer,
    texts: &Texts,
    found: &[Found],
    readings: &mut [Reading],
) -> Result<bool, AnalyzerError> {
    let fits = |found: &Found| match found {
        Found::NoWords | Found::NotProse => false,
        Found::Words(language) => outside.knows(*language),
        Found::Unclear => true,
    };
    let places: Vec<usize> = (0..texts.len()).filter(|place| fits(&found[*place])).collect();
    if places.is_empty() {
        return Ok(false);
    }
    let sent: Texts = places.iter().map(|place| texts[*place].clone()).collect();
    for (place, reading) in places.iter().zip(ask(outside, sent).await?) {
        let flagged = readings[*place].crisis;
        readings[*place] = Reading { crisis: reading.crisis || flagged, ..reading };
    }
    Ok(true)
}

/// A turn without its text.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    index: i32,
    role: Role,
    words: i32,
    /// Whether its text is among those to be read.
    has_text: bool,
}

/// Parts the turns from the texts of the member's.
fn part(turns: Vec<TurnText>) -> (Vec<Turn>, Texts) {
    let mut texts: Vec<PrivateText> = Vec::with_capacity(turns.len());
    let turns = turns
        .into_iter()
        .map(|TurnText { index, role, words, text }| {
            let text = text.filter(|_| role == Role::Member);
            let has_text = text.is_some();
            texts.extend(text);
            Turn { index, role, words, has_text }
        })
        .collect();
    (turns, texts.into())
}

/// What the readings of a session amount to. What a model says of a text in a language it doesn't know, or of a text
/// that is nobody's words, is overruled; its crisis flag never is.
pub fn sum_up(
    analyzer: &dyn Analyzer,
    input_version: i32,
    home: &HomeBase,
    turns: &[Turn],
    found: &[Found],
    readings: &[Reading],
) -> Analysis {
    let mut read = readings.iter().zip(found);
    let mut languages = Vec::new();
    let mut read_turns = Vec::with_capacity(turns.len());
    for turn in turns {
        let outcome = match (turn.role, turn.has_text) {
            (Role::Assistant, _) => None,
            (Role::Member, false) => Some(Outcome::NotMeasured(WhyNot::TextGone)),
            (Role::Member, true) => read.next().map(|(reading, found)| {
                let language = if let Found::Words(language) = found { Some(*language) } else { None };
                languages.push(TurnLanguage { index: turn.index, language });
                overruled(analyzer, *found).map_or(reading.outcome, Outcome::NotMeasured)
            }),
        };
        read_turns.push(ReadTurn { index: turn.index, words: turn.words, outcome });
    }
    let coverage = Coverage::of(&read_turns);
    let measured = MeasuredTurn::among(&read_turns);
    Analysis {
        input_version,
        vector: SessionVector::of(&measured, coverage, home, analyzer.band()),
        coverage,
        crisis: readings.iter().any(|reading| reading.crisis),
        impacts: TurnImpact::of(&measured, home),
        languages,
        band: analyzer.band(),
        model: analyzer.model().to_owned(),
    }
}

/// Why a text has no measure, whatever the model says of it.
fn overruled(analyzer: &dyn Analyzer, found: Found) -> Option<WhyNot> {
    match found {
        Found::NoWords => Some(WhyNot::NoWords),
        Found::NotProse => Some(WhyNot::NotProse),
        Found::Words(language) if !analyzer.knows(language) => Some(WhyNot::Language),
        Found::Words(_) | Found::Unclear => None,
    }
}

#[cfg(test)]
mod tests {
    use spectrum_domain::measure::Language;

    use super::*;
    use crate::analyzer::{Embedded, Lexicon};

    fn turn(index: i32, role: Role, text: Option<&str>) -> TurnText {
        TurnText { index, role, words: 5, text: text.map(|words| PrivateText::new(words.to_owned())) }
    }

    async fn measure(turns: Vec<TurnText>) -> Analysis {
        let text = SessionText { input_version: 7, turns, home: HomeBase::default(), outside: true };
        measure_session(&Embedded::new(Lexicon::new()), None, text).await.expect("readings")
    }

    #[tokio::test]
    async fn only_member_turns_with_words_are_measured() {
        let analysis = measure(vec![
            turn(0, Role::Member, Some("I am worried about tomorrow.")),
            turn(1, Role::Assistant, Some("How wonderful, a delightful joy!")),
            turn(2, Role::Member, None),
            turn(3, Role::Member, Some("🙂")),
            turn(4, Role::Member, Some("I feel calm and grateful now.")),
        ])
        .await;
        let vector = analysis.vector.expect("two measured turns");
        assert_eq!((analysis.input_version, analysis.model.as_str()), (7, "lexicon@1"));
        assert_eq!(vector.coverage, Coverage { turns: 2, words: 10, not_measured: [1, 0, 0, 1] });
        assert_eq!(analysis.impacts.iter().map(|i| i.index).collect::<Vec<_>>(), [0, 4]);
        let since = analysis.impacts[1].since.expect("a turn before");
        assert!(since.valence_step > 500);
        assert_eq!((analysis.impacts[1].assistant_before, analysis.impacts[1].unmeasured_before), (1, 2));
        let read = |index, language| TurnLanguage { index, language };
        let english = Some(Language::ENGLISH);
        assert_eq!(analysis.languages, [read(0, english), read(3, None), read(4, english)]);
    }

    #[tokio::test]
    async fn a_session_without_words_has_no_measure() {
        let analysis = measure(vec![turn(0, Role::Assistant, Some("Hello"))]).await;
        assert_eq!((analysis.vector, analysis.impacts.len()), (None, 0));
        assert_eq!(analysis.coverage.why_not(), Some(WhyNot::NoWords));
    }

    #[tokio::test]
    async fn what_is_in_another_language_says_so_and_is_not_measured() {
        let analysis = measure(vec![
            turn(0, Role::Member, Some("Heute war ein schwerer Tag, und ich mache mir Sorgen wegen morgen.")),
            turn(1, Role::Assistant, Some("I am so sorry to hear that.")),
            turn(2, Role::Member, Some("Danke, gut.")),
        ])
        .await;
        assert_eq!((analysis.vector, analysis.coverage.why_not()), (None, Some(WhyNot::Language)));
        let german = Some(Language::of_code("deu"));
        assert_eq!(analysis.languages.iter().map(|t| t.language).collect::<Vec<_>>(), [german, german]);
    }
}
