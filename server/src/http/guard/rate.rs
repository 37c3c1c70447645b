//! How often one may ask: a host by its key, a person by who they are, everybody else by their address, and whoever tries to
//! sign in more rarely than all of them.
//!
//! Counted in this process: with several behind one address, each lets the quota pass.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use spectrum_core::Caller;
use uuid::Uuid;

use super::{
    address::Addresses,
    bucket::{Buckets, Verdict},
};
use crate::{
    config::Rates,
    http::{
        problem::Problem,
        recognise::{bearer, is_host_key},
        router::AppState,
    },
};

/// What a credential is known by here: never the credential itself.
type Print = [u8; 32];

/// Counts who asks how often.
#[derive(Clone, Debug)]
pub struct Limiter(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: AppState,
    addresses: Addresses,
    keys: Option<Buckets<Print>>,
    people: Option<People>,
    by_address: Option<Buckets<IpAddr>>,
    sign_ins: Option<Buckets<IpAddr>>,
}

/// People are counted by who they are, however often they signed in and whichever token they come with.
#[derive(Debug)]
struct People {
    buckets: Buckets<Uuid>,
    /// Whose cookie or token it is. It is one person's for all its life, so this is never wrong; that it still counts is for the
    /// page to find out.
    owners: std::sync::Mutex<std::collections::HashMap<Print, Uuid>>,
    most: usize,
}

/// Under whom a request is counted.
enum Who {
    Key(Print),
    Person(Uuid),
    Address,
}

impl Limiter {
    /// Counts at these rates.
    pub fn new(state: &AppState, addresses: Addresses, rates: Rates) -> Self {
        let most = rates.tracked;
        Self(Arc::new(Inner {
            state: state.clone(),
            addresses,
            keys: rates.host_key.map(|rate| Buckets::new(rate, most)),
            people: rates.member.map(|rate| People {
                buckets: Buckets::new(rate, most),
                owners: std::sync::Mutex::default(),
                most,
            }),
            by_address: rates.address.map(|rate| Buckets::new(rate, most)),
            sign_ins: rates.sign_in.map(|rate| Buckets::new(rate, most)),
        }))
    }
}

impl Inner {
    async fn who(&self, headers: &HeaderMap, address: IpAddr, now: DateTime<Utc>) -> Who {
        if let Some(key) = bearer(headers).filter(|credential| is_host_key(credential)) {
            return self.keys.as_ref().map_or(Who::Address, |keys| {
                let print = print(key.as_bytes());
                // A key that was not seen before may be a guess: an address that made too many makes no more.
                let guess = !keys.knows(print) && self.spent(address, now);
                if guess { Who::Address } else { Who::Key(print) }
            });
        }
        let token = bearer(headers).map(str::to_owned);
        let (Some(people), Some(credential)) =
            (&self.people, token.clone().or_else(|| self.state.cookies.token(headers)))
        else {
            return Who::Address;
        };
        let print = print(credential.as_bytes());
        if let Some(owner) = people.owner(&print) {
            return Who::Person(owner);
        }
        if self.spent(address, now) {
            return Who::Address;
        }
        // One that means nothing, or a database that does not answer: whoever answers the request will say so.
        let owner = match token {
            Some(token) => self.state.identity.member_of_token(&token).await.ok().map(|member| member.member_id.uuid()),
            None => match self.state.services.caller(&credential).await {
                Ok(Some(Caller::Member(member))) => Some(member.member_id.uuid()),
                Ok(Some(Caller::Staff(staff))) => Some(staff.staff_id.uuid()),
                Ok(None) | Err(_) => None,
            },
        };
        owner.map_or(Who::Address, |owner| {
            people.remember(print, owner);
            Who::Person(owner)
        })
    }

    fn spent(&self, address: IpAddr, now: DateTime<Utc>) -> bool {
        self.by_address.as_ref().is_some_and(|addresses| addresses.look(address, now).wait.is_some())
    }

    fn take(&self, who: &Who, address: IpAddr, now: DateTime<Utc>) -> Option<Verdict> {
        match who {
            Who::Key(print) => Some(self.keys.as_ref()?.take(*print, now)),
            Who::Person(person) => Some(self.people.as_ref()?.buckets.take(*person, now)),
            Who::Address => Some(self.by_address.as_ref()?.take(address, now)),
        }
    }
}

impl People {
    fn owner(&self, print: &Print) -> Option<Uuid> {
        self.owners.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(print).copied()
    }

    fn remember(&self, print: Print, owner: Uuid) {
        let mut owners = self.owners.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if owners.len() >= self.most {
            // They are looked up again as they come.
            owners.clear();
        }
        owners.insert(print, owner);
    }
}

fn print(credential: &[u8]) -> Print {
    Sha256::digest(credential).into()
}

/// Lets a request pass if its caller has not asked too often, and says in the answer how much is left.
pub async fn limit(State(Limiter(limiter)): State<Limiter>, request: Request, next: Next) -> Response {
    let now = limiter.state.services.ambient().now();
    let address = limiter.addresses.of(&request);
    if request.method() == Method::POST
        && request.uri().path() == "/fn/sign_in"
        && let Some(verdict) = limiter.sign_ins.as_ref().map(|sign_ins| sign_ins.take(address, now))
        && verdict.wait.is_some()
    {
        return refuse(&verdict);
    }
    let who = limiter.who(request.headers(), address, now).await;
    let verdict = limiter.take(&who, address, now);
    if let Some(verdict) = &verdict
        && verdict.wait.is_some()
    {
        return refuse(verdict);
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::UNAUTHORIZED
        && let Who::Key(print) = who
    {
        // It was no key: its address pays, and it is not remembered as one.
        if let Some(keys) = &limiter.keys {
            keys.forget(print);
        }
        if let Some(addresses) = &limiter.by_address {
            addresses.take(address, now);
        }
    }
    if let Some(verdict) = &verdict {
        tell(&mut response, verdict);
    }
    response
}

fn refuse(verdict: &Verdict) -> Response {
    let mut response = Problem::too_many(verdict.wait.unwrap_or(1)).into_response();
    tell(&mut response, verdict);
    response
}

fn tell(response: &mut Response, verdict: &Verdict) {
    let headers = response.headers_mut();
    for (name, value) in [
        ("ratelimit-limit", u64::from(verdict.rate.quota.get())),
        ("ratelimit-remaining", u64::from(verdict.remaining)),
        ("ratelimit-reset", verdict.reset),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&verdict.rate.to_string()) {
        headers.insert(HeaderName::from_static("ratelimit-policy"), policy);
    }
}
