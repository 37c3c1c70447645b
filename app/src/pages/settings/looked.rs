//! Who looked at the member's data and what was done with it: who, what and when, and no word of what it was about.

use leptos::prelude::*;
use spectrum_domain::{
    audit::{Actor, Record, Verb},
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
    let words = Words::of_member(member);
    let rows: Vec<_> = records
        .iter()
        .map(|record| {
            let at = record.at.with_timezone(&member.zone);
            let (day, clock) = (words.day(at.date_naive()), words.clock(at.time()));
            let at = words.say_with("looked-at", &args! { day: day, clock: clock });
            view! {
                <tr>
                    <td>{at}</td>
                    <td>{words.say(who(record.actor))}</td>
                    <td>{words.say(what(record.verb))}</td>
                </tr>
            }
        })
        .collect();
    let table = if rows.is_empty() {
        view! { <p class="takeaway">{words.say("looked-nobody")}</p> }.into_any()
    } else {
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label=words.say("looked-table")>
            <table>
                <thead>
                    <tr><th scope="col">{words.say("looked-when")}</th><th scope="col">{words.say("looked-who")}</th><th scope="col">{words.say("looked-what")}</th></tr>
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
                <p class="takeaway">{words.say("looked-lead")}</p>
                {table}
            </section>
        </div>
    };
    settings_document(
        words,
        words.say("looked-title"),
        Route::Settings,
        main,
        noted_foot(words, words.say("looked-note")),
    )
}

/// The message that names who did it.
const fn who(actor: Actor) -> &'static str {
    match actor {
        Actor::Member => id("looked-actor-member"),
        Actor::Host(_) => id("looked-actor-host"),
        Actor::Staff(_) => id("looked-actor-staff"),
        Actor::Operator => id("looked-actor-operator"),
        Actor::Machine => id("looked-actor-machine"),
    }
}

/// The message that says what was done.
const fn what(verb: Verb) -> &'static str {
    match verb {
        Verb::SessionExcluded => id("looked-verb-session-excluded"),
        Verb::SessionIncluded => id("looked-verb-session-included"),
        Verb::Corrected => id("looked-verb-corrected"),
        Verb::Reset => id("looked-verb-reset"),
        Verb::ErasureRequested => id("looked-verb-erasure-requested"),
        Verb::Erased => id("looked-verb-erased"),
        Verb::Exported => id("looked-verb-exported"),
        Verb::Purged => id("looked-verb-purged"),
        Verb::Looked => id("looked-verb-looked"),
        Verb::JobsRetried => id("looked-verb-jobs-retried"),
        Verb::JobBuried => id("looked-verb-job-buried"),
        Verb::QueuePaused => id("looked-verb-queue-paused"),
        Verb::QueueResumed => id("looked-verb-queue-resumed"),
        Verb::ScopeExcluded => id("looked-verb-scope-excluded"),
        Verb::ScopeIncluded => id("looked-verb-scope-included"),
        Verb::CorrectionTakenBack => id("looked-verb-correction-taken-back"),
        Verb::KeepingDecided => id("looked-verb-keeping-decided"),
        Verb::CountingDecided => id("looked-verb-counting-decided"),
        Verb::ModelDecided => id("looked-verb-model-decided"),
        Verb::CalendarChanged => id("looked-verb-calendar-changed"),
        Verb::PushDecided => id("looked-verb-push-decided"),
        Verb::ChannelPaused | Verb::ChannelResumed => id("looked-verb-channel"),
        Verb::ExperimentStarted | Verb::ExperimentEnded => id("looked-verb-experiment"),
        Verb::KeysRotated => id("looked-verb-keys-rotated"),
    }
}
