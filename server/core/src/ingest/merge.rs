//! What a batch's events say about a session, added to what is known of it: pure, and the same in any order.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use spectrum_domain::{
    calendar::{local_date, local_minute},
    event::{Event, EventBody},
    feature::Feature,
    session::{Role, SessionState},
};

/// A session as ingestion knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Where it is held.
    pub feature: Feature,
    /// When it began: the instant of `session.started`, until that comes the earliest instant seen.
    pub started_at: DateTime<Utc>,
    /// Whether `session.started` has come.
    pub start_known: bool,
    /// The zone in which it began.
    pub zone: Tz,
    /// The latest instant of `session.ended`.
    pub ended_at: Option<DateTime<Utc>>,
    /// Turns by the member.
    pub member_turns: i32,
    /// Turns by the assistant.
    pub assistant_turns: i32,
    /// Words by the member.
    pub words: i32,
}

impl Draft {
    /// What is known after a first event.
    pub fn opened_by(event: &Event) -> Self {
        Self {
            feature: event.feature,
            started_at: event.occurred_at,
            start_known: false,
            zone: event.zone,
            ended_at: None,
            member_turns: 0,
            assistant_turns: 0,
            words: 0,
        }
    }

    /// Adds an event.
    pub fn add(&mut self, event: &Event) {
        match &event.body {
            EventBody::Started => {
                // Of two beginnings with different ids the earlier one holds, in whatever order they come.
                if !self.start_known || self.begins_later_than(event) {
                    self.begin(event);
                }
                self.start_known = true;
            }
            EventBody::Turn { role, text, .. } => {
                match role {
                    Role::Member => {
                        self.member_turns += 1;
                        self.words += i32::try_from(text.words()).unwrap_or(i32::MAX);
                    }
                    Role::Assistant => self.assistant_turns += 1,
                }
                self.begin_no_later_than(event);
            }
            EventBody::Ended => {
                self.ended_at = self.ended_at.max(Some(event.occurred_at));
                self.begin_no_later_than(event);
            }
        }
    }

    fn begin_no_later_than(&mut self, event: &Event) {
        if !self.start_known && self.begins_later_than(event) {
            self.begin(event);
        }
    }

    /// Of two events at one instant in two zones the one whose zone's name comes first holds: some order has to.
    fn begins_later_than(&self, event: &Event) -> bool {
        (event.occurred_at, event.zone.name()) < (self.started_at, self.zone.name())
    }

    fn begin(&mut self, event: &Event) {
        self.started_at = event.occurred_at;
        self.zone = event.zone;
    }

    /// The local day the session belongs to.
    pub fn local_date(&self) -> NaiveDate {
        local_date(self.started_at, &self.zone)
    }

    /// Minutes since local midnight when it began.
    pub fn local_minute(&self) -> i16 {
        local_minute(self.started_at, &self.zone)
    }

    /// How far the session has come, by its events alone.
    pub const fn state(&self) -> SessionState {
        if self.ended_at.is_some() { SessionState::Ended } else { SessionState::Open }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use spectrum_domain::{id::EventId, private::Private};
    use uuid::Uuid;

    use super::*;

    fn event(minute: i64, zone: Tz, body: EventBody) -> Event {
        Event {
            event_id: EventId(Uuid::nil()),
            member: "m".parse().expect("a reference"),
            session: "s".parse().expect("a reference"),
            feature: Feature::Mirror,
            occurred_at: DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minute),
            zone,
            body,
        }
    }

    fn turn(minute: i64, zone: Tz) -> Event {
        event(minute, zone, EventBody::Turn { index: 0, role: Role::Member, text: Private::new("two words".into()) })
    }

    proptest! {
        #[test]
        fn the_order_of_events_changes_nothing(order in Just((0usize..6).collect::<Vec<_>>()).prop_shuffle()) {
            let (auckland, lima) = (chrono_tz::Pacific::Auckland, chrono_tz::America::Lima);
            let events = [
                event(5, auckland, EventBody::Started),
                event(9, lima, EventBody::Started),
                turn(1, lima),
                turn(7, lima),
                event(8, lima, EventBody::Ended),
                event(6, lima, EventBody::Ended),
            ];
            let mut draft = Draft::opened_by(&events[order[0]]);
            for place in &order {
                draft.add(&events[*place]);
            }
            prop_assert_eq!((draft.started_at, draft.zone), (events[0].occurred_at, auckland));
            prop_assert_eq!(draft.ended_at, Some(events[4].occurred_at));
            prop_assert_eq!((draft.member_turns, draft.words, draft.state()), (2, 4, SessionState::Ended));
        }

        #[test]
        fn of_events_at_one_instant_in_two_zones_the_same_one_holds_in_any_order(
            order in Just((0usize..4).collect::<Vec<_>>()).prop_shuffle(),
            started in any::<bool>(),
        ) {
            let (auckland, lima) = (chrono_tz::Pacific::Auckland, chrono_tz::America::Lima);
            let body = || if started { EventBody::Started } else { EventBody::Ended };
            let events = [event(5, auckland, body()), event(5, lima, body()), turn(5, lima), turn(5, auckland)];
            let merged = |order: &[usize]| {
                let mut draft = Draft::opened_by(&events[order[0]]);
                for place in order {
                    draft.add(&events[*place]);
                }
                draft
            };
            prop_assert_eq!(merged(&order), merged(&[0, 1, 2, 3]));
        }

        #[test]
        fn without_a_beginning_the_earliest_event_is_it(order in Just((0usize..3).collect::<Vec<_>>()).prop_shuffle()) {
            let (auckland, lima) = (chrono_tz::Pacific::Auckland, chrono_tz::America::Lima);
            let events = [turn(3, lima), turn(1, auckland), event(9, lima, EventBody::Ended)];
            let mut draft = Draft::opened_by(&events[order[0]]);
            for place in &order {
                draft.add(&events[*place]);
            }
            prop_assert_eq!((draft.started_at, draft.zone), (events[1].occurred_at, auckland));
        }
    }
}
