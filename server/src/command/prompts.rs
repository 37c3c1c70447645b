//! `spectrum prompts`: the revisions there are, which is in use, and moving that only after review (docs/review.md).

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use similar::TextDiff;
use spectrum_core::insight::{
    label_prompt::{self, Refused},
    open_review,
    rephrase::prompt_name,
};
use spectrum_domain::{
    card::{Grain, Language},
    id::BatchId,
    review::{DECIDED_FROM, Label, ReviewRecord, RevisionRef},
};
use spectrum_llm::prompts::{self, Release, Revision};
use sqlx::PgConnection;

use super::Failure;
use crate::{compose, config::Config, drafts::Against};

#[derive(Debug, Subcommand)]
pub(super) enum Prompts {
    /// Every revision with its labels, and every batch of its review.
    List,
    /// What differs between two revisions.
    Diff {
        /// The older one, such as `weekly@1`.
        old: Named,
        /// The newer one.
        new: Named,
    },
    /// Has a revision write about made-up members, for reviewers to judge blind at `/staff/review`.
    Review {
        /// Which, such as `weekly@2`.
        revision: Named,
        #[command(flatten)]
        in_language: InLanguage,
        /// So many pairs.
        #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..=500))]
        pairs: u16,
        /// Holds it against the revision in use, not against the templates.
        #[arg(long)]
        against_production: bool,
        /// Who does it.
        #[arg(long)]
        by: String,
    },
    /// Closes a batch: nothing more is judged, and what it came to is public.
    Close {
        /// Its id, as `prompts list` has it.
        batch: BatchId,
    },
    /// Puts a revision into use, if its review allows it.
    Promote {
        /// Which, such as `weekly@2`.
        revision: Named,
        #[command(flatten)]
        in_language: InLanguage,
        /// Who does it.
        #[arg(long)]
        by: String,
    },
    /// Puts into use again what was before; where nothing was, templates write.
    Rollback {
        /// The prompt, such as `weekly`.
        name: String,
        #[command(flatten)]
        in_language: InLanguage,
        /// Who does it.
        #[arg(long)]
        by: String,
    },
}

#[derive(Clone, Copy, Debug, Args)]
pub(super) struct InLanguage {
    /// In which language: en or de.
    #[arg(long, default_value = "en", value_parser = language)]
    language: Language,
}

fn language(text: &str) -> Result<Language, String> {
    Language::ALL.into_iter().find(|language| language.tag() == text).ok_or_else(|| "must be en or de".to_owned())
}

/// A revision of this program's, by `name@number`.
#[derive(Clone, Debug)]
pub(super) struct Named(Revision);

impl std::str::FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, number) = text.split_once('@').ok_or("must be such as weekly@1")?;
        let number = number.parse().map_err(|_| "must be such as weekly@1")?;
        prompts::load(name, number).map(Self).map_err(|error| error.to_string())
    }
}

impl Named {
    fn reference(&self) -> RevisionRef {
        let Revision { name, number, hash, .. } = self.0;
        RevisionRef { name: name.to_owned(), number: i32::try_from(number).unwrap_or(i32::MAX), sha256: hash }
    }

    /// The length of period that its texts are about.
    fn grain(&self) -> Result<Grain, Failure> {
        match self.0.parameters.form {
            prompts::Form::Week => Ok(Grain::Week),
            prompts::Form::Month => Ok(Grain::Month),
            prompts::Form::Safety => Err("it writes nothing that anybody could judge".into()),
        }
    }
}

pub(super) async fn run(config: &Config, command: Prompts) -> Result<(), Failure> {
    if let Prompts::Diff { old, new } = &command {
        return diff(&old.0, &new.0);
    }
    let (mut connection, ambient) = (compose::operator_connection(config).await?, compose::ambient());
    let now = ambient.now();
    match command {
        Prompts::Diff { .. } => Ok(()),
        Prompts::List => list(&mut connection).await,
        Prompts::Review { revision, in_language: InLanguage { language }, pairs, against_production, by } => {
            let grain = revision.grain()?;
            let rephraser = compose::rephraser(config)?.ok_or("llm.provider is not set: nobody can write")?;
            let reference = revision.reference();
            let in_use = label_prompt::find(&mut connection, &reference.name, language, Label::Production).await?;
            let against = match (against_production, in_use) {
                (false, _) => Against::Templates,
                (true, Some(in_use)) => Against::InUse(in_use),
                (true, None) => return Err("nothing is in use that it could be held against".into()),
            };
            let drafts = rephraser.draft(&reference, grain, language, &against, usize::from(pairs), &ambient).await?;
            let cost: u64 = drafts.calls.iter().map(|call| call.micro_dollars).sum();
            for (reason, n) in &drafts.refused {
                eprintln!("refused {n} times: {reason}");
            }
            if drafts.pairs.is_empty() {
                return Err("the guard refused every text, so there is nothing to judge".into());
            }
            let batch = open_review::open(&mut connection, &ambient, &drafts, &by).await?;
            eprintln!(
                "{} pairs in {} calls for ${:.4}; reviewers find them at {}/staff/review.",
                drafts.pairs.len(),
                drafts.calls.len(),
                dollars(cost),
                config.http.public_url
            );
            println!("{batch}");
            Ok(())
        }
        Prompts::Close { batch } => {
            let record = open_review::close(&mut connection, batch, now).await?;
            print_record(&record.ok_or("there is no open batch of this id")?);
            Ok(())
        }
        Prompts::Promote { revision, in_language: InLanguage { language }, by } => {
            revision.grain()?;
            match label_prompt::promote(&mut connection, &revision.reference(), language, &by, now).await {
                Ok(record) => {
                    print_record(&record);
                    eprintln!("{} is in use in {}.", revision.0.name_hash(), language.tag());
                    Ok(())
                }
                Err(Refused::ByReview(obstacles)) => {
                    for obstacle in &obstacles {
                        eprintln!("- {obstacle}");
                    }
                    Err("its review does not allow it; nothing was changed".into())
                }
                Err(error) => Err(error.into()),
            }
        }
        Prompts::Rollback { name, in_language: InLanguage { language }, by } => {
            let before = label_prompt::roll_back(&mut connection, &name, language, &by, now).await?;
            match before {
                Some(before) => eprintln!("{before} is in use in {} again.", language.tag()),
                None => eprintln!("No revision is in use in {}: templates write.", language.tag()),
            }
            Ok(())
        }
    }
}

/// Millionths as dollars, for people.
fn dollars(micro: u64) -> f64 {
    f64::from(u32::try_from(micro).unwrap_or(u32::MAX)) / 1e6
}

fn diff(old: &Revision, new: &Revision) -> Result<(), Failure> {
    let text = |revision: &Revision| format!("{:#?}\n\n{}\n", revision.parameters, revision.system);
    let (old_text, new_text) = (text(old), text(new));
    let changes = TextDiff::from_lines(&old_text, &new_text);
    print!("{}", changes.unified_diff().context_radius(3).header(&old.name_hash(), &new.name_hash()));
    for Release { name, number, released, why, who, evidence, .. } in prompts::releases()? {
        if name == new.name && number == new.number {
            println!("\n{released}, {who}: {why}\n{evidence}");
        }
    }
    Ok(())
}

async fn list(connection: &mut PgConnection) -> Result<(), Failure> {
    let (changes, batches) = (label_prompt::list(connection).await?, open_review::list(connection).await?);
    let mut labels: Vec<(String, RevisionRef)> = Vec::new();
    for name in Grain::ALL.map(prompt_name) {
        for language in Language::ALL {
            for label in [Label::Production, Label::Candidate] {
                let found = label_prompt::find(connection, name, language, label).await?;
                labels.extend(found.map(|of| (format!("{} in {}", label.name(), language.tag()), of)));
            }
        }
    }
    for revision in prompts::revisions()? {
        let reference = Named(revision).reference();
        let own: Vec<&str> =
            labels.iter().filter(|(_, of)| *of == reference).map(|(label, _)| label.as_str()).collect();
        println!("{}  {}", revision.name_hash(), if own.is_empty() { "-".to_owned() } else { own.join(", ") });
        for batch in batches.iter().filter(|batch| batch.name == reference.name && batch.number == reference.number) {
            let state = batch.closed_at.map_or_else(|| "open".to_owned(), |at| format!("closed {}", day(at)));
            println!("  {} in {}, {state}, held against {}", batch.batch_id, batch.language, batch.baseline);
            if let Some(record) = &batch.record {
                print_record(record);
            }
        }
    }
    for change in changes {
        let to = change.number.map_or_else(|| "taken away".to_owned(), |number| format!("{}@{number}", change.name));
        let (at, label, language) = (day(change.changed_at), change.label, change.language);
        println!("{at}  {} {label} in {language}: {to}, by {}", change.name, change.changed_by);
    }
    Ok(())
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

fn print_record(record: &ReviewRecord) {
    let pairwise = &record.pairwise;
    let rate = pairwise
        .rate
        .map_or_else(String::new, |rate| format!(" ({:.0} % to {:.0} %)", 100.0 * rate.low, 100.0 * rate.high));
    println!(
        "  {} pairs by {} reviewers: {} decided (it takes {DECIDED_FROM}), won {}{rate}, equal {}, unsteady {}",
        pairwise.pairs, pairwise.reviewers, pairwise.decided, pairwise.won, pairwise.equal, pairwise.unsteady
    );
    if let Some(agreement) = pairwise.agreement {
        println!("  agreement between reviewers: alpha {agreement:.2}");
    }
    for (whose, rubric) in [("its texts", &record.rubric), ("the others", &record.baseline)] {
        if let Some(rubric) = rubric {
            let (texts, mean, failed) = (rubric.texts, rubric.mean, rubric.failed);
            println!("  rubric, {whose}: {texts} texts, mean {mean:.2}, {failed} failed a criterion of safety");
        }
    }
}
