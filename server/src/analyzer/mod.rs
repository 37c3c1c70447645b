//! Measuring feeling: the analyzer's trait, the way in for a model that is part of the binary, and from the turns of a
//! session to its analysis.

#![deny(clippy::disallowed_types)]

use std::{future::Future, pin::Pin, sync::Arc};

use spectrum_domain::{
    impact::MeasurementBand,
    measure::{Language, Reading},
    private::PrivateText,
};

mod error;
pub mod language;
pub mod lexicon;
pub mod outside;
mod session;
pub mod trained;

pub use error::AnalyzerError;
pub use lexicon::Lexicon;
pub use outside::{Outside, OutsideError};
pub use session::{measure_session, sum_up};
pub use trained::Trained;

/// The member turns of a session, shared so that they can be read on another thread without being copied.
pub type Texts = Arc<[PrivateText]>;

/// The readings to come, one a text and in their order.
pub type Readings<'a> = Pin<Box<dyn Future<Output = Result<Vec<Reading>, AnalyzerError>> + Send + 'a>>;

/// Measures the feeling of a session's member turns, all at once, wherever the model is.
///
/// PRIVACY: an implementation neither keeps nor logs the texts, and its errors hold nothing of them.
pub trait Analyzer: Send + Sync {
    /// Name, version and content hash, such as `spectrum@1+3f2a9c1b04de`: kept with every measure. Where two differ,
    /// measures may differ.
    fn model(&self) -> &str;

    /// How large a step must be to be more than this model's error.
    fn band(&self) -> MeasurementBand;

    /// Whether the model can measure text in this language.
    fn knows(&self, language: Language) -> bool;

    /// A reading for every text, in order.
    fn measure(&self, texts: Texts) -> Readings<'_>;
}

/// A model that lives in the binary and needs nothing but a processor: the same text always gives the same reading, on
/// every machine. [`Embedded`] makes an analyzer of it.
pub trait TextModel: Send + Sync + 'static {
    /// As [`Analyzer::model`].
    fn model(&self) -> &str;

    /// As [`Analyzer::band`].
    fn band(&self) -> MeasurementBand;

    /// As [`Analyzer::knows`].
    fn knows(&self, language: Language) -> bool {
        language == Language::ENGLISH
    }

    /// Reads one turn. It need not ask for the language: what it says of a text it doesn't know is overruled. Its crisis
    /// flag counts for every text, in any language and even where nothing is measured.
    fn read(&self, text: &PrivateText) -> Reading;
}

/// The analyzer that a model in the binary makes: it reads a session on a thread that may be busy, in one go.
#[derive(Debug)]
pub struct Embedded<M>(Arc<M>);

impl<M: TextModel> Embedded<M> {
    /// With this model.
    pub fn new(model: M) -> Self {
        Self(Arc::new(model))
    }
}

impl<M: TextModel> Analyzer for Embedded<M> {
    fn model(&self) -> &str {
        self.0.model()
    }

    fn band(&self) -> MeasurementBand {
        self.0.band()
    }

    fn knows(&self, language: Language) -> bool {
        self.0.knows(language)
    }

    fn measure(&self, texts: Texts) -> Readings<'_> {
        let model = Arc::clone(&self.0);
        Box::pin(async move {
            let read = move || texts.iter().map(|text| model.read(text)).collect();
            Ok(tokio::task::spawn_blocking(read).await?)
        })
    }
}
