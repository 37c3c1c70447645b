//! What the word list must get right, and that no text brings it down.

use proptest::prelude::*;
use spectrum_domain::affect::{Family, PRESENT_FROM, Quadrant};

use super::*;

fn measure(text: &str) -> AffectVector {
    Lexicon::new().measure(&PrivateText::new(text.to_owned())).expect("a text with words")
}

#[test]
fn every_line_of_the_list_is_read_and_no_word_stands_twice() {
    let lines: Vec<&str> = WORDS.lines().filter(|line| !line.starts_with('#')).collect();
    let read: usize = Lexicon::new().entries.values().map(Vec::len).sum();
    assert_eq!(read, lines.len());
    let mut words: Vec<&str> = lines.iter().filter_map(|line| line.split('\t').next()).collect();
    words.sort_unstable();
    words.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1]));
    for word in words {
        assert_eq!(word, words_of(word).join(" "), "the list is written as text is read");
    }
}

#[test]
fn each_quarter_of_the_plane_is_reached() {
    for (text, quadrant) in [
        ("I was so excited that I danced in the kitchen, a wonderful day!", Quadrant::HighPleasant),
        ("A slow morning; I felt calm and rested and at ease.", Quadrant::LowPleasant),
        ("I am furious. He shouted at me in front of everyone.", Quadrant::HighUnpleasant),
        ("Worried about the deadline again, my heart was racing.", Quadrant::HighUnpleasant),
        ("I feel low and tired, everything is heavy.", Quadrant::LowUnpleasant),
        ("A wretched day, full of melancholy.", Quadrant::LowUnpleasant),
        ("Am delighted with a charming and delightful picture.", Quadrant::HighPleasant),
    ] {
        assert_eq!(measure(text).quadrant(), quadrant, "{text}");
    }
}

#[test]
fn energy_uses_its_whole_range() {
    assert!(measure("Calm, peaceful, serene, tranquil and relaxed.").arousal < Milli(-600));
    assert!(measure("Furious! I was raging, shouting, in a panic!").arousal > Milli(700));
}

#[test]
fn negation_turns_and_dampens() {
    let (happy, not_happy, sad) = (measure("I am happy"), measure("I am not happy"), measure("I am sad"));
    assert!(happy.valence > Milli(300));
    assert!(not_happy.valence < Milli(0) && not_happy.valence > sad.valence);
    assert!(not_happy.family(Family::Joy) < PRESENT_FROM);
    assert!(measure("I don't feel afraid any more").valence > Milli(0));
    // Four words back, or in another clause, it reaches no more.
    assert_eq!(measure("Not that it was ever so easy to say happy").valence.0.signum(), 1);
    assert!(measure("No, I am happy").valence > Milli(300));
    assert!(measure("It was not long but happy").valence > Milli(200));
}

#[test]
fn words_before_scale() {
    let plain = measure("I was worried").valence;
    assert!(measure("I was very worried").valence < plain);
    assert!(measure("I was a little worried").valence > plain);
    assert!(measure("I was a bit worried").valence < Milli(0));
}

#[test]
fn words_change_their_endings() {
    assert!(measure("She worries").family(Family::Worry) >= PRESENT_FROM);
    assert!(measure("I didn’t enjoy it").valence < Milli(0));
    assert!(measure("I enjoy it").family(Family::Joy) >= PRESENT_FROM);
    assert_eq!(measure("I went there as well").emotions[27], Milli(950));
}

#[test]
fn nothing_found_is_neutral_and_quiet() {
    let plain = measure("Went to the shop and bought two loaves of bread.");
    assert_eq!((plain.valence, plain.emotions[27]), (Milli(0), Milli(950)));
    assert!(plain.arousal < Milli(0) && plain.arousal > Milli(-150));
    assert_eq!(plain.present_families(), []);
}

#[test]
fn only_a_text_without_a_word_has_no_measure() {
    let lexicon = Lexicon::new();
    for none in ["", " \n\t", "🙂🙂", "… — !!!", "'", "-’-"] {
        assert_eq!(lexicon.measure(&PrivateText::new(none.to_owned())), None, "{none:?}");
    }
    for some in ["a", "7", "嬉しい", "🙂 ok", "Привет"] {
        assert!(lexicon.measure(&PrivateText::new(some.to_owned())).is_some(), "{some:?}");
    }
}

#[test]
fn a_wall_of_text_is_measured() {
    for wall in ["x".repeat(16 * 1024), "not very happy ".repeat(1_092), "’-".repeat(5_000) + "a", "İ".repeat(8_000)]
    {
        measure(&wall);
    }
}

proptest! {
    #[test]
    fn no_text_brings_it_down_and_all_figures_stay_in_range(
        text in prop_oneof![".{0,400}", "([a-z]{1,9}[ ,.!?'’]{1,2}){0,60}", "(not |very |happy |sad |but |🙂|é|ß|漢|, ){0,60}"],
    ) {
        let lexicon = Lexicon::new();
        let text = PrivateText::new(text);
        let measured = lexicon.measure(&text);
        prop_assert_eq!(measured.is_some(), text.expose().chars().any(char::is_alphanumeric));
        prop_assert_eq!(measured, lexicon.measure(&text));
        if let Some(affect) = measured {
            prop_assert!(affect.emotions.iter().all(|strength| (0..=1000).contains(&strength.0)));
            for figure in [affect.valence, affect.arousal, affect.dominance] {
                prop_assert!((-1000..=1000).contains(&figure.0));
            }
        }
    }
}
