//! Whether a push that has come due may go now: held against how things stand at this moment and not when it was planned.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{Dropped, PushKind, Quiet};
use crate::rollup::Tier;

/// A week is pushed at most once in so long, whatever became of zones, week starts and hours meanwhile.
const APART: TimeDelta = TimeDelta::days(6);

/// A device that was not heard of for so long is not written to.
const STALE_AFTER: TimeDelta = TimeDelta::days(60);

/// How things stand with a push that has come due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is true or not by itself")]
pub struct Standing {
    /// Why it is pushed.
    pub kind: PushKind,
    /// The member is there, and so is what was told of the week.
    pub told: bool,
    /// How much the week's sums rest on.
    pub tier: Tier,
    /// Sessions of it that are flagged for crisis.
    pub flagged: i32,
    /// The member has read it.
    pub opened: bool,
    /// The member wants it by this channel.
    pub wanted: bool,
    /// The member is among those who get none.
    pub holdout: bool,
    /// When the device was last heard of; nothing where it was removed or its address is another member's by now.
    pub device_seen_at: Option<DateTime<Utc>>,
    /// When another week was last pushed to the member.
    pub pushed_at: Option<DateTime<Utc>>,
    /// The end of its local day.
    pub expires_at: DateTime<Utc>,
    /// Where the member lives.
    pub zone: Tz,
    /// When nothing is pushed there.
    pub quiet: Quiet,
}

/// What is to be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// It may go.
    Send,
    /// Not before then.
    Hold(DateTime<Utc>),
    /// Not at all.
    Drop(Dropped),
}

/// Whether it may go.
pub fn release(push: &Standing, now: DateTime<Utc>) -> Release {
    let Some(seen_at) = push.device_seen_at else { return Release::Drop(Dropped::DeviceGone) };
    if push.kind == PushKind::Test {
        // The member has just asked for it.
        return if now < push.expires_at { Release::Send } else { Release::Drop(Dropped::Late) };
    }
    let reasons = [
        (!push.told, Dropped::Gone),
        (push.flagged > 0, Dropped::Crisis),
        (matches!(push.tier, Tier::Empty | Tier::Few), Dropped::BelowFloor),
        (!push.wanted, Dropped::OptedOut),
        (push.holdout, Dropped::Holdout),
        (push.opened, Dropped::Opened),
        (push.pushed_at.is_some_and(|at| now - at < APART), Dropped::TooSoon),
        (now - seen_at > STALE_AFTER, Dropped::Stale),
        (now >= push.expires_at, Dropped::Late),
    ];
    if let Some((_, reason)) = reasons.into_iter().find(|(holds, _)| *holds) {
        return Release::Drop(reason);
    }
    match push.quiet.next_after(now, push.zone) {
        at if at <= now => Release::Send,
        at if at < push.expires_at => Release::Hold(at),
        _ => Release::Drop(Dropped::Late),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn due() -> Standing {
        Standing {
            kind: PushKind::Weekly,
            told: true,
            tier: Tier::Some,
            flagged: 0,
            opened: false,
            wanted: true,
            holdout: false,
            device_seen_at: Some(at("2026-11-20T10:00:00Z")),
            pushed_at: Some(at("2026-11-16T09:05:00Z")),
            expires_at: at("2026-11-24T00:00:00Z"),
            zone: Tz::UTC,
            quiet: Quiet::between(22, 8).expect("hours"),
        }
    }

    #[test]
    fn each_reason_holds_it_back_by_itself() {
        let now = at("2026-11-23T09:05:00Z");
        assert_eq!(release(&due(), now), Release::Send);
        let cases = [
            (Standing { told: false, ..due() }, Dropped::Gone),
            (Standing { flagged: 1, ..due() }, Dropped::Crisis),
            (Standing { tier: Tier::Few, ..due() }, Dropped::BelowFloor),
            (Standing { wanted: false, ..due() }, Dropped::OptedOut),
            (Standing { holdout: true, ..due() }, Dropped::Holdout),
            (Standing { opened: true, ..due() }, Dropped::Opened),
            (Standing { pushed_at: Some(at("2026-11-17T09:05:01Z")), ..due() }, Dropped::TooSoon),
            (Standing { device_seen_at: None, ..due() }, Dropped::DeviceGone),
            (Standing { device_seen_at: Some(at("2026-09-01T00:00:00Z")), ..due() }, Dropped::Stale),
            (Standing { expires_at: now, ..due() }, Dropped::Late),
        ];
        for (push, reason) in cases {
            assert_eq!(release(&push, now), Release::Drop(reason), "{push:?}");
        }
    }

    #[test]
    fn quiet_hours_hold_it_while_its_day_lasts() {
        assert_eq!(release(&due(), at("2026-11-23T07:59:00Z")), Release::Hold(at("2026-11-23T08:00:00Z")));
        assert_eq!(release(&due(), at("2026-11-23T22:00:00Z")), Release::Drop(Dropped::Late), "it would be Tuesday");
    }

    #[test]
    fn a_test_goes_at_any_hour() {
        let test = Standing { kind: PushKind::Test, wanted: false, tier: Tier::Empty, told: false, ..due() };
        assert_eq!(release(&test, at("2026-11-23T03:00:00Z")), Release::Send);
        assert_eq!(release(&test, at("2026-11-24T00:00:00Z")), Release::Drop(Dropped::Late));
        assert_eq!(
            release(&Standing { device_seen_at: None, ..test }, at("2026-11-23T03:00:00Z")),
            Release::Drop(Dropped::DeviceGone)
        );
    }
}
