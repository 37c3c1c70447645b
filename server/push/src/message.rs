//! What is sent, and to which address.

use std::fmt;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use spectrum_domain::push::{ChannelKind, Environment};
use uuid::Uuid;

/// A push. PRIVACY: its words come from a catalogue and say nothing of a session; there is no field for a number or a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name, the same in every try: APNs' `apns-id`, and what an opening is reported with.
    pub delivery: Uuid,
    /// What replaces what on a screen: `weekly-2026-W47`. At most 32 characters of base64url, which all channels take.
    pub collapse: String,
    /// What is shown together.
    pub thread: &'static str,
    /// The first line.
    pub title: String,
    /// The second line.
    pub body: String,
    /// What the way to fewer of these is called.
    pub stop: String,
    /// The page that a tap opens: its path.
    pub path: String,
    /// When it is better not shown any more.
    pub expires_at: DateTime<Utc>,
}

/// Where it goes. PRIVACY: an address is a secret of the device's, so none of it is ever shown.
#[derive(Clone)]
pub enum Address {
    /// A device token of APNs.
    Apns {
        /// Hex digits.
        token: SecretString,
        /// Which of Apple's servers knows it.
        environment: Environment,
    },
    /// A registration token of FCM.
    FcmToken(SecretString),
    /// An installation id of Firebase.
    FcmFid(SecretString),
    /// A browser's subscription.
    WebPush {
        /// Where its service takes messages.
        endpoint: SecretString,
        /// The browser's public key (P-256, uncompressed, 65 bytes), base64url.
        p256dh: SecretString,
        /// The browser's secret (16 bytes), base64url.
        auth: SecretString,
    },
}

impl Address {
    /// The channel that takes it.
    pub const fn channel(&self) -> ChannelKind {
        match self {
            Self::Apns { .. } => ChannelKind::Apns,
            Self::FcmToken(_) | Self::FcmFid(_) => ChannelKind::Fcm,
            Self::WebPush { .. } => ChannelKind::WebPush,
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.channel().name())
    }
}

/// Whether a try is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is.
    Live,
    /// Everything is made and checked, and a provider that can check without sending is asked to; nothing is shown anywhere.
    DryRun,
}

#[cfg(test)]
pub(crate) mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// A message as the week's is, that is good until a day after the beginning of 2026-11-23.
    pub(crate) fn weekly() -> Message {
        Message {
            delivery: Uuid::NAMESPACE_DNS,
            collapse: "weekly-2026-W47".into(),
            thread: "weekly-summary",
            title: "Your week is ready".into(),
            body: "Have a look when it suits you.".into(),
            stop: "Fewer of these".into(),
            path: "/week/2026-W47".into(),
            expires_at: monday() + TimeDelta::days(1),
        }
    }

    /// The beginning of that Monday.
    pub(crate) fn monday() -> DateTime<Utc> {
        "2026-11-23T00:00:00Z".parse().expect("a time")
    }

    #[test]
    fn an_address_is_never_shown() {
        let address = Address::Apns { token: "abcdef".into(), environment: Environment::Sandbox };
        assert_eq!(format!("{address:?}"), "Address(apns)");
    }
}
