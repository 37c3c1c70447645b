//! `spectrum replay`: sends a diary through the public API as a host product would, and waits until it is read.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use spectrum_domain::{feature::Feature, member::ExternalRef};
use tokio::time::Instant;

pub mod client;
pub mod deliver;
pub mod diary;
mod error;
pub mod local_instant;
pub mod progress;
#[cfg(test)]
mod tests;

pub use client::{HostClient, install_crypto};
pub use deliver::Report;
pub use error::ReplayError;
pub use progress::Progress;

/// Replay a diary through the API, one entry a session, and wait until all of it is read.
#[derive(Clone, Debug, clap::Args)]
pub struct ReplayArgs {
    /// The diary: one JSON object a line, {"author", "date": "YYYY-MM-DD", "turns": [text, …]}.
    pub file: PathBuf,
    /// The host's name for the member whose sessions the entries become.
    #[arg(long)]
    pub member: ExternalRef,
    /// Where the member is, such as Europe/London.
    #[arg(long)]
    pub time_zone: Tz,
    /// Move all dates by whole weeks so that the last entry lies in this week.
    #[arg(long)]
    pub shift_to_now: bool,
    /// Address of a running Spectrum; the demo's if left out.
    #[arg(long, requires = "key")]
    pub url: Option<String>,
    /// A host's service key; the demo's if left out.
    #[arg(long, requires = "url")]
    pub key: Option<SecretString>,
    /// Where the sessions are held: mirror, turn or lens.
    #[arg(long, default_value_t = Feature::Mirror)]
    pub feature: Feature,
    /// Print one JSON object and no progress.
    #[arg(long)]
    pub json: bool,
    /// Send the events in a random order, the same for the same seed.
    #[arg(long, value_name = "SEED")]
    pub shuffle_seed: Option<u64>,
    /// Send every event twice.
    #[arg(long)]
    pub twice: bool,
}

/// Address and key of the running demo, as it writes them into its data directory.
#[derive(Clone, Debug, Deserialize)]
pub struct DemoAccess {
    /// Where it listens.
    pub url: String,
    /// The service key of its host.
    pub host_key: SecretString,
}

/// Reads what the demo wrote.
pub fn read_demo_access(path: &Path) -> Result<DemoAccess, ReplayError> {
    let text = std::fs::read_to_string(path).map_err(|_| ReplayError::NoAccess { path: path.to_owned() })?;
    serde_json::from_str(&text).map_err(|_| ReplayError::BadAccess { path: path.to_owned() })
}

impl ReplayArgs {
    /// What to do, with the demo's address and key (in `demo`, such as `{data_dir}/demo.json`) where none were given.
    pub fn options(self, demo: &Path) -> Result<ReplayOptions, ReplayError> {
        let (url, key) = match (self.url, self.key) {
            (Some(url), Some(key)) => (url, key),
            _ => read_demo_access(demo).map(|access| (access.url, access.host_key))?,
        };
        Ok(ReplayOptions {
            file: self.file,
            member: self.member,
            zone: self.time_zone,
            shift_to_now: self.shift_to_now,
            feature: self.feature,
            shuffle_seed: self.shuffle_seed,
            twice: self.twice,
            url,
            key,
        })
    }
}

/// A replay with everything it needs.
#[derive(Clone, Debug)]
pub struct ReplayOptions {
    /// The diary.
    pub file: PathBuf,
    /// Whose sessions its entries become.
    pub member: ExternalRef,
    /// Where the member is.
    pub zone: Tz,
    /// Whether dates move to the present.
    pub shift_to_now: bool,
    /// Where the sessions are held.
    pub feature: Feature,
    /// Another order, for tests: the rollups must be the same.
    pub shuffle_seed: Option<u64>,
    /// Everything twice, for tests: the rollups must be the same.
    pub twice: bool,
    /// Address of Spectrum.
    pub url: String,
    /// A host's service key.
    pub key: SecretString,
}

/// What a replay came to. The sessions and periods are all of the member's, those of earlier replays among them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplaySummary {
    /// New events, kept.
    pub events_accepted: u64,
    /// Events known before.
    pub events_duplicate: u64,
    /// Events not kept.
    pub events_refused: u64,
    /// The member's sessions that are measured.
    pub sessions_analysed: u64,
    /// Days with a rollup.
    pub days: u64,
    /// Weeks with a rollup.
    pub weeks: u64,
    /// Months with a rollup.
    pub months: u64,
    /// How long it took.
    pub seconds: f64,
    /// The first reason for which events were refused.
    #[serde(skip)]
    pub why_refused: Option<String>,
    /// Jobs of the member that failed for good.
    #[serde(skip)]
    pub dead_jobs: u64,
}

impl fmt::Display for ReplaySummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events_accepted, events_duplicate, events_refused, sessions_analysed, days, weeks, months, .. } =
            self;
        writeln!(f, "Events: {events_accepted} accepted, {events_duplicate} known before, {events_refused} refused.")?;
        if let Some(why) = &self.why_refused {
            writeln!(f, "Refused: {why}")?;
        }
        if self.dead_jobs > 0 {
            writeln!(f, "{} jobs failed for good; spectrum jobs shows why.", self.dead_jobs)?;
        }
        write!(
            f,
            "The member now has {sessions_analysed} sessions analysed, rolled up into {days} days, {weeks} weeks and \
             {months} months. Took {:.1} s.",
            self.seconds
        )
    }
}

/// Replays the diary: tells Spectrum who the member is, sends the events, waits until all is read.
///
/// Nothing is sent before the whole diary was read. Running it again adds nothing.
pub async fn run(options: ReplayOptions, now: DateTime<Utc>, report: Report<'_>) -> Result<ReplaySummary, ReplayError> {
    let begun = Instant::now();
    let entries = diary::read(&options.file)?;
    let weeks_ahead = if options.shift_to_now { diary::weeks_to_now(&entries, options.zone, now) } else { 0 };
    let ReplayOptions { member, zone, feature, .. } = options;
    let setting = diary::Setting { member, zone, feature, weeks_ahead };
    let mut events = diary::events(&entries, &setting)?;
    if options.twice {
        events = events.into_iter().flat_map(|event| [event.clone(), event]).collect();
    }
    if let Some(seed) = options.shuffle_seed {
        deliver::shuffle(&mut events, seed);
    }
    let client = HostClient::new(&options.url, &options.key)?;
    let profile = client::MemberProfile { time_zone: Some(zone), ..client::MemberProfile::default() };
    client.put_member(&setting.member, &profile).await?;
    let sent = deliver::send_all(&client, &events, "Sending events", report).await?;
    let reached = deliver::wait_until_idle(&client, &setting.member, "Reading sessions", report).await?;
    Ok(ReplaySummary {
        events_accepted: sent.accepted,
        events_duplicate: sent.duplicates,
        events_refused: sent.refused,
        sessions_analysed: reached.analysed,
        days: reached.days,
        weeks: reached.weeks,
        months: reached.months,
        seconds: (begun.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        why_refused: sent.why_refused,
        dead_jobs: reached.dead_jobs,
    })
}
