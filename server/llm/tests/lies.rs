//! Lies told by a provider over TLS, in both protocols and languages: every one is caught, and the honest answer passes.

#![expect(clippy::expect_used, reason = "a test that can't go on must stop loudly")]

use std::collections::BTreeMap;

use spectrum_domain::{
    card::{Grain, Language},
    finding::Finding,
};
use spectrum_llm::{
    fake::{CANARY, Fake, Lie, samples},
    guard::{Reason, Shingles, Written},
    input::Input,
    prompts::{Revision, load},
    provider::{Dialect, Monotonic, Provider, provider},
    rephrase::{Outcome, Rephrased, Safety, Task, rephrase},
};

fn asks(fake: &Fake, dialect: Dialect) -> Box<dyn Provider> {
    provider(fake.settings(dialect), std::sync::Arc::new(Monotonic::default())).expect("a provider")
}

fn revision(grain: Grain) -> Revision {
    load(if grain == Grain::Week { "weekly" } else { "monthly" }, 1).expect("a revision")
}

fn kept(language: Language) -> Shingles {
    let salt = [3; 32];
    let text = CANARY[usize::from(language == Language::German)];
    Shingles::new(salt, Shingles::of_text(&salt, text))
}

async fn tell(provider: &dyn Provider, input: &Input, safety: Option<Safety<'_>>) -> Outcome {
    let (revision, shingles, clock) = (revision(input.grain), kept(input.language), Monotonic::default());
    let task =
        Task { provider, model: "small", revision: &revision, input, shingles: &shingles, safety, clock: &clock };
    rephrase(task).await
}

/// Weeks of up to five findings, and months of up to twelve, of these.
fn inputs(findings: &[Finding]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for language in Language::ALL {
        for (grain, most) in [(Grain::Week, 4), (Grain::Month, 10)] {
            let parts = findings.chunks(most);
            inputs.extend(parts.map(|part| Input::new(part, grain, language, samples::coverage())));
        }
    }
    inputs
}

#[tokio::test]
async fn the_honest_answer_passes_in_both_protocols_and_languages() {
    let fake = Fake::start().await.expect("the fake");
    let (mut usage, mut calls) = (spectrum_llm::provider::Usage::default(), 0);
    for dialect in [Dialect::OpenAi, Dialect::Anthropic] {
        let provider = asks(&fake, dialect);
        for input in inputs(&samples::every_kind()) {
            let outcome = tell(provider.as_ref(), &input, None).await;
            usage = usage + outcome.usage();
            calls += outcome.calls.len();
            let Rephrased::Words(written) = outcome.result else {
                let judged: Vec<_> = fake.inputs().pop().into_iter().collect();
                panic!("{:?} {:?}: {:?}\n{judged:?}", input.language, input.grain, outcome.result);
            };
            match written {
                Written::Week(cards) => assert_eq!(cards.len(), input.statements.len()),
                Written::Month(month) => assert!((1..=5).contains(&month.sections.len()), "{month:?}"),
            }
        }
    }
    assert_eq!(fake.refused(), Vec::<String>::new());
    assert_eq!(usage, fake.counted(), "tokens are those that the provider counted");
    assert!(usage.cached_input > 0 && calls > 20);
}

#[tokio::test]
async fn every_lie_is_caught_at_every_sentence() {
    let fake = Fake::start().await.expect("the fake");
    let provider = asks(&fake, Dialect::Anthropic);
    let other = asks(&fake, Dialect::OpenAi);
    let mut usage = spectrum_llm::provider::Usage::default();
    let (mut told, mut reasons) = (0, BTreeMap::<Reason, u32>::new());
    let mut missed = Vec::new();
    for input in inputs(&samples::pointed()) {
        let places = 2 * input.statements.len() + usize::from(input.grain == Grain::Month);
        for lie in Lie::ALL {
            for place in 0..if lie.has_a_place() { places } else { 1 } {
                fake.lie(Some((lie, place)));
                let provider = if place % 2 == 0 { &provider } else { &other };
                let outcome = tell(provider.as_ref(), &input, None).await;
                usage = usage + outcome.usage();
                told += 1;
                match outcome.result {
                    Rephrased::Fallback { reasons: why } => {
                        assert_eq!(outcome.calls.len(), 2, "asked once more, and no more");
                        for reason in &why {
                            *reasons.entry(*reason).or_default() += 1;
                        }
                        if !why.iter().any(|reason| expected(lie).contains(reason)) {
                            missed.push(format!(
                                "{lie:?} at {place} of {:?} {:?} only for {why:?}",
                                input.grain, input.language
                            ));
                        }
                    }
                    Rephrased::Words(written) => {
                        missed.push(format!("{lie:?} at {place}: {}", written.text()));
                    }
                }
            }
        }
    }
    println!("{told} lies told, {} missed; reasons: {reasons:?}", missed.len());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert_eq!(fake.refused(), Vec::<String>::new());
    assert_eq!(usage, fake.counted());
    // A refused answer is asked for again with closed words and nothing of the text.
    let again = fake.inputs().into_iter().rfind(|input| input["refused"] != serde_json::json!([]));
    assert!(
        again.expect("a second question")["refused"]
            .as_array()
            .expect("reasons")
            .iter()
            .all(serde_json::Value::is_string)
    );
}

/// Of these reasons at least one is given for a lie.
fn expected(lie: Lie) -> &'static [Reason] {
    match lie {
        Lie::WrongNumber | Lie::WrongNumberWord | Lie::SwappedPair => &[Reason::Number],
        Lie::WrongDirection | Lie::TurnedComparison => &[Reason::Direction],
        Lie::Denied | Lie::WrongKind => &[Reason::Kind],
        Lie::WrongFeeling => &[Reason::Feeling],
        Lie::WrongDay => &[Reason::Time],
        Lie::WrongFeature => &[Reason::Feature],
        Lie::WrongPeriod => &[Reason::Period],
        Lie::Diagnosis => &[Reason::Diagnosis],
        Lie::Treatment => &[Reason::Treatment],
        Lie::InnerState => &[Reason::InnerState],
        Lie::Advice => &[Reason::Advice],
        Lie::Judgement => &[Reason::Judgement],
        Lie::Forecast => &[Reason::Forecast],
        Lie::Cause => &[Reason::Cause],
        Lie::Url | Lie::Mail => &[Reason::Link],
        Lie::Canary => &[Reason::Leak],
        Lie::Quotation => &[Reason::Quotation],
        Lie::Detail => &[Reason::Words],
        Lie::Injected => &[Reason::Meta],
        Lie::Overlong => &[Reason::Length],
        Lie::WrongSchema | Lie::ExtraField | Lie::Missing | Lie::Truncated | Lie::Prose => &[Reason::Schema],
        Lie::WrongClaim => &[Reason::Claims],
        Lie::Lookalike => &[Reason::Characters],
    }
}

#[tokio::test]
async fn a_safety_check_has_the_last_word() {
    let fake = Fake::start().await.expect("the fake");
    let provider = asks(&fake, Dialect::OpenAi);
    let revision = load("safety", 1).expect("a revision");
    let safety = Safety { provider: provider.as_ref(), model: "guard", revision: &revision };
    let input = Input::new(&samples::week(), Grain::Week, Language::English, samples::coverage());

    let outcome = tell(provider.as_ref(), &input, Some(safety)).await;
    assert!(matches!(outcome.result, Rephrased::Words(_)));
    assert_eq!(outcome.calls.len(), 2);
    assert_eq!(outcome.usage(), fake.counted());

    fake.call_unsafe(true);
    let outcome = tell(provider.as_ref(), &input, Some(safety)).await;
    assert_eq!(outcome.result, Rephrased::Fallback { reasons: vec![Reason::Unsafe] });
    assert_eq!(outcome.calls.len(), 4, "two answers, each with its check");

    fake.call_unsafe(false);
    let broken = asks(&fake, Dialect::Anthropic);
    let safety = Safety { provider: broken.as_ref(), ..safety };
    // The answer goes well, the check does not.
    fake.trouble(spectrum_llm::fake::Trouble::Slow(std::time::Duration::ZERO));
    fake.trouble(spectrum_llm::fake::Trouble::Status(401));
    let outcome = tell(provider.as_ref(), &input, Some(safety)).await;
    assert_eq!(outcome.result, Rephrased::Fallback { reasons: vec![Reason::SafetyMissing] });
}
