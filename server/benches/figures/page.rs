//! The week page in process beside a handler of the same binary that reads one row by primary key: 16 readers at once.

use std::time::{Duration, Instant};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Request, header},
    routing::get,
};
use chrono::TimeDelta;
use http_body_util::BodyExt as _;
use spectrum_core::db::pool::Duty;
use sqlx::{Connection as _, PgConnection, PgPool};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{
    report::{Report, quantile},
    stage::{self, Stage},
};

const READERS: usize = 16;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);

pub async fn measure(stage: &Stage, report: &mut Report) {
    // Two years of ten sessions a week, so that the week is found among many.
    let mut events = Vec::new();
    for back in 0..730 {
        let day = stage::now() - TimeDelta::days(back);
        for hour in 0..=usize::from(back % 5 < 2) {
            events.extend(stage::session("reader", day - TimeDelta::hours(i64::try_from(hour).expect("few")), 6));
        }
    }
    for batch in events.chunks(800) {
        stage.accept(batch).await;
    }
    stage.run_due_jobs().await;
    let mut owner = PgConnection::connect_with(&stage.owner).await.expect("the owner");
    sqlx::raw_sql("VACUUM ANALYZE").execute(&mut owner).await.expect("vacuum");
    let cookie = stage.sign_in("reader").await;

    // The floor reads through the same pool, so that both pay for the pool's guard.
    let pool = stage.services.pools().of(Duty::Web).clone();
    let row = Router::new().route("/row", get(row)).with_state((pool, stage.host.uuid()));
    sqlx::raw_sql("GRANT SELECT ON host TO spectrum_web").execute(&mut owner).await.expect("a grant");

    let page = "/spectrum/week/2026-W47";
    let (mut with, mut floor) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        with.add(read(&stage.router, page, &cookie).await);
        floor.add(read(&row, "/row", &cookie).await);
    }
    report.ratio("page_vs_row", with.median(0.5), "ms p50", floor.median(0.5), "≤ 4");
    report.ratio("page_vs_row_mean", with.mean(), "ms mean", floor.mean(), "≤ 4");
    report.ratio("page_vs_row_p99", with.median(0.99), "ms p99", floor.median(0.99), "");

    let mut without = Samples::default();
    let mut again = Samples::default();
    for _ in 0..ROUNDS {
        security(&mut owner, "DISABLE").await;
        without.add(read(&stage.router, page, &cookie).await);
        security(&mut owner, "ENABLE").await;
        again.add(read(&stage.router, page, &cookie).await);
    }
    report.ratio("page_with_rls_vs_without", again.median(0.5), "ms p50", without.median(0.5), "");
}

/// Turns row-level security of all member tables on or off.
pub async fn security(owner: &mut PgConnection, how: &'static str) {
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT tablename::text FROM pg_policies WHERE schemaname = 'public' ORDER BY 1")
            .fetch_all(&mut *owner)
            .await
            .expect("the catalogue");
    for table in tables {
        let sql = format!("ALTER TABLE {table} {how} ROW LEVEL SECURITY");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *owner).await.expect("the owner may");
    }
}

/// The floor: one row by primary key.
async fn row(State((pool, host)): State<(PgPool, Uuid)>) -> String {
    let found: (String,) =
        sqlx::query_as("SELECT name FROM host WHERE host_id = $1").bind(host).fetch_one(&pool).await.expect("the row");
    found.0
}

/// Times in milliseconds of all answers of a round.
async fn read(router: &Router, path: &'static str, cookie: &str) -> Vec<f64> {
    let until = Instant::now() + ROUND;
    let readers = (0..READERS).map(|_| {
        let (router, cookie) = (router.clone(), cookie.to_owned());
        tokio::task::spawn(async move {
            let mut times = Vec::new();
            while Instant::now() < until {
                let request = Request::get(path).header(header::ACCEPT, "text/html").header(header::COOKIE, &cookie);
                let started = Instant::now();
                let answer = router.clone().oneshot(request.body(Body::empty()).expect("a request")).await;
                let answer = answer.expect("infallible");
                assert!(answer.status().is_success(), "{}", answer.status());
                let body = answer.into_body().collect().await.expect("a body").to_bytes();
                assert!(!body.is_empty());
                times.push(started.elapsed().as_secs_f64() * 1000.0);
            }
            times
        })
    });
    let mut all = Vec::new();
    for reader in readers.collect::<Vec<_>>() {
        all.extend(reader.await.expect("a reader"));
    }
    all
}

/// Rounds of the same measurement; the median round speaks for all.
#[derive(Default)]
struct Samples(Vec<Vec<f64>>);

impl Samples {
    fn add(&mut self, round: Vec<f64>) {
        self.0.push(round);
    }

    /// The mean over all answers of the median round: readers divided by answers a second.
    #[expect(clippy::cast_precision_loss, reason = "a count of answers")]
    fn mean(&self) -> f64 {
        let mut rounds: Vec<f64> = self.0.iter().map(|round| round.iter().sum::<f64>() / round.len() as f64).collect();
        quantile(&mut rounds, 0.5)
    }

    fn median(&mut self, share: f64) -> f64 {
        let mut rounds: Vec<f64> = self.0.iter_mut().map(|round| quantile(round, share)).collect();
        quantile(&mut rounds, 0.5)
    }
}
