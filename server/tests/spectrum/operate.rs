//! What operators see and do: the command line on a real database, and metrics that dashboard and alerts can rely on.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output},
    sync::OnceLock,
};

use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use http_body_util::BodyExt as _;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::Value;
use server::{compose, http, metrics};
use spectrum_core::queue::{finish::Death, operate::Filter};
use sqlx::{
    ConnectOptions as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::support::{Diary, TestApp, member_id};

/// The recorder is the process's, and made once for all its tests.
pub(crate) fn handle() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| metrics::start().expect("a recorder")).clone()
}

impl TestApp {
    async fn scrape(&self) -> String {
        let router = http::metrics_router(self.services.clone(), handle());
        let request = Request::get("/metrics").body(Body::empty()).expect("a request");
        let body = router.oneshot(request).await.expect("an answer").into_body().collect().await.expect("a body");
        String::from_utf8_lossy(&body.to_bytes()).into_owned()
    }

    /// Runs the command line as an operator would.
    fn spectrum(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_spectrum"))
            .args(arguments)
            .env("SPECTRUM_DATABASE_URL", self.owner.to_url_lossy().as_str())
            .env("SPECTRUM_SECRETS_MASTER_KEY", "07".repeat(32))
            .output()
            .expect("a process")
    }

    fn says(&self, arguments: &[&str]) -> String {
        let output = self.spectrum(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn an_operator_sees_a_dead_job_and_brings_it_back(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    // The command line goes by the machine's clock.
    app.clock.advance(compose::ambient().now() - app.services.ambient().now());
    app.services.prepare_partitions().await.expect("partitions");
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 3 }).sessions() {
        app.accept(&sent.events).await;
    }
    let held = app
        .services
        .claim_jobs("analysis", Uuid::from_u128(1), 1, std::time::Duration::from_mins(1))
        .await
        .expect("a claim")
        .remove(0);
    app.services.bury_job(&held, Death::Attempts, "the model was away").await.expect("buried");
    let id = held.id.to_string();

    let list = app.says(&["jobs", "list", "--state", "dead"]);
    assert!(list.contains(&id) && list.contains("analyze_session") && list.contains("attempts"), "{list}");
    assert_eq!(app.says(&["jobs", "list", "--queue", "analysis"]).lines().count(), 1 + 3);
    let shown = app.says(&["jobs", "show", &id]);
    assert!(shown.contains("the model was away") && shown.contains("session_id"), "{shown}");
    assert!(app.says(&["jobs", "retry", &id]).contains("1 put back"));
    assert!(!app.spectrum(&["jobs", "retry", &id]).status.success(), "it is not dead any more");

    app.says(&["jobs", "bury", &id, "--by", "a test"]);
    assert!(app.says(&["jobs", "show", &id]).contains("buried by a test"));
    assert!(app.says(&["jobs", "retry", "--kind", "analyze_session"]).contains("1 put back"));
    app.says(&["jobs", "pause", "analysis", "--by", "a test"]);
    assert!(app.says(&["jobs", "stats"]).contains("(paused)"));
    assert_eq!(app.run_due_jobs().await, 0);
    app.says(&["jobs", "resume", "analysis"]);
    app.clock.advance(TimeDelta::minutes(5));
    assert!(app.run_due_jobs().await >= 6);
    let stats = app.says(&["jobs", "stats", "--minutes", "100000"]);
    assert!(stats.contains("analyze_session") && stats.contains("refresh_rollups"), "{stats}");

    for wrong in [["jobs", "pause", "nonsense", "--by", "me"].as_slice(), &["jobs", "show", "999"], &["jobs", "retry"]]
    {
        let output = app.spectrum(wrong);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && !said.is_empty() && !said.contains("panicked"), "{wrong:?}: {said}");
    }
    app.says(&["erase", "--host", "host", "--member", "ada"]);
    app.clock.advance(TimeDelta::minutes(5));
    app.run_due_jobs().await;
    assert!(app.services.list_jobs(&Filter::default(), 9).await.expect("a list").is_empty());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn metrics_tell_all_that_is_said_of_them_and_name_nobody(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    handle();
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 3 }).sessions() {
        app.accept(&sent.events).await;
    }
    let in_time = |scrape: &str| -> u64 {
        let (_, value) = scrape.split_once("spectrum_weekly_sla_total{met=\"yes\"} ").expect("there from the start");
        value.lines().next().expect("a line").parse().expect("a count")
    };
    let before = in_time(&app.scrape().await);
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    let scrape = app.scrape().await;
    assert!(in_time(&scrape) > before, "the week of a new calendar was done at once");
    for metric in [
        "spectrum_jobs_ready_oldest_seconds{queue=\"analysis\"}",
        "spectrum_jobs_depth{queue=\"period\",state=\"dead\"}",
        "spectrum_jobs_ended_total{queue=\"analysis\",kind=\"analyze_session\",ending=\"done\"}",
        "spectrum_job_duration_seconds_bucket{kind=\"refresh_rollups\",ending=\"done\"",
        "spectrum_job_wait_seconds_bucket{queue=\"rollup\"",
        "spectrum_jobs_enqueued_total",
        "spectrum_jobs_deduplicated_total",
        "spectrum_job_table_dead_tuples",
        "spectrum_oldest_snapshot_age_seconds",
        "spectrum_schedule_lag_seconds{task=\"aggregate_weeks\"} 0",
        "spectrum_weekly_lag_seconds",
        "spectrum_weekly_sla_total{met=\"no\"}",
        "spectrum_jobs_paused{queue=\"upkeep\"} 0",
        "spectrum_workers_silent_seconds",
    ] {
        assert!(scrape.contains(metric), "{metric} is not in\n{scrape}");
    }
    let ada = member_id(&mut app.owner().await, app.host.uuid(), "ada").await;
    assert!(!scrape.contains(&ada.to_string()) && !scrape.contains("ada"), "a metric names a member");
    app.finish().await;
}

/// Every name of a metric in a text, without what a histogram adds to it.
fn names(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with("spectrum_") || word.starts_with("http_server_"))
        .map(|word| ["_bucket", "_count", "_sum"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word))
        .collect()
}

#[test]
fn dashboards_and_alerts_ask_for_metrics_that_there_are() {
    let declared = names(include_str!("../../src/metrics.rs"));
    let dashboards = [
        include_str!("../../../docs/operating/grafana.json"),
        include_str!("../../../docs/operating/grafana-slo.json"),
        include_str!("../../../docs/operating/grafana-product.json"),
    ];
    let alerts = include_str!("../../../docs/operating/alerts.yml");
    let rules = include_str!("../../../docs/operating/slo.yml");
    let shown: BTreeSet<&str> = dashboards.into_iter().flat_map(names).collect();
    let asked: BTreeSet<&str> = [names(alerts), names(rules), shown.clone()].into_iter().flatten().collect();
    let missing: Vec<_> = asked.difference(&declared).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let hidden: Vec<_> =
        declared.difference(&shown).filter(|name| !["spectrum_domain", "spectrum_llm"].contains(*name)).collect();
    assert!(hidden.iter().all(|name| name.starts_with("spectrum_core")), "exported and not shown: {hidden:?}");
    for dashboard in dashboards {
        serde_json::from_str::<Value>(dashboard).expect("JSON");
    }

    // What is asked for by a name with colons, a rule records.
    let recorded: BTreeSet<&str> = rules.lines().filter_map(|line| line.trim().strip_prefix("- record: ")).collect();
    for text in dashboards.into_iter().chain([alerts, rules]) {
        let unknown: Vec<_> = recorded_names(text).difference(&recorded).copied().collect();
        assert!(unknown.is_empty(), "nothing records {unknown:?}");
    }
}

/// Every name in a text that has the form `level:metric:operations`, which only rules give.
fn recorded_names(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':')
        .filter(|word| word.split(':').filter(|part| !part.is_empty()).count() == 3 && word.matches(':').count() == 2)
        .collect()
}

#[test]
fn every_alert_has_a_page_and_every_page_an_alert() {
    let alerts = include_str!("../../../docs/operating/alerts.yml");
    let overview = include_str!("../../../docs/operating.md");
    let named: Vec<&str> = alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    let led_to: Vec<&str> = alerts.lines().filter_map(|line| line.trim().strip_prefix("runbook: ")).collect();
    let expected: Vec<String> = named.iter().map(|name| format!("docs/runbooks/{name}.md")).collect();
    assert_eq!(led_to, expected, "each alert leads to its page");

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/runbooks");
    let pages: BTreeSet<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    let wanted: BTreeSet<String> = named.iter().map(|name| format!("{name}.md")).collect();
    assert_eq!(pages, wanted);
    for page in &pages {
        assert!(overview.contains(&format!("(runbooks/{page})")), "docs/operating.md does not lead to {page}");
    }
}
