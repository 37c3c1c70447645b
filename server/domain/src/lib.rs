//! Spectrum's vocabulary and its arithmetic: one file a concept, pure functions, no I/O, no async, no clock.
//!
//! The order of the modules is the way of the data: who and what (`id`, `member`, `feature`), what comes in
//! (`event`, `private`), when (`calendar`), what is measured (`affect`, `measure`, `displacement`, `impact`, `session`),
//! what is added up (`rollup`) and how it moves (`dynamics`), what can be said of it (`finding`), what the member keeps out
//! (`exclusion`), what a screen needs to know (`week`; for any `span` of days `stretch`), what is left to do (`job`) and when
//! it falls due (`schedule`), what is erased (`erasure`), who did what (`audit`), how it is used (`product_event`) and whether
//! that changed what people do (`effect`), and in which words (`words`).

pub mod access;
pub mod affect;
pub mod audit;
pub mod calendar;
pub mod card;
mod closed_set;
pub mod correction;
pub mod displacement;
pub mod dynamics;
pub mod effect;
pub mod erasure;
pub mod event;
pub mod exclusion;
pub mod export;
pub mod feature;
pub mod finding;
pub mod id;
pub mod impact;
pub mod job;
pub mod look;
pub mod measure;
pub mod member;
pub mod private;
pub mod product_event;
pub mod push;
pub mod reset;
pub mod review;
pub mod rollup;
pub mod schedule;
pub mod session;
pub mod span;
pub mod spending;
pub mod stretch;
pub mod use_sum;
pub mod week;
pub mod words;
