//! Issuers' public keys: fetched when a token asks for one that is not at hand, and kept for a while.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use tokio::sync::Mutex;

use super::token::{Head, TokenError, fits};
use crate::outbound;

/// How long keys count as they were fetched. A key that an issuer took back counts for no longer than this.
const FRESH: TimeDelta = TimeDelta::minutes(10);
/// How often they are fetched at most: a made-up key id in a token must not make us ask again and again.
const RARELY: TimeDelta = TimeDelta::seconds(30);
/// How long they count where the issuer does not answer.
const STALE: TimeDelta = TimeDelta::hours(6);
/// Longest key set that is read, in bytes.
const LONGEST: usize = 256 * 1024;

/// Key sets by their address. One lock an address: whoever needs the same keys at the same moment waits for one fetch.
#[derive(Debug, Default)]
pub struct KeySets(Mutex<HashMap<String, Arc<Mutex<Kept>>>>);

#[derive(Debug, Default)]
struct Kept {
    keys: Option<(JwkSet, DateTime<Utc>)>,
    tried: Option<DateTime<Utc>>,
}

impl KeySets {
    /// The key that a token with this head was signed with.
    pub async fn find(&self, url: &str, head: &Head, now: DateTime<Utc>) -> Result<Jwk, TokenError> {
        let kept = self.0.lock().await.entry(url.to_owned()).or_default().clone();
        let mut kept = kept.lock().await;
        if let Some((keys, since)) = &kept.keys
            && now - *since < FRESH
            && let Ok(key) = choose(keys, head)
        {
            return Ok(key);
        }
        if kept.tried.is_none_or(|tried| now - tried >= RARELY) {
            kept.tried = Some(now);
            if let Some(keys) = fetch(url).await {
                kept.keys = Some((keys, now));
            } else {
                tracing::warn!("an issuer's keys could not be fetched");
            }
        }
        match &kept.keys {
            Some((keys, since)) if now - *since < STALE => choose(keys, head),
            _ => Err(TokenError::NoKeys),
        }
    }
}

/// The key of the set that fits the head: by its name, or the only one that fits where the token names none.
pub fn choose(keys: &JwkSet, head: &Head) -> Result<Jwk, TokenError> {
    let signs = |key: &&Jwk| key.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature);
    let mut fitting = keys.keys.iter().filter(signs).filter(|key| fits(key, head.algorithm));
    match &head.key_id {
        Some(id) => fitting.find(|key| key.common.key_id.as_ref() == Some(id)),
        None => fitting.next().filter(|_| fitting.next().is_none()),
    }
    .cloned()
    .ok_or(TokenError::UnknownKey)
}

async fn fetch(url: &str) -> Option<JwkSet> {
    let answer = outbound::client(url).ok()?.get(url).send().await.ok()?;
    let body = outbound::read(answer, LONGEST).await?;
    serde_json::from_slice(&body).ok()
}
