//! Letting people and services in, and out again.

use chrono::TimeDelta;
use spectrum_domain::{
    id::{HostId, HostKeyId, StaffId},
    look::Look,
    member::{ExternalRef, Member},
};

use super::Services;
use crate::{
    access::{
        host_key::{self, KnownHost},
        issuer::{self, Issuer},
        link::{self, Destination, Link},
        secret::Secret,
        staff::{self, Account},
        web_session::{self, Arrival, Caller, SignedIn, Subject},
    },
    db::{pool::Duty, shield::shielded},
    error::ServiceError,
};

impl Services {
    /// The host that comes with this key, and what the key is good for. That it was used is kept.
    pub async fn known_host(&self, key: &str) -> Result<Option<KnownHost>, ServiceError> {
        let (this, key) = (self.clone(), key.to_owned());
        shielded(async move {
            let (pool, now) = (&this.inner.pools.web, this.inner.ambient.now());
            let known = host_key::find(pool, &key, now).await?;
            if let Some(host) = &known {
                host_key::note_use(pool, host, now).await?;
            }
            Ok(known)
        })
        .await
    }

    /// What requests that come with this key are signed with.
    pub fn request_key(&self, key: HostKeyId) -> Secret {
        self.ledger().request_key(key)
    }

    /// Takes a signed request's own name; false where it was taken before.
    pub async fn take_nonce(&self, key: HostKeyId, nonce: &str) -> Result<bool, ServiceError> {
        let (this, nonce) = (self.clone(), nonce.to_owned());
        shielded(
            async move { host_key::take_nonce(&this.inner.pools.web, key, &nonce, this.inner.ambient.now()).await },
        )
        .await
    }

    /// The issuer of this name, if tokens of its count.
    pub async fn find_issuer(&self, name: &str) -> Result<Option<Issuer>, ServiceError> {
        let (this, name) = (self.clone(), name.to_owned());
        shielded(async move { issuer::find(&this.inner.pools.web, &name).await }).await
    }

    /// The member whom a host knows by this reference, if they are neither gone nor going.
    pub async fn member_of_host(&self, host: HostId, reference: &ExternalRef) -> Result<Option<Member>, ServiceError> {
        let (this, reference) = (self.clone(), reference.clone());
        shielded(async move { web_session::member_of_host(&this.inner.pools.web, host, &reference).await }).await
    }

    /// Signs the person in whose account this is; nothing where nobody was admitted under it.
    pub async fn sign_staff_in(
        &self,
        issuer: &str,
        subject: &str,
        email: &str,
    ) -> Result<Option<SignedIn>, ServiceError> {
        let (this, issuer, subject, email) = (self.clone(), issuer.to_owned(), subject.to_owned(), email.to_owned());
        shielded(async move {
            let mut transaction = this.begin(Duty::Web).await?;
            let account = Account { issuer: &issuer, subject: &subject, email: &email };
            let Some(staff) = staff::find_by_account(&mut transaction, account).await? else { return Ok(None) };
            let ambient = &this.inner.ambient;
            let to = (Destination::Staff, Look::default());
            let signed_in = web_session::begin(&mut transaction, ambient, staff.into(), to).await?;
            transaction.commit().await?;
            Ok(Some(signed_in))
        })
        .await
    }

    /// Who comes with this cookie.
    pub async fn caller(&self, token: &str) -> Result<Option<Caller>, ServiceError> {
        Ok(self.arrival(token).await?.map(|arrival| arrival.caller))
    }

    /// Who comes with this cookie, and how.
    pub async fn arrival(&self, token: &str) -> Result<Option<Arrival>, ServiceError> {
        let (this, token) = (self.clone(), token.to_owned());
        shielded(async move { web_session::arrival(&this.inner.pools.web, &this.inner.ambient, &token).await }).await
    }

    /// Makes a link that signs the member in, good for one use within its life.
    pub async fn create_link(
        &self,
        host: HostId,
        member: ExternalRef,
        to: (Destination, Look),
        life: TimeDelta,
    ) -> Result<Link, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Web).await?;
            let member = link::find_member(&mut transaction, host, &member).await?;
            let subject = Subject::Member(member);
            let link = link::create(&mut transaction, &this.inner.ambient, subject, to, life).await?;
            transaction.commit().await?;
            Ok(link)
        })
        .await
    }

    /// Makes a link that signs a person of the team in, good for one use within its life.
    pub async fn create_staff_link(&self, staff: StaffId, life: TimeDelta) -> Result<Link, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Web).await?;
            let ambient = &this.inner.ambient;
            let to = (Destination::Staff, Look::default());
            let link = link::create(&mut transaction, ambient, staff.into(), to, life).await?;
            transaction.commit().await?;
            Ok(link)
        })
        .await
    }

    /// Uses a one-time link up.
    pub async fn redeem_link(&self, code: &str) -> Result<SignedIn, ServiceError> {
        let (this, code) = (self.clone(), code.to_owned());
        shielded(async move {
            let mut transaction = this.begin(Duty::Web).await?;
            let signed_in = link::redeem(&mut transaction, &this.inner.ambient, &code).await?;
            transaction.commit().await?;
            Ok(signed_in)
        })
        .await
    }

    /// Signs a browser out.
    pub async fn sign_out(&self, token: &str) -> Result<(), ServiceError> {
        let (this, token) = (self.clone(), token.to_owned());
        shielded(async move {
            let mut transaction = this.begin(Duty::Web).await?;
            web_session::end(&mut transaction, &token).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }
}
