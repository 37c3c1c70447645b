//! The operators' pages: who sees them, what they show of the machine, and what their forms do to it, agreed to and recorded.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use spectrum_core::{
    Services, Whom,
    db::{pool::Pools, seal::MasterKey},
    ingest::accept_events::IngestPolicy,
    queue::{
        claim::ClaimedJob,
        enqueue::{enqueue, job_key},
        finish::Death,
        liveness::WorkerCard,
        stat::Stat,
    },
};
use spectrum_domain::{
    access::StaffRole,
    audit::Verb,
    erasure::AskedBy,
    id::MemberId,
    job::{Job, Queue},
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::{
    isolation::FEW,
    support::{Answer, Diary, TestApp, deeds::deed, everything, member_id, pushes::with_fake},
};

/// Every page of theirs that needs nothing to be there.
const PAGES: [(&str, &str); 7] = [
    ("/staff", "Pipeline"),
    ("/staff/jobs", "Jobs"),
    ("/staff/schedule", "Schedule"),
    ("/staff/workers", "Workers"),
    ("/staff/push", "Pushes"),
    ("/staff/database", "Database"),
    ("/staff/erasures", "Erasures"),
];

impl TestApp {
    /// A page that must be there.
    async fn shown(&self, path: &str, cookie: &str) -> String {
        let page = self.page(path, cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        page.body
    }

    /// Posts a form and follows it to the page that it leads to: its address, and what that page says was done.
    async fn posted(&self, path: &str, form: &str, cookie: &str) -> (String, String) {
        let answer = self.post_form(path, form, cookie).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
        let to = answer.header("location").to_owned();
        let said = carried(&answer);
        let page = self.shown(&to, &format!("{cookie}; {said}")).await;
        let line = page.split_once("class=\"said\">").map_or("", |(_, rest)| rest);
        (to, line.split('<').next().unwrap_or_default().to_owned())
    }
}

/// The cookie in which an answer says what was done.
fn carried(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let said = set.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.contains("-said="));
    said.unwrap_or_default().to_owned()
}

/// A dead job, and its number.
async fn dead(owner: &mut PgConnection, kind: &str, key: Uuid, died_at: DateTime<Utc>, error: &str) -> i64 {
    let queue = Job::queue_of(kind).expect("a kind").name();
    sqlx::query_scalar(
        "INSERT INTO job_dead (id, queue, kind, attempt, crashes, member_id, key, payload, errors, created_at, died_at, reason)
         VALUES (nextval('job_id_seq'), $1, $2, 10, 0, NULL, $3, $4, $5, $6, $7, 'attempts') RETURNING id",
    )
    .bind(queue)
    .bind(kind)
    .bind(key)
    .bind(json!({ "kind": kind, "hidden": "a payload" }))
    .bind(json!([{ "attempt": 10, "at": died_at, "error": error }]))
    .bind(died_at - TimeDelta::hours(1))
    .bind(died_at)
    .fetch_one(owner)
    .await
    .expect("a dead job")
}

/// So many dead jobs of a kind, a second apart, the oldest first.
async fn many_dead(app: &TestApp, owner: &mut PgConnection, kind: &str, n: i64) -> Vec<i64> {
    let mut ids = Vec::new();
    for place in 0..n {
        let at = app.services.ambient().now() - TimeDelta::hours(1) + TimeDelta::seconds(place);
        ids.push(dead(owner, kind, job_key(kind, &[&place.to_le_bytes()]), at, "the model was away").await);
    }
    ids
}

async fn count(owner: &mut PgConnection, table: &'static str) -> i64 {
    let query = match table {
        "job" => "SELECT count(*) FROM job",
        "job_dead" => "SELECT count(*) FROM job_dead",
        _ => "SELECT count(*) FROM audit",
    };
    sqlx::query_scalar(query).fetch_one(owner).await.expect("a count")
}

/// Who did what to how many, in order.
async fn deeds_of(owner: &mut PgConnection) -> Vec<(i16, Option<Uuid>, i16, i64)> {
    sqlx::query_as("SELECT actor, actor_id, verb, count FROM audit ORDER BY at, verb")
        .fetch_all(owner)
        .await
        .expect("deeds")
}

async fn staff_id(owner: &mut PgConnection, email: &str) -> Uuid {
    sqlx::query_scalar("SELECT staff_id FROM staff WHERE email = $1")
        .bind(email)
        .fetch_one(owner)
        .await
        .expect("somebody")
}

/// A person of each role but the operator's, a member, and nobody.
async fn others(app: &TestApp) -> Vec<(String, StatusCode)> {
    vec![
        (app.sign_in_team("analyst@host.test", &[StaffRole::Analyst]).await, StatusCode::FORBIDDEN),
        (app.sign_in_team("reviewer@host.test", &[StaffRole::Reviewer]).await, StatusCode::FORBIDDEN),
        (app.sign_in_paid("ada").await, StatusCode::FORBIDDEN),
        (String::new(), StatusCode::UNAUTHORIZED),
    ]
}

#[sqlx::test(migrations = "../migrations")]
async fn every_page_and_form_is_the_operators_alone(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let ids = many_dead(&app, &mut owner, "purge_expired", 2).await;
    let operator = app.sign_in_staff().await;
    let others = others(&app).await;
    let job = format!("/staff/jobs/{}", ids[0]);
    let sure = format!("/staff/jobs/sure?deed=retry&job={}", ids[0]);
    let paths = PAGES.map(|(path, _)| path.to_owned()).into_iter();
    for path in paths.chain([job, sure, "/staff?pause=push".to_owned(), "/staff/push?pause=apns".to_owned()]) {
        assert!(app.shown(&path, &operator).await.contains("aria-label=\"The machine\""), "{path}");
        for (cookie, status) in &others {
            let page = app.page(&path, cookie).await;
            // Where everybody of the team comes in, colleagues in other roles are led to what is theirs.
            let led = page.status == StatusCode::SEE_OTHER
                && ["/staff/engagement", "/staff/review"].contains(&page.header("location"));
            assert!(page.status == *status || (led && path.split('?').next() == Some("/staff")), "{path}");
            assert!(!page.body.contains("The machine") && !page.body.contains("purge_expired"), "{path}");
        }
    }
    for path in ["/staff/jobs/odd", "/staff/jobs/999", "/staff/jobs?state=odd", "/staff/schedule?task=odd"] {
        assert_eq!(app.page(path, &operator).await.status, StatusCode::NOT_FOUND, "{path}");
    }

    let before = everything(&mut owner).await;
    let one = format!("deed=retry&jobs={}&agreed=1", ids[0]);
    let forms = [
        ("/fn/act_on_jobs", one.as_str()),
        ("/fn/act_on_jobs", "deed=retry&all=yes&agreed=99"),
        ("/fn/switch_queue", "queue=push&paused=yes"),
        ("/fn/switch_channel", "channel=apns&paused=yes&because=maintenance"),
    ];
    for (cookie, _) in &others {
        for (path, form) in forms {
            let answer = app.post_form(path, form, cookie).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: the page it leads to says why");
            assert!(answer.header("location").starts_with("/staff") && carried(&answer).is_empty());
        }
    }
    // What no form of ours sends is refused, and what only asks changes nothing.
    for (path, form) in [
        ("/fn/act_on_jobs", "deed=burn&jobs=1&agreed=1"),
        ("/fn/act_on_jobs", "deed=retry&jobs=1%3BDROP&agreed=1"),
        ("/fn/switch_queue", "queue=odd&paused=yes"),
        ("/fn/switch_queue", "queue=push&paused=perhaps"),
        ("/fn/switch_channel", "channel=apns&paused=yes&because=%3Cscript%3E"),
        ("/fn/switch_channel", "channel=pigeon&paused=no"),
    ] {
        let answer = app.post_form(path, form, &operator).await;
        assert!(!answer.body.contains("script>") && !answer.header("location").contains("script"), "{path} {form}");
    }
    for path in
        ["/staff/jobs/sure?deed=retry&all=yes", "/staff?pause=push", "/staff?resume=push", "/staff/push?pause=fcm"]
    {
        app.shown(path, &operator).await;
    }
    assert_eq!(everything(&mut owner).await, before);
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn one_bar_leads_to_all_and_a_page_keeps_itself_fresh_only_where_asked(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let operator = app.sign_in_staff().await;
    let refresh = "http-equiv=\"refresh\"";
    for (path, name) in PAGES {
        let page = app.shown(path, &operator).await;
        for (other, _) in PAGES {
            assert!(page.contains(&format!("<a href=\"{other}\"")), "{path} leads to {other}");
        }
        assert_eq!(page.matches("aria-current=\"page\"").count(), 1, "{path}");
        assert!(page.contains(&format!("<a href=\"{path}\" aria-current=\"page\">{name}</a>")), "{path}: {page}");
        assert!(!page.contains(refresh), "{path} is still");
        assert!(page.contains(&format!("<a href=\"{path}?live=10\">Refresh every 10 seconds</a>")), "{path}");

        let live = app.shown(&format!("{path}?live=10"), &operator).await;
        assert!(live.contains("<meta http-equiv=\"refresh\" content=\"10\"") && live.contains("looks again every 10"));
        assert!(live.contains(&format!("<a href=\"{path}\">Pause</a>")), "{path}");
        assert!(!live.contains("Refresh every"), "{path}");
        // No other pace, and no address of somebody else's.
        for odd in ["live", "live=", "live=1", "live=0", "live=10;url=https://evil.test", "live=yes"] {
            assert!(!app.shown(&format!("{path}?{odd}"), &operator).await.contains(refresh), "{path}?{odd}");
        }
    }
    // What is filtered stays so, and a page that asks something never goes away by itself.
    let filtered = app.shown("/staff/jobs?state=dead&live=10", &operator).await;
    assert!(filtered.contains(refresh) && filtered.contains("<a href=\"/staff/jobs?state=dead\">Pause</a>"));
    for path in
        ["/staff/jobs/sure?deed=retry&all=yes&live=10", "/staff?pause=push&live=10", "/staff/push?pause=fcm&live=10"]
    {
        assert!(!app.shown(path, &operator).await.contains(refresh), "{path}");
    }
    // None of them has a script but the one that every page for somebody has.
    let page = app.shown("/staff/jobs", &operator).await;
    assert!(!page.contains("spectrum.js") && !page.contains("leptos-island"));
    app.finish().await;
}

/// The numbers of the jobs on a page, in order.
fn listed(page: &str) -> Vec<i64> {
    page.split("<a href=\"/staff/jobs/").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect()
}

/// Where a link of this text leads.
fn link(page: &str, text: &str) -> Option<String> {
    let (before, _) = page.split_once(&format!("\">{text}</a>"))?;
    Some(before.rsplit_once("href=\"")?.1.replace("&amp;", "&"))
}

#[sqlx::test(migrations = "../migrations")]
async fn jobs_are_found_by_state_queue_and_kind_and_leafed_through(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let operator = app.sign_in_staff().await;
    assert!(app.shown("/staff/jobs", &operator).await.contains("No jobs match."));
    let purges = many_dead(&app, &mut owner, "purge_expired", 120).await;
    let reads = many_dead(&app, &mut owner, "analyze_session", 3).await;
    let now = app.services.ambient().now();
    let waiting: Vec<_> = (0..4).map(|n| deed("export_member", n, now - TimeDelta::minutes(1))).collect();
    enqueue(&mut owner, &waiting, now).await.expect("enqueued");
    let running = app
        .services
        .claim_jobs("upkeep", Uuid::from_u128(7), 1, std::time::Duration::from_mins(5))
        .await
        .expect("a claim")[0]
        .id;

    let page = app.shown("/staff/jobs?state=dead&kind=analyze_session", &operator).await;
    assert_eq!(listed(&page), reads);
    assert!(page.contains("the model was away") && page.contains("dead: attempts") && page.contains("3 dead jobs."));
    assert!(!page.contains("a payload"), "what a handler is told is on the job's own page alone");
    assert!(page.contains("<option value=\"dead\" selected>"), "{page}");
    assert_eq!(listed(&app.shown("/staff/jobs?state=running", &operator).await), [running]);
    assert_eq!(listed(&app.shown("/staff/jobs?queue=upkeep&state=waiting", &operator).await).len(), 3);
    assert_eq!(listed(&app.shown("/staff/jobs?queue=push", &operator).await), Vec::<i64>::new());
    let everything = app.shown("/staff/jobs?kind=export_member", &operator).await;
    assert_eq!(listed(&everything).len(), 4, "those that wait and the one that runs");

    for (order, mut expected) in [("", purges.clone()), ("&order=newest", purges.iter().rev().copied().collect())] {
        let mut found = Vec::new();
        let mut next = Some(format!("/staff/jobs?state=dead&kind=purge_expired{order}"));
        let mut pages = 0;
        while let Some(address) = next {
            let page = app.shown(&address, &operator).await;
            found.extend(listed(&page));
            next = link(&page, "The next ones");
            pages += 1;
            // What dies meanwhile moves nothing.
            dead(&mut owner, "analyze_session", Uuid::from_u128(pages), now, "later").await;
        }
        assert_eq!((pages, found.len()), (3, 120));
        assert_eq!(found, std::mem::take(&mut expected));
    }
    let first = app.shown("/staff/jobs?state=dead&kind=purge_expired", &operator).await;
    assert!(first.contains("More dead jobs match than are shown: these are the first 50."));
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_selection_is_put_back_once_its_number_is_agreed_to(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let operator = app.sign_in_staff().await;
    let me = staff_id(&mut owner, "team@host.test").await;
    let ids = many_dead(&app, &mut owner, "purge_expired", 4).await;

    let none = app.shown("/staff/jobs/sure?deed=retry", &operator).await;
    assert!(none.contains("No job is chosen.") && !none.contains("<form method=\"post\" action=\"/fn/act_on_jobs\""));
    let ask = format!("/staff/jobs/sure?job={}&job={}&job={}&deed=retry", ids[0], ids[1], ids[2]);
    let page = app.shown(&ask, &operator).await;
    assert!(page.contains("Put 3 jobs back?") && page.contains("name=\"agreed\" value=\"3\""), "{page}");
    assert!(ids[..3].iter().all(|id| page.contains(&format!(">{id}</th>"))) && page.contains("All of them"), "which");
    assert!(!page.contains(&format!(">{}</th>", ids[3])));

    // Somebody else puts one of them back in between.
    app.services.revive_jobs(&spectrum_core::queue::operate::Filter::default(), Some(ids[1])).await.expect("one");
    let form = format!("deed=retry&jobs={},{},{}&agreed=3", ids[0], ids[1], ids[2]);
    let (to, said) = app.posted("/fn/act_on_jobs", &form, &operator).await;
    assert!(said.contains("it would have been 3 jobs and is 2 jobs by now"), "{said}");
    assert!(to.starts_with("/staff/jobs/sure?deed=retry&job=") && to.contains(&ids[0].to_string()), "{to}");
    let again = app.shown(&to, &operator).await;
    assert!(again.contains("Put 2 jobs back?") && again.contains("1 of the chosen stays as it is"), "{again}");
    assert_eq!((count(&mut owner, "job").await, count(&mut owner, "job_dead").await), (1, 3), "nothing was done");

    let (to, said) = app.posted("/fn/act_on_jobs", &form.replace("agreed=3", "agreed=2"), &operator).await;
    assert_eq!(to, "/staff/jobs?state=dead");
    assert!(said.contains("2 jobs put back"), "{said}");
    assert_eq!((count(&mut owner, "job").await, count(&mut owner, "job_dead").await), (3, 1));
    assert_eq!(
        deeds_of(&mut owner).await,
        [(4, None, Verb::JobsRetried.number(), 1), (3, Some(me), Verb::JobsRetried.number(), 2)]
    );
    // Sent once more by the button that goes back: they are alive, so nothing is done to them again.
    let (_, said) = app.posted("/fn/act_on_jobs", &form.replace("agreed=3", "agreed=2"), &operator).await;
    assert!(said.contains("is 0 jobs by now"), "{said}");
    assert_eq!(deeds_of(&mut owner).await.len(), 2);
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn all_that_match_are_put_back_or_buried_unless_there_are_more_by_now(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let operator = app.sign_in_staff().await;
    let me = staff_id(&mut owner, "team@host.test").await;
    many_dead(&app, &mut owner, "purge_expired", 600).await;
    let other = many_dead(&app, &mut owner, "analyze_session", 1).await;
    let page = app.shown("/staff/jobs?state=dead&kind=purge_expired", &operator).await;
    assert!(
        page.contains("Retry every dead job that matches …") && !page.contains("Bury every"),
        "only what can be done"
    );
    let ask = "/staff/jobs/sure?all=yes&queue=&kind=purge_expired&deed=retry";
    let page = app.shown(ask, &operator).await;
    assert!(page.contains("Put 600 jobs back?") && page.contains("of the kind purge_expired"), "{page}");
    assert!(page.contains("The first of them"));

    let now = app.services.ambient().now();
    dead(&mut owner, "purge_expired", Uuid::from_u128(1), now, "one more").await;
    let form = "deed=retry&all=yes&queue=&kind=purge_expired&agreed=600";
    let (to, said) = app.posted("/fn/act_on_jobs", form, &operator).await;
    assert!(said.contains("it would have been 600 jobs and is 601 jobs by now"), "{said}");
    assert_eq!(to, "/staff/jobs/sure?deed=retry&all=yes&kind=purge_expired");
    assert_eq!(count(&mut owner, "job").await, 0);

    // Fewer than agreed to is no surprise.
    let (to, said) = app.posted("/fn/act_on_jobs", &form.replace("600", "700"), &operator).await;
    assert_eq!(
        (to.as_str(), said.split('.').next()),
        ("/staff/jobs?state=dead&kind=purge_expired", Some("601 jobs put back"))
    );
    assert_eq!((count(&mut owner, "job").await, count(&mut owner, "job_dead").await), (601, 1));

    let (_, said) = app.posted("/fn/act_on_jobs", "deed=bury&all=yes&queue=upkeep&kind=&agreed=601", &operator).await;
    assert!(said.contains("601 jobs buried"), "{said}");
    assert_eq!((count(&mut owner, "job").await, count(&mut owner, "job_dead").await), (0, 602));
    assert_eq!(
        deeds_of(&mut owner).await,
        [(3, Some(me), Verb::JobsRetried.number(), 601), (3, Some(me), Verb::JobBuried.number(), 601)]
    );
    let page = app.shown(&format!("/staff/jobs/{}", other[0]), &operator).await;
    assert!(page.contains("Reads a session that has ended"));
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_another_job_has_the_key_of_stays_dead_and_is_told(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let operator = app.sign_in_staff().await;
    let now = app.services.ambient().now();
    let alive = deed("export_member", 1, now);
    enqueue(&mut owner, std::slice::from_ref(&alive), now).await.expect("enqueued");
    let rival: i64 = sqlx::query_scalar("SELECT id FROM job").fetch_one(&mut owner).await.expect("one");
    let clashing = dead(&mut owner, "export_member", alive.key, now, "no room").await;
    let older = dead(&mut owner, "purge_expired", Uuid::from_u128(5), now - TimeDelta::hours(2), "first").await;
    let newer = dead(&mut owner, "purge_expired", Uuid::from_u128(5), now - TimeDelta::hours(1), "then").await;

    let page = app.shown(&format!("/staff/jobs/{clashing}"), &operator).await;
    assert!(page.contains("put back: ") && page.contains(&format!(">job {rival}</a> has the same key")), "{page}");
    assert!(!page.contains("Retry …"));
    assert!(app.shown(&format!("/staff/jobs/{older}"), &operator).await.contains(&format!(">job {newer}</a>")));
    assert!(app.shown(&format!("/staff/jobs/{newer}"), &operator).await.contains("Retry …"));
    let sure = app.shown("/staff/jobs/sure?deed=retry&all=yes", &operator).await;
    assert!(sure.contains("Put 1 job back?") && sure.contains("2 dead jobs can’t be put back"), "{sure}");
    let alone = app.shown(&format!("/staff/jobs/sure?deed=retry&job={clashing}"), &operator).await;
    assert!(alone.contains("There is nothing to do.") && alone.contains("another job has the same key"), "{alone}");

    let (_, said) = app.posted("/fn/act_on_jobs", "deed=retry&all=yes&agreed=1", &operator).await;
    assert!(said.contains("1 job put back. 2 jobs stayed dead"), "{said}");
    let still: Vec<i64> =
        sqlx::query_scalar("SELECT id FROM job_dead ORDER BY id").fetch_all(&mut owner).await.expect("ids");
    assert_eq!(still, [clashing, older]);
    // The same from the command line.
    let all = spectrum_core::queue::operate::Filter::default();
    assert_eq!(app.services.revive_jobs(&all, None).await.expect("an answer"), 0);
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_jobs_page_tells_its_life_and_hides_what_it_is_told(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let operator = app.sign_in_staff().await;
    let sent = (Diary { member: "ada", zone: "Europe/London", days: 1 }).sessions().remove(0);
    app.accept(&sent.events).await;
    let ada = member_id(&mut owner, app.host.uuid(), "ada").await;
    let claim = async || -> ClaimedJob {
        let claimed =
            app.services.claim_jobs("analysis", Uuid::from_u128(3), 1, std::time::Duration::from_mins(5)).await;
        claimed.expect("a claim").remove(0)
    };
    let id = claim().await.id;
    let path = format!("/staff/jobs/{id}");
    let page = app.shown(&path, &operator).await;
    assert!(page.contains("A worker has it.") && page.contains("try 1 taken by a worker"), "{page}");
    assert!(page.contains("can’t be taken away from it"), "{page}");
    let running = app.shown(&format!("/staff/jobs/sure?deed=bury&job={id}"), &operator).await;
    assert!(
        running.contains("There is nothing to do.") && running.contains("not waiting, or done by now"),
        "{running}"
    );

    app.services.give_jobs_back(Uuid::from_u128(3)).await.expect("given back");
    let job = claim().await;
    app.services
        .retry_job(&job, app.services.ambient().now() + TimeDelta::minutes(10), "too busy")
        .await
        .expect("again");
    let page = app.shown(&path, &operator).await;
    assert!(page.contains("It waits for its hour, in 10 min.") && page.contains("try 1 failed: too busy"), "{page}");
    app.clock.advance(TimeDelta::minutes(11));
    let job = claim().await;
    app.services.bury_job(&job, Death::Permanent, "no such model").await.expect("buried");
    let page = app.shown(&path, &operator).await;
    for told in
        ["It is dead.", "died: permanent", "try 2 failed: no such model", "usually a job of another version", "Retry …"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let (open, folded) = page.split_once("<details>").expect("folded away, and not open");
    assert!(folded.contains(&sent.session_id) && !open.contains(&sent.session_id));
    assert!(open.contains(&ada.to_string()), "an operator needs to know whom to look after");
    assert!(!page.contains(&sent.events[1]["text"].as_str().unwrap_or("no text at all").to_owned()));

    let (to, said) = app.posted("/fn/act_on_jobs", &format!("deed=retry&jobs={id}&agreed=1"), &operator).await;
    assert_eq!((to.as_str(), said.as_str()), (path.as_str(), "1 job put back. They are tried again at once."));
    let (_, said) = app.posted("/fn/act_on_jobs", &format!("deed=bury&jobs={id}&agreed=1"), &operator).await;
    assert!(said.starts_with("1 job buried"), "{said}");
    let page = app.shown(&path, &operator).await;
    assert!(page.contains("buried by team@host.test") && page.contains("A person took it out"), "{page}");
    app.posted("/fn/act_on_jobs", &format!("deed=retry&jobs={id}&agreed=1"), &operator).await;
    app.clock.advance(TimeDelta::minutes(1));
    app.run_due_jobs().await;
    assert_eq!(app.page(&path, &operator).await.status, StatusCode::NOT_FOUND, "it is done, and nothing of it is kept");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_queue_is_paused_and_goes_on_by_whoever_agreed_to_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let operator = app.sign_in_staff().await;
    let me = staff_id(&mut owner, "team@host.test").await;
    let page = app.shown("/staff", &operator).await;
    assert_eq!(page.matches("name=\"pause\"").count(), Queue::ALL.len(), "a switch for each queue");
    let ask = app.shown("/staff?pause=analysis", &operator).await;
    assert!(ask.contains("Pause the queue analysis?") && ask.contains("what runs, runs on"), "{ask}");
    let (to, said) = app.posted("/fn/switch_queue", "queue=analysis&paused=yes", &operator).await;
    assert_eq!((to.as_str(), said.as_str()), ("/staff", "The queue analysis is paused. What runs, runs on."));
    let page = app.shown("/staff", &operator).await;
    assert!(page.contains("analysis is paused since 2026-11-20 12:00:00 UTC, by team@host.test."), "{page}");
    assert!(page.contains("name=\"resume\" value=\"analysis\""));
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 1 }).sessions() {
        app.accept(&sent.events).await;
    }
    assert_eq!(app.run_due_jobs().await, 0, "nothing is taken from it");
    assert!(app.shown("/staff?resume=analysis", &operator).await.contains("Resume the queue analysis?"));
    let (_, said) = app.posted("/fn/switch_queue", "queue=analysis&paused=no", &operator).await;
    assert_eq!(said, "The queue analysis goes on.");
    assert!(app.run_due_jobs().await > 0);
    let verbs = [Verb::QueuePaused.number(), Verb::QueueResumed.number()];
    assert_eq!(deeds_of(&mut owner).await, verbs.map(|verb| (3, Some(me), verb, 1)));
    assert!(!app.shown("/staff", &operator).await.contains("is paused"));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_channel_is_stopped_for_a_reason_and_goes_on(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _fake) = with_fake(TestApp::new(database).await).await;
    let mut owner = app.owner().await;
    let operator = app.sign_in_staff().await;
    let me = staff_id(&mut owner, "team@host.test").await;
    app.with_week("ada", "Europe/London", 5).await;
    app.put_phone("ada", 1, &"aa".repeat(32)).await;
    let page = app.shown("/staff/push", &operator).await;
    assert!(page.contains("No channel is stopped.") && page.contains("1 device, "), "{page}");
    app.at("2026-11-23T00:10:00Z").await;
    app.at("2026-11-23T12:00:00Z").await;
    let operator = app.sign_in_staff().await;
    let page = app.shown("/staff/push", &operator).await;
    assert!(page.contains("<th scope=\"row\">delivered</th>"), "{page}");
    assert!(page.contains("Breaker: of the newest 1 answers 1 delivered"), "{page}");

    let ask = app.shown("/staff/push?pause=apns", &operator).await;
    assert!(ask.contains("Stop Apple’s (APNs)?") && ask.matches("name=\"because\"").count() == 3, "{ask}");
    let (to, said) =
        app.posted("/fn/switch_channel", "channel=apns&paused=yes&because=provider_in_trouble", &operator).await;
    assert_eq!((to.as_str(), said.as_str()), ("/staff/push", "apns is stopped. What is on its way, arrives."));
    let page = app.shown("/staff/push", &operator).await;
    assert!(page.contains("by team@host.test: the provider is in trouble."), "{page}");
    let (_, said) = app.posted("/fn/switch_channel", "channel=apns&paused=no", &operator).await;
    assert!(said.starts_with("apns goes on."), "{said}");
    let deeds = deeds_of(&mut owner).await;
    for verb in [Verb::ChannelPaused, Verb::ChannelResumed] {
        assert!(deeds.contains(&(3, Some(me), verb.number(), 1)), "{verb:?}: {deeds:?}");
    }
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_last_minutes_and_who_works_are_seen(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let operator = app.sign_in_staff().await;
    assert!(app.shown("/staff/workers", &operator).await.contains("No worker was heard of in the last hour"));
    let worker = WorkerCard {
        id: Uuid::from_u128(0x0123_4567_89ab_cdef),
        host: "engine-room".to_owned(),
        version: "1.2.3".to_owned(),
        queues: vec!["analysis".to_owned(), "rollup".to_owned()],
    };
    app.services.heartbeat(&worker, false).await.expect("heard");
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 2 }).sessions() {
        app.accept(&sent.events).await;
    }
    let held = app
        .services
        .claim_jobs("analysis", worker.id, 1, std::time::Duration::from_mins(5))
        .await
        .expect("a claim")
        .remove(0);
    let page = app.shown("/staff/workers", &operator).await;
    for told in ["1 worker heard.", "engine-room", "1.2.3", "analysis, rollup", "456789abcdef"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(listed(&page), [held.id]);
    app.services.sign_worker_off(worker.id).await.expect("off");
    assert!(app.shown("/staff/workers", &operator).await.contains(", which is gone"), "its jobs are seen without it");
    app.services.heartbeat(&worker, true).await.expect("heard");
    assert!(app.shown("/staff/workers", &operator).await.contains(", stopping"));

    let minute = |before: i64, n: i64, run_ms: i64| Stat {
        minute: app.services.ambient().now() - TimeDelta::minutes(before),
        queue: "analysis".to_owned(),
        kind: "analyze_session".to_owned(),
        outcome: "done".to_owned(),
        n,
        wait_ms: 0,
        run_ms,
        most_run_ms: 0,
    };
    let stats = [minute(6, 1000, 9_000_000), minute(5, 3, 150_000), minute(1, 4, 300_000), minute(0, 99, 9_000_000)];
    app.services.add_job_stats(&stats).await.expect("kept");
    let page = app.shown("/staff", &operator).await;
    assert!(page.contains("aria-label=\"Ended in each of the last five minutes: 3, 0, 0, 0, 4\""), "{page}");
    let row = page.split("<tr>").find(|row| row.contains("analysis</code>")).expect("its row");
    assert!(row.contains("</svg> <!>7</td>") && row.contains("<td>1.5</td><td>1</td>"), "{row}");
    assert!(row.contains("<td><a href=\"/staff/jobs?state=running&amp;queue=analysis\">1</a></td>"), "{row}");
    app.services.give_jobs_back(worker.id).await.expect("given back");
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_schedule_says_what_was_done_and_what_comes(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let operator = app.sign_in_staff().await;
    assert!(app.shown("/staff/schedule", &operator).await.contains("Nothing has been planned yet."));
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 3 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    app.services.plan_due().await.expect("planned");
    let page = app.shown("/staff/schedule", &operator).await;
    assert!(page.contains("5 periods are not done"), "{page}");
    app.run_due_jobs().await;
    // The next week falls due, and is twenty minutes late.
    app.clock.advance(TimeDelta::days(2) + TimeDelta::hours(12) + TimeDelta::minutes(20));
    let operator = app.sign_in_staff().await;
    app.services.plan_due().await.expect("planned");
    let page = app.shown("/staff/schedule?task=aggregate_weeks", &operator).await;
    assert!(page.contains("One period is not done; the one furthest behind fell due 20 min ago."), "{page}");
    assert!(page.contains("kept for 1 of 2 weeks of calendars") && page.contains(" 1 late at this moment."), "{page}");
    assert!(page.contains("<td class=\"warn\">20 min</td>") && page.contains("20 min so far"), "{page}");
    app.run_due_jobs().await;
    let page = app.shown("/staff/schedule?task=aggregate_weeks", &operator).await;
    assert!(
        page.contains("Every period that fell due is done.") && page.contains("The slowest took 20 min."),
        "{page}"
    );
    let row = page.split("<tr>").find(|row| row.contains("Europe/London monday")).expect("its row");
    // The week that was, and the one under way, which ends at the next London midnight of a Monday.
    assert!(row.contains("<td>2026-11-16</td>") && row.contains("<td>2026-11-23</td>"), "{row}");
    assert!(row.contains("2026-11-30 00:00:00"), "{row}");
    assert!(!page.contains("what has been kept long enough</th>"), "of one task");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_database_is_seen_in_numbers_and_never_in_queries(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let operator = app.sign_in_staff().await;
    let mut owner = app.owner().await;
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 'a word that nobody may see' FROM member")
        .execute(&mut owner)
        .await
        .expect("a snapshot is held");
    let page = app.shown("/staff/database", &operator).await;
    assert!(!page.contains("nobody may see") && !page.contains("SELECT"), "{page}");
    for told in
        ["PostgreSQL ", "The oldest snapshot has been held for", "No replica follows.", "spectrum_staff", "of at most"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let connected = page.split("<tr>").find(|row| row.contains("<code>spectrum_staff</code>")).expect("its own");
    assert!(connected.contains("<td>1</td><td>1</td><td>0</td>"), "{connected}");
    assert!(page.contains("turn_text: 6 partitions ahead; what comes on 2026-11-27 or later"), "{page}");
    assert!(page.contains("product_event: ") && page.contains("<code>session</code>"), "{page}");
    drop(owner);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_login_that_is_no_superuser_sees_what_it_may(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    // Roles are the whole cluster's: another run may have made it.
    sqlx::raw_sql(
        "DO $$ BEGIN CREATE ROLE plain_operator LOGIN NOINHERIT; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
         GRANT spectrum_staff TO plain_operator",
    )
    .execute(&mut owner)
    .await
    .expect("a login");
    let pools = Pools::new(&app.owner.clone().username("plain_operator"), FEW);
    let ingest = IngestPolicy { idle: TimeDelta::minutes(30) };
    let ambient = app.services.ambient().clone();
    let services = Services::new(pools, ambient, MasterKey::new("test", [7; 32]), ingest);
    let seen = services.look_at_database().await.expect("figures");
    assert!(seen.bytes > 0 && seen.tables.iter().any(|table| table.table == "session"), "{seen:?}");
    assert_eq!(seen.connections.len(), 1, "its own: {:?}", seen.connections);
    assert!(seen.unseen >= 1, "the owner's is counted, and no more is shown of it");
    services.look_at_erasures().await.expect("erasures");
    services.look_at_schedule(None).await.expect("the schedule");
    services.look_at_workers().await.expect("workers");
    services.pools().close().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn erasures_are_counted_and_name_nobody(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let operator = app.sign_in_staff().await;
    assert!(app.shown("/staff/erasures", &operator).await.contains("Nobody has asked for everything to be erased."));
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 2 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    let ada = MemberId(member_id(&mut owner, app.host.uuid(), "ada").await);
    let erasure = app.services.order_erasure(Whom::Member(ada), AskedBy::Member).await.expect("ordered");
    let page = app.shown("/staff/erasures", &operator).await;
    assert!(page.contains("1 under way, none older than the 48 hours that are promised."), "{page}");
    assert!(page.contains("shut out, rows to be deleted") && page.contains(&erasure.to_string()), "{page}");
    app.clock.advance(TimeDelta::hours(49));
    let operator = app.sign_in_staff().await;
    let page = app.shown("/staff/erasures", &operator).await;
    assert!(page.contains("1 older than the 48 hours") && page.contains("<td class=\"warn\">2.0 d</td>"), "{page}");
    app.run_due_jobs().await;
    let page = app.shown("/staff/erasures", &operator).await;
    assert!(page.contains("No erasure is under way.") && page.contains("no. 1</a>"), "{page}");
    let row = page.split("<tr>").find(|row| row.contains(&erasure.to_string())).expect("its row");
    assert!(row.contains("<td class=\"\">0</td>"), "nothing is left: {row}");
    let receipt: Value = app.page(&format!("/receipts/{erasure}"), "").await.json();
    let stores = receipt["receipt"]["stores"].as_array().unwrap_or_else(|| panic!("{receipt}"));
    let sum = |figure: &str| stores.iter().filter_map(|store| store[figure].as_i64()).sum::<i64>();
    let (found, deleted) = (sum("found"), sum("deleted"));
    assert!(found > 0 && row.contains(&format!("<td>{found}</td><td>{deleted}</td>")), "as the receipt has it: {row}");
    assert!(!page.contains(&ada.to_string()) && !page.contains("ada"), "{page}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn no_list_or_figure_names_a_member(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let operator = app.sign_in_staff().await;
    for sent in (Diary { member: "quince", zone: "Europe/London", days: 2 }).sessions() {
        app.accept(&sent.events).await;
    }
    let member = member_id(&mut owner, app.host.uuid(), "quince").await;
    app.services.plan_due().await.expect("planned");
    let jobs: BTreeSet<i64> =
        sqlx::query_scalar("SELECT id FROM job").fetch_all(&mut owner).await.expect("ids").into_iter().collect();
    assert!(jobs.len() >= 2);
    for (path, _) in PAGES {
        let page = app.shown(path, &operator).await;
        assert!(!page.contains("quince") && !page.contains(&member.to_string()), "{path}");
    }
    let page = app.shown(&format!("/staff/jobs/{}", jobs.first().expect("one")), &operator).await;
    assert!(!page.contains("quince"), "an id, and no name: {page}");
    app.run_due_jobs().await;
    app.finish().await;
}
