//! `apalis` on `apalis-postgres` as a contestant.

use std::pin::Pin;
use std::time::Duration;

use apalis::prelude::*;
use apalis_postgres::{Config, PostgresStorage, queries};
use bench_protocol::{Contestant, Failure, Handler, KIND, Options, Payload, Settings};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

struct Apalis {
    pool: PgPool,
}

async fn run(job: Payload, handler: Data<Handler>, attempt: Attempt) -> Result<(), BoxDynError> {
    handler.run(job, attempt.current() <= 1).await
}

impl Contestant for Apalis {
    const NAME: &'static str = "apalis_postgres";
    const VERSION: &'static str = "1.0.0";
    // Finished rows stay: empty is when all are done.
    const UNFINISHED: &'static str = "SELECT EXISTS (SELECT 1 FROM apalis.jobs WHERE job_type = 'bench'
        AND status NOT IN ('Done', 'Killed') AND NOT (status = 'Failed' AND attempts >= max_attempts))";
    const KEYS: Result<&'static str, &'static str> =
        Err("a taken idempotency key is an error that undoes its whole batch");

    fn describe(settings: Settings) -> &'static str {
        match settings {
            Settings::Default => "its defaults (batches of 10, no listener)",
            Settings::Fast => {
                "batches of 500, listener and a poll every second, no lock per task, tasks spawned; heartbeat 10 s, \
                 dead after 4 missed"
            }
        }
    }

    async fn setup(options: &Options) -> Result<(), Failure> {
        PostgresStorage::setup(&Self::connect(options).await?.pool).await?;
        Ok(())
    }

    async fn connect(options: &Options) -> Result<Self, Failure> {
        let pool = PgPoolOptions::new().max_connections(options.connections).connect(&options.database_url).await?;
        Ok(Self { pool })
    }

    async fn enqueue(&self, kind: &'static str, jobs: Vec<Payload>, _keyed: bool) -> Result<(), Failure> {
        let tasks = jobs
            .iter()
            .map(|job| Ok(TaskBuilder::new(serde_json::to_vec(job)?).build()))
            .collect::<Result<Vec<_>, Failure>>()?;
        let mut connection = self.pool.acquire().await?;
        queries::push_tasks(&mut *connection, kind, tasks).await?;
        Ok(())
    }

    async fn work(
        &self,
        options: &Options,
        handler: Handler,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Failure> {
        worker(&self.pool, options, handler, stop).await?;
        Ok(())
    }
}

type Running = Pin<Box<dyn Future<Output = Result<(), WorkerError>> + Send>>;

/// No `async fn`: the compiler cannot tell that such a worker may move between threads once it is inside of one.
fn worker(
    pool: &PgPool,
    options: &Options,
    handler: Handler,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Running {
    let name = format!("{KIND}-{}", std::process::id());
    let stop = async move {
        stop.await;
        Ok::<(), std::io::Error>(())
    };
    let config = Config::default().queue(KIND);
    let storage = PostgresStorage::<Payload>::new(pool);
    match options.settings {
        Settings::Default => {
            let worker = WorkerBuilder::new(name)
                .backend(storage.with_config(config))
                .data(handler)
                .concurrency(options.concurrency)
                .build(run);
            Box::pin(worker.run_until(stop))
        }
        Settings::Fast => {
            let config = config
                .batch_size(500)
                .lock_tasks(false)
                .heartbeat_interval(Duration::from_secs(10))
                .missed_heartbeats(4);
            let backend = storage.with_config(config).with_pubsub().poll_with_interval(Duration::from_secs(1));
            let worker = WorkerBuilder::new(name)
                .backend(backend)
                .data(handler)
                .concurrency(options.concurrency)
                .parallelize(tokio::spawn)
                .build(run);
            Box::pin(worker.run_until(stop))
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    bench_protocol::main::<Apalis>().await
}
