//! Holds what a text claims against the rollups: the first claim that is not true of them is the verdict.

use super::{
    claims,
    reading::{self, Role, Topic, has},
    recount::{Periods, present},
    tokens::{Number, Token, line, sentences, tokens},
};
use crate::{affect::Family, card::Grain};

pub(super) type Verdict = Result<(), String>;

pub(super) fn hold(holds: bool, what: &str) -> Verdict {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

/// Checks a card, or a section of a month's text.
pub(super) fn check(text: &str, grain: Grain, periods: &Periods<'_>) -> Verdict {
    let mut group: Option<(Topic, String, Vec<Role>)> = None;
    for sentence in sentences(text) {
        let tokens = tokens(&sentence);
        let line = line(&tokens);
        grains(&line, grain)?;
        if counts_alone(&tokens, &line, periods)? {
            continue;
        }
        let roles = reading::roles(&tokens)?;
        let topic = reading::topic(&line);
        match &mut group {
            Some((current, lines, all)) if topic.is_none_or(|topic| goes_on(*current, topic)) => {
                lines.push_str(&line);
                all.extend(roles);
            }
            _ => {
                if let Some((topic, lines, roles)) = group.take() {
                    judge(topic, &lines, &roles, periods)?;
                }
                group = Some((topic.unwrap_or(Topic::Counted), line, roles));
            }
        }
    }
    group.map_or(Ok(()), |(topic, lines, roles)| judge(topic, &lines, &roles, periods))
}

/// Whether a sentence about `next` still tells of `current`: features and corners have axes and spreads in their sentences.
fn goes_on(current: Topic, next: Topic) -> bool {
    let wide = matches!(current, Topic::Feature(_) | Topic::Corner | Topic::Weekday(_) | Topic::Daypart(_));
    current == next
        || (wide && matches!(next, Topic::Level(_) | Topic::Spread(_)))
        || (matches!(current, Topic::Spread(_)) && next == Topic::Spread(None))
}

fn grains(line: &str, grain: Grain) -> Verdict {
    let weeks = has(line, &["week", "weeks", "woche", "wochen"]);
    let months = has(line, &["month", "months", "monat", "monats", "monate", "monaten"]);
    hold(!(if grain == Grain::Week { months } else { weeks }), "the period is another")
}

/// The sentences of a month's text that are counts and nothing else. Whether the sentence is one.
fn counts_alone(tokens: &[Token], line: &str, periods: &Periods<'_>) -> Result<bool, String> {
    let all: Vec<Number> = tokens.iter().filter_map(Token::number).collect();
    let own = periods.own();
    let month_before = line.starts_with(" the month before ") || line.starts_with(" im monat davor ");
    if month_before {
        let before = periods.0[1];
        if let Some(family) = reading::family(line) {
            let none = has(line, &["none", "keiner"]);
            let (count, total) = if none { (0, all[0]) } else { (present_in(all[0]), all[1]) };
            hold(present(before, family) == count, "the month before is another")?;
            hold(total.is(before.sessions.into()), "the month before had others")?;
        } else {
            let said = all.first().map_or(0, |number| present_in(*number));
            hold(i64::from(before.sessions) == said, "the month before had others")?;
        }
        return Ok(true);
    }
    if line.starts_with(" by feature ") || line.starts_with(" nach art ") {
        let mut named = Vec::new();
        for (at, number) in tokens.iter().enumerate().filter_map(|(at, token)| Some((at, token.number()?))) {
            let feature = reading::feature(&format!(" {} ", tokens[at + 2].word())).ok_or("no feature")?;
            hold(!named.contains(&feature), "a feature is named twice")?;
            named.push(feature);
            hold(number.is(own.features[feature.index()].sessions.into()), "a feature's count is another")?;
        }
        return Ok(true);
    }
    let list = reading::families(line) > 0 && (has(line, &["was in #", "war in #"])) && !line.starts_with(" it ");
    if list {
        let total = all.get(1).ok_or("no total")?;
        hold(total.is(own.sessions.into()), "the total is another")?;
        let counts = all.iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, number)| *number);
        let named = tokens.iter().filter_map(|token| reading::family(&format!(" {} ", token.word())));
        let named: Vec<Family> = named.collect();
        let counts: Vec<Number> = counts.collect();
        hold(named.iter().enumerate().all(|(at, family)| !named[..at].contains(family)), "a feeling is named twice")?;
        hold(named.len() == counts.len(), "a count without a feeling")?;
        for (family, count) in named.into_iter().zip(counts) {
            hold(count.is(present(own, family)), "a feeling's count is another")?;
        }
        return Ok(true);
    }
    if has(line, &["no feeling", "kein gefühl"]) {
        hold(own.families.iter().all(|count| *count < 3), "a feeling was there")?;
        return Ok(true);
    }
    Ok(false)
}

#[expect(clippy::cast_possible_truncation, reason = "a count")]
fn present_in(number: Number) -> i64 {
    number.value as i64
}

fn judge(topic: Topic, lines: &str, roles: &[Role], periods: &Periods<'_>) -> Verdict {
    let judged = match topic {
        Topic::Counted => claims::counted(lines, roles, periods),
        Topic::Baseline => claims::baseline(roles, periods),
        Topic::NothingNew => claims::nothing_new(roles, periods),
        Topic::Level(scale) => claims::level(scale, lines, roles, periods),
        Topic::Spread(_) => claims::spread(lines, roles, periods),
        Topic::Swings => claims::swings(lines, roles, periods),
        Topic::Family(family) => claims::of_family(family, lines, roles, periods),
        Topic::Corner => claims::of_corner(lines, roles, periods),
        Topic::Weekday(weekday) => {
            claims::in_grid(lines, roles, periods, |cell| cell / 4 == weekday.num_days_from_monday() as usize)
        }
        Topic::Daypart(daypart) => claims::in_grid(lines, roles, periods, |cell| cell % 4 == daypart.index()),
        Topic::Feature(feature) => claims::of_feature(feature, lines, roles, periods),
    };
    judged.map_err(|problem| format!("{problem} ({topic:?}: {lines})"))
}

/// The one window that roles name: how far back, and that it names as many periods as there are.
pub(super) fn window(roles: &[Role], eligible: impl Fn(usize) -> usize) -> Result<Option<usize>, String> {
    let mut found = None;
    for role in roles {
        if let Role::Window { periods, reach } = *role {
            let there = i64::try_from(eligible(reach)).expect("few");
            let said = periods.unwrap_or_else(|| i64::try_from(reach).expect("few"));
            hold(there == said, "the window holds others")?;
            hold(found.is_none_or(|other| other == reach), "two windows")?;
            found = Some(reach);
        }
    }
    Ok(found)
}

/// That no longer window was there: only levels are compared over the shorter one of two.
pub(super) fn longest(reach: Option<usize>, eligible: impl Fn(usize) -> usize) -> Verdict {
    hold(reach.is_none_or(|reach| eligible(reach) == eligible(12)), "a longer window was used")
}

/// That each phrase for a way is true of a difference; whether any was there.
pub(super) fn way(lines: &str, difference: f64, up: &[&str], down: &[&str]) -> Result<bool, String> {
    let (ups, downs) = (has(lines, up), has(lines, down));
    hold(!ups || difference > 0.0, "it went the other way")?;
    hold(!downs || difference < 0.0, "it went the other way")?;
    Ok(ups || downs)
}

/// That "a little" and "much" are so large.
pub(super) fn size(lines: &str, difference: f64) -> Verdict {
    let little = ["a little more", "a little less", "a little higher", "a little lower"];
    let much = ["much more", "much less", "much higher", "much lower"];
    let little = has(lines, &little) || has(lines, &["etwas angenehmer", "etwas weniger", "etwas mehr"]);
    let much = has(lines, &much) || has(lines, &["viel angenehmer", "viel weniger", "viel mehr"]);
    let off = 1e-9;
    let fits = match (little, much) {
        (true, _) => difference.abs() < 0.1 + off,
        (_, true) => difference.abs() > 0.3 - off,
        _ => (0.1 - off..0.3 + off).contains(&difference.abs()),
    };
    hold(fits, "it is of another size")
}

pub(super) const MORE: [&str; 3] = ["more pleasant", "higher in energy", "angenehmer"];
pub(super) const LESS: [&str; 3] = ["less pleasant", "lower in energy", "weniger angenehm"];
