//! Chaos: sessions come in while workers are killed at random and PostgreSQL goes down twice, once in order and once by
//! SIGKILL. In the end every session has been analysed once in effect, all sums are those of a naive recomputation, and
//! nothing is left over. Small in `make test`; `make chaos` runs it with 20,000 sessions.

#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test that can't go on must stop loudly")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::{America, Asia, Europe, Tz};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use server::{
    config::process_environment,
    embedded::{ADMIN, DATABASE, EmbeddedOptions, EmbeddedPostgres},
    replay::client::{HostClient, HostEvent, MemberProfile, What},
};
use spectrum_domain::{feature::Feature, private::Private, session::Role};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;

const SPECTRUM: &str = env!("CARGO_BIN_EXE_spectrum");

/// Workers at the same time.
const WORKERS: usize = 2;

/// Sessions of one batch of events.
const BATCH: usize = 25;

/// Sessions of one member: several a day, so that days, weeks and months are added up again and again.
const OF_ONE_MEMBER: usize = 50;

const ZONES: [Tz; 4] = [Europe::Berlin, America::New_York, Asia::Kathmandu, Tz::UTC];

const SENTENCES: [&str; 6] = [
    "I felt calm and grateful after the long walk by the river.",
    "I am worried and tense about what they will say tomorrow.",
    "It was a delightful day and I am happy with what we made.",
    "I am sad and tired tonight, and the house was very quiet.",
    "I was angry at the meeting because nobody listened to me.",
    "We talked for an hour and I think it will be all right now.",
];

/// A PostgreSQL whose address stays the same however often it goes down.
struct Postgres {
    folder: PathBuf,
    running: Option<EmbeddedPostgres>,
}

impl Postgres {
    async fn start(folder: PathBuf) -> Self {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut postgres = Self { folder, running: None };
        postgres.up().await;
        postgres
    }

    async fn up(&mut self) {
        let options = EmbeddedOptions {
            data_dir: self.folder.join("postgres"),
            bin_dir: None,
            durable: true,
            settings: vec![("max_connections".to_owned(), "200".to_owned())],
        };
        let running = EmbeddedPostgres::start(&options, &|_| {}).await.expect("PostgreSQL");
        // Each start listens in a new folder; the processes know one name for it.
        let socket = running.url().split(['@', ':']).nth(2).unwrap_or_default().replace("%2F", "/");
        let link = self.folder.join("socket");
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(socket, link).expect("a link");
        self.running = Some(running);
    }

    fn url(&self) -> String {
        let socket = self.folder.join("socket").display().to_string().replace('/', "%2F");
        format!("postgres://{ADMIN}@{socket}:5432/{DATABASE}")
    }

    async fn restart(&mut self, in_order: bool) {
        let running = self.running.take().expect("it runs");
        if in_order {
            running.stop().await.expect("it stops");
        } else {
            let file = running.data_dir().join("cluster/postmaster.pid");
            let text = std::fs::read_to_string(file).expect("its number");
            let pid = text.lines().next().unwrap_or_default();
            let killed = Command::new("kill").args(["-KILL", pid]).status().expect("kill");
            assert!(killed.success());
            drop(running);
        }
        self.up().await;
    }

    async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.expect("a connection")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.running.take();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A process of Spectrum; killed when it is dropped.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How this run's processes are set up.
struct Setup {
    environment: BTreeMap<&'static str, String>,
}

impl Setup {
    fn new(postgres: &Postgres, site: &Path) -> Self {
        std::fs::create_dir_all(site).expect("a folder");
        std::fs::write(site.join("assets.json"), r#"{"css": "/a.css", "icon": "/a.svg"}"#).expect("a list");
        let environment = BTreeMap::from([
            ("SPECTRUM_DATABASE_URL", postgres.url()),
            ("SPECTRUM_SECRETS_MASTER_KEY", "07".repeat(32)),
            ("SPECTRUM_METRICS_BIND", "127.0.0.1:0".to_owned()),
            ("SPECTRUM_SITE_DIR", site.display().to_string()),
            ("SPECTRUM_LOG_FILTER", "warn".to_owned()),
            // A killed worker's jobs come back soon; a living one that the machine holds up is not taken for dead.
            ("SPECTRUM_WORKER_DEAD_AFTER_SECONDS", "6".to_owned()),
        ]);
        Self { environment }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(SPECTRUM);
        command.args(arguments).envs(&self.environment).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().expect("a process");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn start(&self, arguments: &[&str]) -> Process {
        Process(self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process"))
    }
}

/// The events of one session: begun, three turns, ended.
fn session(number: usize, first: DateTime<Utc>) -> Vec<HostEvent> {
    let member = number / OF_ONE_MEMBER;
    let mut chance = ChaCha8Rng::seed_from_u64(u64::try_from(number).expect("a number"));
    let started = first + TimeDelta::minutes(chance.random_range(0..60 * 24 * 60));
    let id = Uuid::from_u128(0x5e55_0000 + u128::try_from(number).expect("a number"));
    let mut minute = 0;
    let mut event = |what: What| {
        minute += 1;
        HostEvent {
            event_id: Uuid::from_u128(id.as_u128() * 8 + u128::try_from(minute).expect("a few")),
            member: format!("member-{member}").parse().expect("a reference"),
            session_id: id,
            feature: Feature::ALL[number % 3],
            occurred_at: started + TimeDelta::minutes(minute),
            time_zone: ZONES[member % ZONES.len()],
            what,
        }
    };
    let mut events = vec![event(What::Started)];
    for index in 0..3 {
        let text = SENTENCES[chance.random_range(0..SENTENCES.len())];
        events.push(event(What::Turn { index, role: Role::Member, text: Private::new(text.to_owned()) }));
    }
    events.push(event(What::Ended));
    events
}

/// Sends every session, each batch until it is known to be kept.
async fn send_all(host: HostClient, sessions: usize, first: DateTime<Utc>, sent: Arc<AtomicUsize>) {
    for member in 0..sessions.div_ceil(OF_ONE_MEMBER) {
        let name = format!("member-{member}").parse().expect("a reference");
        let week_start = Some(if member % 2 == 0 { "monday" } else { "sunday" });
        let zone = Some(ZONES[member % ZONES.len()]);
        let profile = MemberProfile { time_zone: zone, week_start, ..MemberProfile::default() };
        while host.put_member(&name, &profile).await.is_err() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    let numbers: Vec<usize> = (0..sessions).collect();
    for batch in numbers.chunks(BATCH) {
        let events: Vec<HostEvent> = batch.iter().flat_map(|number| session(*number, first)).collect();
        loop {
            match host.send_events(&events).await {
                Ok(answer) if answer.refused == 0 => break,
                Ok(answer) => panic!("{} events were refused: {:?}", answer.refused, answer.detail),
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
        sent.fetch_add(batch.len(), Ordering::Relaxed);
    }
}

async fn number(connection: &mut PgConnection, query: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(connection).await.expect(query)
}

const LEFT: &str = "SELECT count(*) FROM job";

/// Rows that the rollups have and the naive recomputation has not, and the other way: none.
async fn differences(connection: &mut PgConnection, table: &str, period: &str) -> i64 {
    let joined = |parts: Vec<String>| parts.join(" || ',' || ");
    let sums = |array: &str, length: usize| joined((1..=length).map(|n| format!("sum(v.{array}[{n}])")).collect());
    let counts = |of: Vec<String>| joined(of.iter().map(|so| format!("count(*) FILTER (WHERE {so})")).collect());
    let quadrants =
        ["< 0 AND v.arousal >= 0", ">= 0 AND v.arousal >= 0", ">= 0 AND v.arousal < 0", "< 0 AND v.arousal < 0"];
    let cells: Vec<String> = (0..28)
        .map(|cell| format!("(extract(isodow FROM local_date)::int - 1) * 4 + local_minute / 360 = {cell}"))
        .collect();
    let valences = cells.iter().map(|so| format!("coalesce(sum(v.valence) FILTER (WHERE {so}), 0)")).collect();
    let naive = format!(
        "SELECT s.member_id, {period} AS period, count(*) AS sessions, sum(v.turns) AS turns, sum(v.words) AS words,
                count(DISTINCT local_date) AS days,
                sum(v.valence) AS valence_sum, sum(v.valence::bigint ^ 2) AS valence_squares, min(v.valence), max(v.valence),
                sum(v.arousal) AS arousal_sum, sum(v.arousal::bigint ^ 2) AS arousal_squares, min(v.arousal), max(v.arousal),
                sum(v.dominance), sum(v.dominance::bigint ^ 2), min(v.dominance), max(v.dominance),
                {emotions} AS emotions, {valence_pairs}, {arousal_pairs}, {displacements}, {quadrants}, {features},
                {grid_sessions}, {grid_valence}
         FROM session s JOIN member USING (member_id)
         JOIN session_vector v ON v.member_id = s.member_id AND v.session_id = s.session_id
              AND v.revision = s.vector_revision
         WHERE s.state = 'analysed' AND NOT s.excluded GROUP BY 1, 2",
        emotions = sums("mixture", 28),
        valence_pairs = sums("valence_pairs", 6),
        arousal_pairs = sums("arousal_pairs", 6),
        displacements = sums("displacements", 7),
        quadrants = counts(quadrants.map(|so| format!("v.valence {so}")).to_vec()),
        features = counts(Feature::ALL.map(|feature| format!("s.feature = '{}'", feature.name())).to_vec()),
        grid_sessions = counts(cells),
        grid_valence = joined(valences),
    );
    let held = format!(
        "SELECT member_id, period, sessions, turns, words, days, valence_sum, valence_squares, valence_min, valence_max,
                arousal_sum, arousal_squares, arousal_min, arousal_max, dominance_sum, dominance_squares, dominance_min,
                dominance_max, {arrays}
         FROM {table} WHERE sessions > 0",
        arrays = [
            "emotions", "valence_pairs", "arousal_pairs", "displacements", "quadrants", "features", "grid_sessions",
            "grid_valence",
        ]
        .map(|array| format!("array_to_string({array}, ',')"))
        .join(", "),
    );
    let rows = number(connection, &format!("SELECT count(*) FROM ({held}) AS held")).await;
    assert!(rows > 0, "{table} has rows");
    number(
        connection,
        &format!("SELECT count(*) FROM (({naive} EXCEPT {held}) UNION ALL ({held} EXCEPT {naive})) AS differing"),
    )
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_session_is_analysed_once_whatever_is_killed() {
    let figure = |name: &str| process_environment(name).map(|text| text.parse::<u64>().expect("a number"));
    let sessions = usize::try_from(figure("SPECTRUM_CHAOS_SESSIONS").unwrap_or(500)).expect("a number");
    let mut chance = ChaCha8Rng::seed_from_u64(figure("SPECTRUM_CHAOS_SEED").unwrap_or(7));
    let begun = Instant::now();

    let folder = PathBuf::from(format!("/tmp/spectrum-chaos-{}", std::process::id()));
    let mut postgres = Postgres::start(folder.clone()).await;
    let mut setup = Setup::new(&postgres, &folder.join("site"));
    setup.run(&["migrate"]);
    let key = String::from_utf8(setup.run(&["host-key", "create", "--host", "chaos"]).stdout).expect("text");
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    setup.environment.insert("SPECTRUM_HTTP_BIND", port.to_string());
    let web = setup.start(&["web"]);
    let mut workers: Vec<Process> = (0..WORKERS).map(|_| setup.start(&["worker"])).collect();

    let host = HostClient::new(&format!("http://{port}"), &key.trim().to_owned().into()).expect("a client");
    let first = DateTime::from_timestamp(1_790_000_000, 0).expect("an instant");
    let sent = Arc::new(AtomicUsize::new(0));
    let sending = tokio::task::spawn(send_all(host, sessions, first, Arc::clone(&sent)));

    let (mut kills, mut restarts) = (0, 0);
    loop {
        assert!(begun.elapsed() < Duration::from_hours(1), "{} sessions were sent", sent.load(Ordering::Relaxed));
        tokio::time::sleep(Duration::from_millis(chance.random_range(1_000..4_000))).await;
        let worker = chance.random_range(0..WORKERS);
        workers[worker] = setup.start(&["worker"]); // the one that was there is killed as it is dropped
        kills += 1;
        let share = sent.load(Ordering::Relaxed) * 3 / sessions;
        if restarts < 2 && share > restarts {
            postgres.restart(restarts == 0).await;
            restarts += 1;
        }
        if restarts < 2 || !sending.is_finished() || kills < 6 {
            continue;
        }
        let mut connection = postgres.connect().await;
        let ended = number(&mut connection, "SELECT count(*) FROM session WHERE state = 'ended'").await;
        if ended < i64::try_from(sessions / 50).expect("a number") {
            break;
        }
    }
    sending.await.expect("all was sent");

    // From here on nothing more is killed. A job that was by chance running in three killed workers is buried as if it had
    // been the cause; an operator brings it back, and so does this test. Nothing else may be dead.
    let mut owner = postgres.connect().await;
    let mut buried = 0;
    let drained = async {
        loop {
            while number(&mut owner, LEFT).await > 0 {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            let dead: Vec<(i64, String, String)> =
                sqlx::query_as("SELECT id, kind, reason FROM job_dead").fetch_all(&mut owner).await.expect("the dead");
            if dead.is_empty() {
                return;
            }
            for (id, kind, reason) in dead {
                println!("dead letter {id}: {kind}, {reason}");
                assert_eq!(reason, "poison", "{kind}");
                setup.run(&["jobs", "retry", &id.to_string()]);
                buried += 1;
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(30), drained).await.expect("the queue drains");

    let all = i64::try_from(sessions).expect("a number");
    assert_eq!(number(&mut owner, "SELECT count(*) FROM session").await, all);
    assert_eq!(number(&mut owner, "SELECT count(*) FROM session WHERE state = 'analysed'").await, all);
    assert_eq!(number(&mut owner, "SELECT count(*) FROM event_receipt").await, 5 * all);
    assert_eq!(number(&mut owner, "SELECT count(*) FROM session_vector").await, all, "one measure a session");
    assert_eq!(number(&mut owner, "SELECT count(*) FROM session_vector WHERE revision > 1").await, 0);
    assert_eq!(number(&mut owner, "SELECT count(*) FROM turn_impact").await, 3 * all);
    assert_eq!(differences(&mut owner, "day_rollup", "local_date").await, 0);
    assert_eq!(differences(&mut owner, "month_rollup", "date_trunc('month', local_date)::date").await, 0);
    let week = "local_date - (extract(isodow FROM local_date)::int
                - CASE week_start WHEN 'sunday' THEN 0 ELSE 1 END) % 7";
    assert_eq!(differences(&mut owner, "week_rollup", week).await, 0);
    assert_eq!(number(&mut owner, "SELECT count(*) FROM schedule_run WHERE done_at IS NULL").await, 0);
    println!(
        "chaos: {sessions} sessions, {kills} workers killed, PostgreSQL down {restarts} times, \
         {buried} dead letters brought back, {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    drop((web, workers));
    owner.close().await.expect("closed");
}
