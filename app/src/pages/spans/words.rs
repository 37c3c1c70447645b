//! What spans are called, and what is said of one wherever it is shown. As the week page says it (`week/words.rs`): plain
//! words, counts before adjectives.

use chrono::{Datelike as _, NaiveDate};
use spectrum_domain::{
    finding::Axis,
    rollup::{Estimate, Tier},
    span::{Kind, Span},
    stretch::{Emptiness, Stretch},
    week::Comparison,
    words::Args,
};

use crate::pages::language::{Words, args, id};

/// The words of the member whose span it is.
pub fn words_of(stretch: &Stretch) -> Words {
    Words::of_member(&stretch.member)
}

/// What messages about a span are given: its kind, and how many days where that is its name.
pub fn named(kind: Kind) -> Args<'static> {
    let (kind, n) = match kind {
        Kind::Week => ("week", 7),
        Kind::Month => ("month", 0),
        Kind::Quarter => ("quarter", 0),
        Kind::Year => ("year", 0),
        Kind::Days(count) => ("days", i32::from(count)),
    };
    args! { kind: kind, n: n }
}

/// Its name at the head of a page.
pub fn title(words: Words, span: Span) -> String {
    let (first, last) = (span.start(), span.last());
    match span {
        Span::Month(_) => words.month(first),
        Span::Quarter(_) => {
            let year = format!("{:04}", first.year());
            let (first, last) = (words.month_name(first), words.month_name(last));
            words.say_with("span-quarter-title", &args! { first: first, last: last, year: year })
        }
        Span::Year(year) => format!("{year:04}"),
        Span::Days(1, _) => words.day(last),
        Span::Week(_) | Span::Days(..) => words.range(first, last),
    }
}

/// What stands small below it.
pub fn subtitle(words: Words, span: Span) -> String {
    match span {
        Span::Week(week) => {
            let label = week.label();
            let (week, year) = (label.week.to_string(), format!("{:04}", label.year));
            words.say_with("span-week-name", &args! { week: week, year: year })
        }
        Span::Quarter(quarter) => {
            words.say_with("span-subtitle", &args! { kind: "quarter", n: i64::from(quarter.number()) })
        }
        span => words.say_with("span-subtitle", &named(span.kind())),
    }
}

/// A day in short, where there is little room: `30/10`-like forms differ by region, so the day of the month and the month's
/// first three letters.
pub fn short_day(words: Words, date: NaiveDate) -> String {
    format!("{} {}", date.day(), short_month(words, date))
}

/// A month in three letters.
pub fn short_month(words: Words, date: NaiveDate) -> String {
    words.month_name(date).chars().take(3).collect()
}

/// The name of a kind in the row of links, and for who only hears it.
pub fn kind(words: Words, kind: Kind) -> (String, String) {
    (words.say_with("span-kind", &named(kind)), words.say_with("span-kind-long", &named(kind)))
}

/// The link to the span beside.
pub fn beside(words: Words, span: Span, before: bool) -> String {
    let mut args = named(span.kind());
    args.set("title", title(words, span));
    words.say_with(if before { id("span-previous") } else { id("span-next") }, &args)
}

/// This one: `this month`, `these 28 days`.
pub fn this(words: Words, span: Span) -> String {
    words.say_with("span-this", &named(span.kind()))
}

/// The link that shows the span before beside it, or takes it away again.
pub fn compare(words: Words, span: Span, compared: bool) -> String {
    words.say_with(if compared { id("span-alone") } else { id("span-compare") }, &named(span.kind()))
}

/// The sentence at the head of a page without anything to show, and the one under it.
pub fn empty(stretch: &Stretch, why: Emptiness) -> (String, String) {
    let words = words_of(stretch);
    let (first, second) = match why {
        Emptiness::NothingYet => (id("span-nothing-yet"), id("span-nothing-yet-more")),
        Emptiness::NoSessions => (id("span-no-sessions"), id("span-no-sessions-more")),
        Emptiness::AllLeftOut => (id("span-all-left-out"), id("span-all-left-out-more")),
        Emptiness::AllPending => (id("span-all-pending"), id("span-all-pending-more")),
        Emptiness::Withheld => (id("span-withheld"), id("span-withheld-more")),
        Emptiness::OtherLanguages => (id("span-other-languages"), id("span-other-languages-more")),
        Emptiness::NothingMeasured => (id("span-nothing-measured"), id("span-nothing-measured-more")),
    };
    (words.say_with(first, &named(stretch.span.kind())), words.say(second))
}

/// What a span of one or two sessions says.
pub fn few(stretch: &Stretch) -> (String, String) {
    let words = words_of(stretch);
    let mut args = named(stretch.span.kind());
    args.set("sessions", stretch.now.rollup.sessions);
    let over = stretch.today >= stretch.span.end();
    let first = words.say_with(if over { id("span-few-over") } else { id("span-few-so-far") }, &args);
    (first, words.say("span-few-more"))
}

/// What a span between three sessions and the floor for a mean lacks.
pub fn below_the_mean(stretch: &Stretch) -> String {
    let (words, n) = (words_of(stretch), stretch.now.rollup.sessions);
    if n >= 7 { words.say("span-below-days") } else { words.say_with("span-below-sessions", &args! { n: n }) }
}

/// What the page rests on: `31 sessions on 19 days · 2 left out`.
pub fn coverage(stretch: &Stretch) -> Option<String> {
    let rollup = &stretch.now.rollup;
    let mut args = args! { n: rollup.sessions, days: rollup.days };
    (rollup.tier() > Tier::Empty).then(|| {
        if stretch.standing.excluded == 0 {
            return words_of(stretch).say_with("span-coverage", &args);
        }
        args.set("out", stretch.standing.excluded);
        words_of(stretch).say_with("span-coverage-left-out", &args)
    })
}

/// That sessions are still being read.
pub fn pending(stretch: &Stretch) -> Option<String> {
    let pending = stretch.standing.pending;
    (pending > 0).then(|| words_of(stretch).say_with("span-pending", &args! { pending: pending }))
}

/// That more than one model has measured what is shown.
pub fn versions(stretch: &Stretch) -> Option<String> {
    let words = words_of(stretch);
    if stretch.versions_differ() {
        Some(words.say("span-versions-differ"))
    } else {
        stretch.versions_mixed().then(|| words.say("span-versions-mixed"))
    }
}

/// Whether the span can be told from the one before, in a sentence.
pub fn against_before(stretch: &Stretch) -> String {
    let words = words_of(stretch);
    let mut args = named(stretch.span.kind());
    let (valence, arousal) = (stretch.against_before(Axis::Valence), stretch.against_before(Axis::Arousal));
    let way = |comparison| match comparison {
        Comparison::Higher(_) => Some("more"),
        Comparison::Lower(_) => Some("less"),
        Comparison::TooFew | Comparison::CannotTell => None,
    };
    let message = if stretch.before.rollup.tier() == Tier::Empty {
        id("span-before-none")
    } else if valence == Comparison::TooFew {
        if stretch.now.rollup.tier() < Tier::Enough { id("span-now-few") } else { id("span-before-few") }
    } else {
        match (way(valence), way(arousal)) {
            (None, None) => id("span-cannot-tell"),
            (Some(_), None) => id("span-differs-valence"),
            (None, Some(_)) => id("span-differs-arousal"),
            (Some(_), Some(_)) => id("span-differs-both"),
        }
    };
    args.set("valence", way(valence).unwrap_or_default());
    args.set("arousal", way(arousal).unwrap_or_default());
    words.say_with(message, &args)
}

/// Which way the span leaned: only where the interval of a mean keeps clear of the middle of its scale.
pub fn lean(stretch: &Stretch) -> (String, Option<String>) {
    let words = words_of(stretch);
    let rollup = &stretch.now.rollup;
    let side = |estimate: Option<Estimate>| estimate.filter(|e| e.mean.abs() > e.half_width).map(|e| e.mean > 0.0);
    let valence = side(rollup.valence_estimate()).map(|high| if high { "pleasant" } else { "unpleasant" });
    let arousal = side(rollup.arousal_estimate()).map(|high| if high { "high" } else { "low" });
    let mut args = named(stretch.span.kind());
    args.set("valence", valence.unwrap_or_default());
    args.set("arousal", arousal.unwrap_or_default());
    let (first, second) = match (valence, arousal) {
        (Some(_), Some(_)) => (id("span-lean-both"), None),
        (Some(_), None) => (id("span-lean-valence"), Some(id("span-mixed-energy"))),
        (None, Some(_)) => (id("span-lean-arousal"), Some(id("span-mixed-valence"))),
        (None, None) => (id("span-lean-neither"), Some(id("span-mixed-both"))),
    };
    (words.say_with(first, &args), second.map(|second| words.say(second)))
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    fn span(text: &str) -> Span {
        Span::parse(text, Weekday::Mon, "2026-11-26".parse().expect("a date")).expect(text)
    }

    #[test]
    fn spans_have_names() {
        let (english, german) = (Words::of_tag("en"), Words::of_tag("de"));
        for (address, name, below, name_german) in [
            ("2026-W47", "16 – 22 November", "Week 47, 2026", "16. – 22. November"),
            ("2026-11", "November 2026", "Month", "November 2026"),
            ("2026-Q4", "October – December 2026", "Quarter 4", "Oktober – Dezember 2026"),
            ("2026", "2026", "Year", "2026"),
            ("28-days", "30 October – 26 November", "28 days", "30. Oktober – 26. November"),
            (
                "90-days-2026-01-20",
                "23 October 2025 – 20 January 2026",
                "90 days",
                "23. Oktober 2025 – 20. Januar 2026",
            ),
        ] {
            let span = span(address);
            assert_eq!((title(english, span).as_str(), subtitle(english, span).as_str()), (name, below), "{address}");
            assert_eq!(title(german, span), name_german);
        }
        assert_eq!(beside(english, span("2026-10"), true), "Previous month, October 2026");
        assert_eq!(compare(english, span("28-days"), false), "Compare with the 28 days before");
        assert_eq!(compare(german, span("2026-10"), false), "Vergleich mit dem Monat davor");
        assert_eq!(this(english, span("28-days")), "these 28 days");
        assert_eq!(this(german, span("2026-Q3")), "dieses Quartal");
        assert_eq!(short_day(german, span("7-days").start()), "20 Nov");
    }
}
