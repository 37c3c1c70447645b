//! The providers that pushes are handed to: where they are, as whom we come, and how many at the same moment.

use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;
use spectrum_push::{allow::AllowList, apns, fcm, web_push};

use super::{Key, Values, key};

pub(super) const KEYS: [Key; 17] = [
    key("push.send", "yes", "`no`: nothing is sent by this process, whatever is due; the switch to reach for first"),
    key("push.at_once", "400", "pushes of a channel that wait for their answer at the same moment, 1 to 2000"),
    key("push.extra_root", "", "file with a certificate (PEM) that is trusted beside the system's"),
    key("push.timeout_seconds", "20", "longest a provider is waited for, 10 to 60"),
    key("push.connections", "2", "connections to each provider, 1 to 16"),
    key("apns.key_file", "", "Apple's signing key (`.p8`); empty: no pushes to Apple's devices"),
    key("apns.key_id", "", "its name"),
    key("apns.team_id", "", "whose it is"),
    key("apns.topic", "", "the app's bundle id"),
    key("apns.production_url", apns::PRODUCTION, "Apple's server for apps from the store"),
    key("apns.sandbox_url", apns::SANDBOX, "Apple's server for apps that their makers try"),
    key(
        "fcm.service_account_file",
        "",
        "Google's service account (JSON) with the right to send; empty: no pushes to Android",
    ),
    key("fcm.url", fcm::BASE, "Google's server"),
    key("fcm.per_second", "500", "most messages a second, reached within a minute, as Google asks; at most 10000"),
    key(
        "web_push.key_file",
        "",
        "the key browsers subscribe with: a private key of P-256 (PEM); empty: no pushes to browsers. Never replace it: subscriptions end with it",
    ),
    key("web_push.subject", "", "whom a push service may turn to: `mailto:…` or `https://…`"),
    key(
        "web_push.services",
        "fcm.googleapis.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
        "hosts, with commas, that a browser's subscription may name: nothing else is ever called",
    ),
];

/// The providers, and how they are spoken to.
#[derive(Clone, Debug, Default)]
pub struct Push {
    /// Anything is sent at all.
    pub send: bool,
    /// Pushes of a channel that are on their way at the same moment.
    pub at_once: usize,
    /// Apple's.
    pub apns: Option<apns::Settings>,
    /// Google's.
    pub fcm: Option<fcm::Settings>,
    /// Browsers'.
    pub web_push: Option<web_push::Settings>,
}

impl Values {
    pub(super) fn push(&mut self) -> Push {
        let send = self.yes_or_no("push.send");
        let at_once = self.within("push.at_once", 1, 2_000);
        let extra_root = Some(self.take("push.extra_root")).filter(|path| !path.is_empty()).map(PathBuf::from);
        let timeout = Duration::from_secs(u64::try_from(self.within("push.timeout_seconds", 10, 60)).unwrap_or(20));
        let connections = self.within("push.connections", 1, 16);
        let per_second = u32::try_from(self.within("fcm.per_second", 1, 10_000)).unwrap_or(500);
        let apns = self.secret_file("apns.key_file").map(|key| apns::Settings {
            production_url: self.take("apns.production_url"),
            sandbox_url: self.take("apns.sandbox_url"),
            key,
            key_id: self.take("apns.key_id"),
            team_id: self.take("apns.team_id"),
            topic: self.take("apns.topic"),
            extra_root: extra_root.clone(),
            connections,
            timeout,
        });
        let fcm = self.secret_file("fcm.service_account_file").map(|service_account| fcm::Settings {
            base_url: self.take("fcm.url"),
            service_account,
            extra_root: extra_root.clone(),
            connections,
            timeout,
            per_second,
        });
        let services: Vec<String> =
            self.take("web_push.services").split(',').map(str::trim).map(str::to_owned).collect();
        let services = match AllowList::new(&services) {
            Ok(services) => Some(services),
            Err(error) => {
                self.problems.push(format!("- web_push.services: {error}"));
                None
            }
        };
        let web_push = self.secret_file("web_push.key_file").zip(services).map(|(key, services)| web_push::Settings {
            key,
            subject: self.take("web_push.subject"),
            services,
            extra_root,
            connections,
            timeout,
        });
        Push { send, at_once, apns, fcm, web_push }
    }

    /// A whole number within bounds.
    fn within(&mut self, name: &str, least: usize, most: usize) -> usize {
        match self.take(name).parse() {
            Ok(number) if (least..=most).contains(&number) => number,
            _ => {
                self.problems.push(format!("- {name}: must be a whole number from {least} to {most}"));
                least
            }
        }
    }

    /// What a file holds, where one is named. PRIVACY: a key never stands in the settings themselves.
    fn secret_file(&mut self, name: &str) -> Option<SecretString> {
        let path = Some(self.take(name)).filter(|path| !path.is_empty())?;
        match std::fs::read_to_string(&path) {
            Ok(text) => Some(SecretString::from(text)),
            Err(error) => {
                self.problems.push(format!("- {name}: {path} can't be read: {error}"));
                None
            }
        }
    }
}
