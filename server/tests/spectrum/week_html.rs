//! The week page as it leaves the server, for weeks of every size: what it says is in a snapshot, so a change of words or
//! pictures is a visible one.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, Diary, TestApp, session};

/// The page without what differs from run to run.
fn redacted(page: &Answer) -> String {
    let mut html = page.body.clone();
    for (before, after) in
        [("nonce=\"", "\""), ("name=\"session_id\" value=\"", "\""), ("id=\"session-", "\""), ("\"#session-", "\"")]
    {
        let mut parts = html.split(before);
        let mut clean = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            clean.push_str(before);
            clean.push('…');
            clean.push_str(
                part.split_once(after).map_or("", |(_, rest)| &part[part.len() - rest.len() - after.len()..]),
            );
        }
        html = clean;
    }
    // One tag a line, so that a difference can be read.
    html.replace("><", ">\n<")
}

async fn week(app: &TestApp, days: u32, label: &str) -> (String, Answer) {
    for sent in (Diary { member: "ada", zone: "Europe/London", days }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    let cookie = app.sign_in("ada").await;
    let page = app.page(&format!("/spectrum/week/{label}"), &cookie).await;
    (cookie, page)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_week_without_sessions_says_what_will_appear(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let (_, page) = week(&app, 1, "2026-W40").await;
    insta::assert_snapshot!("week_empty", redacted(&page));
}

#[sqlx::test(migrations = "../migrations")]
async fn two_sessions_are_shown_and_not_added_up(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let (_, page) = week(&app, 2, "2026-W47").await;
    assert_no_mean(&page);
    insta::assert_snapshot!("week_two", redacted(&page));
}

/// Fails if the page speaks of a middle, a spread or a lean.
fn assert_no_mean(page: &Answer) {
    for sign in ["±", "leaned", "class=\"middle", "on average"] {
        assert!(!page.body.contains(sign), "{sign} below the floor");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn five_sessions_are_counted_and_have_no_middle(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let (_, page) = week(&app, 5, "2026-W47").await;
    assert!(page.body.contains("5 sessions on 5 days"), "{}", page.body);
    assert_no_mean(&page);
    insta::assert_snapshot!("week_five", redacted(&page));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_middle_takes_seven_sessions_on_four_days_and_not_one_less(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    // Calm in the morning, worried at night: one column a member, one row a day.
    for (name, days) in [
        ("six on six", &[1, 1, 1, 1, 1, 1][..]),
        ("nine on three", &[3, 3, 3]),
        ("seven on four", &[1, 1, 2, 3]),
        ("fourteen on seven", &[2; 7]),
    ] {
        let member = name.replace(' ', "-");
        for (day, count) in days.iter().enumerate() {
            for hour in 0..*count {
                let began = format!("2026-11-{:02}T{:02}:00:00Z", 9 + day, 9 + hour);
                let mood = if hour % 2 == 0 { "I feel calm and grateful." } else { "I am worried and sad." };
                app.accept(&session(&member, &began, &began, "Europe/London", &[mood]).events).await;
            }
        }
        app.run_due_jobs().await;
        let cookie = app.sign_in(&member).await;
        let page = app.page("/spectrum/week/2026-W46", &cookie).await;
        if name.starts_with("six") || name.starts_with("nine") {
            assert_no_mean(&page);
        } else {
            assert!(page.body.contains('±'), "{name}: {}", page.body);
        }
        if name.starts_with("fourteen") {
            assert!(page.body.contains("14 sessions on 7 days"), "{}", page.body);
            insta::assert_snapshot!("week_fourteen", redacted(&page));
        }
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn seven_sessions_have_a_middle_with_its_interval(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    // Friday back over twelve days: a full week lies behind.
    let (_, page) = week(&app, 12, "2026-W46").await;
    assert!(page.body.contains("±"), "{}", page.body);
    insta::assert_snapshot!("week_seven", redacted(&page));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_is_said_once(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let (cookie, page) = week(&app, 12, "2026-W46").await;
    let session = page.body.split("name=\"session_id\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let form = format!("session_id={}&week=2026-W46", session.expect("a session"));
    let answer = app.post_form("/fn/exclude_session", &form, &cookie).await;
    let said = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let after = app.page("/spectrum/week/2026-W46", &format!("{cookie}; {said}")).await;
    assert!(after.body.contains("Was 7 sessions, now 6"), "{}", after.body);
    insta::assert_snapshot!("week_changed", redacted(&after));
    let again = app.page("/spectrum/week/2026-W46", &cookie).await;
    assert!(!again.body.contains("Was 7 sessions"), "said once");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_week_left_out_whole_says_how_to_undo_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let (cookie, page) = week(&app, 2, "2026-W47").await;
    for session in page.body.split("name=\"session_id\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        app.post_form("/fn/exclude_session", &format!("session_id={session}&week=2026-W47"), &cookie).await;
    }
    let after = app.page("/spectrum/week/2026-W47", &cookie).await;
    insta::assert_snapshot!("week_left_out", redacted(&after));
}

#[sqlx::test(migrations = "../migrations")]
async fn sessions_being_read_are_announced(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 3 }).sessions() {
        app.accept(&sent.events).await;
    }
    let cookie = app.sign_in("ada").await;
    let page = app.page("/spectrum/week/2026-W47", &cookie).await;
    insta::assert_snapshot!("week_pending", redacted(&page));
    app.run_due_jobs().await;
}
