//! Where a request comes from: the peer, or what a proxy that is trusted says of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request},
    http::HeaderMap,
};

use crate::config::Proxies;

/// Finds the address that a request is counted under.
#[derive(Clone, Debug)]
pub struct Addresses {
    trusted: Proxies,
}

impl Addresses {
    /// Believes these proxies and nobody else.
    pub const fn new(trusted: Proxies) -> Self {
        Self { trusted }
    }

    /// The address, as far as one caller has it to themselves: of an IPv6 address the network of 64 bits.
    pub fn of(&self, request: &Request) -> IpAddr {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        network(self.behind(peer, request.headers()))
    }

    /// Walks back from the peer for as long as whoever passed the request on is trusted. The first who is not is the caller:
    /// what stands before them they may have written themselves.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut address = peer.to_canonical();
        let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        let mut hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).map(str::trim);
        while self.trusted.trusts(address) {
            match hops.next().map(str::parse::<IpAddr>) {
                Some(Ok(hop)) => address = hop.to_canonical(),
                Some(Err(_)) | None => break,
            }
        }
        address
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn asked(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let mut request = Request::get("/").body(Body::empty()).expect("a request");
        let peer = SocketAddr::new(peer.parse().expect("an address"), 1);
        request.extensions_mut().insert(ConnectInfo(peer));
        for line in forwarded {
            request.headers_mut().append("x-forwarded-for", line.parse().expect("a header"));
        }
        Addresses::new(trusted.parse().expect("networks")).of(&request).to_string()
    }

    #[test]
    fn a_forwarded_address_counts_only_as_far_as_its_bearer_is_trusted() {
        assert_eq!(asked("", "192.0.2.1", &["198.51.100.1"]), "192.0.2.1", "nobody is trusted");
        assert_eq!(asked("10.0.0.0/8", "192.0.2.1", &["198.51.100.1"]), "192.0.2.1", "this one is not");
        assert_eq!(asked("10.0.0.0/8", "10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(asked("10.0.0.0/8", "10.0.0.1", &["203.0.113.9, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(asked("10.0.0.0/8", "10.0.0.1", &["203.0.113.9", "198.51.100.1"]), "198.51.100.1", "two lines");
        assert_eq!(asked("10.0.0.0/8", "10.0.0.1", &["198.51.100.1, nonsense"]), "10.0.0.1");
        assert_eq!(asked("10.0.0.0/8", "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(asked("10.0.0.0/8", "::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1", "a mapped address");
        assert_eq!(asked("", "2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::", "a caller has a whole network");
    }
}
