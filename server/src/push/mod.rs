//! Sending: what has come due is held against how things stand, written in the member's language, handed to its channel, and what
//! the provider says becomes what is to be done next.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use secrecy::SecretString;
use spectrum_core::{
    ambient::Ambient,
    push::{
        claim_due::{Due, Target},
        plan_week::PushPolicy,
        settle::{Attempt, Ended, Settled, Verdict},
    },
};
use spectrum_domain::{
    calendar::Week,
    card::Language,
    id::DeliveryId,
    push::{AddressKind, ChannelKind, Dropped, PushKind, Release, release, words},
};
use spectrum_push::{
    Channel, Clock, Setup,
    apns::Apns,
    fcm::Fcm,
    message::{Address, Message, Mode},
    outcome::{Answer, Outcome},
    web_push::WebPush,
};
use tokio::time::Instant;

use crate::config;

/// After an answer that never came, the first pause; it doubles with each further try.
const LOST: TimeDelta = TimeDelta::seconds(5);
/// The longest of these.
const LONGEST_LOST: TimeDelta = TimeDelta::minutes(5);
/// After "not now" and after "your settings are wrong", the longest pause.
const LONGEST: TimeDelta = TimeDelta::hours(2);
/// While our settings are wrong.
const MENDING: TimeDelta = TimeDelta::minutes(15);

/// Sends pushes.
#[derive(Debug)]
pub struct Sender {
    channels: BTreeMap<ChannelKind, Arc<dyn Channel>>,
    /// Pushes of a channel that are on their way at the same moment.
    pub at_once: usize,
    /// Anything is sent at all.
    pub send: bool,
    ambient: Ambient,
}

impl Sender {
    /// The channels that the settings name.
    pub fn new(settings: &config::Push, ambient: &Ambient) -> Result<Self, Setup> {
        crate::replay::install_crypto();
        let of_the_day = ambient.clone();
        let clock: Clock = Arc::new(move || of_the_day.now());
        let mut channels: BTreeMap<ChannelKind, Arc<dyn Channel>> = BTreeMap::new();
        if let Some(apns) = &settings.apns {
            channels.insert(ChannelKind::Apns, Arc::new(Apns::new(apns, Arc::clone(&clock))?));
        }
        if let Some(fcm) = &settings.fcm {
            channels.insert(ChannelKind::Fcm, Arc::new(Fcm::new(fcm, Arc::clone(&clock))?));
        }
        if let Some(web_push) = &settings.web_push {
            channels.insert(ChannelKind::WebPush, Arc::new(WebPush::new(web_push, Arc::clone(&clock))?));
        }
        Ok(Self { channels, at_once: settings.at_once, send: settings.send, ambient: ambient.clone() })
    }

    /// Whether there is a provider for the channel.
    pub fn has(&self, channel: ChannelKind) -> bool {
        self.channels.contains_key(&channel)
    }

    /// Tries one that has come due, and says what is to become of it.
    pub async fn attempt(&self, due: Due, mode: Mode) -> Settled {
        let now = self.ambient.now();
        let held = due.held;
        let counted_in = (due.counted && due.kind == PushKind::Weekly).then_some(due.standing.zone);
        let unsent = |verdict| Settled { held, verdict, attempt: None, counted_in };
        let target = match (release(&due.standing, now), &due.target) {
            (Release::Send, Some(target)) => target,
            (Release::Hold(at), _) => return unsent(Verdict::Held(at)),
            (Release::Drop(reason), _) => return unsent(Verdict::Dropped(reason)),
            (Release::Send, None) => return unsent(Verdict::Dropped(Dropped::DeviceGone)),
        };
        let Some(channel) = self.channels.get(&target.kind.channel()) else {
            return unsent(Verdict::Dropped(Dropped::NotConfigured));
        };
        let (to, message) = (address(target), message(&due));
        let began = Instant::now();
        let answer = channel.send(&to, &message, mode).await;
        let took = began.elapsed();
        let (ended, verdict) = self.judge(&due, target, &answer);
        let provider_id = match answer.outcome {
            Outcome::Delivered { provider_id } => provider_id,
            _ => None,
        };
        let attempt = Attempt {
            ended,
            reason: answer.reason,
            status: answer.status,
            provider_id: provider_id.map(|id| id.chars().take(200).collect()),
            took_ms: i32::try_from(took.as_millis()).unwrap_or(i32::MAX),
            late_ms: (now - due.due_at).num_milliseconds().max(0),
        };
        Settled { held, verdict, attempt: Some(attempt), counted_in }
    }

    fn judge(&self, due: &Due, target: &Target, answer: &Answer) -> (Ended, Verdict) {
        let try_number = due.held.try_number;
        // By now: the provider may have been waited for.
        let now = self.ambient.now();
        let again = |after: TimeDelta| {
            let at = now + apart(after, due.held.delivery);
            if at < due.standing.expires_at { Verdict::Again(at) } else { Verdict::Dropped(Dropped::Late) }
        };
        match &answer.outcome {
            Outcome::Delivered { .. } => (Ended::Delivered, Verdict::Sent),
            Outcome::Gone { since, certain } => {
                let gone = Verdict::Gone { registered_at: target.registered_at, since: *since, certain: *certain };
                (Ended::Gone, gone)
            }
            Outcome::Retry { after } => (Ended::Retry, again(growing(span(*after), LONGEST, try_number))),
            Outcome::Unknown => (Ended::Unknown, again(growing(LOST, LONGEST_LOST, try_number))),
            Outcome::Misconfigured => (Ended::Misconfigured, again(growing(MENDING, LONGEST, try_number))),
            Outcome::Refused => (Ended::Refused, Verdict::Dropped(Dropped::Refused)),
        }
    }
}

/// A pause that doubles with each try up to the longest; one that the provider has named is never made shorter.
fn growing(first: TimeDelta, longest: TimeDelta, try_number: i16) -> TimeDelta {
    let doublings = u32::try_from(try_number.clamp(1, 12) - 1).unwrap_or(0);
    let grown = first.checked_mul(2i32.pow(doublings)).unwrap_or(longest);
    grown.min(longest).max(first)
}

/// Up to a fifth longer, by the push's own name: what failed together does not come back together.
fn apart(pause: TimeDelta, delivery: DeliveryId) -> TimeDelta {
    let share = i32::try_from(delivery.uuid().as_u128() % 200).unwrap_or(0);
    pause + pause * share / 1_000
}

fn span(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::days(1))
}

fn address(target: &Target) -> Address {
    let secret = |text: &str| SecretString::from(text.to_owned());
    let reach = &target.reach;
    let key = |text: &Option<String>| secret(text.as_deref().unwrap_or_default());
    match target.kind {
        AddressKind::ApnsToken => Address::Apns { token: secret(&reach.address), environment: target.environment },
        AddressKind::FcmToken => Address::FcmToken(secret(&reach.address)),
        AddressKind::FcmFid => Address::FcmFid(secret(&reach.address)),
        AddressKind::WebPush => {
            Address::WebPush { endpoint: secret(&reach.address), p256dh: key(&reach.p256dh), auth: key(&reach.auth) }
        }
    }
}

/// What is sent. PRIVACY: of the member it takes the language, and of the week its name.
fn message(due: &Due) -> Message {
    let said = words(due.kind, Language::of_tag(&due.locale));
    let delivery = due.held.delivery.uuid();
    let (collapse, thread, path) = match due.kind {
        PushKind::Weekly => {
            let label = week_of(due.period);
            (format!("weekly-{label}"), "weekly", format!("/spectrum/week/{label}?push={delivery}"))
        }
        PushKind::Test => ("test".to_owned(), "test", "/spectrum/settings/notices".to_owned()),
    };
    Message {
        delivery,
        collapse,
        thread,
        title: said.title,
        body: said.body,
        stop: said.stop,
        path,
        expires_at: due.standing.expires_at,
    }
}

/// The name of the week that begins on this day. It is the same whichever day the member's weeks begin on by the time of the tap.
fn week_of(start: NaiveDate) -> spectrum_domain::calendar::WeekLabel {
    Week::containing(start, start.weekday()).label()
}

/// A new key that browsers subscribe with, as the setting `web_push.key_file` wants it: a private key of P-256 in PEM.
pub fn new_key() -> Result<String, ring::error::Unspecified> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use ring::{
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
    };
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())?;
    let text = STANDARD.encode(key.as_ref());
    let lines: Vec<&str> = (0..text.len()).step_by(64).filter_map(|at| text.get(at..text.len().min(at + 64))).collect();
    Ok(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n")))
}

/// How pushes are sent from here, by the settings.
pub fn policy(settings: &config::Push) -> PushPolicy {
    let configured = [
        (settings.apns.is_some(), ChannelKind::Apns),
        (settings.fcm.is_some(), ChannelKind::Fcm),
        (settings.web_push.is_some(), ChannelKind::WebPush),
    ];
    let channels = configured.into_iter().filter(|(is, _)| *is).map(|(_, channel)| channel).collect();
    let key = settings.web_push.as_ref().and_then(|settings| {
        let clock: Clock = Arc::new(|| DateTime::<Utc>::UNIX_EPOCH);
        WebPush::new(settings, clock).ok().map(|channel| channel.application_server_key().to_owned())
    });
    PushPolicy { channels, web_push_key: key }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_keep_to_a_providers_own() {
        let minutes = |first, try_number| growing(TimeDelta::minutes(first), LONGEST, try_number).num_minutes();
        assert_eq!([1, 2, 3, 4, 5, 12, 30].map(|n| minutes(15, n)), [15, 30, 60, 120, 120, 120, 120]);
        assert_eq!(minutes(300, 1), 300, "the provider's own time is never made shorter");
        let longer = |n| apart(TimeDelta::seconds(100), uuid::Uuid::from_u128(n).into()).num_seconds();
        assert_eq!([0, 100, 199, 200].map(longer), [100, 110, 119, 100]);
    }

    #[test]
    fn a_week_keeps_its_name_whichever_day_weeks_begin_on() {
        let monday: NaiveDate = "2026-11-16".parse().expect("a date");
        let sunday: NaiveDate = "2026-11-15".parse().expect("a date");
        assert_eq!((week_of(monday).to_string(), week_of(sunday).to_string()), ("2026-W47".into(), "2026-W47".into()));
    }
}
