//! Letting people and services in, from the command line.

use chrono::TimeDelta;
use spectrum_core::{
    access::{host_key as keys, staff},
    ambient::Ambient,
};

use super::Failure;
use crate::{compose, config::Config};

/// How long a link that a person carries from the terminal to a browser may wait.
const LINK_LIFE: TimeDelta = TimeDelta::minutes(10);

/// Makes a link for a person of the team and prints it.
pub(super) async fn staff_link(config: &Config, email: &str) -> Result<(), Failure> {
    let ambient: Ambient = compose::ambient();
    let mut connection = compose::operator_connection(config).await?;
    let staff = staff::find_or_make(&mut connection, &ambient, email).await?;
    let services = compose::services(config)?;
    let link = services.create_staff_link(staff, LINK_LIFE).await?;
    println!("{}/sign-in?code={}", config.http.public_url, link.code.expose());
    eprintln!("Good for one use until {}.", link.expires_at.format("%H:%M:%S UTC"));
    services.pools().close().await;
    Ok(())
}

/// Makes a key for a host service and prints it, once.
pub(super) async fn host_key(config: &Config, host: &str, label: &str) -> Result<(), Failure> {
    let mut connection = compose::operator_connection(config).await?;
    let key = keys::create(&mut connection, &compose::ambient(), host, label).await?;
    println!("{}", key.expose());
    eprintln!("This is the only time the key is shown. Send it as `Authorization: Bearer …`.");
    Ok(())
}
