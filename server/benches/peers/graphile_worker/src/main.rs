//! `graphile_worker` as a contestant: the Rust port of Graphile Worker.

use std::time::Duration;

use bench_protocol::{Contestant, Failure, Handler, KIND, Options, Payload, Settings};
use graphile_worker::{
    IntoTaskHandlerResult, JobKeyMode, JobSpec, LocalQueueConfig, RawJobSpec, TaskHandler, WorkerContext,
    WorkerOptions, WorkerUtils,
};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

const SCHEMA: &str = "graphile_worker";

struct GraphileWorker {
    pool: PgPool,
    utils: WorkerUtils,
}

#[derive(Serialize, Deserialize)]
struct Task(Payload);

impl TaskHandler for Task {
    const IDENTIFIER: &'static str = KIND;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(handler) = context.get_ext::<Handler>() else { return Err("no handler".to_owned()) };
        handler.run(self.0, *context.job().attempts() == 1).await.map_err(|error| error.to_string())
    }
}

impl Contestant for GraphileWorker {
    const NAME: &'static str = "graphile_worker";
    const VERSION: &'static str = "0.14.1";
    const UNFINISHED: &'static str = "SELECT EXISTS (SELECT 1 FROM graphile_worker._private_jobs j
        JOIN graphile_worker._private_tasks t ON t.id = j.task_id WHERE t.identifier = 'bench')";
    const KEYS: Result<&'static str, &'static str> =
        Ok("job_key, mode replace: unique while the job waits; a duplicate overwrites it");

    fn describe(settings: Settings) -> &'static str {
        match settings {
            Settings::Default => "its defaults",
            Settings::Fast => {
                "local queue 500, completions and failures batched for 5 ms; recovery on: heartbeat 10 s, sweep 10 s, \
                 dead after 45 s, delay 5 s"
            }
        }
    }

    async fn setup(options: &Options) -> Result<(), Failure> {
        Self::connect(options).await?.utils.migrate().await?;
        Ok(())
    }

    async fn connect(options: &Options) -> Result<Self, Failure> {
        let pool = PgPoolOptions::new().max_connections(options.connections).connect(&options.database_url).await?;
        let utils = WorkerUtils::new(pool.clone(), SCHEMA);
        Ok(Self { pool, utils })
    }

    async fn enqueue(&self, kind: &'static str, jobs: Vec<Payload>, keyed: bool) -> Result<(), Failure> {
        if let ([job], false) = (jobs.as_slice(), keyed) {
            self.utils.add_raw_job(kind, job, JobSpec::default()).await?;
            return Ok(());
        }
        let jobs = jobs
            .into_iter()
            .map(|job| {
                let spec = JobSpec {
                    job_key: keyed.then(|| job.n.to_string()),
                    job_key_mode: keyed.then_some(JobKeyMode::Replace),
                    ..JobSpec::default()
                };
                Ok(RawJobSpec { identifier: kind.to_owned(), payload: serde_json::to_value(job)?, spec })
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        self.utils.add_raw_jobs(&jobs).await?;
        Ok(())
    }

    async fn work(
        &self,
        options: &Options,
        handler: Handler,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Failure> {
        let mut worker = WorkerOptions::default()
            .pg_pool(self.pool.clone())
            .schema(SCHEMA)
            .concurrency(options.concurrency)
            .listen_os_shutdown_signals(false)
            .shutdown_signal(stop)
            .add_extension(handler)
            .define_job::<Task>();
        if options.settings == Settings::Fast {
            let batch = Duration::from_millis(5);
            worker = worker
                .local_queue(LocalQueueConfig::default().with_size(500))
                .complete_job_batch_delay(batch)
                .fail_job_batch_delay(batch)
                .heartbeat_interval(Duration::from_secs(10))
                .sweep_interval(Duration::from_secs(10))
                .sweep_threshold(Duration::from_secs(45))
                .recovery_delay(Duration::from_secs(5));
        }
        worker.init().await?.run().await?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    bench_protocol::main::<GraphileWorker>().await
}
