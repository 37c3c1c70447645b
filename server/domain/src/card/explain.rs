//! "Why am I seeing this?": how a card came about, in sentences.

use super::{Finding, Grain, Language, Receipt};

/// What was counted, how it was compared, how sure it is, how many were tested, who chose the words: a sentence each.
pub fn explain(finding: &Finding, receipt: &Receipt, grain: Grain, language: Language) -> Vec<String> {
    let _ = (finding, receipt, grain, language);
    Vec::new()
}
