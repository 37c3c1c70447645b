//! A prompt speaks only after people have judged what it writes, blind: labels, batches, what reviewers see, what becomes public.

use axum::http::{HeaderValue, StatusCode};
use server::{drafts::Against, rephraser::Rephraser};
use spectrum_core::insight::{
    label_prompt::{self, Refused},
    open_review,
};
use spectrum_domain::{
    access::StaffRole,
    card::{Grain, Language},
    id::{BatchId, PairId, StaffId},
    review::{self, Arm, Label, Obstacle, RevisionRef, Showing},
};
use spectrum_llm::{
    fake::{Fake, Lie},
    prompts,
    provider::Dialect,
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    model::{by_model, number, settings, with_mondays},
    support::{TestApp, rows},
};

const MUCH: u64 = 1_000_000_000;

fn revision(name: &str) -> RevisionRef {
    let found = prompts::load(name, 1).expect("a revision");
    RevisionRef { name: name.to_owned(), number: 1, sha256: found.hash }
}

/// A batch of so many pairs about made-up members, as `spectrum prompts review` opens it.
async fn open(app: &TestApp, fake: &Fake, name: &str, grain: Grain, language: Language, pairs: usize) -> BatchId {
    let rephraser = Rephraser::new(settings(fake, Dialect::Anthropic, MUCH)).expect("a rephraser");
    let ambient = app.services.ambient();
    let drafted = rephraser.draft(&revision(name), grain, language, &Against::Templates, pairs, ambient).await;
    let batch = drafted.expect("a batch");
    assert_eq!(batch.pairs.len(), pairs);
    open_review::open(&mut app.owner().await, ambient, &batch, "ann").await.expect("opened")
}

/// The value of a hidden field.
fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let at = format!("name=\"{name}\" value=\"");
    page.split_once(&at).and_then(|(_, rest)| rest.split_once('"')).map_or("", |(value, _)| value)
}

async fn staff_id(owner: &mut PgConnection, email: &str) -> StaffId {
    let found = rows(owner, &format!("SELECT staff_id FROM staff WHERE email = '{email}'")).await;
    found[0]["staff_id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

async fn seed(owner: &mut PgConnection, batch: BatchId) -> i64 {
    number(owner, &format!("SELECT seed FROM review_batch WHERE batch_id = '{batch}'")).await
}

/// Judges pairs on the pages until there are no more, each time for the arm that `prefers` says.
async fn judge_all(app: &TestApp, batch: BatchId, email: &str, prefers: impl Fn(usize) -> Option<Arm>) -> usize {
    let mut owner = app.owner().await;
    let cookie = app.sign_in_team(email, &[StaffRole::Reviewer]).await;
    let (reviewer, seed) = (staff_id(&mut owner, email).await, seed(&mut owner, batch).await);
    let mut order: Vec<PairId> = Vec::new();
    for look in 0.. {
        let page = app.page(&format!("/staff/review/{batch}/pair"), &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let pair = field(&page.body, "pair").to_owned();
        if pair.is_empty() {
            assert!(page.body.contains("That was all of this batch"), "{}", page.body);
            return look;
        }
        // Nothing says whose a text is.
        for source in ["candidate", "baseline", "template", "weekly@", "monthly@", "cards@", "small", "model"] {
            assert!(!page.body.to_lowercase().contains(source), "{source} in {}", page.body);
        }
        let id: PairId = pair.parse().expect("an id");
        let at = order.iter().position(|of| *of == id).unwrap_or_else(|| {
            order.push(id);
            order.len() - 1
        });
        let showing = field(&page.body, "showing").to_owned();
        let of = if showing == "1" { Showing::First } else { Showing::Second };
        let choice = match prefers(at) {
            None => "equal",
            Some(arm) if arm == review::left(seed, reviewer, id, of) => "left",
            Some(_) => "right",
        };
        let form = format!("pair={pair}&showing={showing}&choice={choice}&shown_at={}", field(&page.body, "shown_at"));
        let answer = app.post_form("/fn/judge_pair", &form, &cookie).await;
        assert_eq!(answer.header("location"), format!("/staff/review/{batch}/pair"), "{}", answer.body);
        if look == 0 {
            // The button pressed twice is one look.
            app.post_form("/fn/judge_pair", &form, &cookie).await;
        }
    }
    unreachable!("the pages end")
}

/// Scores so many texts on the pages.
async fn score(app: &TestApp, batch: BatchId, email: &str, texts: usize, safe: u8) {
    let cookie = app.sign_in_team(email, &[StaffRole::Reviewer]).await;
    for _ in 0..texts {
        let page = app.page(&format!("/staff/review/{batch}/text"), &cookie).await;
        let (pair, place) = (field(&page.body, "pair"), field(&page.body, "place"));
        let form = format!(
            "pair={pair}&place={place}&grounded=2&non_diagnostic=2&safe={safe}&no_leakage=2&hedged=2&specific=1&balanced=2&plain=2"
        );
        let answer = app.post_form("/fn/score_text", &form, &cookie).await;
        assert_eq!(answer.header("location"), format!("/staff/review/{batch}/text"), "{}", answer.body);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_prompt_speaks_only_after_it_was_judged_blind(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let fake = Fake::start().await.expect("the fake");
    app.rephrase_with(settings(&fake, Dialect::Anthropic, MUCH));
    with_mondays(&app, "ada", true).await;
    app.run_due_jobs().await;
    assert_eq!((fake.calls(), by_model(&mut owner).await.0), (0, 0), "nobody has judged it yet");

    let (weekly, english) = (revision("weekly"), Language::English);
    let now = app.services.ambient().now();
    let batch = open(&app, &fake, "weekly", Grain::Week, english, 34).await;
    assert_eq!(fake.refused(), Vec::<String>::new());
    assert_eq!(
        label_prompt::find(&mut owner, "weekly", english, Label::Candidate).await.expect("asked"),
        Some(weekly.clone())
    );
    let booked = number(&mut owner, "SELECT sum(micro_dollars) FROM model_call").await;
    let spent = number(&mut owner, "SELECT micro_dollars FROM model_spend WHERE scope = 'all' AND grain = 'day'").await;
    assert!(booked > 0 && spent == booked, "texts for review are paid for as all others");

    // Two people judge; the candidate wins 31 of 34, and they differ over one.
    let prefers = |at: usize| Some(if at < 31 { Arm::Candidate } else { Arm::Baseline });
    assert_eq!(judge_all(&app, batch, "ann@host.test", prefers).await, 68);
    assert_eq!(judge_all(&app, batch, "bea@host.test", |_| Some(Arm::Candidate)).await, 68);
    assert_eq!(number(&mut owner, "SELECT count(*) FROM review_judgement").await, 136);
    assert_eq!(
        number(&mut owner, "SELECT count(DISTINCT (pair_id, staff_id, left_arm)) FROM review_judgement").await,
        136
    );
    score(&app, batch, "ann@host.test", 34, 2).await;

    // While it is open nothing counts, and nothing is public.
    let refused = label_prompt::promote(&mut owner, &weekly, english, "ann", now).await.expect_err("refused");
    let Refused::ByReview(obstacles) = refused else { panic!("{refused:?}") };
    assert_eq!(obstacles, [Obstacle::TooFewDecided { decided: 0 }, Obstacle::TooFewScored { texts: 0 }]);
    let ada = app.sign_in("ada").await;
    let made = app.page("/spectrum/made", &ada).await;
    assert!(made.status == StatusCode::OK && made.body.contains("No revision has been judged yet"), "{}", made.body);

    let record = open_review::close(&mut owner, batch, now).await.expect("closed").expect("a record");
    let pairwise = &record.pairwise;
    // 31 both prefer, one of theirs against one of ours is no decision.
    assert_eq!((pairwise.pairs, pairwise.reviewers, pairwise.decided, pairwise.won), (34, 2, 31, 31));
    assert!(record.rubric.as_ref().is_some_and(|rubric| rubric.texts >= 10 && rubric.failed == 0));
    assert!(open_review::close(&mut owner, batch, now).await.expect("asked").is_none(), "closed once");

    label_prompt::promote(&mut owner, &weekly, english, "ann", now).await.expect("promoted");
    assert!(matches!(label_prompt::promote(&mut owner, &weekly, english, "ann", now).await, Err(Refused::InUse)));
    let german = label_prompt::promote(&mut owner, &weekly, Language::German, "ann", now).await;
    assert!(matches!(german, Err(Refused::ByReview(_))), "what was judged in English says nothing of German");

    let made = app.page("/spectrum/made", &ada).await.body;
    for said in [
        "preferred in 31 of 31 decided pairs",
        "34 pairs were judged by 2 people",
        "Texts of weeks in English: revision 1",
    ] {
        assert!(made.contains(said), "{said} in {made}");
    }
    let reviews =
        app.page("/staff/review", &app.sign_in_team("ann@host.test", &[StaffRole::Reviewer]).await).await.body;
    assert!(reviews.contains("preferred in 31 of 31") && reviews.contains("Nothing is waiting to be judged"));

    // From now on it speaks, for who agreed; and after a rollback no more.
    let before = by_model(&mut owner).await.0;
    with_mondays(&app, "eve", true).await;
    app.run_due_jobs().await;
    let worded = by_model(&mut owner).await.0;
    assert!(worded > before, "{worded}");
    let asked = fake.calls();
    assert_eq!(label_prompt::roll_back(&mut owner, "weekly", english, "ann", now).await.expect("rolled back"), None);
    assert!(matches!(
        label_prompt::roll_back(&mut owner, "weekly", english, "ann", now).await,
        Err(Refused::NothingInUse)
    ));
    with_mondays(&app, "flo", true).await;
    app.run_due_jobs().await;
    assert_eq!((by_model(&mut owner).await.0, fake.calls()), (worded, asked));
    // Who moved a label and when stays.
    let history = label_prompt::list(&mut owner).await.expect("the moves");
    let moves: Vec<_> = history.iter().rev().map(|of| (of.label.as_str(), of.number, of.changed_by.as_str())).collect();
    let expected = [("candidate", Some(1)), ("production", Some(1)), ("candidate", None), ("production", None)];
    assert_eq!(moves, expected.map(|(label, number)| (label, number, "ann")));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_text_that_must_not_be_shown_keeps_its_prompt_out(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let fake = Fake::start().await.expect("the fake");
    let batch = open(&app, &fake, "monthly", Grain::Month, Language::German, 31).await;
    judge_all(&app, batch, "ann@host.test", |_| Some(Arm::Candidate)).await;
    score(&app, batch, "ann@host.test", 30, 0).await;
    let now = app.services.ambient().now();
    open_review::close(&mut owner, batch, now).await.expect("closed");
    let refused = label_prompt::promote(&mut owner, &revision("monthly"), Language::German, "ann", now).await;
    let Err(Refused::ByReview(obstacles)) = refused else { panic!("{refused:?}") };
    assert!(matches!(obstacles[..], [Obstacle::Unsafe { texts: 10.. }]), "{obstacles:?}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_guard_refuses_is_counted_and_judged_by_nobody(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let fake = Fake::start().await.expect("the fake");
    fake.lie(Some((Lie::Diagnosis, 0)));
    let rephraser = Rephraser::new(settings(&fake, Dialect::OpenAi, MUCH)).expect("a rephraser");
    let ambient = app.services.ambient();
    let against = Against::Templates;
    let batch = rephraser
        .draft(&revision("weekly"), Grain::Week, Language::English, &against, 2, ambient)
        .await
        .expect("drafts");
    assert!(batch.pairs.is_empty() && batch.refused["diagnosis"] > 0, "{:?}", batch.refused);
    assert!(!batch.calls.is_empty() && batch.calls.iter().all(|call| call.micro_dollars > 0));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn only_reviewers_judge(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let fake = Fake::start().await.expect("the fake");
    let batch = open(&app, &fake, "weekly", Grain::Week, Language::English, 1).await;
    let pair =
        rows(&mut owner, "SELECT pair_id FROM review_pair").await[0]["pair_id"].as_str().expect("an id").to_owned();
    app.accept(
        &crate::support::session("ada", "2026-11-19T10:00:00Z", "2026-11-19T10:05:00Z", "UTC", &["I was glad."]).events,
    )
    .await;
    let look = format!("pair={pair}&showing=1&choice=left&shown_at=1790000000");
    let points = "grounded=2&non_diagnostic=2&safe=2&no_leakage=2&hedged=2&specific=2&balanced=2&plain=2";
    let points = format!("pair={pair}&place=0&{points}");
    let roles: [&[StaffRole]; 2] = [&[StaffRole::Operator], &[StaffRole::Analyst]];
    let mut others = vec![(String::new(), StatusCode::UNAUTHORIZED), (app.sign_in("ada").await, StatusCode::FORBIDDEN)];
    for (n, roles) in roles.into_iter().enumerate() {
        others.push((app.sign_in_team(&format!("{n}@host.test"), roles).await, StatusCode::FORBIDDEN));
    }
    for (cookie, status) in &others {
        for path in
            ["/staff/review".to_owned(), format!("/staff/review/{batch}/pair"), format!("/staff/review/{batch}/text")]
        {
            assert_eq!(app.page(&path, cookie).await.status, *status, "{path}");
        }
        app.post_form("/fn/judge_pair", &look, cookie).await;
        app.post_form("/fn/score_text", &points, cookie).await;
    }
    let kept = "SELECT (SELECT count(*) FROM review_judgement) + (SELECT count(*) FROM review_score)";
    assert_eq!(number(&mut owner, kept).await, 0);

    let reviewer = app.sign_in_team("ann@host.test", &[StaffRole::Reviewer]).await;
    assert_eq!(app.page("/staff/jobs", &reviewer).await.status, StatusCode::FORBIDDEN, "the machine is the operators'");
    let home = app.page("/staff", &reviewer).await;
    assert_eq!(
        (home.status, &home.headers["location"]),
        (StatusCode::SEE_OTHER, &HeaderValue::from_static("/staff/review"))
    );
    // A second look without a first is none, and so is what is no form of ours.
    for form in
        [look.replace("showing=1", "showing=2"), look.replace("left", "both"), look.replace("showing=1", "showing=3")]
    {
        app.post_form("/fn/judge_pair", &form, &reviewer).await;
    }
    for form in
        [points.replace("safe=2", "safe=3"), points.replace("place=0", "place=2"), points.replace("plain=2", "")]
    {
        app.post_form("/fn/score_text", &form, &reviewer).await;
    }
    assert_eq!(number(&mut owner, kept).await, 0);
    app.post_form("/fn/judge_pair", &look, &reviewer).await;
    app.post_form("/fn/score_text", &points, &reviewer).await;
    app.post_form("/fn/score_text", &points.replace("hedged=2", "hedged=0"), &reviewer).await;
    assert_eq!(number(&mut owner, kept).await, 2);
    assert_eq!(number(&mut owner, "SELECT points[5] FROM review_score").await, 2, "the first count");
    // Closed is closed.
    open_review::close(&mut owner, batch, app.services.ambient().now()).await.expect("closed");
    app.post_form("/fn/judge_pair", &look.replace("showing=1", "showing=2"), &reviewer).await;
    assert_eq!(app.page(&format!("/staff/review/{batch}/pair"), &reviewer).await.status, StatusCode::NOT_FOUND);
    assert_eq!(number(&mut owner, kept).await, 2);
    app.run_due_jobs().await;
    app.finish().await;
}
