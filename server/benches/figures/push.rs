//! From a row that is due to what came of it: claimed, released, written, sent over TLS to a provider on this machine, and settled.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{TimeDelta, Utc};
use server::{
    analyzer::{Embedded, Trained},
    config::Push,
    push::Sender,
    worker::{jobs::JobContext, run_due_jobs},
};
use spectrum_core::{db::keyring::Keyring, push::devices::Reach};
use spectrum_domain::id::{DeviceId, MemberId};
use spectrum_push::{
    apns,
    fake::{Fake, Options},
};
use sqlx::{Connection as _, PgConnection};

use crate::{
    report::Report,
    stage::{Stage, now},
};

const PUSHES: usize = 20_000;

/// What is aimed at.
const AIM: f64 = 2_000.0;

pub async fn measure(stage: &Stage, report: &mut Report) {
    // In this process, so what the provider costs is in the figure.
    let fake = Fake::start_with(Options { lean: true, ..Options::default() }).await.expect("the provider");
    let settings = Push {
        send: true,
        at_once: 400,
        apns: Some(apns::Settings { timeout: Duration::from_secs(20), ..fake.apns_settings() }),
        ..Push::default()
    };
    let context = JobContext {
        services: stage.services.clone(),
        analyzer: Arc::new(Embedded::new(Trained::load())),
        outside: None,
        rephraser: None,
        sender: Some(Arc::new(Sender::new(&settings, stage.services.ambient()).expect("a channel"))),
    };
    stage.member_with_a_session("pushed").await;
    stage.services.plan_due().await.expect("planned");
    run_due_jobs(&context).await.expect("the queue");
    let mut owner = PgConnection::connect_with(&stage.owner).await.expect("the owner");
    seed(stage, &mut owner).await;
    // What is ordered now is the sending and nothing else.
    stage.services.plan_due().await.expect("planned");
    let began = Instant::now();
    run_due_jobs(&context).await.expect("the queue");
    let took = began.elapsed().as_secs_f64();
    let sent: i64 = sqlx::query_scalar("SELECT count(*) FROM push_outbox WHERE state = 'sent'")
        .fetch_one(&mut owner)
        .await
        .expect("a count");
    assert_eq!(usize::try_from(sent), Ok(PUSHES), "every one was sent");
    assert_eq!(usize::try_from(fake.accepted()), Ok(PUSHES), "and once");
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    report.ratio("push_pipeline", sent as f64 / took, "pushes/s", AIM, "≥ 1");
}

/// Members with a phone each, and a push of theirs that is due.
async fn seed(stage: &Stage, owner: &mut PgConnection) {
    let (keyring, ambient) = (Keyring::from(stage.master.clone()), stage.services.ambient());
    let (mut ids, mut keys, mut addresses, mut nonces) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for n in 0..PUSHES {
        let member: MemberId = ambient.id();
        let (wrapped, key) = keyring.draw(ambient, member, 1).expect("a key");
        let reach = Reach { address: format!("{n:064x}"), p256dh: None, auth: None };
        let bytes = serde_json::to_vec(&reach).expect("JSON");
        let sealed = key.seal_address(ambient, DeviceId(member.uuid()), &bytes).expect("sealed");
        ids.push(member.uuid());
        keys.push(wrapped);
        addresses.push(sealed.ciphertext);
        nonces.push(sealed.nonce);
    }
    let statement = "
        WITH n AS (SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[]) AS t (id, wrapped, address, nonce)),
        m AS (INSERT INTO member (member_id, host_id, external_ref, zone, consent_analysis, consent_model, consent_analytics, created_at, updated_at)
              SELECT id, $5, id::text, 'UTC', true, false, false, $6, $6 FROM n),
        k AS (INSERT INTO member_key (member_id, version, wrapped, master_key_id, created_at) SELECT id, 1, wrapped, 'bench', $6 FROM n),
        d AS (INSERT INTO device SELECT id, id, 'ios', 'apns', 'apns_token', 'production', address, nonce, 1, id::text::bytea, NULL, NULL, $6, $6 FROM n),
        a AS (INSERT INTO device_address SELECT id::text::bytea, id, id FROM n),
        w AS (INSERT INTO edition (member_id, grain, period, published_at, flagged, told, inputs_hash)
              SELECT id, 'week', $7, $6, 0, '[]', '' FROM n),
        q AS (INSERT INTO push_default VALUES ($5, 'weekly', true, NULL, 9, 0, 0, $6))
        INSERT INTO push_outbox (member_id, delivery_id, kind, period, device_id, channel, state, due_at, next_at, expires_at, created_at)
        SELECT id, id, 'weekly', $7, id, 'apns', 'waiting', $6, $6, $6 + interval '10 hours', $6 FROM n";
    let period = (now() - TimeDelta::days(60)).date_naive();
    sqlx::query(statement)
        .bind(&ids)
        .bind(&keys)
        .bind(&addresses)
        .bind(&nonces)
        .bind(stage.host.uuid())
        .bind(Utc::now())
        .bind(period)
        .execute(&mut *owner)
        .await
        .expect("rows");
    // Sums of enough sessions, as of the one that the model has read.
    sqlx::query(
        "INSERT INTO week_rollup SELECT (jsonb_populate_record(w, jsonb_build_object(
             'member_id', o.member_id, 'period', o.period, 'sessions', 5, 'days', 4))).*
         FROM push_outbox o, week_rollup w
         WHERE w.member_id = (SELECT member_id FROM member WHERE external_ref = 'pushed')",
    )
    .execute(&mut *owner)
    .await
    .expect("sums");
    for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
        sqlx::query(statement).execute(&mut *owner).await.expect("settled");
    }
}
