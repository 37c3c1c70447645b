//! The way of a form that stands in a session's row of the week page: who may, and where it leads.

use spectrum_core::{ServiceError, Services};
use spectrum_domain::{calendar::WeekLabel, id::SessionId, member::Member};

use super::{ctx, routes::Route, said::Said};
use crate::api::error::ApiError;

/// The fields that every such form has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Which session.
    pub session_id: SessionId,
    /// The week the form stands in.
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

/// Leads back to the week of the form, where it says what was changed, or that nothing was and why.
pub fn lead_back(form: Form, done: Option<Result<Said, ServiceError>>) -> Result<(), ApiError> {
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
    ctx::see_other(Route::WeekSaid(said.week()))
}
