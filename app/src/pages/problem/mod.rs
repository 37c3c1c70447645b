//! The pages for when something is not as it should be: each says what happened, what was kept and what to do next.

use axum::http::StatusCode;
use leptos::prelude::*;
use spectrum_core::ServiceError;

use super::{
    ctx,
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
            Self::NotFound | Self::BadWeek => StatusCode::NOT_FOUND,
            Self::SignedOut | Self::StaffSignedOut => StatusCode::UNAUTHORIZED,
            Self::ForMembers | Self::ForStaff | Self::OtherRole => StatusCode::FORBIDDEN,
            Self::Broken => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    const fn says(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::NotFound => (
                "There is no page here.",
                &["The address may have been cut short on its way.", "Nothing of yours is missing."],
            ),
            Self::SignedOut => (
                "You are signed out.",
                &[
                    "A sign-in ends by itself after a while, so that others who hold this device can’t read along.",
                    "Nothing was lost or changed.",
                ],
            ),
            Self::BadWeek => (
                "There is no such week.",
                &[
                    "A week is named by its year and number, such as 2026-W47. Most years have 52 of them.",
                    "Nothing of yours is missing.",
                ],
            ),
            Self::ForMembers => (
                "This page belongs to a member.",
                &[
                    "You are signed in as product staff. Staff see counts, never a person’s sessions.",
                    "Nothing was shown or changed.",
                ],
            ),
            Self::ForStaff => (
                "This page is for the people who run Spectrum.",
                &["You are signed in as a member. Your own pages are where they were."],
            ),
            Self::StaffSignedOut => (
                "This page is for the people who run Spectrum.",
                &["Sign in with your account at work to go on.", "Members find their own pages in the app."],
            ),
            Self::OtherRole => (
                "This page belongs to another role.",
                &["You are signed in, and your role does not include it.", "Nothing was shown or changed."],
            ),
            Self::Broken => (
                "This page could not be put together.",
                &[
                    "Something on our side did not answer.",
                    "Nothing was lost or changed. It is safe to try again in a minute.",
                ],
            ),
        }
    }

    fn next(self) -> Step {
        match self {
            Self::NotFound | Self::BadWeek | Self::ForStaff => {
                Step::Link(Route::Newest.to_string(), "Go to your newest week")
            }
            Self::SignedOut => Step::Words("Open Spectrum from the app again to sign in."),
            Self::StaffSignedOut => Step::Link("/staff/sign-in".to_owned(), "Sign in"),
            Self::OtherRole => Step::Words("Ask an operator for the role you need."),
            Self::ForMembers => Step::Link(Route::Staff.to_string(), "Go to the staff page"),
            Self::Broken => Step::Link(String::new(), "Try again"),
        }
    }
}

/// The page of a problem, with its status.
#[component]
pub fn ProblemPage(problem: Problem) -> impl IntoView {
    ctx::status(problem.status());
    let (heading, paragraphs) = problem.says();
    let title = heading.trim_end_matches('.').to_owned();
    document(&Head { title, script: Script::None }, (), notice(heading, paragraphs, problem.next()), ())
}
