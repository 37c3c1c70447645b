//! What an archive of a member holds: one file a table that names them, made from the list of all columns, so that a new
//! table is in it without anybody's doing. `docs/export.md` describes it for its readers.

mod csv;
mod readme;
mod schema;

pub(crate) use csv::Csv;
pub(crate) use readme::readme;
pub(crate) use schema::{ColumnKind, schema};

use crate::db::{
    classes::{self, Table},
    pool::Duty,
};

/// Name of the archive's form.
pub const FORMAT: &str = "spectrum-export";

/// Version of the form: raised by whatever an older import would misread.
pub const FORMAT_VERSION: u64 = 1;

/// The file that says which form this is.
pub const ABOUT: &str = "archive.json";

/// The file of the member's words, which alone is not gathered but opened while it is handed out.
pub const TEXT: &str = "turn_text.jsonl";

/// Tables that name a member and are not copied into the archive, each with the reason as the member reads it.
pub const LEFT_OUT: [(&str, &str); 6] = [
    ("member_lookup", "leads from the app's name for you to you; both names stand in member.jsonl"),
    ("member_key", "the key your words are sealed under: a secret, and of no use outside this server"),
    ("device_address", "which of your devices an address belongs to; device.jsonl has your devices"),
    ("turn_text", "your words as they are kept, sealed; turn_text.jsonl has them opened"),
    ("erasure", "an erasure that is under way: meanwhile there is no archive to be had"),
    ("export_part", "this archive itself while it waits for you"),
];

/// Columns that are not copied, with the reason: whoever finds an archive must not be able to come in by it.
pub const LEFT_OUT_COLUMNS: [(&str, &str, &str); 8] = [
    ("one_time_link", "code_hash", "the fingerprint of a secret that signs somebody in"),
    ("web_session", "token_hash", "the fingerprint of a secret that signs somebody in"),
    ("idempotency_key", "key_hash", "a fingerprint under a key of the server's, of no use elsewhere"),
    ("idempotency_key", "request", "a fingerprint under a key of the server's, of no use elsewhere"),
    ("session", "trace", "where this server's own work on it was followed, of no use elsewhere"),
    ("device", "address", "where your device is reached, sealed: a secret between it and its maker's service"),
    ("device", "address_hash", "a fingerprint under a key of the server's, of no use elsewhere"),
    ("audit", "member_hash", "the name under which the record has you, a fingerprint under a key of the server's"),
];

/// What each file holds, as the member reads it.
const WORDS: [(&str, &str); 33] = [
    ("one_time_link", "links that sign you in: where they lead, and until when they are good"),
    ("web_session", "browsers in which you are signed in"),
    ("member", "what is known of you: the app's name for you, zone, week, plan, and what you agreed to"),
    ("session", "your sessions: when, where, how long, and whether you left them out"),
    ("turn", "the turns of your sessions: who wrote, when, how many words, in which language"),
    ("event_receipt", "which messages of the app about you came in during the last 30 days, so that none counts twice"),
    ("session_vector", "what was measured of each session, every reading of it"),
    ("turn_impact", "what was measured of each turn, for 90 days"),
    ("exclusion", "what you left out, and since when"),
    ("correction", "labels that you overruled, and what had been measured instead"),
    ("export", "when you asked for this archive"),
    ("day_rollup", "sums over each of your days"),
    ("week_rollup", "sums over each of your weeks"),
    ("month_rollup", "sums over each of your months"),
    ("edition", "of which weeks and months you were told, and the months' texts"),
    ("card", "the cards you were shown, with their numbers and receipts"),
    ("feedback", "what you said of cards"),
    ("edition_due", "whether cards wait to be made again because their numbers changed"),
    ("member_spend", "what a model that words your cards has cost, by month, in millionths of a dollar"),
    ("rephrasing", "editions that wait for a model's words"),
    ("product_event", "how you used Spectrum, where you agreed to its being counted; the numbers are explained below"),
    (
        "exposure",
        "when you came into what is tried by lot, on which side, and in which weeks after it you held a session",
    ),
    ("upgrade", "that you took the paid plan, and whether it was paid back, as the app told us"),
    ("device", "your devices that may be told when a week is ready"),
    ("push_preference", "whether and when you want to be told so"),
    ("push_outbox", "of which weeks your devices were told so, or why not; none says more than that a week is ready"),
    ("push_attempt", "each time that was tried, and what your device's maker answered"),
    ("idempotency_key", "answers to requests of yours in the last day, so that one sent twice does nothing twice"),
    ("audit", "who looked at your data or did something to it, and when; the numbers are explained below"),
    ("job", "work that is waiting to be done on your data"),
    ("job_key", "which work on your data there has been in the last 60 days"),
    ("job_dead", "work on your data that failed"),
    ("turn_text", "the words themselves, yours and the assistant's, as far as they are still kept"),
];

/// Tables that are read with the web's rights: jobs have none to them.
const OF_THE_WEB: [&str; 4] = ["one_time_link", "web_session", "idempotency_key", "audit"];

/// The record of deeds, which names members by a keyed hash.
const AUDIT: &str = "audit";

/// Tables that come as CSV too.
const AS_CSV: [&str; 3] = ["day_rollup", "week_rollup", "month_rollup"];

/// One table in the archive.
#[derive(Clone, Debug)]
pub struct Content {
    /// The table.
    pub table: &'static str,
    /// Its columns that are copied, in order.
    pub columns: Vec<&'static str>,
    /// Those of them that name a row, in order.
    pub(crate) order: Vec<&'static str>,
    /// With whose rights it is read.
    pub(crate) duty: Duty,
    /// By what its rows are the member's.
    pub(crate) named_by: NamedBy,
}

/// By what a row is a member's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedBy {
    /// Their id.
    Id,
    /// The keyed hash of it.
    Hash,
}

impl Content {
    fn of(table: &'static Table) -> Self {
        let left_out = |column: &str| LEFT_OUT_COLUMNS.iter().any(|(t, c, _)| *t == table.name && *c == column);
        let copied = || table.columns.iter().filter(move |column| !left_out(&column.name));
        Self {
            table: &table.name,
            columns: copied().map(|column| column.name.as_str()).collect(),
            order: if table.name == AUDIT {
                vec!["at", "verb"]
            } else {
                copied().filter(|column| column.class == "id").map(|column| column.name.as_str()).collect()
            },
            named_by: if table.name == AUDIT { NamedBy::Hash } else { NamedBy::Id },
            duty: if OF_THE_WEB.contains(&table.name.as_str()) { Duty::Web } else { Duty::Worker },
        }
    }

    /// The file of its rows, a JSON object a line.
    pub fn file(&self) -> String {
        format!("{}.jsonl", self.table)
    }

    /// The file of its rows as a table, where there is one.
    pub fn csv_file(&self) -> Option<String> {
        AS_CSV.contains(&self.table).then(|| format!("{}.csv", self.table))
    }

    /// What it holds, as the member reads it.
    pub fn words(&self) -> &'static str {
        words(self.table)
    }
}

fn words(table: &str) -> &'static str {
    WORDS.iter().find(|(name, _)| *name == table).map_or("", |(_, words)| words)
}

/// The tables in the archive, in order.
pub fn contents() -> impl Iterator<Item = Content> {
    let about = |table: &Table| table.names_a_member() || table.name == AUDIT;
    let copied = move |table: &&Table| about(table) && !LEFT_OUT.iter().any(|(name, _)| *name == table.name);
    classes::tables().iter().filter(copied).map(Content::of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_explained_and_what_is_left_out_is_there_to_leave_out() {
        for content in contents() {
            assert!(!content.words().is_empty(), "archive.rs says nothing of {}", content.table);
        }
        let table = |name: &str| classes::tables().iter().find(|table| table.name == name);
        for (name, reason) in LEFT_OUT {
            assert!(table(name).is_some_and(Table::names_a_member) && !reason.is_empty(), "{name}");
        }
        for (name, column, _) in LEFT_OUT_COLUMNS {
            assert!(table(name).is_some_and(|table| table.columns.iter().any(|c| c.name == column)), "{name}.{column}");
        }
    }

    #[test]
    fn keys_sealed_bytes_and_hashes_of_secrets_are_not_copied() {
        for content in contents() {
            let table = classes::tables().iter().find(|table| table.name == content.table).expect("its table");
            for column in &table.columns {
                let copied = content.columns.contains(&column.name.as_str());
                let secret = ["key", "sealed"].contains(&column.class.as_str()) || column.name.ends_with("token_hash");
                assert!(!(copied && secret), "{}.{}", table.name, column.name);
            }
        }
    }
}
