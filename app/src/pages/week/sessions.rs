//! The list of the week's sessions, each with the control that leaves it out or takes it in again.

use leptos::prelude::*;
use spectrum_domain::{session::SessionSummary, week::WeekView};

use super::{dates, words};
use crate::{
    islands::exclude_control::ExcludeControl,
    pages::{chart::mark_icon, routes::Route, said::Said},
};

/// The list.
pub fn session_list(view: &WeekView, said: Option<&Said>) -> impl IntoView + use<> {
    let week = view.week.label().to_string();
    let rows: Vec<_> = view
        .sessions
        .iter()
        .map(|session| {
            let said = said.filter(|said| said.session_id() == session.session_id);
            row(session, &week, said).into_any()
        })
        .collect();
    view! {
        <section class="sessions" aria-labelledby="sessions-title">
            <h2 id="sessions-title">"Sessions"</h2>
            <p class="takeaway">"Leave out what should not count. Nothing is deleted, and taking it in again brings the same numbers back."</p>
            <ol>{rows}</ol>
        </section>
    }
}

fn row(session: &SessionSummary, week: &str, said: Option<&Said>) -> impl IntoView + use<> {
    let standing = words::standing(session);
    let counted = session.counted();
    // A session left out keeps its measure, but shows none: it is as if it were not there.
    let measure = counted.map(|vector| {
        view! {
            <p class="where">{capital(vector.affect.quadrant().title())}</p>
            <p>{words::feelings(vector)}<span class="extent">{words::extent(vector)}</span></p>
        }
    });
    let icon = mark_icon(counted.map(|vector| vector.affect.quadrant()));
    view! {
        <li class="session">
            {icon}
            <div class="told">
                <p class="moment">{format!("{} {}", dates::weekday(session.local_date), dates::clock(session))}<span>{session.feature.title()}</span></p>
                {measure}
                {standing.map(|standing| view! { <p class="standing">{standing}</p> })}
                {counted.map(|_| {
                    let href = Route::Session(session.session_id).to_string();
                    let label = if session.corrected { "Corrected by you" } else { "Not quite?" };
                    let name = format!("{label} {}, {}", session.feature.title(), dates::moment(session));
                    view! { <p class="standing"><a href=href aria-label=name>{label}</a></p> }
                })}
            </div>
            {control(session, week)}
            {said.map(|said| {
                view! { <p class="said" id="said" role="status" tabindex="-1">{said_text(said)}</p> }
            })}
        </li>
    }
}

fn control(session: &SessionSummary, week: &str) -> impl IntoView + use<> {
    let (action, label, pending) = if session.excluded {
        ("/fn/include_session", "Take in again", "Taking in…")
    } else {
        ("/fn/exclude_session", "Leave out", "Leaving out…")
    };
    let name = format!("{label}: {}, {}", session.feature.title(), dates::moment(session));
    let (id, week) = (session.session_id.to_string(), week.to_owned());
    view! {
        <ExcludeControl>
            <form method="post" action=action>
                <input type="hidden" name="week" value=week/>
                <input type="hidden" name="session_id" value=id/>
                <button class="button quiet" data-pending=pending aria-label=name>{label}</button>
            </form>
        </ExcludeControl>
    }
}

fn said_text(said: &Said) -> String {
    match said {
        Said::Changed(change) => words::changed(change),
        Said::Corrected(correcting) => words::corrected(correcting),
        Said::Unknown(..) => "Nothing was changed: that session can’t be found.".to_owned(),
        Said::Failed(..) => {
            "Nothing was changed: something on our side did not answer. It is safe to try again.".to_owned()
        }
    }
}

/// With a capital letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
