//! The pages for when something is not as it should be: each says what happened, what was kept and what to do next.

use axum::http::StatusCode;
use leptos::prelude::*;
use spectrum_core::ServiceError;

use super::{
    back, ctx,
    language::{Words, id},
    parts::{Step, notice},
    routes::Route,
    shell::{Head, Script, document},
};

/// Why a page can't be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No such address.
    NotFound,
    /// No sign-in, or one that has run out.
    SignedOut,
    /// The address names no week.
    BadWeek,
    /// The address names no span of days.
    BadSpan,
    /// What was found in a member's sessions, asked for by one who by lot is not shown it.
    HeldOut,
    /// A member's page, asked for by the product team.
    ForMembers,
    /// A page of the product team, asked for by a member.
    ForStaff,
    /// A page of the product team, asked for by nobody.
    StaffSignedOut,
    /// A page of the product team, asked for by one of them in another role.
    OtherRole,
    /// Something on our side failed.
    Broken,
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        if let ServiceError::UnknownSession(_) | ServiceError::NoOpenReview = error {
            return Self::NotFound;
        }
        ctx::log(&error);
        Self::Broken
    }
}

impl Problem {
    const fn status(self) -> StatusCode {
        match self {
            Self::NotFound | Self::BadWeek | Self::BadSpan => StatusCode::NOT_FOUND,
            Self::SignedOut | Self::StaffSignedOut => StatusCode::UNAUTHORIZED,
            Self::HeldOut | Self::ForMembers | Self::ForStaff | Self::OtherRole => StatusCode::FORBIDDEN,
            Self::Broken => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The messages of the heading and of the paragraphs.
    fn says(self) -> (&'static str, Vec<&'static str>) {
        match self {
            Self::NotFound => {
                (id("problem-not-found"), vec![id("problem-not-found-why"), id("problem-nothing-missing")])
            }
            Self::SignedOut => {
                (id("problem-signed-out"), vec![id("problem-signed-out-why"), id("problem-signed-out-kept")])
            }
            Self::BadWeek => (id("problem-bad-week"), vec![id("problem-bad-week-why"), id("problem-nothing-missing")]),
            Self::BadSpan => (id("problem-bad-span"), vec![id("problem-bad-span-why"), id("problem-nothing-missing")]),
            Self::HeldOut => (id("problem-held-out"), vec![id("problem-held-out-why"), id("problem-held-out-kept")]),
            Self::ForMembers => {
                (id("problem-for-members"), vec![id("problem-for-members-why"), id("problem-nothing-shown")])
            }
            Self::ForStaff => (id("problem-for-staff"), vec![id("problem-for-staff-why")]),
            Self::StaffSignedOut => (
                id("problem-for-staff"),
                vec![id("problem-staff-signed-out-why"), id("problem-staff-signed-out-members")],
            ),
            Self::OtherRole => {
                (id("problem-other-role"), vec![id("problem-other-role-why"), id("problem-nothing-shown")])
            }
            Self::Broken => (id("problem-broken"), vec![id("problem-broken-why"), id("problem-broken-kept")]),
        }
    }

    fn next(self, words: Words) -> Step {
        match self {
            Self::NotFound | Self::BadWeek | Self::BadSpan | Self::ForStaff => {
                Step::Link(Route::Newest.to_string(), words.say("page-newest-week"))
            }
            Self::HeldOut => Step::Link(Route::Settings.to_string(), words.say("problem-held-out-next")),
            Self::SignedOut => Step::Words(words.say("problem-signed-out-next")),
            Self::StaffSignedOut => Step::Link("/staff/sign-in".to_owned(), words.say("problem-staff-signed-out-next")),
            Self::OtherRole => Step::Words(words.say("problem-other-role-next")),
            Self::ForMembers => Step::Link(Route::Staff.to_string(), words.say("problem-for-members-next")),
            Self::Broken => Step::Link(String::new(), words.say("page-try-again")),
        }
    }
}

/// The page of a problem, with its status.
#[component]
pub fn ProblemPage(problem: Problem) -> impl IntoView {
    ctx::status(problem.status());
    let words = Words::of_request();
    let (heading, mut paragraphs) = problem.says();
    if problem == Problem::SignedOut {
        if back::keep() {
            paragraphs.push(id("problem-signed-out-back"));
        }
        if ctx::token().is_some_and(|token| !token.is_empty()) {
            // It has run out: what was kept of the pages goes as well.
            ctx::drop_kept_pages();
        }
    }
    let heading = words.say(heading);
    let paragraphs = paragraphs.into_iter().map(|paragraph| words.say(paragraph)).collect();
    let title = heading.trim_end_matches('.').to_owned();
    document(words, &Head { title, script: Script::None }, (), notice(heading, paragraphs, problem.next(words)), ())
}
