//! Which addresses a browser's subscription may name: those of the push services that we know, and no other machine.
//!
//! A subscription is whatever a member's browser says it is, and the server sends to it. What is not on this list is refused
//! when it is registered and again when it is sent to.

use hyper::Uri;

use crate::channel::Setup;

/// The services of the browsers.
pub const SERVICES: &[&str] =
    &["fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"];

/// Longest endpoint; those in use have a few hundred characters.
const LONGEST: usize = 2048;

/// The services that may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowList(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    /// This host, over TLS.
    Host(String),
    /// Any host below this one, over TLS. Begins with a dot.
    Below(String),
    /// This scheme, host and port; without TLS on this machine alone.
    Origin { scheme: String, authority: String },
}

impl AllowList {
    /// Of hosts (`fcm.googleapis.com`), hosts below one (`*.push.apple.com`) and origins (`http://localhost:8991`).
    pub fn new<S: AsRef<str>>(entries: &[S]) -> Result<Self, Setup> {
        entries.iter().map(|entry| Entry::new(entry.as_ref())).collect::<Option<_>>().map(Self).ok_or(Setup::Setting(
            "a push service",
            "a host, a host with * for its first part, or an origin: without TLS only one of this machine",
        ))
    }

    /// Whether it may be sent to.
    pub fn is_allowed(&self, endpoint: &str) -> bool {
        self.find(endpoint).is_some()
    }

    /// Its address, if it may be sent to: what is asked is what was looked at.
    pub(crate) fn find(&self, endpoint: &str) -> Option<Uri> {
        // Parsers differ in what they make of these, so nothing that holds one gets as far as a parser.
        let odd = |c: u8| !c.is_ascii_graphic() || matches!(c, b'\\' | b'#' | b'@' | b'"' | b'<' | b'>');
        if endpoint.len() > LONGEST || endpoint.bytes().any(odd) {
            return None;
        }
        let uri: Uri = endpoint.parse().ok()?;
        let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
        let allowed = self.0.iter().any(|entry| match entry {
            Entry::Origin { scheme: s, authority: a } => scheme == s && authority.as_str() == a,
            Entry::Host(host) => is_sealed(&uri) && authority.host().eq_ignore_ascii_case(host),
            Entry::Below(end) => is_sealed(&uri) && is_below(authority.host(), end),
        });
        allowed.then_some(uri)
    }
}

impl Default for AllowList {
    fn default() -> Self {
        Self(SERVICES.iter().filter_map(|service| Entry::new(service)).collect())
    }
}

impl Entry {
    fn new(text: &str) -> Option<Self> {
        if let Some((scheme, authority)) = text.split_once("://") {
            let uri: Uri = text.parse().ok()?;
            let bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !authority.contains(['@', '/']);
            let here = matches!(uri.host()?, "localhost" | "127.0.0.1" | "[::1]");
            let fits = scheme == "https" || (scheme == "http" && here);
            return (bare && fits).then(|| Self::Origin { scheme: scheme.to_owned(), authority: authority.to_owned() });
        }
        match text.strip_prefix('*') {
            // Of all that ends with one word, as `.com`, nobody can say whose it is.
            Some(end) => (end.starts_with('.') && is_name(&end[1..]) && end[1..].contains('.'))
                .then(|| Self::Below(end.to_ascii_lowercase())),
            None => is_name(text).then(|| Self::Host(text.to_ascii_lowercase())),
        }
    }
}

fn is_sealed(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
        && uri.authority().is_some_and(|a| a.port().is_none_or(|port| port.as_str() == "443"))
}

fn is_below(host: &str, end: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host.strip_suffix(end).is_some_and(is_name)
}

/// Words of letters, digits and hyphens between dots. A number alone is none, so no name is an address of the net.
fn is_name(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.len() < 64 && word.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
    };
    text.split('.').all(word) && text.bytes().any(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_of_the_browsers_are_sent_to() {
        let list = AllowList::default();
        assert_eq!(list.0.len(), SERVICES.len());
        for endpoint in [
            "https://fcm.googleapis.com/fcm/send/dpH5lCsTSSM:APA91bHqjZ",
            "https://FCM.googleapis.com/fcm/send/x",
            "https://fcm.googleapis.com:443/fcm/send/x",
            "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABlF",
            "https://web.push.apple.com/QGuQyavXutnMH",
            "https://db5p.notify.windows.com/w/?token=BQYAAAD%2b",
            "https://wns2-by3p.notify.windows.com/w/?token=BQYAAAD",
        ] {
            assert!(list.is_allowed(endpoint), "{endpoint}");
        }
    }

    #[test]
    fn no_other_machine_is() {
        let list = AllowList::default();
        for endpoint in [
            "",
            "/",
            "fcm.googleapis.com/fcm/send/x",
            "//fcm.googleapis.com/fcm/send/x",
            "http://fcm.googleapis.com/fcm/send/x",
            "ftp://fcm.googleapis.com/x",
            "file:///etc/passwd",
            "https:fcm.googleapis.com/x",
            "https://fcm.googleapis.com:8443/x",
            "https://fcm.googleapis.com:80/x",
            "https://fcm.googleapis.com:0443/x",
            "https://fcm.googleapis.com./x",
            "https://fcm.googleapis.com.evil.example/x",
            "https://evil.example/fcm.googleapis.com",
            "https://evil.example?fcm.googleapis.com",
            "https://evilfcm.googleapis.com/x",
            "https://a.fcm.googleapis.com/x",
            "https://user@fcm.googleapis.com/x",
            "https://fcm.googleapis.com@evil.example/x",
            "https://fcm.googleapis.com:443@evil.example/x",
            "https://evil.example#@fcm.googleapis.com/x",
            "https://fcm.googleapis.com/x#here",
            "https://evil.example\\@fcm.googleapis.com/x",
            "https://evil.example\\.push.apple.com/x",
            "https://evil.example%2f.push.apple.com/x",
            "https://evil.example/.push.apple.com/x",
            "https://fcm.googleapis.com /x",
            "https://fcm.googleapis.com/x\r\nHost: evil.example",
            "https://fcm.googleapis.com/\u{e9}",
            "https://fcm。googleapis。com/x",
            "https://push.apple.com/x",
            "https://.push.apple.com/x",
            "https://..push.apple.com/x",
            "https://a..push.apple.com/x",
            "https://xpush.apple.com/x",
            "https://web.push.apple.com.evil.example/x",
            "https://127.0.0.1/x",
            "https://127.0.0.1.push.apple.com/x",
            "https://2130706433/x",
            "https://0x7f000001/x",
            "https://[::1]/x",
            "https://[::ffff:127.0.0.1]/x",
            "https://169.254.169.254/latest/meta-data/",
            "http://169.254.169.254/latest/meta-data/",
            "https://localhost/x",
            "http://localhost:8991/x",
            "https://metadata.google.internal/x",
        ] {
            assert!(!list.is_allowed(endpoint), "{endpoint}");
        }
        assert!(!list.is_allowed(&format!("https://fcm.googleapis.com/{}", "x".repeat(LONGEST))));
    }

    #[test]
    fn an_origin_is_meant_to_the_letter() {
        let list = AllowList::new(&["http://localhost:8991", "https://push.example:8443"]).expect("a list");
        assert!(list.is_allowed("http://localhost:8991/notify/abc"));
        assert!(list.is_allowed("https://push.example:8443/abc"));
        for endpoint in [
            "https://localhost:8991/notify/abc",
            "http://localhost/notify",
            "http://localhost:8992/notify",
            "http://127.0.0.1:8991/notify",
            "http://localhost:8991@evil.example/",
            "http://localhost:8991.evil.example/",
            "https://push.example/abc",
            "http://push.example:8443/abc",
            "https://fcm.googleapis.com/fcm/send/x",
        ] {
            assert!(!list.is_allowed(endpoint), "{endpoint}");
        }
    }

    #[test]
    fn a_list_that_would_let_too_much_through_is_none() {
        for entry in [
            "",
            "*",
            "*.",
            "*.com",
            "*com",
            "**.push.apple.com",
            "a.*.com",
            "http://push.example",
            "http://169.254.169.254",
            "ftp://localhost:21",
            "https://push.example/path",
            "https://user@push.example",
            "push.example:8443",
            "127.0.0.1",
            "*.0.0.1",
        ] {
            assert!(AllowList::new(&[entry]).is_err(), "{entry}");
        }
    }
}
