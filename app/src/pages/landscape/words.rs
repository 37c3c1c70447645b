//! What the landscape says, as pure functions of what it shows.

use chrono::Datelike as _;
use spectrum_domain::{
    affect::Quadrant,
    rollup::{Estimate, Tier},
    span::{Part, Span},
    stretch::{DayMark, MOST_POINTS, PartSums, Stretch},
};

use crate::pages::{
    language::{Words, args, id},
    parts::NONE,
    spans::words::{below_the_mean, empty, few, lean, named, short_day, short_month, words_of},
};

/// The sentence at the head of the page and, where there is more to say, the one under it.
pub fn headline(stretch: &Stretch) -> (String, Option<String>) {
    if let Some(why) = stretch.emptiness() {
        let (first, second) = empty(stretch, why);
        return (first, Some(second));
    }
    match stretch.now.rollup.tier() {
        Tier::Enough => lean(stretch),
        Tier::Some => (sides(stretch), Some(below_the_mean(stretch))),
        Tier::Few | Tier::Empty => {
            let (first, second) = few(stretch);
            (first, Some(second))
        }
    }
}

/// On which sides most sessions lay.
pub fn sides(stretch: &Stretch) -> String {
    let words = words_of(stretch);
    let rollup = &stretch.now.rollup;
    let n = rollup.sessions;
    if rollup.tier() <= Tier::Few {
        return words.say("landscape-each-mark");
    }
    let of = |quadrant: Quadrant| rollup.quadrants[quadrant.index()];
    let pleasant = of(Quadrant::HighPleasant) + of(Quadrant::LowPleasant);
    let high = of(Quadrant::HighPleasant) + of(Quadrant::HighUnpleasant);
    // The greater part of each, so that the counts read the way the picture leans.
    let (valence, side) = if pleasant * 2 >= n { (pleasant, "pleasant") } else { (n - pleasant, "unpleasant") };
    let (energy, energy_side) = if high * 2 >= n { (high, "high") } else { (n - high, "low") };
    words.say_with(
        "landscape-sides",
        &args! { valence: valence, side: side, energy: energy, energy_side: energy_side, n: n },
    )
}

/// A figure with how far off it may be.
pub fn estimate(words: Words, Estimate { mean, half_width, .. }: Estimate) -> String {
    format!("{} ± {}", words.signed(mean), words.decimals(half_width, 2))
}

/// The same, or that there is none.
pub fn estimate_if(words: Words, known: Option<Estimate>) -> String {
    known.map_or_else(|| NONE.to_owned(), |known| estimate(words, known))
}

/// What has to be known to read the plane.
pub fn plane_note(
    stretch: &Stretch,
    middle: Option<(Estimate, Estimate)>,
    points: bool,
    steps: usize,
) -> Option<String> {
    let words = words_of(stretch);
    let mut sentences = Vec::with_capacity(3);
    if let Some((valence, arousal)) = middle {
        sentences.push(words.say_with(
            "landscape-middle",
            &args! {
                valence: words.signed(valence.mean),
                valence_off: words.decimals(valence.half_width, 2),
                arousal: words.signed(arousal.mean),
                arousal_off: words.decimals(arousal.half_width, 2),
            },
        ));
    }
    if steps > 1 {
        sentences.push(words.say_with("landscape-way", &args! { part: parts(stretch.span) }));
    }
    if !points {
        sentences.push(if stretch.now.rollup.sessions > MOST_POINTS {
            words.say_with("landscape-too-many", &args! { most: MOST_POINTS })
        } else {
            words.say("landscape-not-held")
        });
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// What the span before is called in the picture.
pub fn name_of_before(stretch: &Stretch) -> String {
    words_of(stretch).say_with("landscape-name-before", &named(stretch.span.kind()))
}

/// What the parts are.
pub const fn parts(span: Span) -> &'static str {
    if monthly(span) { "months" } else { "weeks" }
}

/// Whether the parts are months.
pub const fn monthly(span: Span) -> bool {
    matches!(span, Span::Year(_))
}

/// What a part is called in a table: `2 Nov – 8 Nov`, `March`.
pub fn part(words: Words, span: Span, part: Part) -> String {
    if monthly(span) {
        words.month_name(part.first)
    } else if part.first == part.last() {
        words.day_of_year(part.first)
    } else {
        words.range(part.first, part.last())
    }
}

/// The same in a picture: `2 Nov`, `Mar`.
pub fn part_short(words: Words, span: Span, part: Part) -> String {
    if monthly(span) { short_month(words, part.first) } else { short_day(words, part.first) }
}

/// The name below each of the parts where they stand beside each other: as much as there is room for.
pub fn part_below(words: Words, span: Span, part: Part, many: bool) -> String {
    if monthly(span) {
        words.month_name(part.first).chars().take(1).collect()
    } else if many {
        part.first.day().to_string()
    } else {
        short_day(words, part.first)
    }
}

/// What the parts beside each other show: which lay most and which least pleasant, where their intervals keep apart.
pub fn steps_takeaway(stretch: &Stretch) -> String {
    let words = words_of(stretch);
    let parts: Vec<(&PartSums, Estimate)> = stretch
        .parts
        .iter()
        .filter(|of| of.rollup.tier() == Tier::Enough)
        .filter_map(|of| Some((of, of.rollup.valence_estimate()?)))
        .collect();
    let mut args = args! { part: self::parts(stretch.span), with: parts.len(), all: stretch.parts.len() };
    let by_mean = |a: &&(&PartSums, Estimate), b: &&(&PartSums, Estimate)| a.1.mean.total_cmp(&b.1.mean);
    match (parts.iter().min_by(by_mean), parts.iter().max_by(by_mean)) {
        (Some((low, a)), Some((high, b))) if b.mean - a.mean > a.half_width + b.half_width => {
            args.set("most", part(words, stretch.span, high.part));
            args.set("least", part(words, stretch.span, low.part));
            words.say_with("landscape-steps-apart", &args)
        }
        _ if parts.len() > 1 => words.say_with("landscape-steps-level", &args),
        _ => words.say_with("landscape-steps-alone", &args),
    }
}

/// What the days of the year show.
pub fn year_takeaway(stretch: &Stretch) -> String {
    let words = words_of(stretch);
    let days = stretch.days.len();
    let mut counts = [0; 4];
    for quadrant in stretch.days.iter().filter_map(DayMark::quadrant) {
        counts[quadrant.index()] += 1;
    }
    let most = Quadrant::ALL.into_iter().max_by_key(|quadrant| counts[quadrant.index()]);
    let enough = stretch.now.rollup.tier() >= Tier::Some;
    match most.filter(|quadrant| enough && counts[quadrant.index()] > 0) {
        Some(quadrant) => words.say_with(
            "landscape-year-most",
            &args! { quadrant: quadrant.name(), n: counts[quadrant.index()], days: days },
        ),
        None => words.say_with("landscape-year-few", &args! { days: days }),
    }
}

/// What has to be known to read the span beside the one before.
pub fn beside_note(stretch: &Stretch) -> String {
    words_of(stretch).say_with("landscape-beside-note", &named(stretch.span.kind()))
}

/// Ids of the headings, for the files as well.
pub const PLANE: &str = id("landscape-plane");
/// The heading of the parts beside each other.
pub const STEPS: &str = id("landscape-steps");
/// The heading of the year's days.
pub const YEAR: &str = id("landscape-year");
/// The heading of the span beside the one before.
pub const BESIDE: &str = id("landscape-beside");
