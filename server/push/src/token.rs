//! A provider's token, made once for all who wait for it, and not more often than the provider allows.

use chrono::{DateTime, TimeDelta, Utc};
use hyper::header::HeaderValue;
use tokio::sync::Mutex;

use crate::{
    channel::Clock,
    outcome::{Answer, Outcome},
};

/// After a token could not be made, before it is tried again: whoever waits meanwhile is given the same answer.
const REST: TimeDelta = TimeDelta::seconds(30);
/// How far ahead of the clock a token may have been made: more says that the clock was set back.
const AHEAD: TimeDelta = TimeDelta::minutes(-1);

/// A new token.
#[derive(Debug)]
pub(crate) struct Minted {
    /// What stands in `authorization`.
    pub(crate) header: HeaderValue,
    /// How old it may grow.
    pub(crate) lasts: TimeDelta,
}

/// A token in use.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) header: HeaderValue,
    serial: u64,
}

/// The one token of a channel.
#[derive(Debug)]
pub(crate) struct CachedToken {
    /// How old a token has to be before its provider's word that it is too old is believed.
    least: TimeDelta,
    // Held while a token is made: that is what lets everyone else wait for it instead of making another.
    held: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    token: Option<Held>,
    failed: Option<(DateTime<Utc>, TimeDelta, Answer)>,
}

#[derive(Debug)]
struct Held {
    token: Token,
    made: DateTime<Utc>,
    lasts: TimeDelta,
    spent: bool,
}

/// A provider said that a token is too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spent {
    /// There is or will be a new one.
    Replaced,
    /// It is too young to be replaced for so long.
    TooYoung(TimeDelta),
}

impl CachedToken {
    pub(crate) fn new(least: TimeDelta) -> Self {
        Self { least, held: Mutex::default() }
    }

    /// The token, made by `mint` if there is none or it is too old.
    pub(crate) async fn get<F>(&self, clock: &Clock, mint: impl FnOnce(DateTime<Utc>) -> F) -> Result<Token, Answer>
    where
        F: Future<Output = Result<Minted, Answer>>,
    {
        let mut state = self.held.lock().await;
        let now = clock();
        if let Some(held) = &state.token
            && !held.spent
            && (AHEAD..held.lasts).contains(&(now - held.made))
        {
            return Ok(held.token.clone());
        }
        if let Some((since, rest, answer)) = &state.failed
            && (AHEAD..*rest).contains(&(now - *since))
        {
            return Err(answer.clone());
        }
        let serial = state.token.as_ref().map_or(0, |held| held.token.serial + 1);
        match mint(now).await {
            Ok(Minted { header, lasts }) => {
                let token = Token { header, serial };
                *state =
                    State { token: Some(Held { token: token.clone(), made: now, lasts, spent: false }), failed: None };
                Ok(token)
            }
            Err(answer) => {
                let rest = match answer.outcome {
                    Outcome::Retry { after } => TimeDelta::from_std(after).unwrap_or(REST),
                    _ => REST,
                };
                state.failed = Some((now, rest, answer.clone()));
                Err(answer)
            }
        }
    }

    /// The provider says that this one is too old; believed once of each.
    pub(crate) async fn spent(&self, token: &Token, clock: &Clock) -> Spent {
        let mut state = self.held.lock().await;
        let now = clock();
        match &mut state.token {
            Some(held) if held.token.serial == token.serial => {
                let age = now - held.made;
                if (AHEAD..self.least).contains(&age) {
                    return Spent::TooYoung(self.least - age);
                }
                held.spent = true;
                Spent::Replaced
            }
            _ => Spent::Replaced,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicI64, AtomicU32, Ordering},
        },
        time::Duration,
    };

    use tokio::task::JoinSet;

    use super::*;

    /// Minutes since the beginning, set by hand.
    #[derive(Debug, Default, Clone)]
    struct ByHand(Arc<AtomicI64>);

    impl ByHand {
        fn clock(&self) -> Clock {
            let minutes = Arc::clone(&self.0);
            Arc::new(move || DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes.load(Ordering::Relaxed)))
        }

        fn set(&self, minutes: i64) {
            self.0.store(minutes, Ordering::Relaxed);
        }
    }

    fn minted(n: u32) -> Minted {
        Minted { header: HeaderValue::from(n), lasts: TimeDelta::minutes(45) }
    }

    async fn next(cached: &CachedToken, clock: &Clock, mints: &AtomicU32) -> Token {
        let token = cached.get(clock, |_| async { Ok(minted(mints.fetch_add(1, Ordering::Relaxed) + 1)) });
        token.await.expect("a token")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_thousand_who_wait_are_given_one_token() {
        let (hand, mints) = (ByHand::default(), Arc::new(AtomicU32::new(0)));
        let cached = Arc::new(CachedToken::new(TimeDelta::minutes(20)));
        for (minute, expected) in [(0, 1), (44, 1), (45, 2), (89, 2), (90, 3)] {
            hand.set(minute);
            let mut all = JoinSet::new();
            for _ in 0..2000 {
                let (clock, cached, mints) = (hand.clock(), Arc::clone(&cached), Arc::clone(&mints));
                all.spawn(async move {
                    let slow = |_| async {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                        Ok(minted(mints.fetch_add(1, Ordering::Relaxed) + 1))
                    };
                    cached.get(&clock, slow).await.expect("a token").header
                });
            }
            let headers = all.join_all().await;
            assert!(headers.iter().all(|header| *header == HeaderValue::from(expected)), "at {minute}");
            assert_eq!(mints.load(Ordering::Relaxed), expected, "at {minute}");
        }
    }

    #[tokio::test]
    async fn a_provider_is_believed_once_of_each_token_and_not_too_soon() {
        let (hand, mints) = (ByHand::default(), AtomicU32::new(0));
        let (clock, cached) = (hand.clock(), CachedToken::new(TimeDelta::minutes(20)));
        let first = next(&cached, &clock, &mints).await;
        hand.set(15);
        assert_eq!(cached.spent(&first, &clock).await, Spent::TooYoung(TimeDelta::minutes(5)));
        assert_eq!(next(&cached, &clock, &mints).await.serial, first.serial);
        hand.set(20);
        assert_eq!(cached.spent(&first, &clock).await, Spent::Replaced);
        let second = next(&cached, &clock, &mints).await;
        for _ in 0..100 {
            assert_eq!(
                cached.spent(&first, &clock).await,
                Spent::Replaced,
                "word of the first is no word of the second"
            );
        }
        assert_eq!(next(&cached, &clock, &mints).await.serial, second.serial);
        assert_eq!(mints.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn who_waits_for_a_token_that_can_not_be_made_does_not_try_in_turn() {
        let (hand, tries) = (ByHand::default(), AtomicU32::new(0));
        let (clock, cached) = (hand.clock(), CachedToken::new(TimeDelta::zero()));
        let refuse = |_| async {
            tries.fetch_add(1, Ordering::Relaxed);
            Err(Answer::ours(Outcome::Retry { after: Duration::from_mins(2) }, "oauth_unavailable"))
        };
        for _ in 0..50 {
            cached.get(&clock, refuse).await.expect_err("none");
        }
        hand.set(1);
        cached.get(&clock, refuse).await.expect_err("none");
        assert_eq!(tries.load(Ordering::Relaxed), 1);
        hand.set(2);
        cached.get(&clock, refuse).await.expect_err("none");
        assert_eq!(tries.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_clock_that_was_set_back_makes_a_new_one() {
        let (hand, mints) = (ByHand::default(), AtomicU32::new(0));
        let (clock, cached) = (hand.clock(), CachedToken::new(TimeDelta::minutes(20)));
        hand.set(600);
        next(&cached, &clock, &mints).await;
        hand.set(0);
        next(&cached, &clock, &mints).await;
        next(&cached, &clock, &mints).await;
        assert_eq!(mints.load(Ordering::Relaxed), 2);
    }
}
