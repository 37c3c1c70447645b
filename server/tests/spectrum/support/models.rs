//! Another model than the product's, to tell by whom a session was read.

use server::analyzer::{Lexicon, TextModel};
use spectrum_domain::{
    affect::Milli,
    impact::MeasurementBand,
    measure::{Outcome, Reading},
    private::PrivateText,
};

/// The word list with other figures under another name; it flags what says "unsafe".
#[derive(Debug)]
pub struct Other {
    name: &'static str,
    words: Lexicon,
}

impl Other {
    pub fn new(name: &'static str) -> Self {
        Self { name, words: Lexicon::new() }
    }
}

impl TextModel for Other {
    fn model(&self) -> &str {
        self.name
    }

    fn band(&self) -> MeasurementBand {
        MeasurementBand { valence: Milli(100), arousal: Milli(200) }
    }

    fn read(&self, text: &PrivateText) -> Reading {
        let mut reading = self.words.read(text);
        if let Outcome::Measured(affect) = &mut reading.outcome {
            affect.valence = Milli(affect.valence.0 / 2 + 100);
            affect.emotions[0] = Milli(777);
        }
        Reading { crisis: text.expose().contains("unsafe"), ..reading }
    }
}
