//! The style guide: every token and every component, drawn by the code that draws the screens, with made-up data. Public, for whoever
//! changes how Spectrum looks, and for the browser's tests to photograph. Its own words are English, as on the team's pages; the
//! components speak the language that the browser asks for.

mod samples;
mod tokens;

use leptos::prelude::*;
use spectrum_domain::{card::Grain, span::Span};

use self::tokens::{GROUNDS, LIES_ON, READ, SEEN, Theme, themes};
use super::{
    chart::{self, Chart, example_weeks, mark_icon, symbols},
    feed::card,
    language::Words,
    parts::{Figure, Here, Step, Surface, figure, foot, help, notice, own_foot_at, teaser},
    routes::Route,
    shell::{Head, Script, document},
    spans::{At, Screen, compare, period_bar, words::short_month},
    week::{
        example,
        sessions::{Row, row},
    },
};

/// `/styleguide`.
#[component]
pub fn StyleGuidePage() -> impl IntoView {
    let words = Words::of_request();
    let header = view! {
        <header class="period">
            <nav aria-label="Start">
                <a class="turn" href=Route::SignIn.to_string() aria-label="To the sign-in">"‹"</a>
                <h1>"Style guide"</h1>
                <span class="turn"></span>
            </nav>
        </header>
    };
    let main = view! {
        {symbols()}
        <div class="page styleguide">
            <section class="lead">
                <p class="headline">"Quiet, warm, exact."</p>
                <p class="more">"One thought a screen; the number is there, small, beside the words. Nothing blinks, scolds, scores or celebrates."</p>
                <p class="coverage">"Everything below is made up. Tokens are read from style/tokens.css; components are those of the screens."</p>
            </section>
            {type_scale().into_any()}
            {colours().into_any()}
            {contrasts().into_any()}
            {space().into_any()}
            {controls(words).into_any()}
            {bars(words).into_any()}
            {figures(words).into_any()}
            {cards(words).into_any()}
            {states(words).into_any()}
        </div>
    };
    let title = "Style guide".to_owned();
    document(words, &Head { title, script: Script::None }, header, main, ())
}

/// A part of the guide.
fn part<V: IntoView + 'static>(heading: &'static str, what: &'static str, shown: V) -> impl IntoView + use<V> {
    view! {
        <section>
            <h2>{heading}</h2>
            <p class="takeaway">{what}</p>
            {shown.into_any()}
        </section>
    }
}

/// A table that scrolls by itself where the window is narrow.
fn table(caption: &'static str, columns: Vec<String>, rows: Vec<AnyView>) -> AnyView {
    let columns: Vec<_> = columns.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=caption>
            <table>
                <caption>{caption}</caption>
                <thead>
                    <tr>{columns}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn type_scale() -> impl IntoView {
    let [light, ..] = themes();
    let steps = [
        ("xxl", "Your week leaned pleasant."),
        ("xl", "Where to turn"),
        ("l", "In 9 of 12 sessions energy was below the middle."),
        ("m", "Plain words, about reading age 12; counts before adjectives."),
        ("s", "12 sessions on 6 days"),
        ("xs", "Captions, notes and the ends of scales."),
    ];
    let rows: Vec<_> = steps
        .into_iter()
        .map(|(step, sample)| {
            let class = format!("step-{step}");
            let size = light.value(&format!("text-{step}")).to_owned();
            view! { <p class=class>{sample}" "<small><code>{format!("--text-{step}")}</code>" "{size}</small></p> }
        })
        .collect();
    part(
        "Type",
        "System fonts on a scale of 1.2. The three upper steps grow with the window, all with the reader’s own size.",
        rows,
    )
}

/// A colour as it is, and as it is written.
fn swatch(value: &str) -> AnyView {
    let drawn = format!(r#"<rect x="1" y="1" width="38" height="22" rx="6" fill="{value}"/>"#);
    view! {
        <svg class="swatch" aria-hidden="true" viewBox="0 0 40 24" inner_html=drawn></svg>
        <code>{value.to_owned()}</code>
    }
    .into_any()
}

fn theme_names(all: &[Theme; 4]) -> Vec<String> {
    ["Token".to_owned()].into_iter().chain(all.iter().map(|theme| theme.name.to_owned())).collect()
}

fn colours() -> impl IntoView {
    let all = themes();
    let [light, ..] = &all;
    let names: Vec<_> = light.named("").into_iter().map(|(name, _)| name).collect();
    let names = names.into_iter().filter(|name| light.colour(name).is_some());
    let rows: Vec<_> = names
        .map(|name| {
            let cells: Vec<_> = all.iter().map(|theme| view! { <td>{swatch(theme.value(name))}</td> }).collect();
            view! { <tr><th scope="row"><code>{format!("--{name}")}</code></th>{cells}</tr> }.into_any()
        })
        .collect();
    let marks: Vec<_> = spectrum_domain::affect::Quadrant::ALL
        .into_iter()
        .map(|quadrant| view! { <li>{mark_icon(Some(quadrant))}" "{Words::english().quadrant(quadrant)}</li> })
        .collect();
    let shown = view! {
        {table("Colours by theme", theme_names(&all), rows)}
        <ul class="marks">{marks}<li>{mark_icon(None)}" Does not count"</li></ul>
    };
    part(
        "Colour",
        "Warm surfaces, one ink, one accent. The four affect colours only ever mean affect, and each goes with a shape.",
        shown,
    )
}

fn contrasts() -> impl IntoView {
    let all = themes();
    let text = GROUNDS.into_iter().flat_map(|on| READ.map(|name| (name, on, true)));
    let text = text.chain([("accent-ink", "accent", true)]);
    let marks = LIES_ON.into_iter().flat_map(|on| SEEN.map(|name| (name, on, false)));
    let rows: Vec<_> = text
        .chain(marks)
        .map(|(name, on, is_text)| {
            let ratios: Vec<_> = all
                .iter()
                .map(|theme| {
                    let least = if is_text { theme.least.0 } else { theme.least.1 };
                    let ratio = theme.contrast(name, on).unwrap_or_default();
                    let class = (ratio < least).then_some("warn");
                    view! { <td class=class>{format!("{ratio:.1}")}</td> }
                })
                .collect();
            let what = if is_text { "text" } else { "mark" };
            view! { <tr><th scope="row"><code>{name}</code>" on "<code>{on}</code>", "{what}</th>{ratios}</tr> }
                .into_any()
        })
        .collect();
    part(
        "Contrast",
        "WCAG 2.2, to one. Text keeps 4.5 and marks 3; with more contrast 7 and 4.5. With forced colours all are the reader’s.",
        table("Contrast by theme", theme_names(&all), rows),
    )
}

fn space() -> impl IntoView {
    let [light, ..] = themes();
    let mut sizes: Vec<_> = light
        .named("s")
        .into_iter()
        .filter_map(|(name, value)| {
            let step: u32 = name.strip_prefix('s')?.parse().ok()?;
            Some((step, value.to_owned()))
        })
        .collect();
    sizes.sort_unstable_by_key(|(step, _)| *step);
    let rows: Vec<_> = sizes
        .into_iter()
        .map(|(step, value)| {
            let wide = step * 4;
            let drawn = format!(r#"<rect width="{wide}" height="8" rx="2" fill="currentColor"/>"#);
            view! {
                <li>
                    <svg class="measure" aria-hidden="true" viewBox="0 0 64 8" inner_html=drawn></svg>
                    <code>{format!("--s{step}")}</code>
                    " "
                    {value}
                </li>
            }
        })
        .collect();
    let radii: Vec<_> = light.named("radius").into_iter().map(|(name, value)| format!("--{name} {value}")).collect();
    let note = format!("Radius: {}. Motion: {}, none where less is asked for.", radii.join(", "), light.value("quick"));
    let shown = view! {
        <ul class="sizes">{rows}</ul>
        <p class="note">{note}</p>
    };
    part("Space, radius, motion", "A grid of 4 px: small steps inside a thing, large ones between sections.", shown)
}

fn controls(words: Words) -> impl IntoView {
    // A form that goes nowhere: it asks for this page again.
    let shown = view! {
        <div class="row">
            <a class="button" href=Route::StyleGuide.to_string()>{words.say("page-look-again")}</a>
            <a class="button quiet" href=Route::StyleGuide.to_string()>{words.say("week-leave-out")}</a>
            <span class="button" role="button" aria-disabled="true">{words.say("week-leaving-out")}</span>
        </div>
        <form class="fields" method="get" action=Route::StyleGuide.to_string()>
            <label class="field">
                {words.say("exclusions-first")}
                <input type="date" name="first"/>
            </label>
            <label class="field">
                {words.say("settings-language")}
                <select name="language">
                    <option>{words.say("settings-language-of-app")}</option>
                    <option>{words.say("language-own-name")}</option>
                </select>
            </label>
            <fieldset>
                <legend>{words.say("reset-erase")}</legend>
                <label><input type="radio" name="depth" checked=true/>{words.say("reset-derived")}</label>
                <label><input type="radio" name="depth"/>{words.say("reset-raw")}</label>
                <label><input type="checkbox" name="keep"/>{words.say("reset-keep")}</label>
            </fieldset>
            <div class="verdict" role="group" aria-label=words.say("card-verdicts")>
                <button class="chip" type="button" aria-pressed="true">{words.say("week-leave-out")}</button>
                <button class="chip" type="button" aria-pressed="false">{words.say("week-take-in")}</button>
            </div>
            <button class="button quiet">{words.say("settings-language-choose")}</button>
        </form>
    };
    part(
        "Buttons, fields, chips",
        "One button a form at most is filled. Targets are 44 px; all work without script.",
        shown,
    )
}

fn bars(words: Words) -> impl IntoView {
    let at = samples::month();
    let member = samples::member(words);
    let shown = view! {
        <div class="stays">
            {period_bar(words, Screen::Landscape, at, member.week_start).into_any()}
            {compare(words, Screen::Landscape, at, false).into_any()}
            {own_foot_at(words, Here::Landscape, Some((at, member.week_start))).into_any()}
        </div>
    };
    part("Bars", "The period on top and the four places at the foot stay while the page moves between them.", shown)
}

/// A chart in its figure.
fn drawn(
    words: Words,
    ids: (&'static str, &'static str),
    title: &'static str,
    takeaway: &'static str,
    chart: Chart,
) -> AnyView {
    let head = Figure {
        title_id: ids.0,
        takeaway_id: ids.1,
        title: title.to_owned(),
        takeaway: takeaway.to_owned(),
        note: None,
    };
    let rows = view! { <p>"On a screen the numbers stand here as a table."</p> };
    figure(words, head, chart, rows).into_any()
}

fn figures(words: Words) -> impl IntoView {
    let days = samples::days();
    let names = days.map(|day| words.weekday_short(day.date));
    let dayparts = spectrum_domain::calendar::Daypart::ALL.map(|of| super::patterns::words::daypart(words, of));
    let months: [String; 12] = std::array::from_fn(|at| {
        let month = u32::try_from(at + 1).unwrap_or(1);
        short_month(words, chrono::NaiveDate::from_ymd_opt(2026, month, 1).unwrap_or_default())
    });
    let ends = ["scale-pleasant", "scale-between", "scale-unpleasant"].map(|end| words.say(end));
    let [pleasant, between, unpleasant] = &ends;
    let few = words.say("figure-too-few");
    let shares = [words.percent(0, 1), words.percent(1, 1)];
    let weeks = [words.day_of_year(samples::week().start()), words.day_of_year(samples::today())];
    let [first, last] = &weeks;
    let shown = [
        drawn(
            words,
            ("plane-title", "plane-takeaway"),
            "Plane",
            "A mark is a session, the dot its middle with the interval, the ring the time before.",
            chart::plane(words, "guide", &samples::plane(words)),
        ),
        drawn(
            words,
            ("columns-title", "columns-takeaway"),
            "Columns",
            "Range and middle of each day; hatched below three sessions.",
            chart::columns(words, &days),
        ),
        drawn(
            words,
            ("bars-title", "bars-takeaway"),
            "Bars",
            "Counts of sessions; the line across is the share before.",
            chart::bars(&samples::bars(words)),
        ),
        drawn(
            words,
            ("steps-title", "steps-takeaway"),
            "Steps",
            "The middles of the parts with their intervals; none below the floor.",
            chart::steps(&samples::steps(), [pleasant, between, unpleasant], &words.say("scale-sessions")),
        ),
        drawn(
            words,
            ("ways-title", "ways-takeaway"),
            "Ways",
            "One line a family, all on one scale, broken where too little is known.",
            chart::ways(&samples::ways(words), &shares, [first, last]),
        ),
        drawn(
            words,
            ("grid-title", "grid-takeaway"),
            "Grid",
            "Weekdays by parts of the day; a bar up is pleasant, down unpleasant.",
            chart::grid(&names, &dayparts, &samples::cells()),
        ),
        drawn(
            words,
            ("dots-title", "dots-takeaway"),
            "Dots",
            "Means with intervals; hollow for the time before.",
            chart::dots(&samples::dots(words), &few),
        ),
        drawn(
            words,
            ("arrows-title", "arrows-takeaway"),
            "Arrows",
            "How far sessions moved from where they began.",
            chart::arrows(&samples::arrows(words), &few),
        ),
        drawn(
            words,
            ("year-title", "year-takeaway"),
            "Year",
            "A day each: where most of its sessions lay.",
            chart::year(&months, &samples::year()),
        ),
        drawn(
            words,
            ("weeks-title", "weeks-takeaway"),
            "Weeks of an example",
            "Drawn where somebody has no weeks of their own to show.",
            example_weeks(words),
        ),
    ];
    part(
        "Figures",
        "Drawn on the server as SVG: one sentence above, labels in the picture, the numbers behind it.",
        view! { <div class="figures">{shown.into_iter().collect::<Vec<_>>()}</div> },
    )
}

fn cards(words: Words) -> impl IntoView {
    let member = samples::member(words);
    let edition = samples::edition(words);
    let cards: Vec<_> =
        edition.cards.iter().map(|shown| card::card(&member, Grain::Week, &edition, shown).into_any()).collect();
    let week = samples::week().label().to_string();
    let rows: Vec<_> = samples::sessions()
        .iter()
        .map(|session| row(words, &Row { session, week: &week, back: None, said: None }).into_any())
        .collect();
    let shown = view! {
        <div class="edition">{card::refreshed(&member, &edition)}{cards}</div>
        <div class="sessions"><ol>{rows}</ol></div>
    };
    part(
        "Cards and sessions",
        "One thought a card with its receipt; a session with the control that leaves it out.",
        shown,
    )
}

fn states(words: Words) -> impl IntoView {
    let member = samples::member(words);
    let at = At { span: Span::Week(samples::week()), today: samples::today() };
    let gone = notice(
        words.say("sign-in-spent"),
        vec![words.say("sign-in-spent-why"), words.say("sign-in-spent-kept")],
        Step::Link(Route::Landscape(at).to_string(), words.say("page-newest-week")),
    );
    let shown = view! {
        <p class="said">{words.say("told-resumed")}</p>
        <p class="pending">{words.say("week-all-pending-more")}" "<a href=Route::StyleGuide.to_string()>{words.say("page-look-again")}</a></p>
        <p class="control-failed">{words.say("week-change-failed")}</p>
        {help(&member).into_any()}
        {example::example_week(words).into_any()}
        {teaser(words, Surface::Feed).into_any()}
        <div class="stays">{gone.into_any()}{foot(words, words.say("page-estimates")).into_any()}</div>
    };
    part("States", "What a form did, what is on its way, help, examples, and a page that says one thing.", shown)
}
