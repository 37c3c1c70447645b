//! Erasure as it is asked for and shown: the host's request, the member's page, the receipt, and who checks it.

use std::process::{Command, Output};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::Value;
use spectrum_core::{
    Whom,
    control::check_receipt::{NoReceipt, check},
};
use spectrum_domain::{erasure::AskedBy, id::MemberId};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{Answer, Diary, TestApp, member_id, poll_at_most, rows_about};

/// The program with the settings of these tests.
pub fn spectrum(database: &PgConnectOptions, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spectrum"))
        .args(arguments)
        .env("SPECTRUM_DATABASE_URL", database.to_url_lossy().as_str())
        .env("SPECTRUM_SECRETS_MASTER_KEY", "07".repeat(32))
        .env("SPECTRUM_SECRETS_MASTER_KEY_ID", "test")
        .env("SPECTRUM_METRICS_BIND", "127.0.0.1:0")
        .output()
        .expect("the program runs")
}

/// A receipt in a file of its own.
pub fn in_a_file(receipt: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("spectrum-receipt-{}.json", Uuid::new_v4()));
    std::fs::write(&path, receipt).expect("a file");
    path
}

/// What `spectrum receipt verify` ends with, and what it says.
pub fn verify(database: &PgConnectOptions, receipt: &str, more: &[&str]) -> (i32, String) {
    let path = in_a_file(receipt);
    let arguments = [&["receipt", "verify", path.to_str().expect("a path")], more].concat();
    let output = spectrum(database, &arguments);
    std::fs::remove_file(&path).expect("removed");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.code().unwrap_or(-1), said)
}

async fn get(app: &TestApp, path: &str) -> Answer {
    app.send(Request::get(path).body(Body::empty()).expect("a request")).await
}

async fn with_ada(database: PgConnectOptions) -> TestApp {
    let app = TestApp::new(database).await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 5 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    app
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_has_a_member_erased_and_gets_a_receipt(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_ada(database.clone()).await;
    let mut owner = app.owner().await;
    let ada = member_id(&mut owner, app.host.uuid(), "ada").await;
    let cookie = app.sign_in("ada").await;
    let before: i64 = sqlx::query_scalar("SELECT count(*) FROM turn WHERE member_id = $1")
        .bind(ada)
        .fetch_one(&mut owner)
        .await
        .expect("a count");

    let asked = app.api(Method::DELETE, "/members/ada", None).await;
    assert_eq!(
        (asked.status, asked.json()["state"].as_str()),
        (StatusCode::ACCEPTED, Some("requested")),
        "{}",
        asked.body
    );
    let number = asked.json()["erasure_id"].as_str().expect("a number").to_owned();
    let again = app.api(Method::DELETE, "/members/ada", None).await;
    assert_eq!(again.json()["erasure_id"], number.as_str(), "asked twice, it is the same erasure");
    let ways: i64 = sqlx::query_scalar("SELECT count(*) FROM web_session WHERE member_id = $1")
        .bind(ada)
        .fetch_one(&mut owner)
        .await
        .expect("a count");
    assert_eq!(ways, 0, "sign-ins are gone with the answer");
    assert_eq!(app.page("/spectrum", &cookie).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(get(&app, &format!("/receipts/{number}")).await.status, StatusCode::NOT_FOUND, "not yet");

    app.run_due_jobs().await;
    let path = format!("/erasures/{number}");
    let done = app.api(Method::GET, &path, None).await;
    assert_eq!((done.status, done.json()["state"].as_str()), (StatusCode::OK, Some("done")), "{}", done.body);
    let other = format!("Bearer {}", app.other_host("another").await);
    assert_eq!(app.api_as(&other, Method::GET, &path, "").await.status, StatusCode::NOT_FOUND, "another host's");
    assert_eq!(app.api_as("", Method::GET, &path, "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.api(Method::DELETE, "/members/ada", None).await.status, StatusCode::NOT_FOUND, "gone");
    assert_eq!(app.api(Method::GET, "/erasures/x", None).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let receipt = get(&app, &format!("/receipts/{number}")).await;
    assert_eq!(serde_json::from_str::<Value>(&receipt.body).expect("JSON"), done.json()["receipt"]);
    let body = &done.json()["receipt"]["receipt"];
    let turn = body["stores"].as_array().expect("stores").iter().find(|store| store["store"] == "turn").expect("turns");
    assert_eq!((&turn["found"], &turn["deleted"], &turn["left"]), (&before.into(), &before.into(), &0.into()));
    assert_eq!(turn["commitment"].as_str().map(str::len), Some(64));
    assert_eq!(body["keys_destroyed"].as_array().map(Vec::len), Some(1));
    assert_eq!((&body["asked_by"], &body["copies"]["rows_gone_by"]), (&"host".into(), &"2026-12-25".into()));
    assert!(!receipt.body.contains(&ada.to_string()) && !receipt.body.contains("\"ada\""), "it names nobody");

    let key = get(&app, "/.well-known/spectrum-receipt-key.json").await.json();
    let key = spectrum_core::db::keyring::unhex(key["public_key"].as_str().expect("a key")).expect("hex");
    let checked = check(&receipt.body, &key.try_into().expect("32 bytes")).expect("a receipt");
    assert_eq!((checked.number, checked.id.to_string()), (1, number));
    let (code, said) = verify(&database, &receipt.body, &["--host", "host", "--member", "ada"]);
    assert_eq!(code, 0, "{said}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_is_asked_twice_and_ends_on_the_number(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_ada(database).await;
    let mut owner = app.owner().await;
    let ada = member_id(&mut owner, app.host.uuid(), "ada").await;
    let cookie = app.sign_in("ada").await;
    let page = app.page("/spectrum/settings/erase", &cookie).await;
    assert!(page.status == StatusCode::OK && page.body.contains("action=\"/fn/erase_member\""), "{}", page.body);
    assert!(!page.body.contains("wakeAll") && !page.body.contains("<leptos-island"), "it needs no script");
    assert_eq!(app.page("/spectrum/settings/erase", "").await.status, StatusCode::UNAUTHORIZED);

    for word in ["", "yes"] {
        let answer = app.post_form("/fn/erase_member", &format!("word={word}"), &cookie).await;
        assert_eq!(answer.header("location"), "/spectrum/settings/erase?not-meant", "{}", answer.body);
    }
    let page = app.page("/spectrum/settings/erase?not-meant", &cookie).await;
    assert!(page.body.contains("The word was not typed, so nothing was changed."));
    assert!(!rows_about(&mut owner, ada).await.is_empty());
    assert_eq!(app.page("/spectrum", &cookie).await.status, StatusCode::SEE_OTHER, "still signed in");

    let answer = app.post_form("/fn/erase_member", "word=+Erase", &cookie).await;
    let to = answer.header("location").to_owned();
    let number = to.strip_prefix("/erased/").unwrap_or_else(|| panic!("{to}: {}", answer.body));
    assert!(answer.header("set-cookie").contains("Max-Age=0"), "the browser forgets the sign-in");
    assert_eq!(app.page("/spectrum", &cookie).await.status, StatusCode::UNAUTHORIZED, "and so does the server");
    let page = app.page(&to, "").await;
    assert!(page.body.contains(number) && page.body.contains("being erased"), "{}", page.body);
    app.run_due_jobs().await;
    assert_eq!(rows_about(&mut owner, ada).await.len(), 0);
    let page = app.page(&to, "").await;
    assert!(page.body.contains("Everything is erased.") && page.body.contains(&format!("/receipts/{number}")));
    for unknown in ["/erased/x", "/erased/00000000-0000-7000-8000-000000000000"] {
        assert_eq!(app.page(unknown, "").await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
    // Nobody is signed in: the form changes nothing.
    let answer = app.post_form("/fn/erase_member", "word=erase", "").await;
    assert_eq!(answer.header("location"), "/spectrum/settings/erase");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_receipt_that_was_changed_is_none(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_ada(database.clone()).await;
    let whom = Whom::Reference(app.host, "ada".parse().expect("a reference"));
    let number = app.services.order_erasure(whom, AskedBy::Operator).await.expect("ordered");
    app.run_due_jobs().await;
    let receipt = app.services.load_receipt(number.uuid()).await.expect("an answer").expect("a receipt");
    let key = app.services.ledger().public_key();
    assert!(check(&receipt, &key).is_ok());
    // A letter anywhere.
    for (from, to, why) in [
        ("\"asked_by\":\"operator\"", "\"asked_by\":\"member\"", NoReceipt::Signature),
        ("\"number\":1", "\"number\":2", NoReceipt::Signature),
        ("\"number\":1", "\"number\": 1", NoReceipt::Spelling),
        ("\"number\":1", "\"number\":1.0", NoReceipt::Spelling),
        ("\"signed_by\":\"", "\"signed_by\":\"f", NoReceipt::OtherKey(format!("f{}", app.services.ledger().key_id()))),
        ("\"receipt\"", "\"recepit\"", NoReceipt::Form),
    ] {
        let changed = receipt.replacen(from, to, 1);
        assert_ne!(changed, receipt, "{from}");
        assert_eq!(check(&changed, &key), Err(why), "{to}");
        let (code, said) = verify(&database, &changed, &[]);
        assert_eq!(code, 1, "{said}");
    }
    let (code, said) = verify(&database, &receipt, &["--host", "host", "--member", "eve"]);
    assert!(code == 1 && said.contains("FAIL the receipt is about this reference"), "{said}");
    // A key that somebody else gives.
    let other = in_a_file(&format!("{{\"public_key\":\"{}\"}}", "11".repeat(32)));
    let (code, said) = verify(&database, &receipt, &["--key", other.to_str().expect("a path")]);
    std::fs::remove_file(other).expect("removed");
    assert!(code == 1 && said.contains("names another key"), "{said}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_left_behind_is_found_wherever_it_is(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_ada(database.clone()).await;
    let mut owner = app.owner().await;
    let ada = member_id(&mut owner, app.host.uuid(), "ada").await;
    let number = app.services.order_erasure(Whom::Member(MemberId(ada)), AskedBy::Host).await.expect("ordered");
    app.run_due_jobs().await;
    let receipt = app.services.load_receipt(number.uuid()).await.expect("an answer").expect("a receipt");
    assert_eq!(verify(&database, &receipt, &[]).0, 0);
    // A table that nobody told erasure of, under names that say nothing.
    for (kind, value) in [
        ("uuid", format!("'{ada}'")),
        ("jsonb", format!("'{{\"a\": [\"{ada}\"]}}'")),
        ("text", format!("'about {ada}.'")),
        ("text[]", format!("ARRAY['{ada}']")),
    ] {
        let table = format!("CREATE TABLE forgotten (x {kind}); INSERT INTO forgotten VALUES ({value})");
        sqlx::raw_sql(AssertSqlSafe(table)).execute(&mut owner).await.expect("a table");
        let (code, said) = verify(&database, &receipt, &[]);
        assert!(code == 1 && said.contains("1 rows in forgotten.x"), "{kind}: {said}");
        sqlx::raw_sql("DROP TABLE forgotten").execute(&mut owner).await.expect("gone");
    }
    for (kind, value) in [("text", "'ada'"), ("jsonb", "'{\"who\": \"ada\"}'")] {
        let table = format!("CREATE TABLE forgotten (x {kind}); INSERT INTO forgotten VALUES ({value})");
        sqlx::raw_sql(AssertSqlSafe(table)).execute(&mut owner).await.expect("a table");
        let (code, said) = verify(&database, &receipt, &["--host", "host", "--member", "ada"]);
        assert!(code == 1 && said.contains("1 rows in forgotten.x"), "{kind}: {said}");
        sqlx::raw_sql("DROP TABLE forgotten").execute(&mut owner).await.expect("gone");
    }
    // Who came later under the same reference is somebody else.
    app.clock.advance(chrono::TimeDelta::minutes(1));
    app.accept(&(Diary { member: "ada", zone: "Europe/London", days: 1 }).sessions()[0].events).await;
    let (code, said) = verify(&database, &receipt, &["--host", "host", "--member", "ada"]);
    assert!(code == 0 && said.contains("somebody who came later"), "{said}");
    assert_eq!(app.services.replay_tombstones().await.expect("replayed"), 0, "and is not erased");
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn each_receipt_hangs_on_the_one_before_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database.clone()).await;
    let mut owner = app.owner().await;
    let mut numbers = Vec::new();
    for member in ["ada", "bob", "eve"] {
        app.accept(&(Diary { member, zone: "Europe/London", days: 1 }).sessions()[0].events).await;
        let whom = Whom::Reference(app.host, member.parse().expect("a reference"));
        numbers.push(app.services.order_erasure(whom, AskedBy::Host).await.expect("ordered"));
    }
    app.run_due_jobs().await;
    let key = app.services.ledger().public_key();
    let mut receipts = Vec::new();
    for number in &numbers {
        let text = app.services.load_receipt(number.uuid()).await.expect("an answer").expect("a receipt");
        receipts.push((check(&text, &key).expect("a receipt"), text));
    }
    receipts.sort_by_key(|(receipt, _)| receipt.number);
    assert_eq!(receipts.iter().map(|(receipt, _)| receipt.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(receipts[0].0.previous, "0".repeat(64));
    assert_eq!((&receipts[1].0.previous, &receipts[2].0.previous), (&receipts[0].0.hash, &receipts[1].0.hash));
    // One that was taken out of the chain is missed by the one after it.
    sqlx::query("DELETE FROM receipt WHERE number = 2").execute(&mut owner).await.expect("taken out");
    let (code, said) = verify(&database, &receipts[2].1, &[]);
    assert!(code == 1 && said.contains("FAIL it hangs on the receipt before it"), "{said}");
    let (code, said) = verify(&database, &receipts[1].1, &[]);
    assert!(code == 1 && said.contains("FAIL this database has a receipt under its number"), "{said}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_erasure_that_is_cut_off_at_every_await_goes_on_where_it_stood(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = with_ada(database).await;
    let mut owner = app.owner().await;
    let ada = member_id(&mut owner, app.host.uuid(), "ada").await;
    let number = app.services.order_erasure(Whom::Member(MemberId(ada)), AskedBy::Host).await.expect("ordered");
    let job = app.services.claim_jobs("upkeep", Uuid::from_u128(9), 1, std::time::Duration::from_mins(5)).await;
    let job = job.expect("a claim").remove(0);
    let (mut cut_off, mut refused, mut seen) = (0, 0, std::collections::BTreeSet::new());
    loop {
        match poll_at_most(1 + cut_off, app.services.erase_member(&job)).await {
            Some(Ok(())) => break,
            // What was cut off still holds its rows for a moment; it is not cut off later for that.
            Some(Err(_)) => {
                refused += 1;
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            None => cut_off += 1,
        }
        assert!(refused < 200, "it comes to an end");
        seen.insert(app.services.load_erasure(number, None).await.expect("an erasure").state.name());
    }
    assert!(cut_off > 20 && seen.len() >= 3, "{cut_off} times, in {seen:?}");
    let receipt = app.services.load_receipt(number.uuid()).await.expect("an answer").expect("a receipt");
    let receipt = check(&receipt, &app.services.ledger().public_key()).expect("true");
    assert!(receipt.deleted > 40, "{receipt:?}");
    assert_eq!(rows_about(&mut owner, ada).await.len(), 0);
    app.finish().await;
}
