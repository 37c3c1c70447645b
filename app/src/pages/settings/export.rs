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
    parts::foot,
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

const WHAT: &str = "One archive with all that Spectrum holds about you: your sessions and their words as far as they are \
                    still kept, what was measured of them, what you left out, and the sums of your days, weeks and \
                    months. Its README says what each file is.";

fn export_page(member: &Member, state: State, failed: bool) -> impl IntoView + use<> {
    let sentence = sentence(member, state);
    let next = match state {
        State::UnderWay => {
            view! { <p><a class="button" href=Route::Export.to_string()>"Look again"</a></p> }.into_any()
        }
        State::Ready(_) => view! {
            <p>
                <a class="button" href=Route::ExportArchive.to_string() download rel="nofollow">"Fetch the archive"</a>
            </p>
            {ask("Gather it anew")}
        }
        .into_any(),
        State::Nothing => ask("Gather everything").into_any(),
        State::Gone(_) => ask("Gather it again").into_any(),
    };
    let failed = failed.then(|| {
        view! { <p class="said" role="status">"Nothing was ordered: something on our side did not answer. Try again in a minute."</p> }
    });
    let main = view! {
        <div class="page settings">
            {failed}
            <section>
                <p id="said">{sentence}</p>
                <p class="takeaway">{WHAT}</p>
                {next}
                <p><a href=Route::Settings.to_string()>"Back to your data"</a></p>
            </section>
        </div>
    };
    let foot = foot("The archive holds your own words: keep it where only you can read it.");
    settings_document("Take everything along", Route::Settings, main, foot)
}

fn ask(words: &'static str) -> impl IntoView {
    view! {
        <form method="post" action="/fn/request_export">
            <button class="button">{words}</button>
        </form>
    }
}

fn sentence(member: &Member, state: State) -> String {
    let at = |instant: DateTime<Utc>| instant.with_timezone(&member.zone).format("%-d %B at %H:%M").to_string();
    match state {
        State::Nothing => "Nothing has been gathered yet. It takes a minute or two.".to_owned(),
        State::UnderWay => "It is being gathered. You can leave this page and come back.".to_owned(),
        State::Ready(ready) => format!(
            "Gathered on {}: {} before packing. You can fetch it until {}, as often as you like.",
            at(ready.ready_at),
            size(ready.bytes),
            at(ready.expires_at)
        ),
        State::Gone(ready) => format!(
            "The archive gathered on {} was let go on {}. Nothing else of yours changed.",
            at(ready.ready_at),
            at(ready.expires_at)
        ),
    }
}

/// Bytes as people say them.
fn size(bytes: i64) -> String {
    let tenths = |unit: i64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
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
        assert_eq!([999, 1_000, 999_999, 2_500_000].map(size), ["999 bytes", "1.0 KB", "999.9 KB", "2.5 MB"]);
    }
}
