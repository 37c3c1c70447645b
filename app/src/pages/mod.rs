//! The pages, drawn on the server only: one folder a screen, `parts` and `chart` for what screens share.
//!
//! A page resolves the caller, calls one `Services` method and shows the answer; it holds no rule and no signal. Every
//! page is a whole document, so that its title, its status and whether it needs a script are its own to say.

pub mod back;
pub mod change;
pub mod ctx;
pub mod decide;
pub mod feed;
pub mod file;
pub mod judge;
pub mod language;
pub mod ops;
pub mod routes;
pub mod said;
pub mod settings;

mod chart;
mod cost;
mod engagement;
mod experiments;
mod landscape;
mod made;
mod offline;
mod parts;
mod patterns;
mod problem;
mod quality;
mod retention;
mod review;
mod session;
mod sessions;
mod shell;
mod sign_in;
mod spans;
mod styleguide;
pub mod team;
mod told;
mod upgrades;
mod week;
