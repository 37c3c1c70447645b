//! Reading how Spectrum was used: sums of periods that are over, for the team.

use chrono::NaiveDate;
use spectrum_domain::use_sum::{Segment, UseGrain};
use sqlx::PgConnection;

/// Periods that are shown beside each other.
pub const PERIODS: i64 = 12;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseAsked {
    /// How long a period is.
    pub grain: UseGrain,
    /// A day of the newest period that is meant; the newest there is where none is said.
    pub newest: Option<NaiveDate>,
    /// Of whom.
    pub segment: Segment,
    /// Which of them; of everybody nothing.
    pub value: String,
}

/// One sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseSum {
    /// The first day of its period.
    pub period: NaiveDate,
    /// Of which event; 0 of anything that a member does.
    pub event: i16,
    /// Of which surface, version, cohort or property.
    pub value: String,
    /// How often.
    pub events: i64,
    /// How many people.
    pub people: i64,
}

/// How Spectrum was used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// First days of the periods that were added up, oldest first; the last is the one that is meant.
    pub periods: Vec<NaiveDate>,
    /// Whether there is a later one.
    pub later: bool,
    /// Of those who are meant, by period and event.
    pub sums: Vec<UseSum>,
    /// Of everybody in the newest of the periods, by event and property.
    pub properties: Vec<UseSum>,
    /// Who there is in the newest of the periods, by surface, version and cohort: people who did anything.
    pub segments: Vec<(Segment, UseSum)>,
    /// People of each week's beginners who did anything, by period.
    pub cohorts: Vec<UseSum>,
}

impl Use {
    /// How often and by how many something was done in a period.
    pub fn of(&self, period: NaiveDate, event: i16) -> (u64, u64) {
        let found = self.sums.iter().find(|sum| sum.period == period && sum.event == event);
        let whole = |figure: i64| u64::try_from(figure).unwrap_or(0);
        found.map_or((0, 0), |sum| (whole(sum.events), whole(sum.people)))
    }
}

/// The sums that are asked for. Every statement goes by the key.
pub(crate) async fn load(connection: &mut PgConnection, asked: &UseAsked) -> Result<Use, sqlx::Error> {
    let grain = asked.grain.name();
    let newest = asked.newest.map(|day| asked.grain.start(day));
    let mut periods = sqlx::query_scalar!(
        "SELECT period FROM use_period WHERE grain = $1 AND ($2::date IS NULL OR period <= $2)
         ORDER BY period DESC LIMIT $3",
        grain,
        newest,
        PERIODS
    )
    .fetch_all(&mut *connection)
    .await?;
    periods.reverse();
    let (Some(&first), Some(&last)) = (periods.first(), periods.last()) else { return Ok(Use::default()) };
    let later = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM use_period WHERE grain = $1 AND period > $2) AS "later!""#,
        grain,
        last
    )
    .fetch_one(&mut *connection)
    .await?;
    let sums = sqlx::query_as!(
        UseSum,
        "SELECT period, event, value, events, people FROM use_sum
         WHERE grain = $1 AND period = ANY ($2) AND segment = $3 AND value = $4 ORDER BY period, event",
        grain,
        &periods,
        asked.segment.name(),
        asked.value
    )
    .fetch_all(&mut *connection)
    .await?;
    let properties = sqlx::query_as!(
        UseSum,
        "SELECT period, event, value, events, people FROM use_sum
         WHERE grain = $1 AND period = $2 AND segment = 'property' ORDER BY event, value",
        grain,
        last
    )
    .fetch_all(&mut *connection)
    .await?;
    let segments = sqlx::query!(
        "SELECT segment, value, events, people FROM use_sum
         WHERE grain = $1 AND period = $2 AND event = 0 AND segment IN ('surface', 'version', 'cohort')
         ORDER BY segment, value",
        grain,
        last
    )
    .fetch_all(&mut *connection)
    .await?;
    let segments = segments.into_iter().filter_map(|row| {
        let sum = UseSum { period: last, event: 0, value: row.value, events: row.events, people: row.people };
        Some((row.segment.parse().ok()?, sum))
    });
    let cohorts = sqlx::query_as!(
        UseSum,
        "SELECT period, event, value, events, people FROM use_sum
         WHERE grain = $1 AND period = ANY ($2) AND event = 0 AND segment = 'cohort' AND value >= $3
         ORDER BY value, period",
        grain,
        &periods,
        UseGrain::Week.start(first).to_string()
    )
    .fetch_all(&mut *connection)
    .await?;
    let segments = segments.collect();
    Ok(Use { periods, later, sums, properties, segments, cohorts })
}
