//! `spectrum postgres run -- COMMAND …`: a command on a PostgreSQL that is there for it alone and gone afterwards.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{EmbeddedError, EmbeddedOptions, EmbeddedPostgres, Progress, doing};

/// A terminal tells the command itself about Ctrl-C; it gets this long to act on it.
const AFTER_INTERRUPT: Duration = Duration::from_secs(5);
/// What a command may take to end when it was asked to.
const AFTER_TERMINATE: Duration = Duration::from_secs(10);

/// How old the folder of a run must be before it can be taken for one that nobody owns any more.
const OLD_ENOUGH: Duration = Duration::from_mins(1);
const FOLDER_PREFIX: &str = "spectrum-run-";

/// Where and how the throw-away cluster is made.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The folder below which the cluster's folder is made.
    pub temp_dir: PathBuf,
    /// The folder with `initdb` and `postgres`; searched for when it is not given.
    pub bin_dir: Option<PathBuf>,
    /// Whether commits wait for the disk, as in production: for measurements.
    pub durable: bool,
    /// Settings as in `postgresql.conf`.
    pub settings: Vec<(String, String)>,
}

/// Runs `argv` with `DATABASE_URL` and `SPECTRUM_DATABASE_URL` naming a new, empty database, and gives back its exit code.
///
/// A command that a signal has ended counts as 128 and the signal's number, as in a shell. On SIGINT and SIGTERM the
/// command is ended first, then the cluster.
pub async fn run_command(options: RunOptions, argv: &[OsString], progress: Progress<'_>) -> Result<u8, EmbeddedError> {
    let (program, arguments) = argv.split_first().ok_or(EmbeddedError::NoCommand)?;
    let mut signals = Signals::listen()?;

    clear_away_killed_runs(&options.temp_dir);
    let number = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
    let cluster = EmbeddedOptions {
        data_dir: options.temp_dir.join(format!("spectrum-run-{number:016x}")),
        bin_dir: options.bin_dir,
        durable: options.durable,
        settings: options.settings,
    };
    let started = tokio::select! {
        started = EmbeddedPostgres::start(&cluster, progress) => started,
        received = signals.next() => {
            // What had begun ended with the future; its folder is what is left.
            let _ = std::fs::remove_dir_all(&cluster.data_dir);
            return Ok(received.exit_code());
        }
    };
    let postgres = match started {
        Ok(postgres) => postgres,
        Err(error) => {
            let _ = std::fs::remove_dir_all(&cluster.data_dir);
            return Err(error);
        }
    };

    let child = Command::new(program)
        .args(arguments)
        .env("DATABASE_URL", postgres.url())
        .env("SPECTRUM_DATABASE_URL", postgres.url())
        .spawn()
        .map_err(|source| EmbeddedError::Command { command: program.to_string_lossy().into_owned(), source });
    let ended = match child {
        Ok(child) => wait(child, &mut signals).await,
        Err(error) => Err(error),
    };
    // The folder that was asked for, when root's cluster had to go elsewhere.
    let removed = postgres.remove().await;
    let _ = std::fs::remove_dir_all(&cluster.data_dir);
    let ended = ended?;
    removed?;
    Ok(exit_code(ended))
}

/// Removes the folders of runs that were killed and could not do it themselves.
///
/// Nothing is touched that somebody holds, that a server still writes to, or that is so new that its owner may be about to
/// take hold of it.
fn clear_away_killed_runs(temp_dir: &Path) {
    let Ok(entries) = std::fs::read_dir(temp_dir) else {
        return;
    };
    for entry in entries.flatten() {
        let folder = entry.path();
        if !entry.file_name().to_string_lossy().starts_with(FOLDER_PREFIX)
            || folder.join("cluster/postmaster.pid").exists()
        {
            continue;
        }
        let Ok(lock) = File::open(folder.join("lock")) else {
            continue;
        };
        let is_old = lock
            .metadata()
            .and_then(|found| found.modified())
            .is_ok_and(|made| made.elapsed().is_ok_and(|age| age > OLD_ENOUGH));
        if is_old && lock.try_lock().is_ok() {
            let _ = std::fs::remove_dir_all(&folder);
        }
    }
}

async fn wait(mut child: Child, signals: &mut Signals) -> Result<ExitStatus, EmbeddedError> {
    let received = tokio::select! {
        ended = child.wait() => return ended.map_err(doing("wait for the command")),
        received = signals.next() => received,
    };
    if received == Received::Interrupt
        && let Ok(ended) = tokio::time::timeout(AFTER_INTERRUPT, child.wait()).await
    {
        return ended.map_err(doing("wait for the command"));
    }
    if let Some(pid) = child.id() {
        // The standard library can only kill; every shell has `kill` built in.
        let _ = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &pid.to_string()]).status().await;
    }
    if let Ok(ended) = tokio::time::timeout(AFTER_TERMINATE, child.wait()).await {
        return ended.map_err(doing("wait for the command"));
    }
    child.kill().await.map_err(doing("end the command"))?;
    child.wait().await.map_err(doing("wait for the command"))
}

fn exit_code(ended: ExitStatus) -> u8 {
    let code = ended.code().or_else(|| ended.signal().map(|number| 128 + number)).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Received {
    Interrupt,
    Terminate,
}

impl Received {
    fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> Result<Self, EmbeddedError> {
        let listen = |kind| signal(kind).map_err(doing("listen for signals"));
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Received {
        tokio::select! {
            _ = self.interrupt.recv() => Received::Interrupt,
            _ = self.terminate.recv() => Received::Terminate,
        }
    }
}
