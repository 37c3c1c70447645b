//! Another master key, put in place while sessions come in and are read.

use spectrum_core::{
    ServiceError,
    analysis::load_turns::Occasion,
    db::{
        keyring::{Keyring, ledger_root},
        seal::{MasterKey, SealError},
    },
};
use spectrum_domain::id::MemberId;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use crate::support::{Diary, TestApp, member_id, session};

const MEMBERS: usize = 24;

fn first() -> MasterKey {
    MasterKey::new("test", [7; 32])
}

fn second() -> MasterKey {
    MasterKey::new("second", [8; 32])
}

#[sqlx::test(migrations = "../migrations")]
async fn a_master_key_is_replaced_while_sessions_come_in_and_are_read(_: PgPoolOptions, database: PgConnectOptions) {
    let before = TestApp::new(database).await;
    let mut owner = before.owner().await;
    let sent = |member: usize, name: &str| {
        let turns = ["I felt calm and grateful after the walk.", "Then I was worried about tomorrow."];
        session(&format!("m{member}"), name, "2026-11-19T20:00:00Z", "Europe/London", &turns)
    };
    for member in 0..MEMBERS {
        before.accept(&sent(member, "before").events).await;
    }
    // Both masters everywhere, the first one wrapping; then the second takes over in one process after the other.
    let root = ledger_root(&first());
    let one = before.beside(Keyring::new(first(), vec![second()], Some(root.clone())));
    let two = before.beside(Keyring::new(second(), vec![first()], Some(root.clone())));
    let come_in = async |app: &TestApp, name: &'static str, more: usize| {
        for member in 0..MEMBERS {
            app.accept(&sent(member, name).events).await;
            app.accept(&sent(more + member, name).events).await;
        }
    };
    let rotate = async || {
        let mut rotated = 0;
        for _ in 0..20 {
            rotated += two.services.rotate_keys().await.expect("rotated");
            tokio::task::yield_now().await;
        }
        rotated
    };
    let ((), (), _, _, rotated) = tokio::join!(
        come_in(&one, "by the first", 100),
        come_in(&two, "by the second", 200),
        one.run_due_jobs(),
        two.run_due_jobs(),
        rotate()
    );
    assert!(rotated >= MEMBERS as u64, "{rotated}");
    // The first process has ended; what it drew last is wrapped anew.
    one.close().await;
    two.services.rotate_keys().await.expect("rotated");
    let (counts, ids) = two.services.count_keys().await.expect("counts");
    assert_eq!(counts, [("second".to_owned(), 3 * i64::try_from(MEMBERS).expect("few"))]);
    assert_eq!(ids, ["second", "test"]);
    two.run_due_jobs().await;
    two.close().await;

    // The first master key is no more.
    let after = before.beside(Keyring::new(second(), Vec::new(), Some(root)));
    for member in 0..MEMBERS {
        let id = MemberId(member_id(&mut owner, after.host.uuid(), &format!("m{member}")).await);
        for name in ["before", "by the first", "by the second"] {
            let session_id = sent(member, name).session_id.parse().expect("an id");
            let text = after.services.load_session_text(id, session_id, Occasion::Again).await.expect("it opens");
            let text = text.expect("an analysed session");
            assert!(text.turns[0].text.as_ref().is_some_and(|text| text.expose().starts_with("I felt calm")));
        }
    }
    // The same events again are the same events: their fingerprints did not go with the key.
    let again = after.accept(&sent(1, "before").events).await;
    let results = again["results"].as_array().expect("results");
    assert!(results.iter().all(|result| result["status"] == "duplicate"), "{again}");
    assert_eq!(after.services.ledger().public_key(), before.services.ledger().public_key());
    // Who has the first alone opens nothing any more.
    let id = MemberId(member_id(&mut owner, before.host.uuid(), "m1").await);
    let session_id = sent(1, "before").session_id.parse().expect("an id");
    let refused = before.services.load_session_text(id, session_id, Occasion::Again).await;
    assert!(matches!(refused, Err(ServiceError::Seal(SealError::UnknownMasterKey))), "{refused:?}");
    after.finish().await;
    before.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_that_is_destroyed_while_keys_are_wrapped_anew_stays_destroyed(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    for member in ["ada", "bob"] {
        app.accept(&(Diary { member, zone: "Europe/London", days: 1 }).sessions()[0].events).await;
    }
    let mut owner = app.owner().await;
    let ada: Uuid = member_id(&mut owner, app.host.uuid(), "ada").await;
    let two = app.beside(Keyring::new(second(), vec![first()], Some(ledger_root(&first()))));
    let whom = spectrum_core::Whom::Member(MemberId(ada));
    app.services.order_erasure(whom, spectrum_domain::erasure::AskedBy::Host).await.expect("ordered");
    let (_, rotated) = tokio::join!(two.run_due_jobs(), two.services.rotate_keys());
    assert!(rotated.expect("rotated") <= 2);
    let keys: i64 = sqlx::query_scalar("SELECT count(*) FROM member_key WHERE member_id = $1")
        .bind(ada)
        .fetch_one(&mut owner)
        .await
        .expect("a count");
    assert_eq!(keys, 0);
    two.finish().await;
    app.close().await;
}
