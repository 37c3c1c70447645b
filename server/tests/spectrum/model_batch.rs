//! Questions to a model in batches, over TLS and both protocols: what waits, what is on its way, and what may happen meanwhile.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::json;
use server::{config::Llm, worker::Outcome};
use spectrum_core::{
    ServiceError, Whom,
    queue::{claim::ClaimedJob, finish::Death},
};
use spectrum_domain::{card::Grain, erasure::AskedBy, exclusion::Scope};
use spectrum_llm::{
    fake::{Fake, Lie, Trouble},
    provider::{Dialect, Usage},
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::{
    model::{booked_to_the_token, by_model, number, settings, with_mondays},
    support::{TestApp, rows, rows_about},
};

const MUCH: u64 = 1_000_000_000;

/// Ada, whose editions wait for the next batch.
struct Waiting {
    app: TestApp,
    owner: PgConnection,
    fake: Fake,
}

impl Waiting {
    async fn new(database: PgConnectOptions, dialect: Dialect, change: impl FnOnce(Llm) -> Llm) -> Self {
        let mut app = TestApp::new(database).await;
        let owner = app.owner().await;
        let fake = Fake::start().await.expect("the fake");
        // One model, and so one batch at a time, unless a test is about several.
        app.rephrase_with(change(Llm { batch: true, large: "small".to_owned(), ..settings(&fake, dialect, MUCH) }));
        app.use_prompts().await;
        with_mondays(&app, "ada", true).await;
        app.run_due_jobs().await;
        let mut waiting = Self { app, owner, fake };
        assert_eq!(waiting.fake.calls(), 0, "nobody is asked by itself");
        assert!(waiting.count("rephrasing WHERE batch_id IS NULL").await > 2);
        waiting
    }

    async fn count(&mut self, rows: &str) -> i64 {
        number(&mut self.owner, &format!("SELECT count(*) FROM {rows}")).await
    }

    async fn after(&self, time: TimeDelta) {
        self.app.clock.advance(time);
        self.app.run_due_jobs().await;
    }

    /// The next batch is handed in.
    async fn handed_in(&mut self) {
        let before = self.count("model_batch").await;
        self.after(TimeDelta::hours(1)).await;
        assert_eq!(self.count("model_batch").await, before + 1);
        assert_eq!(self.fake.refused(), Vec::<String>::new());
    }

    /// It is asked after twice: the first time it is not through.
    async fn collected(&mut self) {
        let open = "model_batch WHERE ended_at IS NULL";
        let before = (self.count(open).await, by_model(&mut self.owner).await.0);
        self.after(TimeDelta::minutes(5)).await;
        assert_eq!((self.count(open).await, by_model(&mut self.owner).await.0), before, "it is not through");
        self.after(TimeDelta::minutes(5)).await;
        assert_eq!((self.count(open).await, self.count("model_batch_item").await), (0, 0), "it is through");
    }

    async fn booked(&mut self) -> i64 {
        booked_to_the_token(&mut self.owner, self.fake.counted()).await
    }

    /// The one job of this kind, held by two workers, of whom the first has lost it.
    async fn held_twice(&self, kind: &str) -> [ClaimedJob; 2] {
        let claimed = async |worker: u128| {
            let worker = Uuid::from_u128(worker);
            let jobs =
                self.app.services.claim_jobs("upkeep", worker, 50, TimeDelta::minutes(9).to_std().expect("a time"));
            let mut jobs = jobs.await.expect("a claim");
            jobs.retain(|job| job.kind == kind);
            assert_eq!(jobs.len(), 1, "{kind}");
            jobs.remove(0)
        };
        let lost = claimed(1).await;
        self.app.services.give_jobs_back(lost.worker_id).await.expect("given back");
        [lost, claimed(2).await]
    }
}

async fn the_whole_way(database: PgConnectOptions, dialect: Dialect, safety: Option<String>) {
    let checked = safety.is_some();
    let large = "large".to_owned();
    let mut ada = Waiting::new(database, dialect, |settings| Llm { safety, large, ..settings }).await;
    // As if each month had three times as much to tell, which is what the large model is for: it gets a batch of its own.
    sqlx::raw_sql(
        "INSERT INTO card SELECT (jsonb_populate_record(c, jsonb_build_object(
             'card_id', gen_random_uuid(), 'position', c.position + 10 * n))).*
         FROM card c, generate_series(1, 2) AS n WHERE grain = 'month'",
    )
    .execute(&mut ada.owner)
    .await
    .expect("more cards");
    ada.after(TimeDelta::hours(1)).await;
    assert_eq!(ada.fake.refused(), Vec::<String>::new());
    let batches =
        rows(&mut ada.owner, "SELECT count(DISTINCT model) AS models FROM model_batch_item GROUP BY batch_id");
    assert_eq!(batches.await, vec![json!({ "models": 1 }); 2]);
    let asked = ada.count("model_batch_item").await;
    let large = ada.count("model_batch_item WHERE model = 'large'").await;
    println!("{asked} questions in two batches, {large} of them to the large model");
    assert!(large > 0 && asked > 2 && ada.count("rephrasing WHERE batch_id IS NULL").await == 0);
    assert!(number(&mut ada.owner, "SELECT sum(micro_dollars) FROM model_batch_item").await > 0, "held back");
    // Its names are chance: no time, no member, no edition.
    let names = ada.fake.batch_items();
    assert_eq!(i64::try_from(names.len()), Ok(asked));
    for name in &names {
        assert_eq!((name.len(), name.parse::<Uuid>().expect("a name").get_version_num()), (32, 4), "{name}");
    }
    ada.collected().await;

    let (worded, _) = by_model(&mut ada.owner).await;
    assert!(worded > 0);
    assert_eq!(ada.count("rephrasing").await, 0);
    // The strict fake leaves the last of more than two unanswered in one of the protocols.
    let of_many = [large, asked - large].into_iter().filter(|questions| *questions > 2).count();
    let unanswered = if dialect == Dialect::Anthropic { i64::try_from(of_many).expect("two") } else { 0 };
    assert_eq!(ada.count("model_call WHERE batched AND outcome = 'taken'").await, asked - unanswered);
    assert_eq!(ada.count("model_call WHERE batched AND outcome = 'failed'").await, unanswered);
    let checks = ada.count("model_call WHERE NOT batched AND model = 'checker' AND outcome = 'taken'").await;
    assert_eq!(checks, if checked { asked } else { 0 });
    let spent = ada.booked().await;
    assert_eq!(number(&mut ada.owner, "SELECT sum(micro_dollars) FROM member_spend").await, spent);
    let page = ada.app.page("/spectrum/feed", &ada.app.sign_in("ada").await).await;
    assert!(page.body.contains("Worded by a model (small, weekly@1#"), "{}", page.body);
    let inputs = serde_json::to_string(&ada.fake.inputs()).expect("JSON");
    assert!(!inputs.contains("lonely") && !inputs.contains("ada"));

    // Nothing more is asked, however long nobody looks.
    let calls = ada.fake.calls();
    ada.after(TimeDelta::hours(30)).await;
    assert_eq!(ada.fake.calls(), calls);
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_batch_goes_the_whole_way_by_messages(_: PgPoolOptions, database: PgConnectOptions) {
    the_whole_way(database, Dialect::Anthropic, None).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_batch_goes_the_whole_way_by_files_and_is_checked(_: PgPoolOptions, database: PgConnectOptions) {
    the_whole_way(database, Dialect::OpenAi, Some("checker".to_owned())).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_lie_in_a_batch_is_asked_for_once_more_with_its_reasons(_: PgPoolOptions, database: PgConnectOptions) {
    let mut ada = Waiting::new(database, Dialect::OpenAi, |settings| settings).await;
    ada.fake.lie(Some((Lie::Diagnosis, 0)));
    ada.handed_in().await;
    let asked = ada.count("model_batch_item").await;
    ada.collected().await;
    assert_eq!(by_model(&mut ada.owner).await.0, 0);
    let refused = ada.count("rephrasing WHERE batch_id IS NULL AND 'diagnosis' = ANY (refused)").await;
    assert_eq!(refused, asked, "all wait for the next batch");
    ada.fake.lie(None);
    ada.handed_in().await;
    let inputs = ada.fake.inputs();
    let second = inputs.iter().skip(usize::try_from(asked).expect("a count"));
    assert!(
        second.clone().count() > 0
            && second.clone().all(|input| {
                input["refused"].as_array().is_some_and(|reasons| reasons.contains(&json!("diagnosis")))
            })
    );
    ada.collected().await;
    assert!(by_model(&mut ada.owner).await.0 > 0);
    assert_eq!(ada.count("model_call WHERE outcome = 'taken'").await, asked);
    let mut names = ada.fake.batch_items();
    names.sort_unstable();
    names.dedup();
    assert_eq!(i64::try_from(names.len()), Ok(2 * asked), "the same edition has another name");
    ada.booked().await;
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_lies_twice_in_batches_leaves_a_templates_words(_: PgPoolOptions, database: PgConnectOptions) {
    let mut ada = Waiting::new(database, Dialect::Anthropic, |settings| settings).await;
    ada.fake.lie(Some((Lie::Advice, 0)));
    ada.handed_in().await;
    let first = ada.count("model_batch_item").await;
    ada.collected().await;
    ada.handed_in().await;
    let second = ada.count("model_batch_item").await;
    assert_eq!(second, first - 1, "what was not answered is not asked for again");
    ada.collected().await;
    assert_eq!((by_model(&mut ada.owner).await.0, ada.count("rephrasing").await), (0, 0));
    assert_eq!(ada.count("model_call WHERE outcome = 'refused'").await, first - 1 + second - 1);
    ada.booked().await;
    let calls = ada.fake.calls();
    ada.after(TimeDelta::hours(3)).await;
    assert_eq!(ada.fake.calls(), calls, "nobody is asked a third time");
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_consent_that_was_taken_back_meanwhile_is_kept_to(_: PgPoolOptions, database: PgConnectOptions) {
    let mut ada = Waiting::new(database, Dialect::OpenAi, |settings| settings).await;
    ada.handed_in().await;
    let asked = ada.count("model_batch_item").await;
    let consent = json!({ "consent": { "analysis": true, "model": false, "analytics": false } });
    ada.app.api(Method::PUT, "/members/ada", Some(&consent)).await;
    ada.collected().await;
    assert_eq!(by_model(&mut ada.owner).await.0, 0);
    assert_eq!(ada.count("model_call WHERE outcome = 'unused'").await, asked, "they are paid for");
    ada.booked().await;
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_prompt_that_has_lost_its_label_meanwhile_does_not_speak(_: PgPoolOptions, database: PgConnectOptions) {
    let mut ada = Waiting::new(database, Dialect::OpenAi, |settings| settings).await;
    ada.handed_in().await;
    let asked = ada.count("model_batch_item").await;
    sqlx::query("DELETE FROM prompt_label").execute(&mut ada.owner).await.expect("no label");
    ada.collected().await;
    assert_eq!(by_model(&mut ada.owner).await.0, 0);
    assert_eq!(ada.count("model_call WHERE outcome = 'unused'").await, asked);
    ada.booked().await;
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_answer_about_an_edition_that_has_changed_is_booked_and_not_kept(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut ada = Waiting::new(database, Dialect::OpenAi, |settings| settings).await;
    ada.handed_in().await;
    let asked = ada.count("model_batch_item").await;
    let member = ada.app.member("ada").await.member_id;
    let day = "2026-11-09".parse().expect("a date");
    ada.app.services.exclude(member, Scope::Period { first: day, last: day }, None).await.expect("left out");
    ada.collected().await;
    let unused = ada.count("model_call WHERE outcome = 'unused'").await;
    assert!(unused > 0 && unused < asked, "{unused} of {asked}");
    let of_the_week = "card WHERE grain = 'week' AND period = '2026-11-09' AND receipt #>> '{generator,by}' = 'model'";
    assert_eq!(ada.count(of_the_week).await, 0);
    assert!(by_model(&mut ada.owner).await.0 > 0, "the others are kept");
    ada.booked().await;
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_item_without_an_answer_leaves_a_templates_words(_: PgPoolOptions, database: PgConnectOptions) {
    let mut ada = Waiting::new(database, Dialect::OpenAi, |settings| settings).await;
    ada.fake.lose_an_item();
    ada.handed_in().await;
    let asked = ada.count("model_batch_item").await;
    ada.collected().await;
    assert_eq!(ada.count("model_call WHERE outcome = 'taken'").await, asked - 1);
    let failed = "model_call WHERE outcome = 'failed' AND micro_dollars = 0 AND input_tokens = 0";
    assert_eq!((ada.count(failed).await, ada.count("rephrasing").await), (1, 0));
    ada.booked().await;
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_worker_that_is_killed_loses_no_edition_and_books_no_answer_twice(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut ada = Waiting::new(database, Dialect::Anthropic, |settings| settings).await;
    ada.app.clock.advance(TimeDelta::hours(1));
    // It has handed the batch in, and is gone before that is noted.
    let [lost, held] = ada.held_twice("submit_rephrasings").await;
    let late = ada.app.try_job(&lost).await.expect_err("it has lost the job");
    assert!(matches!(late, server::worker::JobError::Service(ServiceError::LeaseLost)), "{late}");
    let (unknown, asked) = (ada.fake.counted(), ada.count("model_batch_item").await);
    assert_eq!(ada.count("model_batch WHERE provider_id IS NULL").await, 1);
    assert_eq!(ada.app.try_job(&held).await.expect("handed in"), Outcome::Completed);
    assert_eq!(
        (ada.count("model_batch").await, ada.count("model_batch_item").await),
        (1, asked),
        "one that is known of"
    );
    let names = ada.fake.batch_items();
    let (first, second) = names.split_at(names.len() / 2);
    assert_eq!(first, second, "the same was asked twice");

    // Another is gone after it has settled everything, before the batch has ended.
    ada.after(TimeDelta::minutes(5)).await;
    ada.app.clock.advance(TimeDelta::minutes(5));
    let [lost, held] = ada.held_twice("collect_rephrasings").await;
    ada.app.try_job(&lost).await.expect_err("it has lost the job");
    let counted = ada.fake.counted();
    let known = Usage {
        input: counted.input - unknown.input,
        cached_input: counted.cached_input - unknown.cached_input,
        output: counted.output - unknown.output,
    };
    let spent = booked_to_the_token(&mut ada.owner, known).await;
    let worded = by_model(&mut ada.owner).await.0;
    assert!(worded > 0);
    assert_eq!(ada.app.try_job(&held).await.expect("ended"), Outcome::Completed);
    assert_eq!(booked_to_the_token(&mut ada.owner, known).await, spent);
    assert_eq!(ada.count("model_call").await, asked);
    assert_eq!(by_model(&mut ada.owner).await.0, worded);
    assert_eq!(ada.count("model_batch WHERE ended_at IS NULL").await, 0);
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_who_is_erased_meanwhile_leaves_a_bill_and_no_name(_: PgPoolOptions, database: PgConnectOptions) {
    let mut ada = Waiting::new(database, Dialect::OpenAi, |settings| settings).await;
    ada.handed_in().await;
    let asked = ada.count("model_batch_item").await;
    let member = ada.app.member("ada").await.member_id;
    ada.app.services.order_erasure(Whom::Member(member), AskedBy::Member).await.expect("ordered");
    ada.app.run_due_jobs().await;
    assert_eq!(rows_about(&mut ada.owner, member.uuid()).await, std::collections::BTreeMap::new());
    assert_eq!(ada.count("model_batch_item").await, asked, "what was asked is still to be paid for");
    ada.collected().await;
    assert_eq!(ada.count("model_call WHERE outcome = 'unused'").await, asked);
    ada.booked().await;
    assert_eq!(rows_about(&mut ada.owner, member.uuid()).await, std::collections::BTreeMap::new());
    let kept = rows(&mut ada.owner, "SELECT * FROM model_call").await;
    assert!(!serde_json::to_string(&kept).expect("JSON").contains(&member.to_string()));
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_on_its_way_is_held_back_from_the_budget(_: PgPoolOptions, database: PgConnectOptions) {
    let small = |settings: Llm| Llm {
        limits: server::config::Limits { day: spectrum_llm::price::MicroDollars(100), ..settings.limits },
        ..settings
    };
    let mut ada = Waiting::new(database, Dialect::OpenAi, small).await;
    ada.handed_in().await;
    assert_eq!(ada.count("model_batch_item").await, 1, "there is room for one until it is known what it cost");
    assert!(ada.count("rephrasing WHERE batch_id IS NULL").await > 0, "the others wait");
    ada.collected().await;
    assert!(ada.booked().await >= 100, "the budget is spent");
    ada.after(TimeDelta::hours(1)).await;
    assert_eq!((ada.count("model_call").await, ada.count("rephrasing").await), (1, 0), "the others are a template's");
    let member = ada.app.member("ada").await.member_id;
    let editions = ada.app.services.list_editions(member, Grain::Week, None, 50).await.expect("editions");
    assert!(editions.len() > 15 && editions.iter().all(|edition| !edition.cards.is_empty()), "a full feed");
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_batch_that_does_not_end_is_given_up(_: PgPoolOptions, database: PgConnectOptions) {
    let mut ada = Waiting::new(database, Dialect::Anthropic, |settings| settings).await;
    ada.handed_in().await;
    let age = ada.app.services.load_vitals().await.expect("vitals").oldest_batch_seconds;
    assert!(age.is_some_and(|age| age.abs() < 1.0), "{age:?}");
    ada.after(TimeDelta::hours(26)).await;
    assert_eq!((ada.count("rephrasing").await, ada.count("model_batch_item").await), (0, 0), "nothing is held back");
    assert_eq!((by_model(&mut ada.owner).await.0, ada.count("model_call").await), (0, 0));
    assert_eq!(ada.app.services.load_vitals().await.expect("vitals").oldest_batch_seconds, None);
    ada.app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_provider_that_takes_no_batch_is_asked_again_and_a_dead_job_loses_nothing(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut ada = Waiting::new(database, Dialect::OpenAi, |settings| settings).await;
    let waited = ada.count("rephrasing").await;
    let unknown = "model_batch WHERE provider_id IS NULL";
    // Its own second try fails as well; the job comes again.
    ada.fake.trouble(Trouble::Status(503));
    ada.fake.trouble(Trouble::Status(503));
    ada.after(TimeDelta::hours(1)).await;
    assert_eq!((ada.count(unknown).await, ada.count("model_batch_item").await > 0), (1, true));
    ada.app.clock.advance(TimeDelta::minutes(5));
    let [_, held] = ada.held_twice("submit_rephrasings").await;
    ada.app.services.bury_job(&held, Death::Attempts, "a test").await.expect("buried");
    // The daily round finds that something waits and nobody has ordered a batch; the dead job's batch is given up.
    ada.app.clock.advance(TimeDelta::hours(15));
    ada.app.services.plan_due().await.expect("planned");
    ada.app.run_due_jobs().await;
    ada.after(TimeDelta::hours(1)).await;
    assert_eq!((ada.count(unknown).await, ada.count("model_batch").await), (0, 1));
    assert_eq!(ada.count("rephrasing WHERE batch_id IS NOT NULL").await, ada.count("model_batch_item").await);
    assert!(ada.count("model_batch_item").await > 0 && ada.count("rephrasing").await <= waited);
    ada.collected().await;
    assert!(by_model(&mut ada.owner).await.0 > 0);
    ada.booked().await;
}
