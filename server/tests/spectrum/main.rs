//! Spectrum from outside, in one process: the real router on a fresh database for every test, no browser and no port.

mod access;
mod ingest;
mod rollups;
mod support;
mod walkthrough;
