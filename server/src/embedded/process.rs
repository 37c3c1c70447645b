//! The server as a process: how it is made, started, asked, and ended.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::oneshot;

use super::place::{Place, SocketDir};
use super::programs::{self, Programs};
use super::{ADMIN, DATABASE, EmbeddedError, EmbeddedOptions, PORT, Progress, READY_WITHIN, STOP_WITHIN, doing};

/// The server process and what it needs; dropping it ends the process.
#[derive(Debug)]
pub(super) struct Running {
    programs: Programs,
    pub(super) place: Place,
    pub(super) socket: SocketDir,
    exit: oneshot::Receiver<io::Result<ExitStatus>>,
    stopped: bool,
}

impl Running {
    pub(super) fn spawn(
        programs: Programs,
        place: Place,
        socket: SocketDir,
        options: &EmbeddedOptions,
    ) -> Result<Self, EmbeddedError> {
        let exit = keep_server(&programs, &place, &socket, options)?;
        Ok(Self { programs, place, socket, exit, stopped: false })
    }

    pub(super) fn spawn_again(&mut self, options: &EmbeddedOptions) -> Result<(), EmbeddedError> {
        self.exit = keep_server(&self.programs, &self.place, &self.socket, options)?;
        self.stopped = false;
        Ok(())
    }

    /// Waits for the first answer, makes the database if it is missing and gives the server's version.
    pub(super) async fn make_ready(&mut self, progress: Progress<'_>) -> Result<String, EmbeddedError> {
        let connect = PgConnectOptions::new_without_pgpass()
            .socket(&self.socket.path)
            .port(PORT)
            .username(ADMIN)
            .database("postgres")
            .ssl_mode(PgSslMode::Disable)
            .disable_statement_logging();
        let begin = Instant::now();
        let mut next_word = Duration::from_secs(5);
        let mut connection = loop {
            if let Ok(ended) = self.exit.try_recv() {
                self.stopped = true;
                return Err(EmbeddedError::Exited {
                    status: ended.map_or_else(|error| error.to_string(), |s| s.to_string()),
                    log: self.place.log.clone(),
                    tail: programs::last_lines(&std::fs::read(&self.place.log).unwrap_or_default()),
                });
            }
            match PgConnection::connect_with(&connect).await {
                Ok(connection) => break connection,
                Err(source) if begin.elapsed() > READY_WITHIN => {
                    return Err(EmbeddedError::NotReady { log: self.place.log.clone(), source });
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(25)).await,
            }
            if begin.elapsed() > next_word {
                progress(&format!("PostgreSQL is recovering, {} s", next_word.as_secs()));
                next_word += Duration::from_secs(5);
            }
        };
        let exists: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind(DATABASE)
            .fetch_optional(&mut connection)
            .await?;
        if exists.is_none() {
            sqlx::query("CREATE DATABASE spectrum").execute(&mut connection).await?;
        }
        let version: String =
            sqlx::query_scalar("SELECT current_setting('server_version')").fetch_one(&mut connection).await?;
        connection.close().await?;
        // Debian adds its package's version in brackets.
        Ok(version.split(' ').next().unwrap_or_default().to_owned())
    }

    pub(super) async fn stop(&mut self) -> Result<(), EmbeddedError> {
        if self.stopped {
            return Ok(());
        }
        self.stopped = true;
        if self.exit.try_recv().is_ok() {
            tracing::warn!("the private PostgreSQL had already ended");
            return Ok(());
        }
        stop_cluster(&self.programs, &self.place).await?;
        // The files say that it is stopped; the process itself ends a moment later.
        let _ = tokio::time::timeout(STOP_WITHIN, &mut self.exit).await;
        tracing::info!("private PostgreSQL is stopped");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.stopped || self.exit.try_recv().is_ok() {
            return;
        }
        let ended = self
            .programs
            .blocking("pg_ctl", self.place.account.as_ref())
            .args(["stop", "-s", "-m", "immediate", "-t", "5", "-D"])
            .arg(&self.place.cluster)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !ended.is_ok_and(|status| status.success()) {
            tracing::warn!(cluster = %self.place.cluster.display(), "the private PostgreSQL may still be running");
        }
    }
}

/// Makes the cluster.
pub(super) async fn initialise(programs: &Programs, place: &Place, durable: bool) -> Result<(), EmbeddedError> {
    // Made beside its place and moved there when it is whole: a half-made cluster is never taken for one.
    let unfinished = place.fresh_folder("cluster.unfinished")?;
    let mut initdb = programs.command("initdb", place.account.as_ref());
    initdb
        .arg("-D")
        .arg(&unfinished)
        .args(["-U", ADMIN])
        .args(["--encoding=UTF8", "--locale=C", "--no-instructions"])
        // Nobody but the server's own user (and root) can enter the socket's folder; nothing listens elsewhere.
        .args(["--auth-local=trust", "--auth-host=reject"]);
    if !durable {
        initdb.arg("--no-sync");
    }
    programs::finish("initdb", initdb).await?;
    std::fs::rename(&unfinished, &place.cluster)
        .map_err(doing(format!("move the new cluster to {}", place.cluster.display())))
}

/// Ends the server that a killed Spectrum has left behind, and clears away what it cannot clear itself any more.
pub(super) async fn stop_left_over(
    programs: &Programs,
    place: &Place,
    progress: Progress<'_>,
) -> Result<(), EmbeddedError> {
    let Some(left_over) = place.left_over() else {
        return Ok(());
    };
    if left_over.alive {
        progress("Stopping the PostgreSQL that an earlier run has left behind");
        stop_cluster(programs, place).await?;
    } else if left_over.pid_is_taken {
        // In a container the same small numbers come again: PostgreSQL would take the stranger for a running server.
        std::fs::remove_file(place.cluster.join("postmaster.pid"))
            .map_err(doing("remove the postmaster.pid of an earlier run"))?;
    }
    if let Some(folder) = left_over.socket_dir {
        let _ = std::fs::remove_dir_all(folder);
    }
    Ok(())
}

/// A fast shutdown, and when that takes too long an immediate one.
async fn stop_cluster(programs: &Programs, place: &Place) -> Result<(), EmbeddedError> {
    let patience = STOP_WITHIN.as_secs().to_string();
    let stop = |mode: &str| {
        let mut pg_ctl = programs.command("pg_ctl", place.account.as_ref());
        pg_ctl.args(["stop", "-s", "-m", mode, "-t", &patience, "-D"]).arg(&place.cluster);
        programs::finish("pg_ctl", pg_ctl)
    };
    match stop("fast").await {
        Err(error) if place.left_over().is_some_and(|server| server.alive) => {
            tracing::warn!(%error, "a fast shutdown was not enough");
            stop("immediate").await
        }
        _ => Ok(()),
    }
}

/// Starts the server and leaves a thread with it that lives exactly as long.
///
/// The thread is what ties the server's life to ours: the kernel sends the signal that `setpriv --pdeathsig` asks for when
/// the *thread* that started the child ends, and a runtime's own threads come and go.
fn keep_server(
    programs: &Programs,
    place: &Place,
    socket: &SocketDir,
    options: &EmbeddedOptions,
) -> Result<oneshot::Receiver<io::Result<ExitStatus>>, EmbeddedError> {
    let mut server = programs.guarded("postgres", place.account.as_ref());
    server.arg("-D").arg(&place.cluster);
    for (name, value) in settings(&socket.path, options) {
        server.arg("-c").arg(format!("{name}={value}"));
    }
    let log = fresh_log(&place.log)?;
    server
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(doing("share the server's log"))?)
        .stderr(log)
        // Ctrl-C in a terminal reaches the whole foreground group: the database must outlive those who still write to it.
        .process_group(0);

    let (ended, exit) = oneshot::channel();
    let (begun, beginning) = std::sync::mpsc::channel();
    std::thread::Builder::new()
        .name("postgres-keeper".to_owned())
        .spawn(move || match server.spawn() {
            Ok(mut child) => {
                let _ = begun.send(Ok(()));
                let _ = ended.send(child.wait());
            }
            Err(error) => {
                let _ = begun.send(Err(error));
            }
        })
        .map_err(doing("start a thread for PostgreSQL"))?;
    beginning
        .recv()
        .unwrap_or_else(|_| Err(io::Error::other("its thread ended")))
        .map_err(doing(format!("start {}", programs.bin_dir.display())))?;
    Ok(exit)
}

/// The settings of a machine that does other things too, then the caller's.
fn settings(socket: &Path, options: &EmbeddedOptions) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = [
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("max_connections", "200"),
        ("shared_buffers", "128MB"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("logging_collector", "off"),
        ("log_destination", "stderr"),
        // PRIVACY: texts travel as parameters and stand in error messages and their details: none of these is logged.
        ("log_statement", "none"),
        ("log_min_duration_statement", "-1"),
        ("log_min_error_statement", "panic"),
        ("log_min_messages", "log"),
        ("log_error_verbosity", "terse"),
        ("log_parameter_max_length", "0"),
        ("log_parameter_max_length_on_error", "0"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    all.push(("port".to_owned(), PORT.to_string()));
    all.push(("unix_socket_directories".to_owned(), socket.display().to_string()));
    if !options.durable {
        for (name, value) in [
            ("fsync", "off"),
            ("synchronous_commit", "off"),
            ("full_page_writes", "off"),
            ("checkpoint_timeout", "1h"),
            ("max_wal_size", "4GB"),
        ] {
            all.push((name.to_owned(), value.to_owned()));
        }
    }
    all.extend(options.settings.iter().cloned());
    all
}

/// An empty log file; the last run's is kept beside it.
fn fresh_log(path: &Path) -> Result<File, EmbeddedError> {
    let _ = std::fs::rename(path, path.with_extension("log.1"));
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map_err(doing(format!("write {}", path.display())))
}
