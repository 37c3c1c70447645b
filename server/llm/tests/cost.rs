//! What a member costs in a month at the small tier, from the real prompts and inputs; `-- --nocapture` prints it.

#![expect(clippy::expect_used, reason = "a test that can't go on must stop loudly")]

use chrono::NaiveDate;
use spectrum_domain::{
    card::{Grain, Language},
    finding::Finding,
};
use spectrum_llm::{
    fake::{Fake, samples},
    input::Input,
    price::{MicroDollars, Mode, PriceTable},
    prompts::load,
    provider::{Dialect, Monotonic, Provider, Usage, provider},
    rephrase::request,
};

/// Weeks in a month, in hundredths: 365.25 / 12 / 7.
const WEEKS: u64 = 435;
/// An active member's month may cost so much: 1.5 cents.
const MOST: MicroDollars = MicroDollars(15_000);

/// Bytes of what is sent and of an honest answer, as tokens of so many bytes.
async fn usage(provider: &dyn Provider, fake: &Fake, grain: Grain, findings: &[Finding], bytes: u64) -> Usage {
    let name = if grain == Grain::Week { "weekly" } else { "monthly" };
    let input = Input::new(findings, grain, Language::English, samples::coverage());
    let request = request("small", &load(name, 1).expect("a revision"), &input, &[]);
    let reply = provider.complete(&request).await.expect("a reply");
    assert!(fake.refused().is_empty());
    let tokens = |length: usize| u64::try_from(length).expect("a length").div_ceil(bytes);
    let sent = request.system.len() + request.input.len() + request.schema.to_string().len();
    Usage { input: tokens(sent), cached_input: 0, output: tokens(reply.text.len()) }
}

#[tokio::test]
async fn a_member_month_at_the_small_tier() {
    let fake = Fake::start().await.expect("the fake");
    let provider = provider(fake.settings(Dialect::OpenAi), std::sync::Arc::new(Monotonic::default())).expect("one");
    let table = PriceTable::parse(include_str!("../prices.example.toml")).expect("a table");
    let on: NaiveDate = "2026-11-26".parse().expect("a day");
    for bytes in [4, 3] {
        let week = usage(provider.as_ref(), &fake, Grain::Week, &samples::week(), bytes).await;
        let month = usage(provider.as_ref(), &fake, Grain::Month, &samples::month(), bytes).await;
        println!("at {bytes} bytes a token: a week {week:?}, a month {month:?}");
        for model in ["claude-haiku-5-5", "gpt-6-luna", "claude-haiku-4-5", "claude-sonnet-5-5"] {
            for mode in [Mode::Single, Mode::Batch] {
                let cost = |usage| table.cost(model, usage, on, mode).expect("a price").0;
                let member_month = MicroDollars((cost(week) * WEEKS).div_ceil(100) + cost(month));
                println!("{model:18} {mode:?}: {} millionths of a dollar a member-month", member_month.0);
                let small = ["claude-haiku-5-5", "gpt-6-luna"].contains(&model);
                assert!(!small || member_month <= MOST, "{model} {mode:?} {member_month:?}");
            }
        }
    }
    // Thinking is paid for as output: if a model thought as long as it may, in every call of a month.
    let longest = |name: &str| u64::from(load(name, 1).expect("a revision").parameters.max_output_tokens);
    let worst = |name, input| Usage { input, cached_input: 0, output: longest(name) };
    let cost = |usage| table.cost("claude-haiku-5-5", usage, on, Mode::Single).expect("a price").0;
    let all = (cost(worst("weekly", 3000)) * WEEKS).div_ceil(100) + cost(worst("monthly", 4000));
    println!("claude-haiku-5-5, with the most output in every call: {all}");
    assert!(all <= MOST.0);
}
