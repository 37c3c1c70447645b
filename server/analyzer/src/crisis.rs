//! Crisis: whether a turn may speak of suicide, self-harm, abuse or acute danger. It decides one thing only, that the
//! session is withheld from findings and that help is shown; a false alarm costs little, a miss may cost much.
//!
//! The rules (`rules.txt`) follow what screening questions ask for: the wish to be dead, thoughts, method, plan and acts of
//! the Columbia-Suicide Severity Rating Scale's screener (Posner et al. 2011); self-harm whatever its aim (NICE guideline
//! NG225); being hurt, threatened, controlled or forced (HITS, Sherin et al. 1998; the CDC's uniform definitions of intimate
//! partner violence, 2015); danger at this moment; farewells. They are broad and one alone is weak evidence: how much each
//! weighs, beside what denies it, tells it of others or puts it into the past, and beside a trained head, is learnt from the
//! training turns and the tuning half of `probe/crisis.tsv`, which the rules were worded on too.

mod plain;
mod rules;
pub mod signs;

use crate::model::{Model, TurnScores};
use signs::Reading;

/// Whether a turn, of which these are the scores, is flagged.
pub fn flagged(model: &Model, turn: &str, scores: &TurnScores) -> bool {
    let header = model.header();
    header.crisis.score(&Reading::of(turn), scores.crisis()) >= header.crisis_threshold
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn speaks(turn: &str) -> bool {
        !Reading::of(turn).rules().is_empty()
    }

    #[test]
    fn rules_find_what_screening_questions_ask_for() {
        for crisis in [
            "I want to die.",
            "i dont wanna be here anymore",
            "ive been thinking about ending it",
            "They'd be better off without me.",
            "I cut myself last night.",
            "I never hurt myself at work but tonight I hurt myself again.",
            "He hit me again last night.",
            "He won't let me see my sister.",
            "Theres a man at my door with a knife.",
            "I swallowed the whole packet of tablets.",
            "When they find this, tell Mum it wasn't her fault.",
        ] {
            assert!(speaks(crisis), "{crisis}");
        }
    }

    #[test]
    fn ordinary_days_and_denials_say_nothing() {
        for ordinary in [
            "The bus was late and I had soup for lunch.",
            "My phone died right in the middle of the recipe.",
            "I have never hurt myself.",
            "We never cut ourselves off from our neighbours.",
            "",
        ] {
            assert!(!speaks(ordinary), "{ordinary}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(turn in "\\PC{0,300}|((i|want|not|to|die|cut|my|arm|he|hit|me|the|pills|the|end)[ ,.!?]{1,2}){0,90}") {
            Reading::of(&turn);
        }
    }
}
