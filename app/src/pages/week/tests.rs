//! The page as it is sent, for weeks of every size: what it says, what it holds back, and how heavy it is.

use std::{fs, path::Path};

use axum::{body::Body, http::Request};
use chrono::NaiveDate;
use http_body_util::BodyExt as _;
use leptos::prelude::*;
use spectrum_domain::{
    affect::{AffectVector, EMOTIONS, Milli},
    calendar::Week,
    displacement::Displacements,
    exclusion::{Change, WeekChange},
    feature::Feature,
    id::{MemberId, SessionId},
    measure::{Coverage, PairSums, Place, SessionVector, WhyNot},
    member::{Member, Plan},
    rollup::Rollup,
    session::{SessionState, SessionSummary},
    week::WeekView,
};
use uuid::Uuid;

use super::{Screen, week_page};
use crate::pages::{
    ctx::{Assets, CookiePolicy},
    language::Words,
    problem::{Problem, ProblemPage},
    routes::App,
    said::Said,
    sign_in::SignedOutPage,
};

/// Day of the week, minute, feature, valence, arousal, and the emotions that are strong.
type Sample = (u64, i16, Feature, i16, i16, &'static [usize]);

const SAMPLES: [Sample; 14] = [
    (0, 8 * 60 + 5, Feature::Mirror, -320, 280, &[14, 6]),
    (0, 21 * 60 + 40, Feature::Turn, 120, -60, &[7]),
    (1, 20 * 60 + 14, Feature::Lens, 410, 180, &[7, 20]),
    (2, 7 * 60 + 30, Feature::Mirror, -140, -420, &[25]),
    (2, 19 * 60 + 2, Feature::Turn, 260, -310, &[23, 7]),
    (2, 22 * 60 + 48, Feature::Mirror, 340, -180, &[15, 4]),
    (3, 18 * 60 + 20, Feature::Lens, 520, 260, &[17, 7]),
    (3, 21 * 60 + 15, Feature::Mirror, 80, -240, &[4]),
    (5, 10 * 60, Feature::Turn, 300, 90, &[20, 7]),
    (5, 16 * 60 + 45, Feature::Mirror, 610, -80, &[18, 17]),
    (5, 23 * 60 + 10, Feature::Mirror, -460, 190, &[3]),
    (6, 9 * 60 + 25, Feature::Lens, 230, -470, &[4, 23]),
    (6, 17 * 60 + 30, Feature::Turn, 180, 40, &[7]),
    (6, 21 * 60 + 55, Feature::Mirror, 390, -290, &[0, 15]),
];

fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 16).expect("a date")
}

fn session_id(index: usize) -> SessionId {
    SessionId(Uuid::from_u128(0x0193_5a40_0000_7000_8000_0000_0000_0000 + (index as u128) * 0x9e37_79b9_7f4a_7c15))
}

fn session(index: usize, sample: &Sample) -> SessionSummary {
    let (day, minute, feature, valence, arousal, strong) = *sample;
    let mut emotions = [Milli(40); EMOTIONS];
    for emotion in strong {
        emotions[*emotion] = Milli(620);
    }
    let local_date = monday() + chrono::Days::new(day);
    let place = Place { valence: Milli(valence), arousal: Milli(arousal) };
    SessionSummary {
        session_id: session_id(index),
        feature,
        started_at: local_date.and_hms_opt(8, 0, 0).expect("a time").and_utc(),
        local_date,
        local_minute: minute,
        state: SessionState::Analysed,
        excluded: false,
        crisis: false,
        why_not: None,
        corrected: false,
        vector: Some(SessionVector {
            affect: AffectVector { emotions, valence: Milli(valence), arousal: Milli(arousal), dominance: Milli(0) },
            mixture: emotions,
            valence_spread: Milli(100),
            arousal_spread: Milli(100),
            first: place,
            peak: place,
            end: place,
            valence_pairs: PairSums::default(),
            arousal_pairs: PairSums::default(),
            displacements: Displacements::default(),
            coverage: Coverage {
                turns: 4 + i32::try_from(index % 5).expect("small"),
                words: 90 + 37 * i32::try_from(index).expect("small"),
                not_measured: [0; 4],
            },
        }),
    }
}

fn rollup(sessions: &[SessionSummary]) -> Rollup {
    let days: Vec<_> = (0..7)
        .map(|day| {
            let date = monday() + chrono::Days::new(day);
            let of_day = sessions.iter().filter(|s| s.local_date == date);
            Rollup::of_day(of_day)
        })
        .collect();
    Rollup::of_days(&days)
}

fn screen(sessions: Vec<SessionSummary>, before: &[Sample]) -> Screen {
    let before: Vec<_> = before.iter().enumerate().map(|(i, s)| session(i, s)).collect();
    let member = Member {
        member_id: MemberId(Uuid::from_u128(1)),
        zone: chrono_tz::Europe::Paris,
        week_start: chrono::Weekday::Mon,
        locale: "en".to_owned(),
        plan: Plan::Paid,
        data_version: 1,
        counted: false,
    };
    let view = WeekView {
        member,
        week: Week::containing(monday(), chrono::Weekday::Mon),
        rollup: rollup(&sessions),
        before: rollup(&before),
        models: vec!["lexicon@1".to_owned()],
        models_before: vec!["lexicon@1".to_owned()],
        sessions,
    };
    Screen { view, today: monday() + chrono::Days::new(6), said: None }
}

fn some(samples: &[Sample]) -> Vec<SessionSummary> {
    samples.iter().enumerate().map(|(index, sample)| session(index, sample)).collect()
}

fn shifted(by: i16) -> Vec<Sample> {
    SAMPLES.iter().map(|(d, m, f, v, a, e)| (*d, *m, *f, v - by, a / 2, *e)).collect()
}

fn after_change() -> Screen {
    let mut sessions = some(&SAMPLES);
    sessions[9].excluded = true;
    let mut screen = screen(sessions, &shifted(60));
    screen.said = Some(Said::Changed(Change {
        session_id: session_id(9),
        excluded: true,
        effect: WeekChange {
            week: screen.view.week.label(),
            sessions: (14, 13),
            valence: Some((0.18, 0.147)),
            arousal: Some((-0.056, -0.054)),
        },
    }));
    screen
}

fn all_left_out() -> Screen {
    let mut sessions = some(&SAMPLES[..4]);
    for session in &mut sessions {
        session.excluded = true;
    }
    screen(sessions, &[])
}

fn pending(read: usize) -> Screen {
    let mut sessions = some(&SAMPLES[..read + 3]);
    for session in &mut sessions[read..] {
        session.state = SessionState::Ended;
        session.vector = None;
    }
    screen(sessions, &[])
}

fn free(mut screen: Screen) -> Screen {
    screen.view.member.plan = Plan::Free;
    screen
}

fn assets() -> Assets {
    Assets {
        css: "/pkg/spectrum.0123456789abcdef.css".to_owned(),
        js: Some("/pkg/spectrum.0123456789abcdef.js".to_owned()),
        wasm: Some("/pkg/spectrum_bg.0123456789abcdef.wasm".to_owned()),
        icon: "/icon.0123456789abcdef.svg".to_owned(),
        manifest: "/manifest.webmanifest".to_owned(),
    }
}

/// A view as the server sends it.
async fn send<V: IntoView + 'static>(path: &str, view: impl Fn() -> V + Clone + Send + Sync + 'static) -> String {
    // The server starts Leptos's executor by the way, when it lists the routes; so do we.
    assert!(!leptos_axum::generate_route_list(App).is_empty());
    let handler = leptos_axum::render_app_async_with_context(|| provide_context(assets()), view);
    let response = handler(Request::get(path).body(Body::empty()).expect("a request")).await;
    let policy = response.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("'strict-dynamic'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8(body.to_vec()).expect("UTF-8")
}

async fn html(screen: Screen) -> String {
    let screen = std::sync::Arc::new(screen);
    send("/spectrum/week/2026-W47", move || week_page(&screen)).await
}

fn count(html: &str, needle: &str) -> usize {
    html.matches(needle).count()
}

/// Opening tags, which is how many elements the browser builds.
fn elements(html: &str) -> usize {
    html.as_bytes().windows(2).filter(|w| w[0] == b'<' && w[1].is_ascii_alphabetic()).count()
}

#[tokio::test]
async fn a_full_week_is_whole_and_light() {
    let html = html(screen(some(&SAMPLES), &shifted(60))).await;
    // A control for each session, and two pictures that can be touched.
    assert_eq!(count(&html, "<leptos-island"), 14 + 2);
    assert_eq!(count(&html, "<h1"), 1);
    assert_eq!(count(&html, "<table"), 3);
    assert!(html.contains("14 sessions on 6 days"));
    assert!(html.contains("this week") && html.contains("week before"));
    assert!(!html.contains(" style="), "the policy forbids style attributes");
    assert!(!html.contains("preload"), "nothing is fetched before the first paint");
    assert!(html.len() < 60 * 1024, "{} bytes", html.len());
    assert!(elements(&html) <= 700, "{} elements", elements(&html));
}

#[tokio::test]
async fn below_the_floors_nothing_is_added_up() {
    let two = html(screen(some(&SAMPLES[..2]), &SAMPLES)).await;
    assert!(two.contains("Two sessions so far.") && two.contains("starts at three"));
    assert!(!two.contains("mix-title") && !two.contains("days-title") && !two.contains("class=\"middle\""));
    let six = html(screen(some(&SAMPLES[..6]), &SAMPLES)).await;
    assert!(six.contains("mix-title") && six.contains("days-title"));
    assert!(!six.contains("class=\"middle\"") && !six.contains("class=\"ghost\"") && !six.contains("leaned"));
}

#[tokio::test]
async fn nothing_is_told_in_four_ways() {
    for (screen, text) in [
        (screen(vec![], &[]), "Nothing here yet."),
        (Screen { today: monday() + chrono::Days::new(30), ..screen(vec![], &[]) }, "No sessions this week."),
        (all_left_out(), "Every session this week is left out"),
        (pending(0), "Three sessions are being read."),
    ] {
        let html = html(screen).await;
        assert!(html.contains(text), "{text}");
        assert!(!html.contains("plane-title"), "{text}");
    }
}

fn withheld() -> Screen {
    let mut sessions = some(&SAMPLES);
    sessions[2].crisis = true;
    sessions[2].state = SessionState::Withheld;
    screen(sessions, &SAMPLES)
}

fn unmeasured() -> Screen {
    let mut sessions = some(&SAMPLES[..4]);
    for (session, why) in sessions.iter_mut().zip([WhyNot::Language, WhyNot::Language, WhyNot::NotProse]) {
        (session.state, session.why_not, session.vector) = (SessionState::Unmeasured, Some(why), None);
    }
    screen(sessions, &[])
}

#[tokio::test]
async fn a_withheld_session_offers_help_before_everything_else_and_is_in_no_figure() {
    let html = html(withheld()).await;
    let (panel, lead) = (html.find("class=\"help\""), html.find("class=\"lead\""));
    assert!(panel.is_some() && panel < lead, "{panel:?} {lead:?}");
    assert!(html.contains("href=\"tel:3114\"") && html.contains("findahelpline.com"), "Paris");
    assert!(html.contains("13 sessions on 5 days"), "one of fourteen, alone on its day, is in no figure");
    let mut put_away = withheld();
    put_away.view.sessions[2].excluded = true;
    assert!(!self::html(put_away).await.contains("class=\"help\""));
}

#[tokio::test]
async fn what_was_not_measured_is_counted_and_says_why() {
    let html = html(unmeasured()).await;
    assert!(html.contains("1 session on 1 day · 2 in a language we can’t measure yet · 1 not measured"));
    assert_eq!(count(&html, "Not measured: in a language we can’t measure yet."), 2);
}

#[tokio::test]
async fn weeks_of_different_versions_say_so() {
    let mut screen = screen(some(&SAMPLES), &shifted(60));
    assert!(!screen.view.versions_differ());
    screen.view.models = vec!["spectrum@1+3f2a9c1b04de".to_owned()];
    let html = html(screen).await;
    assert_eq!(count(&html, &Words::of_tag("en").say("week-versions-differ")), 1);
    assert!(!html.contains("3f2a9c"), "members are told that, not which");
}

#[tokio::test]
async fn a_change_is_said_beside_its_session() {
    let html = html(after_change()).await;
    assert_eq!(count(&html, "id=\"said\""), 1);
    assert!(html.contains("Left out. Was 14 sessions, now 13. The week’s middle is now a little less pleasant."));
    assert_eq!(count(&html, "/fn/include_session"), 1);
}

#[tokio::test]
async fn what_was_said_is_said_once() {
    _ = leptos_axum::generate_route_list(App);
    let provide = || {
        provide_context(assets());
        provide_context(CookiePolicy { secure: true });
    };
    let handler = leptos_axum::render_app_async_with_context(provide, || {
        let screen = after_change();
        let said = Said::take(screen.view.week.label());
        week_page(&Screen { said, ..screen })
    });
    let ask = |cookie: String| {
        let request = Request::get("/spectrum/week/2026-W47").header("cookie", cookie).body(Body::empty());
        handler(request.expect("a request"))
    };
    let fields = format!("2026-W47.{}.out.14.13....", session_id(9));
    let answer = ask(format!("theme=x; __Host-spectrum-said={fields}")).await;
    let cleared = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert_eq!(cleared, "__Host-spectrum-said=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    assert!(String::from_utf8_lossy(&body).contains("Was 14 sessions, now 13."));
    for other in [format!("spectrum-said={fields}"), "__Host-spectrum-said=2026-W46.x".to_owned()] {
        let body = ask(other).await.into_body().collect().await.expect("a body").to_bytes();
        assert!(!String::from_utf8_lossy(&body).contains("id=\"said\""));
    }
}

#[tokio::test]
async fn the_unpleasant_is_never_called_negative() {
    let html = html(free(screen(some(&SAMPLES), &SAMPLES))).await;
    let words = html.to_lowercase();
    for word in ["negative", "good week", "bad week", "should try", "well done", "!</", "score", "journey"] {
        assert!(!words.contains(word), "{word}");
    }
    assert!(html.contains("What the paid plan adds"));
}

#[tokio::test]
async fn only_pages_with_islands_load_the_browser_code() {
    let lost = send("/nowhere", || view! { <ProblemPage problem=Problem::NotFound/> }).await;
    assert!(lost.contains("There is no page here.") && !lost.contains("wasm"));
    assert!(html(screen(vec![], &[])).await.contains("spectrum_bg.0123456789abcdef.wasm"));
}

/// Draws every state, and leaves it in `target/pages` for looking at, beside a `main.css` that one puts there.
#[tokio::test]
async fn every_state_is_light() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pages");
    fs::create_dir_all(&root).expect("a folder");
    let mut pages = vec![
        ("empty", html(screen(vec![], &[])).await),
        ("one", html(screen(some(&SAMPLES[..1]), &[])).await),
        ("two", html(free(screen(some(&SAMPLES[..2]), &[]))).await),
        ("three", html(screen(some(&SAMPLES[..3]), &[])).await),
        ("seven", html(screen(some(&SAMPLES[..7]), &SAMPLES[..2])).await),
        ("fourteen", html(screen(some(&SAMPLES), &shifted(60))).await),
        ("moved", html(screen(some(&SAMPLES), &shifted(600))).await),
        ("changed", html(after_change()).await),
        ("left-out", html(all_left_out()).await),
        ("pending", html(pending(0)).await),
        ("pending-some", html(free(pending(9))).await),
        ("withheld", html(withheld()).await),
        ("unmeasured", html(unmeasured()).await),
    ];
    for (name, problem) in [
        ("not-found", Problem::NotFound),
        ("signed-out", Problem::SignedOut),
        ("bad-week", Problem::BadWeek),
        ("for-members", Problem::ForMembers),
        ("broken", Problem::Broken),
    ] {
        pages.push((name, send("/", move || view! { <ProblemPage problem/> }).await));
    }
    pages.push(("left", send("/signed-out", SignedOutPage).await));
    for (name, html) in pages {
        let html = html.replace("/pkg/spectrum.0123456789abcdef.css", "main.css");
        assert!(
            html.len() < 60_000 && elements(&html) < 720,
            "{name}: {} bytes, {} elements",
            html.len(),
            elements(&html)
        );
        fs::write(root.join(format!("{name}.html")), html).expect("written");
    }
}
