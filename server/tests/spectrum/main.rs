//! Spectrum from outside, in one process: the real router on a fresh database for every test, no browser and no port.

#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test that can't go on must stop loudly")]
#![expect(clippy::type_complexity, reason = "rows of the catalogue are read once, where they are asked for")]

mod access;
mod aggregate;
mod architecture;
mod at_hand;
mod audit;
mod cancel;
mod catalogue;
mod control;
mod doors;
mod erasure;
mod erasure_killed;
mod export;
mod host_keys;
mod import;
mod ingest;
mod insight;
mod isolation;
mod keys;
mod language;
mod listening;
mod matrix;
mod measures;
mod model;
mod model_batch;
mod openapi;
mod operate;
mod outside;
mod plans;
mod privacy;
mod processes;
mod queue;
mod read_only;
mod reanalysis;
mod receipts;
mod repeat;
mod replay;
mod reset;
mod rest;
mod restore;
mod returning;
mod review;
mod rollups;
mod schedule;
mod spans;
mod support;
mod team;
mod tokens;
mod walkthrough;
mod webview;
mod week_html;
mod worker;
