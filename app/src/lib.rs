//! Everything that is seen: pages drawn on the server, the forms they hold, and the few islands that reach the browser.
//!
//! Every `cfg` of the crate is on this page: `pages` exists only on the server, the entry point only in the browser.
//! The server mounts [`App`] with the context of [`Assets`], [`CookiePolicy`] and `spectrum_core::Services`.
mod api;
mod islands;
#[cfg(feature = "ssr")]
mod pages;

#[cfg(feature = "ssr")]
pub use pages::{
    ctx::{Assets, CookiePolicy, Counted, FrameAncestors, HeldOut, Known, PlansUrl, ReadOnly, Roles},
    file::{FigureFile, figure_file},
    language::Words,
    routes::App,
    team::table_file,
};

/// Wakes the islands' runtime; the page's script then calls each island of the page by its name.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
