//! The way of a form of the settings: who may, what is done, and what is told on the page it leads back to.

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use spectrum_core::{ServiceError, push::preferences::Decision};
use spectrum_domain::{
    calendar::{Month, Week},
    card::{Grain, Language, Verdict},
    exclusion::{LONGEST_PERIOD, Reason, Scope},
    id::{CardId, DeviceId, ExclusionId},
    reset::{Depth, Reset},
};

use super::{change::author, ctx, routes::Route, told::Told};
use crate::api::error::ApiError;

/// The days of a form, if they are days in their order.
pub fn days(first: &str, last: &str) -> Option<Scope> {
    let (first, last): (NaiveDate, NaiveDate) = (first.parse().ok()?, last.parse().ok()?);
    let fits = first <= last && (last - first).num_days() <= LONGEST_PERIOD;
    fits.then_some(Scope::Period { first, last })
}

/// Says that the days of a form were none.
pub async fn bad_days() -> Result<(), ApiError> {
    lead_back(author().await.map(|_| Ok(Told::BadDays)), Route::Exclusions)
}

/// Leaves out what the scope covers.
pub async fn exclude(scope: Scope, reason: &str) -> Result<(), ApiError> {
    let reason = reason_of(reason)?;
    let done = match author().await {
        Some((services, member)) => {
            Some(services.exclude(member.member_id, scope, reason).await.map(|(_, change)| Told::LeftOut(change)))
        }
        None => None,
    };
    lead_back(done, Route::Exclusions)
}

/// Leaves out what is held from now on.
pub async fn pause(reason: &str) -> Result<(), ApiError> {
    let reason = reason_of(reason)?;
    let done = match author().await {
        Some((services, member)) => Some(services.pause(member.member_id, reason).await.map(|_| Told::Paused)),
        None => None,
    };
    lead_back(done, Route::Exclusions)
}

/// Ends a pause.
pub async fn resume(exclusion: ExclusionId) -> Result<(), ApiError> {
    let done = match author().await {
        Some((services, member)) => Some(services.resume(member.member_id, exclusion).await.map(|_| Told::Resumed)),
        None => None,
    };
    lead_back(done, Route::Exclusions)
}

/// Takes an exclusion back.
pub async fn include(exclusion: ExclusionId) -> Result<(), ApiError> {
    let done = match author().await {
        Some((services, member)) => Some(services.include(member.member_id, exclusion).await.map(Told::TakenIn)),
        None => None,
    };
    lead_back(done, Route::Exclusions)
}

/// Says whether words are kept once they were read.
pub async fn keep_text(keep: bool) -> Result<(), ApiError> {
    let done = match author().await {
        Some((services, member)) => Some(
            services
                .keep_text(member.member_id, keep)
                .await
                .map(|sessions| if keep { Told::TextKept } else { Told::TextDropped(sessions) }),
        ),
        None => None,
    };
    lead_back(done, Route::Settings)
}

/// Says in which language the member is written to.
pub async fn choose_language(language: Option<Language>) -> Result<(), ApiError> {
    let done = match author().await {
        Some((services, member)) => {
            Some(services.choose_language(member.member_id, language).await.map(|()| Told::LanguageChosen))
        }
        None => None,
    };
    lead_back(done, Route::Settings)
}

/// Says whether how the member uses Spectrum is counted.
pub async fn count_use(counted: bool) -> Result<(), ApiError> {
    let done = match author().await {
        Some((services, member)) => {
            let done = services.count_use(member.member_id, counted).await;
            Some(done.map(|()| if counted { Told::Counted } else { Told::NotCounted }))
        }
        None => None,
    };
    lead_back(done, Route::Settings)
}

/// Says whether a model may put findings into other words.
pub async fn decide_model(agreed: bool) -> Result<(), ApiError> {
    let done = match author().await {
        Some((services, member)) => Some(
            services
                .decide_model(member.member_id, agreed)
                .await
                .map(|()| if agreed { Told::ModelAllowed } else { Told::ModelStopped }),
        ),
        None => None,
    };
    lead_back(done, Route::Settings)
}

/// Says where the member lives and when their weeks begin: what is as it was is left so.
pub async fn change_calendar(zone: Tz, week_start: Weekday) -> Result<(), ApiError> {
    let done = match author().await {
        Some((_, member)) if (member.zone, member.week_start) == (zone, week_start) => Some(Ok(Told::CalendarSame)),
        Some((services, member)) => {
            let moved = (member.zone != zone).then_some(zone);
            let weeks = (member.week_start != week_start).then_some(week_start);
            let told = if weeks.is_some() { Told::WeeksMoved } else { Told::ZoneMoved };
            Some(services.change_calendar(member.member_id, moved, weeks).await.map(|()| told))
        }
        None => None,
    };
    lead_back(done, Route::Calendar)
}

/// Decides whether and when the member is told that a week is ready.
pub async fn decide_push(decision: Decision) -> Result<(), ApiError> {
    let done = match author().await {
        Some((services, member)) => {
            Some(services.decide_push(member.member_id, decision).await.map(|()| Told::NoticesDecided))
        }
        None => None,
    };
    lead_back(done, Route::Notices)
}

/// Sends the member's devices a push to see whether it works.
pub async fn ask_test_push() -> Result<(), ApiError> {
    let done = match author().await {
        Some((services, member)) => {
            let sent = services.ask_test_push(member.member_id).await;
            Some(sent.map(|to| if to.is_empty() { Told::TestNowhere } else { Told::TestOnItsWay }))
        }
        None => None,
    };
    lead_back(done, Route::Notices)
}

/// Removes a device of the member's.
pub async fn remove_device(device: DeviceId) -> Result<(), ApiError> {
    let done = match author().await {
        Some((services, member)) => {
            Some(services.remove_device(member.member_id, device).await.map(|_| Told::DeviceRemoved))
        }
        None => None,
    };
    lead_back(done, Route::Notices)
}

/// The fields of a reset, if they are what a form of ours sends.
pub fn reset_of(depth: &str, before: &str, keep_exclusions: &str) -> Option<Reset> {
    let before = if before.is_empty() { None } else { Some(before.parse().ok()?) };
    Some(Reset { depth: Depth::from_name(depth)?, before, keep_exclusions: keep_exclusions == "yes" })
}

/// Erases what was chosen and leads to the receipt.
pub async fn reset(wish: Reset) -> Result<(), ApiError> {
    let Some((services, member)) = author().await else { return ctx::see_other(Route::Reset) };
    match services.reset(member.member_id, wish).await {
        Ok(done) => ctx::see_other(Route::ResetDone(done)),
        Err(error) => lead_back(Some(Err(error)), Route::Reset),
    }
}

fn reason_of(name: &str) -> Result<Option<Reason>, ApiError> {
    if name.is_empty() {
        return Ok(None);
    }
    Reason::from_name(name).map(Some).ok_or(ApiError::BadForm)
}

/// Leads back to the page of the form, where it says what was changed, or that nothing was and why.
fn lead_back(done: Option<Result<Told, ServiceError>>, to: Route) -> Result<(), ApiError> {
    let told = match done {
        // The page to which it leads says why nobody may.
        None => return ctx::see_other(to),
        Some(Ok(told)) => told,
        Some(Err(ServiceError::UnknownExclusion(_))) => Told::Unknown,
        Some(Err(error)) => {
            ctx::log(&error);
            Told::Failed
        }
    };
    told.carry()?;
    ctx::see_other(to)
}

/// Keeps what the member says of a card, and leads back to it.
pub async fn give_feedback(card: CardId, verdict: Option<Verdict>) -> Result<(), ApiError> {
    let Some((services, member)) = author().await else { return ctx::see_other(Route::Feed) };
    match services.give_feedback(member.member_id, card, verdict).await {
        Ok((Grain::Week, period)) => {
            let label = Week::containing(period, member.week_start).label();
            ctx::see_other(Route::FeedCard(label, card))
        }
        Ok((Grain::Month, period)) => ctx::see_other(Route::MonthCard(Month::containing(period), card)),
        // The card says something else by now, or is gone: the feed has what there is.
        Err(ServiceError::UnknownCard(_)) => ctx::see_other(Route::Feed),
        Err(error) => {
            ctx::log(&error);
            Err(ApiError::Unavailable)
        }
    }
}
