//! Server functions: what a form or an island does, one file a verb.
//!
//! Each is a public endpoint below `/fn`: it resolves the caller, calls one `Services` method and redirects to a known
//! route. None answers with text, so that nothing of the input or the database can come back in an address.

pub mod error;

mod act_on_jobs;
mod ask_test_push;
mod change_calendar;
mod choose_language;
mod correct_session;
mod count_use;
mod decide_model;
mod decide_push;
mod erase_member;
mod exclude_feature;
mod exclude_period;
mod exclude_session;
mod give_feedback;
mod include;
mod include_session;
mod judge_pair;
mod keep_text;
mod pause;
mod remove_device;
mod request_export;
mod reset;
mod resume;
mod score_text;
mod sign_in;
mod sign_out;
mod switch_channel;
mod switch_queue;
mod take_correction_back;
