//! The way of a form of a review: who may, what is kept, and the next text it leads to.

use chrono::{DateTime, Utc};
use spectrum_core::ServiceError;
pub use spectrum_core::insight::review_texts::Look;
use spectrum_domain::{access::StaffRole, id::PairId, review::Criterion};

use super::{ctx, routes::Route};
use crate::api::error::ApiError;

/// The instant of a form's field, in seconds.
pub fn instant(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

/// Keeps a look at a pair, and leads to the next.
pub async fn judge_pair(look: Look) -> Result<(), ApiError> {
    let Ok((services, reviewer)) = ctx::staff(StaffRole::Reviewer).await else { return ctx::see_other(Route::Reviews) };
    match services.judge_pair(reviewer, look).await {
        Ok(batch) => ctx::see_other(Route::ReviewPair(batch)),
        Err(error) => closed_or_failed(&error),
    }
}

/// Keeps a text's points, and leads to the next.
pub async fn score_text(text: (PairId, usize), points: [u8; Criterion::ALL.len()]) -> Result<(), ApiError> {
    let Ok((services, reviewer)) = ctx::staff(StaffRole::Reviewer).await else { return ctx::see_other(Route::Reviews) };
    match services.score_text(reviewer, text, points).await {
        Ok(batch) => ctx::see_other(Route::ReviewText(batch)),
        Err(error) => closed_or_failed(&error),
    }
}

fn closed_or_failed(error: &ServiceError) -> Result<(), ApiError> {
    // The page of all batches shows what it came to.
    if matches!(error, ServiceError::NoOpenReview) {
        return ctx::see_other(Route::Reviews);
    }
    ctx::log(error);
    Err(ApiError::Unavailable)
}
