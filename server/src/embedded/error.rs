//! Why there is no private PostgreSQL, each in a sentence that says what to do.

use std::{io, path::PathBuf, process::ExitStatus};

use super::{DATABASE, READY_WITHIN, programs};

/// Why the private PostgreSQL is not running.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// No server programs of a version that is new enough.
    #[error(
        "PostgreSQL {} or newer is not installed here (looked in {looked_in}). On Debian: apt-get install postgresql. \
         Elsewhere set SPECTRUM_POSTGRES_BIN to the folder that has initdb and postgres, \
         or use a running server by SPECTRUM_DATABASE_URL",
        programs::OLDEST
    )]
    NotInstalled {
        /// The folders without a usable PostgreSQL, separated by commas.
        looked_in: String,
    },
    /// The cluster was made by another major version, whose programs are gone.
    #[error(
        "{} was made by PostgreSQL {major}, which is not installed any more. \
         Install postgresql-{major}, or delete the folder to start anew",
        cluster.display()
    )]
    OtherVersion {
        /// The cluster's folder.
        cluster: PathBuf,
        /// The major version that made it.
        major: u32,
    },
    /// Root has nobody to run the server as.
    #[error(
        "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody: add one of them, or start as another user"
    )]
    NoAccount,
    /// A living Spectrum holds the folder.
    #[error("another Spectrum is running on {}: stop it first, or use another data folder", data_dir.display())]
    InUse {
        /// The folder that is held.
        data_dir: PathBuf,
    },
    /// An earlier run by another user, most likely root, has left the folder to itself.
    #[error("{} belongs to another user: start as that user, or delete it to start anew", path.display())]
    NotOurs {
        /// What can't be written.
        path: PathBuf,
    },
    /// A file or a folder could not be had.
    #[error("could not {doing}")]
    Io {
        /// What was tried, as it continues the sentence.
        doing: String,
        /// The operating system's answer.
        source: io::Error,
    },
    /// One of PostgreSQL's programs failed.
    #[error("{program} ended with {status}: {output}")]
    Program {
        /// Its name.
        program: &'static str,
        /// How it ended.
        status: ExitStatus,
        /// The end of what it printed.
        output: String,
    },
    /// The server ended while it was starting.
    #[error("PostgreSQL did not start ({status}); the end of {}: {tail}", log.display())]
    Exited {
        /// How it ended.
        status: String,
        /// The server's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// The server runs and does not answer.
    #[error("PostgreSQL does not answer after {} s; see {}", READY_WITHIN.as_secs(), log.display())]
    NotReady {
        /// The server's log.
        log: PathBuf,
        /// Why the last attempt failed.
        source: sqlx::Error,
    },
    /// The database could not be made.
    #[error("could not make the database {DATABASE}")]
    Database(#[from] sqlx::Error),
    /// There is nothing to run.
    #[error("say which command to run: spectrum postgres run -- COMMAND …")]
    NoCommand,
    /// The command to run on the private PostgreSQL could not be started.
    #[error("could not run {command}")]
    Command {
        /// Its first word.
        command: String,
        /// The operating system's answer.
        source: io::Error,
    },
}

/// Gives an I/O error the half sentence that says what was tried.
pub(super) fn doing(what: impl Into<String>) -> impl FnOnce(io::Error) -> EmbeddedError {
    let doing = what.into();
    move |source| EmbeddedError::Io { doing, source }
}
