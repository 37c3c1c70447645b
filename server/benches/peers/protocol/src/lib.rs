//! The command protocol that every Rust contestant speaks: one subcommand a measurement, one line of JSON at its end.
//!
//! A contestant implements [`Contestant`] and calls [`main`]; `README.md` in the folder above says what each line holds.

mod handler;
mod measure;

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use handler::Handler;

pub type Failure = Box<dyn Error + Send + Sync>;

/// The kind that is worked on; jobs of [`OTHER`] only wait.
pub const KIND: &str = "bench";
pub const OTHER: &str = "other";

/// What a job carries: its number, and when it was to be sent, in microseconds since 1970.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Payload {
    pub n: i64,
    pub at: i64,
}

/// A queue's own defaults, or what its documentation says to set when it should be fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Settings {
    Default,
    Fast,
}

#[derive(Debug, Clone, Args)]
pub struct Options {
    #[arg(long, global = true, default_value = "")]
    pub database_url: String,
    #[arg(long, global = true, value_enum, default_value = "default")]
    pub settings: Settings,
    /// Connections of this process's pool.
    #[arg(long, global = true, default_value_t = 10)]
    pub connections: u32,
    /// Jobs that run at once.
    #[arg(long, global = true, default_value_t = 50)]
    pub concurrency: usize,
}

/// One queue under measurement.
pub trait Contestant: Send + Sync + Sized + 'static {
    const NAME: &'static str;
    const VERSION: &'static str;
    /// Asks whether a job of [`KIND`] is unfinished; one boolean.
    const UNFINISHED: &'static str;
    /// What a key means here, or why a batch cannot have keys of which some are taken.
    const KEYS: Result<&'static str, &'static str>;

    /// The settings that differ from the queue's own defaults, in words.
    fn describe(settings: Settings) -> &'static str;
    fn setup(options: &Options) -> impl Future<Output = Result<(), Failure>> + Send;
    fn connect(options: &Options) -> impl Future<Output = Result<Self, Failure>> + Send;
    /// One call, one transaction.
    fn enqueue(
        &self,
        kind: &'static str,
        jobs: Vec<Payload>,
        keyed: bool,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
    /// Works on jobs of [`KIND`] until `stop` is ready.
    fn work(
        &self,
        options: &Options,
        handler: Handler,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    test: Test,
}

#[derive(Debug, Subcommand)]
enum Test {
    Setup,
    EnqueueOne {
        #[arg(long, default_value_t = 8)]
        clients: usize,
        #[arg(long)]
        seconds: f64,
    },
    EnqueueBulk {
        #[arg(long, default_value_t = 100)]
        batches: i64,
        #[arg(long, default_value_t = 1000)]
        size: i64,
        #[arg(long)]
        keyed_half_duplicates: bool,
    },
    Preload {
        #[arg(long)]
        jobs: i64,
        #[arg(long, default_value = KIND)]
        kind: String,
    },
    Drain {
        #[arg(long)]
        jobs: u64,
        #[arg(long, default_value_t = 60.0)]
        limit_seconds: f64,
    },
    Latency {
        #[arg(long, default_value_t = 100)]
        rate: u32,
        #[arg(long)]
        seconds: f64,
        #[arg(long, default_value_t = 30.0)]
        patience_seconds: f64,
    },
    Sustain {
        #[arg(long, default_value_t = 1000)]
        rate: u32,
        #[arg(long, default_value_t = 10)]
        batch: u32,
        #[arg(long)]
        seconds: f64,
        #[arg(long, default_value_t = 30.0)]
        patience_seconds: f64,
    },
    Work {
        #[arg(long, default_value_t = 0)]
        fail_once_percent: i64,
        #[arg(long)]
        effects: bool,
    },
}

/// Reads the command line, measures, and prints the line.
pub async fn main<C: Contestant>() -> Result<(), Failure> {
    let Line { options, test } = Line::parse();
    let (name, mut figures) = match test {
        Test::Setup => {
            C::setup(&options).await?;
            ("setup", json!({}))
        }
        Test::EnqueueOne { clients, seconds } => {
            ("enqueue-one", measure::enqueue_one::<C>(&options, clients, seconds).await?)
        }
        Test::EnqueueBulk { keyed_half_duplicates: true, .. } if C::KEYS.is_err() => {
            ("enqueue-bulk", json!({ "supported": false, "why": C::KEYS.err() }))
        }
        Test::EnqueueBulk { batches, size, keyed_half_duplicates } => {
            ("enqueue-bulk", measure::enqueue_bulk::<C>(&options, batches, size, keyed_half_duplicates).await?)
        }
        Test::Preload { jobs, kind } => {
            let kind = if kind == KIND { KIND } else { OTHER };
            ("preload", measure::preload::<C>(&options, jobs, kind).await?)
        }
        Test::Drain { jobs, limit_seconds } => ("drain", measure::drain::<C>(&options, jobs, limit_seconds).await?),
        Test::Latency { rate, seconds, patience_seconds } => {
            ("latency", measure::flow::<C>(&options, rate, 1, seconds, patience_seconds).await?)
        }
        Test::Sustain { rate, batch, seconds, patience_seconds } => {
            ("sustain", measure::flow::<C>(&options, rate, batch, seconds, patience_seconds).await?)
        }
        Test::Work { fail_once_percent, effects } => {
            ("work", measure::work::<C>(&options, fail_once_percent, effects).await?)
        }
    };
    let line = figures.as_object_mut().ok_or("a measurement is an object")?;
    line.insert("test".to_owned(), json!(name));
    line.insert("contestant".to_owned(), json!(C::NAME));
    line.insert("version".to_owned(), json!(C::VERSION));
    line.insert("settings".to_owned(), json!(C::describe(options.settings)));
    line.entry("supported").or_insert(json!(true));
    line.insert("cpu_seconds".to_owned(), json!(cpu_seconds()));
    println!("{figures}");
    Ok(())
}

/// Microseconds since 1970: sender and worker may be two processes of one machine.
pub fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// What this process has used so far, from the kernel's counters in hundredths of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: u32 = after_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u32>().ok()).sum();
    f64::from(ticks) / 100.0
}
