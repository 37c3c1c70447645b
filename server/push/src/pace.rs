//! How many messages a second are sent: none at first, then more and more, up to a limit.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How long it takes to come to full speed; Google asks for no less.
const RAMP: Duration = Duration::from_mins(1);
/// How long nothing has to be sent for the ramp to begin anew.
const IDLE: Duration = Duration::from_mins(1);
/// How far into the ramp it begins: at its very beginning nothing would ever be sent.
const BEGIN: Duration = Duration::from_secs(1);
/// Longest time that anyone is made to wait; whoever would wait longer is told to come again.
const LONGEST: Duration = Duration::from_secs(20);

/// Gives out the moments at which to send.
#[derive(Debug)]
pub(crate) struct Pace {
    per_second: f64,
    state: Mutex<Option<State>>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    began: Instant,
    next: Instant,
}

impl Pace {
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second: f64::from(per_second.max(1)), state: Mutex::new(None) }
    }

    /// Waits for one's turn, or says for how long one would have to.
    pub(crate) async fn turn(&self) -> Result<(), Duration> {
        let turn = self.take(Instant::now())?;
        tokio::time::sleep_until(turn).await;
        Ok(())
    }

    fn take(&self, now: Instant) -> Result<Instant, Duration> {
        // Two instants and no more: nothing in here is ever left half-done.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { began, next } = match *state {
            Some(state) if now < state.next + IDLE => state,
            _ => State { began: now, next: now },
        };
        let turn = next.max(now);
        let wait = turn - now;
        if wait > LONGEST {
            return Err(wait);
        }
        let into = (turn - began + BEGIN).min(RAMP);
        let gap = RAMP.div_duration_f64(into) / self.per_second;
        *state = Some(State { began, next: turn + Duration::from_secs_f64(gap) });
        Ok(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many turns fall in each second, if everyone always wants one.
    fn turns(pace: &Pace, start: Instant, seconds: u64) -> Vec<u32> {
        let mut counts = Vec::new();
        for second in 0..seconds {
            let end = start + Duration::from_secs(second + 1);
            let mut count = 0;
            let mut now = start + Duration::from_secs(second);
            while now < end {
                match pace.take(now) {
                    Ok(turn) => {
                        now = turn;
                        count += 1;
                    }
                    Err(_) => break,
                }
            }
            counts.push(count);
        }
        counts
    }

    #[test]
    fn it_comes_to_full_speed_in_a_minute_and_stays_there() {
        let pace = Pace::new(600);
        let start = Instant::now();
        let counts = turns(&pace, start, 90);
        assert!(counts[0] <= 30, "{counts:?}");
        assert!((250..=350).contains(&counts[29]), "half way: {counts:?}");
        for at in 1..60 {
            assert!(counts[at] + 2 >= counts[at - 1], "{counts:?}");
        }
        assert!(counts[62..].iter().all(|count| (598..=602).contains(count)), "{counts:?}");
        let later = turns(&pace, start + Duration::from_mins(10), 2);
        assert!(later[0] <= 30, "after a rest it begins anew: {later:?}");
    }

    #[test]
    fn a_short_rest_saves_nothing_up() {
        let pace = Pace::new(100);
        let start = Instant::now();
        turns(&pace, start, 70);
        let counts = turns(&pace, start + Duration::from_secs(90), 2);
        assert!(counts.iter().all(|count| *count <= 102), "{counts:?}");
    }

    #[test]
    fn nobody_waits_for_long() {
        let pace = Pace::new(1);
        let now = Instant::now();
        assert_eq!(pace.take(now), Ok(now));
        assert_eq!(pace.take(now), Err(Duration::from_mins(1)));
    }
}
