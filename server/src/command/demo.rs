//! `spectrum demo`: from nothing to a running Spectrum with sample members, in one process.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::TimeDelta;
use clap::Args;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use spectrum_core::{
    Destination, Services,
    access::{
        host_key::{self, NewKey},
        staff,
    },
    db::migrate,
    push::devices::{Platform, Reach, Registration},
};
use spectrum_domain::{
    access::StaffRole,
    id::StaffId,
    look::Look,
    push::{AddressKind, Environment},
};
use sqlx::{Connection as _, migrate::MigrateError};

use super::{Failure, begin, check};
use crate::{
    compose,
    config::{Config, process_environment},
    demo::{self, DemoPeople, Shows},
    embedded::{EmbeddedOptions, EmbeddedPostgres},
    metrics, noted, push,
    replay::{self, HostClient, Progress},
    serve::{self, Listeners, Role},
};

/// Settings of the demo.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Asks every page and endpoint once as each kind of person, and stops.
    #[arg(long)]
    check: bool,
    /// Where the demo keeps its database and its keys.
    #[arg(long, value_name = "DIR", default_value = ".data")]
    data_dir: PathBuf,
}

/// How to reach the running demo: written for `spectrum replay`.
#[derive(Debug, Serialize, Deserialize)]
struct Access {
    url: String,
    host_key: String,
}

/// What the sample members' weeks are drawn from.
const SEED: u64 = 7;

/// How long a link that a person carries from the terminal to a browser may wait.
const LINK_LIFE: TimeDelta = TimeDelta::hours(12);

/// Links per kind of person, for the check and for the terminal.
pub(super) struct Visitors {
    pub(super) people: DemoPeople,
    pub(super) staff: StaffId,
    pub(super) host: spectrum_domain::id::HostId,
}

pub(super) async fn run(args: DemoArgs) -> Result<ExitCode, Failure> {
    replay::install_crypto();
    fs::create_dir_all(&args.data_dir)?;
    let own = process_environment("SPECTRUM_DATABASE_URL");
    let postgres = if own.is_some() {
        say("Using the PostgreSQL of SPECTRUM_DATABASE_URL.");
        None
    } else {
        let options = EmbeddedOptions {
            data_dir: args.data_dir.join("postgres"),
            bin_dir: process_environment("SPECTRUM_POSTGRES_BIN").map(PathBuf::from),
            durable: true,
            settings: Vec::new(),
        };
        Some(EmbeddedPostgres::start(&options, &|word: &str| say(word)).await?)
    };
    let url = own.or_else(|| postgres.as_ref().map(EmbeddedPostgres::url)).unwrap_or_default();
    let outcome = on_database(&args, &url).await;
    if let Some(postgres) = postgres {
        postgres.stop().await?;
    }
    outcome
}

async fn on_database(args: &DemoArgs, database_url: &str) -> Result<ExitCode, Failure> {
    let master_key = master_key(&args.data_dir.join("master.key"))?;
    let web_push_key = web_push_key(&args.data_dir.join("web_push.pem"))?;
    let check = args.check;
    let mut config = Config::load(None, |name| {
        process_environment(name).or_else(|| match name {
            "SPECTRUM_DATABASE_URL" => Some(database_url.to_owned()),
            "SPECTRUM_SECRETS_MASTER_KEY" => Some(master_key.clone()),
            // Browsers can be told of a week without anybody's account.
            "SPECTRUM_WEB_PUSH_KEY_FILE" => Some(web_push_key.clone()),
            "SPECTRUM_WEB_PUSH_SUBJECT" => Some("mailto:team@example.org".to_owned()),
            "SPECTRUM_LOG_FORMAT" => Some("text".to_owned()),
            "SPECTRUM_LOG_FILTER" => Some("warn".to_owned()),
            "SPECTRUM_HTTP_BIND" | "SPECTRUM_METRICS_BIND" if check => Some("127.0.0.1:0".to_owned()),
            _ => None,
        })
    })?;
    let lifecycle = begin(&config)?;
    let mut owner = compose::operator_connection(&config).await?;
    migrate::MIGRATOR.run(&mut owner).await.map_err(|error| outgrown(error, &args.data_dir))?;
    say("The database is up to date.");

    let listeners = listen(&mut config).await?;
    let scrape = listeners.metrics_address().map(|address| format!("http://{address}/metrics")).unwrap_or_default();
    let services = compose::services(&config)?;
    serve::start(&config, &services, Role::Both, listeners, metrics::start()?, &lifecycle).await?;

    let ambient = compose::ambient();
    let access = access(&args.data_dir.join("demo.json"), &config.http.public_url, &services, &mut owner).await?;
    let host = services.known_host(&access.host_key).await?.ok_or("the demo's host key is not known")?.host_id;
    let staff = staff::admit(&mut owner, &ambient, "team@example.org", &StaffRole::ALL).await?;
    owner.close().await?;

    let client = HostClient::new(&access.url, &SecretString::from(access.host_key.clone()))?;
    let progress = Progress::on_stderr();
    let people = demo::fill(&client, ambient.now(), SEED, &|step, done, total| {
        progress.report(step, done, total);
    })
    .await?;
    progress.finish();
    let (sessions, members) = (people.sessions, people.members.len());
    say(&format!("{sessions} sessions of {members} sample members are in and measured."));

    let visitors = Visitors { people, staff, host };
    let ada = visitors.people.who(Shows::PaidMember).ok_or("the demo lacks one of its people")?;
    let ada = services.find_member(host, &ada.reference).await?;
    services.register_device(ada, sample_phone()).await?;
    let code = if check {
        check::run(&services, &visitors, &client, &access.url, &access.host_key, &scrape).await?
    } else {
        print_links(&services, &visitors, &config.http.public_url, &scrape).await?;
        tokio::select! {
            () = lifecycle.until_stopped() => {}
            error = fresh_links(&services, &visitors, &config.http.public_url, &scrape) => return Err(error),
        }
        say("Stopping.");
        ExitCode::SUCCESS
    };
    lifecycle.stop().await;
    noted::write_rest(&services).await;
    services.pools().close().await;
    Ok(code)
}

/// Says what to do where the database was made by a development version whose tables could still change in place.
fn outgrown(error: MigrateError, data_dir: &Path) -> Failure {
    match error {
        MigrateError::VersionMismatch(_) | MigrateError::VersionMissing(_) => format!(
            "the demo's database in {} was made by another development version and is left as it is; move that folder away \
             and run the demo again",
            data_dir.display()
        )
        .into(),
        error => error.into(),
    }
}

fn say(word: &str) {
    eprintln!("  {word}");
}

/// The demo's own master key, made the first time and kept beside the data it opens.
fn master_key(path: &Path) -> Result<String, Failure> {
    if let Ok(key) = fs::read_to_string(path) {
        return Ok(key.trim().to_owned());
    }
    let key = compose::ambient().bytes::<32>().iter().fold(String::new(), |key, byte| format!("{key}{byte:02x}"));
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(key.as_bytes())?;
    Ok(key)
}

/// A phone that the demo's host has registered; without Apple's key nothing is sent to it.
fn sample_phone() -> Registration {
    Registration {
        device: uuid::Uuid::from_u128(1).into(),
        platform: Platform::Ios,
        kind: AddressKind::ApnsToken,
        environment: Environment::Sandbox,
        reach: Reach { address: "5a".repeat(32), p256dh: None, auth: None },
        app_version: Some("1.0".to_owned()),
        locale: None,
    }
}

/// The key that the demo's browsers subscribe with, made the first time: the path of its file.
fn web_push_key(path: &Path) -> Result<String, Failure> {
    if !path.exists() {
        let key = push::new_key().map_err(|_| "no key could be made")?;
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(key.as_bytes())?;
    }
    Ok(path.display().to_string())
}

/// Takes the usual addresses, or free ones where those are taken, and lets the public address follow.
async fn listen(config: &mut Config) -> Result<Listeners, Failure> {
    let listeners = if let Ok(listeners) = Listeners::bind(config, Role::Both).await {
        listeners
    } else {
        config.http.bind.set_port(0);
        config.metrics_bind.set_port(0);
        Listeners::bind(config, Role::Both).await?
    };
    if process_environment("SPECTRUM_HTTP_PUBLIC_URL").is_none() {
        let address = listeners.web_address().ok_or("the listener has no address")?;
        config.http.public_url = format!("http://{address}");
    }
    Ok(listeners)
}

/// The demo host's key: the one from before if the database still knows it, else a new one.
async fn access(
    path: &Path,
    url: &str,
    services: &Services,
    owner: &mut sqlx::PgConnection,
) -> Result<Access, Failure> {
    let before = fs::read(path).ok().and_then(|text| serde_json::from_slice::<Access>(&text).ok());
    let host_key = match before {
        Some(before) if services.known_host(&before.host_key).await?.is_some() => before.host_key,
        _ => {
            let new = NewKey::for_everything("demo");
            let ambient = compose::ambient();
            let made = host_key::create(owner, &ambient, services.ledger(), "demo", &new).await?;
            made.key.expose().to_owned()
        }
    };
    let access = Access { url: url.to_owned(), host_key };
    let _ = fs::remove_file(path);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(&serde_json::to_vec_pretty(&access)?)?;
    Ok(access)
}

/// A link for each kind of person, by what they are.
pub(super) async fn links(services: &Services, visitors: &Visitors) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut links = Vec::new();
    for (who, shows) in [
        ("a member on the paid plan", Shows::PaidMember),
        ("a free member", Shows::FreeMember),
        ("a member with two sessions", Shows::TwoSessions),
    ] {
        let member = visitors.people.who(shows).ok_or("the demo lacks one of its people")?;
        let to = (member.week.map_or(Destination::Newest, Destination::Week), Look::default());
        let link = services.create_link(visitors.host, member.reference.clone(), to, LINK_LIFE).await?;
        links.push((who, link.code.expose().to_owned()));
    }
    let link = services.create_staff_link(visitors.staff, LINK_LIFE).await?;
    links.push(("product staff", link.code.expose().to_owned()));
    Ok(links)
}

async fn print_links(services: &Services, visitors: &Visitors, url: &str, scrape: &str) -> Result<(), Failure> {
    println!("\nSpectrum is running at {url}\n");
    for (who, code) in links(services, visitors).await? {
        println!("  {who:<27} {url}/sign-in?code={code}");
    }
    println!("\n  API {url}/api/openapi.json · metrics {scrape}");
    println!("  Each link signs in once. Press Enter for new ones, Ctrl-C to stop.\n");
    Ok(())
}

/// Prints new links whenever Enter is pressed; ends only with an error. Without a terminal it waits for ever.
async fn fresh_links(services: &Services, visitors: &Visitors, url: &str, scrape: &str) -> Failure {
    let (enter, mut presses) = tokio::sync::mpsc::unbounded_channel();
    // A thread of its own and not the runtime's, which would wait at the end for a line that never comes.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            if line.is_err() || enter.send(()).is_err() {
                return;
            }
        }
    });
    while presses.recv().await.is_some() {
        if let Err(error) = print_links(services, visitors, url, scrape).await {
            return error;
        }
    }
    std::future::pending().await
}
