//! Workers as processes of their own, killed in the middle: this test binary runs itself again as the child.

use std::{
    process::{Child, Command, Stdio},
    str::FromStr as _,
    time::Duration,
};

use server::{
    compose,
    config::process_environment,
    worker::{Pace, QueueSettings, Worker},
};
use spectrum_core::{
    Services,
    db::{
        pool::{PoolSizes, Pools},
        seal::MasterKey,
    },
    ingest::accept_events::IngestPolicy,
    queue::{
        enqueue::NewJob,
        operate::{Filter, JobCard},
    },
};
use sqlx::{
    ConnectOptions as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio_util::sync::CancellationToken;

use crate::support::{
    TestApp,
    deeds::{Deeds, deed, effects, make_effect_table},
};

/// Where the child finds the database of the test that started it.
const DATABASE: &str = "SPECTRUM_TEST_CHILD_DATABASE";

/// A dead worker is taken for dead soon, and a living one that the machine holds up for a moment is not.
const DEAD_AFTER: Duration = Duration::from_secs(4);

fn services(database: &PgConnectOptions) -> Services {
    let sizes = PoolSizes { web: 1, ingest: 1, worker: 6, system: 1, staff: 2, push: 1 };
    let ingest = IngestPolicy { idle: chrono::TimeDelta::minutes(30) };
    Services::new(Pools::new(database, sizes), compose::ambient(), MasterKey::new("test", [7; 32]), ingest)
}

/// Not a test: what a child does, until it is killed.
#[tokio::test]
#[ignore = "the other tests of this file run it as a process of its own"]
async fn child() {
    let Some(url) = process_environment(DATABASE) else { return };
    let services = services(&PgConnectOptions::from_str(&url).expect("an address"));
    let queue = QueueSettings { queue: "upkeep".to_owned(), concurrency: 8, held: 16, lease: Duration::from_mins(10) };
    let pace = Pace::new(DEAD_AFTER, Duration::from_millis(20));
    let worker = Worker::new(services.clone(), Deeds::new(&services), vec![queue], pace, "child".to_owned());
    worker.run(CancellationToken::new()).await;
}

/// A worker in a process of its own; killed when it is dropped.
struct Process(Child);

impl Process {
    fn start(database: &PgConnectOptions) -> Self {
        let binary = std::env::current_exe().expect("this test");
        let child = Command::new(binary)
            .args(["--exact", "processes::child", "--ignored", "--nocapture"])
            .env(DATABASE, database.to_url_lossy().as_str())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.expect("a process"))
    }

    /// SIGKILL: nothing of it runs any further.
    fn kill(&mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("gone");
    }

    fn is_gone(&mut self) -> bool {
        self.0.try_wait().expect("an answer").is_some()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The queue as the test looks at it: by the clock of the machine, as its children do.
struct Watched {
    app: TestApp,
    services: Services,
    database: PgConnectOptions,
}

impl Watched {
    async fn new(database: PgConnectOptions) -> Self {
        let app = TestApp::new(database.clone()).await;
        make_effect_table(&mut app.owner().await).await;
        Self { services: services(&database), app, database }
    }

    async fn enqueue(&self, kind: &'static str, jobs: std::ops::Range<usize>) {
        let now = self.services.ambient().now();
        let jobs: Vec<NewJob> = jobs.map(|n| deed(kind, n, now)).collect();
        self.services.enqueue_jobs(&jobs).await.expect("a place");
    }

    async fn jobs(&self) -> Vec<JobCard> {
        self.services.list_jobs(&Filter::default(), 1_000).await.expect("a list")
    }

    async fn until(&self, so: impl Fn(&[JobCard]) -> bool) -> Vec<JobCard> {
        let asked = async {
            loop {
                let jobs = self.jobs().await;
                if so(&jobs) {
                    return jobs;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(3), asked).await.expect("it comes about")
    }

    async fn close(self) {
        self.services.pools().close().await;
        self.app.close().await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_jobs_of_a_killed_worker_are_done_by_another(_: PgPoolOptions, database: PgConnectOptions) {
    let watched = Watched::new(database).await;
    watched.enqueue("wait", 0..1).await;
    let mut first = Process::start(&watched.database);
    let held = watched.until(|jobs| jobs.iter().any(|job| job.standing == "running")).await.remove(0);
    first.kill();
    let second = Process::start(&watched.database);
    let rescued = watched
        .until(|jobs| jobs.iter().any(|job| job.standing == "running" && job.worker_id != held.worker_id))
        .await
        .remove(0);
    assert_eq!((rescued.id, rescued.attempt, rescued.crashes), (held.id, 2, 1), "the crash is counted");
    assert_eq!(rescued.errors[0]["error"], "its worker was lost or hung");
    drop(second);
    watched.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_job_that_takes_its_worker_with_it_is_buried_after_the_third(_: PgPoolOptions, database: PgConnectOptions) {
    let watched = Watched::new(database).await;
    watched.enqueue("abort", 0..1).await;
    watched.enqueue("mark", 0..1).await;
    let mut worker = Process::start(&watched.database);
    let mut died = 0;
    let dead = loop {
        if worker.is_gone() {
            died += 1;
            worker = Process::start(&watched.database);
        }
        let jobs = watched.jobs().await;
        if let Some(dead) = jobs.iter().find(|job| job.standing == "dead") {
            break dead.clone();
        }
        assert!(died <= 6, "it goes on for ever");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!((dead.kind.as_str(), dead.reason.as_deref(), dead.crashes), ("abort", Some("poison"), 3));
    assert_eq!(died, 3);
    // What shared a worker with it was not buried with it.
    watched.until(|jobs| jobs.iter().all(|job| job.standing == "dead")).await;
    assert_eq!(effects(&mut watched.app.owner().await).await, (1, 1));
    drop(worker);
    watched.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn workers_that_are_killed_again_and_again_do_every_job_once_in_effect(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let watched = Watched::new(database).await;
    for batch in 0..4 {
        watched.enqueue("mark", 1_000 * batch..1_000 * (batch + 1)).await;
    }
    let mut owner = watched.app.owner().await;
    let mut workers = [Process::start(&watched.database), Process::start(&watched.database)];
    for (kill, share) in [(0, 500), (1, 1_200), (0, 2_000), (1, 3_000)] {
        let asked = async {
            while effects(&mut owner).await.0 < share {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(2), asked).await.expect("they work");
        let worker: &mut Process = &mut workers[kill];
        worker.kill();
        *worker = Process::start(&watched.database);
    }
    watched.until(<[JobCard]>::is_empty).await;
    assert_eq!(effects(&mut owner).await, (4_000, 4_000));
    drop(workers);
    watched.close().await;
}
