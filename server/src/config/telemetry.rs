//! Where traces go, and how many of them.

use axum::http::{HeaderName, HeaderValue};
use secrecy::SecretString;

use super::{Key, Values, key};

pub(super) const KEYS: [Key; 4] = [
    key(
        "telemetry.otlp_endpoint",
        "",
        "receiver of traces (OTLP over HTTP), up to and without `/v1/traces`; empty: they go nowhere",
    ),
    key("telemetry.otlp_headers", "", "headers that it wants, as in `authorization=Bearer abc,x-tenant=spectrum`"),
    key("telemetry.sample_permille", "100", "traces of a thousand that are recorded and sent there"),
    key(
        "telemetry.continue_hosts",
        "no",
        "`yes`: a host's request that is recorded by the host goes on in the host's trace; only where a gateway takes `traceparent` \
         away from strangers. `no`: in one of our own that points to it",
    ),
];

/// Where traces go, and how many of them.
#[derive(Clone, Debug, Default)]
pub struct Telemetry {
    /// The receiver, up to and without `/v1/traces`; none: nothing is sent.
    pub endpoint: Option<String>,
    /// Headers that it wants.
    pub headers: Vec<(String, SecretString)>,
    /// Traces of a thousand that are recorded.
    pub sample_permille: u16,
    /// Whether hosts' recorded requests go on in the hosts' traces.
    pub continue_hosts: bool,
}

impl Values {
    pub(super) fn telemetry(&mut self) -> Telemetry {
        let endpoint = self.address("telemetry.otlp_endpoint").map(|url| url.trim_end_matches('/').to_owned());
        let sample_permille = self.parse("telemetry.sample_permille", 0);
        if sample_permille > 1_000 {
            self.problems.push("- telemetry.sample_permille: must be 0 to 1000".to_owned());
        }
        let headers = self.receiver_headers();
        let continue_hosts = self.yes_or_no("telemetry.continue_hosts");
        Telemetry { endpoint, headers, sample_permille, continue_hosts }
    }

    fn receiver_headers(&mut self) -> Vec<(String, SecretString)> {
        let text = self.take("telemetry.otlp_headers");
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let read = |part: &str| {
            let (name, value) = part.split_once('=')?;
            let (name, value) = (name.trim().parse::<HeaderName>().ok()?, value.trim());
            HeaderValue::from_str(value).ok()?;
            Some((name.as_str().to_owned(), SecretString::from(value.to_owned())))
        };
        let headers: Option<Vec<_>> = parts.map(read).collect();
        headers.unwrap_or_else(|| {
            // PRIVACY: what can't be read may be a secret, so it is not said again.
            self.problems.push("- telemetry.otlp_headers: must be headers as in name=value,name=value".to_owned());
            Vec::new()
        })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::super::Config;

    fn load(own: &[(&str, &str)]) -> Result<Config, String> {
        Config::load(None, |name| match name.strip_prefix("SPECTRUM_")? {
            "DATABASE_URL" => Some("postgres://localhost/x".to_owned()),
            "SECRETS_MASTER_KEY" => Some("07".repeat(32)),
            name => own.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn traces_go_nowhere_unless_somebody_says_where() {
        let off = load(&[]).expect("settings").telemetry;
        assert_eq!((off.endpoint, off.headers.len(), off.continue_hosts), (None, 0, false));
        let on = load(&[
            ("TELEMETRY_OTLP_ENDPOINT", "https://traces.example/otlp/"),
            ("TELEMETRY_OTLP_HEADERS", "authorization=Basic c2VjcmV0PQ==, x-tenant=spectrum"),
            ("TELEMETRY_SAMPLE_PERMILLE", "1000"),
        ])
        .expect("settings");
        assert!(!format!("{on:?}").contains("c2VjcmV0"), "a header is not printed");
        let on = on.telemetry;
        assert_eq!(on.endpoint.as_deref(), Some("https://traces.example/otlp"));
        let headers: Vec<_> = on.headers.iter().map(|(name, value)| (name.as_str(), value.expose_secret())).collect();
        assert_eq!(headers, [("authorization", "Basic c2VjcmV0PQ=="), ("x-tenant", "spectrum")]);
    }

    #[test]
    fn what_is_wrong_with_them_is_said_and_no_secret_with_it() {
        for (name, value, part) in [
            ("TELEMETRY_OTLP_ENDPOINT", "http://traces.example", "https://"),
            ("TELEMETRY_OTLP_HEADERS", "sesame", "name=value"),
            ("TELEMETRY_SAMPLE_PERMILLE", "1001", "0 to 1000"),
            ("TELEMETRY_CONTINUE_HOSTS", "perhaps", "yes or no"),
        ] {
            let problem = load(&[(name, value)]).expect_err(name);
            assert!(problem.contains(part) && !problem.contains("sesame"), "{problem}");
        }
    }
}
