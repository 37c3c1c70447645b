//! Events over HTTP beside a bare bulk `INSERT … SELECT unnest` of the same rows, with 1, 8 and 64 senders.

use std::{sync::Arc, time::Instant};

use chrono::{NaiveDate, Utc};
use serde_json::json;
use server::compose;
use spectrum_core::db::seal::MasterKey;
use spectrum_domain::{
    id::{MemberId, SessionId},
    private::Private,
};
use sqlx::{Connection as _, PgConnection, PgPool, postgres::PgPoolOptions};
use tokio::{net::TcpListener, sync::Mutex};
use uuid::Uuid;

use crate::{
    page::security,
    report::{Report, quantile},
    stage::{self, SENTENCE, Stage},
};

/// Ten sessions of twenty events.
const SESSIONS: usize = 10;
const TURNS: usize = 18;
const BATCH: usize = SESSIONS * (TURNS + 2);
const ROUNDS: usize = 3;

pub async fn measure(stage: &Stage, report: &mut Report) {
    server::replay::install_crypto();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/api/v1/events", listener.local_addr().expect("an address"));
    let router = stage.router.clone();
    let served = tokio::task::spawn(async move { axum::serve(listener, router).await });
    // As many connections as ingestion has.
    let bare = PgPoolOptions::new().max_connections(6).connect_with(stage.owner.clone()).await.expect("a pool");
    let mut owner = PgConnection::connect_with(&stage.owner).await.expect("the owner");

    for senders in [1, 8, 64] {
        let batches = (64 / senders).clamp(2, 16);
        let mut over_http = Vec::new();
        let mut inserted = Vec::new();
        for round in 0..=ROUNDS {
            let ours = by_http(stage, &url, senders, batches).await;
            let floor = by_insert(&bare, stage, senders, batches).await;
            if round > 0 {
                // The first round warms both up.
                over_http.push(ours);
                inserted.push(floor);
            }
        }
        let (ours, floor) = (quantile(&mut over_http, 0.5), quantile(&mut inserted, 0.5));
        report.ratio(format!("ingest_vs_insert_{senders}"), ours, "events/s", floor, "≥ 0.5");
    }

    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        with.push(by_http(stage, &url, 8, 8).await);
        security(&mut owner, "DISABLE").await;
        without.push(by_http(stage, &url, 8, 8).await);
        security(&mut owner, "ENABLE").await;
    }
    let (with, without) = (quantile(&mut with, 0.5), quantile(&mut without, 0.5));
    report.ratio("ingest_with_rls_vs_without", with, "events/s", without, "");

    // Sealing has no switch, on purpose. Its share is what one core needs to seal a batch of what it needs in all.
    let seal = seal_batch(stage);
    let whole = f64::from(u32::try_from(BATCH).expect("small")) / with;
    report.figure("seal_us_per_turn", seal * 1e6 / f64::from(u32::try_from(SESSIONS * TURNS).expect("small")), "µs");
    report.ratio("ingest_with_sealing_vs_without", whole * 1e3, "ms/batch", (whole - seal) * 1e3, "");
    served.abort();
}

async fn by_http(stage: &Stage, url: &str, senders: usize, batches: usize) -> f64 {
    // Bodies are made before the clock starts: the host's work is not ours to count.
    let bodies: Vec<Vec<String>> = (0..senders)
        .map(|sender| {
            let member = format!("sender-{sender}");
            (0..batches)
                .map(|_| {
                    let events: Vec<_> =
                        (0..SESSIONS).flat_map(|_| stage::session(&member, stage::now(), TURNS)).collect();
                    json!({ "events": events }).to_string()
                })
                .collect()
        })
        .collect();
    let client = reqwest::Client::new();
    let started = Instant::now();
    let tasks: Vec<_> = bodies
        .into_iter()
        .map(|bodies| {
            let (client, url, key) = (client.clone(), url.to_owned(), stage.host_key.clone());
            tokio::task::spawn(async move {
                for body in bodies {
                    let answer = client.post(&url).bearer_auth(&key).body(body).send().await.expect("an answer");
                    assert!(answer.status().is_success(), "{}", answer.status());
                    answer.bytes().await.expect("a body");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a sender");
    }
    rate(senders, batches, started)
}

fn rate(senders: usize, batches: usize, started: Instant) -> f64 {
    f64::from(u32::try_from(senders * batches * BATCH).expect("few")) / started.elapsed().as_secs_f64()
}

/// The rows of a batch, as columns.
struct Rows {
    sessions: Vec<Uuid>,
    turn_sessions: Vec<Uuid>,
    turn_indexes: Vec<i32>,
    ciphertexts: Vec<Vec<u8>>,
    nonces: Vec<Vec<u8>>,
    events: Vec<Uuid>,
    hashes: Vec<Vec<u8>>,
    keys: Vec<Uuid>,
}

impl Rows {
    fn make() -> Self {
        let ambient = compose::ambient();
        let id = || Uuid::from_bytes(ambient.bytes());
        let length = [SENTENCE; 3].join(" ").len() + 16;
        let sessions: Vec<Uuid> = (0..SESSIONS).map(|_| id()).collect();
        Self {
            turn_sessions: sessions.iter().flat_map(|session| std::iter::repeat_n(*session, TURNS)).collect(),
            turn_indexes: (0..SESSIONS).flat_map(|_| 0..i32::try_from(TURNS).expect("few")).collect(),
            ciphertexts: (0..SESSIONS * TURNS).map(|_| ambient.bytes::<256>()[..length].to_vec()).collect(),
            nonces: (0..SESSIONS * TURNS).map(|_| ambient.bytes::<24>().to_vec()).collect(),
            events: (0..BATCH).map(|_| id()).collect(),
            hashes: (0..BATCH).map(|_| ambient.bytes::<32>().to_vec()).collect(),
            keys: (0..SESSIONS).map(|_| id()).collect(),
            sessions,
        }
    }
}

async fn by_insert(pool: &PgPool, stage: &Stage, senders: usize, batches: usize) -> f64 {
    let members: Vec<Uuid> = sqlx::query_scalar("SELECT member_id FROM member WHERE external_ref LIKE 'sender-%'")
        .fetch_all(pool)
        .await
        .expect("the senders' members");
    let rows: Vec<(Uuid, Vec<Rows>)> = (0..senders)
        .map(|sender| (members[sender % members.len()], (0..batches).map(|_| Rows::make()).collect()))
        .collect();
    let now = stage.services.ambient().now();
    let today = now.date_naive();
    let failed = Arc::new(Mutex::new(None));
    let started = Instant::now();
    let tasks: Vec<_> = rows
        .into_iter()
        .map(|(member, batches)| {
            let (pool, failed) = (pool.clone(), Arc::clone(&failed));
            tokio::task::spawn(async move {
                for rows in batches {
                    if let Err(error) = insert(&pool, member, &rows, now, today).await {
                        *failed.lock().await = Some(error);
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a sender");
    }
    assert!(failed.lock().await.is_none(), "{failed:?}");
    rate(senders, batches, started)
}

/// The same rows in the same tables, in one transaction a batch, and nothing else.
async fn insert(
    pool: &PgPool,
    member: Uuid,
    rows: &Rows,
    now: chrono::DateTime<Utc>,
    today: NaiveDate,
) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query("INSERT INTO event_receipt SELECT $1, t.*, $4 FROM unnest($2::uuid[], $3::bytea[]) AS t")
        .bind(member)
        .bind(&rows.events)
        .bind(&rows.hashes)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "INSERT INTO session (member_id, session_id, external_ref, feature, started_at, start_known, ended_at, zone,
                              local_date, local_minute, state, input_version, member_turns, assistant_turns, words,
                              received_at, last_event_at)
         SELECT $1, id, id::text, 'mirror', $3, true, $3, 'Europe/London', $4, 1200, 'ended', 1, 9, 9, 351, $3, $3
         FROM unnest($2::uuid[]) AS id",
    )
    .bind(member)
    .bind(&rows.sessions)
    .bind(now)
    .bind(today)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "INSERT INTO turn (member_id, session_id, index, role, occurred_at, words, received_at)
         SELECT $1, t.*, 'member', $4, 39, $4 FROM unnest($2::uuid[], $3::int[]) AS t",
    )
    .bind(member)
    .bind(&rows.turn_sessions)
    .bind(&rows.turn_indexes)
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "INSERT INTO turn_text (member_id, session_id, index, ciphertext, nonce, key_version, received_on)
         SELECT $1, t.*, 1, $6 FROM unnest($2::uuid[], $3::int[], $4::bytea[], $5::bytea[]) AS t",
    )
    .bind(member)
    .bind(&rows.turn_sessions)
    .bind(&rows.turn_indexes)
    .bind(&rows.ciphertexts)
    .bind(&rows.nonces)
    .bind(today)
    .execute(&mut *transaction)
    .await?;
    sqlx::query("INSERT INTO job_key SELECT $3, key, $1 FROM unnest($2::uuid[]) AS key")
        .bind(member)
        .bind(&rows.keys)
        .bind(today)
        .execute(&mut *transaction)
        .await?;
    // These jobs are for a kind that nobody runs, so that what the floor wrote is never measured.
    sqlx::query(
        "INSERT INTO job (queue, kind, run_at, member_id, key, payload, created_at)
         SELECT 'analysis', 'analyze_session', $3 + interval '1 year', $1, key,
                jsonb_build_object('kind', 'analyze_session', 'session_id', key, 'input_version', 1), $3
         FROM unnest($2::uuid[]) AS key",
    )
    .bind(member)
    .bind(&rows.keys)
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}

/// Seconds to seal a batch's texts on one core.
fn seal_batch(stage: &Stage) -> f64 {
    let ambient = stage.services.ambient();
    let member = MemberId(Uuid::from_u128(1));
    let (_, key) = MasterKey::new("bench", ambient.bytes()).draw(ambient, member, 1).expect("a key");
    let text = Private::new([SENTENCE; 3].join(" "));
    let mut times: Vec<f64> = (0..50)
        .map(|_| {
            let started = Instant::now();
            for index in 0..SESSIONS * TURNS {
                let index = i32::try_from(index).expect("few");
                key.seal(ambient, SessionId(Uuid::from_u128(2)), index, &text).expect("sealed");
            }
            started.elapsed().as_secs_f64()
        })
        .collect();
    quantile(&mut times, 0.5)
}
