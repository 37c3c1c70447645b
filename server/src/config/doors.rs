//! How the doors are kept: who may come how often, how slow they may be, and who may frame the pages.

use std::{fmt, net::IpAddr, num::NonZeroU32, str::FromStr, time::Duration};

use ipnet::IpNet;

use super::{Key, Values, key};

pub(super) const KEYS: [Key; 12] = [
    key("http.connections", "2000", "connections at the same moment; one more waits to be taken"),
    key("http.header_seconds", "10", "longest the head of a request may take to come, and a connection may lie idle"),
    key("http.body_seconds", "10", "longest a body may take to come"),
    key("http.stall_seconds", "20", "a client that takes nothing of its answer for so long is cut off"),
    key("http.concurrent_calls", "64", "other calls of the API at the same moment; one more is answered 503"),
    key(
        "http.trusted_proxies",
        "",
        "addresses or networks, with commas, whose `X-Forwarded-For` is believed; empty: the peer's address counts",
    ),
    key("http.embed_origins", "", "origins, with commas, whose pages may frame ours; empty: none"),
    key("limits.host_key", "6000/60", "requests of one host key, and in how many seconds; `off` for no limit"),
    key("limits.member", "1200/60", "pages and forms of one signed-in person; the same"),
    key("limits.address", "1200/60", "requests of one address that come with no credential or a wrong one; the same"),
    key("limits.sign_in", "60/60", "attempts to sign in from one address; the same"),
    key("limits.tracked", "100000", "callers whose requests are counted at the same moment, in each of these four"),
];

/// How the doors are kept.
#[derive(Clone, Debug)]
pub struct Doors {
    /// What a connection may do.
    pub listener: Listener,
    /// Calls of the API at the same moment, batches aside.
    pub concurrent_calls: usize,
    /// Whose word on the caller's address counts.
    pub trusted_proxies: Proxies,
    /// Who may frame the pages.
    pub embed_origins: Origins,
    /// Who may come how often.
    pub rates: Rates,
}

/// What a connection may do.
#[derive(Clone, Copy, Debug)]
pub struct Listener {
    /// Connections at the same moment.
    pub connections: usize,
    /// Longest a head may take.
    pub head: Duration,
    /// Longest a body may take.
    pub body: Duration,
    /// Longest a client may take nothing of its answer.
    pub stall: Duration,
}

/// Who may come how often.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// One host key.
    pub host_key: Option<Rate>,
    /// One person who is signed in.
    pub member: Option<Rate>,
    /// One address without a credential, or with wrong ones.
    pub address: Option<Rate>,
    /// Attempts to sign in from one address.
    pub sign_in: Option<Rate>,
    /// Callers counted at the same moment.
    pub tracked: usize,
}

/// So many within so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub quota: NonZeroU32,
    /// Within so many seconds.
    pub seconds: NonZeroU32,
}

/// A rate or none, as it is written.
#[derive(Clone, Copy, Debug)]
struct Written(Option<Rate>);

/// The text is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be requests and seconds as in 600/60, the seconds at most 3600, or off")]
pub struct BadRate;

impl FromStr for Written {
    type Err = BadRate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self(None));
        }
        let (quota, seconds) = text.split_once('/').ok_or(BadRate)?;
        let number = |text: &str| text.trim().parse::<NonZeroU32>().map_err(|_| BadRate);
        let rate = Rate { quota: number(quota)?, seconds: number(seconds)? };
        if rate.seconds.get() > 3600 { Err(BadRate) } else { Ok(Self(Some(rate))) }
    }
}

/// Networks whose word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Whether this one is among them.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The text names no networks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be addresses or networks such as 10.0.0.0/8, with commas between them; {0:?} is neither")]
pub struct BadNetwork(String);

impl FromStr for Proxies {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parts(text)
            .map(|part| match part.parse::<IpNet>() {
                Ok(network) => Ok(network),
                Err(_) => part.parse::<IpAddr>().map(IpNet::from).map_err(|_| BadNetwork(part.to_owned())),
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// Origins, as a browser writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(Vec<String>);

impl Origins {
    /// The sources of `frame-ancestors`.
    pub fn as_sources(&self) -> String {
        if self.0.is_empty() { "'none'".to_owned() } else { self.0.join(" ") }
    }

    /// Nobody.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The text names no origins.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be origins such as https://app.example, with commas between them; {0:?} is none")]
pub struct BadOrigin(String);

impl FromStr for Origins {
    type Err = BadOrigin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parts(text).map(origin).collect::<Result<_, _>>().map(Self)
    }
}

/// An origin goes into a header as it is written, so nothing else may be in it.
fn origin(text: &str) -> Result<String, BadOrigin> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = host.is_some_and(|host| {
        host.starts_with(|c: char| c.is_ascii_alphanumeric())
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:".contains(&b))
    });
    if fits { Ok(text.to_owned()) } else { Err(BadOrigin(text.to_owned())) }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

impl Values {
    pub(super) fn doors(&mut self) -> Doors {
        Doors {
            listener: Listener {
                connections: self.at_least_one("http.connections"),
                head: self.seconds("http.header_seconds"),
                body: self.seconds("http.body_seconds"),
                stall: self.seconds("http.stall_seconds"),
            },
            concurrent_calls: self.at_least_one("http.concurrent_calls"),
            trusted_proxies: self.parse("http.trusted_proxies", Proxies::default()),
            embed_origins: self.parse("http.embed_origins", Origins::default()),
            rates: Rates {
                host_key: self.rate("limits.host_key"),
                member: self.rate("limits.member"),
                address: self.rate("limits.address"),
                sign_in: self.rate("limits.sign_in"),
                tracked: self.at_least_one("limits.tracked"),
            },
        }
    }

    fn rate(&mut self, name: &str) -> Option<Rate> {
        self.parse(name, Written(None)).0
    }

    fn seconds(&mut self, name: &str) -> Duration {
        Duration::from_secs(u64::try_from(self.at_least_one(name)).unwrap_or(1))
    }

    fn at_least_one(&mut self, name: &str) -> usize {
        let number = self.parse(name, 1);
        if number == 0 {
            self.problems.push(format!("- {name}: must be at least 1"));
        }
        number.max(1)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{};w={}", self.quota, self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_and_origins_are_taken_only_as_what_they_are() {
        let proxies: Proxies = "10.0.0.0/8, 192.0.2.7,2001:db8::/32".parse().expect("networks");
        for (address, trusted) in
            [("10.9.8.7", true), ("192.0.2.7", true), ("192.0.2.8", false), ("2001:db8::1", true), ("::1", false)]
        {
            assert_eq!(proxies.trusts(address.parse().expect("an address")), trusted, "{address}");
        }
        assert!("10.0.0.0/8;127.0.0.1".parse::<Proxies>().is_err());
        let origins: Origins = "https://app.example, http://localhost:3000".parse().expect("origins");
        assert_eq!(origins.as_sources(), "https://app.example http://localhost:3000");
        assert_eq!(Origins::default().as_sources(), "'none'");
        for bad in ["*", "app.example", "https://*.example", "https://a.example/", "https://a.example; script-src *"] {
            assert!(bad.parse::<Origins>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_rate_is_requests_and_seconds_or_off() {
        assert_eq!("600/60".parse::<Written>().expect("a rate").0.expect("one").to_string(), "600;w=60");
        assert_eq!("off".parse::<Written>().expect("none").0, None);
        for bad in ["", "0/60", "1/0", "1/3601", "1", "1/2/3", "-1/3", "many/60"] {
            assert!(bad.parse::<Written>().is_err(), "{bad}");
        }
    }
}
