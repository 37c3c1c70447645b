//! How Spectrum is used, of those who agree: kept for a moment, written, and decided about.

use std::sync::{Arc, PoisonError};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use spectrum_domain::{
    audit::{Actor, Verb},
    effect::experiment::Trial,
    id::{ExclusionId, HostId, MemberId},
    member::{ExternalRef, Member},
    product_event::{AppVersion, Count, ProductEvent, Surface, Via},
    schedule::{Scope, Task},
};
use sqlx::PgConnection;

use super::{Services, jobs::complete};
use crate::{
    access::link,
    control::settings,
    db::{pool::Duty, shield::shielded},
    error::ServiceError,
    product::{
        buffer::Seen,
        experiments::{self, Experiment, Trials},
        load_use::{self, Use, UseAsked},
        log_exposures,
        record_event::{self, Origin},
        sum_arms::{self, Seen as SeenArms},
        sum_exposures::{self, Exposures},
        sum_night,
        sum_opened::{self, Opened},
        sum_told, sum_use,
        upgrade::{self, Upgrade},
    },
    queue::claim::ClaimedJob,
    schedule::spread_period,
};

/// What became of events that waited to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flushed {
    /// Written.
    pub written: u64,
    /// Of members who do not agree any more, or are gone.
    pub withdrawn: u64,
    /// There was no room for them.
    pub dropped: u64,
}

impl Services {
    /// The same for a member who has Spectrum in this.
    #[must_use]
    pub fn on(mut self, surface: Surface) -> Self {
        self.origin = Origin::of(surface);
        self
    }

    /// The same for one who has it in a version of its own.
    #[must_use]
    pub fn on_version(mut self, surface: Surface, version: Option<AppVersion>) -> Self {
        self.origin = version.map_or_else(|| Origin::of(surface), |version| Origin::at(surface, version));
        self
    }

    /// Notes that a member has seen or opened something, to be written within a second. It never waits; nothing is noted of
    /// who has not agreed.
    pub fn note(&self, member: &Member, event: ProductEvent) {
        if !member.counted || self.decides != Actor::Member {
            return;
        }
        let ambient = &self.inner.ambient;
        let (id, at) = (ambient.id(), ambient.now());
        self.inner.seen.keep(Seen { member: member.member_id, id, event, origin: self.origin, at });
    }

    /// Writes what was noted, in one statement. What can't be written is kept for the next time, as far as there is room.
    pub async fn write_noted(&self) -> Result<Flushed, ServiceError> {
        let this = self.clone();
        shielded(async move {
            this.write_glances().await?;
            let seen = this.inner.seen.take();
            let dropped = this.inner.seen.take_dropped();
            if seen.is_empty() {
                return Ok(Flushed { dropped, ..Flushed::default() });
            }
            let done = async {
                let mut transaction = this.begin(Duty::System).await?;
                let written = record_event::write(&mut transaction, &seen).await?;
                transaction.commit().await?;
                Ok::<_, sqlx::Error>(written)
            };
            match done.await {
                Ok(written) => {
                    let withdrawn = u64::try_from(seen.len()).unwrap_or(u64::MAX).saturating_sub(written);
                    Ok(Flushed { written, withdrawn, dropped })
                }
                Err(error) => {
                    this.inner.seen.put_back(seen);
                    this.inner.seen.count_dropped(dropped);
                    Err(error.into())
                }
            }
        })
        .await
    }

    /// Says whether the member's use may be counted, whatever their host says. What was counted of who does not agree goes.
    pub async fn count_use(&self, member: MemberId, counted: bool) -> Result<(), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Worker, member).await?;
            settings::count_use(&mut transaction, member, counted).await?;
            this.record(&mut transaction, this.decides, Verb::CountingDecided, Some(member), 1).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// Adds up how Spectrum was used in every period that was over when this day began, a period a transaction, and takes the job out of the
    /// queue. Gives how many periods that were.
    pub async fn sum_use(&self, job: &ClaimedJob, round: NaiveDate) -> Result<usize, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        record_event::hold_withdrawals(&mut transaction).await?;
        sum_use::remember_first_uses(&mut transaction, round).await?;
        transaction.commit().await?;
        let mut transaction = self.begin(Duty::System).await?;
        let open = sum_use::list_open(&mut transaction, round).await?;
        drop(transaction);
        for period in &open {
            // Nobody waits to withdraw while a month is added up; if somebody has meanwhile, it is done again and they do.
            if !self.sum_period(*period, false).await? {
                self.sum_period(*period, true).await?;
            }
        }
        self.sum_arms(round).await?;
        self.sum_opened(round).await?;
        self.sum_told(round).await?;
        let mut transaction = self.begin(Duty::System).await?;
        let now = self.inner.ambient.now();
        spread_period::page_done(&mut transaction, Task::SumUse, Scope::Everybody, round, now).await?;
        complete(transaction, job).await?;
        Ok(open.len())
    }

    /// Adds a period up, holding withdrawals all the time or only at its end. False: somebody withdrew while it was added up, and
    /// nothing is kept.
    async fn sum_period(&self, period: sum_use::Open, held: bool) -> Result<bool, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        if held {
            record_event::hold_withdrawals(&mut transaction).await?;
        }
        let began = self.inner.ambient.now();
        sum_use::sum(&mut transaction, period).await?;
        if !held {
            record_event::hold_withdrawals(&mut transaction).await?;
            if !sum_use::is_of_all_there(&mut transaction, period).await? {
                return Ok(false);
            }
        }
        let now = self.inner.ambient.now();
        sum_use::note(&mut transaction, period, (now - began).to_std().unwrap_or_default(), now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Logs who came into an experiment since the night before, and adds up how those fare who ever did, as of the beginning of this day.
    async fn sum_arms(&self, round: NaiveDate) -> Result<(), ServiceError> {
        let midnight = midnight_of(round);
        let mut transaction = self.begin(Duty::System).await?;
        record_event::hold_withdrawals(&mut transaction).await?;
        let experiments = experiments::load(&mut transaction).await?;
        let until = sum_night::until(&mut transaction, sum_night::Part::Arms).await?;
        log_exposures::log_teaser(&mut transaction, round).await?;
        for experiment in &experiments {
            let since = until.map_or(experiment.started_at, |day| midnight_of(day).max(experiment.started_at));
            let before = experiment.ended_at.map_or(midnight, |ended| ended.min(midnight));
            let drawn = (self.ledger(), experiment);
            match experiment.trial {
                // Whoever comes to its place is logged, drawn or not.
                Trial::Teaser => {}
                Trial::Spectrum => log_exposures::log_joined(&mut transaction, drawn, (since, before)).await?,
                Trial::Push => log_exposures::log_pushed(&mut transaction, drawn, (since, before)).await?,
            }
        }
        transaction.commit().await?;
        // Nothing here brings back who withdraws meanwhile, so nobody has to wait for it.
        let mut transaction = self.begin(Duty::System).await?;
        let began = self.inner.ambient.now();
        sum_arms::look_who_was_there(&mut transaction, midnight).await?;
        sum_arms::sum(&mut transaction).await?;
        sum_exposures::sum(&mut transaction).await?;
        let took = self.inner.ambient.now() - began;
        sum_night::note(&mut transaction, sum_night::Part::Arms, round, took).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Adds up how those fare who opened Spectrum by themselves.
    async fn sum_opened(&self, round: NaiveDate) -> Result<(), ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        let began = self.inner.ambient.now();
        sum_opened::sum(&mut transaction, sum_opened::newest_monday(round)).await?;
        let took = self.inner.ambient.now() - began;
        sum_night::note(&mut transaction, sum_night::Part::Opened, round, took).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Adds up anew what was told and said in the months that can still change, a month a transaction. Nobody who withdraws meanwhile
    /// waits for it: they are out of it the night after.
    async fn sum_told(&self, round: NaiveDate) -> Result<(), ServiceError> {
        for month in sum_told::open_months(round) {
            let mut transaction = self.begin(Duty::System).await?;
            sum_told::sum(&mut transaction, month).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Who came to the teaser's place first in these days, and who upgraded after it.
    pub async fn load_exposures(&self, first: NaiveDate, after: NaiveDate) -> Result<Exposures, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            sum_exposures::load(&mut transaction, first, after).await
        })
        .await
    }

    /// Records what a host's billing says, of a member who agrees to be counted; whether that is so.
    pub async fn record_upgrade(
        &self,
        host: HostId,
        reference: ExternalRef,
        upgrade: Upgrade,
    ) -> Result<bool, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut connection = this.inner.pools.web.acquire().await?;
            let member = link::find_member(&mut connection, host, &reference).await?;
            drop(connection);
            let mut transaction = this.begin_for(Duty::Worker, member).await?;
            let counted = record_event::agrees(&mut transaction, member).await?;
            if counted {
                upgrade::record(&mut transaction, member, upgrade, this.inner.ambient.now()).await?;
            }
            transaction.commit().await?;
            Ok(counted)
        })
        .await
    }

    /// All experiments, running or ended.
    pub async fn load_experiments(&self) -> Result<Vec<Experiment>, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        experiments::load(&mut transaction).await
    }

    /// Keeps so many of a thousand members from something, from now on and for so many days as it is meant. False: there is or was one.
    pub async fn start_experiment(&self, trial: Trial, holdout_permille: i16, days: i16) -> Result<bool, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        let now = self.inner.ambient.now();
        let done = experiments::start(&mut transaction, trial, (holdout_permille, days), now).await?;
        if done {
            self.record(&mut transaction, self.operates(), Verb::ExperimentStarted, None, 1).await?;
        }
        transaction.commit().await?;
        Ok(done)
    }

    /// Ends it. False: none runs.
    pub async fn end_experiment(&self, trial: Trial) -> Result<bool, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        let done = experiments::end(&mut transaction, trial, self.inner.ambient.now()).await?;
        if done {
            self.record(&mut transaction, self.operates(), Verb::ExperimentEnded, None, 1).await?;
        }
        transaction.commit().await?;
        Ok(done)
    }

    /// Looks who is kept from what, for this process.
    pub async fn refresh_experiments(&self) -> Result<(), ServiceError> {
        let trials = Arc::new(Trials::from(self.load_experiments().await?));
        *self.inner.trials.write().unwrap_or_else(PoisonError::into_inner) = trials;
        Ok(())
    }

    /// Who is kept from what, as this process knows it.
    pub(super) fn trials(&self) -> Arc<Trials> {
        self.inner.trials.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the member is kept from it by lot.
    pub fn is_held_out(&self, trial: Trial, member: MemberId) -> bool {
        self.trials().hold_out(self.ledger(), trial, member)
    }

    /// Every experiment with who is in it and comes back, and the first day that is in no number of it.
    pub async fn load_arms(&self) -> Result<(Vec<SeenArms>, Option<NaiveDate>), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            sum_arms::load(&mut transaction).await
        })
        .await
    }

    /// Who opened Spectrum by themselves soon after the newest Monday up to this day, and who did not.
    pub async fn load_opened(&self, until: Option<NaiveDate>) -> Result<Option<Opened>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            sum_opened::load(&mut transaction, until).await
        })
        .await
    }

    /// How Spectrum was used in the periods up to this one, newest last.
    pub async fn load_use(&self, asked: UseAsked) -> Result<Use, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            Ok(load_use::load(&mut transaction, &asked).await?)
        })
        .await
    }

    /// Whether what the member is just doing is to be counted: they do it themselves, and agree.
    pub(super) async fn counts(&self, connection: &mut PgConnection, member: MemberId) -> Result<bool, ServiceError> {
        Ok(self.decides == Actor::Member && record_event::agrees(connection, member).await?)
    }

    /// Counts what the member is just doing, if it is to be.
    pub(super) async fn count(
        &self,
        connection: &mut PgConnection,
        member: MemberId,
        event: ProductEvent,
    ) -> Result<(), ServiceError> {
        if self.counts(connection, member).await? {
            record_event::record(connection, &self.inner.ambient, self.origin, member, event).await?;
        }
        Ok(())
    }

    /// Counts that a session was left out, or taken in again.
    pub(super) async fn count_exclusion(
        &self,
        connection: &mut PgConnection,
        member: MemberId,
        out: bool,
    ) -> Result<(), ServiceError> {
        if !self.counts(connection, member).await? {
            return Ok(());
        }
        let total = sqlx::query_scalar!(
            r#"SELECT count(*) AS "out!" FROM session WHERE member_id = $1 AND excluded"#,
            member.uuid()
        )
        .fetch_one(&mut *connection)
        .await?;
        let (via, excluded_total) = (Via::List, Count::of(u64::try_from(total).unwrap_or(0)));
        let event = if out {
            ProductEvent::SessionExcluded { via, excluded_total }
        } else {
            ProductEvent::SessionIncluded { via, excluded_total }
        };
        record_event::record(connection, &self.inner.ambient, self.origin, member, event).await?;
        Ok(())
    }
}

fn midnight_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// Whether an exclusion is of one session.
pub(super) async fn is_of_a_session(
    connection: &mut PgConnection,
    member: MemberId,
    exclusion: ExclusionId,
) -> Result<bool, sqlx::Error> {
    let scope = sqlx::query_scalar!(
        "SELECT scope FROM exclusion WHERE member_id = $1 AND exclusion_id = $2",
        member.uuid(),
        exclusion.uuid()
    )
    .fetch_optional(connection)
    .await?;
    Ok(scope.as_deref() == Some("session"))
}
