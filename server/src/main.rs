//! The command line, for now only `postgres run`.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// The private PostgreSQL of this machine.
    #[command(subcommand)]
    Postgres(Postgres),
}

#[derive(Subcommand)]
enum Postgres {
    /// Runs a command on a throw-away PostgreSQL, with `DATABASE_URL` set.
    Run {
        /// The command and its arguments.
        #[arg(last = true, required = true)]
        argv: Vec<OsString>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let Commands::Postgres(Postgres::Run { argv }) = Arguments::parse().command;
    let options = server::embedded::RunOptions {
        temp_dir: std::env::temp_dir(),
        bin_dir: None,
        settings: Vec::new(),
    };
    match server::embedded::run_command(options, &argv, &|word| eprintln!("{word}")).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
