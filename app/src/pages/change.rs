//! The way of a form that stands in a session's row, of the week page or of a list: who may, and where it leads.

use spectrum_core::{ServiceError, Services};
use spectrum_domain::{calendar::WeekLabel, id::SessionId, member::Member, span::day};

use super::{ctx, routes::Route, said::Said, spans};
use crate::api::error::ApiError;

/// The fields that every such form has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Which session.
    pub session_id: SessionId,
    /// The week of the session.
    pub week: WeekLabel,
}

impl Form {
    /// The fields, if they are what a form of ours sends.
    pub fn parse(session_id: &str, week: &str) -> Option<Self> {
        Some(Self { session_id: session_id.parse().ok()?, week: week.parse().ok()? })
    }
}

/// The member who posts. Nothing where nobody may: the page to which the form leads back says why.
pub async fn author() -> Option<(Services, Member)> {
    ctx::member().await.ok()
}

/// The list of a span that a form stands in, from its field `back`; nothing for a form in a week's list.
pub fn list(services: &Services, member: &Member, back: &str) -> Option<Route> {
    let (name, before) = back.split_once('/').map_or((back, None), |(name, day)| (name, Some(day)));
    let at = spans::read(services, member, name).ok()?;
    Some(Route::SessionsSaid(at, before.and_then(day)))
}

/// Leads back to the week of the form, where it says what was changed, or that nothing was and why.
pub fn lead_back(form: Form, done: Option<Result<Said, ServiceError>>) -> Result<(), ApiError> {
    lead_back_to(None, form, done)
}

/// The same, to the list that the form stands in.
pub fn lead_back_to(list: Option<Route>, form: Form, done: Option<Result<Said, ServiceError>>) -> Result<(), ApiError> {
    let said = match done {
        None => return ctx::see_other(Route::Week(form.week)),
        Some(Ok(said)) => said,
        Some(Err(ServiceError::UnknownSession(_) | ServiceError::NotMeasured(_))) => {
            Said::Unknown(form.week, form.session_id)
        }
        Some(Err(error)) => {
            ctx::log(&error);
            Said::Failed(form.week, form.session_id)
        }
    };
    said.carry()?;
    ctx::see_other(list.unwrap_or(Route::WeekSaid(said.week())))
}
