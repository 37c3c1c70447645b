//! `spectrum eval`: how well an analyzer agrees with people.

use std::{fmt::Display, path::PathBuf, process::ExitCode};

use clap::Args;
use serde::Serialize;
use serde_json::json;
use spectrum_analyzer::{
    EMBEDDED_FILE,
    eval::{self, Scored, Thresholds, Unit},
    model::Model,
    probe::Part,
    train::data::{self, Input},
};
use spectrum_domain::{affect::EMOTIONS, private::PrivateText};

use super::Failure;
use crate::analyzer::Lexicon;

/// What `spectrum eval` takes.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// The model's file; the one in this program if none is named.
    #[arg(long, value_name = "FILE", conflicts_with = "lexicon")]
    model: Option<PathBuf>,
    /// Judges the plain word list instead, for comparison.
    #[arg(long)]
    lexicon: bool,
    #[command(flatten)]
    texts: Texts,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Texts {
    /// GoEmotions: text, label ids and comment id by tabs.
    #[arg(long, value_name = "TSV")]
    goemotions: Option<PathBuf>,
    /// EmoBank: id, split, V, A, D, text. Rows of the split `train` are left out where there are others.
    #[arg(long, value_name = "CSV")]
    emobank: Option<PathBuf>,
    /// BRIGHTER, English: id, text, anger, fear, joy, sadness, surprise.
    #[arg(long, value_name = "CSV")]
    brighter: Option<PathBuf>,
    /// The project's own turns: the half that nothing was fitted on.
    #[arg(long)]
    probe: bool,
}

/// What is judged.
enum Judged {
    Model(Box<Model>),
    Lexicon(Lexicon),
}

impl Judged {
    fn score(&self, text: &str, unit: Unit) -> Scored {
        match self {
            Self::Model(model) => model.scored(text, unit),
            Self::Lexicon(lexicon) => {
                let measured = lexicon.measure(&PrivateText::new(text.to_owned()));
                let figure = |milli: spectrum_domain::affect::Milli| f32::from(milli.0) / 1000.0;
                let emotions = measured.map_or([0.0; EMOTIONS], |affect| affect.emotions.map(figure));
                let dimensions =
                    measured.map_or([0.0; 3], |affect| [affect.valence, affect.arousal, affect.dominance].map(figure));
                // Anger, fear, joy, sadness, surprise.
                Scored { emotions, basic: [2, 14, 17, 25, 26].map(|emotion| emotions[emotion]), dimensions }
            }
        }
    }

    fn thresholds(&self) -> Thresholds {
        match self {
            Self::Model(model) => model.thresholds(),
            Self::Lexicon(_) => Thresholds::all(0.5),
        }
    }
}

pub(super) fn run(args: &EvalArgs) -> Result<ExitCode, Failure> {
    let judged = match &args.model {
        _ if args.lexicon => Judged::Lexicon(Lexicon::new()),
        Some(path) => Judged::Model(Box::new(Model::read(&std::fs::read(path)?)?)),
        None => Judged::Model(Box::new(Model::read(EMBEDDED_FILE)?)),
    };
    let thresholds = judged.thresholds();
    let score = |text: &str, unit| Ok::<_, Failure>(judged.score(text, unit));
    let texts = &args.texts;
    if let Some(path) = &texts.goemotions {
        let rows = data::goemotions(&Input::read(path)?)?;
        print(&eval::goemotions(&rows, &thresholds, score)?, args.json)?;
    } else if let Some(path) = &texts.emobank {
        print(&eval::emobank(&data::emobank(&Input::read(path)?)?, score)?, args.json)?;
    } else if let Some(path) = &texts.brighter {
        let input = Input::read(path)?;
        let trained = match &judged {
            Judged::Model(model) => {
                let header = model.header();
                header.inputs.iter().any(|(_, hash)| *hash == input.sha256).then_some(header.basic_out_of_fold)
            }
            Judged::Lexicon(_) => None,
        };
        print(&eval::brighter(&data::brighter(&input)?, &thresholds, trained, score)?, args.json)?;
    } else {
        let Judged::Model(model) = &judged else { return Err("the word list places no turns".into()) };
        let placing = eval::probe::placing(model, Part::Report, 10);
        let crises = eval::probe::crises(model, Part::Report);
        if args.json {
            println!("{}", serde_json::to_string_pretty(&json!({ "placing": placing, "crisis": crises }))?);
        } else {
            println!("The project's own turns, the half that nothing was fitted on\n\n{placing}\n{crises}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(figures: &(impl Display + Serialize), json: bool) -> Result<(), Failure> {
    if json {
        println!("{}", serde_json::to_string_pretty(figures)?);
    } else {
        println!("{figures}");
    }
    Ok(())
}
