//! The folders of a cluster: where they can be, who owns them, and who holds them at the moment.

use std::fs::{DirBuilder, File, Metadata, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{Account, EmbeddedError, Progress, doing};

/// Short on purpose: the name of a Unix socket has room for 107 bytes, less than many a checkout's path.
const SOCKET_PREFIX: &str = "/tmp/spectrum-pg-";

/// A folder for the server's socket, which goes when it is dropped.
#[derive(Debug)]
pub(super) struct SocketDir {
    pub(super) path: PathBuf,
}

impl SocketDir {
    /// Makes a folder that nobody else can enter and that was not there before.
    pub(super) fn create() -> Result<Self, EmbeddedError> {
        for _ in 0..16 {
            let number = getrandom::u64().map_err(|error| EmbeddedError::Io {
                doing: "get a random number".to_owned(),
                source: io::Error::other(error.to_string()),
            })?;
            let path = PathBuf::from(format!("{SOCKET_PREFIX}{number:016x}"));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(doing(format!("make {}", path.display()))(source)),
            }
        }
        Err(EmbeddedError::Io {
            doing: format!("make a folder {SOCKET_PREFIX}…"),
            source: io::Error::from(io::ErrorKind::AlreadyExists),
        })
    }

    /// Who made a new folder is who we are: the standard library has no other safe way to ask.
    pub(super) fn made_by_root(&self) -> Result<bool, EmbeddedError> {
        let made = std::fs::metadata(&self.path).map_err(doing("look at a new folder"))?;
        Ok(made.uid() == 0)
    }

    pub(super) fn give_to(&self, account: Option<&Account>) -> Result<(), EmbeddedError> {
        give(&self.path, account)
    }
}

impl Drop for SocketDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// The cluster's folder and its surroundings, held against other Spectrums for as long as this value lives.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) data_dir: PathBuf,
    pub(super) cluster: PathBuf,
    pub(super) log: PathBuf,
    /// Whom the server runs as; `None` when we are not root and it runs as ourselves.
    pub(super) account: Option<Account>,
    _held: File,
}

/// A server that an earlier run did not stop.
#[derive(Debug)]
pub(super) struct LeftOver {
    /// The server runs.
    pub(super) alive: bool,
    /// It does not, but another process has got its number.
    pub(super) pid_is_taken: bool,
    pub(super) socket_dir: Option<PathBuf>,
}

impl Place {
    pub(super) fn prepare(wanted: &Path, we_are_root: bool, progress: Progress<'_>) -> Result<Self, EmbeddedError> {
        let mut data_dir = make_folder(wanted)?;
        let mut account = None;
        if we_are_root {
            let user = Account::for_root()?;
            if !can_enter(&data_dir, &user) {
                data_dir = make_folder(&elsewhere(&data_dir))?;
                progress(&format!(
                    "PostgreSQL does not run as root and its user cannot enter {}: the database is in {}",
                    wanted.display(),
                    data_dir.display()
                ));
            }
            account = Some(user);
        }
        let cluster = data_dir.join("cluster");
        if let (Some(user), Ok(existing)) = (&mut account, std::fs::metadata(&cluster))
            && existing.uid() != 0
        {
            // Made by a run of another user: the server insists on running as the owner of its files.
            *user = Account { uid: existing.uid(), gid: existing.gid() };
        }
        let held = hold(&data_dir)?;
        Ok(Self { log: data_dir.join("postgres.log"), cluster, data_dir, account, _held: held })
    }

    /// The major version that made the cluster, if there is one.
    pub(super) fn cluster_version(&self) -> Result<Option<u32>, EmbeddedError> {
        let file = self.cluster.join("PG_VERSION");
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(doing(format!("read {}", file.display()))(source)),
        }
    }

    /// An empty folder beside the cluster that the server's user can write to.
    pub(super) fn fresh_folder(&self, name: &str) -> Result<PathBuf, EmbeddedError> {
        let path = self.data_dir.join(name);
        match std::fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(doing(format!("remove {}", path.display()))(error));
            }
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(&path).map_err(doing(format!("make {}", path.display())))?;
        give(&path, self.account.as_ref())?;
        Ok(path)
    }

    /// What `postmaster.pid` tells about an earlier run.
    pub(super) fn left_over(&self) -> Option<LeftOver> {
        let file = std::fs::read_to_string(self.cluster.join("postmaster.pid")).ok()?;
        let mut lines = file.lines();
        let pid: u32 = lines.next()?.trim().parse().ok()?;
        let socket_dir = lines
            .nth(3)
            .filter(|folder| folder.starts_with(SOCKET_PREFIX) && !folder.contains(".."))
            .map(PathBuf::from);
        let process = PathBuf::from(format!("/proc/{pid}"));
        // The server's working directory is its cluster. Where that can't be seen, PostgreSQL's own judgement stands.
        let alive = match std::fs::read_link(process.join("cwd")) {
            Ok(folder) => folder == self.cluster.canonicalize().unwrap_or_default(),
            Err(_) => false,
        };
        Some(LeftOver { alive, pid_is_taken: !alive && process.exists(), socket_dir })
    }

    /// Deletes everything that the cluster consists of.
    pub(super) fn remove(&self) -> Result<(), EmbeddedError> {
        std::fs::remove_dir_all(&self.data_dir).map_err(doing(format!("remove {}", self.data_dir.display())))
    }
}

fn give(path: &Path, account: Option<&Account>) -> Result<(), EmbeddedError> {
    let Some(account) = account else {
        return Ok(());
    };
    chown(path, Some(account.uid), Some(account.gid))
        .map_err(doing(format!("give {} to the server's user", path.display())))
}

/// The folder itself can be entered by everybody, whatever the umask: what is private is below it.
fn make_folder(path: &Path) -> Result<PathBuf, EmbeddedError> {
    if !path.is_dir() {
        std::fs::create_dir_all(path).map_err(doing(format!("make {}", path.display())))?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
            .map_err(doing(format!("open {} to the server's user", path.display())))?;
    }
    path.canonicalize().map_err(doing(format!("find {}", path.display())))
}

/// One place for each checkout, the same at every start.
fn elsewhere(data_dir: &Path) -> PathBuf {
    let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
    let number = digest.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    PathBuf::from(format!("/var/lib/spectrum-demo-{number:016x}"))
}

fn can_enter(folder: &Path, account: &Account) -> bool {
    folder.ancestors().all(|part| std::fs::metadata(part).is_ok_and(|found| lets_in(&found, account)))
}

fn lets_in(folder: &Metadata, account: &Account) -> bool {
    let bit = if folder.uid() == account.uid {
        0o100
    } else if folder.gid() == account.gid {
        0o010
    } else {
        0o001
    };
    folder.mode() & bit != 0
}

/// A lock goes with the process that holds it, so that a killed run never keeps the next one out.
fn hold(data_dir: &Path) -> Result<File, EmbeddedError> {
    let path = data_dir.join("lock");
    let file = match File::create(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(EmbeddedError::NotOurs { path: data_dir.to_owned() });
        }
        Err(source) => return Err(doing(format!("write {}", path.display()))(source)),
    };
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(EmbeddedError::InUse { data_dir: data_dir.to_owned() }),
        Err(TryLockError::Error(source)) => Err(doing(format!("lock {}", path.display()))(source)),
    }
}
