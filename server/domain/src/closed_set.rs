//! Closed sets of words: an enum whose every value has one name, on the wire and in the database, and its reading back.

/// A closed set of words, each with its name. A set that is read from text (a column, a path) has an error for a text that names none:
/// `closed_set!(Set, BadWord: "a thing" { ... })`.
macro_rules! closed_set {
    ($(#[$doc:meta])* $set:ident { $($(#[$about:meta])* $word:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
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
    };
    ($(#[$doc:meta])* $set:ident, $bad:ident: $what:literal { $($words:tt)* }) => {
        $crate::closed_set::closed_set!($(#[$doc])* $set { $($words)* });

        #[doc = concat!("The text names no ", $what, ".")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[error("must be the name of {}", $what)]
        pub struct $bad;

        impl std::str::FromStr for $set {
            type Err = $bad;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|word| word.name() == text).ok_or($bad)
            }
        }
    };
}

pub(crate) use closed_set;
