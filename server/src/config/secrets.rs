//! Keys in the settings: the master key that wraps members' keys, those that only open, and the ledger's.

use std::fmt;

use zeroize::Zeroizing;

use super::{Key, Values, key, required};

pub(super) const KEYS: [Key; 4] = [
    required("secrets.master_key", "64 hex digits: wraps every member's key. Lose it and all text is lost"),
    key("secrets.master_key_id", "1", "name of the master key, kept beside each key it wraps"),
    key(
        "secrets.other_master_keys",
        "",
        "master keys that only open, as in `2:64 hex digits`: the next one before it takes over, and the last one until `spectrum \
         keys rotate` is through",
    ),
    key(
        "secrets.ledger_key",
        "",
        "64 hex digits: keyed hashes and signed receipts; never changed. Follows from the master key until `spectrum keys \
         ledger-key` prints it, which is before that key is replaced",
    ),
];

/// Secrets.
#[derive(Clone)]
pub struct Secrets {
    /// The master key's bytes.
    pub master_key: Zeroizing<[u8; 32]>,
    /// Its name.
    pub master_key_id: String,
    /// Master keys that only open, by name.
    pub other_master_keys: Vec<(String, Zeroizing<[u8; 32]>)>,
    /// The ledger's, where it does not follow from the master key.
    pub ledger_key: Option<Zeroizing<[u8; 32]>>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others: Vec<&str> = self.other_master_keys.iter().map(|(id, _)| id.as_str()).collect();
        write!(f, "Secrets(master key {}, others {others:?})", self.master_key_id)
    }
}

impl Values {
    pub(super) fn secrets(&mut self) -> Secrets {
        let secrets = Secrets {
            master_key: self.bytes("secrets.master_key").unwrap_or_default(),
            master_key_id: self.take("secrets.master_key_id"),
            other_master_keys: self.other_master_keys(),
            ledger_key: self.bytes("secrets.ledger_key"),
        };
        if !secrets.other_master_keys.is_empty() && secrets.ledger_key.is_none() {
            self.problems.push(
                "- secrets.ledger_key: must be set beside secrets.other_master_keys, or receipts and keyed hashes change \
                 with the master key; `spectrum keys ledger-key`, run with the old master key alone, prints it"
                    .to_owned(),
            );
        }
        secrets
    }

    fn bytes(&mut self, name: &str) -> Option<Zeroizing<[u8; 32]>> {
        let text = Zeroizing::new(self.take(name));
        let key = hex(&text).map(Zeroizing::new);
        if key.is_none() && !text.is_empty() {
            self.problems.push(format!("- {name}: must be 64 hex digits"));
        }
        key
    }

    fn other_master_keys(&mut self) -> Vec<(String, Zeroizing<[u8; 32]>)> {
        let name = "secrets.other_master_keys";
        let text = Zeroizing::new(self.take(name));
        let current = self.take("secrets.master_key_id");
        let mut keys: Vec<(String, Zeroizing<[u8; 32]>)> = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            // PRIVACY: what can't be read may be a key, so it is not said again.
            let read = part.split_once(':').and_then(|(id, key)| Some((id.to_owned(), Zeroizing::new(hex(key)?))));
            match read {
                Some((id, key)) if !id.is_empty() && id != current && !keys.iter().any(|(known, _)| *known == id) => {
                    keys.push((id, key));
                }
                _ => self.problems.push(format!(
                    "- {name}: must be names with 64 hex digits each, as in 1:…,2:…, no name twice and none the current one's"
                )),
            }
        }
        keys
    }
}

/// Thirty-two bytes from 64 hex digits.
pub fn hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn load(old: &str, ledger: &str) -> Result<Config, String> {
        let (old, ledger) = (old.to_owned(), ledger.to_owned());
        Config::load(None, move |name| match name {
            "SPECTRUM_DATABASE_URL" => Some("postgres://x".to_owned()),
            "SPECTRUM_SECRETS_MASTER_KEY" => Some("07".repeat(32)),
            "SPECTRUM_SECRETS_MASTER_KEY_ID" => Some("two".to_owned()),
            "SPECTRUM_SECRETS_OTHER_MASTER_KEYS" => Some(old.clone()).filter(|text| !text.is_empty()),
            "SPECTRUM_SECRETS_LEDGER_KEY" => Some(ledger.clone()).filter(|text| !text.is_empty()),
            _ => None,
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn other_master_keys_are_read_and_never_printed() {
        let config =
            load(&format!("one:{},zero:{}", "aa".repeat(32), "bb".repeat(32)), &"09".repeat(32)).expect("settings");
        let old: Vec<_> = config.secrets.other_master_keys.iter().map(|(id, key)| (id.as_str(), key[0])).collect();
        assert_eq!(old, [("one", 0xaa), ("zero", 0xbb)]);
        assert!(!format!("{config:?}").contains("170"), "no byte of a key");
    }

    #[test]
    fn a_second_master_key_needs_a_ledger_key_of_its_own() {
        let error = load(&format!("one:{}", "aa".repeat(32)), "").expect_err("a problem");
        assert!(error.contains("secrets.ledger_key: must be set"), "{error}");
    }

    #[test]
    fn a_key_that_can_not_be_read_is_not_repeated() {
        for wrong in [format!("one:{}", "ax".repeat(32)), format!("two:{}", "aa".repeat(32)), "aa".repeat(32)] {
            let error = load(&wrong, &"09".repeat(32)).expect_err("a problem");
            assert!(error.contains("secrets.other_master_keys: must be") && !error.contains("axax"), "{error}");
            assert!(!error.contains("aaaa"), "{error}");
        }
    }
}
