//! What the operators' pages show of the machine and do to it. Every deed is recorded with who did it and to how many.

use spectrum_domain::{audit::Verb, id::StaffId, job::Queue, push::ChannelKind, schedule::Task};

use super::Services;
use crate::{
    access::staff::address_of,
    control::look_at_erasures::{self, ErasureStanding},
    db::{
        look::{self as machinery, Machinery},
        pool::Duty,
        shield::shielded,
    },
    error::ServiceError,
    push::channels::Because,
    queue::{
        operate::{self, Filter},
        pace::{self, Pace},
        pick::{self, Acted, Deed, JobLine, Meant, Order, Place, Weighed},
        story::{self, JobStory},
        workers::{self, Workforce},
    },
    schedule::look::{self as timetable, Timetable},
};

impl Services {
    /// How each queue goes along.
    pub async fn look_at_pace(&self) -> Result<Vec<Pace>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            Ok(pace::look(&mut transaction, this.inner.ambient.now()).await?)
        })
        .await
    }

    /// The next jobs of a list, at most so many.
    pub async fn page_jobs(
        &self,
        filter: Filter,
        order: Order,
        after: Option<Place>,
        most: i64,
    ) -> Result<Vec<JobLine>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            Ok(pick::page(&mut transaction, &filter, order, after, most).await?)
        })
        .await
    }

    /// One job with all that is known of its life.
    pub async fn tell_job(&self, id: i64) -> Result<Option<JobStory>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let Some(card) = operate::show(&this.inner.pools.staff, id).await? else { return Ok(None) };
            let mut transaction = this.begin(Duty::Staff).await?;
            Ok(Some(story::tell(&mut transaction, card).await?))
        })
        .await
    }

    /// What a deed would come to.
    pub async fn weigh_deed(&self, deed: Deed, meant: Meant) -> Result<Weighed, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            Ok(pick::weigh(&mut transaction, deed, &meant).await?)
        })
        .await
    }

    /// Does it in the name of an operator, if it is still what they agreed to.
    pub async fn act_on_jobs(
        &self,
        staff: StaffId,
        deed: Deed,
        meant: Meant,
        agreed: i64,
    ) -> Result<Acted, ServiceError> {
        let this = self.clone().as_staff(staff);
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            let (who, now) = (address_of(&mut transaction, staff).await?, this.inner.ambient.now());
            let acted = pick::act(&mut transaction, deed, &meant, agreed, now, &who).await?;
            match acted {
                Acted::Done { jobs, .. } if jobs > 0 => {
                    let verb = match deed {
                        Deed::Retry => Verb::JobsRetried,
                        Deed::Bury => Verb::JobBuried,
                    };
                    this.record(&mut transaction, this.operates(), verb, None, jobs).await?;
                    transaction.commit().await?;
                }
                _ => transaction.rollback().await?,
            }
            Ok(acted)
        })
        .await
    }

    /// Pauses a queue in the name of an operator, or has it go on.
    pub async fn switch_queue(&self, staff: StaffId, queue: Queue, paused: bool) -> Result<(), ServiceError> {
        let this = self.clone().as_staff(staff);
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            let who = address_of(&mut transaction, staff).await?;
            operate::pause(&mut transaction, queue.name(), paused, this.inner.ambient.now(), &who).await?;
            let verb = if paused { Verb::QueuePaused } else { Verb::QueueResumed };
            this.record(&mut transaction, this.operates(), verb, None, 1).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }

    /// Stops a channel of pushes in the name of an operator, for a reason, or lets it go on.
    pub async fn operate_channel(
        &self,
        staff: StaffId,
        channel: ChannelKind,
        pause: Option<Because>,
    ) -> Result<(), ServiceError> {
        let this = self.clone().as_staff(staff);
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            let who = address_of(&mut transaction, staff).await?;
            transaction.rollback().await?;
            this.switch_channel(channel, pause.map(|because| (who.as_str(), because.name()))).await
        })
        .await
    }

    /// How the schedule is kept; of one task, where one is meant.
    pub async fn look_at_schedule(&self, task: Option<Task>) -> Result<Timetable, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            timetable::look(&mut transaction, task, this.inner.ambient.now()).await
        })
        .await
    }

    /// How far erasures have come.
    pub async fn look_at_erasures(&self) -> Result<Vec<ErasureStanding>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            look_at_erasures::look(&mut transaction).await
        })
        .await
    }

    /// The database under it all.
    pub async fn look_at_database(&self) -> Result<Machinery, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            Ok(machinery::look(&mut transaction, this.inner.ambient.now().date_naive()).await?)
        })
        .await
    }

    /// Workers and what they hold.
    pub async fn look_at_workers(&self) -> Result<Workforce, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            Ok(workers::look(&mut transaction).await?)
        })
        .await
    }
}
