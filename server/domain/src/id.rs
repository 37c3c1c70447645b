//! Identifiers: newtypes over UUIDs, so that a session can never be passed where a member is meant.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The plain UUID, for a query parameter.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    };
}

id!(
    /// The host product that sends sessions (UUIDv7).
    HostId
);
id!(
    /// A key of a host's, by the name that is no secret (UUIDv7).
    HostKeyId
);
id!(
    /// A person whose sessions are analysed (UUIDv7). The host's own name for them is [`crate::member::ExternalRef`].
    MemberId
);
id!(
    /// A session of one member: the host's UUID, or one derived from the host's other kind of name.
    SessionId
);
id!(
    /// A card. It follows from what the card is about, so it stays when numbers change.
    CardId
);
id!(
    /// An event, named by the host. The same id twice is the same event.
    EventId
);
id!(
    /// One act of leaving something out of the analysis (UUIDv7).
    ExclusionId
);
id!(
    /// One time that a member asked for everything held about them (UUIDv7).
    ExportId
);
id!(
    /// A batch of questions to a model.
    ModelBatchId
);
id!(
    /// An edition that waits to be rephrased in a batch (chance alone): it is named so at the provider.
    RephrasingId
);
id!(
    /// A person of the product team or an operator (UUIDv7).
    StaffId
);
id!(
    /// Pairs of texts that are reviewed together (UUIDv7).
    BatchId
);
id!(
    /// Two texts about the same made-up period (UUIDv7).
    PairId
);
id!(
    /// A device of a member's: an installation's own name, chosen by it.
    DeviceId
);
id!(
    /// A push to one device: it follows from member, week and device, and an opening is reported with it.
    DeliveryId
);
id!(
    /// An erasure: what a member or a host asks for its receipt with (UUIDv7).
    ErasureId
);
id!(
    /// A reset, which names the receipt it ended in (UUIDv7).
    ResetId
);
impl MemberId {
    /// When their host first named them: the moment that is in an identifier of this kind; nothing in one of another kind.
    pub fn joined_at(self) -> Option<DateTime<Utc>> {
        let (seconds, nanoseconds) = self.0.get_timestamp().filter(|_| self.0.get_version_num() == 7)?.to_unix();
        DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds)
    }
}
