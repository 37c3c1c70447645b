//! Leaves a provider alone that fails again and again: closed, open, half-open, by a clock handed in.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Tells how much time has passed since some beginning; it never goes back.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Time since the beginning.
    fn now(&self) -> Duration;
}

/// The machine's monotonic clock, from when it was made.
#[derive(Clone, Copy, Debug)]
pub struct Monotonic(Instant);

impl Default for Monotonic {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Monotonic {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// When a provider is left alone, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Failures in a row that open it.
    pub failures: u32,
    /// How long it stays open before one call may try.
    pub rest: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { failures: 5, rest: Duration::from_mins(1) }
    }
}

/// What a breaker lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Everything.
    Closed,
    /// Nothing.
    Open,
    /// One call, which decides.
    HalfOpen,
}

#[derive(Clone, Copy, Debug, Default)]
struct Inner {
    failures: u32,
    open_since: Option<Duration>,
    trying: bool,
}

/// Counts failures in a row and says whether the next call may go out.
#[derive(Debug)]
pub struct Breaker {
    settings: BreakerSettings,
    clock: Arc<dyn Clock>,
    inner: Mutex<Inner>,
}

/// Leave for one call. Dropped without a word, as when the call is given up, it counts for nothing.
#[derive(Debug)]
pub struct Permit<'a> {
    breaker: &'a Breaker,
    tries: bool,
}

impl Breaker {
    /// A closed one.
    pub fn new(settings: BreakerSettings, clock: Arc<dyn Clock>) -> Self {
        Self { settings, clock, inner: Mutex::default() }
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        // Nothing in here is left half-done: whoever panicked held numbers only.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_of(&self, inner: &Inner) -> State {
        match inner.open_since {
            None => State::Closed,
            Some(since) if self.clock.now().saturating_sub(since) >= self.settings.rest => State::HalfOpen,
            Some(_) => State::Open,
        }
    }

    /// What it lets through now.
    pub fn state(&self) -> State {
        self.state_of(&self.inner())
    }

    /// Leave for a call, or nothing.
    pub fn permit(&self) -> Option<Permit<'_>> {
        let mut inner = self.inner();
        let tries = match self.state_of(&inner) {
            State::Closed => false,
            State::HalfOpen if !inner.trying => true,
            State::Open | State::HalfOpen => return None,
        };
        inner.trying |= tries;
        Some(Permit { breaker: self, tries })
    }
}

impl Permit<'_> {
    /// The call went well: it is closed.
    pub fn succeeded(self) {
        let mut inner = self.breaker.inner();
        (inner.failures, inner.open_since) = (0, None);
    }

    /// The call failed in a way that says something of the provider.
    pub fn failed(self) {
        let now = self.breaker.clock.now();
        let mut inner = self.breaker.inner();
        inner.failures = inner.failures.saturating_add(1);
        if self.tries || inner.failures >= self.breaker.settings.failures {
            inner.open_since = Some(now);
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.tries {
            self.breaker.inner().trying = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default)]
    struct ByHand(Mutex<Duration>);

    impl Clock for ByHand {
        fn now(&self) -> Duration {
            *self.0.lock().expect("a clock")
        }
    }

    fn breaker() -> (Arc<ByHand>, Breaker) {
        let clock = Arc::new(ByHand::default());
        let settings = BreakerSettings { failures: 3, rest: Duration::from_mins(1) };
        (Arc::clone(&clock), Breaker::new(settings, clock))
    }

    fn fail(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            breaker.permit().expect("leave").failed();
        }
    }

    #[test]
    fn opens_after_failures_in_a_row_and_closes_after_a_try_that_went_well() {
        let (clock, breaker) = breaker();
        fail(&breaker, 2);
        breaker.permit().expect("leave").succeeded();
        fail(&breaker, 2);
        assert_eq!(breaker.state(), State::Closed, "a success between them starts anew");
        fail(&breaker, 1);
        assert_eq!(breaker.state(), State::Open);
        assert!(breaker.permit().is_none());

        *clock.0.lock().expect("a clock") = Duration::from_mins(1);
        assert_eq!(breaker.state(), State::HalfOpen);
        let try_out = breaker.permit().expect("one");
        assert!(breaker.permit().is_none(), "and no second beside it");
        try_out.succeeded();
        assert_eq!(breaker.state(), State::Closed);
    }

    #[test]
    fn a_try_that_fails_opens_it_again_and_one_given_up_counts_for_nothing() {
        let (clock, breaker) = breaker();
        fail(&breaker, 3);
        *clock.0.lock().expect("a clock") = Duration::from_secs(61);
        drop(breaker.permit().expect("one"));
        breaker.permit().expect("another, since the first was given up").failed();
        assert_eq!(breaker.state(), State::Open);
        *clock.0.lock().expect("a clock") = Duration::from_mins(2);
        assert_eq!(breaker.state(), State::Open, "its rest began anew");
        *clock.0.lock().expect("a clock") = Duration::from_secs(121);
        assert_eq!(breaker.state(), State::HalfOpen);
    }
}
