//! The worker: what follows from how a try ends, and what a worker does when it is stopped or can't be heard.

use std::{sync::atomic::Ordering, time::Duration};

use chrono::TimeDelta;
use server::worker::{Pace, QueueSettings, Worker};
use spectrum_core::{
    db::pool::PoolSizes,
    queue::{
        enqueue::NewJob,
        operate::{Filter, JobCard},
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::{
    TestApp,
    deeds::{Deeds, deed, effects, make_effect_table},
};

/// A worker of deeds, at work.
struct AtWork {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl AtWork {
    fn begin(deeds: &Deeds, app: &TestApp, pace: Pace) -> Self {
        let queue =
            QueueSettings { queue: "upkeep".to_owned(), concurrency: 25, held: 50, lease: Duration::from_mins(10) };
        let stop = CancellationToken::new();
        let worker = Worker::new(app.services.clone(), deeds.clone(), vec![queue], pace, "test".to_owned());
        Self { task: tokio::task::spawn(worker.run(stop.clone())), stop }
    }

    async fn end(self) {
        self.stop.cancel();
        self.task.await.expect("the worker ends");
    }
}

/// As in production, but asking more often.
fn pace() -> Pace {
    Pace::new(Duration::from_secs(45), Duration::from_millis(20))
}

/// Asks again until it is so. A test that waits in vain is ended by its runner; no time is part of what it says.
async fn until<F: Future<Output = bool>>(so: impl Fn() -> F) {
    let patience = tokio::time::timeout(Duration::from_mins(2), async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    patience.await.expect("it comes about");
}

impl TestApp {
    async fn jobs_left(&self) -> Vec<JobCard> {
        self.services.list_jobs(&Filter::default(), 100).await.expect("a list")
    }

    async fn enqueue(&self, kind: &'static str) {
        let job = deed(kind, 1, self.services.ambient().now());
        self.services.enqueue_jobs(&[job]).await.expect("a place");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_follows_from_how_a_try_ends(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let kinds =
        ["nothing", "needless", "fail", "panic", "wait_in_vain", "come_later", "snooze", "hopeless", "from_the_future"];
    for kind in kinds {
        app.enqueue(kind).await;
    }
    let late =
        NewJob { expires_at: Some(app.services.ambient().now()), ..deed("fail", 2, app.services.ambient().now()) };
    app.services.enqueue_jobs(&[late]).await.expect("a place");
    let worker = AtWork::begin(&Deeds::new(&app.services), &app, pace());
    let begun = app.services.ambient().now();
    let settled = async || app.jobs_left().await.iter().all(|job| job.standing == "dead" || job.at > begun);
    until(async || app.jobs_left().await.len() == 7 && settled().await).await;
    worker.end().await;

    let left = app.jobs_left().await;
    let of = |kind: &str| left.iter().find(|job| job.kind == kind);
    let error = |kind: &str| of(kind).and_then(|job| job.errors[0]["error"].as_str().map(str::to_owned));
    assert!(of("nothing").is_none() && of("needless").is_none(), "both are done");
    assert_eq!(left.iter().filter(|job| job.kind == "fail").count(), 1, "what had run out was not even tried");
    for (kind, why) in
        [("fail", "it was meant to fail"), ("panic", "its handler panicked"), ("wait_in_vain", "it took too long")]
    {
        let job = of(kind).expect(kind);
        assert_eq!((job.attempt, error(kind).as_deref()), (1, Some(why)), "{job:?}");
        let pause = (job.at - begun).num_milliseconds();
        assert!((5_000..=15_000).contains(&pause), "{kind}: around ten seconds, {pause} ms");
    }
    let exactly = |kind: &str| of(kind).map(|job| (job.attempt, (job.at - begun).num_seconds()));
    assert_eq!(exactly("come_later"), Some((1, 77)), "it was said when to come again, and it counts");
    assert_eq!(exactly("snooze"), Some((0, 33)), "it does not count");
    assert_eq!(exactly("from_the_future"), Some((0, 60)), "left to a newer worker");
    let hopeless = of("hopeless").expect("dead");
    assert_eq!((hopeless.standing.as_str(), hopeless.reason.as_deref()), ("dead", Some("permanent")));
    assert_eq!(error("hopeless").as_deref(), Some("nobody can do that"));
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_job_is_tried_with_growing_pauses_and_dies_after_the_last(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    app.enqueue("fail").await;
    app.enqueue("fail_twice").await;
    let worker = AtWork::begin(&Deeds::new(&app.services), &app, pace());
    for attempt in 1..=4 {
        let tried = async || {
            let left = app.jobs_left().await;
            left.iter().any(|job| job.kind == "fail" && job.attempt == attempt && job.standing != "running")
        };
        until(tried).await;
        app.clock.advance(TimeDelta::seconds(60));
    }
    until(async || app.jobs_left().await.len() == 1).await;
    worker.end().await;
    let dead = app.jobs_left().await.remove(0);
    assert_eq!((dead.kind.as_str(), dead.reason.as_deref(), dead.attempt), ("fail", Some("attempts"), 4));
    assert_eq!(dead.errors.as_array().map(Vec::len), Some(4), "its whole history");
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn eight_workers_do_ten_thousand_jobs_once_each(_: PgPoolOptions, database: PgConnectOptions) {
    let sizes = PoolSizes { web: 2, ingest: 2, worker: 24, system: 2, staff: 2, push: 1 };
    let app = TestApp::with_pools(database, sizes).await;
    let mut owner = app.owner().await;
    make_effect_table(&mut owner).await;
    let now = app.services.ambient().now();
    for batch in 0..10 {
        let jobs: Vec<NewJob> = (0..1_000).map(|n| deed("mark", 1_000 * batch + n, now)).collect();
        assert_eq!(app.services.enqueue_jobs(&jobs).await.expect("a place"), 1_000);
    }
    let deeds = Deeds::new(&app.services);
    let workers: Vec<AtWork> = (0..8).map(|_| AtWork::begin(&deeds, &app, pace())).collect();
    until(async || app.jobs_left().await.is_empty()).await;
    for worker in workers {
        worker.end().await;
    }
    assert_eq!(effects(&mut owner).await, (10_000, 10_000));
    let stats = app.services.job_stats(60).await.expect("statistics");
    assert_eq!(stats.iter().map(|stat| (stat.outcome.as_str(), stat.n)).collect::<Vec<_>>(), [("done", 10_000)]);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_worker_that_is_stopped_gives_back_what_it_can_not_end(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    app.enqueue("wait").await;
    let deeds = Deeds::new(&app.services);
    let worker = AtWork::begin(&deeds, &app, Pace { grace: Duration::from_millis(50), ..pace() });
    deeds.begun.notified().await;
    worker.end().await;
    let job = app.jobs_left().await.remove(0);
    assert_eq!((job.standing.as_str(), job.attempt, job.crashes), ("waiting", 0, 0), "the try does not count");
    assert_eq!(deeds.waited_out.load(Ordering::Relaxed), 0);
    let workers: i64 =
        sqlx::query_scalar("SELECT count(*) FROM job_worker").fetch_one(&mut app.owner().await).await.expect("n");
    assert_eq!(workers, 0, "it has signed off");
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_worker_that_nobody_hears_stops_what_it_runs_and_comes_back(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    app.enqueue("wait").await;
    let deeds = Deeds::new(&app.services);
    let worker = AtWork::begin(&deeds, &app, Pace::new(Duration::from_secs(3), Duration::from_millis(20)));
    deeds.begun.notified().await;
    let first = holder(&app).await.expect("a worker holds it");
    // Its heartbeats wait for a lock until the database ends them.
    sqlx::raw_sql("BEGIN; LOCK TABLE job_worker IN EXCLUSIVE MODE").execute(&mut owner).await.expect("locked");
    tokio::time::sleep(Duration::from_secs(4)).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut owner).await.expect("unlocked");
    // The same worker takes the job again under a new name.
    deeds.begun.notified().await;
    until(async || holder(&app).await.is_some_and(|now| now != first)).await;
    assert_eq!(deeds.waited_out.load(Ordering::Relaxed), 0, "the first run was stopped in the middle");
    let job = app.jobs_left().await.remove(0);
    assert_eq!((job.attempt, job.crashes), (1, 0), "it was given back, and nobody was blamed: {job:?}");
    worker.stop.cancel();
    worker.task.abort();
    app.close().await;
}

async fn holder(app: &TestApp) -> Option<uuid::Uuid> {
    app.jobs_left().await.first().and_then(|job| job.worker_id)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_paused_queue_is_left_alone_and_goes_on_when_it_is_resumed(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    app.services.pause_queue("upkeep", true, "a test").await.expect("paused");
    app.enqueue("nothing").await;
    let worker = AtWork::begin(&Deeds::new(&app.services), &app, pace());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(app.jobs_left().await.len(), 1);
    app.services.pause_queue("upkeep", false, "a test").await.expect("resumed");
    until(async || app.jobs_left().await.is_empty()).await;
    worker.end().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_worker_that_hears_nothing_still_asks_and_one_that_hears_need_not(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let slow = Pace::new(Duration::from_hours(1), Duration::from_hours(1));
    let worker = AtWork::begin(&Deeds::new(&app.services), &app, slow);
    let stop = CancellationToken::new();
    let teller = tokio::task::spawn(server::worker::tell_workers(app.services.clone(), stop.clone()));
    for n in 0..20 {
        // An hour's pause between two questions: only the word can bring it here.
        let job = deed("nothing", n, app.services.ambient().now());
        app.services.enqueue_jobs(&[job]).await.expect("a place");
        until(async || app.jobs_left().await.is_empty()).await;
    }
    stop.cancel();
    teller.await.expect("it ends");
    worker.end().await;
    let worker = AtWork::begin(&Deeds::new(&app.services), &app, pace());
    app.enqueue("fail_twice").await;
    until(async || app.jobs_left().await.iter().any(|job| job.attempt == 1 && job.standing == "waiting")).await;
    worker.end().await;
    app.close().await;
}
