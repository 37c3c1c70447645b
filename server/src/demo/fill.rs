//! Filling a running Spectrum with the demo's people, through the same API that a host product uses.

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    calendar::{Week, WeekLabel},
    member::{BadReference, Consent, ExternalRef, Plan, weekday_name},
};

use super::{
    people::{Person, Rhythm, Shows, people},
    sessions::Generator,
};
use crate::replay::{
    HostClient, ReplayError, Report,
    client::{HostEvent, MemberProfile},
    deliver::{Delivered, send_all, wait_until_idle},
};

const SENDING: &str = "Writing demo sessions";
const READING: &str = "Reading them";
/// From here on a week has a mean with its interval, see `spectrum_domain::rollup::Tier`.
const RICH: (usize, usize) = (7, 4);

/// A demo member, for the page that lists them.
#[derive(Clone, Debug)]
pub struct DemoMember {
    /// The host's name for them: what a sign-in link is made for.
    pub reference: ExternalRef,
    /// The name to show.
    pub name: &'static str,
    /// What they pay for.
    pub plan: Plan,
    /// What they are there to show.
    pub shows: Shows,
    /// The week to open: the newest rich one, else the newest; nothing where nothing was written this time.
    pub week: Option<WeekLabel>,
}

/// Everyone in the demo and what became of their sessions.
#[derive(Clone, Debug)]
pub struct DemoPeople {
    /// Those to look at first, then the crowd.
    pub members: Vec<DemoMember>,
    /// Sessions that the demo holds of the present window.
    pub sessions: usize,
    /// What became of their events.
    pub delivered: Delivered,
}

impl DemoPeople {
    /// The member to look at for this.
    pub fn who(&self, shows: Shows) -> Option<&DemoMember> {
        self.members.iter().find(|member| member.shows == shows)
    }
}

/// One person's part of the filling.
struct Part {
    member: DemoMember,
    profile: MemberProfile,
    sessions: usize,
    events: Vec<HostEvent>,
}

/// Sends everyone's sessions up to now and waits until they are read. Again, or on a later day, it adds what is new.
pub async fn fill(
    client: &HostClient,
    now: DateTime<Utc>,
    seed: u64,
    progress: Report<'_>,
) -> Result<DemoPeople, ReplayError> {
    let generator = Generator::new(seed);
    let mut parts = Vec::new();
    for person in people() {
        // The demo's own references are all well formed; a test holds it.
        let Ok(mut part) = part(&generator, &person, now) else { continue };
        // Which two days they are depends on today, so what was written on another day must stay alone.
        let written = person.rhythm == Rhythm::Twice
            && client.member_status(&part.member.reference).await?.is_some_and(|known| known.sessions > 0);
        if written {
            (part.events, part.sessions, part.member.week) = (Vec::new(), 0, None);
        }
        parts.push(part);
    }

    let (total, sessions) = (parts.iter().map(|p| p.events.len()).sum(), parts.iter().map(|p| p.sessions).sum());
    let mut delivered = Delivered::default();
    let mut before = 0;
    for part in &parts {
        client.put_member(&part.member.reference, &part.profile).await?;
        let sent =
            send_all(client, &part.events, SENDING, &|step, done, _| progress(step, before + done, total)).await?;
        before += part.events.len();
        delivered.accepted += sent.accepted;
        delivered.duplicates += sent.duplicates;
        delivered.refused += sent.refused;
        delivered.why_refused = delivered.why_refused.or(sent.why_refused);
    }
    let mut read = 0;
    for part in &parts {
        let tell = |step: &str, done: usize, _: usize| progress(step, read + done.min(part.sessions), sessions);
        wait_until_idle(client, &part.member.reference, READING, &tell).await?;
        read += part.sessions;
    }
    Ok(DemoPeople { members: parts.into_iter().map(|part| part.member).collect(), sessions, delivered })
}

fn part(generator: &Generator, person: &Person, now: DateTime<Utc>) -> Result<Part, BadReference> {
    let reference: ExternalRef = person.reference.parse()?;
    let sessions = generator.sessions(person, now);
    let dates: Vec<NaiveDate> = sessions.iter().map(|session| session.date).collect();
    Ok(Part {
        profile: MemberProfile {
            time_zone: Some(person.zone),
            week_start: Some(weekday_name(person.week_start)),
            locale: Some(person.locale),
            plan: Some(person.plan),
            // People who do not exist agree to everything, so that every page has something to show.
            consent: Some(Consent { analysis: true, model: true, analytics: true, outside: false }),
        },
        sessions: sessions.len(),
        events: sessions.iter().flat_map(|session| generator.events(person, &reference, session)).collect(),
        member: DemoMember {
            reference,
            name: person.name,
            plan: person.plan,
            shows: person.shows,
            week: week_to_open(person, &dates),
        },
    })
}

/// The newest week with enough sessions for everything, else the newest week. Dates come oldest first.
fn week_to_open(person: &Person, dates: &[NaiveDate]) -> Option<WeekLabel> {
    let mut weeks: Vec<Week> = dates.iter().map(|date| Week::containing(*date, person.week_start)).collect();
    weeks.dedup();
    let rich = weeks.iter().rev().find(|week| {
        let mut days: Vec<&NaiveDate> = dates.iter().filter(|date| week.contains(**date)).collect();
        let sessions = days.len();
        days.dedup();
        sessions >= RICH.0 && days.len() >= RICH.1
    });
    rich.or(weeks.last()).map(|week| week.label())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_has_a_reference_and_a_week_to_open() {
        let now = "2026-11-23T09:00:00Z".parse().expect("an instant");
        let generator = Generator::new(7);
        let parts: Vec<Part> =
            people().iter().map(|person| part(&generator, person, now).expect("a reference")).collect();
        assert!(parts.iter().all(|part| part.member.week.is_some() && !part.events.is_empty()));
        // A Monday morning: the newest week with enough in it is the last one.
        assert_eq!(parts[0].member.week.map(|week| week.to_string()).as_deref(), Some("2026-W47"));
    }
}
