//! From settings to what runs: the only place that wires.

use std::{str::FromStr, sync::Arc};

use chrono::{DateTime, Utc};
use spectrum_core::{
    Services,
    ambient::{Ambient, Clock, Entropy},
    db::{keyring::Keyring, pool::Pools, seal::MasterKey},
    ingest::accept_events::IngestPolicy,
    insight::load_spending::Budgets,
};
use spectrum_push::Setup;
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use zeroize::Zeroizing;

use crate::{
    analyzer::{Analyzer, Embedded, Outside, Trained, outside::OutsideSetup},
    config::{Config, Secrets},
    push::{self, Sender},
    rephraser::{Rephraser, RephraserSetup},
};

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes in")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The operating system's source of chance.
#[derive(Clone, Copy, Debug)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::expect_used,
        reason = "without chance there are no keys, and going on would be worse than stopping"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Time and chance of the machine.
pub fn ambient() -> Ambient {
    Ambient::new(SystemClock, SystemEntropy)
}

/// Everything that can be done, on the configured database.
pub fn services(config: &Config) -> Result<Services, sqlx::Error> {
    let options = PgConnectOptions::from_str(config.database_url())?;
    let pools = Pools::new(&options, config.database.sizes);
    let services = Services::new(pools, ambient(), keyring(&config.secrets), IngestPolicy { idle: config.idle });
    Ok(services
        .keeping(config.retention)
        .promising(config.erasure)
        .rephrasing(config.llm.is_some())
        .within(budgets(config))
        .pushing(push::policy(&config.push)))
}

/// What the configured models may cost.
fn budgets(config: &Config) -> Budgets {
    let outside = config.outside.as_ref();
    Budgets {
        rephrasing: config.llm.as_ref().map(|llm| llm.limits.of_core()),
        outside: outside.map(|outside| (outside.monthly_calls, outside.monthly_tokens)),
    }
}

/// The configured keys.
pub fn keyring(secrets: &Secrets) -> Keyring {
    let master = |(id, key): &(String, Zeroizing<[u8; 32]>)| MasterKey::new(id, key.clone());
    let current = MasterKey::new(&secrets.master_key_id, secrets.master_key.clone());
    Keyring::new(current, secrets.other_master_keys.iter().map(master).collect(), secrets.ledger_key.clone())
}

/// What measures text: the model in this binary.
pub fn analyzer() -> Arc<dyn Analyzer> {
    Arc::new(Embedded::new(Trained::load()))
}

/// The model outside, if one is configured.
pub fn outside(config: &Config, services: &Services) -> Result<Option<Arc<dyn Analyzer>>, OutsideSetup> {
    let Some(settings) = config.outside.clone() else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Outside::new(settings, services.clone())?)))
}

/// The model that rephrases what is told, if one is configured.
pub fn rephraser(config: &Config) -> Result<Option<Arc<Rephraser>>, RephraserSetup> {
    config.llm.clone().map(|settings| Rephraser::new(settings).map(Arc::new)).transpose()
}

/// What sends pushes, if there is a provider of any kind.
pub fn sender(config: &Config, ambient: &Ambient) -> Result<Option<Arc<Sender>>, Setup> {
    let push = &config.push;
    if push.apns.is_none() && push.fcm.is_none() && push.web_push.is_none() {
        return Ok(None);
    }
    Sender::new(push, ambient).map(|sender| Some(Arc::new(sender)))
}

/// A connection as the owner's login, for migrations and for an operator's acts.
pub async fn operator_connection(config: &Config) -> Result<PgConnection, sqlx::Error> {
    PgConnection::connect(config.database_url()).await
}
