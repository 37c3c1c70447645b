//! What the team sees of use: sums that are those of the events that are there, also after somebody withdrew or was erased, and
//! nothing of fewer than ten people.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use chrono::NaiveDate;
use serde_json::{Value, json};
use spectrum_core::Whom;
use spectrum_domain::{
    access::StaffRole,
    erasure::AskedBy,
    finding::Kind,
    member::Member,
    product_event::{Count, DataTier, GeneratorMix, PeriodKind, ProductEvent, Screen, Surface},
    push::ChannelKind,
    use_sum::UseGrain,
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{TestApp, rows};

const FEED: ProductEvent = ProductEvent::FeedViewed {
    cards_count: Count::Few,
    generator_mix: GeneratorMix::Template,
    data_tier: DataTier::Ok,
};
const WEEK: ProductEvent = ProductEvent::LandscapeViewed { period_kind: PeriodKind::Week };
const TABLE: ProductEvent = ProductEvent::TableOpened { screen: Screen::Week };
const WHY: ProductEvent = ProductEvent::CardWhyOpened { card_kind: Kind::Level };

async fn agreeing(app: &TestApp, name: &str) -> Member {
    let consent = json!({ "consent": { "analysis": true, "model": false, "analytics": true } });
    let answer = app.api(Method::PUT, &format!("/members/{name}"), Some(&consent)).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    app.member(name).await
}

/// Three weeks of so many members, who do different things on different days in different surfaces.
async fn three_weeks(app: &TestApp, members: &[Member]) {
    for day in 0..21 {
        for (at, member) in members.iter().enumerate() {
            let surface = if at % 3 == 0 { Surface::Webview } else { Surface::Browser };
            let services = app.services.clone().on(surface);
            if (at + day) % 4 == 0 || day < at {
                continue;
            }
            services.note(member, WEEK);
            services.note(member, [FEED, TABLE, WHY][(at + day) % 3]);
            if day % 7 == 6 {
                services.note(
                    member,
                    ProductEvent::WeeklySent {
                        channel: ChannelKind::Apns,
                        local_hour: spectrum_domain::product_event::DayPart::Morning,
                    },
                );
            }
        }
        app.nights(1).await;
    }
}

type Cell = (String, String, i64, String, String);

/// Every sum as it should be, counted here from the events that are there; of periods that were added up.
async fn recounted(owner: &mut PgConnection) -> BTreeMap<Cell, (i64, i64)> {
    let events = rows(owner, "SELECT member_id, day, event, properties, surface, app_version FROM product_event").await;
    let known: BTreeSet<(String, String)> = rows(owner, "SELECT grain, period FROM use_period")
        .await
        .iter()
        .map(|row| (text(row, "grain"), text(row, "period")))
        .collect();
    let mut began: BTreeMap<String, NaiveDate> = BTreeMap::new();
    for row in events.iter().filter(|row| row["event"] != 14) {
        let day = day_of(row);
        let first = began.entry(text(row, "member_id")).or_insert(day);
        *first = day.min(*first);
    }
    let mut sums: BTreeMap<Cell, (i64, BTreeSet<String>)> = BTreeMap::new();
    for row in &events {
        let (member, event) = (text(row, "member_id"), row["event"].as_i64().expect("a number"));
        let mut parts =
            vec![("all", String::new()), ("surface", text(row, "surface")), ("version", text(row, "app_version"))];
        if event != 14 {
            parts.push(("cohort", UseGrain::Week.start(began[&member]).to_string()));
        }
        let mut cells: Vec<(i64, &str, String)> = Vec::new();
        for (segment, value) in parts {
            cells.push((event, segment, value.clone()));
            if event != 14 {
                cells.push((0, segment, value));
            }
        }
        for (property, word) in row["properties"].as_object().expect("properties") {
            let word = word.as_str().map_or_else(|| word.to_string(), str::to_owned);
            cells.push((event, "property", format!("{property}={word}")));
        }
        for grain in UseGrain::ALL {
            let period = grain.start(day_of(row)).to_string();
            if !known.contains(&(grain.name().to_owned(), period.clone())) {
                continue;
            }
            for (event, segment, value) in &cells {
                let cell = (grain.name().to_owned(), period.clone(), *event, (*segment).to_owned(), value.clone());
                let sum = sums.entry(cell).or_default();
                sum.0 += 1;
                sum.1.insert(member.clone());
            }
        }
    }
    sums.into_iter().map(|(cell, (n, people))| (cell, (n, i64::try_from(people.len()).expect("few")))).collect()
}

/// Every sum as it is kept.
async fn kept(owner: &mut PgConnection) -> BTreeMap<Cell, (i64, i64)> {
    let rows =
        rows(owner, "SELECT grain, period, event, segment, value, events, people FROM use_sum WHERE events > 0").await;
    let whole = |row: &Value, column: &str| row[column].as_i64().expect("a number");
    rows.iter()
        .map(|row| {
            let cell = (
                text(row, "grain"),
                text(row, "period"),
                whole(row, "event"),
                text(row, "segment"),
                text(row, "value"),
            );
            (cell, (whole(row, "events"), whole(row, "people")))
        })
        .collect()
}

fn text(row: &Value, column: &str) -> String {
    row[column].as_str().expect("a text").to_owned()
}

fn day_of(row: &Value) -> NaiveDate {
    text(row, "day").parse().expect("a day")
}

async fn same(owner: &mut PgConnection) -> usize {
    let (is, should) = (kept(owner).await, recounted(owner).await);
    for (cell, sum) in &should {
        assert_eq!(is.get(cell), Some(sum), "{cell:?}");
    }
    assert_eq!(is.len(), should.len());
    is.len()
}

#[sqlx::test(migrations = "../migrations")]
async fn sums_are_those_of_the_events_also_after_somebody_withdrew_or_was_erased(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let mut members = Vec::new();
    for name in ["ada", "bob", "eve", "kim", "lea"] {
        members.push(agreeing(&app, name).await);
    }
    three_weeks(&app, &members).await;
    let all = same(&mut owner).await;
    assert!(all > 300, "{all} sums");
    // A round once more finds nothing to add up.
    let summed = "SELECT summed_at FROM use_period ORDER BY 1 DESC LIMIT 1";
    let before = rows(&mut owner, summed).await;
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    assert_eq!(rows(&mut owner, summed).await, before);

    let eve = app.sign_in("eve").await;
    assert_eq!(app.post_form("/fn/count_use", "counted=no", &eve).await.status, StatusCode::SEE_OTHER);
    assert!(same(&mut owner).await < all);
    let by_host = json!({ "consent": { "analysis": true, "model": false, "analytics": false } });
    assert!(app.api(Method::PUT, "/members/kim", Some(&by_host)).await.status.is_success());
    same(&mut owner).await;
    app.services.order_erasure(Whom::Member(members[0].member_id), AskedBy::Member).await.expect("ordered");
    app.run_due_jobs().await;
    let few = same(&mut owner).await;
    assert!(few > 50, "{few}");
    assert_eq!(
        rows(&mut owner, "SELECT first_used_on FROM member WHERE NOT consent_analytics").await,
        [json!({ "first_used_on": null })]
    );

    // Who agrees again begins anew.
    app.post_form("/fn/count_use", "counted=yes", &eve).await;
    let again = app.member("eve").await;
    app.services.note(&again, FEED);
    app.nights(1).await;
    same(&mut owner).await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_withdraws_while_a_day_is_added_up_does_not_wait_and_is_in_no_sum(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for name in ["ada", "bob", "eve"] {
        let member = agreeing(&app, name).await;
        app.services.note(&member, WEEK);
        app.services.note(&member, FEED);
    }
    // Sums are slow, once.
    for statement in [
        "CREATE SEQUENCE slowly",
        "GRANT USAGE ON SEQUENCE slowly TO PUBLIC",
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN IF nextval('slowly') = 1 THEN PERFORM pg_sleep(3); END IF; RETURN NULL; END $$",
        "CREATE TRIGGER slow AFTER INSERT ON use_sum FOR EACH STATEMENT EXECUTE FUNCTION wait()",
    ] {
        sqlx::query(statement).execute(&mut owner).await.expect(statement);
    }
    let withdrawn = async {
        let sleeping =
            "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
        let mut watch = app.owner().await;
        while rows(&mut watch, sleeping).await == [json!({ "n": 0 })] {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let answer = app.post_form("/fn/count_use", "counted=no", &app.sign_in("eve").await).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(answer.header("location").starts_with("/spectrum/settings"), "{}", answer.header("location"));
        rows(&mut watch, "SELECT period FROM use_period").await
    };
    let (summed, ()) = tokio::join!(withdrawn, app.nights(1));
    assert_eq!(summed, Vec::<Value>::new(), "they were through before the day was added up");
    let people = "SELECT people FROM use_sum WHERE grain = 'day' AND event = 0 AND segment = 'all'";
    assert_eq!(rows(&mut owner, people).await, [json!({ "people": 2 })]);
    same(&mut owner).await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_page_says_what_was_counted_to_analysts_and_nothing_of_few(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let analyst = app.sign_in_team("ann@host.test", &[StaffRole::Analyst]).await;
    let empty = app.page("/staff/engagement", &analyst).await;
    assert!(empty.body.contains("Nothing has been added up yet."), "{}", empty.body);
    let mut members = Vec::new();
    for name in 0..24 {
        members.push(agreeing(&app, &format!("member-{name}")).await);
    }
    for day in 0..9 {
        for (at, member) in members.iter().enumerate() {
            app.services.note(member, WEEK);
            // Eleven people open the feed, and four ask why.
            if at < 11 {
                app.services.note(member, FEED);
            }
            if at < 4 && day == 2 {
                app.services.note(member, WHY);
            }
            if at < 20 && day == 1 {
                app.services.clone().on(Surface::Webview).note(member, TABLE);
            }
        }
        app.nights(1).await;
    }
    let analyst = app.sign_in_team("ann@host.test", &[StaffRole::Analyst]).await;
    let page = app.page("/staff/engagement", &analyst).await;
    assert_eq!(page.status, StatusCode::OK);
    for said in ["24 people used Spectrum in the week of 16 November 2026", "Opened the feed", "45.8 % (27.9–64.9)"] {
        assert!(page.body.contains(said), "{said} in {}", page.body);
    }
    let row = |body: &str, name: &str| {
        let from = body.find(&format!(">{name}<")).unwrap_or_else(|| panic!("{name} in {body}"));
        body[from..].split("</tr>").next().expect("a row").to_owned()
    };
    let why = row(&page.body, "Asked why a card is shown");
    assert!(why.contains('–') && !why.contains(">4<"), "{why}");
    // Twenty of twenty-four: the other four could be had by subtraction.
    let opened = row(&page.body, "Opened the numbers behind a figure");
    assert!(!opened.contains(">20<"), "{opened}");
    assert!(!page.body.contains("card kind"), "words of four people");
    assert!(page.body.contains("/staff/engagement/events.csv?grain=week"), "{}", page.body);

    let csv = app.page("/staff/engagement/events.csv?grain=week", &analyst).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.body.contains("Opened the feed,11,45.8 % (27.9–64.9),"), "{}", csv.body);
    assert!(csv.body.contains("Asked why a card is shown,–,–,–,"), "{}", csv.body);
    let webview = "/staff/engagement?grain=day&newest=2026-11-21&segment=surface&value=webview";
    assert!(app.page(webview, &analyst).await.body.contains("20 people of surface webview"), "{webview}");
    let few = "/staff/engagement?grain=day&newest=2026-11-22&segment=surface&value=webview";
    assert!(app.page(few, &analyst).await.body.contains("Fewer than 10 people"), "{few}");

    for path in ["/staff/engagement", "/staff/engagement/events.csv"] {
        for (cookie, status) in [
            (app.sign_in_staff().await, StatusCode::FORBIDDEN),
            (app.sign_in_team("rev@host.test", &[StaffRole::Reviewer]).await, StatusCode::FORBIDDEN),
            (String::new(), StatusCode::UNAUTHORIZED),
        ] {
            assert_eq!(app.page(path, &cookie).await.status, status, "{path}");
        }
        assert!(app.page(path, &app.sign_in("member-1").await).await.status.is_client_error(), "{path}");
    }
    for path in ["/staff/engagement?grain=year", "/staff/engagement/secrets.csv", "/staff/engagement/events.svg"] {
        assert_eq!(app.page(path, &analyst).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    app.finish().await;
}
