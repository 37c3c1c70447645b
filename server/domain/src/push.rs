//! The weekly push: by which channels it goes, to what kind of address, when it is due where the member lives, and why it may
//! not be sent.
//!
//! Pure: the hour, the zone and what the member decided come in, an instant or a reason comes out.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A closed set of words, each with its name on the wire and in the database.
macro_rules! words {
    ($(#[$doc:meta])* $set:ident, $bad:ident: $what:literal { $($(#[$about:meta])* $word:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $set {
            $($(#[$about])* #[serde(rename = $name)] $word,)*
        }

        impl $set {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$word),*];

            /// The name on the wire and in the database.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$word => $name,)*
                }
            }
        }

        #[doc = concat!("The text names no ", $what, ".")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[error("must be the name of {}", $what)]
        pub struct $bad;

        impl FromStr for $set {
            type Err = $bad;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|word| word.name() == text).ok_or($bad)
            }
        }
    };
}

words!(
    /// By which service a push goes.
    ChannelKind, UnknownChannel: "a channel" {
        /// Apple's.
        Apns = "apns",
        /// Google's.
        Fcm = "fcm",
        /// The one of the member's browser.
        WebPush = "web_push",
    }
);
words!(
    /// What kind of address a device has.
    AddressKind, UnknownAddressKind: "a kind of address" {
        /// A device token of APNs, in hex digits.
        ApnsToken = "apns_token",
        /// A registration token of FCM.
        FcmToken = "fcm_token",
        /// An installation id of Firebase, which takes the token's place.
        FcmFid = "fcm_fid",
        /// A subscription of a browser: an address and two keys.
        WebPush = "web_push",
    }
);
words!(
    /// Which of a provider's worlds an address belongs to.
    Environment, UnknownEnvironment: "an environment" {
        /// Apps from the store.
        Production = "production",
        /// Apps that their makers try.
        Sandbox = "sandbox",
    }
);

impl AddressKind {
    /// The channel that takes it.
    pub const fn channel(self) -> ChannelKind {
        match self {
            Self::ApnsToken => ChannelKind::Apns,
            Self::FcmToken | Self::FcmFid => ChannelKind::Fcm,
            Self::WebPush => ChannelKind::WebPush,
        }
    }
}
