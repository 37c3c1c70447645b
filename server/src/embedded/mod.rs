//! The private PostgreSQL of one machine: made, started, watched and stopped by Spectrum itself.
//!
//! The demo, the tests and the measurements each run on a cluster of their own, which listens on a Unix socket in a folder
//! that only its user can enter. There is no password anywhere, so none can be in a log, and no port that could be taken.
//! Production uses a PostgreSQL that somebody administers; nothing here is for it.

mod error;
mod place;
mod process;
mod programs;
mod run;

use std::path::{Path, PathBuf};
use std::time::Duration;

use error::doing;
use place::{Place, SocketDir};
use process::{Running, initialise, stop_left_over};
use programs::{Account, Programs};

pub use error::EmbeddedError;
pub use run::{RunOptions, run_command};

/// The superuser that `initdb` makes; the pools take on lesser roles by the connection option `role`.
pub const ADMIN: &str = "spectrum_admin";
/// The database that is made when it is missing.
pub const DATABASE: &str = "spectrum";
/// Only a part of the socket's file name: nothing listens on the network.
const PORT: u16 = 5432;
/// A crash recovery of a large demo takes a while; a server that is silent for longer will not come.
const READY_WITHIN: Duration = Duration::from_mins(2);
/// What a fast shutdown may take before the server is told to drop everything.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// What progress is told to, one sentence a call.
pub type Progress<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Where the cluster is and how it runs.
#[derive(Debug, Clone)]
pub struct EmbeddedOptions {
    /// The folder for the cluster and its log; made when missing.
    ///
    /// Started by root from a folder that no other user can enter, the cluster goes to
    /// `/var/lib/spectrum-demo-…` instead; [`EmbeddedPostgres::data_dir`] says where it is.
    pub data_dir: PathBuf,
    /// The folder with `initdb` and `postgres`; searched for when it is not given.
    pub bin_dir: Option<PathBuf>,
    /// Whether what was committed survives a power failure. Tests do without and are several times as fast.
    pub durable: bool,
    /// Settings as in `postgresql.conf`, which win over the built-in ones.
    pub settings: Vec<(String, String)>,
}

/// A running private PostgreSQL, with the database [`DATABASE`] in it.
///
/// End it with [`stop`](Self::stop). Dropping it stops the server too, but blocks the thread meanwhile and can report
/// nothing; if Spectrum is killed, the server ends by itself where `setpriv` of util-linux is there, and is otherwise
/// taken over by the next start on the same folder.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    running: Running,
    version: String,
}

impl EmbeddedPostgres {
    /// Starts the cluster in `options.data_dir`, making it if it is new, and comes back when it answers.
    ///
    /// A server that a killed Spectrum has left behind there is stopped first. Needs a tokio runtime.
    pub async fn start(options: &EmbeddedOptions, progress: Progress<'_>) -> Result<Self, EmbeddedError> {
        let socket = SocketDir::create()?;
        let place = Place::prepare(&options.data_dir, socket.made_by_root()?, progress)?;
        let programs = Programs::find(options.bin_dir.as_deref(), place.cluster_version()?)
            .await
            .map_err(|error| error.in_cluster(&place.cluster))?;
        socket.give_to(place.account.as_ref())?;

        stop_left_over(&programs, &place, progress).await?;
        if place.cluster_version()?.is_none() {
            progress(&format!("Making a PostgreSQL {} cluster in {}", programs.major, place.cluster.display()));
            initialise(&programs, &place, options.durable).await?;
        }

        progress(&format!("Starting PostgreSQL {}", programs.major));
        let mut running = Running::spawn(programs, place, socket, options)?;
        let version = match running.make_ready(progress).await {
            // The processes of a server that was killed hold its shared memory for a moment longer than it lived.
            Err(EmbeddedError::Exited { tail, .. }) if tail.contains("shared memory block") => {
                tokio::time::sleep(Duration::from_secs(2)).await;
                running.spawn_again(options)?;
                running.make_ready(progress).await?
            }
            other => other?,
        };
        tracing::info!(version, cluster = %running.place.cluster.display(), "private PostgreSQL is ready");
        Ok(Self { running, version })
    }

    /// The address of the database [`DATABASE`] for the user [`ADMIN`], over the Unix socket.
    pub fn url(&self) -> String {
        let socket = self.running.socket.path.display().to_string();
        format!("postgres://{ADMIN}@{}:{PORT}/{DATABASE}", socket.replace('/', "%2F"))
    }

    /// The server's version, as `15.18`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Where the cluster and its log really are.
    pub fn data_dir(&self) -> &Path {
        &self.running.place.data_dir
    }

    /// The server's log file.
    pub fn log_file(&self) -> &Path {
        &self.running.place.log
    }

    /// Stops the server in order: open transactions are rolled back, what was committed is on disk.
    pub async fn stop(mut self) -> Result<(), EmbeddedError> {
        self.running.stop().await
    }

    /// Stops the server and deletes the cluster with everything in it.
    pub async fn remove(mut self) -> Result<(), EmbeddedError> {
        self.running.stop().await?;
        self.running.place.remove()
    }
}
