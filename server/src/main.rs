//! The `spectrum` binary: reads the command line and does what it says.

use std::process::ExitCode;

use clap::Parser as _;
use server::command::{self, Arguments};

#[tokio::main]
async fn main() -> ExitCode {
    command::run(Arguments::parse()).await
}
