//! What a glance at a week and a tap on a push mean: who has read a week is not called to it, and where the member agrees a tap is
//! counted. Both are kept for a moment and written with what else was seen; no page waits for it.

use std::{
    collections::BTreeSet,
    mem,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    id::{DeliveryId, MemberId},
    product_event::{ProductEvent, ToOpen},
    push::{ChannelKind, Dropped, PushKind},
};
use sqlx::PgConnection;

use crate::error::ServiceError;

/// Glances that have room.
const ROOM: usize = 10_000;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Glance {
    /// The member has read what was told of the week that begins on this day.
    Read(MemberId, NaiveDate),
    /// A tap on a push led here.
    Tapped(MemberId, DeliveryId),
}

/// Glances that wait to be written; the same one twice is one.
#[derive(Debug, Default)]
pub(crate) struct Glances(Mutex<BTreeSet<Glance>>);

impl Glances {
    /// Keeps one, if there is room.
    pub(crate) fn keep(&self, glance: Glance) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < ROOM {
            waiting.insert(glance);
        }
    }

    /// Takes all that wait.
    pub(crate) fn take(&self) -> BTreeSet<Glance> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A tap that is to be counted: whose, and on what.
pub(crate) struct Opened {
    pub(crate) member: MemberId,
    pub(crate) channel: ChannelKind,
    pub(crate) event: ProductEvent,
}

/// Writes them: what waits to be pushed of a week that was read is let go. Gives the taps that are to be counted.
pub(crate) async fn write(
    connection: &mut PgConnection,
    glances: &BTreeSet<Glance>,
    now: DateTime<Utc>,
) -> Result<Vec<Opened>, ServiceError> {
    let (mut readers, mut weeks, mut tappers, mut deliveries) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for glance in glances {
        match *glance {
            Glance::Read(member, week) => {
                readers.push(member.uuid());
                weeks.push(week);
            }
            Glance::Tapped(member, delivery) => {
                tappers.push(member.uuid());
                deliveries.push(delivery.uuid());
            }
        }
    }
    if !readers.is_empty() {
        sqlx::query!(
            "WITH read AS (
                 UPDATE edition e SET opened_at = $3 FROM unnest($1::uuid[], $2::date[]) AS n (member_id, period)
                 WHERE e.member_id = n.member_id AND e.grain = 'week' AND e.period = n.period AND e.opened_at IS NULL
                 RETURNING e.member_id, e.period
             )
             UPDATE push_outbox o SET state = 'dropped', reason = $4, settled_at = $3 FROM read r
             WHERE o.member_id = r.member_id AND o.period = r.period AND o.kind = 'weekly' AND o.state = 'waiting'
               AND o.tries = 0",
            &readers,
            &weeks,
            now,
            Dropped::Opened.name()
        )
        .execute(&mut *connection)
        .await?;
    }
    let mut opened = Vec::new();
    if !tappers.is_empty() {
        let rows = sqlx::query!(
            r#"UPDATE push_outbox o SET opened_at = $3
             FROM unnest($1::uuid[], $2::uuid[]) AS n (member_id, delivery_id) JOIN member m ON m.member_id = n.member_id
             WHERE o.member_id = n.member_id AND o.delivery_id = n.delivery_id AND o.state = 'sent' AND o.opened_at IS NULL
               AND coalesce(m.use_counted, m.consent_analytics)
             RETURNING o.member_id, o.kind, o.channel, o.settled_at AS "sent_at!""#,
            &tappers,
            &deliveries,
            now
        )
        .fetch_all(connection)
        .await?;
        for row in rows.into_iter().filter(|row| row.kind == PushKind::Weekly.name()) {
            let inconsistent = ServiceError::Inconsistent { table: "push_outbox", column: "channel" };
            let channel = row.channel.parse().map_err(|_| inconsistent)?;
            let minutes_to_open = ToOpen::of_minutes((now - row.sent_at).num_minutes());
            let event = ProductEvent::WeeklyOpened { channel, minutes_to_open };
            opened.push(Opened { member: MemberId(row.member_id), channel, event });
        }
    }
    Ok(opened)
}
