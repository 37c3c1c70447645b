//! The list of the week's sessions, each with the control that leaves it out or takes it in again.

use leptos::prelude::*;
use spectrum_domain::{session::SessionSummary, week::WeekView};

use super::words;
use crate::{
    islands::exclude_control::ExcludeControl,
    pages::{
        chart::mark_icon,
        language::{Words, args, id},
        routes::Route,
        said::Said,
    },
};

/// The list.
pub fn session_list(words: Words, view: &WeekView, said: Option<&Said>) -> impl IntoView + use<> {
    let week = view.week.label().to_string();
    let rows: Vec<_> = view
        .sessions
        .iter()
        .map(|session| {
            let said = said.filter(|said| said.session_id() == session.session_id);
            row(words, &Row { session, week: &week, back: None, said }).into_any()
        })
        .collect();
    view! {
        <section class="sessions" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{words.say("page-sessions")}</h2>
            <p class="takeaway">{words.say("week-list-note")}</p>
            <ol>{rows}</ol>
        </section>
    }
}

/// A session in a list.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The session.
    pub session: &'a SessionSummary,
    /// The week it belongs to, where what is done with it is told.
    pub week: &'a str,
    /// The span whose list it stands in, where that is another: its forms lead back there.
    pub back: Option<&'a str>,
    /// What the form before this page did with it.
    pub said: Option<&'a Said>,
}

/// Its row, with the control that leaves it out or takes it in again.
pub fn row(words: Words, of: &Row<'_>) -> impl IntoView + use<> {
    let Row { session, week, back, said } = *of;
    // In the list of a week its weekday says which day.
    let when = if back.is_some() { words::moment(words, session) } else { words::moment_of_week(words, session) };
    let standing = words::standing(words, session);
    let counted = session.counted();
    // A session left out keeps its measure, but shows none: it is as if it were not there.
    let measure = counted.map(|vector| {
        view! {
            <p class="where">{words.quadrant(vector.affect.quadrant())}</p>
            <p>{words::feelings(words, vector)}<span class="extent">{words::extent(words, vector)}</span></p>
        }
    });
    let icon = mark_icon(counted.map(|vector| vector.affect.quadrant()));
    view! {
        <li class="session">
            {icon}
            <div class="told">
                <p class="moment">{when}<span>{words.feature(session.feature)}</span></p>
                {measure}
                {standing.map(|standing| view! { <p class="standing">{standing}</p> })}
                {counted.map(|_| {
                    let href = Route::Session(session.session_id).to_string();
                    let label = if session.corrected { id("week-session-corrected") } else { id("week-session-not-quite") };
                    let label = words.say(label);
                    let name = words.say_with("week-session-name", &args! {
                        label: label.clone(),
                        feature: words.feature(session.feature),
                        moment: words::moment(words, session),
                    });
                    view! { <p class="standing"><a href=href aria-label=name>{label}</a></p> }
                })}
            </div>
            {control(words, session, week, back)}
            {said.map(|said| {
                view! { <p class="said" id="said" role="status" tabindex="-1">{said_text(words, said)}</p> }
            })}
        </li>
    }
}

fn control(words: Words, session: &SessionSummary, week: &str, back: Option<&str>) -> impl IntoView + use<> {
    let (action, label, pending, name) = if session.excluded {
        ("/fn/include_session", id("week-take-in"), id("week-taking-in"), id("week-take-in-name"))
    } else {
        ("/fn/exclude_session", id("week-leave-out"), id("week-leaving-out"), id("week-leave-out-name"))
    };
    let [label, pending, failed] = [label, pending, id("week-change-failed")].map(|message| words.say(message));
    let (feature, moment) = (words.feature(session.feature), words::moment(words, session));
    let name = words.say_with(name, &args! { feature: feature, moment: moment });
    let (id, week, back) = (session.session_id.to_string(), week.to_owned(), back.map(str::to_owned));
    view! {
        <ExcludeControl>
            <form method="post" action=action>
                <input type="hidden" name="week" value=week/>
                {back.map(|back| view! { <input type="hidden" name="back" value=back/> })}
                <input type="hidden" name="session_id" value=id/>
                <button class="button quiet" data-pending=pending data-failed=failed aria-label=name>{label}</button>
            </form>
        </ExcludeControl>
    }
}

/// What the form before this page did with a session.
pub fn said_text(words: Words, said: &Said) -> String {
    match said {
        Said::Changed(change) => words::changed(words, change),
        Said::Corrected(correcting) => words::corrected(words, correcting),
        Said::Unknown(..) => words.say("said-unknown"),
        Said::Failed(..) => words.say("said-failed"),
    }
}
