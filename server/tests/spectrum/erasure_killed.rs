//! The worker that erases is killed, again and again, by SIGKILL: what it began is always brought to its end by another, with
//! a receipt that is true.

use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rand::RngExt as _;
use server::compose;
use spectrum_core::{
    Services, Whom,
    control::check_receipt::check,
    db::{
        pool::{PoolSizes, Pools},
        seal::MasterKey,
    },
    ingest::accept_events::IngestPolicy,
};
use spectrum_domain::{
    erasure::{AskedBy, ErasureState},
    id::{ErasureId, MemberId},
};
use sqlx::{
    ConnectOptions as _, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::{
    receipts::verify,
    support::{Diary, TestApp, chance, member_id, multiply_sessions, rows_about},
};

/// Kills that must hit an erasure under way.
const KILLS: usize = 20;

/// Members there are to be erased: some are gone before the blow falls.
const MEMBERS: [&str; 32] = [
    "m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12", "m13", "m14", "m15", "m16", "m17",
    "m18", "m19", "m20", "m21", "m22", "m23", "m24", "m25", "m26", "m27", "m28", "m29", "m30", "m31",
];

/// A worker as it is deployed; killed when it is dropped.
struct Worker(Child);

impl Worker {
    /// One that takes nobody for dead, unless told to.
    fn start(database: &PgConnectOptions, dead_after_seconds: &str) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_spectrum"))
            .args(["worker", "--queues", "upkeep:1"])
            .env("SPECTRUM_DATABASE_URL", database.to_url_lossy().as_str())
            .env("SPECTRUM_SECRETS_MASTER_KEY", "07".repeat(32))
            .env("SPECTRUM_SECRETS_MASTER_KEY_ID", "test")
            .env("SPECTRUM_METRICS_BIND", "127.0.0.1:0")
            .env("SPECTRUM_WORKER_POLL_MILLISECONDS", "20")
            .env("SPECTRUM_WORKER_DEAD_AFTER_SECONDS", dead_after_seconds)
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
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until the member's job is with a worker, or gone; false then.
async fn until_running(owner: &mut PgConnection, member: Uuid) -> bool {
    let asked = async {
        loop {
            let state: Option<i16> =
                sqlx::query_scalar("SELECT state FROM job WHERE kind = 'erase_member' AND member_id = $1")
                    .bind(member)
                    .fetch_optional(&mut *owner)
                    .await
                    .expect("an answer");
            match state {
                Some(0) => tokio::time::sleep(Duration::from_millis(1)).await,
                state => return state.is_some(),
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(2), asked).await.expect("it is taken")
}

async fn state(services: &Services, erasure: ErasureId) -> ErasureState {
    services.load_erasure(erasure, None).await.expect("an erasure").state
}

async fn until_done(services: &Services, erasure: ErasureId) {
    let asked = async {
        while state(services, erasure).await != ErasureState::Done {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(3), asked).await.expect("it is brought to its end");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_worker_killed_at_twenty_points_leaves_no_erasure_half_done(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database.clone()).await;
    let mut owner = app.owner().await;
    let mut members = Vec::new();
    for member in MEMBERS {
        app.accept(&(Diary { member, zone: "Europe/London", days: 1 }).sessions()[0].events).await;
    }
    app.run_due_jobs().await;
    for member in MEMBERS {
        let id = member_id(&mut owner, app.host.uuid(), member).await;
        multiply_sessions(&mut owner, id, 365).await;
        members.push(id);
    }
    // By the machine's clock, as the workers have it.
    let sizes = PoolSizes { web: 2, ingest: 1, worker: 2, system: 1, staff: 1, push: 1 };
    let ingest = IngestPolicy { idle: chrono::TimeDelta::minutes(30) };
    let services =
        Services::new(Pools::new(&database, sizes), compose::ambient(), MasterKey::new("test", [7; 32]), ingest);
    let order = async |member: Uuid| {
        services.order_erasure(Whom::Member(MemberId(member)), AskedBy::Host).await.expect("ordered")
    };

    // One in peace, to know how long there is to strike.
    let mut ordered = vec![order(members[0]).await];
    let worker = Worker::start(&database, "600");
    until_running(&mut owner, members[0]).await;
    let begun = Instant::now();
    until_done(&services, ordered[0]).await;
    let mut longest = begun.elapsed();
    drop(worker);

    let mut chance = chance(20);
    let mut hit: BTreeMap<&str, usize> = BTreeMap::new();
    for member in &members[1..] {
        if hit.values().sum::<usize>() == KILLS {
            break;
        }
        let erasure = order(*member).await;
        ordered.push(erasure);
        let mut worker = Worker::start(&database, "600");
        until_running(&mut owner, *member).await;
        tokio::time::sleep(longest.mul_f64(chance.random_range(0.0..1.0))).await;
        worker.kill();
        match state(&services, erasure).await {
            ErasureState::Done => longest = longest.mul_f64(0.8),
            at => *hit.entry(at.name()).or_default() += 1,
        }
    }
    assert_eq!(hit.values().sum::<usize>(), KILLS, "so many were under way when the worker died: {hit:?}");

    // The dead are found out, and another goes on.
    sqlx::query("UPDATE job_worker SET seen_at = seen_at - interval '1 hour'").execute(&mut owner).await.expect("old");
    let worker = Worker::start(&database, "3");
    for erasure in &ordered {
        until_done(&services, *erasure).await;
    }
    drop(worker);
    for (member, erasure) in members.iter().zip(&ordered) {
        assert_eq!(rows_about(&mut owner, *member).await, BTreeMap::new());
        let receipt = services.load_receipt(erasure.uuid()).await.expect("an answer").expect("a receipt");
        let checked = check(&receipt, &services.ledger().public_key()).expect("true");
        // A session, three turns with text and impact, a vector and a day, for each day of a year; receipts of events.
        assert!(checked.deleted > 365 * 10, "each row is counted once, whoever deleted it: {checked:?}");
    }
    let receipt = services.load_receipt(ordered[KILLS / 2].uuid()).await.expect("an answer").expect("a receipt");
    let (code, said) = verify(&database, &receipt, &[]);
    assert_eq!(code, 0, "{said}");
    let counts: Vec<i64> = sqlx::query_scalar("SELECT count(*) FROM receipt UNION ALL SELECT count(*) FROM tombstone")
        .fetch_all(&mut owner)
        .await
        .expect("counts");
    assert_eq!(counts, [i64::try_from(ordered.len()).expect("a few"); 2], "one of each for each");
    services.pools().close().await;
    app.close().await;
}
