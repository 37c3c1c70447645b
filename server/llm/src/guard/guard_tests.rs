//! Tries sentences on the guard by hand, in both languages: true ones in many wordings, and lies that lie close to the truth.

use proptest::prelude::*;
use spectrum_domain::{
    affect::{Family, Quadrant},
    card::Language,
    feature::Feature,
    finding::{Axis, Direction, Finding, Kind},
};

use super::*;
use crate::fake::samples;

/// All that a sentence could claim of the statement.
fn all_claims(input: &Input) -> Vec<Claim> {
    let statement = &input.statements[0];
    What::ALL
        .into_iter()
        .filter(|what| {
            let context =
                Context { input, words: Words::of(input.language), statement, what: vec![*what], question: false };
            context.claims_what_is_there()
        })
        .map(|what| Claim { index: 0, what })
        .collect()
}

fn reasons(finding: &Finding, grain: Grain, language: Language, text: &str) -> Vec<Reason> {
    let input = Input::new(std::slice::from_ref(finding), grain, language, samples::coverage());
    let told = Sentence { text: text.to_owned(), claims: all_claims(&input) };
    let part = Part { sentence: &told, index: Some(0), most: SENTENCE, question: text.ends_with('?') };
    let mut reasons = sentence(&part, &input, Words::of(language));
    reasons.sort();
    reasons.dedup();
    reasons
}

fn worry() -> Finding {
    samples::family_changed(Family::Worry, Direction::Higher, (9, 12), (20, 120))
}

fn quieter() -> Finding {
    samples::level_changed(Axis::Arousal, Direction::Lower)
}

fn turn() -> Finding {
    samples::movement(Kind::FeatureShift, Feature::Turn, Axis::Valence, Direction::Higher)
}

fn hope() -> Finding {
    let found = samples::family_changed(Family::Hope, Direction::Higher, (5, 12), (0, 120));
    Finding { kind: Kind::FirstTime, reference: Some(0.0), ..found }
}

fn contrast() -> Finding {
    samples::movement(Kind::FeatureContrast, Feature::Lens, Axis::Arousal, Direction::Lower)
}

fn leaned() -> Finding {
    samples::level(Axis::Valence, Direction::Lower)
}

fn low() -> Finding {
    samples::mix(Quadrant::LowUnpleasant, 9, 12)
}

#[test]
fn true_sentences_pass_in_many_wordings() {
    use Language::{English, German};
    for (finding, language, text) in [
        (worry(), English, "Worry showed up more often than usual."),
        (worry(), English, "In 9 of 12 sessions there was worry, before in 20 of 120."),
        (worry(), English, "Worry was present in 9 of your 12 sessions this week."),
        (worry(), English, "It appeared in nine of twelve sessions, compared with 20 of 120 before."),
        (worry(), English, "That is 75 % of sessions, up from 17 % before."),
        (worry(), English, "Worry came up more often than in your last 12 weeks."),
        (worry(), English, "Before, it was in 20 of 120 sessions."),
        (worry(), English, "About 75 percent of sessions held worry."),
        (hope(), English, "In 5 of 12 sessions this week, before in none of 120."),
        (hope(), German, "Hoffnung war zum ersten Mal da, vorher in keiner von 120 Sitzungen."),
        (quieter(), English, "You leaned quieter than usual."),
        (quieter(), English, "Energy was lower than in your last twelve weeks."),
        (quieter(), English, "Compared with your last 12 weeks, energy leaned lower."),
        (quieter(), English, "Across 12 sessions, energy was below your usual range."),
        (quieter(), English, "The week held less energy than your last 12 weeks."),
        (turn(), English, "Turn sessions ended more pleasant than they began."),
        (turn(), English, "Across 40 Turn sessions over 13 weeks, sessions ended more pleasant than they started."),
        (contrast(), English, "Lens sessions shifted with less energy than your other sessions."),
        (contrast(), German, "Sitzungen in Lens verliefen mit weniger Energie als deine anderen Sitzungen."),
        (leaned(), English, "This week leaned unpleasant."),
        (leaned(), English, "Across 12 sessions on 6 days, your week leaned a little unpleasant."),
        (low(), English, "Most sessions had low energy and were unpleasant."),
        (low(), English, "9 of 12 sessions were low energy, unpleasant."),
        (worry(), German, "Sorge war häufiger da als sonst."),
        (worry(), German, "In 9 von 12 Sitzungen war Sorge da, vorher in 20 von 120."),
        (worry(), German, "Sorge zeigte sich in neun von zwölf Sitzungen dieser Woche."),
        (worry(), German, "Das sind 75 % der Sitzungen, vorher 17 %."),
        (worry(), German, "Sorge war häufiger da als in deinen letzten 12 Wochen."),
        (quieter(), German, "Diese Woche war ruhiger als sonst."),
        (quieter(), German, "Die Energie lag niedriger als in den letzten zwölf Wochen."),
        (quieter(), German, "Verglichen mit den letzten 12 Wochen war weniger Energie da."),
        (turn(), German, "Sitzungen in Turn endeten angenehmer, als sie begannen."),
        (leaned(), German, "Diese Woche war eher unangenehm."),
        (leaned(), German, "Aus 12 Sitzungen an 6 Tagen: die Woche war eher unangenehm."),
        (leaned(), German, "Die Woche neigte zur unangenehmen Seite."),
        (low(), German, "Die meisten Sitzungen waren unangenehm, mit niedriger Energie."),
    ] {
        assert_eq!(reasons(&finding, Grain::Week, language, text), [], "{text}");
    }
}

#[test]
fn lies_close_to_the_truth_are_caught() {
    use Language::{English, German};
    use Reason::{Direction as Way, Feature as Named, InnerState, Kind as Of, Number, Period, Words as Known};
    for (finding, language, text, reason) in [
        (worry(), English, "Worry was there in 12 sessions.", Number),
        (worry(), English, "Worry was in 9 of 120 sessions.", Number),
        (worry(), English, "Worry was in 20 of 120 sessions this week.", Number),
        (worry(), English, "It was in 20 of 120 sessions, before in 9 of 12.", Number),
        (worry(), English, "Before, it was in 9 of 12 sessions.", Number),
        (worry(), English, "Worry was in more than 9 of 12 sessions.", Number),
        (worry(), English, "Worry was in at least 9 of 12 sessions.", Number),
        (worry(), English, "Worry was in 9.5 of 12 sessions.", Number),
        (worry(), English, "Worry was in nearly all of the 12 sessions.", Number),
        (worry(), English, "Worry was in none of 12 sessions.", Number),
        (worry(), German, "Sorge war in keiner von 12 Sitzungen da.", Number),
        (hope(), English, "Hope was in none of 12 sessions.", Number),
        (quieter(), English, "In 12 sessions energy was lower than usual.", Number),
        (quieter(), English, "Energy was lower than usual on 6 days.", Number),
        (turn(), English, "40 Turn sessions ended more pleasant than they began.", Number),
        (quieter(), German, "In 12 Sitzungen war weniger Energie da als sonst.", Number),
        (worry(), English, "Only worry was there.", Number),
        (worry(), English, "Worry has you.", InnerState),
        (worry(), English, "In 9 of 12 sessions worry was there at the beginning.", Way),
        (leaned(), English, "Sessions ended unpleasant.", Way),
        (leaned(), English, "Sessions were unpleasant.", Reason::Unhedged),
        (leaned(), German, "Die Woche war unangenehm.", Reason::Unhedged),
        (quieter(), English, "Across 12 weeks energy was lower than usual.", Period),
        (quieter(), German, "Es war 12 Wochen ruhiger als sonst.", Period),
        (worry(), English, "Your worry grew more often than usual.", InnerState),
        (quieter(), German, "Deine Energie ist niedriger als sonst.", InnerState),
        (turn(), German, "Nach Turn war es dir angenehmer.", InnerState),
        (worry(), English, "Worry is what this week was about.", Known),
        (worry(), English, "In 9 of 12 sessions worry was most of it.", Number),
        (quieter(), English, "Energy was far below usual.", Known),
        (worry(), English, "From 9 of 12 sessions worry moved to 20 of 120 before.", Of),
        (worry(), English, "Worry was in 9 of 12 sessions, more than in 20 of 120 before.", Number),
        (worry(), English, "Worry was there twice as often.", Number),
        (worry(), English, "Worry was in every session.", Number),
        (worry(), English, "Worry was in half of the sessions.", Number),
        (worry(), English, "Worry was there in one session.", Number),
        (worry(), English, "Worry was in 9 of 12 days.", Number),
        (worry(), English, "Worry was in 57 % of sessions.", Number),
        (worry(), English, "Worry was there less often than usual.", Way),
        (worry(), English, "Worry was rarer than usual.", Way),
        (worry(), English, "Worry was below the usual range.", Way),
        (worry(), English, "Worry made it less pleasant.", Way),
        (worry(), English, "Your last 12 weeks had worry more often.", Way),
        (worry(), English, "Worry was there more often in your last 12 weeks than this week.", Way),
        (worry(), English, "Worry was missing in 9 of 12 sessions.", Of),
        (worry(), English, "9 of 12 sessions were without worry.", Of),
        (worry(), English, "Worry was not more often there than usual.", Of),
        (worry(), English, "Worry was there more often than last week.", Period),
        (worry(), English, "Worry was there more often than in your last 4 weeks.", Period),
        (worry(), English, "Worry was there more often than in your last 12 months.", Period),
        (worry(), English, "Worry was there more often this month.", Period),
        (worry(), English, "Worry was there in 9 of 12 sessions with Anna.", Known),
        (quieter(), English, "You leaned livelier than usual.", Way),
        (quieter(), English, "Energy was higher than usual.", Way),
        (quieter(), English, "You were quieter than usual.", InnerState),
        (quieter(), English, "Sessions were quiet.", Way),
        (quieter(), English, "Sessions leaned less pleasant than usual.", Way),
        (turn(), English, "Turn sessions began more pleasant than they ended.", Way),
        (turn(), English, "Lens sessions ended more pleasant than they began.", Named),
        (turn(), English, "12 Turn sessions ended more pleasant.", Number),
        (contrast(), English, "Lens sessions ended with less energy than they began.", Way),
        (contrast(), English, "Lens sessions ended with less energy than your other sessions.", Way),
        (turn(), English, "Turn sessions moved more pleasant than your other sessions.", Way),
        (leaned(), English, "This week was less pleasant than usual.", Way),
        (leaned(), English, "This week leaned unpleasant as usual.", Period),
        (low(), English, "9 of 12 sessions were high energy, unpleasant.", Way),
        (low(), English, "9 of 12 sessions were low energy, pleasant.", Way),
        (worry(), German, "Sorge war in 12 Sitzungen da.", Number),
        (worry(), German, "In 20 von 120 Sitzungen war Sorge da, vorher in 9 von 12.", Number),
        (worry(), German, "Sorge war in mehr als 9 von 12 Sitzungen da.", Number),
        (worry(), German, "Sorge war doppelt so oft da.", Number),
        (worry(), German, "Sorge war in jeder Sitzung da.", Number),
        (worry(), German, "Sorge war in einundzwanzig von 120 Sitzungen da.", Number),
        (worry(), German, "Sorge war seltener da als sonst.", Way),
        (worry(), German, "In den letzten 12 Wochen war Sorge häufiger da.", Way),
        (worry(), German, "Sorge war häufiger da als letzte Woche.", Period),
        (worry(), German, "Sorge fehlte in 9 von 12 Sitzungen.", Of),
        (worry(), German, "Sorge war nicht häufiger da als sonst.", Of),
        (worry(), German, "Sorge war in 9 von 12 Sitzungen mit Anna da.", Known),
        (quieter(), German, "Diese Woche war lebhafter als sonst.", Way),
        (quieter(), German, "Du warst ruhiger als sonst.", InnerState),
        (turn(), German, "Sitzungen in Turn begannen angenehmer, als sie endeten.", Way),
        (turn(), German, "Sitzungen in Lens endeten angenehmer.", Named),
        (leaned(), German, "Diese Woche war weniger angenehm als sonst.", Way),
        (leaned(), German, "Die Woche neigte zur angenehmen Seite.", Way),
        (low(), German, "Überwiegend hohe Energie und unangenehm.", Way),
    ] {
        let given = reasons(&finding, Grain::Week, language, text);
        assert!(given.contains(&reason), "{text} {given:?}");
    }
}

#[test]
fn a_sentence_may_use_what_it_claims_and_nothing_else() {
    use Reason::{Claims, Number};
    let english = Language::English;
    let input = Input::new(&[worry()], Grain::Week, english, samples::coverage());
    let told = |claims| Sentence { text: "It was in 9 of 12 sessions.".to_owned(), claims };
    let check = |claims| {
        let sentence_ = told(claims);
        sentence(
            &Part { sentence: &sentence_, index: Some(0), most: SENTENCE, question: false },
            &input,
            Words::of(english),
        )
    };
    let claim = |index, what| Claim { index, what };
    assert_eq!(check(vec![claim(0, What::Counts)]), []);
    assert!(check(vec![]).contains(&Claims));
    assert!(check(vec![claim(1, What::Counts)]).contains(&Claims));
    assert!(check(vec![claim(0, What::Direction)]).contains(&Number), "its numbers are not claimed");
}

#[test]
fn the_question_of_a_month_can_be_answered_with_no_and_suggests_nothing() {
    let ask = |language, text| reasons(&worry(), Grain::Month, language, text);
    for (language, text) in [
        (Language::English, "Is that how this month looks to you?"),
        (Language::English, "Does that picture fit this month?"),
        (Language::German, "Passt dieses Bild zu diesem Monat?"),
    ] {
        assert_eq!(ask(language, text), [], "{text}");
    }
    for (language, text) in [
        (Language::English, "Why was worry there this month?"),
        (Language::English, "Would you like to try something this month?"),
        (Language::English, "Do you feel worry this month?"),
        (Language::English, "Is it time to see a doctor this month?"),
        (Language::German, "Warum war diesen Monat Sorge da?"),
        (Language::German, "Hast du diesen Monat Sorge?"),
    ] {
        assert_ne!(ask(language, text), [], "{text}");
    }
}

#[test]
fn what_the_prompts_show_as_an_example_passes() {
    let findings = [quieter(), worry()];
    for (name, grain) in [("weekly", Grain::Week), ("monthly", Grain::Month)] {
        let revision = crate::prompts::load(name, 1).expect("a revision");
        let example = revision.system.lines().last().expect("an example");
        let input = Input::new(&findings, grain, Language::English, samples::coverage());
        let check = |sentence: &Sentence, question| {
            let part = Part { sentence, index: Some(1), most: HEADLINE, question };
            assert_eq!(super::sentence(&part, &input, Words::of(Language::English)), [], "{}", sentence.text);
        };
        match grain {
            Grain::Week => {
                let answer: WeekAnswer = serde_json::from_str(example).expect("an answer");
                let sentences = answer.cards.iter().flat_map(|card| std::iter::once(&card.headline).chain(&card.body));
                sentences.for_each(|sentence| check(sentence, false));
            }
            Grain::Month => {
                let answer: MonthAnswer = serde_json::from_str(example).expect("an answer");
                let parts = answer.sections.iter().flat_map(|of| std::iter::once(&of.heading).chain(&of.body));
                parts.for_each(|sentence| check(sentence, false));
                check(&answer.question, true);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever other number stands in an honest sentence, it is refused.
    #[test]
    fn any_other_number_is_refused(wrong in 0_u32..2000, place in 0_usize..4, german in any::<bool>()) {
        let mut numbers = [9, 12, 20, 120];
        prop_assume!(numbers[place] != wrong);
        numbers[place] = wrong;
        let [n, all, then, before] = numbers;
        let (language, text) = if german {
            (Language::German, format!("Das war in {n} von {all} Sitzungen so, vorher in {then} von {before}."))
        } else {
            (Language::English, format!("It was in {n} of {all} sessions, before in {then} of {before}."))
        };
        prop_assert!(reasons(&worry(), Grain::Week, language, &text).contains(&Reason::Number), "{}", text);
    }

    /// No text makes the guard fail, and none without a claim passes.
    #[test]
    fn any_text_is_judged(text in ".{0,200}") {
        let input = Input::new(&[worry()], Grain::Week, Language::German, samples::coverage());
        prop_assert!(judge(&text, &input, &Shingles::default()).is_err());
        let sentence = Sentence { text, claims: vec![] };
        let card = CardAnswer { index: 0, headline: sentence.clone(), body: vec![sentence] };
        let answer = serde_json::to_string(&WeekAnswer { cards: vec![card] }).expect("JSON");
        prop_assert!(judge(&answer, &input, &Shingles::default()).is_err());
    }
}
