//! A finding in words, by a template: the message of the finding, in one of its wordings.

use super::{Finding, Grain, Language, Words, catalogue::catalogue, said};

/// Name and number of the templates' revision; raised whenever a wording changes.
pub const TEMPLATES: &str = "cards@1";

/// The finding in words. `seed` chooses among the wordings: the same seed, the same words. Callers pass a stable hash of
/// member, period and finding, so that weeks don't repeat.
pub fn write(finding: &Finding, grain: Grain, language: Language, seed: u64) -> Words {
    let catalogue = catalogue(language);
    let message = said::message(finding);
    let args = said::arguments(finding, grain, language);
    let wording = 1 + choose(seed, catalogue.wordings(message, "headline-"));
    Words {
        headline: catalogue.say_part(message, &format!("headline-{wording}"), &args),
        body: catalogue.say_part(message, &format!("body-{wording}"), &args),
    }
}

/// One of so many, by a seed: neighbouring seeds choose as if by chance (the finaliser of splitmix64; Steele, Lea & Flood
/// 2014).
pub(super) const fn choose(seed: u64, of: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^= mixed >> 31;
    if of == 0 { 0 } else { mixed % of }
}
