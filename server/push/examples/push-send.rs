//! Sends what it is told through our channels, for tests in other languages: the first line of its input says where the servers
//! are, as `push-fake` prints it, and each further line is `{"address", "message", "dry"}`. It answers each with one line of JSON.

use std::{
    error::Error,
    fs,
    io::{self, BufRead as _},
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use spectrum_domain::push::{ChannelKind, Environment};
use spectrum_push::{
    Channel, Clock,
    allow::AllowList,
    apns::{self, Apns},
    fcm::{self, Fcm},
    message::{Address, Message, Mode},
    outcome::{Answer, Outcome},
    web_push::{self, WebPush},
};

type Failed = Box<dyn Error>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Servers {
    url: String,
    root: PathBuf,
    apns_key: String,
    key_id: String,
    team_id: String,
    topic: String,
    service_account: PathBuf,
    /// The origin of a server for Web Push.
    #[serde(default)]
    web_push: Option<String>,
}

#[derive(Deserialize)]
struct Order {
    address: To,
    message: Text,
    #[serde(default)]
    dry: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum To {
    Apns(String),
    FcmToken(String),
    FcmFid(String),
    WebPush { endpoint: String, p256dh: String, auth: String },
}

#[derive(Deserialize)]
struct Text {
    delivery: uuid::Uuid,
    collapse: String,
    title: String,
    body: String,
    stop: String,
    path: String,
    expires_at: DateTime<Utc>,
}

impl From<To> for Address {
    fn from(to: To) -> Self {
        match to {
            To::Apns(token) => Self::Apns { token: token.into(), environment: Environment::Production },
            To::FcmToken(token) => Self::FcmToken(token.into()),
            To::FcmFid(fid) => Self::FcmFid(fid.into()),
            To::WebPush { endpoint, p256dh, auth } => {
                Self::WebPush { endpoint: endpoint.into(), p256dh: p256dh.into(), auth: auth.into() }
            }
        }
    }
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        let Text { delivery, collapse, title, body, stop, path, expires_at } = text;
        Self { delivery, collapse, thread: "weekly-summary", title, body, stop, path, expires_at }
    }
}

struct Channels {
    apns: Apns,
    fcm: Fcm,
    web_push: WebPush,
}

impl Channels {
    fn new(servers: Servers) -> Result<Self, Failed> {
        #[expect(clippy::disallowed_methods, reason = "a program of its own, which has the system's time")]
        let clock: Clock = Arc::new(|| SystemTime::now().into());
        let timeout = Duration::from_secs(10);
        let apns = apns::Settings {
            production_url: servers.url.clone(),
            sandbox_url: servers.url.clone(),
            key: servers.apns_key.clone().into(),
            key_id: servers.key_id,
            team_id: servers.team_id,
            topic: servers.topic,
            extra_root: Some(servers.root.clone()),
            connections: 1,
            timeout,
        };
        let fcm = fcm::Settings {
            base_url: servers.url,
            service_account: fs::read_to_string(servers.service_account)?.into(),
            extra_root: Some(servers.root),
            connections: 1,
            timeout,
            per_second: fcm::MOST_PER_SECOND,
        };
        let web_push = web_push::Settings {
            // Any key of this kind does.
            key: servers.apns_key.into(),
            subject: "mailto:push@spectrum.example".to_owned(),
            services: servers.web_push.map_or_else(|| Ok(AllowList::default()), |origin| AllowList::new(&[origin]))?,
            extra_root: None,
            connections: 1,
            timeout,
        };
        Ok(Self {
            apns: Apns::new(&apns, Arc::clone(&clock))?,
            fcm: Fcm::new(&fcm, Arc::clone(&clock))?,
            web_push: WebPush::new(&web_push, clock)?,
        })
    }

    fn of(&self, kind: ChannelKind) -> &dyn Channel {
        match kind {
            ChannelKind::Apns => &self.apns,
            ChannelKind::Fcm => &self.fcm,
            ChannelKind::WebPush => &self.web_push,
        }
    }
}

fn told(answer: &Answer) -> Value {
    let outcome = match &answer.outcome {
        Outcome::Delivered { provider_id } => json!({ "delivered": provider_id }),
        Outcome::Gone { since, certain } => json!({ "gone": { "since": since, "certain": certain } }),
        Outcome::Retry { after } => json!({ "retry": after.as_secs() }),
        Outcome::Unknown => json!("unknown"),
        Outcome::Misconfigured => json!("misconfigured"),
        Outcome::Refused => json!("refused"),
    };
    json!({ "outcome": outcome, "status": answer.status, "reason": answer.reason })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    let mut lines = io::stdin().lock().lines();
    let servers = serde_json::from_str(&lines.next().ok_or("the first line is missing")??)?;
    let channels = Channels::new(servers)?;
    println!("{}", json!({ "applicationServerKey": channels.web_push.application_server_key() }));
    for line in lines {
        let Order { address, message, dry } = serde_json::from_str(&line?)?;
        let (address, mode) = (Address::from(address), if dry { Mode::DryRun } else { Mode::Live });
        let answer = channels.of(address.channel()).send(&address, &message.into(), mode).await;
        println!("{}", told(&answer));
    }
    Ok(())
}
