//! Workers that send pushes are killed by SIGKILL, again and again, beside a provider that fails: every push arrives, and none is two
//! on a screen.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use chrono::Utc;
use rand::RngExt as _;
use spectrum_push::fake::{self, Fake};
use sqlx::{
    ConnectOptions as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    push::{many_due, number},
    support::{TestApp, chance},
};

const PUSHES: usize = 3_000;
const KILLS: usize = 8;

/// A worker as it is deployed; killed when it is dropped.
struct Worker(Child);

impl Worker {
    fn start(database: &PgConnectOptions, fake: &Fake, key: &Path) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_spectrum"))
            .args(["worker", "--queues", "push:2"])
            .env("SPECTRUM_DATABASE_URL", database.to_url_lossy().as_str())
            .env("SPECTRUM_SECRETS_MASTER_KEY", "07".repeat(32))
            .env("SPECTRUM_SECRETS_MASTER_KEY_ID", "test")
            .env("SPECTRUM_METRICS_BIND", "127.0.0.1:0")
            .env("SPECTRUM_WORKER_POLL_MILLISECONDS", "20")
            .env("SPECTRUM_APNS_KEY_FILE", key)
            .env("SPECTRUM_APNS_KEY_ID", fake::KEY_ID)
            .env("SPECTRUM_APNS_TEAM_ID", fake::TEAM_ID)
            .env("SPECTRUM_APNS_TOPIC", fake::TOPIC)
            .env("SPECTRUM_APNS_PRODUCTION_URL", fake.url())
            .env("SPECTRUM_PUSH_EXTRA_ROOT", fake.root())
            .env("SPECTRUM_PUSH_AT_ONCE", "50")
            .env("SPECTRUM_PUSH_TIMEOUT_SECONDS", "10")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.expect("a process"))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn workers_killed_in_the_middle_lose_no_push_and_double_none_on_a_screen(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database.clone()).await;
    let mut owner = app.owner().await;
    app.with_week("ada", "UTC", 5).await;
    // Workers go by the machine's clock, and it may be night.
    sqlx::query("INSERT INTO push_default VALUES ($1, 'weekly', true, NULL, 9, 0, 0, now())")
        .bind(app.host.uuid())
        .execute(&mut owner)
        .await
        .expect("no quiet hours");
    many_due(&app, &mut owner, PUSHES, Utc::now()).await;
    let fake = Fake::start().await.expect("the fake");
    fake.delay(Duration::from_millis(20));
    fake.chaos(5, 20);
    let key = std::env::temp_dir().join(format!("spectrum-apns-{}.p8", std::process::id()));
    std::fs::write(&key, fake.apns_key()).expect("a key");

    let mut chance = chance(8);
    let waits = "SELECT count(*) FROM push_outbox WHERE state = 'waiting'";
    let mut hit = 0;
    for _ in 0..10 * KILLS {
        // What a worker held when it died comes due again, and a minute later the next job is ordered: that is not waited for.
        sqlx::raw_sql(
            "UPDATE push_outbox SET next_at = now() WHERE state = 'waiting'; DELETE FROM job WHERE queue = 'push'",
        )
        .execute(&mut owner)
        .await
        .expect("time goes by");
        let before = fake.accepted();
        let mut worker = Worker::start(&database, &fake, &key);
        let sends = async {
            while fake.accepted() == before {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(20), sends).await.is_ok() && hit < KILLS {
            tokio::time::sleep(Duration::from_millis(chance.random_range(0..300))).await;
            worker.0.kill().expect("killed");
            hit += usize::from(number(&mut owner, waits).await > 0);
            continue;
        }
        // Enough were killed: the last ones work in peace, and what was told to come again does.
        tokio::time::sleep(Duration::from_secs(4)).await;
        if number(&mut owner, waits).await == 0 {
            break;
        }
    }
    drop(std::fs::remove_file(&key));
    assert_eq!(hit, KILLS, "so many died with pushes left to send");
    assert_eq!(number(&mut owner, waits).await, 0);
    let sent = number(&mut owner, "SELECT count(*) FROM push_outbox WHERE state = 'sent'").await;
    assert_eq!(usize::try_from(sent), Ok(PUSHES), "none is lost");
    let mut screens: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for push in fake.seen() {
        let name = push.collapse.clone().expect("a name on the screen");
        let (id, times) = screens.entry(push.address).or_insert_with(|| (push.id.clone(), 0));
        assert_eq!((&*id, name.as_str()), (&push.id, "weekly-2026-W45"), "the same push under another name");
        *times += 1;
    }
    assert_eq!(screens.len(), PUSHES);
    let twice = screens.values().filter(|(_, times)| *times > 1).count();
    println!("{twice} of {PUSHES} were taken more than once, each under one name");
    app.close().await;
}
