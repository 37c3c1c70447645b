//! Erasure from the wish to the receipt, and what keeps it true after a backup was restored.

use spectrum_domain::{
    audit::{Actor, Record, Verb},
    erasure::{AskedBy, Erasure, ErasureState},
    id::{ErasureId, HostId, MemberId},
    job::Queue,
    member::{ExternalRef, Member},
};
use uuid::Uuid;

use super::{Services, jobs::complete};
use crate::{
    access::link,
    control::{audit, erase_member, load_erasure, replay_tombstones},
    db::{keyring::Ledger, pool::Duty, shield::shielded},
    error::ServiceError,
    product::record_event,
    queue::claim::ClaimedJob,
};

/// Who is to be erased.
#[derive(Clone, Debug)]
pub enum Whom {
    /// A member who is known.
    Member(MemberId),
    /// Whom a host means by a reference.
    Reference(HostId, ExternalRef),
}

impl Services {
    /// Shuts a member out at once, ends their sign-ins and orders the erasure of everything about them: the one way in for
    /// the member's page, the host's request, the command line and restored backups.
    pub async fn order_erasure(&self, whom: Whom, by: AskedBy) -> Result<ErasureId, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let (member, actor) = match &whom {
                Whom::Member(member) => (*member, None),
                Whom::Reference(host, reference) => {
                    let mut connection = this.inner.pools.web.acquire().await?;
                    (link::find_member(&mut connection, *host, reference).await?, Some(Actor::Host(*host)))
                }
            };
            let actor = match by {
                AskedBy::Member => Actor::Member,
                AskedBy::Host => actor.unwrap_or(Actor::Machine),
                AskedBy::Operator => Actor::Operator,
                AskedBy::Restore => Actor::Machine,
            };
            let mut transaction = this.begin_for(Duty::Worker, member).await?;
            let ordered = erase_member::order(&mut transaction, &this.inner.ambient, this.ledger(), member, by).await?;
            let Some((erasure, new)) = ordered else {
                let gone = ServiceError::Inconsistent { table: "member", column: "member_id" };
                return Err(match whom {
                    Whom::Reference(_, reference) => ServiceError::UnknownMember(reference),
                    Whom::Member(_) => gone,
                });
            };
            if new {
                this.record(&mut transaction, actor, Verb::ErasureRequested, Some(member), 1).await?;
            }
            transaction.commit().await?;
            this.wake(Queue::Upkeep);
            Ok(erasure)
        })
        .await
    }

    /// Erases everything about a member, from wherever a try before this one was cut off, and takes the job out of the
    /// queue in the transaction that signs the receipt.
    pub async fn erase_member(&self, job: &ClaimedJob) -> Result<(), ServiceError> {
        self.carry_out(job.member()?, Some(job)).await
    }

    async fn carry_out(&self, member: MemberId, job: Option<&ClaimedJob>) -> Result<(), ServiceError> {
        loop {
            let mut transaction = self.begin_for(Duty::Worker, member).await?;
            let now = self.inner.ambient.now();
            record_event::hold_writes(&mut transaction).await?;
            erase_member::hold_member(&mut transaction, member).await?;
            let Some(open) = erase_member::find_open(&mut transaction, member).await? else {
                // Done by another, or ordered before there was a list of erasures.
                let ambient = &self.inner.ambient;
                let by = AskedBy::Operator;
                let ordered = erase_member::order(&mut transaction, ambient, self.ledger(), member, by).await?;
                if let Some((_, true)) = ordered {
                    transaction.commit().await?;
                    continue;
                }
                transaction.rollback().await?;
                return match job {
                    Some(job) => self.finish_job(job).await,
                    None => Ok(()),
                };
            };
            match open.state {
                ErasureState::Requested => {
                    erase_member::delete_rows(&mut transaction, self.ledger(), &open, now).await?;
                }
                ErasureState::RowsDeleted => {
                    erase_member::destroy_key(&mut transaction, self.ledger(), &open, job, now).await?;
                }
                ErasureState::KeyDestroyed => {
                    if !erase_member::verify(&mut transaction, &open, now).await? {
                        transaction.commit().await?;
                        return Err(ServiceError::Residue);
                    }
                }
                ErasureState::Verified => {
                    let policy = self.inner.erasure;
                    let rows = erase_member::conclude(&mut transaction, self.ledger(), policy, &open, now).await?;
                    self.record(&mut transaction, Actor::Machine, Verb::Erased, Some(member), rows).await?;
                    return match job {
                        Some(job) => complete(transaction, job).await,
                        None => Ok(transaction.commit().await?),
                    };
                }
                ErasureState::Done => return Err(ServiceError::Inconsistent { table: "erasure", column: "member_id" }),
            }
            transaction.commit().await?;
        }
    }

    /// How far an erasure has come; of this host only, where one asks.
    pub async fn load_erasure(&self, erasure: ErasureId, host: Option<HostId>) -> Result<Erasure, ServiceError> {
        let mut transaction = self.begin(Duty::Web).await?;
        load_erasure::load(&mut transaction, erasure, host).await
    }

    /// The receipt of an erasure or a reset, once there is one. It names nobody, and whoever knows its number may have it.
    pub async fn load_receipt(&self, deed: Uuid) -> Result<Option<String>, ServiceError> {
        let mut transaction = self.begin(Duty::Web).await?;
        load_erasure::receipt(&mut transaction, deed).await
    }

    /// Who looked at the member's data and what was done with it, newest first.
    pub async fn load_audit(&self, member: &Member) -> Result<Vec<Record>, ServiceError> {
        let (this, member) = (self.clone(), member.member_id);
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            audit::load(&mut transaction, &this.ledger().member_hash(member)).await
        })
        .await
    }

    /// Erases everybody again whom a restored backup has brought back, before anything is served or computed. Gives how
    /// many they were.
    pub async fn replay_tombstones(&self) -> Result<u64, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        let tombstones = replay_tombstones::load(&mut transaction).await?;
        drop(transaction);
        let (mut erased, mut after) = (0, Uuid::nil());
        loop {
            let mut transaction = self.begin(Duty::System).await?;
            let page = replay_tombstones::next_page(&mut transaction, self.ledger(), &tombstones, after).await?;
            drop(transaction);
            let Some((members, last)) = page else { return Ok(erased) };
            for member in members {
                self.order_erasure(Whom::Member(member), AskedBy::Restore).await?;
                self.carry_out(member, None).await?;
                erased += 1;
            }
            after = last;
        }
    }

    /// What keyed hashes and signatures are made with.
    pub fn ledger(&self) -> &Ledger {
        self.inner.keyring.ledger()
    }
}
