//! Spectrum from outside, in one process: the real router on a fresh database for every test, no browser and no port.

#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test that can't go on must stop loudly")]
#![expect(clippy::type_complexity, reason = "rows of the catalogue are read once, where they are asked for")]

mod access;
mod aggregate;
mod architecture;
mod cancel;
mod catalogue;
mod control;
mod doors;
mod erasure;
mod ingest;
mod isolation;
mod listening;
mod measures;
mod openapi;
mod operate;
mod outside;
mod plans;
mod processes;
mod queue;
mod reanalysis;
mod repeat;
mod replay;
mod rollups;
mod schedule;
mod support;
mod walkthrough;
mod week_html;
mod worker;
