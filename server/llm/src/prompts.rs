//! Prompts as files: numbered, never changed once released, known by the hash of their bytes.
//!
//! `prompts/<name>/<n>.md` opens with parameters in TOML between two lines of `+++`; what follows is the system prompt.
//! `prompts/released.toml` lists every revision with its SHA-256 and why it came. Which one is used is a label elsewhere.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hex::hex;

/// Every revision, as it was built in.
const FILES: [(&str, u32, &str); 3] = [
    ("weekly", 1, include_str!("../prompts/weekly/1.md")),
    ("monthly", 1, include_str!("../prompts/monthly/1.md")),
    ("safety", 1, include_str!("../prompts/safety/1.md")),
];

/// The list of what was released.
const RELEASED: &str = include_str!("../prompts/released.toml");

/// What an answer to a prompt looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A card for each statement.
    Week,
    /// Sections and a question.
    Month,
    /// Safe or not.
    Safety,
}

/// In which language the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LanguageRule {
    /// In that which the input names.
    OfInput,
    /// It holds no words of a language.
    None,
}

/// A prompt's parameters: they are part of the revision.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// What the answer looks like.
    pub form: Form,
    /// Most tokens that it may have.
    pub max_output_tokens: u32,
    /// 0 to 1.
    pub temperature: f64,
    /// In which language it is.
    pub language: LanguageRule,
}

/// A revision of a prompt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Revision {
    /// Its name, such as `weekly`.
    pub name: &'static str,
    /// Its number, from 1.
    pub number: u32,
    /// Its parameters.
    pub parameters: Parameters,
    /// The system prompt.
    pub system: &'static str,
    /// SHA-256 over the file's bytes.
    pub hash: [u8; 32],
}

/// A line of the list of released revisions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The prompt.
    pub name: String,
    /// Its revision.
    pub number: u32,
    /// SHA-256 over the file's bytes, 64 hex digits.
    pub sha256: String,
    /// When, as `YYYY-MM-DD`.
    pub released: String,
    /// Why it came.
    pub why: String,
    /// Who wrote it.
    pub who: String,
    /// On what grounds it may be used.
    pub evidence: String,
}

/// A prompt could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// There is no such revision.
    #[error("there is no prompt {name}@{number}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The number asked for.
        number: u32,
    },
    /// A file's parameters or the list can't be read.
    #[error("{0} can't be read as a prompt")]
    Malformed(String),
}

impl Revision {
    fn of(name: &'static str, number: u32, file: &'static str) -> Result<Self, PromptError> {
        let malformed = || PromptError::Malformed(format!("{name}/{number}.md"));
        let (parameters, system) =
            file.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n")).ok_or_else(malformed)?;
        let parameters = toml::from_str(parameters).map_err(|_| malformed())?;
        Ok(Self { name, number, parameters, system: system.trim(), hash: Sha256::digest(file).into() })
    }

    /// What a receipt names it by: `weekly@1#0123456789abcdef`.
    pub fn name_hash(&self) -> String {
        format!("{}@{}#{}", self.name, self.number, hex(self.hash.get(..8).unwrap_or_default()))
    }

    /// The whole hash in 64 hex digits.
    pub fn sha256(&self) -> String {
        hex(&self.hash)
    }
}

/// Every revision of every prompt.
pub fn revisions() -> Result<Vec<Revision>, PromptError> {
    FILES.iter().map(|(name, number, file)| Revision::of(name, *number, file)).collect()
}

/// One revision.
pub fn load(name: &str, number: u32) -> Result<Revision, PromptError> {
    let file = FILES.iter().find(|(of, nth, _)| *of == name && *nth == number);
    let (name, number, file) = file.ok_or_else(|| PromptError::Unknown { name: name.to_owned(), number })?;
    Revision::of(name, *number, file)
}

/// What was released, oldest first: the changelog.
pub fn releases() -> Result<Vec<Release>, PromptError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct List {
        release: Vec<Release>,
    }
    let list: List = toml::from_str(RELEASED).map_err(|_| PromptError::Malformed("released.toml".to_owned()))?;
    Ok(list.release)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// Names and numbers of the files that are there.
    fn on_disk() -> BTreeSet<(String, u32)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("prompts");
        let folders = fs::read_dir(root).expect("prompts").map(|entry| entry.expect("an entry").path());
        let mut found = BTreeSet::new();
        for folder in folders.filter(|path| path.is_dir()) {
            for file in fs::read_dir(&folder).expect("a folder") {
                let file = file.expect("a file").path();
                let name = folder.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
                let number = file.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
                found.insert((name, number.expect("a number")));
            }
        }
        found
    }

    #[test]
    fn every_file_is_built_in_and_listed_and_none_has_changed_since() {
        let built_in: BTreeSet<_> = FILES.iter().map(|(name, number, _)| ((*name).to_owned(), *number)).collect();
        assert_eq!(on_disk(), built_in);
        let releases = releases().expect("the list");
        let listed: BTreeSet<_> = releases.iter().map(|release| (release.name.clone(), release.number)).collect();
        assert_eq!(listed, built_in);
        for release in releases {
            let revision = load(&release.name, release.number).expect("a revision");
            assert_eq!(
                revision.sha256(),
                release.sha256,
                "{} has changed: a change is a new number",
                revision.name_hash()
            );
            assert!(![&release.why, &release.who, &release.evidence].into_iter().any(String::is_empty));
        }
    }

    #[test]
    fn a_revision_is_known_by_its_bytes() {
        let weekly = load("weekly", 1).expect("a revision");
        let name_hash = weekly.name_hash();
        assert!(name_hash.starts_with("weekly@1#") && name_hash.len() == "weekly@1#".len() + 16);
        assert_eq!(weekly.sha256().get(..16), name_hash.get(9..));
        assert_eq!(weekly.parameters.form, Form::Week);
        assert!(load("weekly", 99).is_err() && load("../weekly", 1).is_err());
        assert_eq!(revisions().map(|all| all.len()), Ok(FILES.len()));
    }

    #[test]
    fn parameters_that_nobody_knows_are_refused() {
        let known =
            "+++\nform = \"week\"\nmax_output_tokens = 9\ntemperature = 0.2\nlanguage = \"of_input\"\n+++\nWrite.";
        assert_eq!(Revision::of("weekly", 1, known).map(|revision| revision.system), Ok("Write."));
        assert!(Revision::of("weekly", 1, "+++\nform = \"week\"\nwit = 1\n+++\nWrite.").is_err());
        assert!(Revision::of("weekly", 1, "Write.").is_err());
    }
}
