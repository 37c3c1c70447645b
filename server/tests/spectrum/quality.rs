//! What the team is told of what members are told: by who wrote it, what members said and overruled, what the guard refused and what
//! it cost; sums that are those of the rows that are there, and nothing of fewer than ten people.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};
use spectrum_domain::{access::StaffRole, affect::Quadrant, correction::Correction};
use spectrum_llm::{
    fake::{Fake, Lie},
    provider::Dialect,
};
use sqlx::{
    AssertSqlSafe, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    model::{number, settings, with_mondays},
    support::{TestApp, rows},
};

async fn run(owner: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(owner).await.expect(statement);
}

async fn analyst(app: &TestApp) -> String {
    app.sign_in_team("ann@host.test", &[StaffRole::Analyst]).await
}

async fn told_to(app: &TestApp, name: &str, agrees: bool, locale: &str) {
    let said = json!({
        "locale": locale, "consent": { "analysis": true, "model": false, "analytics": agrees }
    });
    let answer = app.api(Method::PUT, &format!("/members/{name}"), Some(&said)).await;
    assert!(answer.status.is_success(), "{}", answer.body);
}

/// Sixty people who were told of weeks and months by a template and by a prompt, in two languages, half of whom said something of a
/// card and some of whom overruled a session; every twelfth does not agree to be counted.
async fn told_people(app: &TestApp, owner: &mut PgConnection) {
    for at in 0..60 {
        told_to(app, &format!("m-{at:02}"), at % 12 != 11, if at % 5 == 4 { "de-AT" } else { "en-GB" }).await;
    }
    // Another language has what was told said anew: there is nothing yet.
    app.run_due_jobs().await;
    run(
        owner,
        "CREATE TEMPORARY TABLE told_people AS
         SELECT member_id, (row_number() OVER (ORDER BY external_ref) - 1)::int AS at FROM member WHERE external_ref LIKE 'm-%'",
    )
    .await;
    for statement in [
        // Two weeks of November, the second of them told by a prompt to most; who overruled is written anew by a template.
        "INSERT INTO edition (member_id, grain, period, published_at, flagged, told, inputs_hash, told_by, corrected_of)
         SELECT member_id, 'week', '2026-11-02'::date + 7 * n, '2026-11-09T05:00:00Z'::timestamptz + n * interval '7 days', 0, '[]', '',
                CASE WHEN n = 1 AND at < 45 AND at % 3 <> 0 THEN 'weekly@2' ELSE 'cards@1' END,
                CASE WHEN at % 3 = 0 AND n = 1 AND at < 45 THEN 'weekly@2' WHEN at = 50 THEN 'cards@1' END
         FROM told_people, generate_series(0, 1) AS n",
        "INSERT INTO edition (member_id, grain, period, published_at, flagged, told, inputs_hash)
         SELECT member_id, 'month', '2026-10-01', '2026-11-01T05:00:00Z', 0, '[]', '' FROM told_people",
        // Told in October, and so long ago that it is not made anew.
        "INSERT INTO edition (member_id, grain, period, published_at, flagged, told, inputs_hash)
         SELECT member_id, 'month', '2026-09-01', '2026-10-01T05:00:00Z', 0, '[]', '' FROM told_people WHERE at < 20",
        "INSERT INTO edition (member_id, grain, period, published_at, flagged, told, inputs_hash)
         SELECT member_id, 'month', '2026-06-01', '2026-07-01T05:00:00Z', 0, '[]', '' FROM told_people",
        // Everybody thinks better of cards the second time; nobody but some of the first says they are wrong.
        "INSERT INTO feedback (member_id, card_id, verdict, kind, generator, given_at)
         SELECT member_id, gen_random_uuid(), CASE WHEN n = 0 THEN 'wrong' WHEN at % 3 = 0 THEN 'not_quite' ELSE 'useful' END, 'level',
                CASE WHEN at % 2 = 0 THEN 'weekly@2#0123456789abcdef' ELSE 'cards@1' END,
                '2026-11-17T08:00:00Z'::timestamptz + n * interval '1 day'
         FROM told_people, generate_series(0, 1) AS n WHERE n = 1 OR at % 4 = 0",
    ] {
        run(owner, statement).await;
    }
}

fn text(row: &Value, column: &str) -> String {
    row[column].as_str().unwrap_or_default().to_owned()
}

/// What should be in `told_sum`, counted here: month, grain, generator, language; editions, people, and overruled.
async fn told_by_hand(owner: &mut PgConnection, months: &[&str]) -> BTreeMap<[String; 4], [usize; 4]> {
    let editions = rows(
        owner,
        "SELECT e.member_id, e.grain, to_char(e.published_at AT TIME ZONE 'UTC', 'YYYY-MM-01') AS month, e.told_by, e.corrected_of,
                m.locale FROM edition e JOIN member m USING (member_id)
         WHERE m.state = 'active' AND CASE WHEN m.use_counted IS NULL THEN m.consent_analytics ELSE m.use_counted END",
    )
    .await;
    let mut sums: BTreeMap<[String; 4], (usize, BTreeSet<String>, usize, BTreeSet<String>)> = BTreeMap::new();
    for row in editions.iter().filter(|row| months.contains(&row["month"].as_str().unwrap_or_default())) {
        let by = if row["corrected_of"].is_null() { text(row, "told_by") } else { text(row, "corrected_of") };
        let language = if text(row, "locale").starts_with("de") { "de" } else { "en" };
        let sum = sums.entry([text(row, "month"), text(row, "grain"), by, language.to_owned()]).or_default();
        sum.0 += 1;
        sum.1.insert(text(row, "member_id"));
        if !row["corrected_of"].is_null() {
            sum.2 += 1;
            sum.3.insert(text(row, "member_id"));
        }
    }
    sums.into_iter().map(|(key, sum)| (key, [sum.0, sum.1.len(), sum.2, sum.3.len()])).collect()
}

async fn told_summed(owner: &mut PgConnection) -> BTreeMap<[String; 4], [usize; 4]> {
    let sums = rows(owner, "SELECT * FROM told_sum").await;
    let of = |row: &Value, column: &str| usize::try_from(row[column].as_u64().expect("a count")).expect("a count");
    sums.iter()
        .map(|row| {
            let key = ["month", "grain", "generator", "language"].map(|column| text(row, column));
            let counts = ["editions", "people", "corrected_editions", "corrected_people"];
            (key, counts.map(|column| of(row, column)))
        })
        .collect()
}

/// The same of `verdict_sum`: each person's last word of each generator.
async fn verdicts_by_hand(owner: &mut PgConnection) -> BTreeMap<[String; 3], usize> {
    let said = rows(
        owner,
        "SELECT f.member_id, f.generator, f.verdict, f.given_at, m.locale FROM feedback f JOIN member m USING (member_id)
         WHERE m.state = 'active' AND CASE WHEN m.use_counted IS NULL THEN m.consent_analytics ELSE m.use_counted END",
    )
    .await;
    let mut last: BTreeMap<(String, String), (String, String, String)> = BTreeMap::new();
    for row in &said {
        let generator = text(row, "generator").split('#').next().unwrap_or_default().to_owned();
        let language = if text(row, "locale").starts_with("de") { "de" } else { "en" };
        let new = (text(row, "given_at"), text(row, "verdict"), language.to_owned());
        let known = last.entry((text(row, "member_id"), generator)).or_insert_with(|| new.clone());
        *known = new.max(known.clone());
    }
    let mut sums = BTreeMap::new();
    for ((_, generator), (_, verdict, language)) in last {
        *sums.entry([generator, language, verdict]).or_default() += 1;
    }
    sums
}

async fn verdicts_summed(owner: &mut PgConnection) -> BTreeMap<[String; 3], usize> {
    let sums = rows(owner, "SELECT generator, language, verdict, people FROM verdict_sum").await;
    let key = |row: &Value| ["generator", "language", "verdict"].map(|column| text(row, column));
    sums.iter().map(|row| (key(row), usize::try_from(row["people"].as_u64().expect("n")).expect("n"))).collect()
}

const OPEN: [&str; 3] = ["2026-09-01", "2026-10-01", "2026-11-01"];

#[sqlx::test(migrations = "../migrations")]
async fn quality_is_summed_every_night_of_who_agrees_then(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    told_people(&app, &mut owner).await;
    app.nights(1).await;
    let told = told_summed(&mut owner).await;
    assert_eq!(told, told_by_hand(&mut owner, &OPEN).await);
    assert!(told.len() == 8 && told.values().any(|counts| counts[3] > 0), "{told:?}");
    let said = verdicts_summed(&mut owner).await;
    assert_eq!(said, verdicts_by_hand(&mut owner).await);
    assert!(!said.keys().any(|key| key[2] == "wrong"), "what was said last counts: {said:?}");

    // One withdraws on their page, one whose host says so: in the morning they are in no sum.
    let cookie = app.sign_in("m-03").await;
    app.post_form("/fn/count_use", "counted=no", &cookie).await;
    told_to(&app, "m-05", false, "en-GB").await;
    app.nights(1).await;
    let after = told_summed(&mut owner).await;
    assert_eq!(after, told_by_hand(&mut owner, &OPEN).await);
    let key = ["2026-11-01", "month", "cards@1", "en"].map(str::to_owned);
    assert_eq!(told[&key][1] - after[&key][1], 2);
    assert_eq!(verdicts_summed(&mut owner).await, verdicts_by_hand(&mut owner).await);

    // What can't change any more is left as it is.
    run(&mut owner, "INSERT INTO told_sum VALUES ('2026-06-01', 'week', 'cards@0', 'en', 12, 12, 0, 0)").await;
    app.nights(1).await;
    assert_eq!(number(&mut owner, "SELECT count(*) FROM told_sum WHERE month = '2026-06-01'").await, 1);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_page_of_quality_says_what_is_known_and_hides_what_is_of_few(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let page = async |path: &str| app.page(path, &analyst(&app).await).await.body;
    let empty = page("/staff/quality").await;
    assert!(empty.contains("Too few people have said what they think of cards"), "{empty}");
    assert!(empty.contains("No model was asked in this month.") && empty.contains("No revision had been reviewed"));

    told_people(&app, &mut owner).await;
    app.nights(1).await;
    // Of 60, every twelfth from the eleventh on is not counted, all of them odd; every fifth from the fourth on is told in German. So
    // 24 even ones are told in English, 8 of whom say not quite; of 19 odd ones who are counted 7.
    let feedback = page("/staff/quality/feedback.csv").await;
    let said = verdicts_by_hand(&mut owner).await;
    let of = |generator: &str, language: &str, verdict: &str| {
        said.get(&[generator, language, verdict].map(str::to_owned)).copied().unwrap_or_default()
    };
    assert_eq!((of("weekly@2", "en", "useful"), of("weekly@2", "en", "not_quite")), (16, 8));
    // Eight are few, and would be had from the sixteen.
    assert!(feedback.contains("weekly@2,English,24,–,–,–,\"Fewer than 10 people: not shown"), "{feedback}");
    assert!(feedback.contains("weekly@2,German,–,–,–,–,"), "six people: {feedback}");

    // Thirty more who find cards useful or not quite: now it is said, with Wilson's interval.
    for at in 0..30 {
        told_to(&app, &format!("more-{at:02}"), true, "en").await;
    }
    run(
        &mut owner,
        "INSERT INTO feedback (member_id, card_id, verdict, kind, generator, given_at)
         SELECT member_id, gen_random_uuid(), CASE WHEN row_number() OVER (ORDER BY external_ref) <= 18 THEN 'useful' ELSE 'not_quite' END,
                'level', 'weekly@2#0123456789abcdef', '2026-11-20T08:00:00Z'
         FROM member WHERE external_ref LIKE 'more-%'",
    )
    .await;
    app.nights(1).await;
    let shown = page("/staff/quality").await;
    // 34 of 54: 63.0 %, by Wilson 49.6 to 74.6 %.
    let sentence = "34 of 54 people found cards useful that weekly@2 wrote in English: 63.0 % (49.6–74.6).";
    assert!(shown.contains(sentence), "{shown}");
    let csv = app.page("/staff/quality/feedback.csv?month=2026-11", &analyst(&app).await).await;
    assert!(
        csv.header("content-type").starts_with("text/csv") && csv.header("content-disposition").contains("quality")
    );
    // None said they are wrong, so that cell and the next smallest go: what is left is a share that could be had by subtraction.
    assert!(csv.body.contains("weekly@2,English,54,34,–,–,63.0 % (49.6–74.6)"), "{}", csv.body);

    // Of the weeks that the prompt told in English 12 people overruled a session; of those the template told, one.
    let corrections = page("/staff/quality/corrections.csv").await;
    let told = told_by_hand(&mut owner, &OPEN).await;
    let weeks = |generator: &str| told[&["2026-11-01", "week", generator, "en"].map(str::to_owned)];
    let [editions, people, _, overruled] = weeks("weekly@2");
    assert!(people >= 30 && overruled >= 10, "{people} {overruled}");
    let row = format!("weekly@2,English,Weeks,{people},{editions},{overruled},");
    assert!(corrections.contains(&row) && weeks("cards@1")[3] == 1, "{row} in {corrections}");
    let template = corrections.lines().find(|line| line.starts_with("cards@1,English,Weeks")).expect("a row");
    assert!(template.contains("–,\"Fewer than 10 people") || template.ends_with(",–"), "{template}");

    let before = page("/staff/quality?month=2026-10").await;
    assert!(before.contains("October 2026") && before.contains("The month after"), "{before}");
    for path in ["/staff/quality?month=soon", "/staff/quality?month=2030-01", "/staff/quality/people.csv"] {
        assert_eq!(app.page(path, &analyst(&app).await).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn quality_and_cost_are_for_analysts_alone(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    told_to(&app, "ada", true, "en").await;
    let (ann, operator, ada) = (analyst(&app).await, app.sign_in_staff().await, app.sign_in("ada").await);
    let reviewer = app.sign_in_team("rea@host.test", &[StaffRole::Reviewer]).await;
    for path in [
        "/staff/quality",
        "/staff/quality/feedback.csv",
        "/staff/quality/guard.csv?month=2026-11",
        "/staff/cost",
        "/staff/cost/features.csv",
        "/staff/cost/calls.csv?month=2026-11",
    ] {
        assert_eq!(app.page(path, &ann).await.status, StatusCode::OK, "{path}");
        for other in [&operator, &reviewer] {
            assert_eq!(app.page(path, other).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let member = app.page(path, &ada).await.status;
        assert!([StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED].contains(&member), "{path}: {member}");
        assert_eq!(app.page(path, "").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    for path in ["/staff/cost?month=soon", "/staff/cost/secrets.csv", "/staff/cost/calls.svg"] {
        assert_eq!(app.page(path, &ann).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    app.finish().await;
}

/// Sums of calls, as they should be: recounted from the ledger.
const RECOUNTED: &str =
    "SELECT day, task, model, prompt, count(*) AS calls, count(*) FILTER (WHERE batched) AS batched,
        count(*) FILTER (WHERE outcome = 'taken') AS taken, count(*) FILTER (WHERE outcome = 'refused') AS refused,
        count(*) FILTER (WHERE outcome = 'failed') AS failed, sum(input_tokens)::bigint AS input_tokens,
        sum(cached_tokens)::bigint AS cached_tokens, sum(output_tokens)::bigint AS output_tokens,
        sum(micro_dollars)::bigint AS micro_dollars
    FROM model_call GROUP BY day, task, model, prompt ORDER BY day, task, model, prompt";

#[sqlx::test(migrations = "../migrations")]
async fn quality_is_told_of_who_had_told_it_and_sums_are_those_of_the_ledger(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let fake = Fake::start().await.expect("the fake");
    app.rephrase_with(settings(&fake, Dialect::Anthropic, 1_000_000_000));
    app.use_prompts().await;
    with_mondays(&app, "ada", true).await;
    with_mondays(&app, "bob", false).await;
    app.run_due_jobs().await;
    let ada = app.member("ada").await.member_id;
    // Who was to write is known of every edition that a model was thought of for; Bob was not asked for.
    let routed = "SELECT sum(texts) FROM model_route_sum WHERE tier <> 'template'";
    let asked = "SELECT count(DISTINCT task_key) FROM model_call";
    assert_eq!(number(&mut owner, routed).await, number(&mut owner, asked).await);
    let worded = "SELECT count(DISTINCT (member_id, grain, period)) FROM card
                  WHERE grain = 'week' AND receipt #>> '{generator,by}' = 'model'";
    let weeks = "SELECT count(*) FROM edition WHERE grain = 'week' AND told_by = 'weekly@1'";
    assert_eq!(number(&mut owner, worded).await, number(&mut owner, weeks).await);
    let months = "SELECT count(*) FROM edition WHERE grain = 'month' AND told_by = 'monthly@1'";
    let narrated = "SELECT count(*) FROM edition WHERE narrator ->> 'by' = 'model'";
    assert_eq!(number(&mut owner, months).await, number(&mut owner, narrated).await);

    // The member overrules a session of a week that a model told: it is written anew by a template, and that is not who had told it.
    let of_a_model = format!(
        "SELECT s.session_id FROM session s JOIN edition e USING (member_id)
         WHERE member_id = '{ada}' AND e.grain = 'week' AND e.told_by = 'weekly@1' AND s.local_date >= e.period
           AND s.local_date < e.period + 7 AND s.state = 'analysed' AND NOT s.excluded
         ORDER BY s.started_at LIMIT 2"
    );
    let sessions: Vec<_> = rows(&mut owner, &of_a_model).await;
    let session = |at: usize| sessions[at]["session_id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let correction = Correction::of(Some(Quadrant::LowPleasant), None).expect("a correction");
    app.services.correct_session(ada, session(0), correction).await.expect("overruled");
    let overruled = "SELECT grain, corrected_of, told_by FROM edition WHERE corrected_of IS NOT NULL";
    let noted = rows(&mut owner, overruled).await;
    let week = json!({ "grain": "week", "corrected_of": "weekly@1", "told_by": "cards@1" });
    assert!(noted.contains(&week), "{noted:?}");
    assert!(noted.len() <= 2, "its week and its month, and no other: {noted:?}");
    // What is asked anew is refused.
    fake.lie(Some((Lie::Diagnosis, 0)));
    app.run_due_jobs().await;
    fake.lie(None);
    app.services.correct_session(ada, session(1), correction).await.expect("overruled");
    app.services.take_correction_back(ada, session(0)).await.expect("taken back");
    assert!(rows(&mut owner, overruled).await.contains(&week), "the other still stands");
    app.services.take_correction_back(ada, session(1)).await.expect("taken back");
    assert_eq!(rows(&mut owner, overruled).await, Vec::<Value>::new());
    app.run_due_jobs().await;

    let columns = "day, task, model, prompt, calls, batched, taken, refused, failed, input_tokens, cached_tokens, output_tokens, \
                   micro_dollars";
    let summed = format!("SELECT {columns} FROM model_call_sum ORDER BY day, task, model, prompt");
    assert_eq!(rows(&mut owner, &summed).await, rows(&mut owner, RECOUNTED).await);
    assert_eq!(number(&mut owner, "SELECT count(*) FROM model_call_sum WHERE for_whom <> 'paid'").await, 0);
    let refused = "SELECT prompt, reason, count(*) AS answers FROM model_call, unnest(reasons) AS reason
                   GROUP BY prompt, reason ORDER BY prompt, reason";
    let refusals =
        rows(&mut owner, "SELECT prompt, reason, answers FROM model_refusal_sum ORDER BY prompt, reason").await;
    assert_eq!(refusals, rows(&mut owner, refused).await);
    assert!(refusals.iter().any(|row| row["reason"] == "diagnosis"), "{refusals:?}");
    // Of two people the team is told what models cost, and nothing else.
    app.nights(1).await;
    let ann = analyst(&app).await;
    let guard = app.page("/staff/quality/guard.csv", &ann).await.body;
    assert!(guard.contains("weekly@1,Members,–,–,") && !guard.contains("diagnosis"), "{guard}");
    run(&mut owner, "UPDATE member_month_sum SET asked_about = 10").await;
    let guard = app.page("/staff/quality/guard.csv", &ann).await.body;
    let calls = number(&mut owner, "SELECT sum(calls) FROM model_call_sum WHERE prompt LIKE 'weekly@1#%'").await;
    assert!(calls >= 10 && guard.contains(&format!("weekly@1,Members,{calls},")), "{calls} in {guard}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_cost_page_says_where_the_month_is_heading_and_what_was_not_asked(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let ann = analyst(&app).await;
    for statement in [
        // Nineteen dollars before today and one today.
        "INSERT INTO model_spend VALUES ('all', 'month', '2026-11-01', 20000000), ('all', 'day', '2026-11-20', 1000000),
                                        ('week', 'month', '2026-11-01', 14000000), ('month', 'month', '2026-11-01', 6000000)",
        "INSERT INTO model_call_sum (day, task, for_whom, model, prompt, calls, batched, taken, refused, failed, input_tokens,
                                     cached_tokens, output_tokens, micro_dollars)
         VALUES ('2026-11-03', 'week', 'free', 'small', 'weekly@1#aa', 600, 0, 580, 20, 0, 6000, 0, 600, 6000000),
                ('2026-11-04', 'week', 'paid', 'small', 'weekly@1#aa', 300, 300, 300, 0, 0, 3000, 0, 300, 3000000),
                ('2026-11-05', 'week', 'paid', 'checker', 'safety@1#bb', 300, 0, 300, 0, 0, 3000, 0, 30, 1000000),
                ('2026-11-05', 'month', 'paid', 'small', 'monthly@1#cc', 100, 0, 100, 0, 0, 900, 0, 90, 1000000),
                ('2026-11-05', 'month', 'paid', 'large', 'monthly@1#cc', 100, 0, 90, 10, 0, 900, 0, 90, 5000000),
                ('2026-11-20', 'week', 'review', 'small', 'weekly@2#dd', 40, 0, 38, 2, 0, 400, 0, 40, 4000000),
                ('2026-10-31', 'week', 'free', 'small', 'weekly@1#aa', 7, 0, 7, 0, 0, 7, 0, 7, 7)",
        "INSERT INTO model_refusal_sum VALUES ('2026-11-03', 'free', 'weekly@1#aa', 'number', 15),
             ('2026-11-03', 'free', 'weekly@1#aa', 'diagnosis', 5), ('2026-11-20', 'review', 'weekly@2#dd', 'length', 2)",
        "INSERT INTO model_route_sum VALUES ('2026-11-03', 'week', 'template', 'nothing_significant', 250),
             ('2026-11-04', 'week', 'template', 'nothing_significant', 40), ('2026-11-04', 'week', 'template', 'budget_spent', 10),
             ('2026-11-04', 'week', 'template', 'no_consent', 5000), ('2026-11-04', 'week', 'small', 'usual', 900),
             ('2026-11-05', 'month', 'small', 'usual', 80), ('2026-11-05', 'month', 'small', 'budget_short', 20),
             ('2026-11-05', 'month', 'large', 'usual', 100), ('2026-11-05', 'month', 'template', 'nothing_significant', 9)",
        "INSERT INTO member_month_sum VALUES ('2026-11-01', 'free', 1500, 400), ('2026-11-01', 'paid', 500, 200)",
        "INSERT INTO budget VALUES ('analyzer', '2026-11-01', 40, 900)",
    ] {
        run(&mut owner, statement).await;
    }
    let page = app.page("/staff/cost", &ann).await.body;
    for said in [
        "$20.000000 were spent, $1.000000 of it on 2026-11-20.",
        // 20 dollars over 2,000 people.
        "For each of 2000 active members: $0.0100, within the aim of $0.015 (at most $0.03).",
        "For each of the 600 members whose texts a model was asked for: $0.0333.",
        // 19 dollars in 19 days are 30 in 30.
        "If it goes on as in its first 19 days, those without a cost among them, the month will have cost about $30.00.",
        // 10 dollars for 900 questions, with their checks: 11,111 millionths each; 300 were not asked.
        "300 texts of weeks were left to templates",
        "that would have been about $3.33 more, at the mean of $0.0111 a call, its check included.",
        "Fewer than 10 texts of months were left to templates",
        // 0.05 less 0.01 dollars, a hundred times.
        "100 texts of months were left to the small model. Had all gone to the large one, that would have been about $4.00 more.",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(!page.contains("far off"), "nineteen days are enough");
    let csv = async |table: &str| app.page(&format!("/staff/cost/{table}.csv?month=2026-11"), &ann).await.body;
    let features = csv("features").await;
    for row in [
        "Cards of weeks,900,9.000000,45.0 %",
        "Texts of months,200,6.000000,30.0 %",
        "Checks of what was written,300,1.000000,5.0 %",
        "Drafts for review,40,4.000000,20.0 %",
    ] {
        assert!(features.contains(row), "{row} in {features}");
    }
    let models = csv("models").await;
    assert!(models.contains("small,1040,300,10300,0,1030,14.000000,70.0 %"), "{models}");
    let plans = csv("plans").await;
    assert!(
        plans.contains("Free,1500,400,6.000000,0.004000") && plans.contains("Paid,500,200,10.000000,0.020000"),
        "{plans}"
    );
    let calls = csv("calls").await;
    assert!(calls.contains("week,small,weekly@1#aa,900,300,20,0,9000,0,900,9.000000"), "{calls}");
    let reasons = csv("reasons").await;
    assert!(reasons.contains("number,15") && reasons.contains("length,2"), "{reasons}");
    let routes = csv("routes").await;
    assert!(routes.contains("Week,a template,nothing that a model could say better,290"), "{routes}");
    assert!(routes.contains("Month,a template,nothing that a model could say better,–"), "{routes}");
    // Of a day 5 dollars may be spent, of a month 25, of a kind of text 15; of 100 calls outside 40 were made.
    let budgets = csv("budgets").await;
    for row in [
        "\"All texts, today\",1.000000,5.000000,20.0 %,within",
        "\"All texts, this month\",20.000000,25.000000,80.0 %,past 75 %",
        "\"Texts of weeks, this month\",14.000000,15.000000,93.3 %,past 90 %: the small model writes",
        "\"Reading outside, calls this month\",40,100,40.0 %,within",
        "\"Reading outside, tokens this month\",900,900,100.0 %,spent: the model of this house reads",
    ] {
        assert!(budgets.contains(row), "{row} in {budgets}");
    }

    // Of few people nothing of a plan: nine could be had from what all have cost.
    run(&mut owner, "UPDATE member_month_sum SET asked_about = 9 WHERE plan = 'paid'").await;
    let plans = csv("plans").await;
    assert!(plans.contains("Free,1500,–,–,–") && plans.contains("Paid,500,–,–,–"), "{plans}");
    // A month that is over is heading nowhere, and has no budget.
    let over = app.page("/staff/cost?month=2026-10", &ann).await.body;
    assert!(
        !over.contains("If it goes on") && !over.contains("All texts, today") && over.contains("The month after"),
        "{over}"
    );
    // On its second day it is said that one is not enough.
    app.clock.advance(TimeDelta::days(12));
    run(&mut owner, "INSERT INTO model_spend VALUES ('all', 'month', '2026-12-01', 500000)").await;
    let early = app.page("/staff/cost", &analyst(&app).await).await.body;
    let caution = "If it goes on as in its first day, those without a cost among them, the month will have cost about $15.50. With \
                   fewer than 7 days over this may be far off.";
    assert!(early.contains(caution), "{early}");
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_cost_page_counts_members_at_night(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for at in 0..12 {
        told_to(&app, &format!("m-{at:02}"), at % 2 == 0, "en").await;
    }
    run(
        &mut owner,
        "INSERT INTO member_spend SELECT member_id, '2026-11-01', 5 FROM member WHERE external_ref < 'm-05'",
    )
    .await;
    let counted = "SELECT plan, active, asked_about FROM member_month_sum WHERE month = '2026-11-01'";
    assert_eq!(rows(&mut owner, counted).await, Vec::<Value>::new());
    for sent in (crate::support::Diary { member: "m-01", zone: "UTC", days: 3 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    app.nights(1).await;
    // Everybody, whether or not their use is counted.
    let plan = rows(&mut owner, "SELECT DISTINCT plan FROM member").await;
    assert_eq!(rows(&mut owner, counted).await, [json!({ "plan": plan[0]["plan"], "active": 1, "asked_about": 5 })]);
    app.finish().await;
}
