//! Counting without a count: for each caller the instant at which all they took will be paid back (the generic cell rate
//! algorithm). One number a caller, a bounded number of callers.
//!
//! Ours and not `governor`: its keyed store grows with every new key until somebody sweeps it, and it can't be asked without
//! being charged; both matter where a stranger chooses the keys.

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::{BuildHasher as _, Hash},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};

use crate::config::Rate;

/// Maps, each behind a lock of its own.
const SHARDS: usize = 16;

/// Callers and when all they took is paid back, in microseconds.
#[derive(Debug)]
pub struct Buckets<K> {
    rate: Rate,
    most: usize,
    state: RandomState,
    shards: [Mutex<HashMap<K, i64>>; SHARDS],
}

/// Whether a request may pass, and what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The rate it was held against.
    pub rate: Rate,
    /// Requests left at this moment.
    pub remaining: u32,
    /// Seconds until all are there again.
    pub reset: u64,
    /// Seconds until the next may pass, where this one may not.
    pub wait: Option<u64>,
}

impl<K: Hash + Eq + Copy> Buckets<K> {
    /// Counts at this rate for at most so many callers at the same moment.
    pub fn new(rate: Rate, most: usize) -> Self {
        Self {
            rate,
            most: most.div_ceil(SHARDS),
            state: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::new(HashMap::new())),
        }
    }

    /// Takes one, if there is one.
    pub fn take(&self, who: K, now: DateTime<Utc>) -> Verdict {
        self.ask(who, now, true)
    }

    /// What taking one would lead to.
    pub fn look(&self, who: K, now: DateTime<Utc>) -> Verdict {
        self.ask(who, now, false)
    }

    /// Whether this one is counted.
    pub fn knows(&self, who: K) -> bool {
        self.shard(&who).lock().unwrap_or_else(PoisonError::into_inner).contains_key(&who)
    }

    /// Counts this one no longer.
    pub fn forget(&self, who: K) {
        self.shard(&who).lock().unwrap_or_else(PoisonError::into_inner).remove(&who);
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    fn shard(&self, who: &K) -> &Mutex<HashMap<K, i64>> {
        let hash = self.state.hash_one(who);
        &self.shards[usize::try_from(hash % SHARDS as u64).unwrap_or(0)]
    }

    fn ask(&self, who: K, now: DateTime<Utc>, take: bool) -> Verdict {
        let now = now.timestamp_micros();
        let window = i64::from(self.rate.seconds.get()) * 1_000_000;
        let each = (window / i64::from(self.rate.quota.get())).max(1);
        let mut shard = self.shard(&who).lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody owes more than a window, whatever the clock did meanwhile.
        let paid = shard.get(&who).copied().unwrap_or(now).clamp(now, now + window);
        let next = paid + each;
        let passes = next - now <= window;
        if passes && take {
            if !shard.contains_key(&who) {
                make_room(&mut shard, self.most, now);
            }
            shard.insert(who, next);
        }
        let owed = if passes { next - now } else { paid - now };
        Verdict {
            rate: self.rate,
            remaining: u32::try_from((window - owed) / each).unwrap_or(0),
            reset: seconds(owed),
            wait: (!passes).then(|| seconds(next - now - window).max(1)),
        }
    }
}

/// Room for one more: those who owe nothing go first, then those who owe least. Whoever asks most is remembered longest, so
/// that a flood of new callers clears nobody's account.
fn make_room<K: Hash + Eq + Copy>(shard: &mut HashMap<K, i64>, most: usize, now: i64) {
    if shard.len() < most {
        return;
    }
    shard.retain(|_, paid| *paid > now);
    if shard.len() < most {
        return;
    }
    let mut accounts: Vec<i64> = shard.values().copied().collect();
    let place = accounts.len() / 4;
    let (_, least, _) = accounts.select_nth_unstable(place);
    let least = *least;
    shard.retain(|_, paid| *paid > least);
}

fn seconds(micros: i64) -> u64 {
    u64::try_from(micros).unwrap_or(0).div_ceil(1_000_000)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn rate(quota: u32, seconds: u32) -> Rate {
        Rate { quota: quota.try_into().expect("some"), seconds: seconds.try_into().expect("some") }
    }

    #[test]
    fn a_quota_is_there_at_once_and_comes_back_bit_by_bit() {
        let buckets = Buckets::new(rate(3, 30), 100);
        let start = DateTime::UNIX_EPOCH;
        let left: Vec<_> = (0..3).map(|_| buckets.take(1, start)).map(|v| (v.remaining, v.wait)).collect();
        assert_eq!(left, [(2, None), (1, None), (0, None)]);
        assert_eq!(buckets.take(1, start).wait, Some(10));
        assert_eq!(buckets.take(2, start).wait, None, "another caller");
        assert_eq!(buckets.take(1, start + TimeDelta::seconds(9)).wait, Some(1));
        assert_eq!(buckets.look(1, start + TimeDelta::seconds(10)).wait, None);
        assert_eq!(buckets.take(1, start + TimeDelta::seconds(10)).wait, None, "looking took nothing");
        assert_eq!(buckets.take(1, start + TimeDelta::seconds(10)).wait, Some(10));
        assert_eq!(buckets.take(1, start + TimeDelta::seconds(100)).remaining, 2);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out_for_longer_than_a_window() {
        let buckets = Buckets::new(rate(2, 10), 100);
        let late = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        buckets.take(1, late);
        assert!(buckets.take(1, DateTime::UNIX_EPOCH).wait.is_some_and(|wait| wait <= 10));
    }

    #[test]
    fn a_flood_of_new_callers_neither_grows_without_end_nor_clears_who_is_shut_out() {
        let buckets = Buckets::new(rate(100, 60), 1_000);
        let now = DateTime::UNIX_EPOCH;
        while buckets.take(u64::MAX, now).wait.is_none() {}
        for caller in 0..100_000 {
            buckets.take(caller, now);
            assert!(buckets.len() <= 1_000 + SHARDS);
        }
        assert!(buckets.take(u64::MAX, now).wait.is_some(), "still shut out");
    }

    proptest! {
        #[test]
        fn no_window_ever_lets_more_than_twice_the_quota_pass(
            quota in 1_u32..50, seconds in 1_u32..50, steps in prop::collection::vec(0_i64..5_000, 1..300)
        ) {
            let buckets = Buckets::new(rate(quota, seconds), 10);
            let mut now = DateTime::UNIX_EPOCH;
            let mut passed = Vec::new();
            for step in steps {
                now += TimeDelta::milliseconds(step);
                if buckets.take(1, now).wait.is_none() {
                    passed.push(now);
                }
            }
            let window = TimeDelta::seconds(i64::from(seconds));
            for (place, first) in passed.iter().enumerate() {
                let within = passed[place..].iter().take_while(|at| **at - *first < window).count();
                prop_assert!(within <= 2 * quota as usize, "{within} of {quota}");
            }
        }
    }
}
