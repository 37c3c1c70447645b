//! A new model: what another has read is read anew, oldest first, and ends in what a fresh analysis gives.

use serde_json::{Value, json};
use spectrum_core::analysis::reanalyze::{STEP, Scope};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{Diary, Other, TestApp, member_id, rows};

/// The sums of a member, without what names the member, the revision or the moment.
async fn sums(owner: &mut PgConnection, member: Uuid) -> Vec<Value> {
    let mut all = Vec::new();
    for table in ["day_rollup", "week_rollup", "month_rollup"] {
        let query = format!(
            "SELECT to_jsonb(r) - 'member_id' - 'version' - 'inputs_hash' AS row FROM {table} AS r
             WHERE member_id = '{member}'"
        );
        all.extend(rows(owner, &query).await);
    }
    all
}

/// The newest measures of a member's sessions and turns, without what names them.
async fn measures(owner: &mut PgConnection, member: Uuid) -> Vec<Value> {
    let vectors = format!(
        "SELECT local_date, to_jsonb(v) - 'member_id' - 'session_id' - 'revision' - 'created_at' AS row
         FROM session s JOIN session_vector v USING (member_id, session_id)
         WHERE member_id = '{member}' AND v.revision = s.vector_revision"
    );
    let impacts = format!(
        "SELECT local_date, to_jsonb(t) - 'member_id' - 'session_id' - 'created_at' AS row
         FROM session s JOIN turn_impact t USING (member_id, session_id) WHERE member_id = '{member}'"
    );
    let mut all = rows(owner, &vectors).await;
    all.extend(rows(owner, &impacts).await);
    all
}

const OTHER: &str = "other@2+0123456789ab";

fn models() -> [String; 1] {
    [OTHER.to_owned()]
}

#[sqlx::test(migrations = "../migrations")]
async fn reading_anew_ends_in_what_a_fresh_analysis_gives(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let days = u32::try_from(2 * STEP + 5).expect("few");
    // One day after the other, as it happens: each session finds the days before it rolled up.
    for sent in (Diary { member: "ada", zone: "UTC", days }).sessions().iter().rev() {
        app.accept(&sent.events).await;
        app.run_due_jobs().await;
    }
    let ada = member_id(&mut owner, app.host.uuid(), "ada").await;
    let before = sums(&mut owner, ada).await;

    app.read_with(Other::new(OTHER));
    assert_eq!(app.services.order_reanalysis(&models(), &Scope::Once).await.expect("an order"), 1);
    assert_eq!(
        app.run_due_jobs().await,
        6,
        "three steps for {days} sessions, each of which is told of, and nothing else"
    );
    for sent in (Diary { member: "eve", zone: "UTC", days }).sessions().iter().rev() {
        app.accept(&sent.events).await;
        app.run_due_jobs().await;
    }
    let eve = member_id(&mut owner, app.host.uuid(), "eve").await;
    assert_ne!(sums(&mut owner, ada).await, before);
    assert_eq!(sums(&mut owner, ada).await, sums(&mut owner, eve).await);
    assert_eq!(measures(&mut owner, ada).await, measures(&mut owner, eve).await, "home bases are the same too");
    let named = rows(&mut owner, "SELECT DISTINCT models FROM month_rollup").await;
    assert_eq!(named, [json!({ "models": [OTHER] })]);
    let revisions = format!("SELECT max(revision) AS n FROM session_vector WHERE member_id = '{ada}'");
    assert_eq!(rows(&mut owner, &revisions).await, [json!({ "n": 2 })], "the old measure stays, and no longer counts");

    for scope in [Scope::Once, Scope::Everybody, Scope::Once] {
        assert_eq!(app.services.order_reanalysis(&models(), &scope).await.expect("an order"), 0, "{scope:?}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_left_out_or_no_longer_whole_keeps_its_measure_and_the_sums_name_both(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let sent = Diary { member: "ada", zone: "Europe/London", days: 5 }.sessions();
    for session in &sent {
        app.accept(&session.events).await;
    }
    app.run_due_jobs().await;
    let member = app.member("ada").await;
    app.services.exclude_session(&member, sent[1].session_id.parse().expect("an id")).await.expect("left out");
    let gone = format!("DELETE FROM turn_text WHERE session_id = '{}' AND index = 2", sent[3].session_id);
    sqlx::query(sqlx::AssertSqlSafe(gone)).execute(&mut owner).await.expect("gone");

    app.read_with(Other::new(OTHER));
    let ordered = app.services.order_reanalysis(&models(), &Scope::Member("ada".parse().expect("a reference"))).await;
    assert_eq!(ordered.expect("an order"), 1);
    app.run_due_jobs().await;
    let read_by =
        |session: usize| format!("SELECT model FROM session WHERE session_id = '{}'", sent[session].session_id);
    for (session, model) in [(0, OTHER), (1, "lexicon@1"), (2, OTHER), (3, "lexicon@1"), (4, OTHER)] {
        assert_eq!(rows(&mut owner, &read_by(session)).await, [json!({ "model": model })], "session {session}");
    }
    let week = "SELECT models FROM week_rollup";
    assert_eq!(rows(&mut owner, week).await, [json!({ "models": ["lexicon@1", OTHER] })]);

    // Taken in again it is read anew with the next order; the one whose words are gone never.
    app.services.include_session(&member, sent[1].session_id.parse().expect("an id")).await.expect("taken in");
    app.clock.advance(chrono::TimeDelta::seconds(1));
    let ordered = app.services.order_reanalysis(&models(), &Scope::Everybody).await;
    assert_eq!(ordered.expect("an order"), 1);
    app.run_due_jobs().await;
    assert_eq!(rows(&mut owner, &read_by(1)).await, [json!({ "model": OTHER })]);
    assert_eq!(rows(&mut owner, &read_by(3)).await, [json!({ "model": "lexicon@1" })]);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn going_back_to_the_model_before_is_a_new_order(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for session in (Diary { member: "ada", zone: "Europe/London", days: 3 }).sessions() {
        app.accept(&session.events).await;
    }
    app.run_due_jobs().await;
    for name in [OTHER, "third@3", OTHER] {
        app.read_with(Other::new(name));
        app.clock.advance(chrono::TimeDelta::seconds(1));
        let models = [name.to_owned()];
        // Two workers that start at the same moment give one order.
        let (one, two) = tokio::join!(
            app.services.order_reanalysis(&models, &Scope::Once),
            app.services.order_reanalysis(&models, &Scope::Once)
        );
        assert_eq!(one.expect("an order") + two.expect("an order"), 1, "{name}");
        app.run_due_jobs().await;
        assert_eq!(rows(&mut owner, "SELECT DISTINCT model FROM session").await, [json!({ "model": name })]);
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn one_session_that_can_not_be_opened_keeps_no_other_from_being_read(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let sent = Diary { member: "ada", zone: "Europe/London", days: u32::try_from(STEP + 2).expect("few") }.sessions();
    for session in &sent {
        app.accept(&session.events).await;
    }
    app.run_due_jobs().await;
    let broken = format!("UPDATE turn_text SET ciphertext = '\\x00' WHERE session_id = '{}'", sent[4].session_id);
    sqlx::query(sqlx::AssertSqlSafe(broken)).execute(&mut owner).await.expect("broken");
    app.read_with(Other::new(OTHER));
    assert_eq!(app.services.order_reanalysis(&models(), &Scope::Once).await.expect("an order"), 1);
    app.run_due_jobs().await;
    let read = "SELECT model, count(*) AS n FROM session GROUP BY model";
    assert_eq!(
        rows(&mut owner, read).await,
        [json!({ "model": "lexicon@1", "n": 1 }), json!({ "model": OTHER, "n": STEP + 1 })]
    );
    app.finish().await;
}
