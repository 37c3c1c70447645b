//! Who looked at the member's data and what was done with it: who, what and when, and no word of what it was about.

use leptos::prelude::*;
use spectrum_domain::{
    audit::{Actor, Record, Verb},
    member::Member,
};

use super::settings_document;
use crate::pages::{
    ctx,
    parts::foot,
    problem::{Problem, ProblemPage},
    routes::Route,
};

/// What is said at the foot.
const NOTE: &str = "Each line is written in the same step as what it speaks of, and is kept for six years.";

/// `/spectrum/settings/looked`.
#[component]
pub fn LookedPage() -> impl IntoView {
    Suspend::new(async move {
        match load().await {
            Ok((member, records)) => looked_page(&member, &records).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<(Member, Vec<Record>), Problem> {
    let (services, member) = ctx::member().await?;
    let records = services.load_audit(&member).await?;
    Ok((member, records))
}

fn looked_page(member: &Member, records: &[Record]) -> impl IntoView + use<> {
    let rows: Vec<_> = records
        .iter()
        .map(|record| {
            let at = record.at.with_timezone(&member.zone).format("%-d %B %Y, %H:%M").to_string();
            view! {
                <tr>
                    <td>{at}</td>
                    <td>{who(record.actor)}</td>
                    <td>{what(record.verb)}</td>
                </tr>
            }
        })
        .collect();
    let table = if rows.is_empty() {
        view! { <p class="takeaway">"Nobody has looked, and nothing was changed. What happens from now on stands here."</p> }.into_any()
    } else {
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label="What was done">
            <table>
                <thead>
                    <tr><th scope="col">"When"</th><th scope="col">"Who"</th><th scope="col">"What"</th></tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            </div>
        }
        .into_any()
    };
    let main = view! {
        <div class="page settings">
            <section>
                <p class="takeaway">
                    "Every look at your data by a person of the team, and every change to what was made of it. Newest first."
                </p>
                {table}
            </section>
        </div>
    };
    settings_document("Who looked", Route::Settings, main, foot(NOTE))
}

const fn who(actor: Actor) -> &'static str {
    match actor {
        Actor::Member => "You",
        Actor::Host(_) => "The app you write in",
        Actor::Staff(_) => "A person of the product team",
        Actor::Operator => "A person who runs Spectrum",
        Actor::Machine => "Spectrum, by itself",
    }
}

const fn what(verb: Verb) -> &'static str {
    match verb {
        Verb::SessionExcluded => "left a session out of the analysis",
        Verb::SessionIncluded => "took a session in again",
        Verb::Corrected => "corrected what was measured of a session",
        Verb::Reset => "deleted everything that was derived",
        Verb::ErasureRequested => "asked for everything to be erased",
        Verb::Erased => "erased everything",
        Verb::Exported => "handed out a copy of your data",
        Verb::Purged => "let go what had been kept long enough",
        Verb::Looked => "looked at your data",
        Verb::JobsRetried => "put work that had failed back in the queue",
        Verb::JobBuried => "took waiting work out of the queue",
        Verb::QueuePaused => "paused a queue",
        Verb::QueueResumed => "let a queue go on",
        Verb::ScopeExcluded => "left a feature or a time out of the analysis",
        Verb::ScopeIncluded => "took a feature or a time in again",
        Verb::CorrectionTakenBack => "took a correction back",
        Verb::KeepingDecided => "decided how long words are kept",
        Verb::KeysRotated => "wrapped your key under a new master key",
    }
}
