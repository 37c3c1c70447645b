//! The fake by itself, asked by the bare HTTP/2 library: streams, endings, tokens, and what is refused.

use std::{
    error::Error,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::SeqCst},
    },
    time::Duration,
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::DateTime;
use h2::client::SendRequest;
use hyper::{Request, body::Bytes};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use serde_json::{Value, json};
use tokio::{net::TcpStream, task::JoinSet};
use tokio_rustls::TlsConnector;

use super::{Fake, KEY_ID, Options, RetryAfter, State, TEAM_ID, TOPIC, Trouble};

const START: i64 = 1_795_000_000;

type Answer = Result<(u16, Value), h2::Error>;
type Asked = Pin<Box<dyn Future<Output = Answer>>>;

/// A connection to the fake, and a token.
struct Client {
    send: SendRequest<Bytes>,
    token: String,
    _connection: JoinSet<()>,
}

fn token(fake: &Fake, issued: i64) -> String {
    let text: String = fake.apns_key().lines().filter(|line| !line.starts_with("-----")).collect();
    let (der, random) = (STANDARD.decode(text).unwrap(), SystemRandom::new());
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &random).unwrap();
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!(
        "{}.{}",
        part(json!({ "alg": "ES256", "kid": KEY_ID })),
        part(json!({ "iss": TEAM_ID, "iat": issued }))
    );
    let signature = key.sign(&random, signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

impl Client {
    async fn new(fake: &Fake) -> Self {
        Self::with(fake, token(fake, START)).await
    }

    async fn with(fake: &Fake, token: String) -> Self {
        use rustls::pki_types::pem::PemObject as _;
        let mut roots = RootCertStore::empty();
        roots.add(rustls::pki_types::CertificateDer::from_pem_file(fake.root()).unwrap()).unwrap();
        let mut tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec()];
        let tcp = TcpStream::connect(("127.0.0.1", fake.port())).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let tls = TlsConnector::from(Arc::new(tls)).connect(name, tcp).await.unwrap();
        let (send, connection) = h2::client::handshake(tls).await.unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { drop(connection.await) });
        Self { send, token, _connection: tasks }
    }

    fn ask(&self, device: u32, change: impl FnOnce(&mut Request<()>)) -> Asked {
        self.ask_with(device, &json!({ "aps": { "alert": "a" } }).to_string(), change)
    }

    fn ask_with(&self, device: u32, body: &str, change: impl FnOnce(&mut Request<()>)) -> Asked {
        let mut request = Request::post(format!("https://localhost/3/device/{device:064x}"))
            .header("authorization", format!("bearer {}", self.token))
            .header("apns-topic", TOPIC)
            .header("apns-push-type", "alert")
            .body(())
            .unwrap();
        change(&mut request);
        let (mut send, body) = (self.send.clone(), Bytes::from(body.to_owned()));
        let asked = send.send_request(request, false).map(|(response, mut stream)| {
            stream.send_data(body, true).unwrap();
            response
        });
        Box::pin(async move {
            let response = asked?.await?;
            let (status, mut body, mut text) = (response.status().as_u16(), response.into_body(), Vec::new());
            while let Some(part) = body.data().await {
                text.extend_from_slice(&part?);
            }
            Ok((status, serde_json::from_slice(&text).unwrap_or_default()))
        })
    }

    /// One request, as it must be.
    async fn one(&self, device: u32) -> Answer {
        self.ask(device, |_| {}).await
    }

    /// Many at once.
    async fn many(&self, devices: std::ops::Range<u32>) -> Vec<Answer> {
        futures_util::future::join_all(devices.map(|device| self.ask(device, |_| {}))).await
    }
}

async fn fake() -> (Fake, Arc<AtomicI64>) {
    let fake = Fake::start().await.unwrap();
    let time = Arc::new(AtomicI64::new(START));
    let now = Arc::clone(&time);
    fake.set_clock(Arc::new(move || DateTime::from_timestamp(now.load(SeqCst), 0).unwrap()));
    (fake, time)
}

fn reason(answer: &Answer) -> (u16, &str) {
    answer.as_ref().map_or((0, ""), |(status, body)| (*status, body["reason"].as_str().unwrap_or_default()))
}

#[tokio::test]
async fn a_second_stream_before_a_token_is_refused_and_later_ones_are_not() {
    let (fake, _) = fake().await;
    fake.delay(Duration::from_millis(30));
    let client = Client::new(&fake).await;
    let answers = client.many(0..5).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(fake.refused().len(), 4);
    assert!(client.many(5..300).await.iter().all(|answer| reason(answer).0 == 200));
    assert_eq!(fake.accepted(), 296);
    assert_eq!(fake.tokens_minted(), 1);
}

#[tokio::test]
async fn a_goaway_leaves_what_was_processed_unanswered() {
    let (fake, _) = fake().await;
    let client = Client::new(&fake).await;
    client.one(0).await.unwrap();
    fake.delay(Duration::from_millis(30));
    fake.trouble(Trouble::Goaway { after: 3 });
    let answers = client.many(1..11).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 3);
    assert_eq!((fake.accepted(), fake.counts().unanswered), (11, 7));
    let closed = client.one(11).await.unwrap_err();
    assert!(closed.is_go_away() || closed.is_io(), "{closed:?}");
    let next = Client::with(&fake, client.token).await;
    assert_eq!(reason(&next.one(11).await).0, 200);
}

#[tokio::test]
async fn a_goaway_says_why_and_a_drained_connection_answers_first() {
    let (fake, _) = fake().await;
    let client = Client::new(&fake).await;
    client.one(0).await.unwrap();
    fake.delay(Duration::from_millis(30));
    fake.trouble(Trouble::Drain { after: 0 });
    assert!(client.many(1..11).await.iter().all(|answer| reason(answer).0 == 200));
    tokio::time::sleep(Duration::from_millis(100)).await;
    let closed = client.one(11).await.unwrap_err();
    assert_eq!((fake.accepted(), fake.counts().unanswered), (11, 0));
    let text = format!("{closed:?}{:?}", closed.source());
    assert!(text.contains("Shutdown"), "{text}");
}

#[tokio::test]
async fn resets_hangs_and_cuts_are_processed_and_never_answered() {
    let (fake, _) = fake().await;
    let client = Client::new(&fake).await;
    client.one(0).await.unwrap();
    fake.trouble(Trouble::ResetStream);
    assert!(client.one(1).await.unwrap_err().is_reset());
    fake.trouble(Trouble::RefuseStream);
    assert_eq!(client.one(2).await.unwrap_err().reason(), Some(h2::Reason::REFUSED_STREAM));
    fake.trouble(Trouble::Hang);
    assert!(tokio::time::timeout(Duration::from_millis(100), client.one(3)).await.is_err());
    fake.trouble(Trouble::Cut);
    assert!(client.one(4).await.is_err());
    let counts = fake.counts();
    assert_eq!((counts.accepted, counts.unanswered), (4, 3));
}

#[tokio::test]
async fn errors_are_in_apples_words() {
    let (fake, _) = fake().await;
    let client = Client::new(&fake).await;
    for (trouble, status, word) in [
        (Trouble::status(503, "ServiceUnavailable"), 503, "ServiceUnavailable"),
        (Trouble::TooMany { retry_after: Some(RetryAfter::HttpDate(5)) }, 429, "TooManyRequests"),
        (Trouble::ExpiredProviderToken, 403, "ExpiredProviderToken"),
        (Trouble::HtmlPage, 502, ""),
    ] {
        fake.trouble(trouble);
        assert_eq!(reason(&client.one(1).await), (status, word));
    }
    let since = DateTime::from_timestamp_millis(1_795_000_000_123).unwrap();
    fake.address_is(&format!("{:064x}", 7), State::Gone { since });
    let (status, body) = client.one(7).await.unwrap();
    assert_eq!((status, body), (410, json!({ "reason": "Unregistered", "timestamp": 1_795_000_000_123_i64 })));
    fake.wrong_environment(true);
    assert_eq!(reason(&client.one(8).await), (400, "BadDeviceToken"));
    assert_eq!((fake.accepted(), fake.refused().len()), (0, 0));
}

#[tokio::test]
async fn a_token_lasts_an_hour_and_another_is_not_wanted_for_twenty_minutes() {
    let (fake, time) = fake().await;
    let mut client = Client::new(&fake).await;
    assert_eq!(reason(&client.one(1).await).0, 200);
    client.token = token(&fake, START + 1);
    assert_eq!(reason(&client.one(1).await), (429, "TooManyProviderTokenUpdates"));
    time.fetch_add(20 * 60, SeqCst);
    assert_eq!(reason(&client.one(1).await).0, 200);
    time.store(START + 3602, SeqCst);
    assert_eq!(reason(&client.one(1).await), (403, "ExpiredProviderToken"));
    let (head, rest) = client.token.split_once('.').unwrap();
    client.token = format!("{head}=.{rest}");
    assert_eq!(reason(&client.one(1).await), (403, "InvalidProviderToken"));
    client.token = token(&Fake::start().await.unwrap(), START + 3600);
    assert_eq!(reason(&client.one(1).await), (403, "InvalidProviderToken"));
}

#[tokio::test]
async fn what_a_request_lacks_or_has_too_much_of_is_refused_by_its_name() {
    let (fake, _) = fake().await;
    let client = Client::new(&fake).await;
    for (name, value, status, word) in [
        ("apns-topic", "", 400, "MissingTopic"),
        ("apns-topic", "example.other", 400, "TopicDisallowed"),
        ("apns-priority", "7", 400, "BadPriority"),
        ("apns-expiration", "tomorrow", 400, "BadExpirationDate"),
        ("apns-id", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8", 400, "BadMessageId"),
        ("apns-push-type", "loud", 400, "InvalidPushType"),
        ("apns-collapse-id", &"c".repeat(65), 400, "BadCollapseId"),
        ("authorization", "", 403, "MissingProviderToken"),
    ] {
        let change = |request: &mut Request<()>| match value {
            "" => drop(request.headers_mut().remove(name)),
            value => drop(request.headers_mut().insert(name, value.parse().unwrap())),
        };
        assert_eq!(reason(&client.ask(1, change).await), (status, word), "{name}");
    }
    for (body, status, word) in [
        (String::new(), 400, "PayloadEmpty"),
        (json!({ "aps": { "alert": "a".repeat(4096) } }).to_string(), 413, "PayloadTooLarge"),
        (json!({ "aps": { "alarm": "a" } }).to_string(), 400, "BadMessage"),
    ] {
        assert_eq!(reason(&client.ask_with(1, &body, |_| {}).await), (status, word));
    }
    assert_eq!((fake.refused().len(), fake.accepted()), (11, 0));
}

#[tokio::test]
async fn chance_spoils_some_and_every_connection_can_be_made_anew() {
    let fake = Fake::start_with(Options { careful: false, ..Options::default() }).await.unwrap();
    fake.set_clock(Arc::new(|| DateTime::from_timestamp(START, 0).unwrap()));
    fake.chaos(7, 100);
    let (mut good, token) = (0, token(&fake, START));
    for round in 0..20 {
        let client = Client::with(&fake, token.clone()).await;
        let all = (0..50).map(|device| client.ask(round * 50 + device, |_| {}));
        let all = all.map(|one| tokio::time::timeout(Duration::from_millis(300), one));
        good += futures_util::future::join_all(all).await.iter().filter(|one| matches!(one, Ok(Ok((200, _))))).count();
    }
    let counts = fake.counts();
    assert!(good > 200 && good < 950, "{good} of 1000 were answered");
    assert!(counts.accepted > u64::try_from(good).unwrap(), "none went unanswered: {counts:?}");
    assert!(fake.refused().is_empty(), "{:?}", fake.refused());
}
