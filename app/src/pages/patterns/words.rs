//! What the patterns say, as pure functions of what they show. No word of a cause: what came after what is not why.

use spectrum_domain::{
    calendar::Daypart,
    feature::Feature,
    finding::Axis,
    rollup::Tier,
    stretch::{FamilyWay, FeaturesApart, Stretch},
};

use crate::pages::{
    landscape::words::parts,
    language::{Words, args, id},
    spans::words::{below_the_mean, empty, few, named, words_of},
};

/// The sentence at the head of the page and, where there is more to say, the one under it.
pub fn headline(stretch: &Stretch) -> (String, Option<String>) {
    if let Some(why) = stretch.emptiness() {
        let (first, second) = empty(stretch, why);
        return (first, Some(second));
    }
    match stretch.now.rollup.tier() {
        Tier::Enough => (mix(stretch), None),
        Tier::Some => (mix(stretch), Some(below_the_mean(stretch))),
        Tier::Few | Tier::Empty => {
            let (first, second) = few(stretch);
            (first, Some(second))
        }
    }
}

/// Which feelings showed most often.
pub fn mix(stretch: &Stretch) -> String {
    /// Beyond, a list would be most of them.
    const MOST_NAMED: usize = 3;
    let words = words_of(stretch);
    let counts = stretch.now.rollup.families_by_count();
    let n = stretch.now.rollup.sessions;
    let Some((_, most)) = counts.first() else { return words.say_with("patterns-mix-none", &args! { n: n }) };
    let level: Vec<_> = counts.iter().take_while(|(_, count)| count == most).map(|(family, _)| *family).collect();
    if level.len() > MOST_NAMED {
        return words.say_with("patterns-mix-many", &args! { level: level.len(), most: *most, n: n });
    }
    let names = level.iter().enumerate();
    let names = names.map(|(at, of)| if at == 0 { words.family(*of) } else { words.family_inside(*of) });
    let names: Vec<String> = names.collect();
    let message = if names.len() == 1 { id("patterns-mix-one") } else { id("patterns-mix-level") };
    words.say_with(message, &args! { families: words.list(&names), most: *most, n: n })
}

/// How many of the feelings showed.
pub fn breadth(stretch: &Stretch) -> String {
    let present = stretch.now.rollup.families.iter().filter(|n| **n > 0).count();
    words_of(stretch).say_with("patterns-mix-breadth", &args! { n: present })
}

/// What has to be known to read the mix.
pub fn mix_note(stretch: &Stretch, compared: bool) -> String {
    let words = words_of(stretch);
    let note = words.say("patterns-mix-note");
    if !compared {
        return note;
    }
    let mut args = named(stretch.span.kind());
    let before = stretch.before.rollup.sessions;
    // The number of days is an argument of this name too.
    args.set("sessions", words.say_with("count-sessions", &args! { n: before }));
    format!("{note} {}", words.say_with("patterns-mix-before", &args))
}

/// `40 of 61`.
pub fn count(words: Words, (k, n): (i32, i32)) -> String {
    words.say_with("patterns-count", &args! { k: k, n: n })
}

/// Between which shares the commonest feeling lay.
pub fn ways(stretch: &Stretch, ways: &[FamilyWay]) -> String {
    let words = words_of(stretch);
    let Some(first) = ways.first() else { return breadth(stretch) };
    let by_share =
        |a: &(i32, i32), b: &(i32, i32)| (i64::from(a.0) * i64::from(b.1)).cmp(&(i64::from(b.0) * i64::from(a.1)));
    let known = || first.parts.iter().flatten().copied();
    let share = |of: Option<(i32, i32)>| of.map(|(k, n)| words.percent(k, n)).unwrap_or_default();
    words.say_with(
        "patterns-ways-range",
        &args! {
            family: words.family(first.family),
            part: parts(stretch.span),
            least: share(known().min_by(by_share)),
            most: share(known().max_by(by_share)),
        },
    )
}

/// When most sessions began.
pub fn grid(stretch: &Stretch) -> String {
    let words = words_of(stretch);
    let rollup = &stretch.now.rollup;
    let of = |daypart: Daypart| -> i32 {
        let cells = rollup.grid.iter().skip(daypart.index()).step_by(Daypart::ALL.len());
        cells.map(|cell| cell.sessions).sum()
    };
    let most = Daypart::ALL.into_iter().find(|daypart| of(*daypart) * 2 > rollup.sessions);
    match most {
        Some(part) => {
            words.say_with("patterns-grid-most", &args! { daypart: part.name(), k: of(part), n: rollup.sessions })
        }
        None => words.say_with("patterns-grid-spread", &args! { n: rollup.sessions }),
    }
}

/// What members read for a part of the day.
pub fn daypart(words: Words, daypart: Daypart) -> String {
    words.say_with("daypart", &args! { daypart: daypart.name() })
}

/// Whether the features can be told apart.
pub fn features(stretch: &Stretch) -> String {
    let words = words_of(stretch);
    match stretch.features_apart() {
        FeaturesApart::TooFew => words.say("patterns-features-few"),
        FeaturesApart::CannotTell => words.say("patterns-features-same"),
        FeaturesApart::Apart(more, less) => {
            words.say_with("patterns-features-apart", &args! { more: words.feature(more), less: words.feature(less) })
        }
    }
}

/// Which features' sessions ended elsewhere than they began.
pub fn moved(stretch: &Stretch) -> String {
    let words = words_of(stretch);
    let (valence, arousal) = (stretch.moved(Axis::Valence), stretch.moved(Axis::Arousal));
    if valence.is_none() && arousal.is_none() {
        return words.say("patterns-moved-few");
    }
    let mut sentences = Vec::new();
    for (told, message) in [(valence, id("patterns-moved-valence")), (arousal, id("patterns-moved-arousal"))] {
        let told = told.unwrap_or_default();
        for way in ["more", "less"] {
            let ours = told.iter().filter(|(_, by)| (*by > 0.0) == (way == "more"));
            let names: Vec<String> = ours.map(|(feature, _): &(Feature, f64)| words.feature(*feature)).collect();
            if !names.is_empty() {
                sentences.push(words.say_with(message, &args! { way: way, features: words.list(&names) }));
            }
        }
    }
    if sentences.is_empty() { words.say("patterns-moved-same") } else { sentences.join(" ") }
}
