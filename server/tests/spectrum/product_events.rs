//! How Spectrum is used: counted of who agrees and of nobody else, in a closed set, many in one statement, and gone with the
//! member, their agreement, or its time.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use chrono::{Months, TimeDelta};
use serde_json::{Value, json};
use spectrum_core::{Flushed, Whom, ambient::Clock as _, product::ROOM};
use spectrum_domain::{
    card::Grain,
    erasure::AskedBy,
    exclusion::Scope,
    member::Member,
    product_event::{PeriodKind, ProductEvent, RECORDED},
    reset::{Depth, Reset},
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Answer, Diary, TestApp, lines, rows, unzip};

const WEEK_SEEN: ProductEvent = ProductEvent::LandscapeViewed { period_kind: PeriodKind::Week };

/// A member with three weeks of sessions, all read and told of, whose host says whether their use may be counted.
async fn member(app: &TestApp, name: &'static str, agrees: bool) -> Member {
    for sent in (Diary { member: name, zone: "UTC", days: 21 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    host_says(app, name, agrees).await;
    app.member(name).await
}

async fn host_says(app: &TestApp, name: &str, agrees: bool) {
    let consent = json!({ "consent": { "analysis": true, "model": false, "analytics": agrees } });
    let answer = app.api(Method::PUT, &format!("/members/{name}"), Some(&consent)).await;
    assert!(answer.status.is_success(), "{}", answer.body);
}

async fn written(app: &TestApp) -> Flushed {
    app.services.write_noted().await.expect("written")
}

/// What was counted: name, properties and surface, in an order of their own.
async fn counted(owner: &mut PgConnection) -> Vec<Value> {
    let found = rows(owner, "SELECT event, properties, surface FROM product_event").await;
    let name = |row: &Value| RECORDED.iter().find(|(number, _)| row["event"] == *number).expect("a known number").1;
    let mut events: Vec<Value> =
        found.iter().map(|row| json!([name(row), row["properties"], row["surface"]])).collect();
    events.sort_by_key(Value::to_string);
    events
}

async fn how_many(owner: &mut PgConnection) -> usize {
    rows(owner, "SELECT event_id FROM product_event").await.len()
}

/// Everything a member can do that is counted, by pages, forms and calls.
async fn use_everything(app: &TestApp, member: &Member, cookie: &str) {
    for path in [
        "/spectrum/week/2026-W46",
        "/spectrum/feed",
        "/spectrum/month/2026-10",
        "/spectrum/settings",
        "/spectrum/landscape/2026-11",
        "/spectrum/patterns/7-days",
    ] {
        let page = app.page(path, cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let carries = page.body.contains("sendBeacon");
        assert_eq!(carries, member.counted, "{path}: a page carries what counts its use only of who agreed");
        assert!(!carries || page.body.contains("nonce="), "{path}");
    }
    let card = app.services.list_editions(member.member_id, Grain::Week, None, 1).await.expect("editions").remove(0);
    let form = format!("card_id={}&verdict=useful", card.cards[0].card_id);
    assert_eq!(app.post_form("/fn/give_feedback", &form, cookie).await.status, StatusCode::SEE_OTHER);
    let sessions = Diary { member: "ada", zone: "UTC", days: 21 }.sessions();
    for deed in ["exclude_session", "include_session"] {
        let form = format!("session_id={}&week=2026-W46", sessions[20].session_id);
        assert_eq!(app.post_form(&format!("/fn/{deed}"), &form, cookie).await.status, StatusCode::SEE_OTHER);
    }
    let form = format!("session_id={}&week=2026-W46&quadrant=low_pleasant", sessions[19].session_id);
    assert_eq!(app.post_form("/fn/correct_session", &form, cookie).await.status, StatusCode::SEE_OTHER);
    let seen = json!({ "events": [
        { "name": "card_viewed", "card_kind": "level", "position": 2, "dwell": "2_to_10s" },
        { "name": "card_why_opened", "card_kind": "level" },
        { "name": "table_opened", "screen": "week" },
    ] });
    assert_eq!(beacon(app, cookie, &seen).await.status, StatusCode::ACCEPTED);
    app.archive(member.member_id).await;
    let wish = Reset { depth: Depth::Derived, before: None, keep_exclusions: true };
    app.services.reset(member.member_id, wish).await.expect("a reset");
    written(app).await;
}

/// What the script of a page sends.
async fn beacon(app: &TestApp, cookie: &str, body: &Value) -> Answer {
    let request = Request::post("/api/v1/product-events")
        .header(header::HOST, "spectrum.test")
        .header(header::ORIGIN, "https://spectrum.test")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, cookie)
        .body(Body::from(body.to_string()));
    app.send(request.expect("a request")).await
}

#[sqlx::test(migrations = "../migrations")]
async fn what_a_member_does_is_counted_in_closed_words(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let ada = member(&app, "ada", true).await;
    assert!(ada.counted);
    let cookie = app.sign_in_paid("ada").await;
    use_everything(&app, &ada, &cookie).await;
    let events = counted(&mut owner).await;
    let of = |name: &str| events.iter().filter(|event| event[0] == *name).cloned().collect::<Vec<_>>();
    let looked = |name: &str, kind: &str| json!([name, { "period_kind": kind }, "browser"]);
    assert_eq!(of("landscape_viewed"), ["month", "week"].map(|kind| looked("landscape_viewed", kind)));
    assert_eq!(of("distribution_viewed"), [looked("distribution_viewed", "span")]);
    assert_eq!(of("feed_viewed")[0][1]["generator_mix"], "template");
    assert_eq!(of("month_viewed").len(), 1);
    assert_eq!(of("card_feedback_submitted")[0][1]["verdict"], "useful");
    let moved = |name: &str, total: &str| json!([name, { "via": "list", "excluded_total": total }, "browser"]);
    assert_eq!(of("session_excluded"), [moved("session_excluded", "one")]);
    assert_eq!(of("session_included"), [moved("session_included", "none")]);
    assert_eq!(of("session_corrected"), [json!(["session_corrected", { "via": "list" }, "browser"])]);
    let viewed = json!({ "card_kind": "level", "position": 2, "dwell": "2_to_10s" });
    assert_eq!(of("card_viewed"), [json!(["card_viewed", viewed, "browser"])]);
    assert_eq!((of("card_why_opened").len(), of("table_opened").len()), (1, 1));
    assert_eq!(of("export_completed"), [json!(["export_completed", { "format": "archive" }, "app"])]);
    assert_eq!(
        of("reset_completed"),
        [json!(["reset_completed", { "scope": "derived", "seconds": "under_1s" }, "app"])]
    );
    assert_eq!(of("reset_requested").len(), 1);
    assert_eq!(events.len(), 15, "a fresh start leaves what was counted, and nothing is counted twice: {events:?}");

    // By call, of a session; and in an operator's name nothing is.
    let before = how_many(&mut owner).await;
    let session = Diary { member: "ada", zone: "UTC", days: 21 }.sessions()[4].session_id.parse().expect("an id");
    let (out, _) = app.services.exclude(ada.member_id, Scope::Session(session), None).await.expect("out");
    app.services.include(ada.member_id, out.exclusion_id).await.expect("in");
    assert_eq!(how_many(&mut owner).await, before + 2);
    let operator = app.services.clone().as_operator();
    operator.exclude_session(&ada, session).await.expect("out");
    operator.note(&ada, WEEK_SEEN);
    written(&app).await;
    assert_eq!(how_many(&mut owner).await, before + 2);

    // The member takes it along, and it is gone with them.
    let files = unzip(&app.archive(ada.member_id).await);
    assert_eq!(lines(&files, "product_event.jsonl").len(), before + 2);
    let readme = String::from_utf8_lossy(&files["README.txt"]).into_owned();
    assert!(readme.contains("2 card_viewed") && readme.contains("product_event.jsonl"), "{readme}");
    app.services.note(&ada, WEEK_SEEN);
    let whom = Whom::Member(ada.member_id);
    app.services.order_erasure(whom, AskedBy::Member).await.expect("an answer");
    app.run_due_jobs().await;
    assert_eq!(written(&app).await, Flushed { withdrawn: 1, ..Flushed::default() });
    assert_eq!(how_many(&mut owner).await, 0);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_who_has_not_agreed_nothing_is_kept(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let ada = member(&app, "ada", false).await;
    let cookie = app.sign_in("ada").await;
    use_everything(&app, &ada, &cookie).await;
    assert_eq!((how_many(&mut owner).await, written(&app).await), (0, Flushed::default()));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_withdraws_takes_along_what_was_counted_and_what_was_about_to_be(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let (ada, eve) = (member(&app, "ada", true).await, member(&app, "eve", true).await);
    let cookie = app.sign_in("ada").await;
    let note_both = || {
        app.services.note(&ada, WEEK_SEEN);
        app.services.note(&eve, WEEK_SEEN);
    };
    note_both();
    assert_eq!(written(&app).await.written, 2);
    let page = app.page("/spectrum/settings", &cookie).await;
    assert!(page.body.contains("may be counted: yes") && page.body.contains("/fn/count_use"), "{}", page.body);
    note_both();
    assert_eq!(app.post_form("/fn/count_use", "counted=no", &cookie).await.status, StatusCode::SEE_OTHER);
    assert_eq!(written(&app).await, Flushed { written: 1, withdrawn: 1, dropped: 0 });
    let of_ada = format!("SELECT event_id FROM product_event WHERE member_id = '{}'", ada.member_id.uuid());
    assert_eq!((rows(&mut owner, &of_ada).await.len(), how_many(&mut owner).await), (0, 2));
    assert!(app.page("/spectrum/settings", &cookie).await.body.contains("may be counted: no"));
    let looked = app.page("/spectrum/settings/looked", &cookie).await;
    assert!(looked.body.contains("decided whether use is counted"), "it is in the record of deeds");

    // Their own word goes before the host's, in both directions; the host's where they have said nothing.
    host_says(&app, "ada", true).await;
    assert!(!app.member("ada").await.counted);
    note_both();
    host_says(&app, "eve", false).await;
    assert_eq!((written(&app).await.written, how_many(&mut owner).await), (0, 0));
    app.post_form("/fn/count_use", "counted=yes", &cookie).await;
    host_says(&app, "ada", false).await;
    assert!(app.member("ada").await.counted);
    assert!(app.post_form("/fn/count_use", "counted=maybe", &cookie).await.status.is_redirection());
    app.services.note(&ada, WEEK_SEEN);
    assert_eq!(written(&app).await.written, 1);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn many_are_written_in_one_statement_and_what_has_no_room_is_counted(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    host_says(&app, "ada", true).await;
    let ada = app.member("ada").await;
    for _ in 0..ROOM + 5 {
        app.services.note(&ada, WEEK_SEEN);
    }
    assert_eq!(how_many(&mut owner).await, 0, "nothing waits for a write");
    assert_eq!(written(&app).await, Flushed { written: ROOM as u64, withdrawn: 0, dropped: 5 });
    let statements = "SELECT DISTINCT xmin::text, cmin::text FROM product_event";
    assert_eq!((how_many(&mut owner).await, rows(&mut owner, statements).await.len()), (ROOM, 1));
    assert_eq!(written(&app).await, Flushed::default());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_beacon_takes_its_events_and_names_what_is_wrong(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    host_says(&app, "ada", true).await;
    let cookie = app.sign_in("ada").await;
    let good = json!({ "name": "card_viewed", "card_kind": "mix", "position": 1, "dwell": "over_30s" });
    let with = |field: &str, value: Value| {
        let mut event = good.clone();
        event[field] = value;
        json!({ "events": [good, event] })
    };
    for (field, body) in [
        ("`events[1].name`", with("name", json!("feed_viewed"))),
        ("`events[1].name`", with("name", json!(7))),
        ("`events[1].card_kind`", with("card_kind", json!("joy"))),
        ("`events[1].position`", with("position", json!(0))),
        ("`events[1].position`", with("position", json!(51))),
        ("`events[1].dwell`", with("dwell", json!("4.2"))),
        ("`events[1].dwell`", with("dwell", Value::Null)),
        ("`events[1]`", with("note", json!("I am sad"))),
        ("`events[0].screen`", json!({ "events": [{ "name": "table_opened", "screen": "secret" }] })),
        ("`surface`", json!({ "events": [good], "surface": "watch" })),
        ("`app_version`", json!({ "events": [good], "app_version": "4.12-ada" })),
        ("`events`", json!({ "events": vec![good.clone(); 51] })),
    ] {
        let answer = beacon(&app, &cookie, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let detail = answer.json()["detail"].as_str().expect("a detail").to_owned();
        assert!(detail.starts_with(field), "{body} {detail}");
        assert!(!["sad", "secret", "joy", "watch", "note"].iter().any(|sent| answer.body.contains(sent)), "{detail}");
    }
    for body in [json!({}), json!([]), json!({ "events": [7] }), json!({ "events": [good], "why": 1 })] {
        assert_eq!(beacon(&app, &cookie, &body).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(written(&app).await, Flushed::default(), "of a refused call nothing is taken");
    let elsewhere = Request::post("/api/v1/product-events")
        .header(header::HOST, "spectrum.test")
        .header(header::ORIGIN, "https://elsewhere.test")
        .header(header::COOKIE, &cookie)
        .body(Body::from(json!({ "events": [good] }).to_string()));
    assert_eq!(app.send(elsewhere.expect("a request")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(beacon(&app, "", &json!({ "events": [good] })).await.status, StatusCode::UNAUTHORIZED);
    let many = json!({ "events": vec![good.clone(); 50], "surface": "webview", "app_version": "4.12" });
    assert_eq!(beacon(&app, &cookie, &many).await.status, StatusCode::ACCEPTED);
    assert_eq!(beacon(&app, &cookie, &json!({ "events": [], "surface": null })).await.status, StatusCode::ACCEPTED);
    assert_eq!(written(&app).await.written, 50);
    let origins = rows(&mut owner, "SELECT DISTINCT surface, app_version FROM product_event").await;
    assert_eq!(origins, [json!({ "surface": "webview", "app_version": "4.12" })]);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_is_kept_longer_than_thirteen_months(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    host_says(&app, "ada", true).await;
    let ada = app.member("ada").await;
    app.services.note(&ada, WEEK_SEEN);
    written(&app).await;
    let round = async || {
        app.services.prepare_partitions().await.expect("partitions");
        app.services.plan_due().await.expect("a plan");
        app.run_due_jobs().await;
    };
    let standing = async || {
        let standings = app.services.look_at_retention().await.expect("a look");
        standings.into_iter().find(|of| of.store == "product_event").expect("it is looked at")
    };
    // The first of the month in which it was written, thirteen months on: that day it is still held.
    let last = "2026-11-01T12:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().expect("an instant") + Months::new(13);
    app.clock.advance(last - app.clock.now());
    round().await;
    assert_eq!((how_many(&mut owner).await, standing().await.overdue), (1, 0));
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(standing().await.overdue, 1);
    round().await;
    assert_eq!((how_many(&mut owner).await, standing().await.overdue), (0, 0));
    app.finish().await;
}
