//! What members decide about what is held of them: each takes effect in the same request.

use chrono::Weekday;
use chrono_tz::Tz;
use spectrum_domain::{
    audit::{Actor, Verb},
    card::Language,
    correction::Correction,
    erasure::AskedBy,
    exclusion::{Change, Exclusion, Reason, Scope, WeekChange, WideChange},
    id::{ExclusionId, HostId, MemberId, ResetId, SessionId},
    job::Queue,
    member::{ExternalRef, Member},
    product_event::{ProductEvent, Seconds, Via},
    reset::Reset,
};
use sqlx::PgConnection;

use super::{Services, product::is_of_a_session};
use crate::{
    access::link,
    control::{
        correct_session, exclude, exclude_session, reset,
        settings::{self, Settings},
    },
    db::{pool::Duty, shield::shielded},
    error::ServiceError,
    ingest::put_member::{self, MemberChange, SaidBy},
    insight::rewrite::{self, Cause},
};

impl Services {
    /// Leaves a session out of the analysis.
    pub async fn exclude_session(&self, member: &Member, session: SessionId) -> Result<Change, ServiceError> {
        self.set_excluded(member.member_id, session, true).await
    }

    /// Takes a session in again.
    pub async fn include_session(&self, member: &Member, session: SessionId) -> Result<Change, ServiceError> {
        self.set_excluded(member.member_id, session, false).await
    }

    /// The member whom a host knows by this reference.
    pub async fn find_member(&self, host: HostId, reference: &ExternalRef) -> Result<MemberId, ServiceError> {
        let mut connection = self.inner.pools.web.acquire().await?;
        link::find_member(&mut connection, host, reference).await
    }

    /// Makes what is told of the member's weeks and months again, in the transaction of the decision that changed it.
    async fn tell_anew(&self, connection: &mut PgConnection, member: MemberId) -> Result<(), ServiceError> {
        rewrite::rewrite(connection, member, Cause::Decided, self.inner.models, self.inner.ambient.now()).await?;
        Ok(())
    }

    async fn set_excluded(&self, member: MemberId, session: SessionId, out: bool) -> Result<Change, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            let change =
                exclude_session::set_excluded(&mut transaction, &this.inner.ambient, member, session, out).await?;
            this.tell_anew(&mut transaction, member).await?;
            this.record(
                &mut transaction,
                this.decides,
                if out { Verb::SessionExcluded } else { Verb::SessionIncluded },
                Some(member),
                1,
            )
            .await?;
            this.count_exclusion(&mut transaction, member, out).await?;
            transaction.commit().await?;
            this.wake(Queue::Analysis);
            Ok(change)
        })
        .await
    }

    /// The member's exclusions, newest first.
    pub async fn list_exclusions(&self, member: MemberId) -> Result<Vec<Exclusion>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            exclude::list(&mut transaction, member).await
        })
        .await
    }

    /// Keeps out what the scope covers, past and to come.
    pub async fn exclude(
        &self,
        member: MemberId,
        scope: Scope,
        reason: Option<Reason>,
    ) -> Result<(Exclusion, WideChange), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            let done = exclude::exclude(&mut transaction, &this.inner.ambient, member, scope, reason).await?;
            this.tell_anew(&mut transaction, member).await?;
            this.record(&mut transaction, this.decides, Verb::ScopeExcluded, Some(member), 1).await?;
            if matches!(scope, Scope::Session(_)) {
                this.count_exclusion(&mut transaction, member, true).await?;
            }
            transaction.commit().await?;
            Ok(done)
        })
        .await
    }

    /// Keeps out what is held from now on.
    pub async fn pause(
        &self,
        member: MemberId,
        reason: Option<Reason>,
    ) -> Result<(Exclusion, WideChange), ServiceError> {
        let from = self.inner.ambient.now();
        self.exclude(member, Scope::Pause { from, until: None }, reason).await
    }

    /// Takes an exclusion back.
    pub async fn include(&self, member: MemberId, exclusion: ExclusionId) -> Result<WideChange, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            let of_a_session = is_of_a_session(&mut transaction, member, exclusion).await?;
            let change = exclude::include(&mut transaction, &this.inner.ambient, member, exclusion).await?;
            this.tell_anew(&mut transaction, member).await?;
            this.record(&mut transaction, this.decides, Verb::ScopeIncluded, Some(member), 1).await?;
            if of_a_session {
                this.count_exclusion(&mut transaction, member, false).await?;
            }
            transaction.commit().await?;
            this.wake(Queue::Analysis);
            Ok(change)
        })
        .await
    }

    /// Ends a pause from now on; what was held during it stays out.
    pub async fn resume(&self, member: MemberId, exclusion: ExclusionId) -> Result<WideChange, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            let change = exclude::resume(&mut transaction, &this.inner.ambient, member, exclusion).await?;
            this.tell_anew(&mut transaction, member).await?;
            this.record(&mut transaction, this.decides, Verb::ScopeIncluded, Some(member), 1).await?;
            transaction.commit().await?;
            Ok(change)
        })
        .await
    }

    /// What the member has decided about what is held of them.
    pub async fn load_settings(&self, member: MemberId) -> Result<Settings, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            settings::load(&mut transaction, member, &this.inner.retention).await
        })
        .await
    }

    /// Keeps the member's words for as long as others' are, or drops them once they were read: those of what was read
    /// already at once. Gives of how many sessions.
    pub async fn keep_text(&self, member: MemberId, keep: bool) -> Result<i32, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Worker, member).await?;
            let dropped = settings::keep_text(&mut transaction, member, keep).await?;
            this.record(&mut transaction, this.decides, Verb::KeepingDecided, Some(member), 1).await?;
            transaction.commit().await?;
            Ok(dropped)
        })
        .await
    }

    /// Writes to the member in this language from now on, or again in the one the host says.
    pub async fn choose_language(&self, member: MemberId, language: Option<Language>) -> Result<(), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Worker, member).await?;
            settings::choose_language(&mut transaction, member, language, this.inner.ambient.now()).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// Lets a model put findings into other words, or no longer. Taken back, what models said is said by templates again before
    /// this returns.
    pub async fn decide_model(&self, member: MemberId, agreed: bool) -> Result<(), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Worker, member).await?;
            let now = this.inner.ambient.now();
            settings::decide_model(&mut transaction, member, agreed, now).await?;
            if !agreed {
                rewrite::rewrite(&mut transaction, member, Cause::Reworded, false, now).await?;
            }
            this.record(&mut transaction, this.decides, Verb::ModelDecided, Some(member), 1).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// Says in which zone the member lives from now on, or on which day their weeks begin. The past keeps the zone it was lived
    /// in; weeks are added up again and told anew.
    pub async fn change_calendar(
        &self,
        member: MemberId,
        zone: Option<Tz>,
        week_start: Option<Weekday>,
    ) -> Result<(), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Worker, member).await?;
            let change = MemberChange { zone, week_start, ..MemberChange::default() };
            let now = this.inner.ambient.now();
            if put_member::change(&mut transaction, member, &change, SaidBy::Member, now).await? {
                this.follow_the_clock(&mut transaction, member).await?;
            }
            this.record(&mut transaction, this.decides, Verb::CalendarChanged, Some(member), 1).await?;
            transaction.commit().await?;
            this.wake(Queue::Rollup);
            Ok(())
        })
        .await
    }

    /// Starts the member afresh, and gives the number under which the receipt can be had.
    pub async fn reset(&self, member: MemberId, wish: Reset) -> Result<ResetId, ServiceError> {
        let this = self.clone();
        let by = if this.decides == Actor::Operator { AskedBy::Operator } else { AskedBy::Member };
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Worker, member).await?;
            let begun = this.inner.ambient.now();
            let (inner, ledger) = (&this.inner, this.ledger());
            let (id, rows) =
                reset::reset(&mut transaction, &inner.ambient, ledger, inner.erasure, member, wish, by).await?;
            this.tell_anew(&mut transaction, member).await?;
            this.record(&mut transaction, this.decides, Verb::Reset, Some(member), rows).await?;
            // Nothing of it is derived from what was measured, so a fresh start leaves it; an erasure does not.
            let (scope, took) = (wish.depth, this.inner.ambient.now() - begun);
            let seconds = Seconds::of_milliseconds(took.num_milliseconds());
            this.count(&mut transaction, member, ProductEvent::ResetRequested { scope }).await?;
            this.count(&mut transaction, member, ProductEvent::ResetCompleted { scope, seconds }).await?;
            transaction.commit().await?;
            Ok(id)
        })
        .await
    }

    /// Puts the member's word in the place of what was measured of a session.
    pub async fn correct_session(
        &self,
        member: MemberId,
        session: SessionId,
        correction: Correction,
    ) -> Result<WeekChange, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            let now = this.inner.ambient.now();
            let change = correct_session::correct(&mut transaction, member, session, correction, now).await?;
            this.tell_anew(&mut transaction, member).await?;
            this.record(&mut transaction, this.decides, Verb::Corrected, Some(member), 1).await?;
            this.count(&mut transaction, member, ProductEvent::SessionCorrected { via: Via::List }).await?;
            transaction.commit().await?;
            Ok(change)
        })
        .await
    }

    /// Takes the member's word about a session back.
    pub async fn take_correction_back(&self, member: MemberId, session: SessionId) -> Result<WeekChange, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            let change = correct_session::take_back(&mut transaction, member, session).await?;
            this.tell_anew(&mut transaction, member).await?;
            this.record(&mut transaction, this.decides, Verb::CorrectionTakenBack, Some(member), 1).await?;
            transaction.commit().await?;
            Ok(change)
        })
        .await
    }
}
