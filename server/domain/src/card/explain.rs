//! "Why am I seeing this?": how a card came about, in sentences.

use fluent_bundle::FluentArgs;

use super::{Finding, Generator, Grain, Language, Receipt, catalogue::catalogue, said};
use crate::{
    finding::{Interval, IntervalOf, Kind, Subject, Window},
    rollup::Tier,
};

/// What was counted, how it was compared, how sure it is, how many were tested, who chose the words: one to two sentences
/// each.
pub fn explain(finding: &Finding, receipt: &Receipt, grain: Grain, language: Language) -> Vec<String> {
    let catalogue = catalogue(language);
    let mut args = said::arguments(finding, grain, language);
    args.set("sessions", receipt.sessions);
    args.set("turns", receipt.turns);
    args.set("days", receipt.days);

    let mut messages = vec![if receipt.sessions > 0 { "why-counted" } else { "why-counted-none" }, "why-left-out"];
    messages.extend(compared(finding.window));
    messages.push(sure(finding, receipt.tier));
    if let Some(interval) = &finding.interval {
        args.set("low", end(interval, interval.low, finding, language));
        args.set("high", end(interval, interval.high, finding, language));
    }
    if let Some(test) = &finding.test {
        args.set("tested", test.tested);
        messages.push("why-tested");
    }
    messages.push("why-estimate");
    messages.push(match &receipt.generator {
        Generator::Template { revision } => {
            args.set("revision", revision.clone());
            "why-template"
        }
        Generator::Model { model, prompt } => {
            args.set("model", model.clone());
            args.set("prompt", prompt.clone());
            "why-model"
        }
    });
    messages.into_iter().map(|message| catalogue.say(message, &args)).collect()
}

fn compared(window: Window) -> Vec<&'static str> {
    match window {
        Window::Period => vec!["why-alone"],
        Window::AgainstFour | Window::AgainstTwelve => vec!["why-baseline", "why-enough"],
        Window::AgainstAll => vec!["why-back"],
        Window::Together => vec!["why-together"],
    }
}

const fn sure(finding: &Finding, tier: Tier) -> &'static str {
    match (finding.interval, finding.kind) {
        (Some(Interval { of: IntervalOf::Estimate, .. }), _) => "why-range",
        (Some(Interval { of: IntervalOf::Expected, .. }), _) => "why-expected",
        (None, Kind::LowData) => "why-few",
        (None, Kind::Recovery | Kind::MovedMost) => "why-no-range",
        (None, _) if matches!(tier, Tier::Empty | Tier::Few) => "why-few",
        (None, _) => "why-count",
    }
}

/// An end of an interval, as its figure is shown: shares as counts of the period's sessions, rounded outwards.
fn end(interval: &Interval, figure: f64, finding: &Finding, language: Language) -> String {
    match (finding.subject, finding.counts()) {
        (Subject::Family(_) | Subject::Quadrant(_), Some((_, n))) => {
            let mut args = FluentArgs::new();
            args.set("count", whole(interval, figure, n));
            args.set("n", n);
            catalogue(language).say("share-of", &args)
        }
        (Subject::Spread(_) | Subject::Recovery, _) => language.rate(figure),
        _ => language.signed(figure),
    }
}

/// A share of sessions as a count of them: the lower end down, the upper end up.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a count of sessions")]
fn whole(interval: &Interval, share: f64, n: i64) -> i64 {
    let count = share * n as f64;
    // Ends that are equal are a whole count anyway.
    if share <= interval.low { count.floor() as i64 } else { count.ceil() as i64 }
}
