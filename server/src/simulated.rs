//! People made up whose truth is known, put into a database as months would have left them there: so that what the team's pages say can be
//! held against what is true, and seen at the size of a real house.
//!
//! Nobody wrote anything: these members have sessions without turns.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use spectrum_core::product::properties;
use spectrum_domain::{
    effect::{
        experiment::Trial,
        simulated::{Person, Population, Side, WEEKS_BEFORE, people},
    },
    product_event::{PeriodKind, ProductEvent, Screen, Teaser},
};
use sqlx::{Connection as _, PgConnection};
use thiserror::Error;
use uuid::Uuid;

/// The host of all made-up members.
pub const HOST: &str = "simulated";
/// People that are written in one transaction.
const PAGE: usize = 5_000;

/// Why a database was not filled.
#[derive(Debug, Error)]
pub enum FillError {
    /// Somebody is in it.
    #[error("there are members in this database: people who are made up must not come among them")]
    NotEmpty,
    /// There are no such people.
    #[error(transparent)]
    Population(#[from] spectrum_domain::effect::simulated::BadPopulation),
    /// The database did not take it.
    #[error("the database did not take it")]
    Database(#[from] sqlx::Error),
}

/// Puts a population into an empty database, in an experiment with the weekly push or in none: then all who are given Spectrum come in on
/// the first day. It is `today`, at its beginning; what lies on that day or after it has not happened. Needs the owner's login.
pub async fn fill(
    connection: &mut PgConnection,
    population: &Population,
    trial: Option<Trial>,
    today: NaiveDate,
) -> Result<(), FillError> {
    let known: Option<bool> =
        sqlx::query_scalar("SELECT true FROM member LIMIT 1").fetch_optional(&mut *connection).await?;
    if known.is_some() {
        return Err(FillError::NotEmpty);
    }
    let now = today.and_time(NaiveTime::MIN).and_utc();
    let first = now - TimeDelta::days(population.today.into());
    let joined = first - TimeDelta::days(60);
    let host = id(joined, 0, 0);
    sqlx::query("INSERT INTO host (host_id, name, created_at) VALUES ($1, $2, $3)")
        .bind(host)
        .bind(HOST)
        .bind(joined)
        .execute(&mut *connection)
        .await?;
    if let Some(trial) = trial {
        sqlx::query("INSERT INTO experiment (name, holdout_permille, days, started_at) VALUES ($1, $2, 56, $3)")
            .bind(trial.name())
            .bind(i16::try_from(population.holdout).unwrap_or(500).min(500))
            .bind(first)
            .execute(&mut *connection)
            .await?;
    }
    let mut month = first.date_naive();
    while month <= today {
        sqlx::query("SELECT ensure_product_event_partitions($1)").bind(month).execute(&mut *connection).await?;
        month += TimeDelta::days(28);
    }
    let filling = Filling { host, first, joined, now, trial };
    let mut page = Vec::with_capacity(PAGE);
    for person in people(population)?.filter(|person| trial.is_some() || person.arm == Side::Feature) {
        page.push(person);
        if page.len() == PAGE {
            filling.write(connection, &page).await?;
            page.clear();
        }
    }
    filling.write(connection, &page).await?;
    Ok(())
}

/// An identifier of what is made up: one that sorts by its time as any other, and is the same each time.
fn id(at: DateTime<Utc>, person: u32, n: u16) -> Uuid {
    let mut bytes = [0; 10];
    bytes[..4].copy_from_slice(&person.to_be_bytes());
    bytes[4..6].copy_from_slice(&n.to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(at.timestamp_millis()).unwrap_or(0), &bytes).into_uuid()
}

/// What all of them share.
struct Filling {
    host: Uuid,
    /// When the first hour of the simulation began.
    first: DateTime<Utc>,
    /// When their host first named them.
    joined: DateTime<Utc>,
    now: DateTime<Utc>,
    trial: Option<Trial>,
}

/// Rows of one page of people, column by column, as statements take them.
#[derive(Default)]
struct Rows {
    members: Vec<Uuid>,
    references: Vec<String>,
    sessions: Sessions,
    events: Events,
    exposures: Exposures,
    upgrades: Upgrades,
}

#[derive(Default)]
struct Sessions {
    members: Vec<Uuid>,
    ids: Vec<Uuid>,
    times: Vec<DateTime<Utc>>,
}

#[derive(Default)]
struct Events {
    members: Vec<Uuid>,
    ids: Vec<Uuid>,
    numbers: Vec<i16>,
    properties: Vec<serde_json::Value>,
    surfaces: Vec<String>,
    versions: Vec<String>,
    times: Vec<DateTime<Utc>>,
}

#[derive(Default)]
struct Exposures {
    members: Vec<Uuid>,
    arms: Vec<String>,
    times: Vec<DateTime<Utc>>,
}

#[derive(Default)]
struct Upgrades {
    members: Vec<Uuid>,
    ids: Vec<Uuid>,
    times: Vec<DateTime<Utc>>,
    refunds: Vec<Option<DateTime<Utc>>>,
}

impl Filling {
    fn hour(&self, hour: u32) -> DateTime<Utc> {
        self.first + TimeDelta::hours(hour.into())
    }

    /// When a person is given what is tried, or begins to be followed.
    fn anchor(&self, person: &Person) -> DateTime<Utc> {
        if self.trial.is_some() { self.hour(person.assigned_hour) } else { self.first }
    }

    fn add(&self, rows: &mut Rows, person: &Person) {
        // 0 is the host's.
        let number = person.number + 1;
        let member = id(self.joined, number, 0);
        rows.members.push(member);
        rows.references.push(format!("made-up-{number}"));
        let anchor = self.anchor(person);
        let before = TimeDelta::weeks(i64::try_from(WEEKS_BEFORE).unwrap_or(0));
        let there = person.before.iter().chain(&person.weeks).zip(0..).filter(|(there, _)| **there);
        for (_, week) in there {
            // In the middle of the week, whoever's zone it is counted in.
            let at = anchor - before + TimeDelta::weeks(week) + TimeDelta::hours(84);
            if at < self.now {
                rows.sessions.members.push(member);
                rows.sessions.ids.push(id(at, number, u16::try_from(week).unwrap_or(0)));
                rows.sessions.times.push(at);
            }
        }
        let mut events = Vec::new();
        if let Some(day) = person.opened_day {
            let opened = ProductEvent::LandscapeViewed { period_kind: PeriodKind::Week };
            events.push((anchor + TimeDelta::days(day.into()) + TimeDelta::hours(12), opened));
        }
        for hour in person.exposures.iter().filter(|_| self.trial.is_some()) {
            let seen = ProductEvent::TeaserExposed { teaser_variant: Teaser::Sample1, screen: Screen::Week };
            events.push((self.hour(*hour), seen));
        }
        for ((at, event), n) in events.into_iter().zip(1..).filter(|((at, _), _)| *at < self.now) {
            let to = &mut rows.events;
            to.members.push(member);
            to.ids.push(id(at, number, n));
            to.numbers.push(event.number());
            to.properties.push(properties(event));
            to.surfaces.push(person.surface.name().to_owned());
            to.versions.push(person.version.to_owned());
            to.times.push(at);
        }
        if self.trial.is_some() && anchor < self.now {
            rows.exposures.members.push(member);
            rows.exposures.arms.push(person.arm.name().to_owned());
            rows.exposures.times.push(anchor);
        }
        if let Some(at) = person.upgrade_hour.map(|hour| self.hour(hour)).filter(|at| *at < self.now) {
            rows.upgrades.members.push(member);
            rows.upgrades.ids.push(id(at, number, 0));
            rows.upgrades.times.push(at);
            rows.upgrades.refunds.push(person.refund_hour.map(|hour| self.hour(hour)).filter(|at| *at < self.now));
        }
    }

    async fn write(&self, connection: &mut PgConnection, page: &[Person]) -> Result<(), sqlx::Error> {
        let mut rows = Rows::default();
        for person in page {
            self.add(&mut rows, person);
        }
        let Rows { members, references, sessions, events, exposures, upgrades } = rows;
        let mut transaction = connection.begin().await?;
        sqlx::query(
            "INSERT INTO member (member_id, host_id, external_ref, zone, consent_analysis, consent_model, consent_analytics,
                                 created_at, updated_at)
             SELECT id, $1, reference, 'UTC', true, false, true, $2, $2 FROM unnest($3::uuid[], $4::text[]) AS m (id, reference)",
        )
        .bind(self.host)
        .bind(self.joined)
        .bind(&members)
        .bind(&references)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO member_lookup (host_id, external_ref, member_id)
             SELECT $1, reference, id FROM unnest($2::uuid[], $3::text[]) AS m (id, reference)",
        )
        .bind(self.host)
        .bind(&members)
        .bind(&references)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO session (member_id, session_id, external_ref, feature, started_at, start_known, ended_at, zone, local_date,
                                  local_minute, state, why_not, member_turns, assistant_turns, words, received_at, last_event_at)
             SELECT member, id, id::text, 'mirror', at, true, at, 'UTC', (at AT TIME ZONE 'UTC')::date, 720, 'unmeasured', 'text_gone',
                    0, 0, 0, at, at
             FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS s (member, id, at)",
        )
        .bind(&sessions.members)
        .bind(&sessions.ids)
        .bind(&sessions.times)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO product_event (member_id, day, event_id, event, properties, surface, app_version, recorded_at)
             SELECT member, (at AT TIME ZONE 'UTC')::date, id, event, properties, surface, version, at
             FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::jsonb[], $5::text[], $6::text[], $7::timestamptz[])
                  AS e (member, id, event, properties, surface, version, at)",
        )
        .bind(&events.members)
        .bind(&events.ids)
        .bind(&events.numbers)
        .bind(&events.properties)
        .bind(&events.surfaces)
        .bind(&events.versions)
        .bind(&events.times)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO exposure (member_id, experiment, arm, exposed_at)
             SELECT member, $1, arm, at FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS e (member, arm, at)",
        )
        .bind(self.trial.map(Trial::name))
        .bind(&exposures.members)
        .bind(&exposures.arms)
        .bind(&exposures.times)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO upgrade (member_id, upgrade_id, upgraded_at, refunded_at, recorded_at)
             SELECT member, id, at, refunded, at
             FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS u (member, id, at, refunded)",
        )
        .bind(&upgrades.members)
        .bind(&upgrades.ids)
        .bind(&upgrades.times)
        .bind(&upgrades.refunds)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }
}
