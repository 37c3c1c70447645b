//! What some members are kept from by lot, and who they are.
//!
//! INVARIANT: nothing about an experiment that runs can be changed, only ended. No role of the database may, and what has ended is not
//! begun again: people who were in one arm would be in another.

use chrono::{DateTime, Days, NaiveDate, Utc};
use spectrum_domain::{
    effect::experiment::{Arms, HOLDOUT, Trial, WHOLE, arm_of},
    id::MemberId,
};
use sqlx::PgConnection;

use crate::{db::keyring::Ledger, error::ServiceError};

/// An experiment, running or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// What is tried.
    pub trial: Trial,
    /// With it and without.
    pub arms: Arms,
    /// Of a thousand, how many are kept from it.
    pub permille: u16,
    /// How many days it is meant to run: said beforehand, so that nobody stops when the numbers happen to please.
    pub days: u16,
    /// Since when.
    pub started_at: DateTime<Utc>,
    /// Until when.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Experiment {
    /// The arms' weights, the holdout's last.
    pub const fn weights(&self) -> [u16; 2] {
        [WHOLE - self.permille, self.permille]
    }

    /// The day on which it is read. What is read before is a look.
    pub fn due_on(&self) -> NaiveDate {
        self.started_at.date_naive() + Days::new(self.days.into())
    }

    /// Whether somebody can be in it at all. From what is shown of one's sessions only those are kept who join while it runs.
    pub(crate) fn takes_in(&self, member: MemberId) -> bool {
        let joined = || member.joined_at().is_some_and(|at| at >= self.started_at);
        self.trial != Trial::Spectrum || joined()
    }

    /// Whether the lot keeps the member from it. It falls by their id under a key of this house and is the same each time and in every
    /// process.
    pub(crate) fn draws_out(&self, ledger: &Ledger, member: MemberId) -> bool {
        arm_of(ledger.spread(member, lot_of(self.trial)), &self.arms).name == HOLDOUT
    }
}

/// Under which name the lot is drawn: each thing that is tried has one of its own, so that nobody is always on the same side.
const fn lot_of(trial: Trial) -> &'static str {
    match trial {
        Trial::Spectrum => "spectrum holdout",
        Trial::Push => "push holdout",
        Trial::Teaser => "teaser holdout",
    }
}

/// All experiments there are and were, one for each thing that is tried.
#[derive(Debug, Default)]
pub struct Trials(Vec<Experiment>);

impl Trials {
    /// Whether the member is kept from it now.
    pub(crate) fn hold_out(&self, ledger: &Ledger, trial: Trial, member: MemberId) -> bool {
        let running = self.0.iter().find(|of| of.trial == trial && of.ended_at.is_none());
        running.is_some_and(|of| of.takes_in(member) && of.draws_out(ledger, member))
    }

    /// Whether the member is pushed nothing: by lot, or because Spectrum shows them nothing.
    pub(crate) fn hold_out_of_push(&self, ledger: &Ledger, member: MemberId) -> bool {
        [Trial::Push, Trial::Spectrum].into_iter().any(|trial| self.hold_out(ledger, trial, member))
    }
}

impl From<Vec<Experiment>> for Trials {
    fn from(all: Vec<Experiment>) -> Self {
        Self(all)
    }
}

/// All there are, by what is tried.
pub(crate) async fn load(connection: &mut PgConnection) -> Result<Vec<Experiment>, ServiceError> {
    let rows = sqlx::query!("SELECT name, holdout_permille, days, started_at, ended_at FROM experiment")
        .fetch_all(connection)
        .await?;
    let wrong = |column| ServiceError::Inconsistent { table: "experiment", column };
    let read = rows.into_iter().map(|row| {
        let permille = u16::try_from(row.holdout_permille).map_err(|_| wrong("holdout_permille"))?;
        Ok(Experiment {
            trial: row.name.parse().map_err(|_| wrong("name"))?,
            arms: Arms::with_holdout(permille).map_err(|_| wrong("holdout_permille"))?,
            permille,
            days: u16::try_from(row.days).map_err(|_| wrong("days"))?,
            started_at: row.started_at,
            ended_at: row.ended_at,
        })
    });
    let mut all = read.collect::<Result<Vec<_>, ServiceError>>()?;
    all.sort_by_key(|of| Trial::ALL.iter().position(|trial| *trial == of.trial));
    Ok(all)
}

/// Starts one, if there is none of this and never was.
pub(crate) async fn start(
    connection: &mut PgConnection,
    trial: Trial,
    (permille, days): (i16, i16),
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO experiment (name, holdout_permille, days, started_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        trial.name(),
        permille,
        days,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends it, if it runs.
pub(crate) async fn end(connection: &mut PgConnection, trial: Trial, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query!("UPDATE experiment SET ended_at = $2 WHERE name = $1 AND ended_at IS NULL", trial.name(), now)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}
