//! The model side of Spectrum: what a model is given, who is asked, what it may answer and what that costs.
//!
//! A model only rephrases findings. It is given a closed vocabulary and numbers (`input`), by a prompt whose revision never
//! changes (`prompts`), over a provider (`provider`); what it answers goes through the `guard`, which refuses every number,
//! direction and name that the findings do not hold. `rephrase` is the whole way and ends in words or in the reasons why a
//! template must write them. `route` says which model is worth it, `price` what a call has cost. `docs/llm.md` has the whole.

#[cfg(feature = "fake")]
pub mod fake;
pub mod guard;
mod hex;
pub mod input;
pub mod price;
pub mod prompts;
pub mod provider;
pub mod rephrase;
pub mod route;
