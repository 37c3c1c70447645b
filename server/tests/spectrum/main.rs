//! Spectrum from outside, in one process: the real router on a fresh database for every test, no browser and no port.

mod replay;
mod support;
mod walkthrough;
