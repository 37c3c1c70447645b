//! Everything held about the member, to take along: asked for, under way, ready for a day, gone.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_domain::{
    export::{Export, Ready},
    member::Member,
};

use super::settings_document;
use crate::pages::{
    ctx,
    language::{Words, args, id},
    parts::noted_foot,
    problem::{Problem, ProblemPage},
    routes::Route,
};

/// How far the export has come, as the page tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Nothing,
    UnderWay,
    Ready(Ready),
    Gone(Ready),
}

impl State {
    fn of(export: Option<Export>, now: DateTime<Utc>) -> Self {
        match export {
            None => Self::Nothing,
            Some(export) => match (export.at_hand(now), export.ready) {
                (Some(ready), _) => Self::Ready(ready),
                (None, Some(ready)) => Self::Gone(ready),
                (None, None) => Self::UnderWay,
            },
        }
    }
}

/// `/spectrum/settings/export`.
#[component]
pub fn ExportPage() -> impl IntoView {
    let failed = use_query_map().read_untracked().get("failed").is_some();
    Suspend::new(async move {
        match load().await {
            Ok((member, state)) => export_page(&member, state, failed).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<(Member, State), Problem> {
    let (services, member) = ctx::member().await?;
    let export = services.load_export(member.member_id).await?;
    let state = State::of(export, services.ambient().now());
    Ok((member, state))
}

fn export_page(member: &Member, state: State, failed: bool) -> impl IntoView + use<> {
    let words = Words::of_member(member);
    let sentence = sentence(member, state);
    let next = match state {
        State::UnderWay => {
            view! { <p><a class="button" href=Route::Export.to_string()>{words.say("page-look-again")}</a></p> }
                .into_any()
        }
        State::Ready(_) => view! {
            <p>
                <a class="button" href=Route::ExportArchive.to_string() download rel="nofollow">
                    {words.say("export-fetch")}
                </a>
            </p>
            {ask(words.say("export-anew"))}
        }
        .into_any(),
        State::Nothing => ask(words.say("export-first")).into_any(),
        State::Gone(_) => ask(words.say("export-again")).into_any(),
    };
    let failed = failed.then(|| view! { <p class="said" role="status">{words.say("export-failed")}</p> });
    let main = view! {
        <div class="page settings">
            {failed}
            <section>
                <p id="said">{sentence}</p>
                <p class="takeaway">{words.say("export-what")}</p>
                {next}
                <p><a href=Route::Settings.to_string()>{words.say("export-back")}</a></p>
            </section>
        </div>
    };
    settings_document(
        words,
        words.say("export-title"),
        Route::Settings,
        main,
        noted_foot(words, words.say("export-note")),
    )
}

fn ask(label: String) -> impl IntoView {
    view! {
        <form method="post" action="/fn/request_export">
            <button class="button">{label}</button>
        </form>
    }
}

fn sentence(member: &Member, state: State) -> String {
    let words = Words::of_member(member);
    let at = |instant: DateTime<Utc>| {
        let local = instant.with_timezone(&member.zone);
        let (day, clock) = (words.day_of_year(local.date_naive()), words.clock(local.time()));
        words.say_with("export-moment", &args! { day: day, clock: clock })
    };
    let with = |message, ready: Ready| {
        let (until, size) = (at(ready.expires_at), size(words, ready.bytes));
        words.say_with(message, &args! { ready: at(ready.ready_at), until: until, size: size })
    };
    match state {
        State::Nothing => words.say("export-nothing"),
        State::UnderWay => words.say("export-under-way"),
        State::Ready(ready) => with(id("export-ready"), ready),
        State::Gone(ready) => with(id("export-gone"), ready),
    }
}

/// Bytes as people say them.
#[expect(clippy::cast_precision_loss, reason = "one decimal is said")]
fn size(words: Words, bytes: i64) -> String {
    // Rounded down, so that no thousand of a unit is said where the next would have been.
    let tenths = |unit: i64| words.decimals((bytes * 10 / unit) as f64 / 10.0, 1);
    let (unit, size) = match bytes {
        0..1_000 => ("bytes", words.number(bytes)),
        1_000..1_000_000 => ("kb", tenths(1_000)),
        _ => ("mb", tenths(1_000_000)),
    };
    words.say_with("export-size", &args! { unit: unit, size: size })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use spectrum_domain::member::Plan;

    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn each_state_says_what_is_and_until_when_in_the_members_own_time() {
        let member = Member {
            member_id: "018f6f2a-0000-7000-8000-000000000001".parse().expect("an id"),
            zone: chrono_tz::Asia::Tokyo,
            week_start: chrono::Weekday::Mon,
            locale: "en".to_owned(),
            plan: Plan::Free,
            data_version: 1,
            counted: false,
        };
        let asked_at = instant("2026-11-20T12:00:00Z");
        let waiting = Export {
            export_id: "018f6f2a-0000-7000-8000-000000000002".parse().expect("an id"),
            asked_at,
            ready: None,
            replaced: false,
        };
        let ready =
            Ready { ready_at: asked_at, expires_at: asked_at + TimeDelta::days(1), bytes: 1_234_567, version: 3 };
        let done = Export { ready: Some(ready), ..waiting };
        let says = |export, now: &str| sentence(&member, State::of(export, instant(now)));
        assert!(says(None, "2026-11-20T12:00:00Z").starts_with("Nothing has been gathered yet"));
        assert!(says(Some(waiting), "2026-11-20T12:00:00Z").starts_with("It is being gathered"));
        assert_eq!(
            says(Some(done), "2026-11-21T11:59:59Z"),
            "Gathered on 20 November at 21:00: 1.2 MB before packing. You can fetch it until 21 November at 21:00, as \
             often as you like."
        );
        assert!(says(Some(done), "2026-11-21T12:00:00Z").contains("was let go on 21 November at 21:00"));
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        assert_eq!(
            [999, 1_000, 999_999, 2_500_000].map(|bytes| size(Words::of_tag("en"), bytes)),
            ["999 bytes", "1.0 KB", "999.9 KB", "2.5 MB"]
        );
    }
}
