//! Who may come in and what a stranger's request can do: links, cookies, forms from elsewhere, redirects, headers.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use spectrum_core::{Destination, ServiceError};
use spectrum_domain::look::Look;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::task::JoinSet;

use crate::support::{Answer, Diary, START, TestApp, everything, rows};

/// Every form there is, with fields that would do something.
fn forms(session: &str) -> [(&'static str, String); 4] {
    let fields = format!("session_id={session}&week=2026-W47");
    [
        ("/fn/exclude_session", fields.clone()),
        ("/fn/include_session", fields),
        ("/fn/sign_in", "code=sp_link_0".to_owned()),
        ("/fn/sign_out", String::new()),
    ]
}

/// A member with ten measured sessions.
async fn with_ada(database: PgConnectOptions) -> (TestApp, Vec<String>) {
    let app = TestApp::new(database).await;
    let mut sessions = Vec::new();
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 10 }).sessions() {
        app.accept(&sent.events).await;
        sessions.push(sent.session_id);
    }
    app.run_due_jobs().await;
    (app, sessions)
}

async fn link(app: &TestApp, member: &str) -> String {
    let answer = app.api(Method::POST, &format!("/members/{member}/links"), Some(&json!({}))).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let url = answer.json()["url"].as_str().expect("an address").to_owned();
    let (page, code) = url.split_once("?code=").expect("a code");
    assert_eq!(page, "https://spectrum.test/sign-in");
    code.to_owned()
}

async fn sign_in_with(app: &TestApp, code: &str) -> Answer {
    app.post_form("/fn/sign_in", &format!("code={code}"), "").await
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_who_use_a_link_at_once_one_is_let_in(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let mut owner = app.owner().await;
    for round in 1..=5 {
        let code = link(&app, "ada").await;
        let (one, other) = tokio::join!(sign_in_with(&app, &code), sign_in_with(&app, &code));
        let mut outcomes = [&one, &other].map(|a| (a.header("location"), a.headers.contains_key(header::SET_COOKIE)));
        outcomes.sort_unstable();
        assert_eq!(outcomes, [("/sign-in", false), ("/spectrum", true)]);

        let reference = "ada".parse().expect("a reference");
        let link = app
            .services
            .create_link(app.host, reference, (Destination::Newest, Look::default()), TimeDelta::minutes(1))
            .await;
        let code = link.expect("a link").code;
        let mut users = JoinSet::new();
        for _ in 0..8 {
            let (services, code) = (app.services.clone(), code.clone());
            users.spawn(async move { services.redeem_link(code.expose()).await });
        }
        let (mut won, mut lost) = (0, 0);
        while let Some(user) = users.join_next().await {
            match user.expect("no panic") {
                Ok(_) => won += 1,
                Err(ServiceError::LinkSpent) => lost += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!((won, lost), (1, 7));
        let sessions = rows(&mut owner, "SELECT count(*) FROM web_session").await;
        assert_eq!(sessions, [json!({ "count": 2 * round })], "one cookie a link");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_link_runs_out_after_sixty_seconds(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let (early, late) = (link(&app, "ada").await, link(&app, "ada").await);
    let answer = app.api(Method::POST, "/members/ada/links", Some(&json!({ "page": "2026-W46" }))).await.json();
    let start: DateTime<Utc> = START.parse().expect("an instant");
    let expires: DateTime<Utc> = answer["expires_at"].as_str().expect("an instant").parse().expect("an instant");
    assert_eq!(expires, start + TimeDelta::seconds(60));
    app.clock.advance(TimeDelta::milliseconds(59_999));
    assert_eq!(sign_in_with(&app, &early).await.header("location"), "/spectrum");
    app.clock.advance(TimeDelta::milliseconds(1));
    let refused = sign_in_with(&app, &late).await;
    assert_eq!((refused.status, refused.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    assert!(!refused.headers.contains_key(header::SET_COOKIE));
    let page = app.page(refused.header("location"), "").await;
    assert!(page.body.contains("run out"), "{}", page.body);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn looking_at_a_link_spends_nothing_and_using_it_twice_fails(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let mut owner = app.owner().await;
    let code = link(&app, "ada").await;
    let before = everything(&mut owner).await;
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let request = Request::builder().method(method).uri(format!("/sign-in?code={code}"));
        let page = app.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.headers.contains_key(header::SET_COOKIE));
    }
    assert_eq!(everything(&mut owner).await, before);
    let stored = serde_json::to_string(&before).expect("JSON");
    assert!(!stored.contains(&code), "only a hash of the code is kept");
    let first = sign_in_with(&app, &code).await;
    assert_eq!(first.header("location"), "/spectrum");
    let token = first.header("set-cookie").split(['=', ';']).nth(1).expect("a token").to_owned();
    assert_eq!(sign_in_with(&app, &code).await.header("location"), "/sign-in");
    let stored = serde_json::to_string(&everything(&mut owner).await).expect("JSON");
    assert!(token.len() > 32 && !stored.contains(&token), "only a hash of the token is kept");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_cookie_is_bound_to_the_host_and_out_of_reach_of_scripts(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, sessions) = with_ada(database).await;
    let code = link(&app, "ada").await;
    let answer = sign_in_with(&app, &code).await;
    let cookie = app.sign_in("ada").await;
    let changed =
        app.post_form("/fn/exclude_session", &format!("session_id={}&week=2026-W47", sessions[0]), &cookie).await;
    for (answer, cookies) in [(&answer, 1), (&changed, 2)] {
        let set: Vec<_> =
            answer.headers.get_all(header::SET_COOKIE).iter().map(|c| c.to_str().expect("text")).collect();
        assert_eq!(set.len(), cookies, "{set:?}");
        for cookie in set {
            let mut parts = cookie.split("; ");
            assert!(parts.next().expect("a name").starts_with("__Host-spectrum"), "{cookie}");
            let mut flags: Vec<_> = parts.filter(|flag| !flag.starts_with("Max-Age=")).collect();
            flags.sort_unstable();
            assert_eq!(flags, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
        }
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cookie_ends_with_signing_out_and_after_twelve_hours(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let (phone, desk) = (app.sign_in("ada").await, app.sign_in("ada").await);
    let week = "/spectrum/week/2026-W47";
    assert_eq!(app.page(week, &phone).await.status, StatusCode::OK);
    let out = app.post_form("/fn/sign_out", "", &phone).await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/signed-out"));
    let cleared = out.header("set-cookie");
    assert!(cleared.starts_with("__Host-spectrum=;") && cleared.contains("Max-Age=0"), "{cleared}");
    let after = app.page(week, &phone).await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED, "the old cookie no longer works");
    assert!(!after.body.contains("/fn/exclude_session"));
    assert_eq!(app.page(week, &desk).await.status, StatusCode::OK, "other devices stay signed in");

    app.clock.advance(TimeDelta::hours(12) - TimeDelta::seconds(1));
    assert_eq!(app.page(week, &desk).await.status, StatusCode::OK);
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(app.page(week, &desk).await.status, StatusCode::UNAUTHORIZED);
    for made_up in ["__Host-spectrum=", "__Host-spectrum=sp_web_0", "spectrum=x", "__Host-spectrum=%00"] {
        assert_eq!(app.page(week, made_up).await.status, StatusCode::UNAUTHORIZED, "{made_up}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn members_and_staff_each_keep_to_their_own_pages(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, sessions) = with_ada(database).await;
    let mut owner = app.owner().await;
    let (member, staff) = (app.sign_in("ada").await, app.sign_in_staff().await);
    assert_eq!(app.page("/staff", &staff).await.status, StatusCode::OK);
    assert_eq!(app.page("/staff", &member).await.status, StatusCode::FORBIDDEN);
    assert_eq!(app.page("/staff", "").await.status, StatusCode::UNAUTHORIZED);
    for path in [
        "/spectrum",
        "/spectrum/week/2026-W47",
        "/spectrum/landscape",
        "/spectrum/landscape/2026-11",
        "/spectrum/patterns",
        "/spectrum/patterns/28-days",
        "/spectrum/sessions/2026",
    ] {
        assert_eq!(app.page(path, &staff).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(app.page(path, "").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let before = everything(&mut owner).await;
    for (path, form) in &forms(&sessions[0])[..2] {
        for cookie in [&staff, ""] {
            let answer = app.post_form(path, form, cookie).await;
            assert_eq!(answer.header("location"), "/spectrum/week/2026-W47", "which says why");
        }
    }
    assert_eq!(everything(&mut owner).await, before);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn another_members_session_can_not_be_touched(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, sessions) = with_ada(database).await;
    let mut owner = app.owner().await;
    for sent in (Diary { member: "eve", zone: "Europe/London", days: 2 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    let cookie = app.sign_in("eve").await;
    let before = everything(&mut owner).await;
    let no_session = "0192f0c1-aaaa-7bbb-8ccc-000000000000".to_owned();
    let mut answers = Vec::new();
    for session in [&sessions[0], &no_session] {
        for (path, form) in &forms(session)[..2] {
            let answer = app.post_form(path, form, &cookie).await;
            assert_eq!(everything(&mut owner).await, before, "{path} changes nothing");
            let said = answer.header("set-cookie").replace(session.as_str(), "ID");
            answers.push((answer.status, answer.header("location").to_owned(), said));
        }
    }
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "it can't be told from one that is nobody's: {answers:?}"
    );
    let week = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert!(!week.body.contains(sessions[0].as_str()));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_from_another_site_is_refused_and_changes_nothing(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, sessions) = with_ada(database).await;
    let mut owner = app.owner().await;
    let cookie = app.sign_in("ada").await;
    let code = link(&app, "ada").await;
    let before = everything(&mut owner).await;
    let elsewhere: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")],
        &[("sec-fetch-site", "same-site"), ("origin", "https://other.spectrum.test")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", "https://evil.test")],
        &[("origin", "null")],
        &[("origin", "http://spectrum.test.evil.test")],
    ];
    for headers in elsewhere {
        for (path, form) in forms(&sessions[0]) {
            let form = if path == "/fn/sign_in" { format!("code={code}") } else { form };
            let mut request = Request::post(path)
                .header(header::HOST, "spectrum.test")
                .header(header::ACCEPT, "text/html")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::COOKIE, &cookie);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = app.send(request.body(Body::from(form)).expect("a request")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(!answer.headers.contains_key(header::SET_COOKIE), "{path} {headers:?}");
        }
    }
    assert_eq!(everything(&mut owner).await, before);
    let own = app.post_form("/fn/exclude_session", &forms(&sessions[0])[0].1, &cookie).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    assert_ne!(everything(&mut owner).await, before, "the same form from our own page does something");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn no_get_changes_anything(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, sessions) = with_ada(database).await;
    let mut owner = app.owner().await;
    let cookie = app.sign_in("ada").await;
    let code = link(&app, "ada").await;
    let before = everything(&mut owner).await;
    for (path, form) in forms(&sessions[0]) {
        let form = if path == "/fn/sign_in" { format!("code={code}") } else { form };
        for method in [Method::GET, Method::HEAD] {
            let request = Request::builder()
                .method(method)
                .uri(format!("{path}?{form}"))
                .header(header::HOST, "spectrum.test")
                .header(header::ACCEPT, "text/html")
                .header(header::COOKIE, &cookie);
            let answer = app.send(request.body(Body::empty()).expect("a request")).await;
            assert!(
                [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&answer.status),
                "{path}: {}",
                answer.status
            );
        }
    }
    for path in [
        "/",
        "/spectrum",
        "/spectrum/week/2026-W47",
        "/spectrum/week/1999-W01",
        "/sign-in",
        "/signed-out",
        "/styleguide",
        "/staff",
    ] {
        for cookie in [cookie.as_str(), ""] {
            app.page(path, cookie).await;
        }
    }
    app.page(&format!("/sign-in?code={code}"), &cookie).await;
    for path in ["/events", "/members/ada", "/members/ada/links", "/members/nobody"] {
        app.api(Method::GET, path, None).await;
    }
    for path in ["/health", "/ready", "/api/openapi.json", "/nowhere"] {
        app.page(path, &cookie).await;
    }
    assert_eq!(everything(&mut owner).await, before);
    app.finish().await;
}

/// Text that tries to lead away or to write headers of its own.
const EVIL: [&str; 9] = [
    "//evil.test",
    "https://evil.test/",
    "/\\evil.test",
    "\\\\evil.test",
    "2026-W47@evil.test",
    "2026-W47\r\nSet-Cookie: a=xqzevil",
    "../../evil.test",
    "2026-W47/../../xqzevil",
    "javascript:alert(1)",
];

/// The text as a form field.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Fails if the answer leads to another site.
fn assert_stays(answer: &Answer, why: &str) {
    let mut locations = answer.headers.get_all(header::LOCATION).iter().map(|l| l.to_str().expect("text"));
    let Some(location) = locations.next() else { return };
    assert_eq!(locations.next(), None, "{why}: one place to go");
    let path = location.strip_prefix("https://spectrum.test").unwrap_or(location);
    assert!(path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'), "{why} leads to {location}");
}

#[sqlx::test(migrations = "../migrations")]
async fn no_field_leads_off_the_site(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, sessions) = with_ada(database).await;
    let mut owner = app.owner().await;
    let cookie = app.sign_in("ada").await;
    let links = rows(&mut owner, "SELECT count(*) FROM one_time_link").await;
    for evil in EVIL {
        for path in ["/fn/exclude_session", "/fn/include_session"] {
            for form in [
                format!("session_id={}&week={}", sessions[0], encoded(evil)),
                format!("session_id={}&week=2026-W47", encoded(evil)),
            ] {
                for cookie in [cookie.as_str(), ""] {
                    assert_stays(&app.post_form(path, &form, cookie).await, &format!("{path} {form}"));
                }
            }
        }
        assert_stays(&sign_in_with(&app, &encoded(evil)).await, evil);
        assert_stays(&app.page(&format!("/spectrum/week/{}", encoded(evil)), &cookie).await, evil);
        assert_stays(&app.page(&format!("/sign-in?code={0}&to={0}&next={0}", encoded(evil)), &cookie).await, evil);
        let answer = app.api(Method::POST, "/members/ada/links", Some(&json!({ "page": evil }))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    }
    assert_eq!(rows(&mut owner, "SELECT count(*) FROM one_time_link").await, links, "no link was made");
    app.finish().await;
}

/// A form post that comes, by what it says, from this page.
async fn post_from(app: &TestApp, referer: &str, path: &str, form: &str, cookie: &str) -> Answer {
    let request = Request::post(path)
        .header(header::HOST, "spectrum.test")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::REFERER, referer)
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie)
        .body(Body::from(form.to_owned()));
    app.send(request.expect("a request")).await
}

#[sqlx::test(migrations = "../migrations")]
async fn no_referer_leads_off_the_site(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, sessions) = with_ada(database).await;
    let cookie = app.sign_in("ada").await;
    for referer in
        ["https://evil.test/", "https://evil.test/?__path=x&__err=y", "//evil.test", "https://spectrum.test.evil.test/"]
    {
        for (path, form) in forms(&sessions[0]) {
            for form in [form.as_str(), "", "week=1", "code", "session_id=1&week=2"] {
                let answer = post_from(&app, referer, path, form, &cookie).await;
                assert_stays(&answer, &format!("{path} with {form:?} from {referer}"));
            }
        }
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_that_fails_says_nothing_of_what_was_in_it(_: PgPoolOptions, database: PgConnectOptions) {
    const CANARY: &str = "xqzcanary";
    let (app, sessions) = with_ada(database).await;
    let cookie = app.sign_in("ada").await;
    let mut errors = 0;
    for (path, _) in forms("x") {
        for form in [
            format!("session_id={CANARY}&week=2026-W47"),
            format!("session_id={}&week={CANARY}", sessions[0]),
            format!("code={CANARY}"),
            format!("{CANARY}={CANARY}"),
            CANARY.to_owned(),
            format!("session_id[{CANARY}]=1&week[{CANARY}]=2&code[{CANARY}]=3"),
            format!("session_id={}&week=2026-W47&session_id={CANARY}", sessions[0]),
        ] {
            let answer = post_from(&app, "https://spectrum.test/spectrum/week/2026-W47", path, &form, &cookie).await;
            let headers = format!("{:?}", answer.headers);
            assert!(!headers.contains(CANARY), "{path} with {form}: {headers}");
            assert!(!answer.body.contains(CANARY), "{path} with {form}: {}", answer.body);
            // What Leptos says of an error stands in the address, in base64.
            if let Some((_, error)) = answer.header("location").split_once("__err=") {
                errors += 1;
                let error = error.split('&').next().expect("a value").replace("%3D", "=");
                let words = ["bad_form", "unavailable"].map(|word| base64(format!("\"{word}\"").as_bytes()));
                assert!(words.contains(&error), "one of the known words: {error}");
            }
        }
    }
    assert!(errors > 0, "some of these forms are wrong");
    app.finish().await;
}

/// Base64 in the alphabet for addresses, padded.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, b| word << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * place) & 63) as usize];
            text.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

/// What a policy says of one kind of thing.
fn directive<'a>(policy: &'a str, name: &str) -> Option<&'a str> {
    policy.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix(' '))
}

/// The pieces of a page between these two marks.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open).skip(1).filter_map(|rest| rest.split_once(close).map(|(piece, _)| piece)).collect()
}

/// A script or style as a policy names it.
fn hash(text: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest as _, Sha256};
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[sqlx::test(migrations = "../migrations")]
async fn every_page_has_a_policy_that_names_each_of_its_scripts(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let (member, staff) = (app.sign_in("ada").await, app.sign_in_staff().await);
    let code = link(&app, "ada").await;
    let body = json!({ "webview": true, "font_scale": 1.5 });
    let inside = app.api(Method::POST, "/members/ada/links", Some(&body)).await.json();
    let inside = inside["url"].as_str().expect("an address").split_once("?code=").expect("a code").1.to_owned();
    let inside = sign_in_with(&app, &inside).await.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let mut scripts = 0;
    for (path, cookie) in [
        ("/spectrum/week/2026-W47", member.as_str()),
        ("/spectrum/week/2026-W47", member.as_str()),
        ("/spectrum/week/1999-W01", &member),
        ("/spectrum/week/nonsense", &member),
        ("/spectrum/landscape/2026-11", &member),
        ("/spectrum/patterns/2026?compare", &member),
        ("/spectrum/sessions/90-days", &member),
        ("/spectrum/week/2026-W47", ""),
        (&format!("/sign-in?code={code}"), ""),
        ("/sign-in", ""),
        ("/offline", ""),
        ("/spectrum/settings", &member),
        ("/spectrum/feed", &inside),
        ("/spectrum/week/2026-W47", &inside),
        ("/signed-out", ""),
        ("/styleguide", ""),
        ("/staff", &staff),
        ("/staff", &member),
        ("/nowhere/at/all", &member),
    ] {
        let page = app.page(path, cookie).await;
        assert!(page.header("content-type").starts_with("text/html"), "{path}: {}", page.header("content-type"));
        let kept = if page.header("etag").is_empty() { "no-store" } else { "private, no-cache" };
        assert_eq!(page.header("cache-control"), kept, "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert!(page.header("strict-transport-security").contains("max-age="), "{path}");
        let policy = page.header("content-security-policy");
        for (name, value) in [
            ("default-src", "'none'"),
            ("base-uri", "'none'"),
            ("object-src", "'none'"),
            ("frame-ancestors", "'none'"),
            ("form-action", "'self'"),
        ] {
            assert_eq!(directive(policy, name), Some(value), "{path}: {name} in {policy}");
        }
        let script_src = directive(policy, "script-src").expect("a policy for scripts");
        assert!(!script_src.contains("unsafe-inline") && !script_src.contains("'unsafe-eval'"), "{script_src}");
        assert!(!policy.contains("nonce"), "a page that may be kept has none: {policy}");
        for script in between(&page.body, "<script", "</script>") {
            let (_, text) = script.split_once('>').expect("an end");
            assert!(script_src.contains(&hash(text)), "{path}: {text} is not in {script_src}");
            scripts += 1;
        }
        let style_src = directive(policy, "style-src").expect("a policy for styles");
        for style in between(&page.body, "<style", "</style>") {
            let (_, text) = style.split_once('>').expect("an end");
            assert!(style_src.contains(&hash(text)), "{path}: {text} is not in {style_src}");
        }
        for handler in [" onclick=", " onload=", " onerror=", "javascript:", " style=\""] {
            assert!(!page.body.contains(handler), "{path} holds {handler}, which the policy forbids");
        }
    }
    assert!(scripts >= 3, "some pages have scripts");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_other_answer_may_run_nothing_and_be_framed_nowhere(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, sessions) = with_ada(database).await;
    let cookie = app.sign_in("ada").await;
    let cross = Request::post("/fn/sign_out").header("sec-fetch-site", "cross-site").body(Body::empty());
    let none: Option<&Value> = None;
    let answers = [
        ("API", app.api(Method::GET, "/members/ada", none).await),
        ("API problem", app.api(Method::GET, "/members/nobody", none).await),
        ("API without a key", app.api_as("", Method::POST, "/events", "{}").await),
        ("API 405", app.api(Method::DELETE, "/events", none).await),
        ("API 404", app.api(Method::GET, "/nothing", none).await),
        ("OpenAPI", app.page("/api/openapi.json", "").await),
        ("health", app.page("/health", "").await),
        ("ready", app.page("/ready", "").await),
        ("form", app.post_form("/fn/exclude_session", &forms(&sessions[0])[0].1, &cookie).await),
        ("bad form", app.post_form("/fn/exclude_session", "", &cookie).await),
        ("form from elsewhere", app.send(cross.expect("a request")).await),
        ("root", app.page("/", "").await),
        ("newest", app.page("/spectrum", &cookie).await),
        ("icon", app.page("/icon.svg", "").await),
        ("manifest", app.page("/manifest.webmanifest", "").await),
        ("method not allowed", app.page("/fn/sign_in", "").await),
    ];
    for (what, answer) in &answers {
        let policy = answer.header("content-security-policy");
        assert_eq!(directive(policy, "default-src"), Some("'none'"), "{what}: {policy}");
        assert_eq!(directive(policy, "frame-ancestors"), Some("'none'"), "{what}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
        assert!(answer.header("strict-transport-security").contains("max-age="), "{what}");
        assert!(answer.header("x-request-id").parse::<uuid::Uuid>().is_ok(), "{what}");
        let kept = answer.header("cache-control");
        let file = ["icon", "manifest"].contains(what);
        assert_eq!(kept, if file { "public, max-age=3600" } else { "no-store" }, "{what} with {}", answer.status);
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn that_a_file_is_missing_is_not_kept_for_a_year(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    // While a new version is rolled out, an old process is asked for files that only the new one has.
    let answer = app.page("/pkg/spectrum.0123456789abcdef.js", "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let kept = answer.header("cache-control");
    assert!(kept == "no-store" || kept == "no-cache", "{kept}");
    app.finish().await;
}
