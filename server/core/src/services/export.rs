//! Everything held about a member, for the member: asking for it, gathering it, handing it over, and reading it in again.

use spectrum_domain::{
    audit::{Actor, Verb},
    export::Export,
    id::{ExportId, HostId, MemberId},
    job::Queue,
    member::ExternalRef,
    product_event::{Format, ProductEvent},
};

use super::{Services, jobs::complete};
use crate::{
    control::{
        gather_export::{self, Gathering},
        import_member::{self, Archive, ImportError, Imported, Into},
        open_export::{self, Piece, Place},
        request_export,
    },
    db::{pool::Duty, scope::member_snapshot, shield::shielded},
    error::ServiceError,
    queue::claim::ClaimedJob,
};

impl Services {
    /// Orders an export of everything held about the member; while one is under way that one is the answer. Nothing where
    /// the member is gone or going.
    pub async fn request_export(&self, member: MemberId) -> Result<Option<Export>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Worker, member).await?;
            let export = request_export::request(&mut transaction, &this.inner.ambient, member).await?;
            transaction.commit().await?;
            this.wake(Queue::Upkeep);
            Ok(export)
        })
        .await
    }

    /// The member's newest export: under way, ready, or over and not yet let go.
    pub async fn load_export(&self, member: MemberId) -> Result<Option<Export>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            request_export::load(&mut transaction, member).await
        })
        .await
    }

    /// The member's export of this number, also one that a newer one has replaced.
    pub async fn find_export(&self, member: MemberId, export: ExportId) -> Result<Option<Export>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            request_export::find(&mut transaction, member, export).await
        })
        .await
    }

    /// Gathers an export, and takes the job out of the queue, both or neither.
    pub async fn gather_export(&self, job: &ClaimedJob, export: ExportId) -> Result<(), ServiceError> {
        let member = job.member()?;
        let inner = &self.inner;
        let mut transaction = member_snapshot(inner.pools.of(Duty::Worker), member).await?;
        let gathering =
            Gathering { ambient: &inner.ambient, keyring: &inner.keyring, text_days: inner.retention.text_days };
        gather_export::gather(&mut transaction, &gathering, member, export).await?;
        complete(transaction, job).await
    }

    /// The piece of an export at a place; nothing at its end. Each is read in a transaction of its own, so that a slow
    /// reader holds no connection. That it is handed out, and to whom, is recorded with the first.
    pub async fn open_export(
        &self,
        member: MemberId,
        export: ExportId,
        place: Place,
        to: Actor,
    ) -> Result<Option<Piece>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Worker, member).await?;
            let (keyring, now) = (&this.inner.keyring, this.inner.ambient.now());
            let piece = open_export::open(&mut transaction, keyring, member, export, place, now).await?;
            if place == Place::BEGINNING {
                this.record(&mut transaction, to, Verb::Exported, Some(member), 1).await?;
                if to == Actor::Member {
                    let event = ProductEvent::ExportCompleted { format: Format::Archive };
                    this.count(&mut transaction, member, event).await?;
                }
                transaction.commit().await?;
            }
            Ok(piece)
        })
        .await
    }

    /// Reads an archive into a fresh member, all of it or nothing.
    pub async fn import_member(
        &self,
        host: HostId,
        member: &ExternalRef,
        archive: &mut dyn Archive,
    ) -> Result<Imported, ImportError> {
        let inner = &self.inner;
        let now = inner.ambient.now();
        import_member::prepare(inner.pools.of(Duty::Ingest), &inner.retention, now).await?;
        let mut transaction = self.begin(Duty::Ingest).await.map_err(ServiceError::from)?;
        let into = Into {
            ambient: &inner.ambient,
            keyring: &inner.keyring,
            policy: inner.ingest,
            retention: inner.retention,
            host,
            member,
        };
        let imported = import_member::import(&mut transaction, &into, archive).await?;
        transaction.commit().await.map_err(ServiceError::from)?;
        for queue in [Queue::Intake, Queue::Analysis] {
            self.wake(queue);
        }
        Ok(imported)
    }
}
