//! Days, weeks and months: whatever came in in whatever order, they are what the session vectors add up to.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use rand::{Rng, RngExt as _};
use serde_json::{Value, json};
use spectrum_core::{ServiceError, ambient::Clock as _};
use spectrum_domain::{
    affect::{Family, Quadrant},
    calendar::Week,
    correction::Correction,
    exclusion::Scope,
    feature::Feature,
    member::{Member, weekday_from_name},
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{Diary, START, TestApp, chance, member_id, rows, session, shuffled};

/// One session's measure, as the test reads it: straight from the newest vector of a session that nothing keeps out; the
/// member's own where they have corrected it, else the model's.
pub struct Counted {
    date: NaiveDate,
    minute: i64,
    feature: String,
    vector: Value,
}

pub async fn counted(owner: &mut PgConnection, member: Uuid) -> Vec<Counted> {
    let query = format!(
        "SELECT s.local_date, s.local_minute, s.feature, to_jsonb(v) AS vector
         FROM session s JOIN session_vector v USING (member_id, session_id)
         WHERE s.member_id = '{member}'
           AND v.revision = (SELECT max(revision) FROM session_vector o
                             WHERE o.member_id = s.member_id AND o.session_id = s.session_id
                               AND o.source = CASE WHEN EXISTS (SELECT FROM correction c
                                                                WHERE c.member_id = s.member_id
                                                                  AND c.session_id = s.session_id)
                                              THEN 'member' ELSE 'model' END)
           AND NOT EXISTS (SELECT FROM exclusion e WHERE e.member_id = s.member_id
               AND CASE e.scope
                   WHEN 'session' THEN e.session_id = s.session_id
                   WHEN 'feature' THEN e.feature = s.feature
                   WHEN 'period' THEN s.local_date >= e.first_day AND s.local_date <= e.last_day
                   ELSE s.started_at >= e.paused_at AND s.started_at < coalesce(e.resumed_at, 'infinity') END)"
    );
    rows(owner, &query)
        .await
        .into_iter()
        .map(|row| Counted {
            date: row["local_date"].as_str().expect("a date").parse().expect("a date"),
            minute: whole(&row["local_minute"]),
            feature: row["feature"].as_str().expect("a feature").to_owned(),
            vector: row["vector"].clone(),
        })
        .collect()
}

fn whole(value: &Value) -> i64 {
    value.as_i64().expect("a whole number")
}

/// Adds sessions up in the plainest way there is, without a look at how Spectrum does it.
fn naive(period: NaiveDate, sessions: &[&Counted]) -> Value {
    let figure = |name: &str| sessions.iter().map(|s| whole(&s.vector[name])).collect::<Vec<_>>();
    let arrays = |name: &str| -> Vec<Vec<i64>> {
        sessions.iter().map(|s| s.vector[name].as_array().expect("figures").iter().map(whole).collect()).collect()
    };
    let added = |name: &str| -> Vec<i64> {
        let all = arrays(name);
        (0..all[0].len()).map(|place| all.iter().map(|of| of[place]).sum()).collect()
    };
    let emotions = arrays("emotions");
    let families: Vec<usize> = Family::ALL
        .iter()
        .map(|family| {
            let shows = |of: &&Vec<i64>| {
                of.iter().enumerate().any(|(e, n)| Family::of_emotion(e) == Some(*family) && *n >= 300)
            };
            emotions.iter().filter(shows).count()
        })
        .collect();
    let quadrant = |pleasant: bool, high: bool| {
        let here = |(v, a): &(i64, i64)| (*v >= 0, *a >= 0) == (pleasant, high);
        figure("valence").into_iter().zip(figure("arousal")).filter(here).count()
    };
    let feature = |name: &str| sessions.iter().filter(|s| s.feature == name).count();
    let moments = |values: Vec<i64>| [values.iter().sum::<i64>(), values.iter().map(|v| v * v).sum()];
    let (mut feature_moments, mut feature_impacts) = (Vec::new(), Vec::new());
    for name in ["mirror", "turn", "lens"] {
        let of = || sessions.iter().filter(|s| s.feature == name);
        let moved = || of().filter(|s| whole(&s.vector["turns"]) >= 2);
        feature_impacts.push(i64::try_from(moved().count()).expect("few"));
        for figure in ["valence", "arousal"] {
            feature_moments.extend(moments(of().map(|s| whole(&s.vector[figure])).collect()));
            let (end, first) = (format!("end_{figure}"), format!("first_{figure}"));
            feature_impacts
                .extend(moments(moved().map(|s| whole(&s.vector[&end]) - whole(&s.vector[&first])).collect()));
        }
    }
    let mut grid = vec![(0, 0); 28];
    for session in sessions {
        let days_after_monday = usize::try_from(session.date.weekday().number_from_monday() - 1).expect("a weekday");
        let cell =
            &mut grid[4 * days_after_monday + usize::try_from(session.minute / 360).expect("a quarter of a day")];
        cell.0 += 1;
        cell.1 += whole(&session.vector["valence"]);
    }
    let models: BTreeSet<_> = sessions.iter().map(|s| s.vector["model"].as_str().expect("a model")).collect();
    let mut row = json!({
        "period": period,
        "days": sessions.iter().map(|s| s.date).collect::<BTreeSet<_>>().len(),
        "sessions": sessions.len(),
        "turns": figure("turns").iter().sum::<i64>(),
        "words": figure("words").iter().sum::<i64>(),
        "valence_pairs": added("valence_pairs"),
        "arousal_pairs": added("arousal_pairs"),
        "emotions": added("mixture"),
        "families": families,
        "quadrants": [quadrant(false, true), quadrant(true, true), quadrant(true, false), quadrant(false, false)],
        "features": [feature("mirror"), feature("turn"), feature("lens")],
        "feature_moments": feature_moments,
        "feature_impacts": feature_impacts,
        "grid_sessions": grid.iter().map(|(sessions, _)| sessions).collect::<Vec<_>>(),
        "grid_valence": grid.iter().map(|(_, valence)| valence).collect::<Vec<_>>(),
        "displacements": added("displacements"),
        "models": models,
    });
    for name in ["valence", "arousal", "dominance"] {
        let values = figure(name);
        row[format!("{name}_sum")] = json!(values.iter().sum::<i64>());
        row[format!("{name}_squares")] = json!(values.iter().map(|v| v * v).sum::<i64>());
        row[format!("{name}_min")] = json!(values.iter().min());
        row[format!("{name}_max")] = json!(values.iter().max());
    }
    row
}

/// The first day of the week of a date, by counting back.
fn week_of(mut date: NaiveDate, start: Weekday) -> NaiveDate {
    while date.weekday() != start {
        date = date.pred_opt().expect("a day before");
    }
    date
}

/// Holds the three tables of a member against a naive addition of their sessions.
pub async fn assert_added_up(owner: &mut PgConnection, member: Uuid, why: &str) {
    let sessions = counted(owner, member).await;
    let start: String = sqlx::query_scalar("SELECT week_start FROM member WHERE member_id = $1")
        .bind(member)
        .fetch_one(&mut *owner)
        .await
        .expect("the member");
    let start = weekday_from_name(&start).expect("a weekday");
    let periods: [(&str, Box<dyn Fn(NaiveDate) -> NaiveDate>); 3] = [
        ("day_rollup", Box::new(|date| date)),
        ("week_rollup", Box::new(move |date| week_of(date, start))),
        ("month_rollup", Box::new(|date| date.with_day(1).expect("a first day"))),
    ];
    for (table, period) in periods {
        let mut groups: BTreeMap<NaiveDate, Vec<&Counted>> = BTreeMap::new();
        for session in &sessions {
            groups.entry(period(session.date)).or_default().push(session);
        }
        let expected: Vec<Value> = groups.into_iter().map(|(period, sessions)| naive(period, &sessions)).collect();
        let query = format!(
            "SELECT to_jsonb(r) - 'member_id' - 'version' - 'inputs_hash' - 'settled' AS row FROM {table} AS r WHERE member_id = '{member}'"
        );
        let mut stored: Vec<Value> = rows(owner, &query).await.into_iter().map(|row| row["row"].clone()).collect();
        stored.sort_by_key(|row| row["period"].to_string());
        assert_eq!(stored, expected, "{table}: {why}");
    }
}

/// The rollups of a member, whole but for their version.
pub async fn rollups(owner: &mut PgConnection, member: Uuid) -> Vec<Value> {
    let mut all = Vec::new();
    for table in ["day_rollup", "week_rollup", "month_rollup"] {
        let query = format!("SELECT to_jsonb(r) - 'version' AS row FROM {table} AS r WHERE member_id = '{member}'");
        all.extend(rows(owner, &query).await);
    }
    all
}

const MOODS: [&str; 6] = [
    "I felt calm and grateful after the walk.",
    "I am worried and tense about tomorrow.",
    "It was a delightful, exciting day and I am happy and proud.",
    "I am sad and tired, and the evening was lonely.",
    "I was angry and annoyed at the meeting, and then ashamed.",
    "We looked at the plan.",
];

/// Something the member decides about more than one session, or about what one of them was.
async fn decide(app: &TestApp, member: &Member, sessions: &[Uuid], chance: &mut impl Rng) {
    let id = member.member_id;
    let date = |back: i64| app.clock.now().date_naive() - TimeDelta::days(back);
    let session = sessions[chance.random_range(0..sessions.len())].into();
    let exclusions = app.services.list_exclusions(id).await.expect("a list");
    let some = exclusions.get(chance.random_range(0..4));
    let done = match (chance.random_range(0..7), some) {
        (0, _) => {
            app.services.exclude(id, Scope::Feature(Feature::ALL[chance.random_range(0..3)]), None).await.map(drop)
        }
        (1, _) => {
            let last = chance.random_range(0..40);
            let period = Scope::Period { first: date(last + chance.random_range(0..9)), last: date(last) };
            app.services.exclude(id, period, None).await.map(drop)
        }
        // In the middle of the history, which a pause from now on would not touch.
        (2, _) => {
            let from = app.clock.now() - TimeDelta::minutes(chance.random_range(0..60_000));
            let until = Some(from + TimeDelta::minutes(chance.random_range(0..20_000)));
            app.services.exclude(id, Scope::Pause { from, until }, None).await.map(drop)
        }
        (3 | 4, Some(exclusion)) => app.services.include(id, exclusion.exclusion_id).await.map(drop),
        (5, _) => app.services.take_correction_back(id, session).await.map(drop),
        _ => {
            let quadrant = Some(Quadrant::ALL[chance.random_range(0..4)]);
            let family = chance.random_bool(0.5).then(|| Family::ALL[chance.random_range(0..9)]);
            let correction = Correction::of(quadrant, family).expect("it says something");
            app.services.correct_session(id, session, correction).await.map(drop)
        }
    };
    let nothing_yet = matches!(done, Err(ServiceError::UnknownSession(_) | ServiceError::NotMeasured(_)));
    assert!(done.is_ok() || nothing_yet, "{done:?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn any_history_ends_in_what_its_sessions_add_up_to(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let zones = ["Europe/London", "Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns", "UTC"];
    for seed in 0..12 {
        let mut chance = chance(seed);
        let name = format!("member{seed}");
        let week_start = ["monday", "sunday", "saturday", "wednesday"][chance.random_range(0..4)];
        app.api(Method::PUT, &format!("/members/{name}"), Some(&json!({ "week_start": week_start }))).await;
        let member = app.member(&name).await;
        let start: DateTime<Utc> = START.parse().expect("an instant");
        let mut sessions = Vec::new();
        let mut events = Vec::new();
        for n in 0..chance.random_range(8..18) {
            let began = start - TimeDelta::minutes(chance.random_range(600..60_000));
            let turns: Vec<&str> =
                (0..chance.random_range(0..5)).map(|_| MOODS[chance.random_range(0..MOODS.len())]).collect();
            let zone = zones[chance.random_range(0..zones.len())];
            let mut sent = session(&name, &format!("{seed}/{n}"), &began.to_rfc3339(), zone, &turns);
            let feature = ["mirror", "turn", "lens"][chance.random_range(0..3)];
            // Hours pass between events, so sessions cross midnights and the turns of weeks and months: whichever event
            // comes first, a later one may move the session to another day, measured or not.
            let pace = TimeDelta::minutes(chance.random_range(1..240));
            for (place, event) in (0..).zip(&mut sent.events) {
                event["feature"] = json!(feature);
                event["occurred_at"] = json!((began + pace * place).to_rfc3339());
            }
            sessions.push(sent.session_id.parse::<Uuid>().expect("a UUID"));
            events.extend(sent.events);
        }
        let mut events = shuffled(&events, &mut chance);
        let mut step = 0;
        while !events.is_empty() {
            step += 1;
            match chance.random_range(0..10) {
                0..5 => {
                    let most = chance.random_range(1..=8).min(events.len());
                    let batch: Vec<Value> = events.drain(..most).collect();
                    app.accept(&batch).await;
                }
                5 | 6 => {
                    app.run_due_jobs().await;
                    assert_added_up(&mut owner, member.member_id.uuid(), &format!("seed {seed}, step {step}")).await;
                }
                7 => app.clock.advance(TimeDelta::minutes(25)),
                8 if chance.random_bool(0.3) => {
                    let day = ["monday", "sunday", "thursday"][chance.random_range(0..3)];
                    app.api(Method::PUT, &format!("/members/{name}"), Some(&json!({ "week_start": day }))).await;
                }
                8 => decide(&app, &member, &sessions, &mut chance).await,
                what => {
                    let session = sessions[chance.random_range(0..sessions.len())].into();
                    let done = if what == 9 && chance.random_bool(0.6) {
                        app.services.exclude_session(&member, session).await
                    } else {
                        app.services.include_session(&member, session).await
                    };
                    // Nothing has come of this session yet.
                    assert!(matches!(done, Ok(_) | Err(ServiceError::UnknownSession(_))), "{done:?}");
                }
            }
        }
        app.run_due_jobs().await;
        assert_added_up(&mut owner, member.member_id.uuid(), &format!("seed {seed}, at the end")).await;
        // Everything taken in again, what was never read is read, and the sums are those of all there is.
        for exclusion in app.services.list_exclusions(member.member_id).await.expect("a list") {
            app.services.include(member.member_id, exclusion.exclusion_id).await.expect("taken in");
        }
        app.run_due_jobs().await;
        assert_added_up(&mut owner, member.member_id.uuid(), &format!("seed {seed}, all taken in")).await;
        let counted = counted(&mut owner, member.member_id.uuid()).await.len();
        assert!(counted > 3, "seed {seed} has something to say: {counted}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn leaving_out_and_taking_in_again_restores_identical_rows(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let sent = Diary { member: "ada", zone: "Europe/London", days: 9 }.sessions();
    for session in &sent {
        app.accept(&session.events).await;
    }
    app.run_due_jobs().await;
    let member = app.member("ada").await;
    let id = member.member_id.uuid();
    let before = rollups(&mut owner, id).await;
    let versions = "SELECT max(version) AS most FROM week_rollup";
    for session in &sent {
        let session = session.session_id.parse().expect("an id");
        let version = rows(&mut owner, versions).await;
        app.services.exclude_session(&member, session).await.expect("left out");
        assert_ne!(rollups(&mut owner, id).await, before, "it made a difference");
        assert_added_up(&mut owner, id, "left out").await;
        app.services.exclude_session(&member, session).await.expect("left out twice is left out");
        app.services.include_session(&member, session).await.expect("taken in");
        assert_eq!(rollups(&mut owner, id).await, before);
        assert_ne!(rows(&mut owner, versions).await, version, "but their version tells that something happened");
    }
    for session in &sent {
        app.services.exclude_session(&member, session.session_id.parse().expect("an id")).await.expect("left out");
    }
    assert_eq!(rollups(&mut owner, id).await, Vec::<Value>::new(), "nothing is left of nothing");
    for session in sent.iter().rev() {
        app.services.include_session(&member, session.session_id.parse().expect("an id")).await.expect("taken in");
    }
    assert_eq!(rollups(&mut owner, id).await, before);
    assert_eq!(app.run_due_jobs().await, 0, "all of it took effect at once");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_that_waits_when_it_is_left_out_is_read_once_it_is_taken_in(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let sent = Diary { member: "ada", zone: "Europe/London", days: 1 }.sessions();
    app.accept(&sent[0].events).await;
    let member = app.member("ada").await;
    let session = sent[0].session_id.parse().expect("an id");
    app.services.exclude_session(&member, session).await.expect("left out");
    app.run_due_jobs().await;
    assert_eq!(rollups(&mut owner, member.member_id.uuid()).await, Vec::<Value>::new());
    assert_eq!(rows(&mut owner, "SELECT * FROM session_vector").await, Vec::<Value>::new(), "nobody has read it");
    app.services.include_session(&member, session).await.expect("taken in");
    app.run_due_jobs().await;
    assert_eq!(rollups(&mut owner, member.member_id.uuid()).await.len(), 3);
    assert_added_up(&mut owner, member.member_id.uuid(), "taken in").await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_late_beginning_moves_the_session_and_its_sums_to_the_day_it_began(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    // Half past midnight on Monday the 2nd, and the beginning an hour before, on Sunday the 1st.
    let sent = session("ada", "night", "2026-11-01T11:30:00Z", "Pacific/Auckland", &[MOODS[0], MOODS[1]]);
    app.accept(&sent.events[1..]).await;
    app.run_due_jobs().await;
    let member = member_id(&mut owner, app.host.uuid(), "ada").await;
    let days = "SELECT period FROM day_rollup UNION ALL SELECT period FROM week_rollup";
    assert_eq!(rows(&mut owner, days).await, [json!({ "period": "2026-11-02" }), json!({ "period": "2026-11-02" })]);
    let mut started = sent.events[0].clone();
    started["occurred_at"] = json!("2026-11-01T10:30:00Z");
    app.accept(&[started]).await;
    app.run_due_jobs().await;
    let dates = rows(&mut owner, "SELECT local_date FROM session").await;
    assert_eq!(dates, [json!({ "local_date": "2026-11-01" })]);
    assert_added_up(&mut owner, member, "the day it left and the day it came to").await;
    assert_eq!(rows(&mut owner, days).await, [json!({ "period": "2026-10-26" }), json!({ "period": "2026-11-01" })]);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn weeks_begin_on_the_members_own_day(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for (member, week_start, period) in
        [("sun", "sunday", "2026-11-15"), ("mon", "monday", "2026-11-09"), ("sat", "saturday", "2026-11-14")]
    {
        app.api(Method::PUT, &format!("/members/{member}"), Some(&json!({ "week_start": week_start }))).await;
        let sunday = session(member, "sunday", "2026-11-15T12:00:00Z", "Europe/London", &[MOODS[0]]);
        app.accept(&sunday.events).await;
        app.run_due_jobs().await;
        let id = member_id(&mut owner, app.host.uuid(), member).await;
        let weeks = rows(&mut owner, &format!("SELECT period FROM week_rollup WHERE member_id = '{id}'")).await;
        assert_eq!(weeks, [json!({ "period": period })], "{week_start}");
        assert_added_up(&mut owner, id, week_start).await;
        let cookie = app.sign_in(member).await;
        let newest = app.page("/spectrum", &cookie).await;
        let week = app.page(newest.header("location"), &cookie).await;
        assert!(week.body.contains("1 session"), "{week_start}: {}", week.body);
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_who_moves_their_week_start_finds_their_weeks_added_up_anew(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 16 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    app.api(Method::PUT, "/members/ada", Some(&json!({ "week_start": "sunday" }))).await;
    app.run_due_jobs().await;
    let member = app.member("ada").await;
    assert_added_up(&mut owner, member.member_id.uuid(), "weeks from Sunday").await;
    let date: NaiveDate = "2026-11-18".parse().expect("a date");
    let week = app.services.load_week(&member, Week::containing(date, Weekday::Sun).label()).await.expect("a week");
    assert_eq!(week.rollup.sessions, 6, "Sunday to Friday");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_belongs_to_the_local_day_it_began_wherever_and_whenever_that_was(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    // So that the spring of 2027 is not ahead of the clock.
    app.clock.advance(TimeDelta::days(140));
    app.services.prepare_partitions().await.expect("partitions");
    let cases = [
        // The night that lasts 25 hours, and the one that lasts 23.
        ("Europe/London", "2026-10-24T22:59:59Z", "2026-10-24"),
        ("Europe/London", "2026-10-24T23:00:00Z", "2026-10-25"),
        ("Europe/London", "2026-10-25T00:30:00Z", "2026-10-25"),
        ("Europe/London", "2026-10-25T01:30:00Z", "2026-10-25"),
        ("Europe/London", "2026-10-25T23:59:59Z", "2026-10-25"),
        ("Europe/London", "2026-10-26T00:00:00Z", "2026-10-26"),
        ("Europe/London", "2027-03-27T23:59:59Z", "2027-03-27"),
        ("Europe/London", "2027-03-28T00:59:59Z", "2027-03-28"),
        ("Europe/London", "2027-03-28T01:00:00Z", "2027-03-28"),
        ("Europe/London", "2027-03-28T22:59:59Z", "2027-03-28"),
        ("Europe/London", "2027-03-28T23:00:00Z", "2027-03-29"),
        // A quarter of an hour that no whole zone has.
        ("Asia/Kathmandu", "2026-11-15T18:14:59Z", "2026-11-15"),
        ("Asia/Kathmandu", "2026-11-15T18:15:00Z", "2026-11-16"),
        // Sunday half past eleven and Monday half past midnight: two weeks.
        ("Pacific/Auckland", "2026-11-15T10:30:00Z", "2026-11-15"),
        ("Pacific/Auckland", "2026-11-15T11:30:00Z", "2026-11-16"),
        // Before zones were whole: Paris was 9 min 21 s ahead, Kathmandu 5 h 41 min 16 s.
        ("Europe/London", "1903-01-03T23:59:59Z", "1903-01-03"),
        ("Europe/Paris", "1903-06-01T23:50:38Z", "1903-06-01"),
        ("Europe/Paris", "1903-06-01T23:50:39Z", "1903-06-02"),
        ("Asia/Kathmandu", "1903-12-31T18:18:43Z", "1903-12-31"),
        ("Asia/Kathmandu", "1903-12-31T18:18:44Z", "1904-01-01"),
    ];
    for (n, (zone, began, date)) in cases.into_iter().enumerate() {
        let member = format!("m{n}");
        // The zone of the member is not that of the session, and does not matter.
        app.api(Method::PUT, &format!("/members/{member}"), Some(&json!({ "time_zone": "America/Lima" }))).await;
        app.accept(&session(&member, "s", began, zone, &[MOODS[0], MOODS[3]]).events).await;
        app.run_due_jobs().await;
        let id = member_id(&mut owner, app.host.uuid(), &member).await;
        let days = rows(&mut owner, &format!("SELECT period FROM day_rollup WHERE member_id = '{id}'")).await;
        assert_eq!(days, [json!({ "period": date })], "{zone} {began}");
        assert_added_up(&mut owner, id, &format!("{zone} {began}")).await;
        // Moving house does not move the past.
        app.api(Method::PUT, &format!("/members/{member}"), Some(&json!({ "time_zone": "Pacific/Kiritimati" }))).await;
        app.run_due_jobs().await;
        assert_added_up(&mut owner, id, "after moving").await;
    }
    app.finish().await;
}
