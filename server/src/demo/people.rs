//! Who lives in the demo: one member to look at for each kind of page, and enough quiet ones that a team may be counted.

use chrono::Weekday;
use chrono_tz::Tz;
use spectrum_domain::member::Plan;

/// What a demo member is there to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Everything: a year and more of rich weeks.
    PaidMember,
    /// The free plan.
    FreeMember,
    /// How it looks before there is enough to add up.
    TwoSessions,
    /// That a team is counted only from ten people on.
    Crowd,
}

/// How often someone writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// For so many weeks up to now, so many sessions in each.
    Weekly {
        /// Weeks up to now.
        weeks: u32,
        /// Fewest sessions in a week.
        least: u32,
        /// Most sessions in a week.
        most: u32,
    },
    /// Two sessions in one week, and never a third.
    Twice,
}

/// The middle someone's moods move around, each from −1 to 1.
#[derive(Clone, Copy, Debug)]
pub struct Temperament {
    /// Unpleasant to pleasant.
    pub valence: f64,
    /// Low to high energy.
    pub arousal: f64,
    /// How much a hard month takes away; nobody else has one at that time of the year.
    pub hard_month: f64,
}

/// One demo member.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The host's name for them.
    pub reference: &'static str,
    /// The name the demo shows.
    pub name: &'static str,
    /// Where they live.
    pub zone: Tz,
    /// First day of their weeks.
    pub week_start: Weekday,
    /// Language tag.
    pub locale: &'static str,
    /// What they pay for.
    pub plan: Plan,
    /// What they are there to show.
    pub shows: Shows,
    /// How often they write.
    pub rhythm: Rhythm,
    /// How they are.
    pub temperament: Temperament,
}

const fn person(reference: &'static str, name: &'static str, zone: Tz, plan: Plan, rhythm: Rhythm) -> Person {
    Person {
        reference,
        name,
        zone,
        week_start: Weekday::Mon,
        locale: "en-GB",
        plan,
        shows: Shows::Crowd,
        rhythm,
        temperament: Temperament { valence: 0.05, arousal: -0.05, hard_month: 0.0 },
    }
}

/// Someone of the crowd: one to four sessions a week, so that every full week has them all.
const fn quiet(
    reference: &'static str,
    name: &'static str,
    zone: Tz,
    weeks: u32,
    valence: f64,
    arousal: f64,
) -> Person {
    let rhythm = Rhythm::Weekly { weeks, least: 1, most: 4 };
    let plan = if weeks.is_multiple_of(2) { Plan::Free } else { Plan::Paid };
    Person {
        temperament: Temperament { valence, arousal, hard_month: 0.0 },
        ..person(reference, name, zone, plan, rhythm)
    }
}

/// The demo's members. `ada` writes in every week at least seven times, since any week may be the newest full one.
pub fn people() -> [Person; 15] {
    let fourteen_months = Rhythm::Weekly { weeks: 61, least: 7, most: 12 };
    let six_weeks = Rhythm::Weekly { weeks: 6, least: 3, most: 6 };
    [
        Person {
            shows: Shows::PaidMember,
            temperament: Temperament { valence: 0.12, arousal: 0.0, hard_month: 0.75 },
            ..person("ada", "Ada", Tz::Europe__London, Plan::Paid, fourteen_months)
        },
        Person {
            shows: Shows::FreeMember,
            locale: "en-US",
            ..person("ben", "Ben", Tz::America__New_York, Plan::Free, six_weeks)
        },
        Person { shows: Shows::TwoSessions, ..person("chi", "Chi", Tz::Asia__Tokyo, Plan::Free, Rhythm::Twice) },
        quiet("dev", "Dev", Tz::Asia__Kathmandu, 14, 0.1, -0.1),
        quiet("esi", "Esi", Tz::Africa__Accra, 9, 0.25, 0.15),
        quiet("fin", "Fin", Tz::Pacific__Auckland, 11, -0.1, 0.1),
        Person {
            week_start: Weekday::Sun,
            locale: "en-US",
            ..quiet("gia", "Gia", Tz::America__Chicago, 12, 0.05, -0.2)
        },
        quiet("hal", "Hal", Tz::Europe__Berlin, 8, -0.2, -0.15),
        quiet("ivy", "Ivy", Tz::Europe__Dublin, 13, 0.2, -0.1),
        quiet("jon", "Jon", Tz::America__Sao_Paulo, 10, 0.0, 0.2),
        quiet("kim", "Kim", Tz::Asia__Seoul, 7, -0.05, -0.05),
        quiet("lea", "Lea", Tz::Europe__Paris, 15, 0.15, 0.05),
        quiet("max", "Max", Tz::Australia__Adelaide, 6, -0.15, 0.2),
        quiet("noa", "Noa", Tz::Africa__Johannesburg, 10, 0.1, 0.0),
        quiet("pat", "Pat", Tz::America__St_Johns, 12, 0.0, -0.15),
    ]
}
