//! Calling members to what they were told: devices, when and whether, what is due and what came of it.

use chrono::{NaiveDate, TimeDelta, Timelike as _};
use spectrum_domain::{
    audit::{Actor, Verb},
    id::{DeliveryId, DeviceId, HostId, MemberId},
    job::Queue,
    product_event::{DayPart, ProductEvent, Surface},
    push::ChannelKind,
};
use sqlx::PgConnection;

use super::Services;
use crate::{
    db::{pool::Duty, scope::act_as, shield::shielded},
    error::ServiceError,
    insight::rewrite,
    product::{buffer::Seen, record_event::Origin},
    push::{
        ask_test,
        channels::{self, ChannelStanding},
        claim_due::{self, Due},
        devices::{self, Device, Registration},
        open::{self, Glance},
        plan_week::{self, Planning},
        preferences::{self, Decision, HostDefault, Preferences},
        settle::{self, Outcome, Settled, Verdict},
    },
};

impl Services {
    /// With what pushes are planned.
    pub(super) fn planning(&self) -> Planning<'_> {
        let inner = &self.inner;
        Planning {
            ledger: inner.keyring.ledger(),
            policy: &inner.push,
            trials: self.trials(),
            now: inner.ambient.now(),
        }
    }

    /// The channels for which there is a provider here.
    pub fn push_channels(&self) -> &[ChannelKind] {
        &self.inner.push.channels
    }

    /// The public key that browsers subscribe with, where there is a provider for them here.
    pub fn web_push_key(&self) -> Option<&str> {
        self.inner.push.web_push_key.as_deref()
    }

    /// A member lives in another zone now: what waits is due by its clock, and a week that has ended there already is told there.
    pub(super) async fn follow_the_clock(
        &self,
        connection: &mut PgConnection,
        member: MemberId,
    ) -> Result<(), ServiceError> {
        let now = self.inner.ambient.now();
        plan_week::plan_anew(connection, self.ledger(), member).await?;
        // Its week was given out there before they came: the editions of the last two weeks are looked at by themselves.
        rewrite::mark(connection, member, now.date_naive() - TimeDelta::days(14)).await?;
        rewrite::order(connection, member, now.timestamp_millis(), now).await?;
        Ok(())
    }

    /// Registers a device of the member's, or refreshes it.
    pub async fn register_device(&self, member: MemberId, device: Registration) -> Result<(), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Push, member).await?;
            let inner = &this.inner;
            devices::register(&mut transaction, &inner.ambient, &inner.keyring, member, &device).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// Removes a device of the member's; whether there was one.
    pub async fn remove_device(&self, member: MemberId, device: DeviceId) -> Result<bool, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Push, member).await?;
            let known = devices::remove(&mut transaction, member, device).await?;
            transaction.commit().await?;
            Ok(known)
        })
        .await
    }

    /// The member's devices, the last heard of first.
    pub async fn list_devices(&self, member: MemberId) -> Result<Vec<Device>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            devices::list(&mut transaction, member).await
        })
        .await
    }

    /// Whether and when the member is pushed.
    pub async fn load_preferences(&self, member: MemberId) -> Result<Preferences, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            preferences::load(&mut transaction, member).await
        })
        .await
    }

    /// Keeps what the member has decided about being pushed; what waits is due by it.
    pub async fn decide_push(&self, member: MemberId, decision: Decision) -> Result<(), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            preferences::decide(&mut transaction, member, &decision, this.inner.ambient.now()).await?;
            plan_week::plan_anew(&mut transaction, this.ledger(), member).await?;
            this.record(&mut transaction, this.decides, Verb::PushDecided, Some(member), 1).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// Wants no more of these by the channel that this one came by: whoever was sent it may say so, signed in or not. Whether
    /// there was such a push.
    pub async fn stop_pushes(&self, delivery: DeliveryId) -> Result<bool, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Push).await?;
            let Some((member, channel)) = preferences::whose(&mut transaction, delivery).await? else {
                return Ok(false);
            };
            drop(transaction);
            this.decide_push(member, Decision::of(channel, false)).await?;
            Ok(true)
        })
        .await
    }

    /// What the host has decided for members who have not said otherwise.
    pub async fn load_push_default(&self, host: HostId) -> Result<HostDefault, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Web).await?;
            preferences::load_default(&mut transaction, host).await
        })
        .await
    }

    /// Keeps it. What is planned already stays at its hour.
    pub async fn decide_push_default(&self, host: HostId, decided: HostDefault) -> Result<(), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Web).await?;
            preferences::decide_default(&mut transaction, host, &decided, this.inner.ambient.now()).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// Sends the member a push to see whether it works, and gives by which channels.
    pub async fn ask_test_push(&self, member: MemberId) -> Result<Vec<ChannelKind>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Push, member).await?;
            let (ledger, policy, now) = (this.ledger(), &this.inner.push, this.inner.ambient.now());
            let channels = ask_test::ask(&mut transaction, ledger, policy, member, now).await?;
            transaction.commit().await?;
            this.wake(Queue::Push);
            Ok(channels)
        })
        .await
    }

    /// Notes that the member has read what was told of a week: they are not called to it. It never waits.
    pub fn note_read(&self, member: MemberId, week: NaiveDate) {
        if self.decides == Actor::Member {
            self.inner.glances.keep(Glance::Read(member, week));
        }
    }

    /// Notes that a tap on a push led here, which is counted where the member agrees. It never waits.
    pub fn note_tap(&self, member: MemberId, delivery: DeliveryId) {
        if self.decides == Actor::Member {
            self.inner.glances.keep(Glance::Tapped(member, delivery));
        }
    }

    /// Writes what was noted so. What can't be written is kept for the next time.
    pub(super) async fn write_glances(&self) -> Result<(), ServiceError> {
        let glances = self.inner.glances.take();
        if glances.is_empty() {
            return Ok(());
        }
        let done = async {
            let mut transaction = self.begin(Duty::System).await?;
            let opened = open::write(&mut transaction, &glances, self.inner.ambient.now()).await?;
            transaction.commit().await?;
            Ok::<_, ServiceError>(opened)
        };
        match done.await {
            Ok(opened) => {
                for tap in opened {
                    self.note_push(tap.member, tap.channel, tap.event);
                }
                Ok(())
            }
            Err(error) => {
                for glance in glances {
                    self.inner.glances.keep(glance);
                }
                Err(error)
            }
        }
    }

    /// Orders the sending of what has come due, and lets go what its day is over for.
    pub(super) async fn order_pushes(&self) -> Result<(), ServiceError> {
        let mut transaction = self.begin(Duty::Push).await?;
        let ordered = claim_due::order(&mut transaction, self.inner.ambient.now()).await?;
        transaction.commit().await?;
        if ordered > 0 {
            self.wake(Queue::Push);
        }
        Ok(())
    }

    /// Takes up what has come due by a channel, some hundreds.
    pub async fn claim_pushes(&self, channel: ChannelKind) -> Result<Vec<Due>, ServiceError> {
        let mut transaction = self.begin(Duty::Push).await?;
        let inner = &self.inner;
        let due =
            claim_due::claim(&mut transaction, &inner.keyring, &self.trials(), channel, inner.ambient.now()).await?;
        transaction.commit().await?;
        Ok(due)
    }

    /// The same without taking anything up, and what is planned among it: for a look at what would be sent.
    pub async fn peek_pushes(&self, channel: ChannelKind) -> Result<Vec<Due>, ServiceError> {
        let mut transaction = self.begin(Duty::Push).await?;
        let inner = &self.inner;
        let until = inner.ambient.now() + TimeDelta::days(8);
        let due = claim_due::claim(&mut transaction, &inner.keyring, &self.trials(), channel, until).await?;
        transaction.rollback().await?;
        Ok(due)
    }

    /// Keeps what came of a batch; what was sent is counted where the member agrees.
    pub async fn settle_pushes(&self, channel: ChannelKind, batch: &[Settled]) -> Result<Outcome, ServiceError> {
        let mut transaction = self.begin(Duty::Push).await?;
        let now = self.inner.ambient.now();
        let (outcome, settled) = settle::settle(&mut transaction, channel, batch, now).await?;
        transaction.commit().await?;
        for Settled { held, verdict, counted_in, .. } in batch {
            if let (Verdict::Sent, Some(zone)) = (verdict, counted_in)
                && settled.contains(&held.delivery.uuid())
            {
                let local_hour = DayPart::of_hour(now.with_timezone(zone).hour());
                self.note_push(held.member, channel, ProductEvent::WeeklySent { channel, local_hour });
            }
        }
        Ok(outcome)
    }

    /// Notes what became of a push to a member who agrees. It never waits.
    fn note_push(&self, member: MemberId, channel: ChannelKind, event: ProductEvent) {
        let ambient = &self.inner.ambient;
        let (id, at) = (ambient.id(), ambient.now());
        self.inner.seen.keep(Seen { member, id, event, origin: Origin::of(Surface::from(channel)), at });
    }

    /// How the channels stand.
    pub async fn look_at_channels(&self) -> Result<Vec<ChannelStanding>, ServiceError> {
        let mut transaction = self.begin(Duty::Push).await?;
        channels::look(&mut transaction, self.inner.ambient.now()).await
    }

    /// Stops a channel for a reason, or lets it go on.
    pub async fn switch_channel(&self, channel: ChannelKind, pause: Option<(&str, &str)>) -> Result<(), ServiceError> {
        let mut transaction = self.begin(Duty::Push).await?;
        channels::switch(&mut transaction, channel, pause, self.inner.ambient.now()).await?;
        let verb = if pause.is_some() { Verb::ChannelPaused } else { Verb::ChannelResumed };
        act_as(&mut transaction, Duty::Staff).await?;
        self.record(&mut transaction, self.operates(), verb, None, 1).await?;
        transaction.commit().await?;
        Ok(())
    }
}
