//! Running the roles of a deployment, and what an operator does before.

use std::process::ExitCode;

use spectrum_core::db::migrate;
use sqlx::Connection as _;

use super::{Failure, begin};
use crate::{
    compose,
    config::Config,
    metrics, noted, replay,
    serve::{self, Listeners, Role},
};

/// Runs a role until it is told to stop.
pub(super) async fn run(config: &Config, role: Role) -> Result<(), Failure> {
    let lifecycle = begin(config)?;
    replay::install_crypto();
    let services = compose::services(config)?;
    let listeners = Listeners::bind(config, role).await?;
    let (web, scrape) = (listeners.web_address(), listeners.metrics_address());
    serve::start(config, &services, role, listeners, metrics::start()?, &lifecycle).await?;
    tracing::info!(?role, ?web, metrics = ?scrape, "ready");
    lifecycle.until_stopped().await;
    tracing::info!("stopping");
    if !lifecycle.stop().await {
        tracing::warn!("some tasks did not stop in time; their jobs come back when their leases run out");
    }
    noted::write_rest(&services).await;
    services.pools().close().await;
    Ok(())
}

/// Applies the migrations that are missing.
pub(super) async fn migrate(config: &Config) -> Result<(), Failure> {
    let mut connection = compose::operator_connection(config).await?;
    migrate::MIGRATOR.run(&mut connection).await?;
    connection.close().await?;
    eprintln!("The database is up to date.");
    Ok(())
}

/// Looks at everything a process needs and says what is missing.
pub(super) async fn doctor(config: Result<Config, Failure>) -> Result<ExitCode, Failure> {
    let config = config?;
    let mut well = true;
    let mut report = |what: &str, result: Result<String, String>| match result {
        Ok(found) => println!("ok   {what}: {found}"),
        Err(problem) => {
            well = false;
            println!("FAIL {what}: {problem}");
        }
    };
    report("settings", Ok("all can be read".to_owned()));
    report("front end", serve::list_assets(&config.site_dir).map(|a| a.css).map_err(|e| e.to_string()));
    match compose::operator_connection(&config).await {
        Err(error) => report("database", Err(error.to_string())),
        Ok(mut connection) => {
            let version: String = sqlx::query_scalar("SHOW server_version").fetch_one(&mut connection).await?;
            report("database", Ok(format!("PostgreSQL {version}")));
            let applied: Result<i64, _> = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations WHERE success")
                .fetch_one(&mut connection)
                .await;
            let known = i64::try_from(migrate::MIGRATOR.iter().count()).unwrap_or(i64::MAX);
            report(
                "migrations",
                match applied {
                    Ok(applied) if applied >= known => Ok(format!("{applied} applied")),
                    Ok(applied) => Err(format!("{applied} of {known} applied; run `spectrum migrate`")),
                    Err(_) => Err("none applied; run `spectrum migrate`".to_owned()),
                },
            );
            let services = compose::services(&config)?;
            let ready = services.load_pipeline().await;
            report("roles", ready.map(|_| "pools take on their roles".to_owned()).map_err(|e| super::causes(&e)));
            services.pools().close().await;
        }
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
