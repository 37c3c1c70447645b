//! The weekly push from a week's end to a phone: devices, when it is due, what holds it back, and what the provider's answer does.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use spectrum_core::{
    db::{keyring::Keyring, seal::MasterKey},
    push::devices::Reach,
};
use spectrum_domain::{
    effect::experiment::Trial,
    id::{DeviceId, MemberId},
    push::{ChannelKind, Quiet, Spread, Wish, window},
};
use spectrum_push::{
    fake::{RetryAfter, State, Trouble},
    message::Mode,
};
use sqlx::{
    AssertSqlSafe, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{
    TestApp,
    pushes::{settings, with_fake, with_fake_and},
    rows,
};

const TOKEN: &str = "aa11bb22cc33dd44ee55ff66aa77bb88cc99dd00ee11ff22aa33bb44cc55dd66";
const OTHER: &str = "bb11bb22cc33dd44ee55ff66aa77bb88cc99dd00ee11ff22aa33bb44cc55dd66";

/// Noon of the Monday after the tests' Friday: every zone's push of the week is due by then but the farthest west's.
const MONDAY_NOON: &str = "2026-11-23T12:00:00Z";

async fn outbox(owner: &mut PgConnection) -> Vec<(String, Option<String>, i64)> {
    let found = rows(owner, "SELECT state, reason, tries FROM push_outbox").await;
    let text = |row: &Value, name: &str| row[name].as_str().map(str::to_owned);
    found
        .iter()
        .map(|row| (text(row, "state").unwrap_or_default(), text(row, "reason"), row["tries"].as_i64().unwrap_or(-1)))
        .collect()
}

fn sent(tries: i64) -> (String, Option<String>, i64) {
    ("sent".to_owned(), None, tries)
}

pub async fn number(owner: &mut PgConnection, query: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT ({query})::bigint"))).fetch_one(owner).await.expect(query)
}

async fn next_try(owner: &mut PgConnection) -> chrono::DateTime<Utc> {
    sqlx::query_scalar("SELECT next_at FROM push_outbox").fetch_one(owner).await.expect("a row")
}

#[sqlx::test(migrations = "../migrations")]
async fn a_week_is_pushed_once_to_every_device_at_the_members_hour(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    app.with_week("ada", "Europe/Berlin", 5).await;
    app.put_phone("ada", 1, TOKEN).await;
    app.put_android("ada", 2, "fcm_fid", "fid-of-ada").await;
    app.put_android("ada", 3, "fcm_token", "token-of-ada").await;

    app.at("2026-11-23T00:10:00Z").await;
    assert_eq!(number(&mut owner, "SELECT count(*) FROM push_outbox WHERE state = 'waiting'").await, 3);
    let due: chrono::DateTime<Utc> =
        sqlx::query_scalar("SELECT due_at FROM push_outbox LIMIT 1").fetch_one(&mut owner).await.expect("a row");
    let nine: chrono::DateTime<Utc> = "2026-11-23T08:00:00Z".parse().expect("an instant");
    assert!(due >= nine + TimeDelta::minutes(3) && due < nine + TimeDelta::hours(1), "9 in Berlin: {due}");
    app.at_instant(due - TimeDelta::seconds(1)).await;
    assert_eq!(fake.accepted(), 0, "a second before");
    app.at_instant(due).await;
    assert_eq!((fake.accepted(), fake.refused()), (3, Vec::new()));
    assert_eq!(outbox(&mut owner).await, [sent(1), sent(1), sent(1)]);
    app.at(MONDAY_NOON).await;
    app.at("2026-11-24T12:00:00Z").await;
    assert_eq!(fake.accepted(), 3, "once");

    let seen = fake.seen();
    let apple = seen.iter().find(|push| push.channel == ChannelKind::Apns).expect("Apple's");
    let delivery = apple.payload["delivery"].as_str().expect("a name");
    assert_eq!(
        apple.payload["aps"]["alert"],
        json!({ "title": "Your week is ready", "body": "See what was counted, whenever it suits you." })
    );
    assert_eq!(apple.payload["link"], format!("/spectrum/week/2026-W47?push={delivery}"));
    assert_eq!(apple.payload["aps"]["interruption-level"], "passive");
    assert_eq!((apple.collapse.as_deref(), apple.id.as_str()), (Some("weekly-2026-W47"), delivery));
    assert_eq!(apple.headers["apns-expiration"], "1795474800", "midnight in Berlin");
    assert!(seen.iter().any(|push| push.is_fid && push.address == "fid-of-ada"));
    assert!(seen.iter().all(|push| push.collapse.as_deref() == Some("weekly-2026-W47")));
    // PRIVACY: of three pushes, nothing but the same words, the week's name and names of their own.
    let phones = ["ada", "calm", "grateful", "walk", "Europe", "Berlin"];
    assert!(seen.iter().all(|push| phones.iter().all(|word| !push.sent.replace("-of-ada", "").contains(word))));

    // A tap leads to that week, today and a week later, and is counted where the member agrees.
    let cookie = app.sign_in("ada").await;
    let page = app.page(&format!("/spectrum/week/2026-W47?push={delivery}"), &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("16 – 22 November") || page.body.contains("16–22 November"), "{}", &page.body[..3000]);
    app.services.write_noted().await.expect("written");
    assert_eq!(number(&mut owner, "SELECT count(*) FROM push_outbox WHERE opened_at IS NOT NULL").await, 0);
    app.services.count_use(app.member("ada").await.member_id, true).await.expect("agreed");
    let opened = json!({ "delivery_id": delivery });
    let answer = app.json_as(&cookie, Method::POST, "/push/opened", Some(&opened)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    app.services.write_noted().await.expect("written");
    assert_eq!(number(&mut owner, "SELECT count(*) FROM push_outbox WHERE opened_at IS NOT NULL").await, 1);

    // What was sent before they agreed is not among what is counted.
    assert_eq!(counted(&mut owner).await, [r#"16 {"channel": "apns", "minutes_to_open": "over_12h"} app"#]);
    app.finish().await;
}

/// What was counted of pushes.
async fn counted(owner: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT concat_ws(' ', event, properties, surface) FROM product_event WHERE event IN (14, 15, 16) ORDER BY 1",
    )
    .fetch_all(owner)
    .await
    .expect("counted")
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_sent_is_counted_of_who_agrees_and_of_nobody_else(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    for (n, member) in [(1, "agrees"), (2, "does_not")] {
        app.with_week(member, "UTC", 5).await;
        app.put_phone(member, n, &format!("{n:02x}").repeat(32)).await;
    }
    app.services.count_use(app.member("agrees").await.member_id, true).await.expect("agreed");
    app.at("2026-11-23T00:10:00Z").await;
    app.at(MONDAY_NOON).await;
    app.services.write_noted().await.expect("written");
    assert_eq!(fake.accepted(), 2);
    assert_eq!(counted(&mut owner).await, [r#"14 {"channel": "apns", "local_hour": "afternoon"} app"#]);
    app.services.count_use(app.member("agrees").await.member_id, false).await.expect("withdrawn");
    assert!(counted(&mut owner).await.is_empty());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_holds_a_push_back_is_kept_with_it(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    let token = |n: u8| format!("{n:02x}").repeat(32);
    for (n, (member, sessions)) in
        [("few", 2), ("off", 5), ("host", 5), ("read", 5), ("crisis", 5), ("late", 5), ("moved", 5)]
            .into_iter()
            .enumerate()
    {
        app.with_week(member, "UTC", sessions).await;
        app.put_phone(member, 100 + u128::try_from(n).expect("few"), &token(u8::try_from(n).expect("few"))).await;
    }
    // One of the member's own, one by their host, before the week ends.
    let cookie = app.sign_in("off").await;
    let answer = app.json_as(&cookie, Method::PUT, "/preferences", Some(&json!({ "weekly": { "apns": false } }))).await;
    assert_eq!((answer.status, answer.json()["weekly"]["apns"].clone()), (StatusCode::OK, json!(false)));
    sqlx::query(
        "UPDATE session SET crisis = true WHERE session_id = (SELECT min(session_id::text)::uuid FROM session
                 WHERE member_id = (SELECT member_id FROM member WHERE external_ref = 'crisis'))",
    )
    .execute(&mut owner)
    .await
    .expect("flagged");

    app.at("2026-11-23T00:10:00Z").await;
    // And some after it was planned.
    let page = app.page("/spectrum/week/2026-W47", &app.sign_in("read").await).await;
    assert_eq!(page.status, StatusCode::OK);
    app.services.write_noted().await.expect("written");
    // The phone is another member's now.
    app.put_phone("few", 200, &token(6)).await;
    let cookie = app.sign_in("host").await;
    app.json_as(&cookie, Method::PUT, "/preferences", Some(&json!({ "weekly": { "apns": false } }))).await;
    let late = app.member("late").await.member_id;
    sqlx::query("UPDATE push_outbox SET next_at = '2026-11-24T00:00:01Z' WHERE member_id = $1")
        .bind(late.uuid())
        .execute(&mut owner)
        .await
        .expect("delayed");
    app.at(MONDAY_NOON).await;
    app.at("2026-11-24T00:05:00Z").await;

    let told = rows(
        &mut owner,
        "SELECT external_ref AS who, coalesce(reason, o.state) AS what FROM push_outbox o JOIN member USING (member_id)",
    )
    .await;
    let mut told: Vec<String> =
        told.iter().map(|row| format!("{}: {}", row["who"], row["what"]).replace('"', "")).collect();
    told.sort();
    let expected = [
        "crisis: crisis",
        "few: below_floor",
        "host: opted_out",
        "late: late",
        "moved: device_gone",
        "off: opted_out",
        "read: opened",
    ];
    assert_eq!(told, expected);
    assert_eq!(fake.accepted(), 0);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_holdout_a_host_that_says_no_and_a_channel_that_is_not_there_send_nothing(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let (app, _fake) = with_fake_and(app, |settings| settings.fcm = None).await;
    let mut owner = app.owner().await;
    assert!(app.services.start_experiment(Trial::Push, 500, 56).await.expect("started"));
    app.services.refresh_experiments().await.expect("looked up");
    // Of whom so many are asked that one is in each arm.
    let mut held = BTreeMap::new();
    for (n, name) in (1..).zip(["ada", "bob", "eve", "kim", "lea", "max", "noa", "pia"]) {
        let consent = json!({ "consent": { "analysis": true, "model": false, "analytics": true } });
        app.api(Method::PUT, &format!("/members/{name}"), Some(&consent)).await;
        app.with_week(name, "UTC", 4).await;
        app.put_phone(name, n, &format!("{n:064x}")).await;
        let member = app.member(name).await.member_id;
        held.insert(member.uuid().to_string(), app.services.is_held_out(Trial::Push, member));
    }
    assert!(held.values().any(|held| *held) && held.values().any(|held| !*held), "{held:?}");
    app.put_android("ada", 99, "fcm_token", "token-of-ada").await;
    let defaults = json!({ "weekly": false, "hour": 18, "quiet": { "from": 0, "until": 0 } });
    app.at("2026-11-23T00:10:00Z").await;
    for row in rows(&mut owner, "SELECT member_id, channel, reason FROM push_outbox").await {
        let reason = match (held[row["member_id"].as_str().expect("an id")], row["channel"] == "fcm") {
            (true, _) => json!("holdout"),
            (false, true) => json!("not_configured"),
            (false, false) => Value::Null,
        };
        assert_eq!(row["reason"], reason, "{row}");
    }
    // Both are followed from the same moment, and nobody else.
    app.at("2026-11-24T02:00:00Z").await;
    let logged = rows(&mut owner, "SELECT member_id, arm, exposed_at FROM exposure WHERE experiment = 'push'").await;
    assert_eq!(logged.len(), held.len());
    for row in &logged {
        assert_eq!(row["arm"] == "holdout", held[row["member_id"].as_str().expect("an id")], "{row}");
        assert!(row["exposed_at"].as_str().is_some_and(|at| at.starts_with("2026-11-23T00:1")), "{row}");
    }
    let answer = app.api(Method::PUT, "/push-defaults", Some(&defaults)).await;
    assert_eq!((answer.status, answer.json()["hour"].clone()), (StatusCode::OK, json!(18)), "{}", answer.body);
    let answer = app.json_as(&app.sign_in("ada").await, Method::GET, "/preferences", None).await.json();
    assert_eq!((answer["weekly"]["fcm"].clone(), answer["hour"].clone()), (json!(false), json!(18)));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_provider_that_says_not_now_is_asked_again_when_it_said_and_no_push_is_doubled(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    app.with_week("ada", "UTC", 5).await;
    app.put_phone("ada", 1, TOKEN).await;
    app.at("2026-11-23T00:10:00Z").await;
    // 429 with a time of its own, 503, a connection that ends after the push was taken, then a right answer.
    fake.trouble(Trouble::TooMany { retry_after: Some(RetryAfter::Seconds(40)) });
    fake.trouble(Trouble::status(503, "ServiceUnavailable"));
    fake.trouble(Trouble::Cut);
    app.at("2026-11-23T10:00:00Z").await;
    let now = app.services.ambient().now();
    let first = next_try(&mut owner).await;
    assert!(first - now >= TimeDelta::seconds(40), "{first}");
    app.at_instant(first).await;
    let second = next_try(&mut owner).await;
    assert!(second - first >= TimeDelta::minutes(15), "Apple: after fifteen minutes; {second}");
    app.at_instant(second).await;
    assert_eq!(outbox(&mut owner).await, [("waiting".to_owned(), None, 3)], "nobody knows whether it arrived");
    app.at_instant(next_try(&mut owner).await).await;
    assert_eq!(outbox(&mut owner).await, [sent(4)]);
    let seen = fake.seen();
    assert_eq!(seen.len(), 2, "taken twice");
    assert_eq!((&seen[0].id, &seen[0].collapse), (&seen[1].id, &seen[1].collapse), "and one on the screen");
    let tries = rows(&mut owner, "SELECT try, outcome FROM push_attempt").await;
    let mut ended: Vec<_> = tries.iter().map(|row| row["outcome"].as_str().unwrap_or_default()).collect();
    ended.sort_unstable();
    assert_eq!(ended, ["delivered", "retry", "retry", "unknown"]);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_device_that_is_gone_is_removed_and_one_that_came_back_is_not(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    for (n, member) in ["gone", "back", "android", "stays"].into_iter().enumerate() {
        app.with_week(member, "UTC", 5).await;
        let n = u128::try_from(n).expect("few");
        match member {
            "android" => app.put_android(member, n, "fcm_fid", "fid-that-is-gone").await,
            _ => app.put_phone(member, n, &format!("{n:02x}").repeat(32)).await,
        }
    }
    app.at("2026-11-23T00:10:00Z").await;
    let instant = |text: &str| text.parse::<chrono::DateTime<Utc>>().expect("an instant");
    // Apple was sure before the device said again that this is its address, and after.
    fake.address_is(&"00".repeat(32), State::Gone { since: instant("2026-11-22T09:00:00Z") });
    fake.address_is(&"01".repeat(32), State::Gone { since: instant("2026-11-19T09:00:00Z") });
    fake.address_is("fid-that-is-gone", State::Unregistered);
    app.at(MONDAY_NOON).await;
    let left = rows(&mut owner, "SELECT external_ref AS who FROM device JOIN member USING (member_id)").await;
    assert_eq!(left, [json!({ "who": "back" }), json!({ "who": "stays" })]);
    assert_eq!(number(&mut owner, "SELECT count(*) FROM device_address").await, 2);
    let reasons = rows(&mut owner, "SELECT coalesce(reason, state) AS what FROM push_outbox").await;
    assert_eq!(reasons.iter().filter(|row| row["what"] == "device_gone").count(), 3, "{reasons:?}");
    assert_eq!(fake.accepted(), 1);
    assert!(!app.services.look_at_channels().await.expect("channels").iter().any(|channel| channel.paused));
    app.finish().await;
}

/// Members with a device each, and a push of theirs that is due, as many as it takes.
pub async fn many_due(app: &TestApp, owner: &mut PgConnection, many: usize, now: chrono::DateTime<Utc>) {
    let keyring = Keyring::from(MasterKey::new("test", [7; 32]));
    let ambient = app.services.ambient();
    let (mut ids, mut keys, mut addresses, mut nonces) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for n in 0..many {
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
        k AS (INSERT INTO member_key (member_id, version, wrapped, master_key_id, created_at) SELECT id, 1, wrapped, 'test', $6 FROM n),
        d AS (INSERT INTO device SELECT id, id, 'ios', 'apns', 'apns_token', 'production', address, nonce, 1, id::text::bytea, NULL, NULL, $6, $6 FROM n),
        a AS (INSERT INTO device_address SELECT id::text::bytea, id, id FROM n),
        w AS (INSERT INTO edition (member_id, grain, period, published_at, flagged, told, inputs_hash)
              SELECT id, 'week', '2026-11-02', $6, 0, '[]', '' FROM n)
        INSERT INTO push_outbox (member_id, delivery_id, kind, period, device_id, channel, state, due_at, next_at, expires_at, created_at)
        SELECT id, id, 'weekly', '2026-11-02', id, 'apns', 'waiting', $6, $6, $6 + interval '10 hours', $6 FROM n";
    sqlx::query(statement)
        .bind(&ids)
        .bind(&keys)
        .bind(&addresses)
        .bind(&nonces)
        .bind(app.host.uuid())
        .bind(now)
        .execute(&mut *owner)
        .await
        .expect("rows");
    // The sums of somebody who has some, but for whose they are.
    sqlx::query(
        "INSERT INTO week_rollup SELECT (jsonb_populate_record(w, jsonb_build_object('member_id', o.member_id, 'period', o.period))).*
         FROM push_outbox o, week_rollup w WHERE w.period = '2026-11-16'",
    )
    .execute(owner)
    .await
    .expect("sums");
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_thousand_against_the_wrong_environment_stop_the_channel_and_lose_no_device(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    app.with_week("ada", "UTC", 5).await;
    many_due(&app, &mut owner, 10_000, app.services.ambient().now()).await;
    fake.wrong_environment(true);
    app.services.plan_due().await.expect("planned");
    app.run_due_jobs().await;
    let devices = number(&mut owner, "SELECT count(*) FROM device").await;
    assert!(devices > 9_900, "{devices} of 10,000 are left");
    let channels = app.services.look_at_channels().await.expect("channels");
    let apns = channels.iter().find(|channel| channel.channel == ChannelKind::Apns).expect("it");
    assert!(apns.paused && apns.paused_by.as_deref() == Some("breaker"), "{apns:?}");
    assert_eq!(apns.reason.as_deref(), Some("unknown_addresses"));
    let tried = number(&mut owner, "SELECT count(*) FROM push_attempt").await;
    assert!(tried < 1_100, "{tried} were tried before it stopped");

    // Nothing goes on by itself; mended and resumed, everybody who still has a device gets it once.
    fake.wrong_environment(false);
    app.clock.advance(TimeDelta::minutes(10));
    app.services.plan_due().await.expect("planned");
    app.run_due_jobs().await;
    assert_eq!(fake.accepted(), 0);
    app.services.switch_channel(ChannelKind::Apns, None).await.expect("resumed");
    app.services.plan_due().await.expect("planned");
    app.run_due_jobs().await;
    let tries = rows(&mut owner, "SELECT outcome, reason, count(*) AS n FROM push_attempt GROUP BY 1, 2").await;
    let left = rows(&mut owner, "SELECT state, reason, count(*) AS n FROM push_outbox GROUP BY 1, 2").await;
    assert_eq!(i64::try_from(fake.accepted()), Ok(devices), "{tries:?} {left:?}");
    assert_eq!(number(&mut owner, "SELECT count(*) FROM push_outbox WHERE state = 'sent'").await, devices);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn devices_are_checked_moved_refreshed_and_removed_and_their_address_is_told_to_nobody(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, _) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    app.with_week("ada", "UTC", 1).await;
    app.with_week("bob", "UTC", 1).await;
    let web = |endpoint: &str| json!({ "platform": "web", "address_kind": "web_push", "address": endpoint, "p256dh": "x", "auth": "y" });
    for (device, field) in [
        (json!({ "platform": "fridge", "address_kind": "apns_token", "address": TOKEN }), "platform"),
        (json!({ "platform": "ios", "address_kind": "pigeon", "address": TOKEN }), "address_kind"),
        (json!({ "platform": "ios", "address_kind": "apns_token", "address": "not hex" }), "address"),
        (json!({ "platform": "ios", "address_kind": "apns_token", "address": "abc" }), "address"),
        (json!({ "platform": "ios", "address_kind": "apns_token", "address": TOKEN, "auth": "x" }), "p256dh"),
        (
            json!({ "platform": "android", "address_kind": "fcm_token", "address": "x", "environment": "sandbox" }),
            "environment",
        ),
        (
            json!({ "platform": "ios", "address_kind": "apns_token", "address": TOKEN, "locale": "nowhere in particular" }),
            "locale",
        ),
        (
            json!({ "platform": "ios", "address_kind": "apns_token", "address": TOKEN, "app_version": "new" }),
            "app_version",
        ),
        (web("https://fcm.googleapis.com/fcm/send/x"), "address_kind"),
    ] {
        let answer = app.put_device("ada", 1, &device).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{device}: {}", answer.body);
        assert!(answer.body.contains(&format!("`{field}`")), "{device}: {}", answer.body);
        assert!(!answer.body.contains(TOKEN), "{}", answer.body);
    }
    app.put_phone("ada", 1, &TOKEN.to_uppercase()).await;
    app.put_phone("ada", 1, TOKEN).await;
    let cookie = app.sign_in("ada").await;
    let list = app.json_as(&cookie, Method::GET, "/devices", None).await;
    assert_eq!(list.json()["devices"].as_array().map(Vec::len), Some(1), "refreshed, not doubled: {}", list.body);
    assert!(!list.body.contains(&TOKEN[..8]));
    let page = app.page("/spectrum/settings/notices", &cookie).await;
    assert!(page.body.contains("iPhone or iPad") && !page.body.contains(&TOKEN[..8]), "{}", page.body);
    let everything = format!("{:?}", crate::support::everything(&mut owner).await);
    assert!(!everything.contains(&TOKEN[..12]), "an address lies open");

    // Bob signs in on the same phone: it is his now, and Ada is pushed nothing there.
    app.put_phone("bob", 9, TOKEN).await;
    let whose = rows(&mut owner, "SELECT external_ref AS who FROM device_address JOIN member USING (member_id)").await;
    assert_eq!(whose, [json!({ "who": "bob" })]);
    for n in 0..25 {
        app.clock.advance(TimeDelta::seconds(1));
        app.put_phone("ada", 1_000 + n, &format!("{n:064x}")).await;
    }
    assert_eq!(
        number(&mut owner, "SELECT count(*) FROM device JOIN member USING (member_id) WHERE external_ref = 'ada'")
            .await,
        20
    );
    let path = format!("/devices/{}", Uuid::from_u128(1_024));
    for _ in 0..2 {
        assert_eq!(app.json_as(&cookie, Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT);
    }
    let bob = app.sign_in("bob").await;
    let path = format!("/devices/{}", Uuid::from_u128(1_023));
    assert_eq!(
        app.json_as(&bob, Method::DELETE, &path, None).await.status,
        StatusCode::NO_CONTENT,
        "he has none of that name"
    );
    assert_eq!(
        number(&mut owner, "SELECT count(*) FROM device JOIN member USING (member_id) WHERE external_ref = 'ada'")
            .await,
        19
    );
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_test_goes_at_once_and_the_action_under_a_push_stops_more_without_signing_in(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    app.with_week("ada", "UTC", 5).await;
    let cookie = app.sign_in("ada").await;
    let answer = app.json_as(&cookie, Method::POST, "/push/test", None).await;
    assert_eq!(answer.json(), json!({ "channels": [] }), "there is no device");
    app.put_phone("ada", 1, TOKEN).await;
    // At three in the night, and twice within a minute.
    app.at("2026-11-21T03:00:10Z").await;
    for _ in 0..2 {
        let answer = app.post_form("/fn/ask_test_push", "", &app.sign_in("ada").await).await;
        assert_eq!(answer.header("location"), "/spectrum/settings/notices");
    }
    app.run_due_jobs().await;
    assert_eq!(fake.accepted(), 1);
    let push = fake.seen().remove(0);
    assert_eq!(push.payload["aps"]["alert"]["title"], "This is a test");

    let stop = |delivery: &Value| json!({ "delivery_id": delivery }).to_string();
    let nobody = app.api_as("", Method::POST, "/push/stop", stop(&json!(Uuid::from_u128(7)))).await;
    assert_eq!(nobody.status, StatusCode::NO_CONTENT, "and nothing happened");
    let cookie = app.sign_in("ada").await;
    let before = app.json_as(&cookie, Method::GET, "/preferences", None).await.json();
    assert_eq!(before["weekly"], json!({ "apns": true, "fcm": true, "web_push": true }));
    let answer = app.api_as("", Method::POST, "/push/stop", stop(&push.payload["delivery"])).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    let after = app.json_as(&cookie, Method::GET, "/preferences", None).await.json();
    assert_eq!(after["weekly"], json!({ "apns": false, "fcm": true, "web_push": true }), "by this channel");
    app.at("2026-11-23T00:10:00Z").await;
    app.at(MONDAY_NOON).await;
    assert_eq!(fake.accepted(), 1);
    assert_eq!(number(&mut owner, "SELECT count(*) FROM push_outbox WHERE reason = 'opted_out'").await, 1);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_of_zone_or_hour_moves_what_waits(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    app.with_week("ada", "Europe/Berlin", 5).await;
    app.put_phone("ada", 1, TOKEN).await;
    app.at("2026-11-22T23:10:00Z").await;
    let local = |zone: chrono_tz::Tz, due: chrono::DateTime<Utc>| due.with_timezone(&zone).format("%a %H").to_string();
    assert_eq!(local(chrono_tz::Europe::Berlin, next_try(&mut owner).await), "Mon 09");
    // She flies to Lisbon on Sunday night: nine o'clock is there now.
    app.api(Method::PUT, "/members/ada", Some(&json!({ "time_zone": "Europe/Lisbon" }))).await;
    assert_eq!(local(chrono_tz::Europe::Lisbon, next_try(&mut owner).await), "Mon 09");
    let cookie = app.sign_in("ada").await;
    let form = "shown=apns&apns=yes&day=&hour=19&quiet_from=22&quiet_until=8";
    let answer = app.post_form("/fn/decide_push", form, &cookie).await;
    assert_eq!(answer.header("location"), "/spectrum/settings/notices", "{}", answer.body);
    assert_eq!(local(chrono_tz::Europe::Lisbon, next_try(&mut owner).await), "Mon 19");
    let page = app.page("/spectrum/settings/notices", &cookie).await;
    assert!(page.body.contains("You are told the day after your week ends, after 19:00"), "{}", page.body);
    app.at("2026-11-23T18:59:00Z").await;
    assert_eq!(fake.accepted(), 0);
    app.at("2026-11-23T20:00:00Z").await;
    assert_eq!(fake.accepted(), 1);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_switch_that_is_off_sends_nothing_and_a_dry_run_consumes_nothing(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, fake) = with_fake_and(TestApp::new(database).await, |settings| settings.send = false).await;
    let mut owner = app.owner().await;
    app.with_week("ada", "UTC", 5).await;
    app.put_phone("ada", 1, TOKEN).await;
    app.put_android("ada", 2, "fcm_fid", "fid-of-ada").await;
    app.at("2026-11-23T00:10:00Z").await;
    app.at("2026-11-23T10:00:00Z").await;
    let untouched = [("waiting".to_owned(), None, 0), ("waiting".to_owned(), None, 0)];
    assert_eq!((outbox(&mut owner).await, fake.accepted()), (untouched.to_vec(), 0));

    let settings = server::config::Push { send: false, ..settings(&fake) };
    let sender = server::push::Sender::new(&settings, app.services.ambient()).expect("channels");
    for channel in [ChannelKind::Apns, ChannelKind::Fcm] {
        let [due] = app.services.peek_pushes(channel).await.expect("a look").try_into().expect("one");
        let settled = sender.attempt(due, Mode::DryRun).await;
        assert_eq!(settled.attempt.expect("a try").reason, "dry_run");
    }
    let seen = fake.seen();
    assert!(
        fake.accepted() == 0 && seen.len() == 1 && seen[0].dry,
        "Google was asked to look, Apple can't be: {seen:?}"
    );
    assert_eq!(outbox(&mut owner).await, untouched);
    assert_eq!(number(&mut owner, "SELECT count(*) FROM push_attempt").await, 0);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_device_that_nobody_hears_of_is_not_written_to_and_then_forgotten(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    app.with_week("ada", "UTC", 5).await;
    app.put_phone("ada", 1, TOKEN).await;
    app.put_phone("ada", 2, OTHER).await;
    let quiet = "UPDATE device SET seen_at = seen_at - $1 * interval '1 day' WHERE device_id = $2";
    for (id, days) in [(1, 61), (2, 272)] {
        let quiet = sqlx::query(quiet).bind(f64::from(days)).bind(Uuid::from_u128(id));
        quiet.execute(&mut owner).await.expect("long ago");
    }
    app.at("2026-11-21T02:30:00Z").await;
    let left = rows(&mut owner, "SELECT device_id FROM device UNION ALL SELECT device_id FROM device_address").await;
    assert_eq!(left, vec![json!({ "device_id": Uuid::from_u128(1) }); 2]);
    app.at("2026-11-23T00:10:00Z").await;
    app.at(MONDAY_NOON).await;
    assert_eq!(
        (outbox(&mut owner).await, fake.accepted()),
        (vec![("dropped".to_owned(), Some("stale".to_owned()), 0)], 0)
    );
    app.finish().await;
}

/// What the domain says of one wish is what the tests above go by.
#[test]
fn nine_in_the_morning_is_the_hour_nobody_has_chosen() {
    let end = "2026-11-23".parse().expect("a date");
    let due = window(end, Wish::default(), Spread::of(0), chrono_tz::Tz::UTC).due_at;
    assert_eq!(due.to_rfc3339(), "2026-11-23T09:03:00+00:00");
    assert!(Quiet::between(22, 8).is_ok_and(|quiet| quiet == Wish::default().quiet));
}
