//! Web Push: a service that speaks plain HTTP/1.1 on this machine, as the one does that browsers are tried with.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http_body_util::{BodyExt, Empty};
use hyper::{HeaderMap, Request, Response, body::Bytes, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};
use spectrum_push::{
    Channel,
    allow::AllowList,
    fake::Fake,
    message::{Address, Mode},
    outcome::{Answer, Outcome},
    web_push::{Settings, WebPush},
};
use tokio::{net::TcpListener, task::JoinSet};
use web_push_native::{
    Auth, decrypt,
    p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint},
};

use crate::{ByHand, all, message, retry};

/// What came: path, headers and body.
type Came = Arc<Mutex<Vec<(String, HeaderMap, Vec<u8>)>>>;

/// A service that answers with the status that the path ends with.
struct Service {
    origin: String,
    came: Came,
    _tasks: JoinSet<()>,
}

impl Service {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let origin = format!("http://127.0.0.1:{}", listener.local_addr().expect("an address").port());
        let came = Came::default();
        let mut tasks = JoinSet::new();
        let kept = Arc::clone(&came);
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let came = Arc::clone(&kept);
                let answer = service_fn(move |request: Request<Incoming>| {
                    let came = Arc::clone(&came);
                    async move { Ok::<_, Infallible>(answer(request, &came).await) }
                });
                connections.spawn(async move {
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
        Self { origin, came, _tasks: tasks }
    }

    fn came(&self) -> Vec<(String, HeaderMap, Vec<u8>)> {
        self.came.lock().expect("what came").clone()
    }
}

async fn answer(request: Request<Incoming>, came: &Came) -> Response<Empty<Bytes>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("a body").to_bytes().to_vec();
    let path = head.uri.path().to_owned();
    let status: u16 = path.rsplit('/').next().and_then(|status| status.parse().ok()).expect("a status");
    came.lock().expect("what came").push((path, head.headers, body));
    let location = if status == 307 { "http://127.0.0.1:1/elsewhere" } else { "/message/1" };
    let response = Response::builder().status(status).header("location", location).header("retry-after", "90");
    response.body(Empty::new()).expect("a response")
}

/// A browser's keys, private and public.
fn browser() -> (SecretKey, Auth, impl Fn(String) -> Address) {
    let private = SecretKey::from_slice(&[7; 32]).expect("a key");
    let public = BASE64_URL_SAFE_NO_PAD.encode(private.public_key().to_encoded_point(false));
    let address = move |endpoint: String| Address::WebPush {
        endpoint: endpoint.into(),
        p256dh: public.clone().into(),
        auth: BASE64_URL_SAFE_NO_PAD.encode([9; 16]).into(),
    };
    (private, [9; 16].into(), address)
}

fn settings(services: AllowList) -> Settings {
    Settings {
        key: BASE64_URL_SAFE_NO_PAD.encode([5; 32]).into(),
        subject: "https://spectrum.example".into(),
        services,
        extra_root: None,
        connections: 1,
        timeout: Duration::from_secs(5),
    }
}

fn channel(services: AllowList, hand: &ByHand) -> WebPush {
    WebPush::new(&settings(services), hand.clock()).expect("a channel")
}

#[tokio::test]
async fn a_browser_gets_what_was_written_and_its_service_knows_who_wrote() {
    let (service, hand) = (Service::start().await, ByHand::new());
    let channel = channel(AllowList::new(&[&service.origin]).expect("a list"), &hand);
    let (private, secret, address) = browser();
    let to = address(format!("{}/notify/201", service.origin));
    let answer = channel.send(&to, &message(1), Mode::Live).await;
    let outcome = Outcome::Delivered { provider_id: None };
    assert_eq!(answer, Answer { outcome, status: Some(201), reason: "ok" });
    assert_eq!(channel.send(&to, &message(1), Mode::DryRun).await.reason, "dry_run");

    let [(_, headers, body)] = &service.came()[..] else { panic!("one, not {:?}", service.came()) };
    let opened = decrypt(body.clone(), &private, &secret).expect("opened");
    let opened: Value = serde_json::from_slice(&opened).expect("JSON");
    assert_eq!((&opened["url"], &opened["tag"]), (&json!("/week/2026-W47"), &json!("weekly-2026-W47")));
    for (name, value) in [("ttl", "54000"), ("topic", "weekly-2026-W47"), ("urgency", "low")] {
        assert_eq!(headers[name], value);
    }

    let word = headers["authorization"].to_str().expect("text");
    let (token, key) = word.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k=")).expect("both");
    assert_eq!(key, channel.application_server_key());
    let (text, signature) = token.rsplit_once('.').expect("a signature");
    let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64url");
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes(key))
        .verify(text.as_bytes(), &bytes(signature))
        .expect("a true signature");
    let claims: Value = serde_json::from_slice(&bytes(text.split_once('.').expect("claims").1)).expect("JSON");
    assert_eq!(claims["aud"], json!(service.origin));
    let exp = claims["exp"].as_i64().expect("a time") - hand.now().timestamp();
    assert!((1..=86_400).contains(&exp), "{exp}");
}

#[tokio::test]
async fn what_a_service_answers_is_understood_and_nobody_is_followed_elsewhere() {
    let (service, hand) = (Service::start().await, ByHand::new());
    let channel = channel(AllowList::new(&[&service.origin]).expect("a list"), &hand);
    let (_, _, address) = browser();
    for (status, outcome) in [
        (201, Outcome::Delivered { provider_id: None }),
        (307, Outcome::Refused),
        (403, Outcome::Gone { since: None, certain: false }),
        (404, Outcome::Gone { since: None, certain: true }),
        (410, Outcome::Gone { since: None, certain: true }),
        (413, Outcome::Refused),
        (429, retry(90)),
        (503, retry(90)),
    ] {
        let to = address(format!("{}/notify/{status}", service.origin));
        let answer = channel.send(&to, &message(1), Mode::Live).await;
        assert_eq!((answer.outcome, answer.status), (outcome, Some(status)));
    }
    assert_eq!(service.came().len(), 8);
}

#[tokio::test]
async fn a_service_that_is_not_on_the_list_is_not_asked() {
    let (service, hand) = (Service::start().await, ByHand::new());
    let channel = channel(AllowList::default(), &hand);
    let (_, _, address) = browser();
    let endpoint = format!("{}/notify/201", service.origin);
    assert!(!channel.is_allowed(&endpoint));
    let answer = channel.send(&address(endpoint), &message(1), Mode::Live).await;
    assert_eq!((answer.outcome, answer.reason), (Outcome::Refused, "endpoint"));
    assert_eq!(service.came().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_many_share_a_connection() {
    let (fake, hand) = (Fake::start().await.expect("the fake"), ByHand::new());
    let settings =
        Settings { extra_root: Some(fake.root()), ..settings(AllowList::new(&[&fake.url()]).expect("a list")) };
    let channel = Arc::new(WebPush::new(&settings, hand.clock()).expect("a channel"));
    let (_, _, address) = browser();
    let sends = (0..200).map(|n| (address(format!("{}/wpush/{n}", fake.url())), message(n)));
    // The fake is no push service and says so; what is looked at is how it was asked.
    assert!(all(&channel, sends).await.iter().all(|answer| answer.status == Some(403)));
    assert_eq!(fake.connections(), 1);
}
