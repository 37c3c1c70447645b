//! What can go wrong between this command and a running Spectrum, in sentences: what happened, what is kept, what to do.
//!
//! PRIVACY: none of them holds a text of the diary, nor a parser's message that could quote one.

use std::path::PathBuf;

/// A replay or a filling that could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The diary can't be read.
    #[error("the diary {path} could not be read; nothing was sent")]
    ReadDiary {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line of the diary is not an entry.
    #[error(
        "line {line} of the diary is no entry ({problem}, column {column}); nothing was sent. A line is one JSON object: \
         {{\"author\": …, \"date\": \"YYYY-MM-DD\", \"turns\": [text, …]}}"
    )]
    BadLine {
        /// Counted from 1.
        line: usize,
        /// Counted from 1; 0 where it is not known.
        column: usize,
        /// In a few words, without any of the text.
        problem: &'static str,
    },
    /// The diary holds no entry.
    #[error("the diary has no entry; nothing was sent")]
    EmptyDiary,
    /// A date can't be moved or written as an instant.
    #[error("the entry of {date} lies outside the calendar after moving it; nothing was sent")]
    OutsideCalendar {
        /// The date in the file.
        date: chrono::NaiveDate,
    },
    /// No address or key, and no demo to take them from.
    #[error(
        "no running Spectrum is known: {path} is not there. Start the demo first (make demo), or give --url and --key"
    )]
    NoAccess {
        /// Where the demo writes its address and key.
        path: PathBuf,
    },
    /// The demo's address and key can't be read.
    #[error("{path} does not hold an address and a key. Start the demo again, or give --url and --key")]
    BadAccess {
        /// Where the demo writes its address and key.
        path: PathBuf,
    },
    /// Not an address of a server.
    #[error("the address {url:?} is not one of a server: it begins with http:// or https://")]
    BadAddress {
        /// As it was given.
        url: String,
    },
    /// The key holds characters that no header can carry.
    #[error("the key is not one of Spectrum's host keys")]
    BadKey,
    /// The HTTP client could not be made, most often for want of the system's certificates.
    #[error(
        "the connection could not be prepared: {source}. For an https address the system's CA certificates are needed"
    )]
    Prepare {
        /// Why.
        source: reqwest::Error,
    },
    /// No answer, or none that was more than "later".
    #[error(
        "Spectrum at {url} did not take it after {tries} tries ({last}). What it had accepted is kept; run the same command \
         again later, nothing is added twice"
    )]
    Unreachable {
        /// Which server.
        url: String,
        /// How often it was tried.
        tries: u32,
        /// What the last try met.
        last: String,
    },
    /// The server said no.
    #[error("Spectrum refused {what} ({status}): {detail}. What it had accepted before is kept")]
    Refused {
        /// What was asked.
        what: &'static str,
        /// HTTP status.
        status: u16,
        /// The problem's own words.
        detail: String,
    },
    /// The answer is not what the API promises.
    #[error("the answer to {what} was not understood: is {url} a Spectrum of this version?")]
    BadAnswer {
        /// What was asked.
        what: &'static str,
        /// Which server.
        url: String,
    },
    /// Everything is accepted, but the pipeline stands still.
    #[error(
        "everything that was accepted is kept, but for {minutes} minutes no session was read: {pending} jobs and {open} open \
         sessions are left. See whether a worker runs (spectrum worker), then run the same command again"
    )]
    Stuck {
        /// How long nothing moved.
        minutes: u64,
        /// Jobs left.
        pending: u64,
        /// Sessions without an end.
        open: u64,
    },
}
