//! Why an analyzer gave no readings.

/// What can go wrong while measuring. PRIVACY: none of it holds anything of a text.
#[derive(Debug, thiserror::Error)]
pub enum AnalyzerError {
    /// The thread that read was ended from outside, or the model panicked.
    #[error("reading was cut off")]
    CutOff(#[from] tokio::task::JoinError),
    /// A model outside did not read.
    #[error(transparent)]
    Outside(#[from] super::OutsideError),
    /// A reading is missing, or there is one too many.
    #[error("{given} readings came for {asked} turns")]
    Count {
        /// Texts handed in.
        asked: usize,
        /// Readings that came back.
        given: usize,
    },
}
