//! Sending events in batches that the API takes, and waiting until all of them are read and rolled up.

use std::time::Duration;

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha12Rng;
use spectrum_domain::member::ExternalRef;
use tokio::time::Instant;

use super::{
    client::{HostClient, HostEvent, MemberProgress},
    error::ReplayError,
};

/// Most events in a batch, half of what the API takes.
pub const BATCH_EVENTS: usize = 500;
/// Most bytes of JSON in a batch, a quarter of what the API takes.
pub const BATCH_BYTES: usize = 1024 * 1024;
/// Between two questions how far the pipeline is.
const POLL: Duration = Duration::from_millis(250);
/// A pipeline in which nothing moves for this long is given up.
const PATIENCE: Duration = Duration::from_mins(10);

/// Told how far a step is: its name, how many are done, of how many.
pub type Report<'a> = &'a (dyn Fn(&str, usize, usize) + Sync);

/// What became of the events sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// New, and kept.
    pub accepted: u64,
    /// Known before.
    pub duplicates: u64,
    /// Not kept.
    pub refused: u64,
    /// Why, for the first batch in which events were refused.
    pub why_refused: Option<String>,
}

/// Sends all events in order. A refused event holds up no other.
pub async fn send_all(
    client: &HostClient,
    events: &[HostEvent],
    step: &str,
    report: Report<'_>,
) -> Result<Delivered, ReplayError> {
    let mut delivered = Delivered::default();
    let mut sent = 0;
    report(step, 0, events.len());
    for batch in batches(events) {
        let answer = client.send_events(batch).await?;
        delivered.accepted += answer.accepted;
        delivered.duplicates += answer.duplicates;
        delivered.refused += answer.refused;
        if answer.refused > 0 {
            delivered.why_refused = delivered.why_refused.or(answer.detail);
        }
        sent += batch.len();
        report(step, sent, events.len());
    }
    Ok(delivered)
}

/// Cuts events into batches within both limits; an event that is too large alone goes alone, for the API to refuse.
pub fn batches(events: &[HostEvent]) -> Vec<&[HostEvent]> {
    let mut batches = Vec::new();
    let (mut first, mut bytes) = (0, 0);
    for (place, event) in events.iter().enumerate() {
        let size = serde_json::to_vec(event).map_or(0, |json| json.len() + 1);
        // Sixteen bytes for what stands around the list.
        if place > first && (place - first == BATCH_EVENTS || bytes + size + 16 > BATCH_BYTES) {
            batches.push(&events[first..place]);
            (first, bytes) = (place, 0);
        }
        bytes += size;
    }
    if first < events.len() {
        batches.push(&events[first..]);
    }
    batches
}

/// Puts events in another order, the same for the same seed.
pub fn shuffle(events: &mut [HostEvent], seed: u64) {
    events.shuffle(&mut ChaCha12Rng::seed_from_u64(seed));
}

/// Waits until every session of the member is ended, read and rolled up.
pub async fn wait_until_idle(
    client: &HostClient,
    member: &ExternalRef,
    step: &str,
    report: Report<'_>,
) -> Result<MemberProgress, ReplayError> {
    wait_with(client, member, POLL, PATIENCE, |now| {
        let read = usize::try_from(now.analysed + now.unmeasured).unwrap_or(usize::MAX);
        report(step, read, usize::try_from(now.sessions).unwrap_or(usize::MAX));
    })
    .await
}

pub(super) async fn wait_with(
    client: &HostClient,
    member: &ExternalRef,
    poll: Duration,
    patience: Duration,
    tell: impl Fn(&MemberProgress),
) -> Result<MemberProgress, ReplayError> {
    let mut before = MemberProgress::default();
    let mut moved = Instant::now();
    loop {
        // A member Spectrum has never heard of has nothing to wait for.
        let now = client.member_status(member).await?.unwrap_or_default();
        tell(&now);
        if now.pending_jobs == 0 && now.open == 0 {
            return Ok(now);
        }
        if now != before {
            (before, moved) = (now, Instant::now());
        } else if moved.elapsed() >= patience {
            let minutes = patience.as_secs() / 60;
            return Err(ReplayError::Stuck { minutes, pending: now.pending_jobs, open: now.open });
        }
        tokio::time::sleep(poll).await;
    }
}
