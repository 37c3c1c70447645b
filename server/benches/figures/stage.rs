//! Where the figures are taken: a database of its own on the server of `DATABASE_URL`, one Spectrum on it, members with
//! sessions.

use std::{str::FromStr as _, sync::Arc};

use app::{Assets, CookiePolicy};
use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use chrono::{DateTime, TimeDelta, Utc};
use leptos::config::LeptosOptions;
use serde_json::{Value, json};
use server::{
    analyzer::{Embedded, Trained},
    compose,
    config::Config,
    http::{self, AppState, PublicUrl, Subscriptions},
    identity::Identity,
    worker::{jobs::JobContext, run_due_jobs},
};
use spectrum_core::{
    Destination, Services,
    access::host_key::{self, NewKey},
    db::{
        migrate,
        pool::{PoolSizes, Pools},
        seal::MasterKey,
    },
    ingest::accept_events::IngestPolicy,
};
use spectrum_domain::{id::HostId, look::Look};
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use uuid::Uuid;

pub struct Stage {
    pub services: Services,
    pub router: Router,
    pub host: HostId,
    pub host_key: String,
    pub owner: PgConnectOptions,
    /// What wraps members' keys.
    pub master: MasterKey,
    admin: PgConnectOptions,
    database: String,
}

/// A time that the figures call now: a Friday, so that the week so far is rich.
pub fn now() -> DateTime<Utc> {
    "2026-11-20T20:00:00Z".parse().expect("an instant")
}

impl Stage {
    pub async fn set() -> Self {
        let url = server::config::process_environment("DATABASE_URL")
            .expect("DATABASE_URL names the server to measure on; `make bench` sets it");
        let admin = PgConnectOptions::from_str(&url).expect("DATABASE_URL is an address");
        let database = format!("bench_{}", Uuid::from_bytes(compose::ambient().bytes()).simple());
        let mut connection = PgConnection::connect_with(&admin).await.expect("the server answers");
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {database}")))
            .execute(&mut connection)
            .await
            .expect("a database of our own");
        let owner = admin.clone().database(&database);
        let mut connection = PgConnection::connect_with(&owner).await.expect("the database answers");
        migrate::MIGRATOR.run(&mut connection).await.expect("migrations");

        let ambient = compose::ambient();
        let pools = Pools::new(&owner, PoolSizes::default());
        let policy = IngestPolicy { idle: TimeDelta::minutes(30) };
        let master = MasterKey::new("bench", ambient.bytes());
        let services = Services::new(pools, ambient.clone(), master.clone(), policy);
        services.prepare_partitions().await.expect("partitions");
        let key =
            host_key::create(&mut connection, &ambient, services.ledger(), "bench", &NewKey::for_everything("bench"))
                .await
                .expect("a key");
        let host_key = key.key.expose().to_owned();
        let host = services.known_host(&host_key).await.expect("a look-up").expect("the host").host_id;
        let router = router(&services);
        Self { services, router, host, host_key, owner, master, admin, database }
    }

    /// Takes events in, as a host sends them.
    pub async fn accept(&self, events: &[Value]) {
        use tower::ServiceExt as _;
        let request = Request::post("/api/v1/events")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.host_key))
            .body(Body::from(json!({ "events": events }).to_string()))
            .expect("a request");
        let answer = self.router.clone().oneshot(request).await.expect("infallible");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// Measures everything that waits.
    pub async fn run_due_jobs(&self) {
        let context = JobContext {
            services: self.services.clone(),
            analyzer: Arc::new(Embedded::new(Trained::load())),
            outside: None,
            rephraser: None,
            sender: None,
        };
        run_due_jobs(&context).await.expect("the queue");
    }

    /// A member with one session that the model has read.
    pub async fn member_with_a_session(&self, name: &str) -> Uuid {
        self.accept(&session(name, now(), 6)).await;
        self.run_due_jobs().await;
        let mut owner = PgConnection::connect_with(&self.owner).await.expect("the owner");
        sqlx::query_scalar("SELECT member_id FROM member WHERE external_ref = $1")
            .bind(name)
            .fetch_one(&mut owner)
            .await
            .expect("the member")
    }

    /// A cookie of the member.
    pub async fn sign_in(&self, member: &str) -> String {
        let reference = member.parse().expect("a reference");
        let life = TimeDelta::minutes(1);
        let link = self
            .services
            .create_link(self.host, reference, (Destination::Newest, Look::default()), life)
            .await
            .expect("a link");
        let signed_in = self.services.redeem_link(link.code.expose()).await.expect("the link is new");
        format!("spectrum={}", signed_in.token.expose())
    }

    pub async fn clear(self) {
        self.services.pools().close().await;
        let mut connection = PgConnection::connect_with(&self.admin).await.expect("the server answers");
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.database);
        sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&mut connection).await.expect("the database goes");
    }
}

fn router(services: &Services) -> Router {
    let config = Config::load(None, |name| match name {
        "SPECTRUM_DATABASE_URL" => Some("postgres://not-used".to_owned()),
        "SPECTRUM_SECRETS_MASTER_KEY" => Some("00".repeat(32)),
        "SPECTRUM_HTTP_CONCURRENT_BATCHES" => Some("128".to_owned()),
        // One member asks as often as a machine can, which no person does.
        "SPECTRUM_LIMITS_MEMBER" | "SPECTRUM_LIMITS_HOST_KEY" | "SPECTRUM_LIMITS_ADDRESS" => Some("off".to_owned()),
        _ => None,
    })
    .expect("settings");
    let staff = server::config::Staff::default();
    let state = AppState {
        identity: Identity::new(services.clone(), &staff, "http://127.0.0.1"),
        services: services.clone(),
        assets: Assets {
            css: "/pkg/spectrum.css".to_owned(),
            js: Some("/pkg/spectrum.js".to_owned()),
            wasm: Some("/pkg/spectrum_bg.wasm".to_owned()),
            icon: "/icon.svg".to_owned(),
            manifest: "/manifest.webmanifest".to_owned(),
        },
        cookies: CookiePolicy { secure: false },
        public_url: PublicUrl(config.http.public_url.clone()),
        subscriptions: Subscriptions::default(),
        leptos: LeptosOptions::builder().output_name("spectrum").build(),
    };
    http::router(state, &config).expect("a router")
}

/// What a member might write; 13 words, about the mean length of a sentence.
pub const SENTENCE: &str = "I keep going over the talk and I am worried and quite tired.";

/// The events of one session: its beginning, so many turns of three sentences, its end.
pub fn session(member: &str, started: DateTime<Utc>, turns: usize) -> Vec<Value> {
    let ambient = compose::ambient();
    let id = || Uuid::from_bytes(ambient.bytes());
    let session_id = id();
    let event = |kind: &str, minute: usize| {
        let minutes = TimeDelta::minutes(i64::try_from(minute).expect("few"));
        json!({
            "event_id": id(), "type": kind, "member": member, "session_id": session_id, "feature": "mirror",
            "occurred_at": (started + minutes).to_rfc3339(), "time_zone": "Europe/London",
        })
    };
    let mut events = vec![event("session.started", 0)];
    for index in 0..turns {
        let mut turn = event("turn.added", index);
        turn["index"] = json!(index);
        turn["role"] = json!(if index % 2 == 0 { "member" } else { "assistant" });
        turn["text"] = json!([SENTENCE; 3].join(" "));
        events.push(turn);
    }
    events.push(event("session.ended", turns));
    events
}
