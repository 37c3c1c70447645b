//! The figures of `make bench`: each beside its floor, in the same run, on the same machine and the same PostgreSQL.
//!
//! Ratios decide, not absolute times: machines differ and are shared. Every figure goes into the table that is printed
//! and into `target/bench/<name>.json`.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a measurement that can't be taken must stop loudly"
)]

mod erase;
mod exclude;
mod ingest;
mod page;
mod partitions;
mod push;
mod report;
mod rollup;
mod stage;

use report::Report;
use stage::Stage;

#[tokio::main]
async fn main() {
    // `cargo bench` passes its own flags on; a word without a dash chooses figures by the start of their name.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.starts_with(word.as_str()));
    let mut report = Report::new();
    let stage = Stage::set().await;
    if wants("page") {
        page::measure(&stage, &mut report).await;
    }
    if wants("ingest") {
        ingest::measure(&stage, &mut report).await;
    }
    if wants("partitions") {
        partitions::measure(&stage, &mut report).await;
    }
    if wants("rollup") || wants("weekly") {
        rollup::measure(&stage, &mut report).await;
    }
    if wants("exclude") {
        exclude::measure(&stage, &mut report).await;
    }
    if wants("push") {
        push::measure(&stage, &mut report).await;
    }
    if wants("erase") {
        erase::measure(&stage, &mut report).await;
    }
    stage.clear().await;
    report.print();
}
