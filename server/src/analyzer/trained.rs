//! The trained model that is part of the binary, as the server's analyzer.

use spectrum_analyzer::{crisis, embedded, model::Model};
use spectrum_domain::{
    affect::Milli,
    impact::MeasurementBand,
    measure::{Outcome, Reading, WhyNot},
    private::PrivateText,
};

use super::TextModel;

/// The committed model. Its tables are worked out when it is made; clones share them.
#[derive(Clone, Copy, Debug)]
pub struct Trained {
    model: &'static Model,
}

impl Trained {
    /// Loads the model, which takes a part of a second the first time.
    pub fn load() -> Self {
        Self { model: embedded() }
    }
}

impl TextModel for Trained {
    fn model(&self) -> &str {
        self.model.version()
    }

    fn band(&self) -> MeasurementBand {
        let [valence, arousal] = self.model.header().band.map(|band| Milli::of(f64::from(band)));
        MeasurementBand { valence, arousal }
    }

    fn read(&self, text: &PrivateText) -> Reading {
        let text = text.expose();
        let scores = self.model.score_turn(text);
        let outcome = self.model.measure(&scores).map_or(Outcome::NotMeasured(WhyNot::NoWords), Outcome::Measured);
        Reading { outcome, crisis: crisis::flagged(self.model, text, &scores) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use spectrum_domain::affect::Quadrant;

    use super::*;

    fn read(text: &str) -> Reading {
        Trained::load().read(&PrivateText::new(text.to_owned()))
    }

    fn quadrant(text: &str) -> Quadrant {
        match read(text).outcome {
            Outcome::Measured(affect) => affect.quadrant(),
            Outcome::NotMeasured(why) => panic!("{text}: {why:?}"),
        }
    }

    #[test]
    fn each_quarter_of_the_plane_is_reached() {
        for (text, wanted) in [
            ("I got the job! I'm so happy and excited, I was dancing in the kitchen.", Quadrant::HighPleasant),
            ("A quiet morning with tea in the garden. I feel calm and thankful for all of it.", Quadrant::LowPleasant),
            (
                "I am furious. He shouted at me in front of everyone and I was shaking with anger.",
                Quadrant::HighUnpleasant,
            ),
            ("I miss her so much. The house is empty and I feel low and tired and alone.", Quadrant::LowUnpleasant),
        ] {
            assert_eq!(quadrant(text), wanted, "{text}");
        }
    }

    #[test]
    fn danger_is_flagged_and_an_ordinary_day_is_not() {
        assert!(read("I can't do this any more. I want to die.").crisis);
        assert!(!read("Went to the market, bought plums, made jam with my sister.").crisis);
    }

    #[test]
    fn the_band_is_a_part_of_the_scale() {
        let band = Trained::load().band();
        assert!((100..1500).contains(&band.valence.0) && (100..1500).contains(&band.arousal.0), "{band:?}");
    }

    #[test]
    fn walls_of_anything_are_read() {
        for wall in [
            "x".repeat(16 * 1024),
            "so sad ".repeat(2_300),
            "’-".repeat(5_000) + "a",
            "İ".repeat(8_000),
            "🙂".repeat(4_000),
        ] {
            read(&wall);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_brings_it_down_and_all_figures_stay_in_range(
            text in prop_oneof![".{0,400}", "([a-z]{1,9}[ ,.!?'’]{1,2}){0,60}", "(not |very |happy |die |but |🙂|é|ß|漢|, |\n){0,60}"],
        ) {
            let reading = read(&text);
            prop_assert_eq!(&reading, &read(&text));
            if let Outcome::Measured(affect) = reading.outcome {
                prop_assert!(affect.emotions.iter().all(|strength| (0..=1000).contains(&strength.0)));
                for figure in [affect.valence, affect.arousal, affect.dominance] {
                    prop_assert!((-1000..=1000).contains(&figure.0));
                }
            }
        }
    }
}
