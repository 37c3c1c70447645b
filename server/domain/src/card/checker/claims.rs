//! What is claimed about each thing, held against the rollups: counts, windows, figures in their places, and ways.

use super::{
    reading::{self, Role, has},
    recount::{self, Periods, Scale, half_width, mean, present, real, relative_sd, sd},
    verdict::{LESS, MORE, Verdict, hold, longest, size, way, window},
};
use crate::{
    affect::Family,
    feature::Feature,
    rollup::{Moments, Rollup},
};

pub(super) fn counted(lines: &str, roles: &[Role], periods: &Periods<'_>) -> Verdict {
    let own = periods.own();
    let words =
        [(["no sessions", "nothing was counted", "keine sitzung"], 0), (["one session", "eine sitzung", "~"], 1)];
    for (phrases, n) in words {
        hold(!has(lines, &phrases) || own.sessions == n, "the count is another")?;
    }
    hold(!has(lines, &["two sessions", "zwei sitzungen"]) || own.sessions == 2, "the count is another")?;
    for role in roles {
        match *role {
            Role::Sessions(n) => hold(n == i64::from(own.sessions), "sessions are others")?,
            Role::Days(n) => hold(n == i64::from(own.days), "days are others")?,
            _ => return Err(format!("not a count: {role:?}")),
        }
    }
    Ok(())
}

pub(super) fn baseline(roles: &[Role], periods: &Periods<'_>) -> Verdict {
    let there = i64::try_from(periods.baseline(12).len()).expect("few");
    let said = roles.iter().filter_map(|role| match role {
        Role::Window { periods: Some(said), reach: 12 } => Some(*said),
        _ => None,
    });
    let said: Vec<i64> = said.collect();
    hold(there < 4 && said.iter().all(|said| *said == there), "the baseline is another")?;
    hold(roles.iter().all(|role| matches!(role, Role::Window { reach: 12, .. })), "not of a baseline")
}

pub(super) fn nothing_new(roles: &[Role], periods: &Periods<'_>) -> Verdict {
    let reach = window(roles, |reach| periods.baseline(reach).len())?.ok_or("no window")?;
    longest(Some(reach), |reach| periods.baseline(reach).len())?;
    for role in roles {
        match *role {
            Role::Window { .. } => {}
            Role::Sessions(n) => hold(n == i64::from(periods.own().sessions), "sessions are others")?,
            Role::Comparisons(n) => {
                hold(n == periods.comparisons(), "comparisons are others")?;
            }
            _ => return Err(format!("not of nothing new: {role:?}")),
        }
    }
    Ok(())
}

pub(super) fn level(scale: Scale, lines: &str, roles: &[Role], periods: &Periods<'_>) -> Verdict {
    let own = periods.own();
    hold(Periods::comparable(own), "there is no middle")?;
    let (middle, half) = (mean(own, scale), half_width(own, scale));
    let reach = window(roles, |reach| periods.baseline(reach).len())?;
    let interval = has(lines, &["lie between", "gut zwischen"]);
    let usual = reach.map(|reach| periods.usual(reach, scale));
    for (at, role) in roles.iter().enumerate() {
        match *role {
            Role::Window { .. } => {}
            Role::Sessions(n) => hold(n == i64::from(own.sessions), "sessions are others")?,
            Role::Figure { number, beside_window: true, last: true } => {
                hold(usual.is_some_and(|usual| number.rounds(usual)), "the usual middle is another")?;
            }
            Role::Figure { number, .. } if interval && at + 2 >= roles.len() => {
                let end = if at + 2 == roles.len() { middle - half } else { middle + half };
                hold((number.value - end).abs() < 0.012, "the range is another")?;
            }
            Role::Figure { number, .. } => hold(number.rounds(middle), "the middle is another")?,
            _ => return Err(format!("not of a level: {role:?}")),
        }
    }
    let clear = middle.abs() > half * 0.999;
    let right = ["leaned pleasant", "the pleasant side", "towards high energy", "high energy side", "zum angenehmen"];
    let left =
        ["leaned unpleasant", "the unpleasant side", "towards low energy", "low energy side", "zum unangenehmen"];
    let right_too = [
        "der angenehmen seite",
        "zur angenehmen seite",
        "neigte zu hoher energie",
        "seite mit viel energie",
        "lag bei viel energie",
    ];
    let left_too = [
        "der unangenehmen seite",
        "zur unangenehmen seite",
        "neigte zu niedriger energie",
        "seite mit wenig energie",
        "lag bei wenig energie",
    ];
    let all = |one: [&'static str; 5], two: [&'static str; 5]| [one, two].concat();
    let side = way(lines, middle, &all(right, right_too), &all(left, left_too))?;
    hold(!side || clear, "no side is clear")?;
    let neither = [
        "leaned neither",
        "too close",
        "no clear lean",
        "zu keiner seite",
        "keine klare seite",
        "zu knapp",
        "zu nah",
        "keine klare neigung",
    ];
    hold(!has(lines, &neither) || middle.abs() < half * 1.001, "a side is clear")?;
    let still = [
        "held steady",
        "its usual range",
        "no clear shift",
        "blieb beständig",
        "ihrem üblichen bereich",
        "keine klare verschiebung",
    ];
    match usual {
        None => hold(side || has(lines, &neither), "nothing is said"),
        Some(_) if has(lines, &still) => longest(reach, |reach| periods.baseline(reach).len()),
        Some(usual) => {
            let (more, less) = (["mehr energie"], ["weniger energie"]);
            let moved = way(lines, middle - usual, &[&MORE[..], &more].concat(), &[&LESS[..], &less].concat())?;
            hold(moved, "no way is said")?;
            size(lines, middle - usual)
        }
    }
}

pub(super) fn spread(lines: &str, roles: &[Role], periods: &Periods<'_>) -> Verdict {
    let own = periods.own();
    let scale = reading::scale(lines).ok_or("no axis")?;
    let enough: fn(&Rollup) -> bool = if scale == Scale::Valence {
        |r| r.sessions >= 20 && sd(r, Scale::Valence) > 0.0
    } else {
        |r| r.sessions >= 20 && sd(r, Scale::Arousal) > 0.0
    };
    let reach = window(roles, |reach| periods.among(reach, enough).len())?;
    longest(reach, |reach| periods.among(reach, enough).len())?;
    let factor = reach.map(|reach| {
        let before = periods.among(reach, enough);
        let logs: f64 = before.iter().map(|rollup| relative_sd(rollup, scale).ln()).sum();
        relative_sd(own, scale) / (logs / recount::of(&before)).exp()
    });
    for role in roles {
        match *role {
            Role::Window { .. } => {}
            Role::Sessions(n) => hold(n == i64::from(own.sessions), "sessions are others")?,
            Role::Figure { number, .. } => {
                hold(number.rounds(factor.unwrap_or_else(|| sd(own, scale))), "the spread is another")?;
            }
            _ => return Err(format!("not of a spread: {role:?}")),
        }
    }
    let up = ["farther apart", "varied more", "weiter auseinander", "wechselte mehr"];
    let down = ["closer together", "varied less", "näher beieinander", "wechselte weniger"];
    let moved = way(lines, factor.unwrap_or(1.0) - 1.0, &up, &down)?;
    hold(moved == reach.is_some(), "no way is said")
}

pub(super) fn swings(lines: &str, roles: &[Role], periods: &Periods<'_>) -> Verdict {
    let rate = |r: &Rollup| real(r.displacements.return_distance) / real(r.displacements.return_steps) / 1000.0;
    let own = periods.own();
    let enough: fn(&Rollup) -> bool = |r| r.displacements.returns >= 5 && r.displacements.return_distance > 0;
    let reach = window(roles, |reach| periods.among(reach, enough).len())?;
    longest(reach, |reach| periods.among(reach, enough).len())?;
    let usual = reach.map(|reach| {
        let before = periods.among(reach, enough);
        let logs: f64 = before.iter().map(|rollup| rate(rollup).ln()).sum();
        (logs / recount::of(&before)).exp()
    });
    for role in roles {
        match *role {
            Role::Window { .. } => {}
            Role::Swings(n) => hold(n == own.displacements.returns, "swings are others")?,
            Role::Figure { number, beside_window: true, last: true } => {
                hold(usual.is_some_and(|usual| number.rounds(usual)), "the usual rate is another")?;
            }
            Role::Figure { number, .. } => hold(number.rounds(rate(own)), "the rate is another")?,
            _ => return Err(format!("not of swings: {role:?}")),
        }
    }
    let moved = way(lines, rate(own) - usual.unwrap_or_default(), &["faster", "schneller"], &["slower", "langsamer"])?;
    hold(moved == reach.is_some(), "no way is said")
}

pub(super) fn of_family(family: Family, lines: &str, roles: &[Role], periods: &Periods<'_>) -> Verdict {
    let own = (present(periods.own(), family), i64::from(periods.own().sessions));
    let sum = |rollups: &[&Rollup]| {
        (
            rollups.iter().map(|r| present(r, family)).sum::<i64>(),
            rollups.iter().map(|r| i64::from(r.sessions)).sum::<i64>(),
        )
    };
    let pairs: Vec<(i64, i64, bool)> = roles
        .iter()
        .filter_map(|role| match *role {
            Role::Pair { count, total, about } => Some((count, total, about)),
            _ => None,
        })
        .collect();
    hold(reading::covered(lines).all(|named| named == family), "the word covers others")?;
    let (first, rest) = pairs.split_first().ok_or("no count")?;
    hold((first.0, first.1) == own, "the count is another")?;
    let reach = window(roles, |reach| periods.baseline(reach).len())?;
    let backs: Vec<i64> =
        roles.iter().filter_map(|role| if let Role::Back(n) = role { Some(*n) } else { None }).collect();
    hold(roles.iter().all(|r| matches!(r, Role::Pair { .. } | Role::Back(_) | Role::Window { .. })), "an odd number")?;

    if has(lines, &["first time", "ersten mal", "new", "neu in", "looked", "zurückgeschaut"]) {
        let held: Vec<&Rollup> = periods.0.iter().skip(1).copied().filter(|r| r.sessions > 0).collect();
        let farthest = periods.0.iter().rposition(|r| r.sessions > 0).unwrap_or_default();
        hold(
            !backs.is_empty() && backs.iter().all(|n| usize::try_from(*n) == Ok(farthest)),
            "the look back is another",
        )?;
        let (count, total) = sum(&held);
        return hold(
            count == 0 && rest.iter().all(|(c, n, _)| (*c, *n) == (0, total)) && rest.len() == 1,
            "it was there",
        );
    }
    if has(lines, &["showed again", "came back", "sich wieder", "zurück"]) {
        let reach = reach.ok_or("no window")?;
        hold(reach == 4 && has(lines, &["five to twelve", "fünf bis zwölf"]), "another window")?;
        let recent = periods.baseline(4);
        let old = periods.baseline(12).split_off(recent.len());
        let said: Vec<_> = rest.iter().map(|(count, total, _)| (*count, *total)).collect();
        return hold(said == [sum(&recent), sum(&old)] && said[0].0 == 0 && said[1].0 > 0, "it was away otherwise");
    }
    let more = [
        "more often",
        "öfter",
        "mehr freude",
        "mehr interesse",
        "mehr hoffnung",
        "mehr wärme",
        "mehr ruhe",
        "mehr sorge",
        "mehr ärger",
        "mehr traurigkeit",
        "mehr bedauern",
    ];
    let more_too = [
        "more joy",
        "more interest",
        "more hope",
        "more warmth",
        "more calm",
        "more worry",
        "more anger",
        "more sadness",
        "more regret",
    ];
    let less =
        more.map(|phrase| phrase.replace("more", "less").replace("öfter", "seltener").replace("mehr", "weniger"));
    let less_too = more_too.map(|phrase| phrase.replace("more", "less"));
    let less: Vec<&str> = less.iter().chain(&less_too).map(String::as_str).collect();
    let more: Vec<&str> = more.into_iter().chain(more_too).collect();
    let share = |(count, total): (i64, i64)| real(count) / real(total);
    let Some(reach) = reach else {
        hold(rest.is_empty() && backs.is_empty(), "an odd number")?;
        return hold(!has(lines, &more) && !has(lines, &less), "compared with nothing");
    };
    longest(Some(reach), |reach| periods.baseline(reach).len())?;
    let before = periods.baseline(reach);
    let usual = if has(lines, &["one by one", "einzeln"]) {
        let angles = before.iter().map(|r| {
            let (count, n) = (real(present(r, family)), f64::from(r.sessions));
            ((count + 0.375) / (n + 0.75)).sqrt().asin()
        });
        let usual = (angles.sum::<f64>() / recount::of(&before)).sin().powi(2);
        let expected = usual * real(own.1);
        hold(
            rest.len() == 1 && (real(rest[0].0) - expected).abs() <= 0.5 + 1e-9 && rest[0].1 == own.1,
            "expected was another",
        )?;
        usual
    } else {
        hold(rest.len() == 1 && (rest[0].0, rest[0].1) == sum(&before), "the count before is another")?;
        share(sum(&before))
    };
    hold(way(lines, share(own) - usual, &more, &less)?, "no way is said")
}

pub(super) fn of_corner(lines: &str, roles: &[Role], periods: &Periods<'_>) -> Verdict {
    let corner = reading::corner(lines).ok_or("no corner")?;
    let (count, total) = (i64::from(periods.own().quadrants[corner.index()]), i64::from(periods.own().sessions));
    hold(4 * count > total, "no more than a quarter")?;
    let said = |role: &Role| *role == Role::Pair { count, total, about: false };
    hold(!roles.is_empty() && roles.iter().all(said), "the corner's count is another")
}

pub(super) fn in_grid(lines: &str, roles: &[Role], periods: &Periods<'_>, inside: impl Fn(usize) -> bool) -> Verdict {
    let sides = periods.differ(|rollup| {
        let cells = rollup.grid.iter().enumerate().filter(|(at, _)| inside(*at));
        let (n, sum) = cells.fold((0, 0), |(n, sum), (_, cell)| (n + i64::from(cell.sessions), sum + cell.valence));
        [(n, sum), (i64::from(rollup.sessions) - n, rollup.valence.moments.sum - sum)]
    });
    compared(roles, sides.inside, sides.outside, sides.periods, &[sides.difference.abs() / 1000.0])?;
    let up = [&MORE[..], &["higher", "höher"]].concat();
    let down = [&LESS[..], &["lower", "tiefer"]].concat();
    hold(way(lines, sides.difference, &up, &down)?, "no way is said")?;
    size(lines, sides.difference / 1000.0)
}

/// The counts of two sides, over how many periods, and the figures in their order.
fn compared(roles: &[Role], inside: i64, outside: i64, over: i64, figures: &[f64]) -> Verdict {
    let mut figures = figures.iter();
    for role in roles {
        match *role {
            Role::Inside(n) | Role::Sessions(n) => hold(n == inside, "sessions inside are others")?,
            Role::Outside(n) => hold(n == outside, "sessions outside are others")?,
            Role::Together(n) => hold(n == over, "periods are others")?,
            Role::Figure { number, .. } => {
                hold(figures.next().is_some_and(|figure| number.rounds(*figure)), "the difference is another")?;
            }
            _ => return Err(format!("not of a pattern: {role:?}")),
        }
    }
    hold(figures.next().is_none() && roles.iter().any(|role| matches!(role, Role::Together(_))), "something is missing")
}

pub(super) fn of_feature(feature: Feature, lines: &str, roles: &[Role], periods: &Periods<'_>) -> Verdict {
    let scale = reading::scale(lines).ok_or("no axis")?;
    let others = |rollup: &Rollup, sum: fn(Moments) -> i64| {
        let each = Feature::ALL.into_iter().filter(|other| *other != feature).map(|other| scale.moved(rollup, other));
        each.fold((0, 0), |(n, all), (more, moments)| (n + more, all + sum(moments)))
    };
    let sides = |sum: fn(Moments) -> i64| {
        periods.differ(|rollup| {
            let (n, moments) = scale.moved(rollup, feature);
            [(n, sum(moments)), others(rollup, sum)]
        })
    };
    let towards = ["towards", "zum angenehmen", "zum unangenehmen", "in richtung"];
    if has(lines, &["farthest", "weitesten"]) {
        let sides = sides(|moments| moments.squares);
        let exact = |sum: i64, n: i64| (real(sum) / real(n) / 1e6).sqrt();
        let (own, rest) = (exact(sides.inside_sum, sides.inside), exact(sides.outside_sum, sides.outside));
        hold(own > rest, "others moved farther")?;
        return compared(roles, sides.inside, sides.outside, sides.periods, &[own, rest]);
    }
    if has(lines, &towards) {
        let sides = sides(|moments| moments.sum);
        compared(roles, sides.inside, sides.outside, sides.periods, &[sides.difference.abs() / 1000.0])?;
        let up = ["towards pleasant", "towards high energy", "zum angenehmen", "richtung hoher energie"];
        let down = ["towards unpleasant", "towards low energy", "zum unangenehmen", "richtung niedriger energie"];
        return way(lines, sides.difference, &up, &down).and_then(|said| hold(said, "no way is said"));
    }
    let each = || periods.together().map(|rollup| scale.moved(rollup, feature)).filter(|(n, _)| *n > 0);
    let (n, sum) = each().fold((0, 0), |(n, sum), (more, moments)| (n + more, sum + moments.sum));
    let shift = real(sum) / real(n) / 1000.0;
    compared(roles, n, 0, i64::try_from(each().count()).expect("few"), &[shift])?;
    let up = [&MORE[..], &["to rise", "stieg", "mehr energie"]].concat();
    let down = [&LESS[..], &["to fall", "sank", "weniger energie"]].concat();
    hold(way(lines, shift, &up, &down)?, "no way is said")
}
