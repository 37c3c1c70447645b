//! What can go wrong: with one request, with one address, and by chance over a long run.

use std::{borrow::Cow, time::Duration};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// An error of this status; APNs' `reason`, or FCM's `status`.
    Status {
        /// The HTTP status.
        code: u16,
        /// The provider's word for it.
        reason: Cow<'static, str>,
    },
    /// 429.
    TooMany {
        /// When to come again.
        retry_after: Option<RetryAfter>,
    },
    /// After so many more answers on this connection it ends with a GOAWAY. What was asked until then is processed, and never
    /// answered.
    Goaway {
        /// So many.
        after: u32,
    },
    /// The same, but what was asked until then is answered. What comes later is not taken.
    Drain {
        /// So many.
        after: u32,
    },
    /// Processed, then the stream is reset.
    ResetStream,
    /// The stream is refused unseen.
    RefuseStream,
    /// Processed, and never answered.
    Hang,
    /// Answered rightly, but so much later.
    Slow(Duration),
    /// A page of HTML with status 502, as a proxy sends one.
    HtmlPage,
    /// The provider calls our token too old, whatever its clock says.
    ExpiredProviderToken,
    /// Processed, then the connection breaks.
    Cut,
}

impl Trouble {
    /// An error of this status and reason.
    pub fn status(code: u16, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Status { code, reason: reason.into() }
    }
}

/// When to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// In so many seconds.
    Seconds(u64),
    /// As a date, so many seconds after the fake's now.
    HttpDate(u64),
}

/// What the provider thinks of an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Good.
    #[default]
    Fine,
    /// No address since then: 410 `Unregistered`, or `UNREGISTERED`, which says no time.
    Gone {
        /// When the provider was sure.
        since: DateTime<Utc>,
    },
    /// The same with APNs' other word: 410 `ExpiredToken`.
    Expired {
        /// When the provider was sure.
        since: DateTime<Utc>,
    },
    /// No address since now.
    Unregistered,
    /// Never was one, or is another environment's: `BadDeviceToken`, or `INVALID_ARGUMENT` that names the field.
    BadToken,
    /// `INVALID_ARGUMENT` that names no field: what is wrong may as well be the message.
    InvalidArgument,
    /// Another app's: `DeviceTokenNotForTopic`, or `SENDER_ID_MISMATCH`.
    SenderMismatch,
    /// 404 and nothing more: the project may be the wrong one. With APNs, `BadDeviceToken`.
    NotFound,
    /// Gets too many: 429 `TooManyRequests`, or `QUOTA_EXCEEDED`.
    TooMany,
    /// FCM can't speak to Apple or to a browser: `THIRD_PARTY_AUTH_ERROR`. With APNs, 403 `Forbidden`.
    ThirdPartyAuth,
}

/// Chance, the same for the same seed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Dice {
    state: u64,
    per_mille: u64,
}

impl Dice {
    pub(super) const fn new(seed: u64, per_mille: u32) -> Self {
        Self { state: seed, per_mille: per_mille as u64 }
    }

    /// A number below this one. (The generator is `SplitMix64`.)
    fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    /// What goes wrong this time, if anything does.
    pub(super) fn throw(&mut self) -> Option<Trouble> {
        if self.per_mille == 0 || self.below(1000) >= self.per_mille {
            return None;
        }
        Some(match self.below(9) {
            0 => Trouble::status(500, "InternalServerError"),
            1 | 2 => Trouble::status(503, "ServiceUnavailable"),
            3 => Trouble::TooMany { retry_after: None },
            4 => Trouble::TooMany { retry_after: Some(RetryAfter::Seconds(1 + self.below(30))) },
            5 => Trouble::Goaway { after: u32::try_from(self.below(20)).unwrap_or(0) },
            6 => Trouble::Drain { after: u32::try_from(self.below(20)).unwrap_or(0) },
            7 => Trouble::Hang,
            _ => Trouble::ResetStream,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_as_often_as_it_is_told_and_the_same_again() {
        let thrown = |seed| {
            let mut dice = Dice::new(seed, 100);
            (0..10_000).map(|_| dice.throw()).collect::<Vec<_>>()
        };
        let bad = thrown(1).iter().flatten().count();
        assert!((900..1100).contains(&bad), "{bad} of 10,000");
        assert_eq!(thrown(1), thrown(1));
        assert_ne!(thrown(1), thrown(2));
        assert_eq!(Dice::default().throw(), None);
    }
}
