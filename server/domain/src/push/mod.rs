//! The weekly push: by which channels it goes, to what kind of address, when it is due where the member lives, and why it may
//! not be sent.
//!
//! Pure: the hour, the zone and what the member decided come in, an instant or a reason comes out.

mod breaker;
mod release;
mod timing;
mod words;

pub use self::{
    breaker::{FULL, Recent, Trip},
    release::{Release, Standing, release},
    timing::{BadHour, Quiet, Spread, Window, Wish, window},
    words::{Words, words},
};

use crate::closed_set::closed_set;

closed_set!(
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
closed_set!(
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
closed_set!(
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

closed_set!(
    /// Why something is pushed.
    PushKind, UnknownPushKind: "a kind of push" {
        /// A week of the member's has ended and is told of.
        Weekly = "weekly",
        /// The member wants to see whether it works.
        Test = "test",
    }
);
closed_set!(
    /// Why a push that was due was not sent. Each is said in docs/push.md, in metrics and on the operators' pages.
    Dropped, UnknownReason: "a reason" {
        /// The week has too few sessions to add up.
        BelowFloor = "below_floor",
        /// A session of the week is flagged for crisis: help is shown on the page, and nobody is called to it.
        Crisis = "crisis",
        /// The member, or their host for them, does not want it by this channel.
        OptedOut = "opted_out",
        /// The member is among those who get none, so that its effect can be known.
        Holdout = "holdout",
        /// The member has read the week already.
        Opened = "opened",
        /// Another week was pushed less than six days ago.
        TooSoon = "too_soon",
        /// Its local day is over.
        Late = "late",
        /// The device was removed, or belongs to somebody else by now.
        DeviceGone = "device_gone",
        /// The device was not heard of for two months.
        Stale = "stale",
        /// No provider is configured for the channel.
        NotConfigured = "not_configured",
        /// The provider never takes it.
        Refused = "refused",
        /// The member is being erased, or what was told of the week is gone.
        Gone = "gone",
    }
);
