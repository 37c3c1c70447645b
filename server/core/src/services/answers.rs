//! First answers, for requests that are sent again.

use chrono::TimeDelta;

use super::Services;
use crate::{
    answers::{Answer, Caller, Claim, Ticket, claim_answer, keep_answer},
    error::ServiceError,
};

impl Services {
    /// Takes a request on under its key, or says what became of it. `request` is all that makes it the same request; only a
    /// keyed fingerprint of it is kept. Whoever is at it for longer than the lease loses it to the next who asks.
    pub async fn claim_answer(
        &self,
        caller: Caller,
        key: &str,
        request: &[&[u8]],
        lease: TimeDelta,
    ) -> Result<Claim, ServiceError> {
        let (ambient, ledger) = (&self.inner.ambient, self.ledger());
        let mut connection = self.inner.pools.web.acquire().await?;
        claim_answer::claim(&mut connection, ambient, ledger, caller, key, request, lease).await
    }

    /// Keeps the answer to a request; without one keeps only that the key is the request's.
    pub async fn keep_answer(&self, ticket: &Ticket, answer: Option<&Answer>) -> Result<(), ServiceError> {
        let mut connection = self.inner.pools.web.acquire().await?;
        keep_answer::keep(&mut connection, ticket, answer).await
    }

    /// Gives a key back whose request was not answered for good.
    pub async fn give_key_back(&self, ticket: &Ticket) -> Result<(), ServiceError> {
        let mut connection = self.inner.pools.web.acquire().await?;
        keep_answer::give_back(&mut connection, ticket).await
    }
}
