//! A diary of a century ago through the public API, over a real port: in order, again, and shuffled and doubled.

use std::{path::PathBuf, time::Duration};

use serde_json::Value;
use server::{
    replay::{self, ReplayOptions, ReplaySummary},
    worker::Pace,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio_util::sync::CancellationToken;

use crate::support::TestApp;

/// The real journal where it lies beside the checkout, else a small diary of our own with the same traits: old dates, two
/// entries on one day, a leap day, a turn of the year.
fn diary() -> (PathBuf, u64, u64) {
    let journal = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/diaries/barbellion.jsonl"));
    if journal.exists() {
        (journal, 531, 530)
    } else {
        (concat!(env!("CARGO_MANIFEST_DIR"), "/tests/spectrum/small_diary.jsonl").into(), 6, 5)
    }
}

async fn replay_as(app: &TestApp, url: &str, member: &str, shuffled: bool) -> ReplaySummary {
    let options = ReplayOptions {
        file: diary().0,
        member: member.parse().expect("a reference"),
        zone: chrono_tz::Europe::London,
        shift_to_now: false,
        feature: spectrum_domain::feature::Feature::Mirror,
        shuffle_seed: shuffled.then_some(11),
        twice: shuffled,
        url: url.to_owned(),
        key: app.host_key.clone().into(),
    };
    replay::run(options, app.services.ambient().now(), &|_, _, _| {}).await.expect("a replay")
}

/// All rollups of a member without what names the member and the version.
async fn rollups(app: &TestApp, member: &str) -> Vec<Value> {
    let mut owner = app.owner().await;
    sqlx::query_scalar(
        "SELECT to_jsonb(r) - 'member_id' - 'version' - 'inputs_hash' || jsonb_build_object('of', 'day')
         FROM day_rollup r JOIN member USING (member_id) WHERE external_ref = $1
         UNION ALL
         SELECT to_jsonb(r) - 'member_id' - 'version' - 'inputs_hash' || jsonb_build_object('of', 'week')
         FROM week_rollup r JOIN member USING (member_id) WHERE external_ref = $1
         UNION ALL
         SELECT to_jsonb(r) - 'member_id' - 'version' - 'inputs_hash' || jsonb_build_object('of', 'month')
         FROM month_rollup r JOIN member USING (member_id) WHERE external_ref = $1
         ORDER BY 1",
    )
    .bind(member)
    .fetch_all(&mut owner)
    .await
    .expect("rollups")
}

#[sqlx::test(migrations = "../migrations")]
async fn a_diary_keeps_its_dates_and_its_sums_in_any_order(_: PgPoolOptions, database: PgConnectOptions) {
    replay::install_crypto();
    let app = TestApp::new(database).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let router = app.router.clone();
    let stop = CancellationToken::new();
    let served = tokio::task::spawn(async move { axum::serve(listener, router).await });
    let worked =
        tokio::task::spawn(app.worker(Pace::new(Duration::from_secs(45), Duration::from_millis(20))).run(stop.clone()));

    let (_, sessions, days) = diary();
    let first = replay_as(&app, &url, "orderly", false).await;
    assert_eq!((first.events_refused, first.sessions_analysed, first.days), (0, sessions, days), "{first:?}");
    let again = replay_as(&app, &url, "orderly", false).await;
    assert_eq!((again.events_accepted, again.events_duplicate), (0, first.events_accepted), "{again:?}");
    assert_eq!(
        (again.sessions_analysed, again.days, again.weeks, again.months),
        (sessions, days, first.weeks, first.months)
    );

    let shuffled = replay_as(&app, &url, "shuffled", true).await;
    assert_eq!(shuffled.events_accepted, first.events_accepted, "{shuffled:?}");
    assert_eq!(shuffled.events_duplicate, first.events_accepted, "each came twice: {shuffled:?}");
    let orderly = rollups(&app, "orderly").await;
    assert_eq!(u64::try_from(orderly.len()).expect("few"), first.days + first.weeks + first.months);
    assert_eq!(rollups(&app, "shuffled").await, orderly);

    let mut owner = app.owner().await;
    let left: i64 = sqlx::query_scalar("SELECT (SELECT count(*) FROM job) + (SELECT count(*) FROM job_dead)")
        .fetch_one(&mut owner)
        .await
        .expect("a count");
    assert_eq!(left, 0, "nothing is left in the queue");
    stop.cancel();
    worked.await.expect("the worker ends");
    served.abort();
    app.finish().await;
}
