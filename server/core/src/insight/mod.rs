//! What is told of a week or month: findings become cards with receipts, in editions that are made again when sums change.
//!
//! [`compose`] says what an edition holds; [`rewrite`] keeps one member's in step with their sums, [`publish_period`] makes
//! those of a period that has ended for many members at once. Both ask the same function, so both say the same.

pub mod batch;
pub(crate) mod compose;
pub mod give_feedback;
pub mod label_prompt;
pub mod load_edition;
pub mod load_quality;
pub mod load_spending;
pub mod open_review;
pub mod publish_period;
pub mod rephrase;
pub mod review_texts;
pub mod rewrite;
pub mod sum_calls;
