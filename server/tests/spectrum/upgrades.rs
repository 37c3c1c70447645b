//! From the teaser to the paid plan: who came to its place first when, who was kept from it by lot, who upgraded as the host's billing
//! says, and what the team is told of it.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use spectrum_core::ambient::Clock as _;
use spectrum_domain::{access::StaffRole, effect::experiment::Trial, member::Member, product_event::Teaser};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{Diary, TestApp, rows};

async fn free_member(app: &TestApp, name: &str, counted: bool) -> Member {
    let consent = json!({
        "plan": "free", "consent": { "analysis": true, "model": false, "analytics": counted }
    });
    let answer = app.api(Method::PUT, &format!("/members/{name}"), Some(&consent)).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    app.member(name).await
}

async fn tell(app: &TestApp, name: &str, body: &Value) -> (StatusCode, Value) {
    let answer = app.api(Method::POST, &format!("/members/{name}/upgrades"), Some(body)).await;
    (answer.status, answer.json())
}

fn paid(id: u128, at: DateTime<Utc>) -> Value {
    json!({ "upgrade_id": Uuid::from_u128(id), "upgraded_at": at.to_rfc3339() })
}

#[sqlx::test(migrations = "../migrations")]
async fn what_billing_says_is_kept_once_and_of_who_agrees(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    free_member(&app, "ada", true).await;
    free_member(&app, "bob", false).await;
    let now = app.clock.now();
    let upgrade = paid(7, now);
    for _ in 0..2 {
        assert_eq!(tell(&app, "ada", &upgrade).await, (StatusCode::OK, json!({ "counted": true })));
    }
    assert_eq!(tell(&app, "bob", &upgrade).await, (StatusCode::OK, json!({ "counted": false })));
    let kept = "SELECT upgrade_id, refunded_at IS NOT NULL AS refunded FROM upgrade";
    assert_eq!(rows(&mut owner, kept).await, [json!({ "upgrade_id": Uuid::from_u128(7), "refunded": false })]);
    app.clock.advance(TimeDelta::days(2));
    let mut refund = upgrade.clone();
    refund["refunded_at"] = json!((now + TimeDelta::days(1)).to_rfc3339());
    assert_eq!(tell(&app, "ada", &refund).await.0, StatusCode::OK);
    // An older message that comes late takes nothing back.
    assert_eq!(tell(&app, "ada", &upgrade).await.0, StatusCode::OK);
    assert_eq!(rows(&mut owner, kept).await, [json!({ "upgrade_id": Uuid::from_u128(7), "refunded": true })]);

    for (field, wrong) in [
        ("upgraded_at", paid(8, now + TimeDelta::days(9))),
        (
            "refunded_at",
            json!({ "upgrade_id": Uuid::from_u128(9), "upgraded_at": now, "refunded_at": now - TimeDelta::days(1) }),
        ),
    ] {
        let (status, problem) = tell(&app, "ada", &wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(field)), "{problem}");
    }
    assert_eq!(tell(&app, "nobody", &upgrade).await.0, StatusCode::NOT_FOUND);
    let elsewhere = format!("Bearer {}", app.other_host("elsewhere").await);
    let foreign = app.api_as(&elsewhere, Method::POST, "/members/ada/upgrades", upgrade.to_string()).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "another host's member");

    // Who withdraws takes it along.
    let ada = app.sign_in("ada").await;
    app.post_form("/fn/count_use", "counted=no", &ada).await;
    assert_eq!(rows(&mut owner, kept).await, Vec::<Value>::new());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn some_are_kept_from_the_teaser_by_lot_and_it_falls_the_same_each_time(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let mut members = Vec::new();
    for name in ["ada", "bob", "eve", "kim", "lea", "max", "noa", "pia", "sam", "tom"] {
        for sent in (Diary { member: name, zone: "UTC", days: 3 }).sessions().into_iter().take(3) {
            app.accept(&sent.events).await;
        }
        members.push(free_member(&app, name, true).await);
    }
    app.run_due_jobs().await;
    assert!(members.iter().all(|member| !app.services.is_held_out(Trial::Teaser, member.member_id)), "nothing runs");
    assert!(app.services.start_experiment(Trial::Teaser, 500, 56).await.expect("started"));
    assert!(
        !app.services.start_experiment(Trial::Teaser, 10, 56).await.expect("an answer"),
        "what runs can't be changed"
    );
    app.services.refresh_experiments().await.expect("looked up");
    let held: BTreeSet<_> = members
        .iter()
        .map(|m| m.member_id.uuid())
        .filter(|id| app.services.is_held_out(Trial::Teaser, (*id).into()))
        .collect();
    assert!(!held.is_empty() && held.len() < members.len(), "{held:?}");
    let names = ["ada", "bob", "eve", "kim", "lea", "max", "noa", "pia", "sam", "tom"];
    for _ in 0..2 {
        for (name, member) in names.iter().zip(&members) {
            let page = app.page("/spectrum/feed", &app.sign_in(name).await).await;
            assert_eq!(page.status, StatusCode::OK);
            let shown = page.body.contains("data-teaser-variant=\"");
            assert_eq!(shown, !held.contains(&member.member_id.uuid()), "{name}");
        }
    }
    app.nights(1).await;
    let logged = rows(&mut owner, "SELECT member_id, arm FROM exposure WHERE experiment = 'teaser'").await;
    assert_eq!(logged.len(), members.len(), "each once");
    for row in &logged {
        let id: Uuid = row["member_id"].as_str().expect("an id").parse().expect("an id");
        assert_eq!(row["arm"] == "holdout", held.contains(&id), "{row}");
    }
    let variant = format!(
        "SELECT count(*) AS n FROM product_event WHERE properties->>'teaser_variant' = '{}'",
        Teaser::Holdout.name()
    );
    assert_eq!(rows(&mut owner, &variant).await, [json!({ "n": held.len() * 2 })]);

    assert!(app.services.end_experiment(Trial::Teaser).await.expect("ended"));
    assert!(!app.services.end_experiment(Trial::Teaser).await.expect("an answer"));
    app.services.refresh_experiments().await.expect("looked up");
    for name in names {
        let page = app.page("/spectrum/feed", &app.sign_in(name).await).await;
        assert!(page.body.contains("data-teaser-variant=\""), "{name}");
    }
    app.nights(1).await;
    assert_eq!(
        rows(&mut owner, "SELECT member_id, arm FROM exposure WHERE experiment = 'teaser'").await,
        logged,
        "the first time is the one that counts"
    );
    app.finish().await;
}

/// Puts people who came to the teaser's place into the house, and of some of them upgrades after so many hours, as a host and pages would
/// have over weeks.
async fn people(owner: &mut PgConnection, app: &TestApp, arm: &str, prefix: &str, n: i32, upgraded: i32, first: &str) {
    for at in 0..n {
        free_member(app, &format!("{prefix}-{at}"), true).await;
    }
    let of = format!(
        "(SELECT member_id, row_number() OVER (ORDER BY external_ref) AS at FROM member WHERE external_ref LIKE '{prefix}-%')"
    );
    for statement in [
        format!("INSERT INTO exposure SELECT member_id, 'teaser', '{arm}', '{first}'::timestamptz + at * interval '1 minute' FROM {of} AS m"),
        format!(
            "INSERT INTO upgrade SELECT member_id, member_id, '{first}'::timestamptz + at * interval '5 hours',
                    CASE WHEN at = 1 THEN '{first}'::timestamptz + interval '10 days' END, now()
             FROM {of} AS m WHERE at <= {upgraded}"
        ),
        // Before it: no upgrade after it.
        format!(
            "INSERT INTO upgrade SELECT member_id, '00000000-0000-0000-0000-000000000001', '{first}'::timestamptz - interval '1 day', NULL, now()
             FROM {of} AS m WHERE at = {n}"
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *owner).await.expect("people");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_page_says_what_is_known_and_refuses_the_rest(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let analyst = async || app.sign_in_team("ann@host.test", &[StaffRole::Analyst]).await;
    let page = async |path: &str| app.page(path, &analyst().await).await.body;
    let empty = page("/staff/upgrades").await;
    assert!(empty.contains("Nobody's time is up yet.") && !empty.contains("What the teaser did"), "{empty}");

    people(&mut owner, &app, "feature", "few", 40, 3, "2026-11-02T09:00:00Z").await;
    app.nights(1).await;
    let few = page("/staff/upgrades").await;
    assert!(few.contains("Fewer than 100 people in an arm"), "a floor: {few}");

    people(&mut owner, &app, "feature", "many", 120, 12, "2026-10-05T09:00:00Z").await;
    people(&mut owner, &app, "feature", "late", 20, 0, "2026-11-19T09:00:00Z").await;
    app.nights(1).await;
    let many = page("/staff/upgrades").await;
    // 12 of 120 within 60 hours and 3 of 40; twenty have not had their seven days.
    assert!(
        many.contains("15 of 160 people who saw the teaser upgraded within seven days: 9.4 % (5.8–14.9)."),
        "{many}"
    );
    assert!(many.contains("Half of those who upgraded within 28 days had done so after 32 hours."), "{many}");
    let csv = app.page("/staff/upgrades/windows.csv", &analyst().await).await.body;
    assert!(
        csv.contains("7 days,160,15,9.4 % (5.8–14.9),") && csv.lines().nth(2).is_some_and(|row| row.ends_with(",20")),
        "{csv}"
    );

    // An experiment: nobody in the holdout yet, then a broken ratio.
    sqlx::query("INSERT INTO experiment VALUES ('teaser', 500, '2026-10-01T00:00:00Z', NULL, 56)")
        .execute(&mut owner)
        .await
        .expect("one");
    people(&mut owner, &app, "holdout", "held", 105, 11, "2026-10-05T09:00:00Z").await;
    app.nights(1).await;
    let broken = page("/staff/upgrades").await;
    assert!(broken.contains("The arms are not of the sizes they were designed for"), "180 against 105: {broken}");
    people(&mut owner, &app, "holdout", "more", 70, 2, "2026-10-06T09:00:00Z").await;
    app.nights(1).await;
    let whole = page("/staff/upgrades").await;
    assert!(whole.contains("What the teaser did") && whole.contains("500 of a thousand free members"), "{whole}");
    assert!(!whole.contains("The arms are not of the sizes"), "{whole}");
    // 15 of 160 (9.4 %) less 13 of 175 (7.4 %), by Newcombe's tenth method.
    assert!(whole.contains("+1.9 points (-4.1 to +8.2)"), "{whole}");

    for path in ["/staff/upgrades", "/staff/upgrades/windows.csv"] {
        assert_eq!(app.page(path, &app.sign_in_staff().await).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(app.page(path, "").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    for path in ["/staff/upgrades?until=soon", "/staff/upgrades?until=2030-01-01", "/staff/upgrades/people.csv"] {
        assert_eq!(app.page(path, &analyst().await).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    app.finish().await;
}
