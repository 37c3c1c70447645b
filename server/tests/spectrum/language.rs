//! In which language a member is written to: every page of theirs in German without a word of English, by whose choice, and what
//! those get whom nobody knows.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Diary, TestApp, rows};

async fn two_months(app: &TestApp, locale: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for sent in (Diary { member: "ada", zone: "Europe/Vienna", days: 60 }).sessions() {
        app.accept(&sent.events).await;
        ids.push(sent.session_id);
    }
    app.api(Method::PUT, "/members/ada", Some(&json!({ "locale": locale }))).await;
    app.run_due_jobs().await;
    ids
}

/// What a page says to eyes and to ears, a line each, without the numbers that nobody reads twice.
fn said(html: &str) -> String {
    let mut lines = Vec::new();
    let body = html.split("<body").nth(1).unwrap_or(html);
    let body = body.split("<script").next().unwrap_or(body);
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        for name in ["aria-label=\"", "data-pending=\"", "data-failed=\""] {
            if let Some(label) = tag.split(name).nth(1).and_then(|rest| rest.split('"').next()) {
                lines.push(format!("[{label}]"));
            }
        }
        let text = text.trim();
        if !text.is_empty() {
            lines.push(text.to_owned());
        }
    }
    lines.dedup();
    lines.join("\n")
}

/// A version is raised by whatever is done on the way.
fn without_versions(text: &str) -> String {
    let mut pieces = text.split("(Fassung ");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        format!("{text}(Fassung …{}", piece.trim_start_matches(|c: char| c.is_ascii_digit()))
    })
}

/// Words that English sentences can hardly do without and German ones don't have.
const ENGLISH: [&str; 18] = [
    "the",
    "and",
    "of",
    "your",
    "you",
    "with",
    "is",
    "are",
    "this",
    "that",
    "not",
    "from",
    "to",
    "session",
    "sessions",
    "week",
    "everything",
    "leave",
];

#[sqlx::test(migrations = "../migrations")]
async fn every_page_of_a_german_member_is_german(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let ids = two_months(&app, "de-AT").await;
    let cookie = app.sign_in_paid("ada").await;
    // Something is left out, so that its page has what to say.
    app.post_form("/fn/exclude_feature", "feature=lens&reason=trial", &cookie).await;
    app.run_due_jobs().await;
    let session = format!("/spectrum/session/{}", ids[3]);
    for (name, path, status) in [
        ("week", "/spectrum/week/2026-W47", 200),
        ("feed", "/spectrum/feed", 200),
        ("months", "/spectrum/months", 200),
        ("month", "/spectrum/month/2026-10", 200),
        ("session", session.as_str(), 200),
        ("settings", "/spectrum/settings", 200),
        ("exclusions", "/spectrum/settings/exclusions", 200),
        ("reset", "/spectrum/settings/reset", 200),
        ("reset_sure", "/spectrum/settings/reset?depth=derived_and_raw&before=2026-11-05&keep_exclusions=yes", 200),
        ("export", "/spectrum/settings/export", 200),
        ("erase", "/spectrum/settings/erase?not-meant", 200),
        ("looked", "/spectrum/settings/looked", 200),
        ("made", "/spectrum/made", 200),
        ("empty_week", "/spectrum/week/2019-W01", 200),
        ("untold_month", "/spectrum/month/2019-01", 200),
        ("bad_week", "/spectrum/week/2026-W99", 404),
        ("staff", "/staff", 403),
    ] {
        let page = app.page(path, &cookie).await;
        assert_eq!(page.status.as_u16(), status, "{path}");
        // Whose page it is was not looked up where the team's was asked for.
        if name == "staff" {
            continue;
        }
        assert!(page.body.contains("<html lang=\"de\" dir=\"ltr\">"), "{path}: {}", page.body);
        let text = said(&page.body);
        let english: Vec<&str> = text
            .split(|c: char| !c.is_alphabetic() && c != '’')
            .filter(|word| ENGLISH.contains(&word.to_lowercase().as_str()))
            .collect();
        assert!(english.is_empty(), "{path}: {english:?} in\n{text}");
        if ["week", "feed", "month", "settings", "bad_week"].contains(&name) {
            insta::assert_snapshot!(format!("german_{name}"), without_versions(&text));
        }
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_chooses_a_language_and_the_host_can_not_overrule_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    two_months(&app, "en-US").await;
    let cookie = app.sign_in_paid("ada").await;
    let settings = async || app.page("/spectrum/settings", &cookie).await.body;
    let english = rows(&mut owner, "SELECT headline FROM card ORDER BY card_id").await;
    assert!(settings().await.contains("<html lang=\"en\" dir=\"ltr\">"));
    let feed = app.page("/spectrum/feed", &cookie).await.body;
    assert!(feed.contains("November 9 – 15"), "as an American writes it: {feed}");

    let choose = async |form: &str| {
        let answer = app.post_form("/fn/choose_language", form, &cookie).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let told = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let page = app.page("/spectrum/settings", &format!("{cookie}; {told}")).await.body;
        app.run_due_jobs().await;
        page
    };
    let page = choose("language=de").await;
    assert!(page.contains("Geändert. Deine Karten werden jetzt in dieser Sprache geschrieben."), "{page}");
    assert!(page.contains("<option value=\"de\" lang=\"de\" selected"), "{page}");
    let german = rows(&mut owner, "SELECT headline FROM card ORDER BY card_id").await;
    assert!(german.len() == english.len() && german.iter().zip(&english).all(|(de, en)| de != en), "told anew");
    // What the host says meanwhile waits.
    app.api(Method::PUT, "/members/ada", Some(&json!({ "locale": "en-GB" }))).await;
    app.run_due_jobs().await;
    assert!(settings().await.contains("<html lang=\"de\""));
    assert_eq!(
        rows(&mut owner, "SELECT locale, host_locale FROM member").await,
        [json!({ "locale": "de", "host_locale": "en-GB" })]
    );
    // The host's own language keeps the host's region; without a choice it is the host's to say again.
    choose("language=en").await;
    assert_eq!(
        rows(&mut owner, "SELECT locale, host_locale FROM member").await,
        [json!({ "locale": "en-GB", "host_locale": "en-GB" })]
    );
    choose("language=").await;
    app.api(Method::PUT, "/members/ada", Some(&json!({ "locale": "de-CH" }))).await;
    app.run_due_jobs().await;
    assert_eq!(
        rows(&mut owner, "SELECT locale, host_locale FROM member").await,
        [json!({ "locale": "de-CH", "host_locale": null })]
    );
    assert_eq!(rows(&mut owner, "SELECT headline FROM card ORDER BY card_id").await, german);
    // A language that is none of ours is refused, and changes nothing.
    app.post_form("/fn/choose_language", "language=xx", &cookie).await;
    assert!(settings().await.contains("<html lang=\"de\""));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn where_nobody_is_known_the_browser_is_asked(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    for (languages, tag, text) in [
        ("de-DE,de;q=0.9,en;q=0.8", "de", "Dieser Link ist verbraucht oder abgelaufen."),
        ("fr, en;q=0.5", "en", "This link is used up or has run out."),
        ("", "en", "This link is used up or has run out."),
    ] {
        let request = Request::get("/sign-in")
            .header(header::HOST, "spectrum.test")
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_LANGUAGE, languages)
            .body(Body::empty());
        let page = app.send(request.expect("a request")).await.body;
        assert!(page.contains(&format!("<html lang=\"{tag}\"")) && page.contains(text), "{languages}: {page}");
    }
    app.finish().await;
}
