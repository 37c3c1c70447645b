//! The sessions of a demo member: when they write, in which feature, and what.
//!
//! INVARIANT: what a session holds depends on the seed, the member, the local date and its place in the day alone. So
//! filling again, today or on a later day, adds what is new and never meets an event it contradicts.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};
use spectrum_domain::{
    calendar::{Week, local_date},
    feature::Feature,
    member::ExternalRef,
    private::Private,
    session::Role,
};

use super::{
    mood::{Mood, spread},
    people::{Person, Rhythm},
    sentences::Sentences,
};
use crate::replay::{
    client::{HostEvent, What},
    diary::stable_id,
    local_instant::local_instant,
};

/// When in the day people write, in minutes since midnight, and how likely each time is.
const TIMES: [(u32, u32, f64); 4] = [(430, 530, 0.5), (730, 800, 0.4), (1020, 1110, 0.6), (1215, 1340, 1.0)];
/// How likely a session falls on each day, Monday first.
const DAYS: [f64; 7] = [1.0, 1.2, 1.2, 1.1, 1.0, 0.8, 1.2];
/// Most sessions on one day.
const MOST_A_DAY: u32 = 3;
/// From so many sessions a week on, Monday to Thursday have one each: the week has its floor early.
const STEADY_FROM: u32 = 7;

/// One session of a demo member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoSession {
    /// The local day.
    pub date: NaiveDate,
    /// Place in the day, from 0.
    pub ordinal: u32,
    /// Where it is held.
    pub feature: Feature,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// What was written, with its instant.
    pub turns: Vec<(DateTime<Utc>, Role, Private<String>)>,
}

/// What a member's sessions are drawn from.
#[derive(Debug)]
pub struct Generator {
    seed: u64,
    sentences: Sentences,
}

impl Generator {
    /// Another seed gives other sessions.
    pub fn new(seed: u64) -> Self {
        Self { seed, sentences: Sentences::new() }
    }

    /// All sessions of the member that are over by now, oldest first.
    pub fn sessions(&self, person: &Person, now: DateTime<Utc>) -> Vec<DemoSession> {
        let today = local_date(now, &person.zone);
        let mut sessions = Vec::new();
        match person.rhythm {
            Rhythm::Weekly { weeks, least, most } => {
                let mut date = today.checked_sub_days(Days::new(u64::from(weeks) * 7)).unwrap_or(today);
                while date <= today {
                    let plan = self.week_plan(person, Week::containing(date, Weekday::Mon).start(), (least, most));
                    let count = plan[usize::try_from(date.weekday().num_days_from_monday()).unwrap_or(0)];
                    self.add_day(person, date, count, &mut sessions);
                    date = date.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
                }
            }
            Rhythm::Twice => {
                // On two days of one week, both over: of this week from Wednesday on, else of the last.
                let monday = Week::containing(today, Weekday::Mon);
                let late = today.weekday().num_days_from_monday() >= 2;
                let days = if late {
                    [monday.days()[0], monday.days()[1]]
                } else {
                    [3, 5].map(|d| monday.previous().days()[d])
                };
                for date in days {
                    self.add_day(person, date, 1, &mut sessions);
                }
            }
        }
        sessions.retain(|session| session.ended_at <= now);
        sessions
    }

    /// How many sessions each day of a week has, Monday first.
    fn week_plan(&self, person: &Person, monday: NaiveDate, (least, most): (u32, u32)) -> [u32; 7] {
        let mut chance = self.chance(person, monday, "week", 0);
        let mut left = chance.random_range(least..=most);
        let mut plan = [0; 7];
        if least >= STEADY_FROM {
            plan[..4].fill(1);
            left -= 4;
        }
        while left > 0 {
            let day = draw(&DAYS, &mut chance);
            if plan[day] < MOST_A_DAY {
                plan[day] += 1;
                left -= 1;
            }
        }
        plan
    }

    fn add_day(&self, person: &Person, date: NaiveDate, count: u32, sessions: &mut Vec<DemoSession>) {
        let mut chance = self.chance(person, date, "day", 0);
        let mood = Mood::of_day(person.temperament, date, &mut chance);
        let mut weights = TIMES.map(|(.., weight)| weight);
        let mut minutes: Vec<u32> = (0..count.min(MOST_A_DAY))
            .map(|_| {
                let time = draw(&weights, &mut chance);
                weights[time] = 0.0;
                chance.random_range(TIMES[time].0..TIMES[time].1)
            })
            .collect();
        minutes.sort_unstable();
        for (ordinal, minute) in (0..).zip(minutes) {
            sessions.extend(self.session(person, date, ordinal, minute, mood));
        }
    }

    fn session(&self, person: &Person, date: NaiveDate, ordinal: u32, minute: u32, mood: Mood) -> Option<DemoSession> {
        let mut chance = self.chance(person, date, "session", ordinal);
        let start = date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0)?);
        let started_at = local_instant(start, person.zone)?;
        let feature = Feature::ALL[draw(&[0.5, 0.3, 0.2], &mut chance)];
        // Evenings are quieter. Turn ends more pleasant than it begins, Lens a little, Mirror goes where it goes.
        let calmer = if minute >= 1200 { -0.2 } else { 0.05 };
        let lift = match feature {
            Feature::Mirror => 0.25 * spread(&mut chance),
            Feature::Turn => 0.75 + 0.3 * spread(&mut chance),
            Feature::Lens => 0.3 + 0.2 * spread(&mut chance),
        };
        let mood = mood.moved(0.25 * spread(&mut chance) - lift / 2.0, calmer + 0.25 * spread(&mut chance));
        let mut turns = Vec::new();
        let mut at = started_at;
        let mut used: Vec<&str> = Vec::new();
        let assistant_opens = chance.random_bool(0.4);
        let member_turns = chance.random_range(2..=if assistant_opens { 3 } else { 4 });
        if assistant_opens {
            turns.push((at, Role::Assistant, pick(&self.sentences.open, &mut used, &mut chance).to_owned()));
        }
        for number in 0..member_turns {
            let part = f64::from(number) / f64::from(member_turns - 1);
            at += TimeDelta::minutes(chance.random_range(1..=3));
            let words = self.member_turn(mood.moved(lift * part, -0.1 * part), number == 0, &mut used, &mut chance);
            turns.push((at, Role::Member, words));
            let answers = if number + 1 == member_turns {
                &self.sentences.close
            } else {
                match feature {
                    Feature::Turn if number > 0 => &self.sentences.reframe,
                    Feature::Lens => &self.sentences.perspective,
                    _ => &self.sentences.reply,
                }
            };
            turns.push((
                at + TimeDelta::seconds(20),
                Role::Assistant,
                pick(answers, &mut used, &mut chance).to_owned(),
            ));
        }
        let ended_at = at + TimeDelta::minutes(1);
        let turns = turns.into_iter().map(|(at, role, words)| (at, role, Private::new(words))).collect();
        Some(DemoSession { date, ordinal, feature, started_at, ended_at, turns })
    }

    /// One to three sentences of a mood.
    fn member_turn(&self, mood: Mood, first: bool, used: &mut Vec<&'static str>, chance: &mut ChaCha8Rng) -> String {
        let mut words = Vec::new();
        if chance.random_bool(if first { 0.6 } else { 0.15 }) {
            words.push(pick(&self.sentences.plain, used, chance));
        }
        for _ in 0..chance.random_range(1..=2) {
            let family = mood.draw_family(chance);
            words.push(pick(&self.sentences.felt[family.index()], used, chance));
        }
        words.join(" ")
    }

    fn chance(&self, person: &Person, date: NaiveDate, what: &str, place: u32) -> ChaCha8Rng {
        let text = format!("{}/{}/{date}/{what}/{place}", self.seed, person.reference);
        ChaCha8Rng::from_seed(Sha256::digest(text).into())
    }

    /// A session as the events of a host product.
    pub fn events(&self, person: &Person, member: &ExternalRef, session: &DemoSession) -> Vec<HostEvent> {
        let id = |kind: &str, index: i32| {
            stable_id(&[
                b"demo",
                &self.seed.to_le_bytes(),
                person.reference.as_bytes(),
                session.date.to_string().as_bytes(),
                &session.ordinal.to_le_bytes(),
                kind.as_bytes(),
                &index.to_le_bytes(),
            ])
        };
        let session_id = id("session", 0);
        let event = |event_id, occurred_at, what| HostEvent {
            event_id,
            member: member.clone(),
            session_id,
            feature: session.feature,
            occurred_at,
            time_zone: person.zone,
            what,
        };
        let mut events = vec![event(id("started", 0), session.started_at, What::Started)];
        for (index, (at, role, text)) in (0..).zip(&session.turns) {
            events.push(event(id("turn", index), *at, What::Turn { index, role: *role, text: text.clone() }));
        }
        events.push(event(id("ended", 0), session.ended_at, What::Ended));
        events
    }
}

/// A place in the list, by weight.
fn draw(weights: &[f64], chance: &mut ChaCha8Rng) -> usize {
    let mut left = chance.random::<f64>() * weights.iter().sum::<f64>();
    for (place, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        left -= weight;
        if left <= 0.0 {
            return place;
        }
    }
    weights.len().saturating_sub(1)
}

/// A sentence that the session does not have yet, as long as there is one.
fn pick(list: &[&'static str], used: &mut Vec<&'static str>, chance: &mut ChaCha8Rng) -> &'static str {
    let fresh: Vec<&'static str> = list.iter().copied().filter(|sentence| !used.contains(sentence)).collect();
    let sentence = fresh.choose(chance).or_else(|| list.first()).copied().unwrap_or_default();
    used.push(sentence);
    sentence
}

#[cfg(test)]
#[path = "sessions_tests.rs"]
mod tests;
