//! How the model is trained: one thread, no clock, all chance from one seed, so that the same data gives the same bytes.

pub mod cnn;
pub mod crisis;
pub mod data;
pub mod dictionary;
pub mod emotions;
pub mod heads;
pub mod linear;
pub mod pieces;
pub mod turn;
mod write;

use std::path::Path;

use crate::{
    eval,
    format::FormatError,
    model::{Header, Model},
    probe,
};
use data::{DataError, Input};

/// The name and version of what this program trains.
pub const NAME: &str = "spectrum@1";

/// Is told in a line what is being done.
pub type Progress<'a> = dyn FnMut(&str) + 'a;

/// Training failed.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The data can't be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The model can't be written or read back.
    #[error(transparent)]
    Format(#[from] FormatError),
}

/// Trains a model on the data in a folder; the answer is the model's file.
pub fn train(folder: &Path, seed: u64, told: &mut Progress<'_>) -> Result<Vec<u8>, TrainError> {
    let mut inputs: Vec<(String, String)> = Vec::new();
    let mut read = |name: &str| -> Result<Input, DataError> {
        let input = Input::read(&folder.join(name))?;
        inputs.push((name.to_owned(), input.sha256.clone()));
        Ok(input)
    };
    let labelled = data::goemotions(&read("goemotions/train.tsv")?)?;
    let rated = data::emobank(&read("emobank/emobank.csv")?)?;
    let mut narrated = data::brighter(&read("brighter-eng/track_a_train.csv")?)?;
    narrated.extend(data::brighter(&read("brighter-eng/track_a_dev.csv")?)?);
    let lexicon = data::lexicon(
        &read("vader/vader_lexicon.txt")?,
        &read("afinn/AFINN-en-165.txt")?,
        &read("glasgow_norms/glasgow_norms.csv")?,
    )?;
    let start = pieces::Start::read(
        &read("minilm-static/vocab.txt")?,
        &read("minilm-static/static128.i8")?,
        &read("minilm-static/static128.scale.f32")?,
        &labelled,
    )?;
    told(&format!(
        "read {} labelled, {} rated and {} narrated texts, norms of {} words, {} word pieces",
        labelled.len(),
        rated.len(),
        narrated.len(),
        lexicon.len(),
        start.pieces.len()
    ));

    let emotions = emotions::fit(&labelled, &start, seed, told);
    let mut header = Header {
        name: NAME.to_owned(),
        seed,
        inputs,
        platt: emotions.platt.clone(),
        thresholds: emotions.thresholds[0].clone(),
        ekman_thresholds: emotions.thresholds[1].clone(),
        sentiment_thresholds: emotions.thresholds[2].clone(),
        basic_thresholds: vec![0.0; crate::model::BASIC],
        turn: crate::model::TurnHeads::default(),
        crisis: crate::crisis::signs::Weighing::default(),
        crisis_threshold: 0.0,
        band: [0.0; 2],
        basic_out_of_fold: 0.0,
    };
    // The heads and the last step are fitted on the model as it is used, with its small weights.
    let model = Model::read(&write::write(&header, &start, &lexicon, &emotions, None)?)?;
    let (affect, crisis_turns) = (probe::affect(), probe::crisis());
    let turns: Vec<&probe::AffectTurn> = affect.iter().filter(|turn| turn.part != probe::Part::Report).collect();
    let trained_on: Vec<&data::Rated> = rated.iter().filter(|row| row.split == "train").collect();
    let corpus = crisis::Corpus::of(&crisis_turns, &turns, &labelled, &narrated, &trained_on);
    let heads = heads::fit(&model, &trained_on, &narrated, &corpus, &turns, seed, told);
    header.basic_thresholds.clone_from(&heads.thresholds);
    header.basic_out_of_fold = heads.out_of_fold;
    let model = Model::read(&write::write(&header, &start, &lexicon, &emotions, Some(&heads))?)?;
    told("turns: what members see, from the project's own turns");
    header.turn = turn::fit(&model, &turns, &heads.passages, seed);
    let model = Model::read(&write::write(&header, &start, &lexicon, &emotions, Some(&heads))?)?;
    let unseen = eval::emobank(&rated, |text, unit| Ok::<_, TrainError>(model.scored(text, unit)))?;
    header.band = turn::band(&model, &turns, [unseen.r_valence, unseen.r_arousal]);
    told("crisis: rules and head weighed together");
    let (weighing, scores) = corpus.weigh(&heads.crisis, seed);
    header.crisis = weighing;
    header.crisis_threshold = crisis::threshold(&corpus, &scores, crisis::FALSE_ALARMS);
    for per_thousand in [10, 30, 50, 100] {
        let flagged = corpus.flagged(&scores, crisis::threshold(&corpus, &scores, per_thousand));
        told(&format!("crisis: at {per_thousand} in a thousand ordinary turns, {flagged}"));
    }
    Ok(write::write(&header, &start, &lexicon, &emotions, Some(&heads))?)
}
