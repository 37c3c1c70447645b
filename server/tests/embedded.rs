//! The private PostgreSQL on a real machine: it starts, answers, stops, and comes back after everything that can kill it.
//! Run by root or by anybody else; as root the server runs as the user that the module chooses.

use std::error::Error;
use std::ffi::OsString;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use server::embedded::{EmbeddedError, EmbeddedOptions, EmbeddedPostgres, RunOptions, run_command};
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Executor as _};

type Outcome = Result<(), Box<dyn Error>>;

/// A folder of one test, in a place that the server's user can reach, which goes with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(format!("/tmp/spectrum-test-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn options(&self) -> EmbeddedOptions {
        EmbeddedOptions {
            data_dir: self.0.clone(),
            bin_dir: None,
            durable: false,
            settings: vec![("shared_buffers".to_owned(), "16MB".to_owned())],
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn quiet(_: &str) {}

async fn ask(postgres: &EmbeddedPostgres, statement: &'static str) -> Result<String, sqlx::Error> {
    let mut connection = PgConnection::connect(&postgres.url()).await?;
    let answer = sqlx::query_scalar(statement).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(answer)
}

async fn remember(postgres: &EmbeddedPostgres) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(&postgres.url()).await?;
    connection.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')").await?;
    connection.close().await
}

fn postmaster(postgres: &EmbeddedPostgres) -> Result<String, Box<dyn Error>> {
    let file = std::fs::read_to_string(postgres.data_dir().join("cluster/postmaster.pid"))?;
    Ok(file.lines().next().unwrap_or_default().to_owned())
}

fn runs(pid: &str) -> bool {
    // A process that nobody has waited for yet is still listed, without a command line.
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

fn socket_folder(url: &str) -> PathBuf {
    let host = url.split(['@', ':']).nth(2).unwrap_or_default();
    PathBuf::from(host.replace("%2F", "/"))
}

#[tokio::test]
async fn starts_answers_stops_and_keeps_what_it_was_told() -> Outcome {
    let folder = Folder::new("life");
    let postgres = EmbeddedPostgres::start(&folder.options(), &quiet).await?;
    assert!(postgres.version().starts_with(|first: char| first.is_ascii_digit()));
    assert_eq!(ask(&postgres, "SELECT current_database()").await?, "spectrum");
    assert_eq!(ask(&postgres, "SHOW listen_addresses").await?, "");
    assert_eq!(ask(&postgres, "SHOW server_encoding").await?, "UTF8");
    assert_eq!(ask(&postgres, "SHOW shared_buffers").await?, "16MB");
    remember(&postgres).await?;

    let socket = socket_folder(&postgres.url());
    assert_eq!(std::fs::metadata(&socket)?.mode() & 0o777, 0o700);
    let pid = postmaster(&postgres)?;
    postgres.stop().await?;
    assert!(!runs(&pid));
    assert!(!socket.exists());

    let again = EmbeddedPostgres::start(&folder.options(), &quiet).await?;
    assert_eq!(ask(&again, "SELECT word FROM kept").await?, "still here");
    let pid = postmaster(&again)?;
    drop(again);
    assert!(!runs(&pid), "dropping it ends the server too");
    Ok(())
}

#[tokio::test]
async fn a_folder_in_use_is_refused_and_the_running_one_is_not_disturbed() -> Outcome {
    let folder = Folder::new("in-use");
    let first = EmbeddedPostgres::start(&folder.options(), &quiet).await?;
    let second = EmbeddedPostgres::start(&folder.options(), &quiet).await;
    assert!(matches!(second, Err(EmbeddedError::InUse { .. })), "{second:?}");
    assert_eq!(ask(&first, "SELECT 'well'").await?, "well");
    first.stop().await?;
    Ok(())
}

/// Stands for a Spectrum that was killed: it runs in another process, which then gets SIGKILL.
#[tokio::test]
async fn the_server_of_a_killed_run_is_taken_over() -> Outcome {
    let folder = Folder::new("take-over");
    let postgres = EmbeddedPostgres::start(&folder.options(), &quiet).await?;
    remember(&postgres).await?;
    let (uid, gid, bin) = {
        let cluster = std::fs::metadata(folder.0.join("cluster"))?;
        let pid = postmaster(&postgres)?;
        let program = std::fs::read_link(format!("/proc/{pid}/exe"))?;
        (cluster.uid(), cluster.gid(), program.parent().map(Path::to_owned).unwrap_or_default())
    };
    postgres.stop().await?;

    // The same cluster, started so that nobody holds its lock: as a killed run leaves it where `setpriv` is missing.
    let socket = PathBuf::from(format!("/tmp/spectrum-pg-left-over-{}", std::process::id()));
    std::fs::DirBuilder::new().mode(0o700).create(&socket)?;
    let root = std::fs::metadata(&socket)?.uid() == 0;
    std::os::unix::fs::chown(&socket, root.then_some(uid), root.then_some(gid))?;
    let mut pg_ctl = Command::new(bin.join("pg_ctl"));
    if root {
        std::os::unix::process::CommandExt::gid(&mut pg_ctl, gid);
        std::os::unix::process::CommandExt::uid(&mut pg_ctl, uid);
    }
    let started = pg_ctl
        .current_dir("/")
        .args(["start", "-w", "-s", "-l", "/dev/null", "-D"])
        .arg(folder.0.join("cluster"))
        .arg("-o")
        .arg(format!("-c listen_addresses='' -c unix_socket_directories={}", socket.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    assert!(started.success());
    let old = std::fs::read_to_string(folder.0.join("cluster/postmaster.pid"))?;
    let old = old.lines().next().unwrap_or_default().to_owned();

    let heard = std::sync::Mutex::new(Vec::new());
    let postgres = EmbeddedPostgres::start(&folder.options(), &|word| {
        if let Ok(mut heard) = heard.lock() {
            heard.push(word.to_owned());
        }
    })
    .await?;
    assert!(!runs(&old));
    assert!(!socket.exists());
    assert!(heard.into_inner()?.iter().any(|word| word.contains("left behind")));
    assert_eq!(ask(&postgres, "SELECT word FROM kept").await?, "still here");
    postgres.stop().await?;
    Ok(())
}

#[tokio::test]
async fn starts_again_after_the_server_was_killed() -> Outcome {
    let folder = Folder::new("killed");
    let mut options = folder.options();
    // Not durable also means that a commit may still be in the memory of the process that is killed.
    options.durable = true;
    let postgres = EmbeddedPostgres::start(&options, &quiet).await?;
    remember(&postgres).await?;
    let pid = postmaster(&postgres)?;
    assert!(Command::new("sh").args(["-c", "kill -KILL \"$0\"", &pid]).status()?.success());
    drop(postgres);

    let again = EmbeddedPostgres::start(&options, &quiet).await?;
    assert_eq!(ask(&again, "SELECT word FROM kept").await?, "still here");
    again.stop().await?;
    Ok(())
}

/// In a container the numbers of processes come again, and `postmaster.pid` may name anybody.
#[tokio::test]
async fn a_stranger_with_the_servers_old_number_is_left_alone() -> Outcome {
    let folder = Folder::new("stranger");
    let postgres = EmbeddedPostgres::start(&folder.options(), &quiet).await?;
    remember(&postgres).await?;
    let pid_file = folder.0.join("cluster/postmaster.pid");
    let text = std::fs::read_to_string(&pid_file)?;
    let pid = postmaster(&postgres)?;
    postgres.stop().await?;
    let mut stranger = Command::new("sleep").arg("60").spawn()?;
    std::fs::write(&pid_file, text.replacen(&pid, &stranger.id().to_string(), 1))?;

    let again = EmbeddedPostgres::start(&folder.options(), &quiet).await?;
    assert_eq!(ask(&again, "SELECT word FROM kept").await?, "still here");
    assert!(stranger.try_wait()?.is_none());
    again.stop().await?;
    stranger.kill()?;
    stranger.wait()?;
    Ok(())
}

#[tokio::test]
async fn a_folder_that_only_we_can_enter_works() -> Outcome {
    let folder = Folder::new("closed");
    std::fs::DirBuilder::new().mode(0o700).create(&folder.0)?;
    let mut options = folder.options();
    options.data_dir = folder.0.join("data");
    let postgres = EmbeddedPostgres::start(&options, &quiet).await?;
    assert_eq!(ask(&postgres, "SELECT 'well'").await?, "well");
    let really = postgres.data_dir().to_owned();
    if std::fs::metadata(&folder.0)?.uid() == 0 {
        assert!(really.starts_with("/var/lib"), "{}", really.display());
    }
    postgres.remove().await?;
    assert!(!really.exists());
    Ok(())
}

#[tokio::test]
async fn says_what_to_install_when_there_is_no_postgresql() {
    let folder = Folder::new("missing");
    let mut options = folder.options();
    options.bin_dir = Some(PathBuf::from("/nowhere"));
    let error = EmbeddedPostgres::start(&options, &quiet).await.err().map(|e| e.to_string());
    assert!(error.as_deref().is_some_and(|text| text.contains("apt-get install postgresql")), "{error:?}");
}

#[tokio::test]
async fn neither_texts_nor_statements_get_into_the_log() -> Outcome {
    let folder = Folder::new("log");
    let postgres = EmbeddedPostgres::start(&folder.options(), &quiet).await?;
    let mut connection = PgConnection::connect(&postgres.url()).await?;
    connection.execute("CREATE TABLE diary (entry text PRIMARY KEY, length int)").await?;
    for _ in 0..2 {
        let _ = sqlx::query("INSERT INTO diary VALUES ($1, 1)").bind("canary sentence").execute(&mut connection).await;
    }
    let _ = connection.execute("SELECT 'canary sentence'::int").await;
    let _ = connection.execute("SELECT canary_sentence FROM").await;
    connection.close().await?;
    let log = postgres.log_file().to_owned();
    assert!(!std::fs::read_to_string(&log)?.contains("canary"));
    postgres.stop().await?;
    assert!(!std::fs::read_to_string(&log)?.contains("canary"));
    Ok(())
}

fn run_options() -> RunOptions {
    RunOptions { temp_dir: PathBuf::from("/tmp"), bin_dir: None, durable: false, settings: Vec::new() }
}

fn shell(script: &str) -> Vec<OsString> {
    ["sh", "-c", script].map(OsString::from).into()
}

#[tokio::test]
async fn a_command_gets_a_database_and_gives_its_exit_code_back() -> Outcome {
    let script = "test -S \"$(echo \"$DATABASE_URL\" | sed 's/.*@//;s/:.*//;s,%2F,/,g')/.s.PGSQL.5432\" \
                  && test \"$SPECTRUM_DATABASE_URL\" = \"$DATABASE_URL\" && exit 7";
    assert_eq!(run_command(run_options(), &shell(script), &quiet).await?, 7);
    assert_eq!(run_command(run_options(), &shell("kill -KILL $$"), &quiet).await?, 137);
    let missing = run_command(run_options(), &[OsString::from("/nowhere/at-all")], &quiet).await;
    assert!(matches!(missing, Err(EmbeddedError::Command { .. })), "{missing:?}");
    Ok(())
}

/// Through the program itself: a signal to it ends the command and the server, and leaves nothing behind.
#[test]
fn a_terminated_run_ends_its_command_and_its_server() -> Outcome {
    let folder = Folder::new("terminated");
    std::fs::DirBuilder::new().create(&folder.0)?;
    let told = folder.0.join("told");
    let script = format!("echo \"$$ $DATABASE_URL\" > {0}.new; mv {0}.new {0}; exec sleep 60", told.display());
    for (signal, code) in [("TERM", 143), ("KILL", 0)] {
        let _ = std::fs::remove_file(&told);
        let mut run = Command::new(env!("CARGO_BIN_EXE_spectrum"))
            .args(["postgres", "run", "--", "sh", "-c", &script])
            .env("TMPDIR", &folder.0)
            .stderr(Stdio::null())
            .spawn()?;
        wait_until(|| told.exists())?;
        let text = std::fs::read_to_string(&told)?;
        let (command, url) = text.trim().split_once(' ').ok_or("no address")?;
        let socket = socket_folder(url);
        assert!(socket.join(".s.PGSQL.5432").exists());
        Command::new("sh").args(["-c", "kill -\"$0\" \"$1\"", signal, &run.id().to_string()]).status()?;
        let ended = run.wait()?;
        if signal == "KILL" {
            // Nobody is left who could tidy up; where `setpriv` is there the server still ends.
            if Command::new("setpriv").args(["--pdeathsig", "INT", "true"]).status().is_ok_and(|s| s.success()) {
                wait_until(|| !socket.join(".s.PGSQL.5432").exists())?;
            }
            Command::new("sh").args(["-c", "kill \"$0\"", command]).status()?;
            let _ = std::fs::remove_dir_all(&socket);
        } else {
            assert_eq!(ended.code(), Some(code));
            assert!(!runs(command));
            assert!(!socket.exists());
        }
    }
    Ok(())
}

fn wait_until(done: impl Fn() -> bool) -> Outcome {
    let begin = Instant::now();
    while !done() {
        if begin.elapsed() > Duration::from_secs(30) {
            return Err("it did not come about within 30 s".into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
