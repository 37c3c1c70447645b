//! Whether and when the member is told that a week is ready, and on which devices.

use chrono::{Datelike as _, NaiveDate, NaiveTime};
use leptos::prelude::*;
use spectrum_core::push::{
    devices::{Device, Platform},
    preferences::Preferences,
};
use spectrum_domain::{
    member::{Member, weekday_name},
    push::ChannelKind,
};

use super::{settings_document_with, told_line};
use crate::{
    islands::browser_notices::BrowserNotices,
    pages::{
        ctx,
        language::{Words, args, id},
        parts::own_foot,
        problem::{Problem, ProblemPage},
        routes::Route,
        shell::Script,
        told::Told,
    },
};

/// All that the page shows.
struct Screen {
    member: Member,
    preferences: Preferences,
    devices: Vec<Device>,
    /// The channels that are set up here.
    channels: Vec<ChannelKind>,
    /// The public key that a browser subscribes with.
    key: Option<String>,
    told: Option<Told>,
}

/// `/spectrum/settings/notices`.
#[component]
pub fn NoticesPage() -> impl IntoView {
    Suspend::new(async move {
        match load().await {
            Ok(screen) => page(screen).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<Screen, Problem> {
    let (services, member) = ctx::member().await?;
    Ok(Screen {
        preferences: services.load_preferences(member.member_id).await?,
        devices: services.list_devices(member.member_id).await?,
        channels: services.push_channels().to_vec(),
        key: services.web_push_key().map(str::to_owned),
        told: Told::take(),
        member,
    })
}

fn page(screen: Screen) -> impl IntoView + use<> {
    let Screen { member, preferences, devices, channels, key, told } = screen;
    let words = Words::of_member(&member);
    let any = !devices.is_empty();
    // Inside an app there is no browser that could be told.
    let key = key.filter(|_| !ctx::look().unwrap_or_default().webview);
    let script = if key.is_some() { Script::Islands } else { Script::None };
    let main = view! {
        <div class="page settings">
            {told.map(|told| told_line(words, &told))}
            <section aria-labelledby="notices-when">
                <h2 id="notices-when">{words.say("notices-when")}</h2>
                <p class="takeaway">{standing(words, &preferences, &channels)}</p>
                <p class="note">{words.say("notices-what")}</p>
                {(!channels.is_empty()).then(|| form(words, &preferences, &channels).into_any())}
            </section>
            <section aria-labelledby="notices-devices">
                <h2 id="notices-devices">{words.say("notices-devices")}</h2>
                {device_list(words, &member, &devices).into_any()}
                {key.map(|key| browser(words, key).into_any())}
            </section>
            {any.then(|| view! {
                <section aria-labelledby="notices-test">
                    <h2 id="notices-test">{words.say("notices-test")}</h2>
                    <p class="takeaway">{words.say("notices-test-note")}</p>
                    <form method="post" action="/fn/ask_test_push">
                        <button class="button quiet">{words.say("notices-test-send")}</button>
                    </form>
                </section>
            })}
        </div>
    };
    settings_document_with(words, words.say("notices-title"), Route::Settings, script, main, own_foot(words))
}

/// How things stand, in a sentence.
fn standing(words: Words, preferences: &Preferences, channels: &[ChannelKind]) -> String {
    if channels.is_empty() {
        return words.say("notices-none-here");
    }
    if !channels.iter().any(|channel| preferences.wants(*channel)) {
        return words.say("notices-off");
    }
    let hour = hour_of(words, preferences.wish.hour);
    match preferences.wish.day {
        Some(day) => words.say_with(
            "notices-on-day",
            &args! { day: words.weekday(some_day(day.num_days_from_monday())), hour: hour },
        ),
        None => words.say_with("notices-on", &args! { hour: hour }),
    }
}

/// A day that is this weekday, from 0 for Monday.
fn some_day(weekday: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1 + weekday).unwrap_or_default()
}

fn hour_of(words: Words, hour: u8) -> String {
    words.clock(NaiveTime::from_hms_opt(u32::from(hour), 0, 0).unwrap_or_default())
}

const fn channel_label(channel: ChannelKind) -> &'static str {
    match channel {
        ChannelKind::Apns => id("notices-channel-apns"),
        ChannelKind::Fcm => id("notices-channel-fcm"),
        ChannelKind::WebPush => id("notices-channel-web"),
    }
}

fn form(words: Words, preferences: &Preferences, channels: &[ChannelKind]) -> impl IntoView + use<> {
    let shown = channels.iter().map(|channel| channel.name()).collect::<Vec<_>>().join(" ");
    let boxes: Vec<_> = channels
        .iter()
        .map(|channel| {
            view! {
                <label>
                    <input type="checkbox" name=channel.name() value="yes" checked=preferences.wants(*channel)/>
                    {words.say(channel_label(*channel))}
                </label>
            }
        })
        .collect();
    let wish = preferences.wish;
    let days: Vec<_> = (0..7)
        .map(|weekday| {
            let day = some_day(weekday);
            let chosen = wish.day == Some(day.weekday());
            view! { <option value=weekday_name(day.weekday()) selected=chosen>{words.weekday(day)}</option> }
        })
        .collect();
    let hours = |own: u8| -> Vec<_> {
        (0..24u8)
            .map(|hour| view! { <option value=hour.to_string() selected=hour == own>{hour_of(words, hour)}</option> })
            .collect()
    };
    view! {
        <form class="fields" method="post" action="/fn/decide_push">
            <input type="hidden" name="shown" value=shown/>
            <fieldset>
                <legend>{words.say("notices-where")}</legend>
                {boxes}
            </fieldset>
            <label class="field">
                {words.say("notices-day")}
                <select name="day">
                    <option value="" selected=wish.day.is_none()>{words.say("notices-day-after")}</option>
                    {days}
                </select>
            </label>
            <label class="field">
                {words.say("notices-hour")}
                <select name="hour">{hours(wish.hour)}</select>
            </label>
            <div class="pair">
                <label class="field">
                    {words.say("notices-quiet-from")}
                    <select name="quiet_from">{hours(wish.quiet.from())}</select>
                </label>
                <label class="field">
                    {words.say("notices-quiet-until")}
                    <select name="quiet_until">{hours(wish.quiet.until())}</select>
                </label>
            </div>
            <button class="button quiet">{words.say("notices-save")}</button>
        </form>
    }
}

fn device_list(words: Words, member: &Member, devices: &[Device]) -> impl IntoView + use<> {
    if devices.is_empty() {
        return view! { <p class="takeaway">{words.say("notices-no-devices")}</p> }.into_any();
    }
    let rows: Vec<_> = devices
        .iter()
        .map(|device| {
            let platform = match device.platform {
                Platform::Ios => words.say("notices-platform-ios"),
                Platform::Android => words.say("notices-platform-android"),
                Platform::Web => words.say("notices-platform-web"),
            };
            let seen = words.day(device.seen_at.with_timezone(&member.zone).date_naive());
            let seen = words.say_with("notices-seen", &args! { day: seen });
            let remove =
                words.say_with("notices-remove-named", &args! { device: platform.clone(), seen: seen.clone() });
            view! {
                <li>
                    <p>{platform}<small>{seen}</small></p>
                    <form method="post" action="/fn/remove_device">
                        <input type="hidden" name="device" value=device.device.to_string()/>
                        <button class="button quiet" aria-label=remove>{words.say("notices-remove")}</button>
                    </form>
                </li>
            }
        })
        .collect();
    view! { <ul class="devices">{rows}</ul> }.into_any()
}

/// The way to be told in this browser. It asks for nothing before it is touched.
fn browser(words: Words, key: String) -> impl IntoView + use<> {
    view! {
        <p class="takeaway">{words.say("notices-browser-note")}</p>
        <p class="note without-script">{words.say("notices-browser-script")}</p>
        <BrowserNotices>
            <button
                class="button quiet with-script"
                type="button"
                data-key=key
                data-working=words.say("notices-browser-working")
                data-on=words.say("notices-browser-on")
                data-denied=words.say("notices-browser-denied")
                data-missing=words.say("notices-browser-missing")
                data-failed=words.say("notices-browser-failed")
            >
                {words.say("notices-browser-turn-on")}
            </button>
        </BrowserNotices>
    }
}
