//! A figure as a file: the drawing as SVG that stands by itself, its numbers as CSV.
//!
//! The same functions draw it as draw the page, from the same use cases, so that a file can't say anything else.

use spectrum_core::{ServiceError, Services};
use spectrum_domain::{member::Member, rollup::Tier, span::Span, stretch::Stretch, week::WeekView};

use super::{
    chart::{self, Chart},
    landscape::{self, beside, plane, steps, year},
    language::Words,
    patterns::{self, features, grid, mix, moved, ways},
    spans::words::{against_before, title, words_of},
    week::{self, columns},
};

/// A file to be handed out.
#[derive(Debug)]
pub struct FigureFile {
    /// What it is called: `spectrum-2026-11-plane.svg`.
    pub name: String,
    /// Its media type.
    pub kind: &'static str,
    /// What is in it.
    pub body: String,
}

/// A figure with its name, what it shows and its numbers.
struct Drawn {
    chart: Chart,
    title: String,
    takeaway: String,
    csv: String,
}

/// The figure of a screen with this name, such as `plane.svg` of `landscape` for `2026-11`; nothing where there is none, as
/// where its page would not show it.
pub async fn figure_file(
    services: &Services,
    member: &Member,
    screen: &str,
    span: &str,
    file: &str,
) -> Result<Option<FigureFile>, ServiceError> {
    let today = services.today(member);
    let (Some(span), Some((name, kind))) = (Span::parse(span, member.week_start, today), file.rsplit_once('.')) else {
        return Ok(None);
    };
    let drawn = match screen {
        "landscape" if name == "days" => match span {
            Span::Week(week) => of_week(&services.load_week(member, week.label()).await?, span),
            _ => None,
        },
        "landscape" if ["plane", "steps", "beside", "year"].contains(&name) => {
            let view = services.load_landscape(member, span).await?;
            let stretch = &view.stretch;
            if name == "plane" {
                let (title, takeaway) = heading(stretch, landscape::words::PLANE, landscape::words::sides(stretch));
                (stretch.now.rollup.sessions > 0).then(|| Drawn {
                    chart: plane::chart(&view),
                    title,
                    takeaway,
                    csv: plane::csv(&view),
                })
            } else {
                of_landscape(stretch, name)
            }
        }
        "patterns" if ["mix", "ways", "grid", "features", "moved"].contains(&name) => {
            of_patterns(&services.load_patterns(member, span).await?, name)
        }
        _ => None,
    };
    let Some(Drawn { chart, title, takeaway, csv }) = drawn else { return Ok(None) };
    let (kind, body) = match kind {
        "svg" => ("image/svg+xml", chart.document(&title, &takeaway)),
        "csv" => ("text/csv; charset=utf-8", csv),
        _ => return Ok(None),
    };
    Ok(Some(FigureFile { name: format!("spectrum-{span}-{file}"), kind, body }))
}

/// The days of a week.
fn of_week(view: &WeekView, span: Span) -> Option<Drawn> {
    let words = Words::of_member(&view.member);
    let (heading, title) = (words.say("week-days-title"), title(words, span));
    (view.rollup.tier() >= Tier::Some).then(|| Drawn {
        chart: chart::columns(words, &view.columns()),
        title: format!("{heading} · {title}"),
        takeaway: week::words::columns_takeaway(words, &view.columns()),
        csv: columns::csv(view),
    })
}

fn of_landscape(stretch: &Stretch, name: &str) -> Option<Drawn> {
    let (chart, id, takeaway, csv) = match name {
        "steps" if steps::has_steps(stretch) => {
            let words = landscape::words::steps_takeaway(stretch);
            (steps::chart(stretch), landscape::words::STEPS, words, steps::csv(stretch))
        }
        "beside" if stretch.now.rollup.sessions > 0 => {
            (beside::chart(stretch), landscape::words::BESIDE, against_before(stretch), beside::csv(stretch))
        }
        "year" if matches!(stretch.span, Span::Year(_)) && stretch.now.rollup.sessions > 0 => {
            let words = landscape::words::year_takeaway(stretch);
            (year::chart(stretch), landscape::words::YEAR, words, year::csv(stretch))
        }
        _ => return None,
    };
    let (title, takeaway) = heading(stretch, id, takeaway);
    Some(Drawn { chart, title, takeaway, csv })
}

fn of_patterns(stretch: &Stretch, name: &str) -> Option<Drawn> {
    use patterns::words;
    if stretch.now.rollup.tier() < Tier::Some {
        return None;
    }
    let (chart, id, takeaway, csv) = match name {
        "mix" => (mix::chart(stretch, false), "patterns-mix", words::breadth(stretch), mix::csv(stretch)),
        "ways" => {
            let told = words::ways(stretch, &stretch.ways()?);
            (ways::chart(stretch)?, "patterns-ways", told, ways::csv(stretch))
        }
        "grid" => (grid::chart(stretch), "patterns-grid", words::grid(stretch), grid::csv(stretch)),
        "features" => (features::chart(stretch), "patterns-features", words::features(stretch), features::csv(stretch)),
        "moved" => (moved::chart(stretch), "patterns-moved", words::moved(stretch), moved::csv(stretch)),
        _ => return None,
    };
    let (title, takeaway) = heading(stretch, id, takeaway);
    Some(Drawn { chart, title, takeaway, csv })
}

/// The name of a figure with its span, and what it shows.
fn heading(stretch: &Stretch, message: &str, takeaway: String) -> (String, String) {
    let words = words_of(stretch);
    (format!("{} · {}", words.say(message), title(words, stretch.span)), takeaway)
}
