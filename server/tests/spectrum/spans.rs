//! Landscape, patterns and the list of sessions for spans of every kind: what they say with few and with many sessions, that
//! their numbers are those of the sessions, and that their figures are handed out as files to nobody else.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, Diary, TestApp, rows, session};

async fn with_days(database: PgConnectOptions, days: u32) -> (TestApp, String) {
    let app = TestApp::new(database).await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    let cookie = app.sign_in_paid("ada").await;
    (app, cookie)
}

async fn shown(app: &TestApp, path: &str, cookie: &str) -> Answer {
    let page = app.page(path, cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    assert!(page.body.contains("class=\"places\""), "{path} has no bar of places");
    page
}

async fn asked(app: &TestApp, path: &str, cookie: &str) -> Value {
    let answer = app.page(&format!("/api/v1/spectrum/{path}"), cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.json()
}

/// Fails if the page speaks of a middle, a spread or a lean.
fn assert_no_mean(page: &Answer, what: &str) {
    // Made-up numbers have middles, and are marked as what they are.
    let own = page.body.split("class=\"example\"").next().unwrap_or_default();
    for sign in ["±", "leaned", "class=\"middle", "class=\"point\"", "class=\"lean", "class=\"arrow"] {
        assert!(!own.contains(sign), "{what}: {sign} below the floor");
    }
}

const ADDRESSES: [&str; 7] = ["2026-11", "2026-Q4", "2026", "28-days", "90-days", "7-days", "30-days-2026-11-20"];

#[sqlx::test(migrations = "../migrations")]
async fn a_span_without_sessions_says_what_will_appear(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, cookie) = with_days(database, 1).await;
    for screen in ["landscape", "patterns"] {
        let over = shown(&app, &format!("/spectrum/{screen}/2025-03"), &cookie).await;
        assert!(over.body.contains("No sessions in this month."), "{}", over.body);
        assert_no_mean(&over, screen);
    }
    // Nobody has had a session yet.
    let answer = app.api(Method::PUT, "/members/new", Some(&json!({}))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let cookie = app.sign_in("new").await;
    for screen in ["landscape", "patterns"] {
        let page = shown(&app, &format!("/spectrum/{screen}/28-days"), &cookie).await;
        assert!(page.body.contains("Nothing here yet.") && page.body.contains("These numbers are made up."));
        assert_no_mean(&page, screen);
    }
    shown(&app, "/spectrum/sessions/2026", &cookie).await;
    for (path, to) in [
        ("/spectrum/landscape", "/spectrum/week/2026-W47"),
        ("/spectrum/patterns", "/spectrum/patterns/28-days"),
        ("/spectrum/landscape/2026-W30", "/spectrum/week/2026-W30"),
    ] {
        let answer = app.page(path, &cookie).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, to), "{path}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn one_session_is_shown_and_not_added_up(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, cookie) = with_days(database, 1).await;
    for address in ADDRESSES {
        let landscape = shown(&app, &format!("/spectrum/landscape/{address}"), &cookie).await;
        assert!(landscape.body.contains("One session so far."), "{address}: {}", landscape.body);
        assert!(landscape.body.contains("class=\"mark "), "{address}: the session itself");
        assert_no_mean(&landscape, address);
        let patterns = shown(&app, &format!("/spectrum/patterns/{address}"), &cookie).await;
        assert!(patterns.body.contains("shown from three on") && !patterns.body.contains("<figure"), "{address}");
    }
    let body = asked(&app, "patterns?from=2026-11-01&to=2026-11-30", &cookie).await;
    assert_eq!((&body["sessions"], &body["families"], &body["grid"]), (&json!(1), &Value::Null, &Value::Null));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn three_sessions_are_counted_and_have_no_middle(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, cookie) = with_days(database, 3).await;
    for address in ADDRESSES {
        for screen in ["landscape", "patterns"] {
            let page = shown(&app, &format!("/spectrum/{screen}/{address}?compare"), &cookie).await;
            assert!(page.body.contains("3 sessions on 3 days"), "{screen} {address}: {}", page.body);
            assert!(page.body.contains("a middle needs seven") || page.body.contains("A middle needs seven"));
            assert_no_mean(&page, &format!("{screen} {address}"));
        }
    }
    let patterns = shown(&app, "/spectrum/patterns/2026-11", &cookie).await;
    assert!(patterns.body.contains(" of 3"), "counts: {}", patterns.body);
    let body = asked(&app, "landscape?from=2026-11-01&to=2026-11-30", &cookie).await;
    assert_eq!((&body["coverage"], &body["valence"]), (&json!("some"), &Value::Null));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn seven_sessions_have_a_middle(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, cookie) = with_days(database, 7).await;
    let page = shown(&app, "/spectrum/landscape/28-days?compare", &cookie).await;
    assert!(page.body.contains('±') && page.body.contains("class=\"middle\""), "{}", page.body);
    assert!(page.body.contains("no sessions to compare with in the 28 days before"), "{}", page.body);
    let patterns = shown(&app, "/spectrum/patterns/28-days", &cookie).await;
    assert!(patterns.body.contains("It takes two of them with eight sessions"), "{}", patterns.body);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_numbers_are_those_of_the_sessions(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, cookie) = with_days(database, 30).await;
    let mut owner = app.owner().await;
    let vectors = rows(
        &mut owner,
        "SELECT s.local_date, v.valence, v.arousal, v.first_valence, v.end_valence
         FROM session_vector v JOIN session s USING (member_id, session_id)",
    )
    .await;
    assert_eq!(vectors.len(), 30);
    let within = |from: &str, to: &str, name: &str| -> Vec<f64> {
        let within = vectors.iter().filter(|row| {
            let date = row["local_date"].as_str().expect("a date");
            from <= date && date <= to
        });
        within.map(|row| row[name].as_f64().expect("a number") / 1000.0).collect()
    };
    let mean = |figures: &[f64]| figures.iter().sum::<f64>() / f64::from(u32::try_from(figures.len()).expect("few"));
    let near = |told: &Value, expected: f64| {
        assert!((told.as_f64().expect("a number") - expected).abs() < 0.001, "{told} is not {expected}");
    };

    // October 22 to November 20: the whole diary.
    let body = asked(&app, "landscape?from=2026-10-22&to=2026-11-20", &cookie).await;
    assert_eq!((&body["sessions"], &body["days"], &body["coverage"]), (&json!(30), &json!(30), &json!("enough")));
    near(&body["valence"]["mean"], mean(&within("2026-10-22", "2026-11-20", "valence")));
    near(&body["arousal"]["mean"], mean(&within("2026-10-22", "2026-11-20", "arousal")));
    assert_eq!(body["before"]["sessions"], 0);
    assert_eq!(body["points"].as_array().map(Vec::len), Some(30));
    assert_eq!(body["day_list"].as_array().map(Vec::len), Some(30));
    let weeks = body["weeks"].as_array().expect("weeks");
    let counts: Vec<i64> = weeks.iter().map(|week| week["sessions"].as_i64().expect("a count")).collect();
    assert_eq!(counts, [4, 7, 7, 7, 5], "cut at both ends");
    let full = &weeks[1];
    let (first, last) = (full["first"].as_str().expect("a day"), full["last"].as_str().expect("a day"));
    assert_eq!((first, last), ("2026-10-26", "2026-11-01"));
    near(&full["valence"]["mean"], mean(&within(first, last, "valence")));
    assert_eq!(weeks[0]["valence"], Value::Null, "four sessions have no middle");

    // The page says the same of a month, with the mean of those of its days that have been.
    let own = mean(&within("2026-11-01", "2026-11-30", "valence"));
    let half_up = |figure: f64| format!("{}{:.2}", if figure < 0.0 { "−" } else { "+" }, figure.abs());
    let page = shown(&app, "/spectrum/landscape/2026-11?compare", &cookie).await;
    assert!(page.body.contains(&format!("pleasantness {}", half_up(own))), "{own} {}", page.body);
    assert!(page.body.contains("20 sessions on 20 days"), "{}", page.body);
    let before = mean(&within("2026-10-01", "2026-10-31", "valence"));
    assert!(page.body.contains(&half_up(before)), "{before}: the month before stands beside it");

    // A feature's movement is the mean of its sessions', and every session was one of Mirror.
    let body = asked(&app, "patterns?from=2026-10-22&to=2026-11-20", &cookie).await;
    let (firsts, ends) =
        (within("2026-10-22", "2026-11-20", "first_valence"), within("2026-10-22", "2026-11-20", "end_valence"));
    let moves: Vec<f64> = firsts.iter().zip(&ends).map(|(first, end)| end - first).collect();
    near(&body["features"][0]["valence_moved"]["mean"], mean(&moves));
    assert_eq!((&body["features"][0]["sessions"], &body["features"][1]["sessions"]), (&json!(30), &json!(0)));
    // Noon in London is an afternoon.
    let cells = body["grid"].as_array().expect("cells");
    assert_eq!(cells.len(), 28);
    for cell in cells {
        let n = cell["sessions"].as_i64().expect("a count");
        assert_eq!(n > 0, cell["daypart"] == "afternoon", "{cell}");
        assert_eq!(cell["valence"].is_null(), n < 3, "{cell}");
    }
    let week_counts: i64 =
        body["weeks"].as_array().expect("weeks").iter().map(|w| w["sessions"].as_i64().expect("n")).sum();
    assert_eq!(week_counts, 30);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_year_of_months_says_what_its_days_say(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, cookie) = with_days(database, 324).await;
    let page = shown(&app, "/spectrum/landscape/2026?compare", &cookie).await;
    assert!(page.body.contains("324 sessions on 324 days"), "{}", page.body);
    assert!(page.body.contains("More than 120 sessions are too many"), "{}", page.body);
    assert_eq!(page.body.matches("scale(0.72)").count() + page.body.matches("class=\"hollow\"").count(), 324);
    // Read from months there and from days here, and the same.
    let body = asked(&app, "landscape?from=2026-01-01&to=2026-11-20", &cookie).await;
    assert_eq!((&body["sessions"], &body["points"]), (&json!(324), &Value::Null));
    let csv = app.page("/spectrum/landscape/2026/plane.csv", &cookie).await;
    let span = csv.body.lines().find(|line| line.starts_with("span,")).expect("the span").to_owned();
    let fields: Vec<&str> = span.split(',').collect();
    let told: f64 = fields[4].parse().expect("a figure");
    assert!((told - body["valence"]["mean"].as_f64().expect("a mean")).abs() < 1e-9, "{span} {body}");
    assert_eq!(csv.body.lines().filter(|line| line.starts_with("part,")).count(), 12);
    let days = app.page("/spectrum/landscape/2026/year.csv", &cookie).await;
    assert_eq!(days.body.lines().count(), 1 + 324);
    let patterns = shown(&app, "/spectrum/patterns/2026", &cookie).await;
    assert!(patterns.body.contains("of a month’s sessions"), "{}", patterns.body);
    let quarter = shown(&app, "/spectrum/landscape/2026-Q3", &cookie).await;
    assert!(quarter.body.contains("92 sessions on 92 days") && quarter.body.contains("class=\"way\""));

    // The list comes in pages of whole days, each session once.
    let mut seen = Vec::new();
    let mut next = Some("/spectrum/sessions/2026".to_owned());
    while let Some(path) = next {
        let list = shown(&app, &path, &cookie).await;
        let ids = list.body.split("name=\"session_id\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
        seen.extend(ids.map(str::to_owned));
        next = list.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).find_map(|href| {
            let older = href.starts_with("/spectrum/sessions/2026?before=");
            older.then(|| href.to_owned())
        });
    }
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((all, seen.len()), (324, 324));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_left_out_is_gone_from_every_span_and_said(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, cookie) = with_days(database, 3).await;
    let list = shown(&app, "/spectrum/sessions/2026-11", &cookie).await;
    let sessions: Vec<String> = list
        .body
        .split("name=\"session_id\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect();
    assert_eq!(sessions.len(), 3);
    for session in &sessions {
        let form = format!("session_id={session}&week=2026-W47&back=2026-11");
        let answer = app.post_form("/fn/exclude_session", &form, &cookie).await;
        assert_eq!(answer.header("location"), "/spectrum/sessions/2026-11#said");
        let said = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let after = shown(&app, "/spectrum/sessions/2026-11", &format!("{cookie}; {said}")).await;
        assert!(after.body.contains("Left out. Was"), "{}", after.body);
    }
    for path in ["landscape/2026-11", "landscape/2026", "patterns/28-days"] {
        let page = shown(&app, &format!("/spectrum/{path}"), &cookie).await;
        assert!(page.body.contains("is left out, so there is nothing to show."), "{path}: {}", page.body);
        assert!(page.body.contains("href=\"/spectrum/sessions/"), "{path}: the way to undo it");
    }
    // A list that is none leads to the week, as a form of a week does.
    for back in ["", "nonsense", "//elsewhere.test", "2026-13"] {
        let form = format!("session_id={}&week=2026-W47&back={back}", sessions[0]);
        let answer = app.post_form("/fn/include_session", &form, &cookie).await;
        assert_eq!(answer.header("location"), "/spectrum/week/2026-W47#said", "{back}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn figures_are_files_for_whom_the_page_is(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, cookie) = with_days(database, 30).await;
    for (figure, has) in [
        ("landscape/2026-11/plane", "class=\"middle\""),
        ("landscape/2026-W46/plane", "class=\"middle\""),
        ("landscape/2026-W46/days", "class=\"tick\""),
        ("landscape/2026-11/steps", "class=\"point\""),
        ("landscape/28-days/beside", "class=\"point\""),
        ("landscape/2026/year", "scale(0.72)"),
        ("patterns/2026-11/mix", "class=\"bar "),
        ("patterns/2026-Q4/ways", "class=\"spot "),
        ("patterns/2026-11/grid", "class=\"cell"),
        ("patterns/2026-11/features", "class=\"point\""),
        ("patterns/2026-11/moved", "class=\"arrow\""),
    ] {
        let svg = app.page(&format!("/spectrum/{figure}.svg"), &cookie).await;
        assert_eq!((svg.status, svg.header("content-type")), (StatusCode::OK, "image/svg+xml"), "{figure}");
        assert!(svg.body.starts_with("<svg xmlns=") && svg.body.contains(has), "{figure}: {}", svg.body);
        assert!(svg.body.contains("<title>") && !svg.body.contains("var("), "{figure}");
        let csv = app.page(&format!("/spectrum/{figure}.csv"), &cookie).await;
        assert_eq!((csv.status, csv.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"), "{figure}");
        assert!(csv.body.lines().count() > 2, "{figure}: {}", csv.body);
        for file in [&svg, &csv] {
            assert_eq!(file.header("cache-control"), "no-store", "{figure}");
            assert!(file.header("content-disposition").starts_with("attachment; filename=\"spectrum-"), "{figure}");
        }
        let staff = app.sign_in_staff().await;
        for other in ["", &staff] {
            let answer = app.page(&format!("/spectrum/{figure}.csv"), other).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{figure}");
        }
    }
    for none in [
        "landscape/2026-11/year.svg",
        "landscape/2025-11/plane.svg",
        "landscape/2026-11/plane.pdf",
        "landscape/2026-11/plane",
        "landscape/2026-11/mix.svg",
        "landscape/nonsense/plane.svg",
        "patterns/2025-11/mix.csv",
        "patterns/2026-W47/ways.svg",
    ] {
        assert_eq!(app.page(&format!("/spectrum/{none}"), &cookie).await.status, StatusCode::NOT_FOUND, "{none}");
    }
    // Another member has another picture of the same address, or none.
    let eve = session("eve", "one", "2026-11-18T20:00:00Z", "Europe/London", &["I am calm."]);
    app.accept(&eve.events).await;
    app.run_due_jobs().await;
    let eve = app.sign_in("eve").await;
    let csv = app.page("/spectrum/landscape/2026-11/plane.csv", &eve).await;
    assert!(csv.body.contains("span,2026-11-01,2026-11-30,1,"), "{}", csv.body);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_kind_of_address_is_linked_and_none_lies_in_the_future(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, cookie) = with_days(database, 7).await;
    for screen in ["landscape", "patterns", "sessions"] {
        for address in ADDRESSES {
            let page = shown(&app, &format!("/spectrum/{screen}/{address}"), &cookie).await;
            let links: Vec<&str> =
                page.body.split("href=\"/spectrum/").skip(1).filter_map(|l| l.split('"').next()).collect();
            let week = if screen == "landscape" { "week/2026-W47".to_owned() } else { format!("{screen}/2026-W47") };
            for kind in [&*week, "2026-11", "2026-Q4", "2026", "7-days", "28-days", "90-days"] {
                assert!(
                    links.iter().any(|link| link.ends_with(kind)),
                    "{screen}/{address} has no link to {kind}: {links:?}"
                );
            }
            for future in ["2026-W48", "2026-12", "2027"] {
                assert!(!links.iter().any(|link| link.contains(future)), "{screen}/{address} links {future}");
            }
            assert_eq!(
                page.body.matches("aria-current=\"true\"").count(),
                usize::from(!address.starts_with("30")),
                "{address}"
            );
        }
        assert_eq!(app.page(&format!("/spectrum/{screen}/2026-13"), &cookie).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.page(&format!("/spectrum/{screen}/2026-11"), "").await.status, StatusCode::UNAUTHORIZED);
    }
    // A link without a day goes on with the days; one with a day stays.
    let page = shown(&app, "/spectrum/landscape/28-days-2026-11-19", &cookie).await;
    assert!(page.body.contains("href=\"/spectrum/landscape/28-days\""), "the next ends today");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_api_answers_by_version_and_refuses_what_is_no_span(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, cookie) = with_days(database, 3).await;
    for what in ["landscape", "patterns"] {
        let path = format!("/api/v1/spectrum/{what}");
        let good = format!("{path}?from=2026-11-01&to=2026-11-30");
        let answer = app.page(&good, &cookie).await;
        let tag = answer.header("etag").to_owned();
        assert!(answer.status == StatusCode::OK && !tag.is_empty());
        assert!(!answer.body.contains("grateful"), "numbers, no words");
        let request = axum::http::Request::get(&good).header("cookie", &cookie).header("if-none-match", &tag);
        let again = app.send(request.body(axum::body::Body::empty()).expect("a request")).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        for (query, status) in [
            ("?from=2025-10-17&to=2026-11-20", StatusCode::OK),
            ("?from=2025-10-16&to=2026-11-20", StatusCode::UNPROCESSABLE_ENTITY),
            ("?from=2026-11-02&to=2026-11-01", StatusCode::UNPROCESSABLE_ENTITY),
            ("?from=2026-11-02&to=today", StatusCode::UNPROCESSABLE_ENTITY),
            ("?from=1899-01-01&to=1899-01-02", StatusCode::UNPROCESSABLE_ENTITY),
            ("?from=9999-12-30&to=9999-12-31", StatusCode::UNPROCESSABLE_ENTITY),
            ("?from=2026-11-02", StatusCode::BAD_REQUEST),
            ("?from=2026-11-02&to=2026-11-03&to=2026-11-04", StatusCode::BAD_REQUEST),
            ("?from=2026-11-02&to=2026-11-03&by=day", StatusCode::BAD_REQUEST),
            ("", StatusCode::BAD_REQUEST),
        ] {
            assert_eq!(app.page(&format!("{path}{query}"), &cookie).await.status, status, "{what}{query}");
        }
        assert_eq!(app.page(&good, "").await.status, StatusCode::UNAUTHORIZED);
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn german_members_read_german(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_days(database, 30).await;
    let answer = app.api(Method::PUT, "/members/ada", Some(&json!({ "locale": "de-AT" }))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    app.run_due_jobs().await;
    let cookie = app.sign_in_paid("ada").await;
    let page = shown(&app, "/spectrum/landscape/28-days?compare", &cookie).await;
    for words in ["28 Sitzungen an 28 Tagen", "Wo deine Sitzungen lagen", "Die Mitte: angenehm", "Landschaft"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let page = shown(&app, "/spectrum/patterns/2026-11", &cookie).await;
    for words in
        ["Wochentage und Tageszeiten", "Vom ersten Beitrag zum letzten", "Die meisten Sitzungen begannen am Nachmittag"]
    {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    app.finish().await;
}
