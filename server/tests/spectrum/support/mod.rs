//! A whole Spectrum for one test: a fresh database, a clock that stands where it is put, and chance from a seed.

mod archive;
pub mod deeds;
mod drop;
mod events;
mod models;
pub mod pushes;
mod random;
pub mod receiver;
mod rows;
pub mod signer;
pub mod waterfall;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use app::{Assets, CookiePolicy};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use http_body_util::BodyExt as _;
use leptos::config::LeptosOptions;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use server::{
    analyzer::{Embedded, Lexicon, Outside, TextModel},
    config::Config,
    http::{self, AppState, PublicUrl, Subscriptions},
    identity::Identity,
    push::Sender,
    rephraser::Rephraser,
    worker::{Handlers as _, JobError, Outcome, Pace, QueueSettings, Worker, jobs::JobContext, run_due_jobs},
};
use spectrum_core::{
    Caller, Destination, Services,
    access::{
        host_key::{self, MadeKey, NewKey},
        staff,
    },
    ambient::{Ambient, Clock, Entropy},
    db::{
        keyring::Keyring,
        pool::{PoolSizes, Pools},
        seal::MasterKey,
    },
    ingest::accept_events::IngestPolicy,
    insight::load_spending::{Budgets, Limits},
    queue::{
        claim::ClaimedJob,
        enqueue::{NewJob, enqueue},
    },
};
use spectrum_domain::{
    access::StaffRole,
    card::{Grain, Language},
    id::HostId,
    job::{Job, Page, Queue},
    look::Look,
    member::Member,
    schedule::Scope,
};
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};

pub use archive::{Files, fill, give_feedback, lines, unzip, zipped};
pub use drop::poll_at_most;
pub use events::{Diary, session};
pub use models::Other;
pub use random::{chance, shuffled};
pub use rows::{MEMBER_TABLES, everything, member_id, multiply_sessions, rows, rows_about};

/// A clock that moves only when told.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::Relaxed)).expect("an instant")
    }
}

impl TestClock {
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().expect("not centuries"), Ordering::Relaxed);
    }
}

struct SeededEntropy(std::sync::Mutex<ChaCha8Rng>);

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().expect("no panic while drawing").fill_bytes(bytes);
    }
}

/// A running Spectrum without a port.
pub struct TestApp {
    pub services: Services,
    pub clock: TestClock,
    pub router: Router,
    pub host: HostId,
    pub host_key: String,
    pub owner: PgConnectOptions,
    state: AppState,
    jobs: JobContext,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// When every test begins: a Friday noon.
pub const START: &str = "2026-11-20T12:00:00Z";

/// What models may cost, as pages of the team say it: a day 5 dollars, a month 25, a kind of text 15.
const BUDGETS: Budgets = Budgets {
    rephrasing: Some(Limits { day: 5_000_000, month: 25_000_000, task_month: 15_000_000, member_month: 30_000 }),
    outside: Some((100, 900)),
};

fn services(owner: &PgConnectOptions, sizes: PoolSizes, ambient: &Ambient) -> Services {
    let ingest = IngestPolicy { idle: TimeDelta::minutes(30) };
    // Members are asked before a model is, and by default have not agreed.
    Services::new(Pools::new(owner, sizes), ambient.clone(), MasterKey::new("test", [7; 32]), ingest)
        .rephrasing(true)
        .within(BUDGETS)
}

/// The settings of a test, with these of its own. The clock stands still, so nothing that was asked is ever paid back: who is
/// not about limits has none.
pub fn config(own: &[(&str, &str)]) -> Config {
    Config::load(None, |name| match own.iter().find(|(key, _)| *key == name) {
        Some((_, value)) => Some((*value).to_owned()),
        None => match name {
            "SPECTRUM_DATABASE_URL" => Some("postgres://not-used".to_owned()),
            "SPECTRUM_SECRETS_MASTER_KEY" => Some("07".repeat(32)),
            "SPECTRUM_HTTP_PUBLIC_URL" => Some("https://spectrum.test".to_owned()),
            "SPECTRUM_SITE_DIR" => Some(concat!(env!("CARGO_MANIFEST_DIR"), "/../public").to_owned()),
            name if name.starts_with("SPECTRUM_LIMITS_") && !name.ends_with("TRACKED") => Some("off".to_owned()),
            _ => None,
        },
    })
    .expect("settings")
}

impl TestApp {
    /// From now on with these settings, and with these routes behind the same doors.
    pub fn with_settings(mut self, own: &[(&str, &str)], more: Router<AppState>) -> Self {
        self.router = http::router_with(self.state.clone(), &config(own), more).expect("a router");
        self
    }

    /// On the database that `sqlx::test` made and migrated.
    pub async fn new(owner: PgConnectOptions) -> Self {
        Self::with_pools(owner, PoolSizes { web: 4, ingest: 4, worker: 4, system: 4, staff: 1, push: 1 }).await
    }

    /// The same with pools of other sizes.
    pub async fn with_pools(owner: PgConnectOptions, sizes: PoolSizes) -> Self {
        let start: DateTime<Utc> = START.parse().expect("an instant");
        let clock = TestClock(Arc::new(AtomicI64::new(start.timestamp_micros())));
        let entropy = SeededEntropy(std::sync::Mutex::new(ChaCha8Rng::seed_from_u64(7)));
        let ambient = Ambient::new(clock.clone(), entropy);
        let services = services(&owner, sizes, &ambient);
        services.prepare_partitions().await.expect("partitions");

        let mut connection = PgConnection::connect_with(&owner).await.expect("the owner's connection");
        let all = NewKey::for_everything("test");
        let made = host_key::create(&mut connection, &ambient, services.ledger(), "host", &all).await;
        let host_key = made.expect("a host key").key.expose().to_owned();
        let host = services.known_host(&host_key).await.expect("a look-up").expect("the host").host_id;
        Self::assemble(services, clock, owner, host, host_key)
    }

    /// The same Spectrum on connections of its own: what the old ones counted is flushed when they end.
    pub async fn reconnect(self) -> Self {
        let sizes = PoolSizes { web: 4, ingest: 4, worker: 4, system: 4, staff: 1, push: 1 };
        let services = services(&self.owner, sizes, self.services.ambient());
        self.services.pools().close().await;
        Self::assemble(services, self.clock, self.owner, self.host, self.host_key)
    }

    /// The same Spectrum beside this one, as another process with these keys has it.
    pub fn beside(&self, keys: impl Into<Keyring>) -> Self {
        let sizes = PoolSizes { web: 2, ingest: 3, worker: 3, system: 2, staff: 1, push: 1 };
        let ingest = IngestPolicy { idle: TimeDelta::minutes(30) };
        let services = Services::new(Pools::new(&self.owner, sizes), self.services.ambient().clone(), keys, ingest);
        Self::assemble(services, self.clock.clone(), self.owner.clone(), self.host, self.host_key.clone())
    }

    fn assemble(services: Services, clock: TestClock, owner: PgConnectOptions, host: HostId, host_key: String) -> Self {
        let config = config(&[]);
        let state = AppState {
            services: services.clone(),
            identity: Identity::new(services.clone(), &config.staff, &config.http.public_url),
            assets: Assets {
                css: "/pkg/spectrum.css".to_owned(),
                js: Some("/pkg/spectrum.js".to_owned()),
                wasm: Some("/pkg/spectrum_bg.wasm".to_owned()),
                icon: "/icon.svg".to_owned(),
                manifest: "/manifest.webmanifest".to_owned(),
            },
            cookies: CookiePolicy { secure: true },
            public_url: PublicUrl(config.http.public_url.clone()),
            subscriptions: Subscriptions::default(),
            leptos: LeptosOptions::builder().output_name("spectrum").build(),
        };
        let router = http::router(state.clone(), &config).expect("a router");
        // The word list: pages and sums in the tests must not change with every model that is trained. What is about the
        // model itself asks for it by `read_with`.
        let jobs = JobContext {
            services: services.clone(),
            analyzer: Arc::new(Embedded::new(Lexicon::new())),
            outside: None,
            rephraser: None,
            sender: None,
        };
        Self { services, clock, router, host, host_key, owner, state, jobs }
    }

    /// So many days later, what was noted is written, and the rounds of the new day are done.
    pub async fn nights(&self, days: i64) {
        self.services.write_noted().await.expect("written");
        self.clock.advance(TimeDelta::days(days));
        self.services.prepare_partitions().await.expect("partitions");
        self.services.plan_due().await.expect("a plan");
        self.run_due_jobs().await;
    }

    /// A connection as the owner's login, which sees everything.
    pub async fn owner(&self) -> PgConnection {
        PgConnection::connect_with(&self.owner).await.expect("the owner's connection")
    }

    /// From now on this model reads.
    pub fn read_with(&mut self, model: impl TextModel) {
        self.jobs.analyzer = Arc::new(Embedded::new(model));
    }

    /// From now on there is a model outside at this address.
    pub fn read_outside(&mut self, url: &str, change: impl FnOnce(&mut server::config::Outside)) {
        let mut settings = server::config::Outside {
            url: url.to_owned(),
            api_key: Some("sesame".into()),
            model: "test-model".to_owned(),
            timeout: Duration::from_secs(2),
            monthly_calls: 100,
            monthly_tokens: 100_000,
        };
        change(&mut settings);
        let outside = Outside::new(settings, self.services.clone()).expect("a client");
        self.jobs.outside = Some(Arc::new(outside));
    }

    /// From now on a model rephrases what is told.
    pub fn rephrase_with(&mut self, settings: server::config::Llm) {
        self.jobs.rephraser = Some(Arc::new(Rephraser::new(settings).expect("a rephraser")));
    }

    /// From now on pushes go to these providers.
    pub async fn push_to(self, settings: &server::config::Push) -> Self {
        let sizes = PoolSizes { web: 4, ingest: 4, worker: 4, system: 4, staff: 1, push: 2 };
        let services = services(&self.owner, sizes, self.services.ambient()).pushing(server::push::policy(settings));
        self.services.pools().close().await;
        let mut app = Self::assemble(services, self.clock, self.owner, self.host, self.host_key);
        app.jobs.sender = Some(Arc::new(Sender::new(settings, app.services.ambient()).expect("channels")));
        app.state.subscriptions = Subscriptions(settings.web_push.as_ref().map(|push| push.services.clone()));
        app.router = http::router(app.state.clone(), &config(&[])).expect("a router");
        app
    }

    /// A worker on all queues.
    pub fn worker(&self, pace: Pace) -> Worker<JobContext> {
        let queues = Queue::ALL.map(|queue| QueueSettings {
            queue: queue.name().to_owned(),
            concurrency: 4,
            held: 4,
            lease: Duration::from_mins(5),
        });
        Worker::new(self.services.clone(), self.jobs.clone(), queues.to_vec(), pace, "test".to_owned())
    }

    /// Runs everything that is due and what that leads to.
    pub async fn run_due_jobs(&self) -> usize {
        run_due_jobs(&self.jobs).await.expect("the queue")
    }

    /// Tries a job that was claimed, as a worker does, and settles nothing.
    pub async fn try_job(&self, job: &ClaimedJob) -> Result<Outcome, JobError> {
        self.jobs.run(job).await
    }

    /// Orders that everybody be told of a period, as the schedule does once it is added up.
    pub async fn publish(&self, grain: Grain, period: NaiveDate) {
        let page = Page { after: uuid::Uuid::nil(), until: uuid::Uuid::max() };
        let job = Job::PublishPeriod { grain, scope: Scope::Everybody, period, page };
        let (mut owner, now) = (self.owner().await, self.services.ambient().now());
        let key: HostId = self.services.ambient().id();
        let job = NewJob::about_many(&job, &[key.0.as_bytes()], period, now);
        enqueue(&mut owner, &[job], now).await.expect("enqueued");
    }

    /// Sends a request through the whole router.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (status, headers, bytes) = self.send_for_bytes(request).await;
        Answer { status, headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// A file, asked for as a browser asks.
    pub async fn bytes(&self, path: &str, cookie: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = Request::get(path)
            .header(header::HOST, "spectrum.test")
            .header(header::ACCEPT_ENCODING, "gzip, br")
            .header(header::COOKIE, cookie)
            .body(Body::empty());
        self.send_for_bytes(request.expect("a request")).await
    }

    /// The same, its body as it came.
    pub async fn send_for_bytes(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        use tower::ServiceExt as _;
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = tokio::time::timeout(Duration::from_secs(30), body.collect()).await.expect("a body in time");
        (parts.status, parts.headers, body.expect("a body").to_bytes().to_vec())
    }

    /// Another host with a key of its own.
    pub async fn other_host(&self, name: &str) -> String {
        self.make_key(name, &NewKey::for_everything("test")).await.key.expose().to_owned()
    }

    /// A key of this host, as it is handed out.
    pub async fn make_key(&self, host: &str, new: &NewKey<'_>) -> MadeKey {
        let (ambient, ledger) = (self.services.ambient(), self.services.ledger());
        let mut connection = self.owner().await;
        host_key::create(&mut connection, ambient, ledger, host, new).await.expect("a host key")
    }

    /// A request to the API with the host's key.
    pub async fn api(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map_or_else(String::new, Value::to_string);
        self.api_as(&format!("Bearer {}", self.host_key), method, path, body).await
    }

    /// A request to the API as it stands, with this `Authorization`; none where it is empty.
    pub async fn api_as(&self, authorization: &str, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::CONTENT_TYPE, "application/json");
        if !authorization.is_empty() {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.send(request.body(body.into()).expect("a request")).await
    }

    /// Sends events, whatever becomes of them.
    pub async fn post_events(&self, events: &[Value]) -> Answer {
        self.api(Method::POST, "/events", Some(&serde_json::json!({ "events": events }))).await
    }

    /// Sends events; all must be kept.
    pub async fn accept(&self, events: &[Value]) -> Value {
        let answer = self.post_events(events).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }

    /// The member as a page knows them.
    pub async fn member(&self, reference: &str) -> Member {
        let cookie = self.sign_in(reference).await;
        let (_, token) = cookie.split_once('=').expect("a cookie");
        match self.services.caller(token).await.expect("a look-up") {
            Some(Caller::Member(member)) => member,
            other => panic!("{other:?}"),
        }
    }

    /// Signs an operator in and gives the cookie, as a browser would send it.
    pub async fn sign_in_staff(&self) -> String {
        self.sign_in_team("team@host.test", &[StaffRole::Operator]).await
    }

    /// The same of anybody of the team.
    pub async fn sign_in_team(&self, email: &str, roles: &[StaffRole]) -> String {
        let mut connection = self.owner().await;
        let staff = staff::admit(&mut connection, self.services.ambient(), email, roles).await;
        let link = self.services.create_staff_link(staff.expect("staff"), TimeDelta::minutes(1)).await.expect("a link");
        let answer = self.post_form("/fn/sign_in", &format!("code={}", link.code.expose()), "").await;
        assert_eq!(answer.header("location"), "/staff", "{}", answer.body);
        answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
    }

    /// Puts the first revisions of the prompts into use, as review would.
    pub async fn use_prompts(&self) {
        let mut owner = self.owner().await;
        for language in Language::ALL {
            for name in ["weekly", "monthly"] {
                let revision = spectrum_llm::prompts::load(name, 1).expect("a revision");
                sqlx::query(
                    "INSERT INTO prompt_label (name, language, label, number, sha256, changed_at, changed_by)
                     VALUES ($1, $2, 'production', 1, $3, $4, 'a test')",
                )
                .bind(name)
                .bind(language.tag())
                .bind(&revision.hash[..])
                .bind(self.services.ambient().now())
                .execute(&mut owner)
                .await
                .expect("a label");
            }
        }
    }

    /// Signs the member in and gives the cookie, as a browser would send it.
    pub async fn sign_in(&self, member: &str) -> String {
        let reference = member.parse().expect("a reference");
        let link = self
            .services
            .create_link(self.host, reference, (Destination::Newest, Look::default()), TimeDelta::minutes(1))
            .await;
        let code = link.expect("a link").code;
        let answer = self.post_form("/fn/sign_in", &format!("code={}", code.expose()), "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
    }

    /// The same of a member on the paid plan, whose every screen is drawn.
    pub async fn sign_in_paid(&self, member: &str) -> String {
        let paid = serde_json::json!({ "plan": "paid" });
        let answer = self.api(Method::PUT, &format!("/members/{member}"), Some(&paid)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        self.sign_in(member).await
    }

    /// A form, posted as a browser posts it.
    pub async fn post_form(&self, path: &str, form: &str, cookie: &str) -> Answer {
        let request = Request::post(path)
            .header(header::HOST, "spectrum.test")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookie)
            .body(Body::from(form.to_owned()));
        self.send(request.expect("a request")).await
    }

    /// A page, asked for as a browser asks.
    pub async fn page(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path)
            .header(header::HOST, "spectrum.test")
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, cookie)
            .body(Body::empty());
        self.send(request.expect("a request")).await
    }

    /// The end of a test: nothing is left ready in the queue and nothing died on the way.
    pub async fn finish(self) {
        let pipeline = self.services.load_pipeline().await.expect("the queue");
        for queue in pipeline.queues {
            assert_eq!((queue.dead, queue.running), (0, 0), "{queue:?}");
            assert!(queue.oldest_ready_seconds.is_none(), "{queue:?}");
        }
        self.close().await;
    }

    /// Gives all connections back, so that the database can be taken down behind the test.
    pub async fn close(self) {
        self.services.pools().close().await;
    }
}
