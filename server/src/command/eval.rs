//! `spectrum eval`: how well an analyzer agrees with people.

use std::{fmt::Display, path::PathBuf, process::ExitCode, time::Duration};

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
use spectrum_domain::{
    affect::{EMOTIONS, Milli},
    measure::Outcome,
    private::PrivateText,
};
use tokio::runtime::Handle;

use super::Failure;
use crate::{
    analyzer::{Analyzer as _, Lexicon, Outside},
    config::{self, process_environment},
};

/// What `spectrum eval` takes.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// The model's file; the one in this program if none is named.
    #[arg(long, value_name = "FILE", conflicts_with = "lexicon")]
    model: Option<PathBuf>,
    /// Judges the plain word list instead, for comparison.
    #[arg(long)]
    lexicon: bool,
    /// Judges a model behind an OpenAI-compatible endpoint instead: the texts are sent there, one a call. The key is taken
    /// from `SPECTRUM_ANALYZER_API_KEY`.
    #[arg(long, value_name = "URL", conflicts_with_all = ["model", "lexicon"], requires = "endpoint_model")]
    endpoint: Option<String>,
    /// The endpoint's name of the model.
    #[arg(long, value_name = "NAME")]
    endpoint_model: Option<String>,
    /// Judges this many rows, from the first; all if not said.
    #[arg(long, value_name = "N")]
    rows: Option<usize>,
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
    Outside(Box<Outside>),
}

impl Judged {
    fn score(&self, text: &str, unit: Unit) -> Result<Scored, Failure> {
        let private = || PrivateText::new(text.to_owned());
        let measured = match self {
            Self::Model(model) => return Ok(model.scored(text, unit)),
            Self::Lexicon(lexicon) => lexicon.measure(&private()),
            Self::Outside(outside) => {
                let texts = [private()].into();
                let readings = tokio::task::block_in_place(|| Handle::current().block_on(outside.measure(texts)))?;
                readings.first().and_then(|reading| match reading.outcome {
                    Outcome::Measured(affect) => Some(affect),
                    Outcome::NotMeasured(_) => None,
                })
            }
        };
        let figure = |milli: Milli| f32::from(milli.0) / 1000.0;
        let emotions = measured.map_or([0.0; EMOTIONS], |affect| affect.emotions.map(figure));
        let dimensions =
            measured.map_or([0.0; 3], |affect| [affect.valence, affect.arousal, affect.dominance].map(figure));
        Ok(Scored { emotions, basic: BASIC_AMONG_EMOTIONS.map(|emotion| emotions[emotion]), dimensions })
    }

    fn thresholds(&self) -> Thresholds {
        match self {
            Self::Model(model) => model.thresholds(),
            Self::Lexicon(_) | Self::Outside(_) => Thresholds::all(0.5),
        }
    }
}

/// Anger, fear, joy, sadness and surprise among the 28 emotions.
const BASIC_AMONG_EMOTIONS: [usize; 5] = [2, 14, 17, 25, 26];

fn judged(args: &EvalArgs) -> Result<Judged, Failure> {
    if let (Some(url), Some(model)) = (&args.endpoint, &args.endpoint_model) {
        return Ok(Judged::Outside(Box::new(Outside::without_budget(config::Outside {
            url: url.clone(),
            api_key: process_environment("SPECTRUM_ANALYZER_API_KEY").map(Into::into),
            model: model.clone(),
            timeout: Duration::from_mins(1),
            monthly_calls: 0,
            monthly_tokens: 0,
        })?)));
    }
    Ok(match &args.model {
        _ if args.lexicon => Judged::Lexicon(Lexicon::new()),
        Some(path) => Judged::Model(Box::new(Model::read(&std::fs::read(path)?)?)),
        None => Judged::Model(Box::new(Model::read(EMBEDDED_FILE)?)),
    })
}

pub(super) fn run(args: &EvalArgs) -> Result<ExitCode, Failure> {
    let judged = judged(args)?;
    let thresholds = judged.thresholds();
    let score = |text: &str, unit| judged.score(text, unit);
    let most = args.rows.unwrap_or(usize::MAX);
    let texts = &args.texts;
    if let Some(path) = &texts.goemotions {
        let mut rows = data::goemotions(&Input::read(path)?)?;
        rows.truncate(most);
        print(&eval::goemotions(&rows, &thresholds, score)?, args.json)?;
    } else if let Some(path) = &texts.emobank {
        let mut rows = data::emobank(&Input::read(path)?)?;
        rows.truncate(most);
        print(&eval::emobank(&rows, score)?, args.json)?;
    } else if let Some(path) = &texts.brighter {
        let input = Input::read(path)?;
        let trained = match &judged {
            Judged::Model(model) => {
                let header = model.header();
                header.inputs.iter().any(|(_, hash)| *hash == input.sha256).then_some(header.basic_out_of_fold)
            }
            Judged::Lexicon(_) | Judged::Outside(_) => None,
        };
        let mut rows = data::brighter(&input)?;
        rows.truncate(most);
        print(&eval::brighter(&rows, &thresholds, trained, score)?, args.json)?;
    } else {
        let Judged::Model(model) = &judged else {
            return Err("only a trained model places turns and flags crises".into());
        };
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
