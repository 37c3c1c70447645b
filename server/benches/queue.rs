//! Our queue as a contestant of the queue bench: its own statements and its own worker, with handlers that do what all
//! contestants' do. `benches/peers/README.md` has the protocol.

#![expect(clippy::disallowed_methods, reason = "this program is a measurement and ends when it is taken")]

use std::{str::FromStr as _, time::Duration};

use bench_protocol::{Contestant, Failure, Handler, KIND, Options, Payload, Settings};
use chrono::TimeDelta;
use server::{
    compose,
    worker::{Handlers, JobError, Outcome, Pace, Policy, QueueSettings, Tried, Worker, tell_workers},
};
use spectrum_core::{
    Services,
    db::{
        migrate,
        pool::{PoolSizes, Pools},
        seal::MasterKey,
    },
    ingest::accept_events::IngestPolicy,
    queue::{
        claim::ClaimedJob,
        enqueue::{NewJob, job_key},
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Where jobs of [`KIND`] wait; others wait in another queue, as our kinds do.
const QUEUE: &str = "analysis";
const OTHER_QUEUE: &str = "rollup";

struct Ours {
    services: Services,
}

#[derive(Clone)]
struct Bench(Handler);

impl Handlers for Bench {
    fn policy(&self, _: &str) -> Option<Policy> {
        // As of our short kinds.
        let (base, cap) = (Duration::from_secs(5), Duration::from_mins(15));
        Some(Policy { timeout: Duration::from_secs(30), attempts: 10, base, cap })
    }

    fn run<'a>(&'a self, job: &'a ClaimedJob) -> Tried<'a> {
        Box::pin(async move {
            let Ok(payload) = serde_json::from_value::<Payload>(job.payload.clone()) else {
                return Ok(Outcome::Dead("no payload of the bench".to_owned()));
            };
            match self.0.run(payload, job.attempt == 1).await {
                Ok(()) => Ok(Outcome::Done),
                Err(_) => Err(JobError::Other("fails once")),
            }
        })
    }
}

impl Contestant for Ours {
    const NAME: &'static str = "ours";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const UNFINISHED: &'static str = "SELECT EXISTS (SELECT FROM job WHERE queue = 'analysis')";
    const KEYS: Result<&'static str, &'static str> = Ok("every job has one, kept for 60 days beyond its end");

    fn describe(_: Settings) -> &'static str {
        "as shipped for short jobs: claims and completions of up to 500, twenty held for each that runs; dead after 45 s unheard"
    }

    async fn setup(options: &Options) -> Result<(), Failure> {
        let pool = PgPoolOptions::new().max_connections(1).connect(&options.database_url).await?;
        migrate::MIGRATOR.run(&pool).await?;
        pool.close().await;
        Ok(())
    }

    async fn connect(options: &Options) -> Result<Self, Failure> {
        let sizes = PoolSizes { web: 1, ingest: 1, worker: options.connections, system: 1, staff: 1, push: 1 };
        let pools = Pools::new(&PgConnectOptions::from_str(&options.database_url)?, sizes);
        let policy = IngestPolicy { idle: TimeDelta::minutes(30) };
        let services = Services::new(pools, compose::ambient(), MasterKey::new("bench", [0; 32]), policy);
        tokio::spawn(tell_workers(services.clone(), CancellationToken::new()));
        Ok(Self { services })
    }

    async fn enqueue(&self, kind: &'static str, jobs: Vec<Payload>, keyed: bool) -> Result<(), Failure> {
        let now = self.services.ambient().now();
        let jobs: Vec<NewJob> = jobs
            .into_iter()
            .map(|job| {
                Ok(NewJob {
                    queue: if kind == KIND { QUEUE } else { OTHER_QUEUE },
                    kind,
                    payload: serde_json::to_value(job)?,
                    member_id: None,
                    run_at: now,
                    expires_at: None,
                    bucket: now.date_naive(),
                    key: if keyed { job_key(kind, &[&job.n.to_le_bytes()]) } else { Uuid::from_bytes(rand::random()) },
                })
            })
            .collect::<Result<_, Failure>>()?;
        self.services.enqueue_jobs(&jobs).await?;
        Ok(())
    }

    async fn work(
        &self,
        options: &Options,
        handler: Handler,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Failure> {
        let queue = QueueSettings::short(QUEUE, options.concurrency, Duration::from_secs(30));
        let pace = Pace::new(Duration::from_secs(45), Duration::from_secs(1));
        let worker = Worker::new(self.services.clone(), Bench(handler), vec![queue], pace, "bench".to_owned());
        let told = CancellationToken::new();
        let tell = told.clone();
        tokio::spawn(async move {
            stop.await;
            tell.cancel();
        });
        worker.run(told).await;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    bench_protocol::main::<Ours>().await
}
