//! Where the member lives and on which day their weeks begin.

use chrono::{Datelike as _, NaiveDate};
use chrono_tz::{TZ_VARIANTS, Tz};
use leptos::prelude::*;
use spectrum_domain::member::{Member, weekday_name};

use super::{settings_document, told_line};
use crate::pages::{
    ctx,
    language::{Words, args},
    parts::own_foot,
    problem::ProblemPage,
    routes::Route,
    told::Told,
};

/// The parts of the world whose zones are offered: names of the zone database that say where one is.
const PARTS: [&str; 10] =
    ["africa", "america", "antarctica", "arctic", "asia", "atlantic", "australia", "europe", "indian", "pacific"];

/// `/spectrum/settings/calendar`.
#[component]
pub fn CalendarPage() -> impl IntoView {
    Suspend::new(async move {
        match ctx::member().await {
            Ok((_, member)) => page(&member, Told::take()).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

fn page(member: &Member, told: Option<Told>) -> impl IntoView + use<> {
    let words = Words::of_member(member);
    let main = view! {
        <div class="page settings">
            {told.map(|told| told_line(words, &told))}
            <section aria-labelledby="calendar-title">
                <h2 id="calendar-title">{words.say("calendar-heading")}</h2>
                <p class="takeaway">{words.say("calendar-zone-note")}" "{words.say("calendar-weeks-note")}</p>
                <form class="fields" method="post" action="/fn/change_calendar">
                    <label class="field">
                        {words.say("calendar-zone")}
                        <select name="zone">{zones(words, member.zone)}</select>
                    </label>
                    <label class="field">
                        {words.say("calendar-week-start")}
                        <select name="week_start">{weekdays(words, member)}</select>
                    </label>
                    <button class="button quiet">{words.say("calendar-save")}</button>
                </form>
            </section>
        </div>
    };
    settings_document(words, words.say("settings-calendar"), Route::Settings, main, own_foot(words))
}

/// The part of the world that a zone is named by, and the place in it.
fn place(zone: Tz) -> Option<(&'static str, String)> {
    let (part, place) = zone.name().split_once('/')?;
    let part = PARTS.into_iter().find(|known| known.eq_ignore_ascii_case(part))?;
    Some((part, place.replace('_', " ").replace('/', ", ")))
}

/// Every zone that is named by a place, by part of the world; the member's own whatever it is called.
fn zones(words: Words, own: Tz) -> AnyView {
    let option = |zone: Tz, label: String| {
        view! { <option value=zone.name() selected=zone == own>{label}</option> }
    };
    let groups: Vec<_> = PARTS
        .into_iter()
        .map(|part| {
            let within = TZ_VARIANTS.iter().filter_map(|zone| {
                let (found, label) = place(*zone)?;
                (found == part).then(|| option(*zone, label))
            });
            let within: Vec<_> = within.collect();
            view! { <optgroup label=words.say_with("calendar-part", &args! { part: part })>{within}</optgroup> }
        })
        .collect();
    let other = (place(own).is_none() && own != Tz::UTC).then(|| option(own, own.name().to_owned()));
    view! {
        {other}
        {option(Tz::UTC, Tz::UTC.name().to_owned())}
        {groups}
    }
    .into_any()
}

/// The seven days, from Monday on.
fn weekdays(words: Words, member: &Member) -> Vec<AnyView> {
    // A Monday.
    let monday = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    monday
        .iter_days()
        .take(7)
        .map(|day| {
            let name = weekday_name(day.weekday());
            let chosen = day.weekday() == member.week_start;
            view! { <option value=name selected=chosen>{words.weekday(day)}</option> }.into_any()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_that_says_where_one_is_can_be_chosen() {
        let offered = TZ_VARIANTS.iter().filter(|zone| place(**zone).is_some()).count();
        assert!(offered > 400, "{offered}");
        assert_eq!(place(chrono_tz::Europe::London), Some(("europe", "London".to_owned())));
        assert_eq!(place(chrono_tz::America::Indiana::Knox), Some(("america", "Indiana, Knox".to_owned())));
        assert_eq!([place(Tz::UTC), place(chrono_tz::Etc::GMTPlus1)], [None, None]);
    }
}
