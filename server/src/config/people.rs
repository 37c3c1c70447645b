//! How people of the team come in.

use secrecy::SecretString;

use super::{Key, Values, key};

pub(super) const KEYS: [Key; 4] = [
    key(
        "staff.issuer",
        "",
        "the team's provider of identities (OpenID Connect), as it names itself; empty: nobody of the team comes in",
    ),
    key(
        "staff.client_id",
        "",
        "Spectrum's name there; its redirect address is `/staff/callback` below `http.public_url`",
    ),
    key("staff.client_secret", "", "Spectrum's secret there"),
    key("staff.links", "no", "`yes`: `spectrum staff link` lets people in without a provider; for a demo only"),
];

/// How people of the team come in.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    /// Who says who they are.
    pub provider: Option<Provider>,
    /// Whether the command line may let them in.
    pub links: bool,
}

/// A provider of identities.
#[derive(Clone, Debug)]
pub struct Provider {
    /// As it names itself.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: SecretString,
}

impl Values {
    pub(super) fn staff(&mut self) -> Staff {
        let provider = Provider {
            issuer: self.take("staff.issuer"),
            client_id: self.take("staff.client_id"),
            client_secret: SecretString::from(self.take("staff.client_secret")),
        };
        let links = match self.take("staff.links").as_str() {
            "yes" => true,
            "no" => false,
            _ => {
                self.problems.push("- staff.links: must be yes or no".to_owned());
                false
            }
        };
        if provider.issuer.is_empty() {
            return Staff { provider: None, links };
        }
        if !super::is_sealed_or_here(&provider.issuer) {
            self.problems.push("- staff.issuer: must begin with https:// unless it is this machine".to_owned());
        }
        if provider.client_id.is_empty() {
            self.problems.push("- staff.client_id: must be set with staff.issuer".to_owned());
        }
        Staff { provider: Some(provider), links }
    }
}
