//! The channels of pushes: open or stopped and by whom, what waits, what the last day's tries came to, and their switches.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::push::channels::{Answers, Because, ChannelStanding, Ends, MOST_TOLD, NEWEST};
use spectrum_domain::push::ChannelKind;

use super::{
    Live,
    address::{Ops, channel_of, switch},
    is_live, operator, ops_document, table,
    words::{age, instant},
};
use crate::pages::{
    problem::{Problem, ProblemPage},
    routes::Route,
};

/// A channel, and whether there is a provider for it here.
type Shown = (ChannelStanding, bool);

/// `/staff/push`; with `?pause=` or `?resume=` it asks whether that is meant.
#[component]
pub fn PushPage() -> impl IntoView {
    let query = use_query_map();
    let query = query.read_untracked();
    let (asked, live) = (switch(&query, channel_of), is_live(&query));
    Suspend::new(async move {
        match load(live).await {
            Ok((channels, live)) => page(asked, &channels, &live).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(live: bool) -> Result<(Vec<Shown>, Live), Problem> {
    let (services, _) = operator().await?;
    let channels = services.look_at_channels().await?;
    let set_up = services.push_channels();
    let channels = channels.into_iter().map(|standing| {
        let here = set_up.contains(&standing.channel);
        (standing, here)
    });
    Ok((channels.collect(), Live::new(&services, Ops::Push, live)))
}

fn page(asked: Option<(ChannelKind, bool)>, channels: &[Shown], live: &Live) -> impl IntoView + use<> {
    if let Some((channel, paused)) = asked {
        let standing = channels.iter().map(|(standing, _)| standing).find(|standing| standing.channel == channel);
        return ops_document("Pushes", "Pushes".to_owned(), None, sure(channel, paused, standing)).into_any();
    }
    let parts: Vec<_> = channels.iter().map(channel).collect();
    let content = view! {
        <p class="takeaway">{takeaway(channels)}</p>
        {parts}
    };
    ops_document("Pushes", "Pushes".to_owned(), Some(live), content.into_any()).into_any()
}

/// What a channel is called.
const fn named(channel: ChannelKind) -> &'static str {
    match channel {
        ChannelKind::Apns => "Apple’s (APNs)",
        ChannelKind::Fcm => "Google’s (FCM)",
        ChannelKind::WebPush => "Browsers’ (Web Push)",
    }
}

/// A count as it was taken: it stops at a bound.
fn count(n: i64) -> String {
    if n < MOST_TOLD { n.to_string() } else { format!("over {}", MOST_TOLD - 1) }
}

fn takeaway(channels: &[Shown]) -> String {
    let stopped: Vec<&str> =
        channels.iter().filter(|(standing, _)| standing.paused).map(|(standing, _)| standing.channel.name()).collect();
    let due: i64 = channels.iter().map(|(standing, _)| standing.due).sum();
    let waits = match due {
        0 => "Nothing is due.".to_owned(),
        1 => "1 push is due and waiting.".to_owned(),
        due => format!("{} pushes are due and waiting.", count(due)),
    };
    if stopped.is_empty() {
        format!("No channel is stopped. {waits}")
    } else {
        format!("Stopped: {}. {waits}", stopped.join(", "))
    }
}

fn channel((standing, here): &Shown) -> AnyView {
    let name = standing.channel.name();
    let title = format!("channel-{name}");
    let id = title.clone();
    let (field, text) = if standing.paused { ("resume", "Resume …") } else { ("pause", "Stop …") };
    let oldest = standing.oldest_seconds.map_or(String::new(), |seconds| {
        format!(", the oldest for {}", age(f64::from(i32::try_from(seconds).unwrap_or(i32::MAX))))
    });
    let rows: Vec<AnyView> = standing.day.iter().map(ends).collect();
    let day = if rows.is_empty() {
        view! { <p>"Nothing was tried in the last day."</p> }.into_any()
    } else {
        let caption =
            format!("Tries of the last day by {}, the newest {NEWEST} of all at most", named(standing.channel));
        table(&caption, &["Ended", "Why", "Tries", "Answer after, median", "Settled after it was due, median"], rows)
    };
    view! {
        <section aria-labelledby=title>
            <h2 id=id>{named(standing.channel)}</h2>
            <p>{stands(standing, *here)}</p>
            <p>{format!(
                "{} {}, {} planned; {} due{oldest}.",
                count(standing.devices),
                if standing.devices == 1 { "device" } else { "devices" },
                count(standing.planned),
                count(standing.due)
            )}</p>
            <p>{breaker(standing.answers)}</p>
            {day}
            <form method="get" action=Route::Ops(Ops::Push).to_string()>
                <input type="hidden" name=field value=name/>
                <button class="button quiet" aria-label=format!("{text} {name}")>{text}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Open, stopped or not there.
fn stands(standing: &ChannelStanding, here: bool) -> String {
    if standing.paused {
        let by = standing.paused_by.as_deref().unwrap_or("somebody");
        let since = standing.paused_at.map_or(String::new(), |at| format!(" since {} UTC", instant(at)));
        let why = standing.reason.as_deref().map_or("no reason was given", because);
        return format!("Stopped{since} by {by}: {why}. What was due waits until the end of its local day.");
    }
    if here {
        "Open.".to_owned()
    } else {
        "Open, but this process has no provider for it: whether a worker has one, its own settings say.".to_owned()
    }
}

/// A reason in words: those of the breaker, those of this page, or what somebody wrote on the command line.
fn because(reason: &str) -> &str {
    match reason {
        "unknown_addresses" => {
            "more than one address in twenty is unknown to the provider, nearly always the wrong environment or project"
        }
        "gone_addresses" => "more than half of many devices are gone, as after an app was taken out of its store",
        "misconfigured" => "a key, a topic or a project is refused",
        reason => match Because::from_name(reason) {
            Some(because) => said(because),
            None => reason,
        },
    }
}

/// A reason of this page in words.
const fn said(because: Because) -> &'static str {
    match because {
        Because::Provider => "the provider is in trouble",
        Because::Ours => "our own settings are not right",
        Because::Maintenance => "something is being changed",
    }
}

/// How the newest answers were, by which the channel stops itself.
fn breaker(answers: Answers) -> String {
    if answers.all == 0 {
        return "Breaker: no answers since it was opened.".to_owned();
    }
    format!(
        "Breaker: of the newest {} answers {} delivered, {} gone, {} unknown, {} refused for our settings.",
        answers.all, answers.delivered, answers.gone, answers.doubtful, answers.misconfigured
    )
}

fn ends(ends: &Ends) -> AnyView {
    let milliseconds = |ms: i64| {
        let ms = f64::from(i32::try_from(ms).unwrap_or(i32::MAX));
        if ms < 1000.0 { format!("{ms:.0} ms") } else { age(ms / 1000.0) }
    };
    view! {
        <tr>
            <th scope="row">{ends.outcome.clone()}</th>
            <td class="words">{ends.reason.clone()}</td>
            <td>{ends.tries.to_string()}</td>
            <td>{milliseconds(ends.median_ms)}</td>
            <td>{milliseconds(ends.median_late_ms)}</td>
        </tr>
    }
    .into_any()
}

/// Asks whether a channel is to be stopped or to go on.
fn sure(channel: ChannelKind, paused: bool, standing: Option<&ChannelStanding>) -> AnyView {
    let name = channel.name();
    let (due, planned) = standing.map_or((0, 0), |standing| (standing.due, standing.planned));
    let (question, means, text) = if paused {
        (
            format!("Stop {}?", named(channel)),
            format!(
                "Nothing more is sent by it until somebody resumes it; what is on its way, arrives. {due} due and {planned} planned wait, each until the end of its local day."
            ),
            format!("Stop {name}"),
        )
    } else {
        (
            format!("Let {} go on?", named(channel)),
            format!("{due} due are sent at once. If nothing was mended, the next answers stop it again."),
            format!("Resume {name}"),
        )
    };
    let reasons: Vec<_> = Because::ALL
        .into_iter()
        .enumerate()
        .map(|(place, because)| {
            view! {
                <label>
                    <input type="radio" name="because" value=because.name() checked=place == 0/>
                    {said(because)}
                </label>
            }
        })
        .collect();
    let reasons = paused.then(|| view! { <fieldset><legend>"Because"</legend>{reasons}</fieldset> });
    view! {
        <section aria-labelledby="sure-title">
            <h2 id="sure-title">{question}</h2>
            <p>{means}</p>
            <form class="fields" method="post" action="/fn/switch_channel">
                <input type="hidden" name="channel" value=name/>
                <input type="hidden" name="paused" value=if paused { "yes" } else { "no" }/>
                {reasons}
                <button class="button">{text}</button>
            </form>
            <p><a href=Route::Ops(Ops::Push).to_string()>"Go back, and do nothing"</a></p>
        </section>
    }
    .into_any()
}
