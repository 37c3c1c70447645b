//! `spectrum replay`: a diary through the API, with its progress and what it came to.

use std::{path::Path, process::ExitCode};

use super::Failure;
use crate::{
    compose,
    replay::{self, Progress, ReplayArgs},
};

/// Where the demo says how to reach it.
const DEMO: &str = ".data/demo.json";

pub(super) async fn run(args: ReplayArgs) -> Result<ExitCode, Failure> {
    replay::install_crypto();
    let json = args.json;
    let progress = if json { Progress::silent() } else { Progress::on_stderr() };
    let options = args.options(Path::new(DEMO))?;
    let summary = replay::run(options, compose::ambient().now(), &|step, done, total| {
        progress.report(step, done, total);
    })
    .await?;
    progress.finish();
    if json {
        println!("{}", serde_json::to_string(&summary)?);
    } else {
        println!("{summary}");
    }
    let all_kept = summary.events_refused == 0 && summary.dead_jobs == 0;
    Ok(if all_kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
