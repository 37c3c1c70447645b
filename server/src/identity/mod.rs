//! Who somebody is by the word of another: members by a token that their host signed, the team by a provider of identities.
//!
//! Both come as JSON Web Tokens, so one verifier reads them (`token`), with the issuer's public keys (`key_set`) and the
//! cryptography of the rest of the house (`signature`). What differs is who may issue them and for whom.

mod key_set;
mod provider;
mod signature;
mod token;

use std::sync::Arc;

use spectrum_core::{ServiceError, Services, access::issuer::KeySet};
use spectrum_domain::member::{ExternalRef, Member};

use key_set::KeySets;
pub use provider::{Account, OidcError, Provider};
use token::Expected;
pub use token::TokenError;

use crate::config::Staff;

/// Longest life of a member's token: it can't be called back.
const LONGEST_LIFE: chrono::TimeDelta = chrono::TimeDelta::hours(24);

/// Who somebody is. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Identity {
    services: Services,
    key_sets: Arc<KeySets>,
    provider: Option<Arc<Provider>>,
}

/// A member's token that does not count, or could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum MemberTokenError {
    /// The token itself.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The database.
    #[error(transparent)]
    Services(#[from] ServiceError),
}

impl Identity {
    /// Asks these services for issuers, and the configured provider for the team.
    pub fn new(services: Services, staff: &Staff, public_url: &str) -> Self {
        signature::install();
        let key_sets = Arc::new(KeySets::default());
        let provider = staff.provider.clone();
        let provider = provider.map(|settings| Arc::new(Provider::new(settings, public_url, key_sets.clone())));
        Self { services, key_sets, provider }
    }

    /// The provider of identities for the team, if there is one.
    pub fn provider(&self) -> Option<&Provider> {
        self.provider.as_deref()
    }

    /// The member whom a host's token means.
    pub async fn member_of_token(&self, text: &str) -> Result<Member, MemberTokenError> {
        let issuer = token::issuer_of(text)?;
        let issuer = self.services.find_issuer(&issuer).await?.ok_or(TokenError::UnknownIssuer)?;
        let head = token::head_of(text)?;
        let now = self.services.ambient().now();
        let key = match &issuer.keys {
            KeySet::At(url) => self.key_sets.find(url, &head, now).await?,
            KeySet::Given(keys) => {
                let keys = serde_json::from_value(keys.clone()).map_err(|_| TokenError::NoKeys)?;
                key_set::choose(&keys, &head)?
            }
        };
        let expected = Expected { issuer: &issuer.issuer, audience: &issuer.audience, now, longest_life: LONGEST_LIFE };
        let claims = token::verify(text, &head, &key, &expected)?;
        let reference: ExternalRef = claims.sub.parse().map_err(|_| TokenError::UnknownSubject)?;
        let member = self.services.member_of_host(issuer.host_id, &reference).await?;
        Ok(member.ok_or(TokenError::UnknownSubject)?)
    }
}
