//! `spectrum train`: from data to a model file, with its figures beside it.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use clap::Args;
use serde_json::json;
use spectrum_analyzer::{
    eval,
    model::Model,
    probe::Part,
    train::{
        self,
        data::{self, Input},
    },
};

use super::Failure;

/// What `spectrum train` takes.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// The folder of data sets, each in a folder of its own: goemotions, emobank, brighter-eng and so on.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// All chance comes from it: the same data and seed give the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the model goes; its figures go beside it, with `.metrics.json` at the end.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn run(args: &TrainArgs) -> Result<ExitCode, Failure> {
    let begun = Instant::now();
    let file = train::train(&args.data, args.seed, &mut |line| {
        eprintln!("{:>4} s  {line}", begun.elapsed().as_secs());
    })?;
    std::fs::write(&args.out, &file)?;
    let model = Model::read(&file)?;
    eprintln!("{:>4} s  judging it on the dev splits", begun.elapsed().as_secs());
    let read = |name: &str| Input::read(&args.data.join(name));
    let score = |text: &str, unit| Ok::<_, Failure>(model.scored(text, unit));
    let emotions = eval::goemotions(&data::goemotions(&read("goemotions/dev.tsv")?)?, &model.thresholds(), score)?;
    let dimensions = eval::emobank(&data::emobank(&read("emobank/emobank.csv")?)?, score)?;
    let metrics = json!({
        "model": model.version(),
        "bytes": file.len(),
        "seed": args.seed,
        "inputs": model.header().inputs,
        "goemotions_dev": emotions,
        "emobank_dev": dimensions,
        "brighter_out_of_fold_macro_f1": model.header().basic_out_of_fold,
        "turns_report": eval::probe::placing(&model, Part::Report, 10),
        "crisis_report": eval::probe::crises(&model, Part::Report),
    });
    let mut beside = args.out.clone().into_os_string();
    beside.push(".metrics.json");
    std::fs::write(&beside, serde_json::to_string_pretty(&metrics)? + "\n")?;
    println!("{emotions}\n{dimensions}");
    println!("BRIGHTER, out of fold: macro-F1 {:.4}", model.header().basic_out_of_fold);
    println!(
        "{} in {} bytes, {} s; figures in {}",
        model.version(),
        file.len(),
        begun.elapsed().as_secs(),
        PathBuf::from(beside).display()
    );
    Ok(ExitCode::SUCCESS)
}
