//! PostgreSQL's programs: where they are, and how they are run so that neither our rights nor our environment leak into them.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::EmbeddedError;

/// The oldest major version with everything that the migrations use.
pub(super) const OLDEST: u32 = 15;

/// Where Debian, Red Hat, Alpine and Homebrew put the server's programs when they are not on the usual path.
const BY_VERSION: [(&str, &str); 4] =
    [("/usr/lib/postgresql", "bin"), ("/usr", "bin"), ("/usr/libexec/postgresql", ""), ("/opt/homebrew/opt", "bin")];
const USUAL: [&str; 4] = ["/usr/local/bin", "/usr/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin"];

/// The user that the server runs as when we are root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// `postgres`, or where no package has made that user, `nobody`.
    pub(super) fn for_root() -> Result<Self, EmbeddedError> {
        let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        Self::among(&users).ok_or(EmbeddedError::NoAccount)
    }

    fn among(users: &str) -> Option<Self> {
        ["postgres", "nobody"].into_iter().find_map(|wanted| {
            users.lines().find_map(|line| {
                let mut fields = line.split(':');
                if fields.next() != Some(wanted) {
                    return None;
                }
                let uid = fields.nth(1)?.parse().ok()?;
                let gid = fields.next()?.parse().ok()?;
                (uid != 0).then_some(Self { uid, gid })
            })
        })
    }
}

/// One installation of PostgreSQL.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    pub(super) bin_dir: PathBuf,
    pub(super) major: u32,
    /// util-linux's `setpriv`, which can ask the kernel to end the server with us; the standard library cannot without
    /// `unsafe` code.
    setpriv: bool,
}

/// What was not found; the caller knows for which cluster.
#[derive(Debug)]
pub(super) enum NotFound {
    Any { looked_in: String },
    Major(u32),
}

impl NotFound {
    pub(super) fn in_cluster(self, cluster: &Path) -> EmbeddedError {
        match self {
            Self::Any { looked_in } => EmbeddedError::NotInstalled { looked_in },
            Self::Major(major) => EmbeddedError::OtherVersion { cluster: cluster.to_owned(), major },
        }
    }
}

impl Programs {
    /// The given installation, else the newest; with `major` only one of that version will do.
    pub(super) async fn find(given: Option<&Path>, major: Option<u32>) -> Result<Self, NotFound> {
        let candidates = given.map_or_else(installed, |folder| vec![folder.to_owned()]);
        let mut best: Option<(u32, PathBuf)> = None;
        for folder in &candidates {
            let Some(found) = version_in(folder).await else {
                continue;
            };
            let fits = major.map_or(found >= OLDEST, |wanted| found == wanted);
            if fits && best.as_ref().is_none_or(|(newest, _)| found > *newest) {
                best = Some((found, folder.clone()));
            }
        }
        let Some((major, bin_dir)) = best else {
            return Err(match major {
                Some(major) => NotFound::Major(major),
                None => NotFound::Any { looked_in: list(&candidates) },
            });
        };
        let setpriv = tokio::process::Command::new("setpriv")
            .args(["--pdeathsig", "INT", "true"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .await
            .is_ok_and(|status| status.success());
        Ok(Self { bin_dir, major, setpriv })
    }

    /// A program to wait for without blocking; it does not outlive the future that runs it.
    pub(super) fn command(&self, program: &str, account: Option<&Account>) -> tokio::process::Command {
        let mut command = tokio::process::Command::from(self.blocking(program, account));
        command.kill_on_drop(true);
        command
    }

    /// A program to wait for where no runtime is.
    pub(super) fn blocking(&self, program: &str, account: Option<&Account>) -> std::process::Command {
        self.as_account(std::process::Command::new(self.bin_dir.join(program)), account)
    }

    /// A program that ends when the thread that started it does, however that comes about.
    pub(super) fn guarded(&self, program: &str, account: Option<&Account>) -> std::process::Command {
        if !self.setpriv {
            return self.blocking(program, account);
        }
        let mut command = std::process::Command::new("setpriv");
        // SIGINT is PostgreSQL's fast shutdown.
        command.args(["--pdeathsig", "INT"]).arg(self.bin_dir.join(program));
        self.as_account(command, account)
    }

    fn as_account(&self, mut command: std::process::Command, account: Option<&Account>) -> std::process::Command {
        // PRIVACY: our environment holds the master key and the provider's keys, and other people's PG* variables would
        // change what these programs do. The folder we are in may be one that the server's user cannot enter.
        command
            .env_clear()
            .env("LC_ALL", "C")
            .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", self.bin_dir.display()))
            .current_dir("/");
        if let Some(account) = account {
            // The standard library drops the supplementary groups together with the rights of root.
            command.gid(account.gid).uid(account.uid);
        }
        command
    }
}

/// Runs a program to its end; what it printed is in the error when it fails.
pub(super) async fn finish(program: &'static str, mut command: tokio::process::Command) -> Result<(), EmbeddedError> {
    let ended = command.stdin(Stdio::null()).output().await.map_err(super::doing(format!("run {program}")))?;
    if ended.status.success() {
        return Ok(());
    }
    let mut printed = ended.stdout;
    printed.extend(ended.stderr);
    Err(EmbeddedError::Program { program, status: ended.status, output: last_lines(&printed) })
}

/// The last lines of what a program wrote: enough to see why it failed.
pub(super) fn last_lines(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

fn installed() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for (parent, below) in BY_VERSION {
        let Ok(entries) = std::fs::read_dir(parent) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if is_version(&name) {
                folders.push(entry.path().join(below));
            }
        }
    }
    folders.extend(USUAL.map(PathBuf::from));
    folders
}

/// `15`, `pgsql-17`, `postgresql16`, `postgresql@17`.
fn is_version(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let number = name.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let prefix = &name[..name.len() - number.len()];
    matches!(prefix, "" | "pgsql-" | "postgresql" | "postgresql@") && number.parse::<u32>().is_ok()
}

/// The major version in a folder that has both programs, by what `postgres` itself says.
async fn version_in(folder: &Path) -> Option<u32> {
    if !folder.join("initdb").exists() {
        return None;
    }
    let answer = tokio::process::Command::new(folder.join("postgres"))
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .await
        .ok()?;
    major_of(&String::from_utf8_lossy(&answer.stdout))
}

fn major_of(answer: &str) -> Option<u32> {
    let number = answer.split_once(") ")?.1;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn list(folders: &[PathBuf]) -> String {
    let names: Vec<String> = folders.iter().map(|f| f.display().to_string()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_of("something else"), None);
    }

    #[test]
    fn folders_of_versions_are_told_from_others() {
        for name in ["15", "pgsql-17", "postgresql16", "postgresql@17"] {
            assert!(is_version(OsStr::new(name)), "{name}");
        }
        for name in ["bin", "lib32x", "postgresql", "python3"] {
            assert!(!is_version(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn root_prefers_the_user_postgres_and_never_takes_another_root() {
        let users = "root:x:0:0::/:\nnobody:x:65534:65534::/:\npostgres:x:101:104::/:\n";
        assert_eq!(Account::among(users), Some(Account { uid: 101, gid: 104 }));
        assert_eq!(Account::among("nobody:x:65534:65534::/:\n"), Some(Account { uid: 65534, gid: 65534 }));
        assert_eq!(Account::among("postgres:x:0:0::/:\n"), None);
    }

    #[test]
    fn only_the_end_of_a_long_output_is_kept() {
        let long: Vec<String> = (0..100).map(|line| format!("line {line}")).collect();
        let kept = last_lines(long.join("\n\n").as_bytes());
        assert_eq!(kept.lines().count(), 12);
        assert!(kept.ends_with("line 99"));
    }
}
