//! The one handle to everything that can be done.

mod access;
mod answers;
mod batch;
mod control;
mod erasure;
mod export;
mod insight;
mod jobs;
mod keys;
mod machine;
mod operate;
mod product;
mod push;
mod queue;
mod review;
mod schedule;
mod spans;

use std::sync::{Arc, RwLock};

use chrono::NaiveDate;
use spectrum_domain::{
    audit::{Actor, Verb},
    calendar::{Period, WeekLabel, local_date},
    dynamics::Dynamics,
    effect::experiment::Trial,
    event::Event,
    id::{HostId, MemberId, SessionId, StaffId},
    job::Queue,
    member::{ExternalRef, Member},
    product_event::Surface,
    session::SessionSummary,
    week::WeekView,
};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    access::link,
    ambient::Ambient,
    control::{audit, issue_receipt::ErasurePolicy},
    db::{
        keyring::Keyring,
        pool::{Duty, Pools},
        scope::{act_as, member_transaction, plain_transaction},
        shield::shielded,
    },
    error::ServiceError,
    ingest::{
        accept_events::{self, EventOutcome, IngestPolicy},
        load_member_status::{self, MemberStatus},
        put_member::{self, MemberChange, SaidBy},
    },
    insight::load_spending::Budgets,
    product::{
        buffer::Buffer,
        experiments::Trials,
        record_event::{self, Origin},
    },
    push::{open::Glances, plan_week::PushPolicy},
    queue::wake::Wakes,
    rollup::{load_dynamics, load_session, load_week},
    schedule::retention::Retention,
};

pub use erasure::Whom;
pub use product::Flushed;
pub use review::InUse;

/// Everything that can be done. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Services {
    inner: Arc<Inner>,
    /// In whose name decisions are recorded: a member's own, and an operator's about the machine.
    decides: Actor,
    /// In what the member has Spectrum.
    origin: Origin,
}

#[derive(Debug)]
struct Inner {
    pools: Pools,
    ambient: Ambient,
    keyring: Keyring,
    ingest: IngestPolicy,
    retention: Retention,
    erasure: ErasurePolicy,
    wakes: Wakes,
    /// There is a model that rephrases what is told.
    models: bool,
    /// What models may cost.
    budgets: Budgets,
    /// What members have seen and is not written yet.
    seen: Buffer,
    /// Who is kept from what by lot, as of a minute ago.
    trials: RwLock<Arc<Trials>>,
    /// The same of weeks that were read and pushes that were tapped.
    glances: Glances,
    /// How pushes are sent from here.
    push: PushPolicy,
}

/// How often a batch is tried again when another batch made the same sessions at the same moment.
const RACES: usize = 4;

impl Services {
    /// From the pools, time and chance, the keys and the settings of ingestion.
    pub fn new(pools: Pools, ambient: Ambient, keys: impl Into<Keyring>, ingest: IngestPolicy) -> Self {
        let (keyring, wakes) = (keys.into(), Wakes::default());
        let (retention, erasure) = (Retention::default(), ErasurePolicy::default());
        let (seen, glances, push) = (Buffer::default(), Glances::default(), PushPolicy::default());
        let (models, budgets, trials) = (false, Budgets::default(), RwLock::default());
        let inner = Inner {
            pools,
            ambient,
            keyring,
            ingest,
            retention,
            erasure,
            wakes,
            models,
            budgets,
            seen,
            trials,
            glances,
            push,
        };
        Self { inner: Arc::new(inner), decides: Actor::Member, origin: Origin::of(Surface::App) }
    }

    /// The same for an operator who decides on a member's behalf: that is what is recorded.
    #[must_use]
    pub fn as_operator(mut self) -> Self {
        self.decides = Actor::Operator;
        self
    }

    /// The same for a person of the team: what they do to the machine is recorded as theirs.
    #[must_use]
    pub fn as_staff(mut self, staff: StaffId) -> Self {
        self.decides = Actor::Staff(staff);
        self
    }

    /// In whose name what is done to the machine is recorded: a person of the team, or whoever has the command line.
    const fn operates(&self) -> Actor {
        match self.decides {
            Actor::Staff(_) => self.decides,
            _ => Actor::Operator,
        }
    }

    /// The same, with other times for which things are kept. Before the handle is passed on: copies keep theirs.
    #[must_use]
    pub fn keeping(mut self, retention: Retention) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.retention = retention;
        }
        self
    }

    /// The same, with receipts that promise other dates. Before the handle is passed on: copies keep theirs.
    #[must_use]
    pub fn promising(mut self, erasure: ErasurePolicy) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.erasure = erasure;
        }
        self
    }

    /// The same, with a model that rephrases what is told. Before the handle is passed on: copies keep theirs.
    #[must_use]
    pub fn rephrasing(mut self, models: bool) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.models = models;
        }
        self
    }

    /// The same, with what models may cost, for those who look at it. Before the handle is passed on: copies keep theirs.
    #[must_use]
    pub fn within(mut self, budgets: Budgets) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.budgets = budgets;
        }
        self
    }

    /// The same, with providers that take pushes. Before the handle is passed on: copies keep theirs.
    #[must_use]
    pub fn pushing(mut self, policy: PushPolicy) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.push = policy;
        }
        self
    }

    /// The pools, for health checks and benches.
    pub fn pools(&self) -> &Pools {
        &self.inner.pools
    }

    /// Time and chance.
    pub fn ambient(&self) -> &Ambient {
        &self.inner.ambient
    }

    async fn begin(&self, duty: Duty) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        plain_transaction(self.inner.pools.of(duty)).await
    }

    /// Has the workers told that something was put into a queue: after the commit.
    fn wake(&self, queue: Queue) {
        self.inner.wakes.wake(queue.name());
    }

    /// Records what is done in the transaction that does it.
    async fn record(
        &self,
        connection: &mut PgConnection,
        actor: Actor,
        verb: Verb,
        member: Option<MemberId>,
        count: u64,
    ) -> Result<(), ServiceError> {
        let hash = member.map(|member| self.inner.keyring.ledger().member_hash(member));
        Ok(audit::record(connection, self.inner.ambient.now(), actor, verb, hash.as_ref(), count).await?)
    }

    async fn begin_for(&self, duty: Duty, member: MemberId) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        member_transaction(self.inner.pools.of(duty), member).await
    }

    // Ingest

    /// Accepts a batch of events. What can't be kept is refused event by event; the rest is kept.
    pub async fn accept_events(&self, host: HostId, events: Vec<Event>) -> Result<Vec<EventOutcome>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let inner = &this.inner;
            for _ in 0..RACES {
                let mut transaction = this.begin(Duty::Ingest).await?;
                let connection: &mut PgConnection = &mut transaction;
                match accept_events::accept(connection, &inner.ambient, &inner.keyring, inner.ingest, host, &events)
                    .await
                {
                    Ok(outcomes) => {
                        transaction.commit().await?;
                        this.wake(Queue::Analysis);
                        return Ok(outcomes);
                    }
                    Err(ServiceError::Raced) => transaction.rollback().await?,
                    Err(error) => return Err(error),
                }
            }
            Err(ServiceError::Raced)
        })
        .await
    }

    /// Makes the member if need be and writes what the host says of them.
    pub async fn put_member(
        &self,
        host: HostId,
        member: ExternalRef,
        change: MemberChange,
    ) -> Result<MemberStatus, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let inner = &this.inner;
            let mut transaction = this.begin(Duty::Ingest).await?;
            let withdraws = change.consent.is_some_and(|consent| !consent.analytics);
            if withdraws {
                record_event::hold_writes(&mut transaction).await?;
            }
            let zone = change.zone.unwrap_or(chrono_tz::Tz::UTC);
            let id =
                put_member::find_or_make(&mut transaction, &inner.ambient, &inner.keyring, host, &member, zone).await?;
            let travelled =
                put_member::change(&mut transaction, id, &change, SaidBy::Host, inner.ambient.now()).await?;
            if travelled {
                act_as(&mut transaction, Duty::System).await?;
                this.follow_the_clock(&mut transaction, id).await?;
            }
            if withdraws {
                act_as(&mut transaction, Duty::System).await?;
                record_event::forget_unless_agreed(&mut transaction, id).await?;
            }
            transaction.commit().await?;
            this.wake(Queue::Rollup);
            this.status_of(id).await
        })
        .await
    }

    /// How far the member's sessions have come.
    pub async fn member_status(&self, host: HostId, member: ExternalRef) -> Result<MemberStatus, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut connection = this.inner.pools.web.acquire().await?;
            let id = link::find_member(&mut connection, host, &member).await?;
            drop(connection);
            this.status_of(id).await
        })
        .await
    }

    async fn status_of(&self, member: MemberId) -> Result<MemberStatus, ServiceError> {
        let mut transaction = self.begin_for(Duty::Web, member).await?;
        let held_out = self.is_held_out(Trial::Spectrum, member);
        load_member_status::load(&mut transaction, member, held_out).await
    }

    // Reading

    /// The date it is for the member.
    pub fn today(&self, member: &Member) -> NaiveDate {
        local_date(self.inner.ambient.now(), &member.zone)
    }

    /// The member's week.
    pub async fn load_week(&self, member: &Member, label: WeekLabel) -> Result<WeekView, ServiceError> {
        let (this, member) = (self.clone(), member.clone());
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member.member_id).await?;
            load_week::load(&mut transaction, &member, label).await
        })
        .await
    }

    /// One session of the member's, and the week it belongs to.
    pub async fn load_session(
        &self,
        member: &Member,
        session: SessionId,
    ) -> Result<(WeekLabel, SessionSummary), ServiceError> {
        let (this, member) = (self.clone(), member.clone());
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member.member_id).await?;
            load_session::load(&mut transaction, &member, session).await
        })
        .await
    }

    /// How the member's feelings moved over a period.
    pub async fn load_dynamics(&self, member: &Member, period: Period) -> Result<Dynamics, ServiceError> {
        let (this, member) = (self.clone(), member.clone());
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member.member_id).await?;
            load_dynamics::load(&mut transaction, &member, period).await
        })
        .await
    }

    /// The newest week in which the member held a session.
    pub async fn newest_week(&self, member: &Member) -> Result<Option<WeekLabel>, ServiceError> {
        let (this, member) = (self.clone(), member.clone());
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member.member_id).await?;
            load_week::newest(&mut transaction, &member).await
        })
        .await
    }
}
