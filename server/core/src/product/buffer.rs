//! What was seen and is not written yet: pages are looked at far more often than anything is changed, and none of them is to
//! wait for a write. What a process that is killed had here is lost; that is what it costs.

use std::{
    mem,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use spectrum_domain::{id::MemberId, product_event::ProductEvent};
use uuid::Uuid;

use super::record_event::Origin;

/// Events that have room: ten seconds of a thousand pages a second, in less than two megabytes.
pub const ROOM: usize = 10_000;

/// An event of a member's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// Whose.
    pub(crate) member: MemberId,
    /// Its own id.
    pub(crate) id: Uuid,
    /// What.
    pub(crate) event: ProductEvent,
    /// In what.
    pub(crate) origin: Origin,
    /// When.
    pub(crate) at: DateTime<Utc>,
}

/// Events that wait to be written, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    waiting: Mutex<Vec<Seen>>,
    /// Events for which there was no room since that was last asked.
    dropped: AtomicU64,
}

impl Buffer {
    /// Keeps an event if there is room. It never waits for the database.
    pub(crate) fn keep(&self, seen: Seen) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < ROOM {
            waiting.push(seen);
        } else {
            self.count_dropped(1);
        }
    }

    /// Takes all that wait.
    pub(crate) fn take(&self) -> Vec<Seen> {
        mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts back what could not be written, as far as there is room beside what came since: of both, the newest go first.
    pub(crate) fn put_back(&self, mut taken: Vec<Seen>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        taken.append(&mut waiting);
        let over = taken.len().saturating_sub(ROOM);
        taken.truncate(ROOM);
        self.count_dropped(u64::try_from(over).unwrap_or(u64::MAX));
        *waiting = taken;
    }

    /// Counts such as were dropped and not told of.
    pub(crate) fn count_dropped(&self, events: u64) {
        self.dropped.fetch_add(events, Ordering::Relaxed);
    }

    /// How many were dropped since this was last asked.
    pub(crate) fn take_dropped(&self) -> u64 {
        self.dropped.swap(0, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use spectrum_domain::product_event::{PeriodKind, Surface};

    use super::*;

    fn seen(n: u128) -> Seen {
        let event = ProductEvent::LandscapeViewed { period_kind: PeriodKind::Week };
        let origin = Origin::of(Surface::Browser);
        Seen { member: Uuid::nil().into(), id: Uuid::from_u128(n), event, origin, at: DateTime::UNIX_EPOCH }
    }

    #[test]
    fn what_has_no_room_is_dropped_and_counted_and_what_was_there_first_stays() {
        let buffer = Buffer::default();
        for n in 0..u128::try_from(ROOM).expect("a number") + 5 {
            buffer.keep(seen(n));
        }
        assert_eq!((buffer.take_dropped(), buffer.take_dropped()), (5, 0));
        let taken = buffer.take();
        assert_eq!(taken.len(), ROOM);
        for n in 0..7 {
            buffer.keep(seen(n));
        }
        buffer.put_back(taken);
        let waiting = buffer.take();
        assert_eq!((waiting.len(), waiting[0].id, buffer.take_dropped()), (ROOM, Uuid::nil(), 7));
    }
}
