//! The queue's statements: each job in once, out to one worker at a time, and ended only by the one who holds it.

use std::time::Duration;

use chrono::TimeDelta;
use spectrum_core::{
    ServiceError,
    db::{
        pool::{Duty, PoolSizes},
        scope::plain_transaction,
    },
    queue::{
        claim::ClaimedJob,
        enqueue::{NewJob, enqueue, enqueue_again},
        finish::{self, Death},
        liveness::{MOST_CRASHES, WorkerCard},
        operate::Filter,
    },
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{TestApp, deeds::deed};

const LONG: Duration = Duration::from_mins(5);
const QUEUE: &str = "upkeep";

async fn count(owner: &mut PgConnection, table: &'static str) -> i64 {
    sqlx::query_scalar(match table {
        "job" => "SELECT count(*) FROM job",
        "job_dead" => "SELECT count(*) FROM job_dead",
        "job_key" => "SELECT count(*) FROM job_key",
        other => panic!("{other} is not counted"),
    })
    .fetch_one(owner)
    .await
    .expect("a count")
}

impl TestApp {
    async fn put(&self, jobs: &[NewJob]) -> u64 {
        self.services.enqueue_jobs(jobs).await.expect("a place in the queue")
    }

    async fn take(&self, worker: u128, most: i64) -> Vec<ClaimedJob> {
        self.services.claim_jobs(QUEUE, Uuid::from_u128(worker), most, LONG).await.expect("a claim")
    }

    /// Says that a worker lives.
    async fn hear(&self, worker: u128) {
        let card = WorkerCard {
            id: Uuid::from_u128(worker),
            host: "test".to_owned(),
            version: "0".to_owned(),
            queues: vec![QUEUE.to_owned()],
        };
        self.services.heartbeat(&card, false).await.expect("a heartbeat");
    }

    async fn done(&self, job: &ClaimedJob) -> u64 {
        let jobs = [(job.id, job.attempt)];
        self.services.complete_jobs(&job.queue, job.worker_id, &jobs).await.expect("an answer")
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_asked_for_a_hundred_times_at_once_is_one_job(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let now = app.services.ambient().now();
    let asked: Vec<_> = (0..100)
        .map(|_| {
            let services = app.services.clone();
            tokio::task::spawn(
                async move { services.enqueue_jobs(&[deed("nothing", 1, now)]).await.expect("an answer") },
            )
        })
        .collect();
    let mut new = 0;
    for one in asked {
        new += one.await.expect("a task");
    }
    assert_eq!((new, app.take(1, 100).await.len()), (1, 1));
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_is_remembered_after_its_job_is_done(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let now = app.services.ambient().now();
    assert_eq!(app.put(&[deed("nothing", 1, now), deed("nothing", 2, now), deed("nothing", 1, now)]).await, 2);
    assert_eq!(app.put(&[deed("nothing", 2, now), deed("nothing", 3, now)]).await, 1, "one of them was known");
    for job in app.take(1, 10).await {
        assert_eq!(app.done(&job).await, 1);
    }
    assert_eq!(app.put(&[deed("nothing", 1, now), deed("nothing", 2, now)]).await, 0);

    // Only who knows that the work is undone may ask for it again.
    let mut owner = app.owner().await;
    assert_eq!(
        enqueue_again(&mut owner, &[deed("nothing", 1, now), deed("nothing", 4, now)], now).await.expect("put"),
        2
    );
    assert_eq!(enqueue_again(&mut owner, &[deed("nothing", 1, now)], now).await.expect("put"), 0, "it waits");
    let held = app.take(1, 10).await;
    assert_eq!(enqueue_again(&mut owner, &[deed("nothing", 1, now)], now).await.expect("put"), 0, "it runs");
    for job in &held {
        app.services.bury_job(job, Death::Permanent, "a test").await.expect("buried");
    }
    assert_eq!(enqueue_again(&mut owner, &[deed("nothing", 1, now)], now).await.expect("put"), 0, "it is dead");
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_job_goes_back_with_the_transaction_that_asked_for_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let (now, mut owner) = (app.services.ambient().now(), app.owner().await);
    let mut transaction = plain_transaction(app.services.pools().of(Duty::Worker)).await.expect("a transaction");
    assert_eq!(enqueue(&mut transaction, &[deed("nothing", 1, now)], now).await.expect("put"), 1);
    transaction.rollback().await.expect("gone");
    assert_eq!((count(&mut owner, "job").await, count(&mut owner, "job_key").await), (0, 0));
    assert_eq!(app.put(&[deed("nothing", 1, now)]).await, 1, "its key is free");
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn jobs_come_in_the_order_of_their_hour_and_not_before(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let now = app.services.ambient().now();
    let at = |n: usize, minutes| deed("nothing", n, now + TimeDelta::minutes(minutes));
    app.put(&[at(1, 0), at(2, -5), at(3, 5), at(4, -9)]).await;
    let order: Vec<i64> = app.take(1, 10).await.iter().map(|job| job.payload["n"].as_i64().expect("n")).collect();
    assert_eq!(order, [4, 2, 1]);
    app.clock.advance(TimeDelta::minutes(5));
    assert_eq!(app.take(1, 10).await.len(), 1);
    assert!(app.take(2, 10).await.is_empty());
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_has_lost_a_job_can_do_nothing_to_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let now = app.services.ambient().now();
    app.hear(2).await;
    app.put(&[deed("nothing", 1, now)]).await;
    let zombie = app.take(1, 1).await.remove(0);
    // Worker 1 was never heard of, so its job is given to worker 2.
    let rescued = app.services.rescue_jobs(LONG, LONG).await.expect("a rescue");
    assert_eq!((rescued.put_back, rescued.buried), (1, 0));
    app.clock.advance(TimeDelta::seconds(10));
    let held = app.take(2, 1).await.remove(0);
    assert_eq!((held.id, held.attempt), (zombie.id, 2));

    let lost = |result: Result<(), ServiceError>| matches!(result, Err(ServiceError::LeaseLost));
    assert_eq!(app.done(&zombie).await, 0);
    let mut transaction = plain_transaction(app.services.pools().of(Duty::Worker)).await.expect("a transaction");
    assert!(!finish::complete(&mut transaction, &zombie).await.expect("an answer"));
    transaction.rollback().await.expect("gone");
    assert!(lost(app.services.retry_job(&zombie, now, "late").await));
    assert!(lost(app.services.snooze_job(&zombie, now).await));
    assert!(lost(app.services.bury_job(&zombie, Death::Permanent, "late").await));
    assert_eq!(app.services.give_jobs_back(zombie.worker_id).await.expect("an answer"), 0);
    // Nor can the same worker with an older try.
    let older = ClaimedJob { attempt: 1, ..held.clone() };
    assert_eq!((app.done(&older).await, app.done(&held).await, app.done(&held).await), (0, 1, 0));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_third_worker_lost_with_a_job_buries_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let now = app.services.ambient().now();
    app.put(&[deed("nothing", 1, now)]).await;
    for crash in 1..=MOST_CRASHES {
        app.hear(7).await;
        let job = app.take(7, 1).await.remove(0);
        assert_eq!(i32::from(job.attempt), crash);
        let nobody = app.services.rescue_jobs(LONG, LONG).await.expect("a rescue");
        assert_eq!((nobody.put_back, nobody.buried), (0, 0), "the worker was just heard");
        // Silent for longer than no time at all.
        let rescued = app.services.rescue_jobs(Duration::ZERO, LONG).await.expect("a rescue");
        assert_eq!((rescued.put_back, rescued.buried), if crash < MOST_CRASHES { (1, 0) } else { (0, 1) });
        app.clock.advance(TimeDelta::seconds(10));
    }
    let dead = app.services.list_jobs(&Filter::default(), 10).await.expect("a list").remove(0);
    assert_eq!((dead.reason.as_deref(), i32::from(dead.crashes)), (Some("poison"), MOST_CRASHES));
    assert_eq!(dead.errors.as_array().map(Vec::len), usize::try_from(MOST_CRASHES).ok(), "{}", dead.errors);
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_job_past_its_lease_is_taken_from_a_worker_that_lives(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let now = app.services.ambient().now();
    app.put(&[deed("nothing", 1, now), deed("nothing", 2, now)]).await;
    app.hear(1).await;
    let hung = app.services.claim_jobs(QUEUE, Uuid::from_u128(1), 1, Duration::ZERO).await.expect("a claim").remove(0);
    let held = app.take(1, 1).await.remove(0);
    let rescued = app.services.rescue_jobs(LONG, Duration::ZERO).await.expect("a rescue");
    assert_eq!((rescued.put_back, rescued.buried), (1, 0));
    assert_eq!((app.done(&hung).await, app.done(&held).await), (0, 1));
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_dead_job_comes_back_as_new_and_keeps_its_history(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let now = app.services.ambient().now();
    app.put(&[deed("nothing", 1, now), deed("nothing", 2, now)]).await;
    for job in app.take(1, 2).await {
        app.services.bury_job(&job, Death::Attempts, "it broke").await.expect("buried");
    }
    let dead = app.services.list_jobs(&Filter::default(), 10).await.expect("a list");
    assert_eq!(app.services.revive_jobs(&Filter::default(), Some(dead[0].id)).await.expect("an answer"), 1);
    assert_eq!(app.services.revive_jobs(&Filter::default(), Some(dead[0].id)).await.expect("an answer"), 0, "it lives");
    let job = app.take(2, 10).await.remove(0);
    assert_eq!((job.id, job.attempt), (dead[0].id, 1));
    let shown = app.services.show_job(job.id).await.expect("an answer").expect("the job");
    assert_eq!(shown.errors[0]["error"], "it broke");
    let kind = Filter { kind: Some("nothing".to_owned()), ..Filter::default() };
    assert_eq!(app.services.revive_jobs(&kind, None).await.expect("an answer"), 1, "all that are meant");
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_errors_the_last_are_kept_and_each_is_cut(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    app.put(&[deed("nothing", 1, app.services.ambient().now())]).await;
    for n in 1..=8 {
        let job = app.take(1, 1).await.remove(0);
        let why = format!("{n} {}", "ü".repeat(600));
        app.services.retry_job(&job, app.services.ambient().now(), &why).await.expect("put back");
    }
    let job = app.services.list_jobs(&Filter::default(), 1).await.expect("a list").remove(0);
    let errors = job.errors.as_array().expect("a list").clone();
    let first: Vec<char> =
        errors.iter().map(|e| e["error"].as_str().expect("text").chars().next().expect("a letter")).collect();
    assert_eq!(first, ['4', '5', '6', '7', '8']);
    assert!(errors.iter().all(|error| error["error"].as_str().is_some_and(|text| text.chars().count() == 500)));
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_claim_is_planned_anew(_: PgPoolOptions, database: PgConnectOptions) {
    // A plan made while the queue was empty would read the whole of it once it is not.
    let sizes = PoolSizes { web: 1, ingest: 1, worker: 1, system: 1, staff: 1, push: 1 };
    let app = TestApp::with_pools(database, sizes).await;
    for _ in 0..12 {
        assert!(app.take(1, 10).await.is_empty());
        assert_eq!(app.services.complete_jobs(QUEUE, Uuid::nil(), &[(1, 1)]).await.expect("an answer"), 0);
    }
    let jobs: Vec<NewJob> = (0..2_000).map(|n| deed("nothing", n, app.services.ambient().now())).collect();
    app.put(&jobs).await;
    assert_eq!(app.take(1, 100).await.len(), 100);
    let (statements, generic): (i64, i64) = sqlx::query_as(
        "SELECT count(*), sum(generic_plans)::bigint FROM pg_prepared_statements WHERE statement LIKE '%job%' AND statement NOT LIKE '%pg_prepared%'",
    )
    .fetch_one(app.services.pools().of(Duty::Worker))
    .await
    .expect("the statements of the one connection");
    assert!(statements >= 3, "{statements} statements were prepared");
    assert_eq!(generic, 0);
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_snapshot_held_elsewhere_does_not_stop_the_queue(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM job")
        .execute(&mut owner)
        .await
        .expect("held");
    // Every row that is claimed and taken out stays in the table as a dead one, and so does every version of it.
    let mut done = 0;
    for round in 0..20 {
        let now = app.services.ambient().now();
        let jobs: Vec<NewJob> = (0..500).map(|n| deed("nothing", 500 * round + n, now)).collect();
        app.put(&jobs).await;
        loop {
            let held = app.take(1, 100).await;
            let Some(first) = held.first() else { break };
            let ids: Vec<(i64, i16)> = held.iter().map(|job| (job.id, job.attempt)).collect();
            done += app.services.complete_jobs(QUEUE, first.worker_id, &ids).await.expect("taken out");
        }
    }
    assert_eq!(done, 10_000);
    app.close().await;
}
