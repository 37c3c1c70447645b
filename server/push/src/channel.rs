//! What every channel is to whoever sends through it, and what may be wrong with its settings.

use std::{fmt::Debug, io, pin::Pin, sync::Arc};

use chrono::{DateTime, Utc};
use spectrum_domain::push::ChannelKind;

use crate::{
    message::{Address, Message, Mode},
    outcome::{Answer, Outcome},
};

/// Tells the time of day, which tokens and expiries are counted by.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Sends messages to one kind of address.
pub trait Channel: Send + Sync + Debug {
    /// Which one it is.
    fn kind(&self) -> ChannelKind;

    /// One try, which always ends: with the provider's answer or with why there was none.
    fn send<'a>(
        &'a self,
        to: &'a Address,
        message: &'a Message,
        mode: Mode,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;
}

/// A channel could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Setup {
    /// An address of a provider that is none, or without TLS.
    #[error("{0} must be an address that begins with https://")]
    Url(&'static str),
    /// A key that can't be used.
    #[error("{0} must be {1}")]
    Key(&'static str, &'static str),
    /// Any other setting.
    #[error("{0} must be {1}")]
    Setting(&'static str, &'static str),
    /// The extra certificate can't be read.
    #[error("the push providers' extra root certificate could not be read")]
    Root(#[source] io::Error),
    /// It holds none.
    #[error("the push providers' extra root certificate is no certificate")]
    NoRoot,
    /// Nobody could be believed.
    #[error("this machine has no root certificates")]
    NoRoots,
    /// TLS can't be set up.
    #[error("TLS could not be set up for push")]
    Tls(#[source] rustls::Error),
}

impl Answer {
    /// One that no provider gave.
    pub(crate) const fn ours(outcome: Outcome, reason: &'static str) -> Self {
        Self { outcome, status: None, reason }
    }

    /// The address is one of another channel's.
    pub(crate) const fn misdirected() -> Self {
        Self::ours(Outcome::Refused, "address_kind")
    }

    /// Everything was made and checked, and is not sent.
    pub(crate) const fn dry_run() -> Self {
        Self::ours(Outcome::Delivered { provider_id: None }, "dry_run")
    }
}
