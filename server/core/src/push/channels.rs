//! The channels' switches, and how each stands: what an operator looks at before touching anything.

use chrono::{DateTime, Utc};
use spectrum_domain::push::ChannelKind;
use sqlx::PgConnection;

use crate::error::ServiceError;

/// Counting stops here: of a million devices nobody tells one more from one less, and nine counts make a page.
pub const MOST_TOLD: i64 = 10_001;

/// Tries that are looked back on, of all channels: of a million members' pushes the newest tell as much as all of a day.
pub const NEWEST: i64 = 20_000;

/// Why an operator stops a channel on the page: closed words, since what is kept there is shown to everybody on the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The provider is in trouble.
    Provider,
    /// Our own settings, keys or words are not right.
    Ours,
    /// Something is being changed.
    Maintenance,
}

impl Because {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Provider, Self::Ours, Self::Maintenance];

    /// The name in a form and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Provider => "provider_in_trouble",
            Self::Ours => "our_settings",
            Self::Maintenance => "maintenance",
        }
    }

    /// The reason with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|because| because.name() == name)
    }
}

/// The newest answers of a channel's provider, by which the breaker goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// All of them.
    pub all: i32,
    /// Taken by the provider.
    pub delivered: i32,
    /// The address is gone.
    pub gone: i32,
    /// The address is not known: it may be wrong, or our settings.
    pub doubtful: i32,
    /// Our settings are refused.
    pub misconfigured: i32,
}

/// How a channel stands. Counts stop at [`MOST_TOLD`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelStanding {
    /// Which.
    pub channel: ChannelKind,
    /// Nothing is sent.
    pub paused: bool,
    /// Why.
    pub reason: Option<String>,
    /// Who stopped it: an operator, or the breaker.
    pub paused_by: Option<String>,
    /// When.
    pub paused_at: Option<DateTime<Utc>>,
    /// Devices.
    pub devices: i64,
    /// Pushes that are due and wait.
    pub due: i64,
    /// Seconds since the oldest of them was due.
    pub oldest_seconds: Option<i64>,
    /// Pushes that are planned.
    pub planned: i64,
    /// The newest answers.
    pub answers: Answers,
    /// Tries of the last day, of all channels' at most the newest [`NEWEST`], by how they ended, with the median of how long the provider
    /// took in milliseconds.
    pub day: Vec<Ends>,
}

/// How many tries ended so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// How, and why, in closed words.
    pub outcome: String,
    /// Why.
    pub reason: String,
    /// How many.
    pub tries: i64,
    /// Half of them took less than so many milliseconds.
    pub median_ms: i64,
    /// Half of them were settled less than so many milliseconds after they were due.
    pub median_late_ms: i64,
}

/// Stops a channel, or lets it go on: then its newest answers are forgotten, so that the same ones stop it again if nothing was
/// mended.
pub(crate) async fn switch(
    connection: &mut PgConnection,
    channel: ChannelKind,
    pause: Option<(&str, &str)>,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let (by, reason) = pause.unzip();
    sqlx::query!(
        "UPDATE push_channel SET paused = $2, paused_by = $3, reason = $4, paused_at = CASE WHEN $2 THEN $5::timestamptz END,
                answers = CASE WHEN $2 THEN answers ELSE 0 END, delivered = CASE WHEN $2 THEN delivered ELSE 0 END,
                gone = CASE WHEN $2 THEN gone ELSE 0 END, doubtful = CASE WHEN $2 THEN doubtful ELSE 0 END,
                misconfigured = CASE WHEN $2 THEN misconfigured ELSE 0 END
         WHERE channel = $1",
        channel.name(),
        pause.is_some(),
        by,
        reason,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How the channels stand.
pub(crate) async fn look(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<ChannelStanding>, ServiceError> {
    let rows = sqlx::query!(
        r#"SELECT c.channel, c.paused, c.reason, c.paused_by, c.paused_at, c.answers, c.delivered, c.gone, c.doubtful,
                  c.misconfigured,
                  (SELECT count(*) FROM (SELECT FROM device d WHERE d.channel = c.channel LIMIT $2) AS n) AS "devices!",
                  (SELECT count(*) FROM (SELECT FROM push_outbox o
                   WHERE o.channel = c.channel AND o.state = 'waiting' AND o.next_at <= $1 LIMIT $2) AS n) AS "due!",
                  (SELECT extract(epoch FROM $1 - min(o.next_at))::bigint FROM push_outbox o
                   WHERE o.channel = c.channel AND o.state = 'waiting' AND o.next_at <= $1) AS oldest_seconds,
                  (SELECT count(*) FROM (SELECT FROM push_outbox o
                   WHERE o.channel = c.channel AND o.state = 'waiting' AND o.next_at > $1 LIMIT $2) AS n) AS "planned!"
           FROM push_channel c ORDER BY c.channel"#,
        now,
        MOST_TOLD
    )
    .fetch_all(&mut *connection)
    .await?;
    let ends = sqlx::query!(
        r#"SELECT channel, outcome, reason, count(*) AS "tries!",
                  percentile_disc(0.5) WITHIN GROUP (ORDER BY took_ms)::bigint AS "median_ms!",
                  percentile_disc(0.5) WITHIN GROUP (ORDER BY late_ms)::bigint AS "median_late_ms!"
           FROM (SELECT channel, outcome, reason, took_ms, late_ms FROM push_attempt
                 WHERE at > $1::timestamptz - interval '1 day' ORDER BY at DESC LIMIT $2) AS newest
           GROUP BY channel, outcome, reason ORDER BY 4 DESC, 2, 3"#,
        now,
        NEWEST
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let of_it = ends.iter().filter(|ends| ends.channel == row.channel);
            let day = of_it
                .map(|ends| Ends {
                    outcome: ends.outcome.clone(),
                    reason: ends.reason.clone(),
                    tries: ends.tries,
                    median_ms: ends.median_ms,
                    median_late_ms: ends.median_late_ms,
                })
                .collect();
            let channel = row.channel.parse();
            Ok(ChannelStanding {
                channel: channel
                    .map_err(|_| ServiceError::Inconsistent { table: "push_channel", column: "channel" })?,
                paused: row.paused,
                reason: row.reason,
                paused_by: row.paused_by,
                paused_at: row.paused_at,
                devices: row.devices,
                due: row.due,
                oldest_seconds: row.oldest_seconds,
                planned: row.planned,
                answers: Answers {
                    all: row.answers,
                    delivered: row.delivered,
                    gone: row.gone,
                    doubtful: row.doubtful,
                    misconfigured: row.misconfigured,
                },
                day,
            })
        })
        .collect()
}
