//! What can go wrong between here and a provider, tried over TLS against the strict fake: limits, faults, cuts, batches.

#![expect(clippy::expect_used, reason = "a test that can't go on must stop loudly")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use spectrum_domain::card::{Grain, Language};
use spectrum_llm::{
    fake::{Fake, Trouble, samples},
    guard::{Reason, Shingles},
    input::Input,
    prompts::load,
    provider::{
        AnswerForm, Anthropic, Batch, BreakerSettings, Clock, Dialect, Effort, Finish, ItemId, Monotonic, OpenAi,
        Polled, Provider, ProviderError, Reply, Request, Settings, Setup, TokenLimit, Usage, provider,
    },
    rephrase::{CallOutcome, Rephrased, Task, rephrase, request, taken},
};

const BOTH: [Dialect; 2] = [Dialect::OpenAi, Dialect::Anthropic];

fn clock() -> Arc<dyn Clock> {
    Arc::new(Monotonic::default())
}

fn week(language: Language) -> Input {
    Input::new(&samples::week(), Grain::Week, language, samples::coverage())
}

fn question() -> Request {
    request("small", &load("weekly", 1).expect("a revision"), &week(Language::English), &[])
}

async fn ask(settings: Settings) -> Result<Reply, ProviderError> {
    provider(settings, clock()).expect("a provider").complete(&question()).await
}

#[tokio::test]
async fn every_form_of_asking_is_one_that_a_strict_server_takes() {
    let fake = Fake::start().await.expect("the fake");
    for dialect in BOTH {
        for form in [AnswerForm::Schema, AnswerForm::Tool, AnswerForm::Prompt] {
            for (sends_temperature, effort, token_limit) in [
                (false, None, TokenLimit::MaxCompletionTokens),
                (true, None, TokenLimit::MaxTokens),
                (false, Some(Effort::Low), TokenLimit::MaxCompletionTokens),
            ] {
                let settings = Settings { form, sends_temperature, effort, token_limit, ..fake.settings(dialect) };
                let reply = ask(settings).await.expect("a reply");
                assert_eq!(reply.finish, Finish::Complete);
                assert_eq!(reply.request_id.as_deref(), Some("req_fake_1"));
                assert!(taken(&reply, &week(Language::English), &Shingles::default()).is_ok(), "{dialect:?} {form:?}");
            }
        }
    }
    assert_eq!(fake.refused(), Vec::<String>::new());
}

#[tokio::test]
async fn a_passing_fault_is_tried_once_more_and_a_lasting_one_told() {
    let fake = Fake::start().await.expect("the fake");
    for dialect in BOTH {
        for passing in [
            Trouble::Status(500),
            Trouble::Status(529),
            Trouble::TooMany { retry_after: None },
            Trouble::TooMany { retry_after: Some(0) },
            Trouble::Cut,
        ] {
            fake.trouble(passing);
            assert!(ask(fake.settings(dialect)).await.is_ok(), "{passing:?} once");
            fake.trouble(passing);
            fake.trouble(passing);
            assert!(ask(fake.settings(dialect)).await.expect_err("twice").may_pass(), "{passing:?} twice");
        }
        for (lasting, error) in [
            (Trouble::Status(401), ProviderError::Status(401)),
            (Trouble::Redirect, ProviderError::Status(307)),
            (Trouble::Huge, ProviderError::TooLong),
        ] {
            let calls = fake.calls();
            fake.trouble(lasting);
            assert_eq!(ask(fake.settings(dialect)).await, Err(error));
            assert_eq!(fake.calls(), calls + 1, "not tried again");
        }
        fake.trouble(Trouble::HalfJson);
        assert!(matches!(ask(fake.settings(dialect)).await, Err(ProviderError::Malformed(_))));
        fake.trouble(Trouble::Declined);
        assert_eq!(ask(fake.settings(dialect)).await.expect("a reply").finish, Finish::Declined);
        fake.trouble(Trouble::CutOff);
        assert_eq!(ask(fake.settings(dialect)).await.expect("a reply").finish, Finish::CutOff);
    }
}

#[tokio::test]
async fn a_time_to_come_again_is_kept_where_there_is_time_for_it() {
    let fake = Fake::start().await.expect("the fake");
    fake.trouble(Trouble::TooMany { retry_after: Some(1) });
    let begun = Instant::now();
    assert!(ask(fake.settings(Dialect::Anthropic)).await.is_ok());
    assert!(begun.elapsed() >= Duration::from_secs(1));

    fake.trouble(Trouble::TooMany { retry_after: Some(3600) });
    let (begun, calls) = (Instant::now(), fake.calls());
    let retry_after = Some(Duration::from_hours(1));
    assert_eq!(ask(fake.settings(Dialect::OpenAi)).await, Err(ProviderError::Limited { retry_after }));
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(fake.calls(), calls + 1);
}

#[tokio::test]
async fn a_slow_one_is_given_half_of_the_time_and_then_one_more_try() {
    let fake = Fake::start().await.expect("the fake");
    let settings = || Settings { timeout: Duration::from_secs(2), ..fake.settings(Dialect::OpenAi) };
    fake.trouble(Trouble::Slow(Duration::from_secs(5)));
    assert!(ask(settings()).await.is_ok(), "the second was quick");
    fake.trouble(Trouble::Slow(Duration::from_secs(5)));
    fake.trouble(Trouble::Slow(Duration::from_secs(5)));
    let begun = Instant::now();
    assert_eq!(ask(settings()).await, Err(ProviderError::TimedOut));
    assert!(begun.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn one_that_fails_again_and_again_is_left_alone() {
    let fake = Fake::start().await.expect("the fake");
    let breaker = BreakerSettings { failures: 4, rest: Duration::from_mins(10) };
    let provider = OpenAi::new(Settings { breaker, ..fake.settings(Dialect::OpenAi) }, clock()).expect("a provider");
    for _ in 0..4 {
        fake.trouble(Trouble::Status(503));
    }
    for _ in 0..2 {
        assert_eq!(provider.complete(&question()).await, Err(ProviderError::Status(503)));
    }
    let calls = fake.calls();
    assert_eq!(provider.complete(&question()).await, Err(ProviderError::Open));
    assert_eq!(fake.calls(), calls, "nothing was sent");
}

#[tokio::test]
async fn what_fails_ends_in_a_template_and_is_recorded() {
    let fake = Fake::start().await.expect("the fake");
    let provider = Anthropic::new(fake.settings(Dialect::Anthropic), clock()).expect("a provider");
    let (revision, input, shingles) =
        (load("weekly", 1).expect("a revision"), week(Language::German), Shingles::default());
    let clock = Monotonic::default();
    let task = Task {
        provider: &provider,
        model: "small",
        revision: &revision,
        input: &input,
        shingles: &shingles,
        safety: None,
        clock: &clock,
    };
    fake.trouble(Trouble::Status(403));
    let outcome = rephrase(task).await;
    assert_eq!(outcome.result, Rephrased::Fallback { reasons: vec![Reason::Provider] });
    assert_eq!(outcome.calls[0].outcome, CallOutcome::Failed(ProviderError::Status(403)));
    assert_eq!(outcome.usage(), Usage::default());

    fake.trouble(Trouble::CutOff);
    let outcome = rephrase(task).await;
    assert!(matches!(outcome.result, Rephrased::Words(_)), "the second was whole");
    assert_eq!(outcome.calls[0].outcome, CallOutcome::Refused(vec![Reason::CutOff]));
    assert_eq!(outcome.calls[1].prompt, revision.name_hash());
    assert_eq!(outcome.usage(), fake.counted(), "the first is paid for as well");
    assert_eq!(fake.inputs()[1]["refused"], serde_json::json!(["cut_off"]));
}

#[tokio::test]
async fn a_batch_is_handed_in_asked_after_and_taken_apart() {
    let fake = Fake::start().await.expect("the fake");
    let openai = OpenAi::new(fake.settings(Dialect::OpenAi), clock()).expect("a provider");
    let anthropic = Anthropic::new(fake.settings(Dialect::Anthropic), clock()).expect("a provider");
    let questions: Vec<(ItemId, Request)> =
        ["job-1", "job-2", "job-3"].map(|id| (ItemId::new(id).expect("an id"), question())).to_vec();
    for (batch, answered) in [(&openai as &dyn Batch, 3), (&anthropic, 2)] {
        let before = fake.counted();
        let id = batch.submit(&questions).await.expect("a batch");
        assert_eq!(batch.poll(&id).await, Ok(Polled::Pending));
        let Ok(Polled::Done(items)) = batch.poll(&id).await else { panic!("not through") };
        assert_eq!(items.len(), 3);
        let mut usage = before;
        for item in &items {
            match &item.result {
                Ok(reply) => {
                    usage = usage + reply.usage;
                    assert!(taken(reply, &week(Language::English), &Shingles::default()).is_ok());
                }
                Err(error) => assert_eq!((item.id.as_str(), *error), ("job-3", ProviderError::BatchFailed)),
            }
        }
        assert_eq!(items.iter().filter(|item| item.result.is_ok()).count(), answered);
        assert_eq!(usage, fake.counted());
    }
    assert_eq!(fake.refused(), Vec::<String>::new());
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_is_not_trusted_and_nothing_shows_the_key_or_an_answer() {
    let fake = Fake::start().await.expect("the fake");
    let settings = fake.settings(Dialect::OpenAi);
    let shown = format!("{settings:?}");
    assert!(!shown.contains(spectrum_llm::fake::KEY), "{shown}");
    let made = provider(settings.clone(), clock()).expect("a provider");
    assert!(!format!("{made:?}").contains(spectrum_llm::fake::KEY));
    let reply = ask(settings.clone()).await.expect("a reply");
    assert!(!format!("{reply:?}").contains("cards"));
    fake.trouble(Trouble::Status(400));
    let error = ask(settings.clone()).await.expect_err("an error");
    assert!(!format!("{error:?} {error}").contains("sad"));

    let other = Fake::start().await.expect("another");
    let stranger = Settings { extra_root: other.settings(Dialect::OpenAi).extra_root, ..settings.clone() };
    assert_eq!(ask(stranger).await, Err(ProviderError::Unreachable));
    let open = Settings { base_url: "http://spectrum.example".to_owned(), ..settings.clone() };
    assert!(matches!(OpenAi::new(open, clock()), Err(Setup::Open)));
    let missing = Settings { extra_root: Some("/nowhere/root.pem".into()), ..settings };
    assert!(matches!(OpenAi::new(missing, clock()), Err(Setup::Root(_))));
}
