//! A year of pushes in forty zones by a clock that jumps from one due moment to the next: each member once a week at nine by the wall
//! clock where they live then, or the reason why not. And the same year with workers that die in the middle and a provider that fails.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike as _, Utc, Weekday};
use chrono_tz::Tz;
use rand::RngExt as _;
use serde_json::{Value, json};
use server::push::Sender;
use spectrum_domain::{
    calendar::{Week, local_date, start_of_day},
    push::ChannelKind,
};
use spectrum_push::{
    fake::{Fake, Seen},
    message::Mode,
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{TestApp, chance, pushes, rows};

/// Whole hours, half hours and quarters, both directions of summer time and none, either side of the date line.
const ZONES: [&str; 40] = [
    "Pacific/Kiritimati",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Auckland",
    "Pacific/Norfolk",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Australia/Adelaide",
    "Australia/Darwin",
    "Australia/Eucla",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Jakarta",
    "Asia/Yangon",
    "Asia/Dhaka",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Karachi",
    "Asia/Kabul",
    "Asia/Dubai",
    "Asia/Tehran",
    "Europe/Moscow",
    "Asia/Beirut",
    "Africa/Cairo",
    "Europe/Berlin",
    "Africa/Casablanca",
    "Europe/London",
    "Atlantic/Azores",
    "Atlantic/Cape_Verde",
    "America/Nuuk",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Halifax",
    "America/New_York",
    "America/Havana",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Pacific/Marquesas",
    "Pacific/Pago_Pago",
];

/// Some move in the middle of a week, east and west, and the last from beyond the date line to this side of it on a Sunday night.
const MOVES: [(usize, &str, &str); 8] = [
    (4, "2027-01-13T10:00:00Z", "America/New_York"),
    (24, "2027-02-17T20:00:00Z", "Asia/Tokyo"),
    (26, "2027-03-24T08:00:00Z", "Pacific/Auckland"),
    (33, "2027-04-05T03:30:00Z", "Asia/Tokyo"), // Sunday evening there, Monday noon where they come to
    (10, "2027-05-09T16:30:00Z", "America/Los_Angeles"), // Monday night there, Sunday where they come to
    (37, "2027-06-16T12:00:00Z", "Europe/Berlin"),
    (0, "2027-09-06T00:30:00Z", "Pacific/Pago_Pago"), // Monday afternoon there, Sunday where they come to
    (39, "2027-10-03T23:00:00Z", "Pacific/Kiritimati"), // Sunday noon there, Monday afternoon where they come to
];

/// Planning looks this often.
const STEP: TimeDelta = TimeDelta::minutes(5);

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn token(n: usize) -> String {
    format!("{n:02x}").repeat(32)
}

struct Year {
    app: TestApp,
    fake: Fake,
    owner: PgConnection,
    /// Zones over time, by member.
    lived: Vec<Vec<(DateTime<Utc>, Tz)>>,
    ids: BTreeMap<Uuid, usize>,
    /// Every member's weeks with what became of them.
    became: BTreeMap<(usize, NaiveDate), String>,
}

impl Year {
    /// Members with a phone each and some sessions in every week of a year.
    async fn new(database: PgConnectOptions, timeout: std::time::Duration) -> Self {
        let fake = Fake::start().await.expect("the fake");
        let mut settings = pushes::settings(&fake);
        settings.fcm = None;
        if let Some(apns) = &mut settings.apns {
            apns.timeout = timeout;
        }
        let app = TestApp::new(database).await.push_to(&settings).await;
        let ambient = app.services.ambient().clone();
        fake.set_clock(std::sync::Arc::new(move || ambient.now()));
        let mut owner = app.owner().await;
        app.with_week("somebody", "UTC", 5).await;
        let (mut lived, mut ids) = (Vec::new(), BTreeMap::new());
        for (n, zone) in ZONES.into_iter().enumerate() {
            let member = format!("m{n}");
            app.api(axum::http::Method::PUT, &format!("/members/{member}"), Some(&json!({ "time_zone": zone }))).await;
            app.put_phone(&member, u128::try_from(n).expect("few"), &token(n)).await;
            ids.insert(app.member(&member).await.member_id.uuid(), n);
            lived.push(vec![(DateTime::UNIX_EPOCH, zone.parse().expect("a zone"))]);
        }
        // A session on three days of every week, as somebody had one.
        sqlx::raw_sql(
            "CREATE TEMP TABLE lived AS
                 SELECT m.member_id, date '2026-11-09' + 7 * week + day AS day, gen_random_uuid() AS session_id
                 FROM member m, generate_series(0, 55) week, unnest('{1,3,4}'::int[]) day WHERE m.external_ref LIKE 'm%';
             INSERT INTO session SELECT (jsonb_populate_record(s, jsonb_build_object('member_id', l.member_id,
                 'session_id', l.session_id, 'external_ref', l.session_id, 'local_date', day))).*
                 FROM session s, lived l WHERE s.local_date = '2026-11-17' AND s.member_id NOT IN (SELECT member_id FROM lived);
             INSERT INTO session_vector SELECT (jsonb_populate_record(v, jsonb_build_object('member_id', l.member_id,
                 'session_id', l.session_id))).*
                 FROM session_vector v JOIN session s USING (member_id, session_id), lived l
                 WHERE s.local_date = '2026-11-17' AND s.member_id NOT IN (SELECT member_id FROM lived);
             INSERT INTO day_rollup SELECT (jsonb_populate_record(d, jsonb_build_object('member_id', l.member_id, 'period', day))).*
                 FROM day_rollup d, lived l
                 WHERE d.period = '2026-11-17' AND d.member_id NOT IN (SELECT member_id FROM lived);",
        )
        .execute(&mut owner)
        .await
        .expect("days");
        Self { app, fake, owner, lived, ids, became: BTreeMap::new() }
    }

    fn zone(&self, member: usize, at: DateTime<Utc>) -> Tz {
        self.lived[member].iter().rev().find(|(since, _)| *since <= at).expect("since ever").1
    }

    /// The next moment at which something may be due: a week's end somewhere, a move, or a push that waits.
    async fn next(&mut self, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut next = instant(
            MOVES.map(|(_, at, _)| at).into_iter().find(|at| instant(at) > now).unwrap_or("2100-01-01T00:00:00Z"),
        );
        for member in 0..ZONES.len() {
            let zone = self.zone(member, now);
            let ends = Week::containing(local_date(now, &zone), Weekday::Mon).end();
            next = next.min(start_of_day(ends, zone));
        }
        let waits: Option<DateTime<Utc>> =
            sqlx::query_scalar("SELECT min(next_at) FROM push_outbox WHERE state = 'waiting'")
                .fetch_one(&mut self.owner)
                .await
                .expect("an answer");
        let next = waits.map_or(next, |waits| next.min(waits)).max(now + TimeDelta::seconds(1));
        // By the planner's minutes.
        let step = STEP.num_seconds();
        DateTime::from_timestamp((next.timestamp() + step - 1) / step * step, 0).expect("an instant")
    }

    /// Lives through the year; `before` is done at every moment before what is due.
    async fn live(&mut self, mut before: impl AsyncFnMut(&mut Self)) {
        let end = instant("2027-11-24T00:00:00Z");
        let mut noted = self.app.services.ambient().now();
        loop {
            let now = self.app.services.ambient().now();
            let next = self.next(now).await;
            if next >= end {
                return;
            }
            self.app.clock.advance(next - now);
            for (member, at, zone) in MOVES {
                if now < instant(at) && instant(at) <= next {
                    let path = format!("/members/m{member}");
                    let body = json!({ "time_zone": zone });
                    self.app.api(axum::http::Method::PUT, &path, Some(&body)).await;
                    self.lived[member].push((instant(at), zone.parse().expect("a zone")));
                    // Phones say their address whenever they are opened; these are opened now and then.
                    let id = u128::try_from(member).expect("few");
                    self.app.put_phone(&format!("m{member}"), id, &token(member)).await;
                }
            }
            if next - noted > TimeDelta::days(20) {
                noted = next;
                sqlx::query("UPDATE device SET seen_at = $1").bind(next).execute(&mut self.owner).await.expect("seen");
                self.note().await;
            }
            before(self).await;
            self.app.services.plan_due().await.expect("planned");
            self.app.run_due_jobs().await;
        }
    }

    /// Notes what became of weeks, before retention lets go of it.
    async fn note(&mut self) {
        let told =
            rows(&mut self.owner, "SELECT member_id, period, coalesce(reason, state) AS what FROM push_outbox").await;
        let of = |row: &Value| {
            let member: Uuid = row["member_id"].as_str()?.parse().ok()?;
            let period: NaiveDate = row["period"].as_str()?.parse().ok()?;
            Some(((*self.ids.get(&member)?, period), row["what"].as_str()?.to_owned()))
        };
        let told: Vec<_> = told.iter().filter_map(of).collect();
        self.became.extend(told);
    }

    /// What was seen of each phone, in order.
    fn seen(&self) -> Vec<Vec<Seen>> {
        let mut by_phone = vec![Vec::new(); ZONES.len()];
        for push in self.fake.seen() {
            let member = (0..ZONES.len()).find(|n| token(*n) == push.address).expect("a phone of ours");
            by_phone[member].push(push);
        }
        by_phone
    }

    /// Holds what the phones saw against what was to be.
    async fn check(&mut self, may_be_late: bool) {
        self.note().await;
        let weeks = self.became.clone();
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        let seen = self.seen();
        // PRIVACY: without the week's name and the push's own, all are the same to the letter, whoever they are for.
        let bare = |push: &Seen| {
            let week = push.collapse.as_deref().unwrap_or_default().trim_start_matches("weekly-");
            push.sent.replace(&push.id, "").replace(week, "")
        };
        let contents: BTreeSet<String> = seen.iter().flatten().map(bare).collect();
        assert_eq!(contents.len(), 1, "{contents:?}");
        for (member, pushes) in seen.iter().enumerate() {
            // Of what arrived twice the screen shows one: it has one name.
            let mut shown: BTreeMap<String, &Seen> = BTreeMap::new();
            for push in pushes {
                let collapse = push.collapse.clone().expect("a name on the screen");
                let first = shown.entry(collapse).or_insert(push);
                assert_eq!(first.id, push.id, "member {member}: the same push under another id");
            }
            let mut last: Option<DateTime<Utc>> = None;
            for push in shown.values() {
                let zone = self.zone(member, push.at);
                let local = push.at.with_timezone(&zone);
                assert!(
                    local.hour() == 9 || may_be_late && (9..22).contains(&local.hour()) || Self::moved(member, push.at),
                    "member {member}: {local} in {zone}"
                );
                if let Some(last) = last {
                    assert!(push.at - last >= TimeDelta::days(6), "member {member}: {last} and {}", push.at);
                }
                last = Some(push.at);
            }
            let monday = instant("2026-11-16T00:00:00Z").date_naive();
            for week in 0..52 {
                let period = monday + TimeDelta::weeks(week);
                let what = weeks.get(&(member, period)).map_or("nothing", String::as_str);
                let name = format!("weekly-{}", Week::containing(period, Weekday::Mon).label());
                assert_eq!(what == "sent", shown.contains_key(&name), "member {member}, {period}: {what}");
                *reasons.entry(what).or_default() += 1;
            }
        }
        let all = ZONES.len() * 52;
        let sent = reasons.remove("sent").unwrap_or(0);
        println!("{sent} of {all} were sent; the others: {reasons:?}");
        // Who crosses the date line has a Monday less, or two: that week's push is too soon after the one before, or its day is over.
        assert!(sent + MOVES.len() >= all, "{sent} of {all}: {reasons:?}");
        assert!(reasons.keys().all(|reason| ["too_soon", "late"].contains(reason)), "{reasons:?}");
    }

    /// Whether the member moved within the day before.
    fn moved(member: usize, at: DateTime<Utc>) -> bool {
        MOVES.iter().any(|(who, when, _)| {
            *who == member && (TimeDelta::zero()..TimeDelta::days(2)).contains(&(at - instant(when)))
        })
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn every_member_is_pushed_once_a_week_at_nine_where_they_live(_: PgPoolOptions, database: PgConnectOptions) {
    let mut year = Year::new(database, std::time::Duration::from_secs(10)).await;
    year.live(async |_| {}).await;
    assert_eq!(year.fake.refused(), Vec::<String>::new());
    let seen = year.fake.seen().len();
    assert_eq!(u64::try_from(seen), Ok(year.fake.accepted()), "none twice");
    year.check(false).await;
    year.app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn workers_that_die_and_a_provider_that_fails_double_nothing_and_lose_nothing(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let seed = 11;
    let mut year = Year::new(database, std::time::Duration::from_millis(300)).await;
    year.fake.chaos(seed, 60);
    let mut settings = pushes::settings(&year.fake);
    settings.fcm = None;
    let sender = Sender::new(&settings, year.app.services.ambient()).expect("channels");
    let mut dice = chance(seed);
    year.live(async |year| {
        // A worker takes what is due and dies: before it has sent anything, or before it has said so.
        if dice.random_ratio(1, 8) {
            let due = year.app.services.claim_pushes(ChannelKind::Apns).await.expect("due");
            if dice.random_bool(0.5) {
                for due in due {
                    sender.attempt(due, Mode::Live).await;
                }
            }
        }
    })
    .await;
    year.check(true).await;
    year.app.close().await;
}
