//! FCM: its tokens, its addresses, its codes, and its wish to be asked again later.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use spectrum_push::{
    Channel,
    fake::{Fake, RetryAfter, State, Trouble},
    fcm::{Fcm, Settings},
    message::{Address, Mode},
    outcome::{Answer, Outcome},
};

use crate::{ByHand, all, message, retry};

async fn both() -> (Fake, Arc<Fcm>, ByHand) {
    let (fake, hand) = (Fake::start().await.expect("the fake"), ByHand::new());
    fake.set_clock(hand.clock());
    let fcm = Fcm::new(&fake.fcm_settings(), hand.clock()).expect("a channel");
    (fake, Arc::new(fcm), hand)
}

fn fid(n: u128) -> String {
    format!("fid{n:019}")
}

async fn one(fcm: &Fcm, n: u128) -> (Outcome, &'static str) {
    let answer = fcm.send(&Address::FcmFid(fid(n).into()), &message(n), Mode::Live).await;
    (answer.outcome, answer.reason)
}

fn was_delivered(answer: &(Outcome, &'static str)) -> bool {
    matches!(answer, (Outcome::Delivered { provider_id: Some(name) }, "ok") if name.starts_with("projects/"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_arrive_once_each_under_one_token() {
    let (fake, fcm, _) = both().await;
    let address = |n: u128| {
        if n.is_multiple_of(2) {
            Address::FcmFid(fid(n).into())
        } else {
            Address::FcmToken(format!("c{n}:APA91b").into())
        }
    };
    let answers = all(&fcm, (0..500).map(|n| (address(n), message(n)))).await;
    assert!(answers.into_iter().all(|answer| was_delivered(&(answer.outcome, answer.reason))));
    assert_eq!(fake.refused(), Vec::<String>::new());
    assert_eq!((fake.accepted(), fake.tokens_minted()), (500, 1));
    let seen = fake.seen();
    assert_eq!(seen.iter().filter(|seen| seen.is_fid).count(), 250);
    assert!(seen.iter().all(|seen| seen.collapse.as_deref() == Some("weekly-2026-W47") && !seen.dry));
}

#[tokio::test]
async fn a_dry_run_is_looked_at_and_not_sent() {
    let (fake, fcm, _) = both().await;
    let answer = fcm.send(&Address::FcmFid(fid(1).into()), &message(1), Mode::DryRun).await;
    let outcome = Outcome::Delivered { provider_id: None };
    assert_eq!(answer, Answer { outcome, status: Some(200), reason: "dry_run" });
    assert_eq!((fake.accepted(), fake.seen().len(), fake.seen()[0].dry), (0, 1, true));
    fake.trouble(Trouble::ResetStream);
    let answer = fcm.send(&Address::FcmFid(fid(1).into()), &message(1), Mode::DryRun).await;
    assert_eq!((answer.outcome, answer.reason), (retry(30), "reset"));
}

#[tokio::test]
async fn what_is_thought_of_an_address_is_told_apart() {
    let (fake, fcm, _) = both().await;
    let gone = |certain| Outcome::Gone { since: None, certain };
    for (n, state, expected) in [
        (1, State::Unregistered, (gone(true), "UNREGISTERED")),
        (2, State::BadToken, (gone(false), "INVALID_ARGUMENT")),
        (3, State::InvalidArgument, (Outcome::Refused, "INVALID_ARGUMENT")),
        (4, State::NotFound, (gone(false), "NOT_FOUND")),
        (5, State::SenderMismatch, (gone(false), "SENDER_ID_MISMATCH")),
        (6, State::ThirdPartyAuth, (Outcome::Misconfigured, "THIRD_PARTY_AUTH_ERROR")),
        (7, State::TooMany, (retry(60), "QUOTA_EXCEEDED")),
    ] {
        fake.address_is(&fid(n), state);
        assert_eq!(one(&fcm, n).await, expected, "{state:?}");
    }
    fake.wrong_project(true);
    assert_eq!(one(&fcm, 8).await, (gone(false), "NOT_FOUND"));
}

#[tokio::test]
async fn google_is_asked_again_when_it_wants_to_be() {
    let (fake, fcm, _) = both().await;
    for (trouble, expected) in [
        (Trouble::TooMany { retry_after: None }, (retry(60), "QUOTA_EXCEEDED")),
        (Trouble::TooMany { retry_after: Some(RetryAfter::Seconds(17)) }, (retry(17), "QUOTA_EXCEEDED")),
        (Trouble::TooMany { retry_after: Some(RetryAfter::HttpDate(90)) }, (retry(90), "QUOTA_EXCEEDED")),
        (Trouble::status(503, "UNAVAILABLE"), (retry(10), "UNAVAILABLE")),
        (Trouble::status(500, "INTERNAL"), (retry(10), "INTERNAL")),
        (Trouble::HtmlPage, (retry(10), "server")),
        (Trouble::RefuseStream, (retry(30), "refused_stream")),
        (Trouble::ResetStream, (Outcome::Unknown, "reset")),
        (Trouble::Goaway { after: 0 }, (Outcome::Unknown, "closed")),
        (Trouble::Cut, (Outcome::Unknown, "closed")),
    ] {
        fake.trouble(trouble.clone());
        assert_eq!(one(&fcm, 1).await, expected, "{trouble:?}");
        let next = one(&fcm, 2).await;
        assert!(was_delivered(&next), "after {trouble:?}: {next:?}");
    }
}

#[tokio::test]
async fn an_access_token_is_renewed_before_its_end_and_once_when_it_is_refused() {
    let (fake, fcm, hand) = both().await;
    fake.expires_in(3600);
    for (minutes, minted) in [(0, 1), (47, 1), (1, 2)] {
        hand.pass(TimeDelta::minutes(minutes));
        assert!(was_delivered(&one(&fcm, 1).await));
        assert_eq!(fake.tokens_minted(), minted);
    }
    hand.pass(TimeDelta::minutes(1));
    fake.forget_access_tokens();
    assert!(was_delivered(&one(&fcm, 2).await), "at once, with a new one");
    assert_eq!(fake.tokens_minted(), 3);
    for n in 3..10 {
        fake.trouble(Trouble::ExpiredProviderToken);
        assert_eq!(one(&fcm, n).await, (Outcome::Misconfigured, "UNAUTHENTICATED"), "a new one was refused");
    }
    assert_eq!(fake.tokens_minted(), 3);
}

#[tokio::test]
async fn without_an_access_token_nothing_is_sent_and_the_provider_is_not_besieged() {
    let (fake, fcm, hand) = both().await;
    fake.token_trouble(Trouble::status(503, "unavailable"));
    for n in 0..20 {
        assert_eq!(one(&fcm, n).await, (retry(30), "oauth_unavailable"));
    }
    assert_eq!((fake.accepted(), fake.tokens_minted()), (0, 0));
    hand.pass(TimeDelta::seconds(30));
    assert!(was_delivered(&one(&fcm, 1).await));
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_told_nothing() {
    let (fake, hand) = (Fake::start().await.expect("the fake"), ByHand::new());
    let fcm = Fcm::new(&Settings { extra_root: None, ..fake.fcm_settings() }, hand.clock()).expect("a channel");
    assert_eq!(one(&fcm, 1).await, (retry(30), "tls"));
    assert_eq!((fake.accepted(), fake.tokens_minted()), (0, 0));
}

#[tokio::test]
async fn settings_that_google_would_not_like_are_refused() {
    let (fake, hand) = (Fake::start().await.expect("the fake"), ByHand::new());
    for bad in [
        Settings { timeout: Duration::from_secs(9), ..fake.fcm_settings() },
        Settings { per_second: 0, ..fake.fcm_settings() },
        Settings { per_second: 10_001, ..fake.fcm_settings() },
        Settings { base_url: fake.url().replace("https:", "http:"), ..fake.fcm_settings() },
        Settings { service_account: "{}".into(), ..fake.fcm_settings() },
        Settings { extra_root: Some("/nowhere.pem".into()), ..fake.fcm_settings() },
    ] {
        Fcm::new(&bad, hand.clock()).expect_err("no channel");
    }
}
