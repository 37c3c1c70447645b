//! The first request to a service goes alone, so that those that come with it share its connection instead of each making one:
//! what a service speaks is known only when it has been spoken to.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::OwnedMutexGuard, time::Instant};

/// How long after a request its connection is surely still there. Less than what the pool keeps it for.
const FRESH: Duration = Duration::from_mins(1);
/// How many services are kept. Their names come from browsers, so there is an end to them.
const MOST: usize = 256;

/// When a service was last asked, if it has answered since.
type Asked = Arc<tokio::sync::Mutex<Option<Instant>>>;

/// A door for each service.
#[derive(Debug, Default)]
pub(super) struct Doors(Mutex<HashMap<String, Asked>>);

/// Leave to ask; whoever holds `Some` is alone.
#[derive(Debug)]
pub(super) struct Entry(Option<OwnedMutexGuard<Option<Instant>>>);

impl Doors {
    /// Waits for one's turn with this service.
    pub(super) async fn enter(&self, service: &str) -> Entry {
        let mut asked = self.door(service).lock_owned().await;
        if asked.is_some_and(|at| at.elapsed() < FRESH) {
            *asked = Some(Instant::now());
            return Entry(None);
        }
        *asked = None;
        Entry(Some(asked))
    }

    fn door(&self, service: &str) -> Asked {
        // Whole entries are put in and taken out: nothing in here is ever left half-done.
        let mut doors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(door) = doors.get(service) {
            return Arc::clone(door);
        }
        if doors.len() >= MOST {
            doors.clear();
        }
        Arc::clone(doors.entry(service.to_owned()).or_default())
    }
}

impl Entry {
    /// The service answered: the others may come.
    pub(super) fn answered(self) {
        if let Some(mut asked) = self.0 {
            *asked = Some(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn the_first_is_alone_until_it_is_answered() {
        let doors = Doors::default();
        let first = doors.enter("a.example").await;
        timeout(SOON, doors.enter("a.example")).await.expect_err("it waits");
        timeout(SOON, doors.enter("b.example")).await.expect("another service is another door");
        first.answered();
        let second = timeout(SOON, doors.enter("a.example")).await.expect("it may come");
        let third = timeout(SOON, doors.enter("a.example")).await.expect("and so may this");
        drop((second, third));
    }

    #[tokio::test]
    async fn when_the_first_fails_the_next_is_alone() {
        let doors = Doors::default();
        drop(doors.enter("a.example").await);
        let next = timeout(SOON, doors.enter("a.example")).await.expect("it may try");
        timeout(SOON, doors.enter("a.example")).await.expect_err("alone");
        drop(next);
    }

    #[tokio::test]
    async fn there_is_an_end_to_the_services_that_are_kept() {
        let doors = Doors::default();
        for n in 0..1000 {
            doors.enter(&format!("n{n}.example")).await.answered();
        }
        assert!(doors.0.lock().expect("the doors").len() <= MOST);
    }
}
