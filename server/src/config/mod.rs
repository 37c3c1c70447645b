//! Settings: defaults, then a file, then the environment. Every key is in [`keys`] with its meaning, and nowhere else is
//! the environment read. All that is wrong is said at once, and secrets are never printed.

mod doors;
mod keeping;
mod llm;
mod outside;
mod people;
mod push;
mod secrets;
mod telemetry;

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use spectrum_core::{control::issue_receipt::ErasurePolicy, db::pool::PoolSizes, schedule::retention::Retention};
use spectrum_domain::job::Queue;

pub use doors::{Doors, Listener, Origins, Proxies, Rate, Rates};
pub use llm::{Limits, Llm};
pub use outside::Outside;
pub use people::{Provider, Staff};
pub use push::Push;
pub use secrets::{Secrets, hex};
pub use telemetry::Telemetry;

/// A setting: its name in the file, its default, and what it means. In the environment its name is `SPECTRUM_` and the
/// key in capitals with `_` for `.`.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Name in the file, `section.key`.
    pub name: &'static str,
    /// Default; none for a setting that must be made.
    pub default: Option<&'static str>,
    /// What it means.
    pub meaning: &'static str,
}

const fn key(name: &'static str, default: &'static str, meaning: &'static str) -> Key {
    Key { name, default: Some(default), meaning }
}

const fn required(name: &'static str, meaning: &'static str) -> Key {
    Key { name, default: None, meaning }
}

/// Every setting there is.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    KEYS.iter()
        .chain(&secrets::KEYS)
        .chain(&doors::KEYS)
        .chain(&keeping::KEYS)
        .chain(&outside::KEYS)
        .chain(&people::KEYS)
        .chain(&llm::KEYS)
        .chain(&push::KEYS)
        .chain(&telemetry::KEYS)
}

const KEYS: &[Key] = &[
    required("database.url", "PostgreSQL 15 or newer: `postgres://…`. The login owns the database or may create roles"),
    key("database.web_connections", "8", "connections for pages and member reads"),
    key("database.ingest_connections", "6", "connections for events"),
    key("database.worker_connections", "6", "connections for jobs about one member"),
    key("database.system_connections", "4", "connections for what is done for many members at once"),
    key("database.push_connections", "2", "connections for sending pushes"),
    key("http.bind", "127.0.0.1:8080", "address that serves pages and the API"),
    key("http.public_url", "http://127.0.0.1:8080", "address that browsers see; `https` makes cookies `Secure`"),
    key(
        "http.plans_url",
        "",
        "`https` page of the host where a plan is chosen; empty: no page leads there, but an app is still told",
    ),
    key(
        "http.read_only",
        "no",
        "`yes`: everything can be read and nothing changed; what would change something is answered 503",
    ),
    key("http.timeout_seconds", "15", "longest a request may take"),
    key("http.concurrent_pages", "64", "pages drawn at the same moment; one more is answered 503"),
    key("http.concurrent_batches", "32", "batches of events taken at the same moment; one more is answered 503"),
    key("http.concurrent_downloads", "8", "archives handed out at the same moment; one more is answered 503"),
    key("metrics.bind", "127.0.0.1:9464", "address that serves `/metrics`; keep it private"),
    key("site.dir", "target/site", "the built front end"),
    key("ingest.idle_minutes", "30", "a session without an end closes itself after this long without an event"),
    key(
        "erasure.backup_days",
        "35",
        "days that backups are kept: the date in a receipt by which deleted rows are gone there",
    ),
    key(
        "erasure.key_backup_days",
        "2",
        "days that a copy of members' keys is kept: the date by which a destroyed key is gone",
    ),
    key(
        "worker.queues",
        "intake:2,analysis:4,rollup:4,period:2,push:3,upkeep:2",
        "which queues are worked on, and how many jobs of each run at the same moment",
    ),
    key("worker.poll_milliseconds", "1000", "how often an idle worker asks for jobs that nobody told it of"),
    key(
        "worker.dead_after_seconds",
        "45",
        "a worker that is silent for so long is taken for dead; the same everywhere",
    ),
    key("log.format", "json", "`json` for machines, `text` for people"),
    key("log.filter", "info", "what is logged, as in `info,server=debug`"),
];

/// All settings, parsed.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the data is.
    pub database: Database,
    /// How browsers and hosts come in.
    pub http: Http,
    /// How the doors are kept.
    pub doors: Doors,
    /// Where metrics are served.
    pub metrics_bind: SocketAddr,
    /// Secrets.
    pub secrets: Secrets,
    /// The built front end.
    pub site_dir: PathBuf,
    /// What receipts promise of copies elsewhere.
    pub erasure: ErasurePolicy,
    /// A session without an end closes itself after this long.
    pub idle: chrono::TimeDelta,
    /// How jobs are run.
    pub worker: Worker,
    /// For how long what is kept.
    pub retention: Retention,
    /// A model outside, if there is one.
    pub outside: Option<Outside>,
    /// The model that rephrases what is told, if there is one.
    pub llm: Option<Llm>,
    /// The providers that take pushes.
    pub push: Push,
    /// How the team comes in.
    pub staff: Staff,
    /// How the process tells what it does.
    pub log: Log,
    /// Where traces go.
    pub telemetry: Telemetry,
}

/// Where the data is.
#[derive(Clone, Debug)]
pub struct Database {
    /// Address with login.
    pub url: SecretString,
    /// Connections a duty.
    pub sizes: PoolSizes,
}

/// How browsers and hosts come in.
#[derive(Clone, Debug)]
pub struct Http {
    /// Address to listen on.
    pub bind: SocketAddr,
    /// Address that browsers see, without a slash at the end.
    pub public_url: String,
    /// Where the host has its plans.
    pub plans_url: Option<String>,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// Longest a request may take.
    pub timeout: Duration,
    /// Pages drawn at the same moment.
    pub concurrent_pages: usize,
    /// Batches taken at the same moment.
    pub concurrent_batches: usize,
    /// Archives handed out at the same moment.
    pub concurrent_downloads: usize,
}

/// How jobs are run.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Jobs at the same moment, by queue.
    pub queues: Queues,
    /// How often an idle worker asks.
    pub poll: Duration,
    /// A silent worker is taken for dead.
    pub dead_after: Duration,
}

/// Queues with how many of their jobs run at the same moment, as `analysis:16,rollup:8`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queues(pub Vec<(Queue, usize)>);

/// The text names no queues.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be queues with a number from 1 to 256 each, as in analysis:16,rollup:8; {0:?} is not")]
pub struct BadQueues(String);

impl FromStr for Queues {
    type Err = BadQueues;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut queues: Vec<(Queue, usize)> = Vec::new();
        for part in text.split(',').map(str::trim) {
            let bad = || BadQueues(part.to_owned());
            let (name, number) = part.split_once(':').ok_or_else(bad)?;
            let queue = Queue::from_name(name).ok_or_else(bad)?;
            let number = number.parse().ok().filter(|number| (1..=256).contains(number)).ok_or_else(bad)?;
            if queues.iter().any(|(known, _)| *known == queue) {
                return Err(bad());
            }
            queues.push((queue, number));
        }
        Ok(Self(queues))
    }
}

/// How the process tells what it does.
#[derive(Clone, Debug)]
pub struct Log {
    /// For machines, or for people.
    pub format: LogFormat,
    /// What is logged.
    pub filter: String,
}

/// For whom the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A JSON object a line.
    Json,
    /// A line of text.
    Text,
}

/// All that is wrong with the settings.
#[derive(Debug, thiserror::Error)]
#[error("the configuration can't be used:\n{}", .0.join("\n"))]
pub struct ConfigError(Vec<String>);

/// The name of a key in the environment.
pub fn environment_name(key: &str) -> String {
    format!("SPECTRUM_{}", key.replace('.', "_").to_uppercase())
}

/// The environment of this process: the only place where it is read.
#[expect(clippy::disallowed_methods, reason = "settings come from here")]
pub fn process_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether what is sent to this address crosses no network in the open.
pub fn is_sealed_or_here(url: &str) -> bool {
    let host = url.strip_prefix("http://").unwrap_or_default();
    url.starts_with("https://")
        || ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|name| host.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])))
}

impl Config {
    /// Reads the file, if there is one, and lays the environment over it.
    pub fn load(file: Option<&str>, environment: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let mut values = Values { found: flatten(file, &mut problems), problems };
        for key in keys() {
            let from_environment = environment(&environment_name(key.name));
            match (from_environment, values.found.contains_key(key.name), key.default) {
                (Some(value), ..) => {
                    values.found.insert(key.name.to_owned(), value);
                }
                (None, false, Some(default)) => {
                    values.found.insert(key.name.to_owned(), default.to_owned());
                }
                (None, false, None) => values.problems.push(format!(
                    "- {} is not set: {} (or {} in the environment)",
                    key.name,
                    key.meaning,
                    environment_name(key.name)
                )),
                (None, true, _) => {}
            }
        }
        let config = Self {
            database: Database {
                url: SecretString::from(values.take("database.url")),
                sizes: PoolSizes {
                    web: values.parse("database.web_connections", 8),
                    ingest: values.parse("database.ingest_connections", 6),
                    worker: values.parse("database.worker_connections", 6),
                    system: values.parse("database.system_connections", 4),
                    push: values.parse("database.push_connections", 2),
                    ..PoolSizes::default()
                },
            },
            http: Http {
                bind: values.parse("http.bind", SocketAddr::from(([127, 0, 0, 1], 8080))),
                public_url: values.take("http.public_url").trim_end_matches('/').to_owned(),
                plans_url: values.address("http.plans_url"),
                read_only: values.yes_or_no("http.read_only"),
                timeout: Duration::from_secs(values.parse("http.timeout_seconds", 15)),
                concurrent_pages: values.parse("http.concurrent_pages", 64),
                concurrent_batches: values.parse("http.concurrent_batches", 32),
                concurrent_downloads: values.parse("http.concurrent_downloads", 8),
            },
            doors: values.doors(),
            metrics_bind: values.parse("metrics.bind", SocketAddr::from(([127, 0, 0, 1], 9464))),
            secrets: values.secrets(),
            site_dir: values.take("site.dir").into(),
            erasure: ErasurePolicy {
                backup_days: values.parse("erasure.backup_days", 35),
                key_backup_days: values.parse("erasure.key_backup_days", 2),
            },
            idle: chrono::TimeDelta::minutes(values.parse("ingest.idle_minutes", 30)),
            worker: Worker {
                queues: values.parse("worker.queues", Queues::default()),
                poll: Duration::from_millis(values.parse("worker.poll_milliseconds", 1_000)),
                dead_after: Duration::from_secs(values.parse("worker.dead_after_seconds", 45).max(3)),
            },
            retention: values.retention(),
            outside: values.outside(),
            llm: values.llm(),
            push: values.push(),
            staff: values.staff(),
            log: Log { format: values.log_format(), filter: values.take("log.filter") },
            telemetry: values.telemetry(),
        };
        if values.problems.is_empty() { Ok(config) } else { Err(ConfigError(values.problems)) }
    }

    /// The pages' address starts with `https`, so cookies may be `Secure`.
    pub fn secure(&self) -> bool {
        self.http.public_url.starts_with("https://")
    }

    /// The database's address with its login, for the one who connects.
    pub fn database_url(&self) -> &str {
        self.database.url.expose_secret()
    }
}

/// Settings as they were written, and what is wrong with them.
struct Values {
    found: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Values {
    fn take(&self, name: &str) -> String {
        self.found.get(name).cloned().unwrap_or_default()
    }

    fn yes_or_no(&mut self, name: &str) -> bool {
        match self.take(name).as_str() {
            "yes" => true,
            "no" => false,
            _ => {
                self.problems.push(format!("- {name}: must be yes or no"));
                false
            }
        }
    }

    /// An address that crosses no network in the open; nothing where none is given.
    fn address(&mut self, name: &str) -> Option<String> {
        let url = Some(self.take(name)).filter(|url| !url.is_empty())?;
        if !is_sealed_or_here(&url) {
            self.problems.push(format!("- {name}: must begin with https:// unless it is this machine"));
        }
        Some(url)
    }

    fn parse<T: FromStr<Err: fmt::Display>>(&mut self, name: &str, otherwise: T) -> T {
        match self.take(name).parse() {
            Ok(value) => value,
            Err(error) => {
                self.problems.push(format!("- {name}: {error}"));
                otherwise
            }
        }
    }

    fn log_format(&mut self) -> LogFormat {
        match self.take("log.format").as_str() {
            "json" => LogFormat::Json,
            "text" => LogFormat::Text,
            _ => {
                self.problems.push("- log.format: must be json or text".to_owned());
                LogFormat::Json
            }
        }
    }
}

/// The file's values by `section.key`; a key that means nothing is a problem, because it is a misspelled one.
fn flatten(file: Option<&str>, problems: &mut Vec<String>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let table: toml::Table = match file.unwrap_or_default().parse() {
        Ok(table) => table,
        Err(error) => {
            problems.push(format!("- the file is no TOML: {error}"));
            return found;
        }
    };
    for (section, value) in table {
        let Some(entries) = value.as_table() else {
            problems.push(format!("- {section} stands outside a section"));
            continue;
        };
        for (name, value) in entries {
            let name = format!("{section}.{name}");
            if !keys().any(|key| key.name == name) {
                problems.push(format!("- {name} is no setting"));
            }
            found.insert(name, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0707070707070707070707070707070707070707070707070707070707070707";

    fn environment(name: &str) -> Option<String> {
        match name {
            "SPECTRUM_DATABASE_URL" => Some("postgres://secret@localhost/x".to_owned()),
            "SPECTRUM_SECRETS_MASTER_KEY" => Some(KEY.to_owned()),
            _ => None,
        }
    }

    #[test]
    fn the_environment_lies_over_the_file_and_the_file_over_the_defaults() {
        let file =
            "[http]\nbind = \"127.0.0.1:9\"\n[worker]\nqueues = \"rollup:9\"\n[database]\nurl = \"postgres://file\"";
        let config = Config::load(Some(file), environment).expect("settings");
        assert_eq!(config.http.bind.port(), 9);
        assert_eq!((&config.worker.queues, config.database.sizes.web), (&Queues(vec![(Queue::Rollup, 9)]), 8));
        assert_eq!(config.database_url(), "postgres://secret@localhost/x");
        assert_eq!(*config.secrets.master_key, [7; 32]);
        assert!(!format!("{config:?}").contains("secret@") && !format!("{config:?}").contains("07, 7"));
    }

    #[test]
    fn in_the_open_only_this_machine_is_asked() {
        for (url, fits) in [
            ("http://127.0.0.1:9/v1", true),
            ("http://localhost/v1", true),
            ("http://[::1]:9", true),
            ("http://localhost.example.org/v1", false),
            ("http://127.0.0.1.example.org", false),
            ("http://example.org", false),
            ("https://example.org", true),
        ] {
            assert_eq!(is_sealed_or_here(url), fits, "{url}");
        }
    }

    #[test]
    fn all_problems_are_said_at_once() {
        let error = Config::load(Some("[http]\nbin = 1\nbind = \"here\""), |_| None).expect_err("problems").to_string();
        for part in ["http.bin is no setting", "http.bind:", "database.url is not set", "SPECTRUM_SECRETS_MASTER_KEY"] {
            assert!(error.contains(part), "{part} in {error}");
        }
    }
}
