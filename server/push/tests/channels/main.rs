//! The channels against strict servers on this machine, over TLS, by the code that is shipped.

#![expect(clippy::expect_used, reason = "a test that can't go on must stop loudly")]

mod apns;
mod fcm;
mod web_push;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use spectrum_push::{
    Channel, Clock,
    message::{Address, Message, Mode},
    outcome::{Answer, Outcome},
};
use uuid::Uuid;

/// The time, set by hand, for both sides.
#[derive(Clone, Debug)]
struct ByHand(Arc<AtomicI64>);

impl ByHand {
    /// A Monday at nine.
    fn new() -> Self {
        let nine: DateTime<Utc> = "2026-11-23T09:00:00Z".parse().expect("a time");
        Self(Arc::new(AtomicI64::new(nine.timestamp())))
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::Relaxed), 0).expect("a time")
    }

    fn clock(&self) -> Clock {
        let hand = self.clone();
        Arc::new(move || hand.now())
    }

    fn pass(&self, time: TimeDelta) {
        self.0.fetch_add(time.num_seconds(), Ordering::Relaxed);
    }
}

fn message(n: u128) -> Message {
    let now = ByHand::new().now();
    Message {
        delivery: Uuid::from_u128(n),
        collapse: "weekly-2026-W47".into(),
        thread: "weekly-summary",
        title: "Your week is ready".into(),
        body: "Have a look when it suits you.".into(),
        stop: "Fewer of these".into(),
        path: "/week/2026-W47".into(),
        expires_at: now + TimeDelta::hours(15),
    }
}

fn retry(seconds: u64) -> Outcome {
    Outcome::Retry { after: Duration::from_secs(seconds) }
}

/// Sends all of them at once.
async fn all(channel: &Arc<impl Channel + 'static>, sends: impl Iterator<Item = (Address, Message)>) -> Vec<Answer> {
    let mut tasks = tokio::task::JoinSet::new();
    for (n, (to, message)) in sends.enumerate() {
        let channel = Arc::clone(channel);
        tasks.spawn(async move { (n, channel.send(&to, &message, Mode::Live).await) });
    }
    let mut answers = tasks.join_all().await;
    answers.sort_by_key(|(n, _)| *n);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
