//! APNs: its tokens, its streams, its ways of ending a connection, and its reasons.

use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono::TimeDelta;
use spectrum_domain::push::Environment;
use spectrum_push::{
    Channel,
    apns::{Apns, Settings},
    fake::{Fake, RetryAfter, State, TOPIC, Trouble},
    message::{Address, Message, Mode},
    outcome::Outcome,
};

use crate::{ByHand, all, message, retry};

fn settings(fake: &Fake) -> Settings {
    Settings { timeout: Duration::from_secs(30), ..fake.apns_settings() }
}

async fn both() -> (Fake, Arc<Apns>, ByHand) {
    let (fake, hand) = (Fake::start().await.expect("the fake"), ByHand::new());
    fake.set_clock(hand.clock());
    let apns = Apns::new(&settings(&fake), hand.clock()).expect("a channel");
    (fake, Arc::new(apns), hand)
}

fn token(n: u128) -> String {
    format!("{n:064x}")
}

fn device(n: u128) -> Address {
    Address::Apns { token: token(n).into(), environment: Environment::Production }
}

async fn one(apns: &Apns, n: u128) -> (Outcome, &'static str) {
    let answer = apns.send(&device(n), &message(n), Mode::Live).await;
    (answer.outcome, answer.reason)
}

fn delivered(n: u128) -> Outcome {
    Outcome::Delivered { provider_id: Some(message(n).delivery.to_string()) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_at_once_arrive_once_each_under_one_token() {
    let (fake, apns, _) = both().await;
    let answers = all(&apns, (0..2000).map(|n| (device(n), message(n)))).await;
    for (n, answer) in (0..).zip(answers) {
        assert_eq!((answer.outcome, answer.reason), (delivered(n), "ok"));
    }
    assert_eq!(fake.refused(), Vec::<String>::new(), "one stream until a token was seen, then what the settings say");
    assert_eq!((fake.accepted(), fake.tokens_minted()), (2000, 1));
    // Whoever asks at the very moment at which the first connection stands may begin another, which is then dropped.
    assert!((1..=2).contains(&fake.connections()), "{}", fake.connections());
    let seen = fake.seen();
    assert_eq!(seen.iter().map(|seen| &seen.address).collect::<HashSet<_>>().len(), 2000);
    for (name, value) in [
        ("apns-topic", TOPIC),
        ("apns-push-type", "alert"),
        ("apns-priority", "5"),
        ("apns-collapse-id", "weekly-2026-W47"),
        ("apns-expiration", &message(0).expires_at.timestamp().to_string()),
    ] {
        assert!(seen.iter().all(|seen| seen.headers[name] == value), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_connections_share_the_load_and_the_token() {
    let (fake, hand) = (Fake::start().await.expect("the fake"), ByHand::new());
    fake.set_clock(hand.clock());
    fake.stream_limit(20);
    let apns = Apns::new(&Settings { connections: 4, ..settings(&fake) }, hand.clock()).expect("a channel");
    let answers = all(&Arc::new(apns), (0..400).map(|n| (device(n), message(n)))).await;
    assert!(answers.iter().all(|answer| answer.reason == "ok"), "{answers:?}");
    assert_eq!((fake.accepted(), fake.tokens_minted()), (400, 1));
    let used: HashSet<_> = fake.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(used.len(), 4);
    assert_eq!(fake.refused(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_goaway_left_open_is_sent_again_under_the_same_id() {
    let (fake, apns, _) = both().await;
    one(&apns, 9999).await;
    fake.reset();
    fake.trouble(Trouble::Goaway { after: 50 });
    let mut open: Vec<u128> = (0..500).collect();
    let mut lost = 0;
    for round in 0.. {
        assert!(round < 5, "{} are still open", open.len());
        let answers = all(&apns, open.iter().map(|n| (device(*n), message(*n)))).await;
        let arrived: HashSet<_> = fake.seen().into_iter().map(|seen| seen.address).collect();
        open = open
            .into_iter()
            .zip(answers)
            .filter_map(|(n, answer)| match answer.outcome {
                Outcome::Delivered { .. } => None,
                Outcome::Unknown => {
                    // Who was told of the end by the word, and who by the connection's breaking, is a matter of moments.
                    assert!(matches!(answer.reason, "goaway" | "closed"), "{}", answer.reason);
                    lost += 1;
                    Some(n)
                }
                Outcome::Retry { .. } => {
                    assert!(!arrived.contains(&token(n)), "{} arrived after all", answer.reason);
                    Some(n)
                }
                other => panic!("{other:?} {}", answer.reason),
            })
            .collect();
        if open.is_empty() {
            break;
        }
    }
    assert!(lost > 0, "some were under way");
    let seen = fake.seen();
    let ids: HashSet<_> = seen.iter().map(|seen| (&seen.id, &seen.address, &seen.collapse)).collect();
    assert_eq!(ids.len(), 500, "however often one arrived, it was under the same name");
    assert!(fake.connections() >= 1, "a new connection was made without being asked for");
    assert_eq!(fake.refused(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_finishes_before_it_goes_is_not_lost() {
    let (fake, apns, _) = both().await;
    one(&apns, 9999).await;
    fake.trouble(Trouble::Drain { after: 20 });
    let mut open: Vec<u128> = (0..300).collect();
    for _ in 0..5 {
        let answers = all(&apns, open.iter().map(|n| (device(*n), message(*n)))).await;
        open = open.into_iter().zip(answers).filter(|(_, answer)| answer.reason != "ok").map(|(n, _)| n).collect();
    }
    assert!(open.is_empty(), "{open:?}");
}

#[tokio::test]
async fn a_dead_token_is_told_with_its_time() {
    let (fake, apns, hand) = both().await;
    let since = hand.now() - TimeDelta::days(3);
    fake.address_is(&token(1), State::Gone { since });
    fake.address_is(&token(2), State::Expired { since });
    fake.address_is(&token(3), State::BadToken);
    fake.address_is(&token(4), State::SenderMismatch);
    let gone = Outcome::Gone { since: Some(since), certain: true };
    assert_eq!(one(&apns, 1).await, (gone.clone(), "Unregistered"));
    assert_eq!(one(&apns, 2).await, (gone, "ExpiredToken"));
    assert_eq!(one(&apns, 3).await, (Outcome::Gone { since: None, certain: false }, "BadDeviceToken"));
    assert_eq!(one(&apns, 4).await, (Outcome::Gone { since: None, certain: false }, "DeviceTokenNotForTopic"));
    assert_eq!(one(&apns, 5).await, (delivered(5), "ok"));
}

#[tokio::test]
async fn a_provider_that_is_busy_or_broken_is_left_for_as_long_as_it_wants() {
    let (fake, apns, _) = both().await;
    for (trouble, expected) in [
        (Trouble::TooMany { retry_after: None }, (retry(60), "TooManyRequests")),
        (Trouble::TooMany { retry_after: Some(RetryAfter::Seconds(300)) }, (retry(300), "TooManyRequests")),
        (Trouble::status(503, "ServiceUnavailable"), (retry(900), "ServiceUnavailable")),
        (Trouble::status(503, "Shutdown"), (retry(900), "Shutdown")),
        (Trouble::status(500, "InternalServerError"), (retry(900), "InternalServerError")),
        (Trouble::HtmlPage, (retry(900), "other")),
        (Trouble::status(403, "InvalidProviderToken"), (Outcome::Misconfigured, "InvalidProviderToken")),
        (Trouble::status(418, "a text that nobody expected"), (Outcome::Refused, "other")),
        (Trouble::RefuseStream, (retry(30), "refused_stream")),
        (Trouble::ResetStream, (Outcome::Unknown, "reset")),
        (Trouble::Cut, (Outcome::Unknown, "closed")),
    ] {
        fake.trouble(trouble.clone());
        let got = one(&apns, 1).await;
        assert_eq!(got, expected, "{trouble:?}");
        assert_eq!(one(&apns, 2).await, (delivered(2), "ok"), "and the next one goes through after {trouble:?}");
    }
}

#[tokio::test]
async fn a_provider_that_hangs_may_have_taken_it() {
    let (fake, hand) = (Fake::start().await.expect("the fake"), ByHand::new());
    fake.set_clock(hand.clock());
    let settings = Settings { timeout: Duration::from_millis(400), ..settings(&fake) };
    let apns = Apns::new(&settings, hand.clock()).expect("a channel");
    assert_eq!(one(&apns, 1).await, (delivered(1), "ok"));
    fake.trouble(Trouble::Hang);
    assert_eq!(one(&apns, 2).await, (Outcome::Unknown, "timeout"));
    assert_eq!(one(&apns, 2).await, (delivered(2), "ok"), "again under the same id");
    let ids: HashSet<_> = fake.seen().into_iter().filter(|seen| seen.address == token(2)).map(|seen| seen.id).collect();
    assert_eq!(ids.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_a_stream_until_its_time_is_up_was_not_sent() {
    let (fake, hand) = (Fake::start().await.expect("the fake"), ByHand::new());
    fake.set_clock(hand.clock());
    fake.stream_limit(1);
    let settings = Settings { timeout: Duration::from_millis(600), ..settings(&fake) };
    let apns = Arc::new(Apns::new(&settings, hand.clock()).expect("a channel"));
    for _ in 0..20 {
        fake.trouble(Trouble::Hang);
    }
    let answers = all(&apns, (0..20).map(|n| (device(n), message(n)))).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let arrived: HashSet<_> = fake.seen().into_iter().map(|seen| seen.address).collect();
    let mut unsent = 0;
    for (n, answer) in (0..).zip(answers) {
        match answer.reason {
            "timeout" => assert_eq!(answer.outcome, Outcome::Unknown),
            "unsent_timeout" => {
                assert_eq!(answer.outcome, retry(30));
                assert!(!arrived.contains(&token(n)));
                unsent += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert!(unsent > 10, "{unsent}: all but the one that hangs and a few that were next in line");
}

/// Lets time pass until tokens are dated anew.
fn to_a_change(hand: &ByHand) {
    hand.pass(TimeDelta::seconds(1_800 - hand.now().timestamp().rem_euclid(1_800)));
}

#[tokio::test]
async fn a_token_is_renewed_in_time_and_replaced_once_when_it_is_called_too_old() {
    let (fake, apns, hand) = both().await;
    to_a_change(&hand);
    for (minutes, minted) in [(0, 1), (49, 1), (2, 2), (20, 2)] {
        hand.pass(TimeDelta::minutes(minutes));
        assert_eq!(one(&apns, 1).await, (delivered(1), "ok"));
        assert_eq!(fake.tokens_minted(), minted);
    }
    fake.trouble(Trouble::ExpiredProviderToken);
    assert_eq!(one(&apns, 2).await, (delivered(2), "ok"), "at once, with a new one");
    assert_eq!(fake.tokens_minted(), 3);
    hand.pass(TimeDelta::minutes(5));
    fake.trouble(Trouble::ExpiredProviderToken);
    assert_eq!(one(&apns, 3).await, (retry(15 * 60), "ExpiredProviderToken"), "too soon for another");
    assert_eq!(one(&apns, 4).await, (delivered(4), "ok"));
    assert_eq!(fake.tokens_minted(), 3);
    assert_eq!(fake.refused(), Vec::<String>::new());
}

#[tokio::test]
async fn many_processes_and_those_that_start_again_are_one_to_apple() {
    let (fake, first, hand) = both().await;
    to_a_change(&hand);
    hand.pass(TimeDelta::minutes(7));
    assert_eq!(one(&first, 1).await, (delivered(1), "ok"));
    for minutes in [0, 11, 10] {
        hand.pass(TimeDelta::minutes(minutes));
        let another = Apns::new(&settings(&fake), hand.clock()).expect("a channel");
        assert_eq!(one(&another, 2).await, (delivered(2), "ok"));
        assert_eq!(fake.tokens_minted(), 1);
    }
    hand.pass(TimeDelta::minutes(23));
    for channel in [&first, &Apns::new(&settings(&fake), hand.clock()).expect("a channel")] {
        assert_eq!(one(channel, 3).await, (delivered(3), "ok"), "the next, and the same for one that has just begun");
    }
    assert_eq!((fake.tokens_minted(), fake.refused()), (2, Vec::new()));
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_told_nothing() {
    let (fake, hand) = (Fake::start().await.expect("the fake"), ByHand::new());
    let apns = Apns::new(&Settings { extra_root: None, ..settings(&fake) }, hand.clock()).expect("a channel");
    assert_eq!(one(&apns, 1).await, (retry(30), "tls"));

    let other = Fake::start().await.expect("another fake");
    let wrong = Settings { extra_root: Some(other.root()), ..settings(&fake) };
    let apns = Apns::new(&wrong, hand.clock()).expect("a channel");
    assert_eq!(one(&apns, 1).await, (retry(30), "tls"));
    assert_eq!((fake.accepted(), fake.refused()), (0, Vec::new()));

    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|l| l.local_addr()).expect("a port").port();
    let nobody = Settings { production_url: format!("https://localhost:{port}"), ..settings(&other) };
    let apns = Apns::new(&nobody, hand.clock()).expect("a channel");
    assert_eq!(one(&apns, 1).await, (retry(30), "connection_refused"));
}

#[tokio::test]
async fn what_may_not_be_sent_is_refused_here() {
    let (fake, apns, hand) = both().await;
    let dry = apns.send(&device(1), &message(1), Mode::DryRun).await;
    assert_eq!((dry.outcome, dry.reason), (Outcome::Delivered { provider_id: None }, "dry_run"));

    let path = Address::Apns { token: "../../token".into(), environment: Environment::Sandbox };
    let large = Message { body: "x".repeat(4096), ..message(1) };
    let late = Message { expires_at: hand.now(), ..message(1) };
    let long = Message { collapse: "x".repeat(65), ..message(1) };
    for mode in [Mode::Live, Mode::DryRun] {
        for (to, message, reason) in [
            (&path, &message(1), "address"),
            (&Address::FcmToken("a".into()), &message(1), "address_kind"),
            (&device(1), &large, "too_large"),
            (&device(1), &late, "expired"),
            (&device(1), &long, "collapse"),
        ] {
            let answer = apns.send(to, message, mode).await;
            assert_eq!((answer.outcome, answer.reason), (Outcome::Refused, reason));
        }
    }
    assert_eq!((fake.connections(), fake.accepted()), (0, 0));
}
