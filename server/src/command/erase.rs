//! `spectrum erase`: shuts a member out at once and orders the erasure of everything about them; a worker carries it out.

use spectrum_core::access::host_key;
use spectrum_domain::member::ExternalRef;

use super::Failure;
use crate::{compose, config::Config};

pub(super) async fn run(config: &Config, host: &str, member: ExternalRef) -> Result<(), Failure> {
    let mut connection = compose::operator_connection(config).await?;
    let host = host_key::find_host(&mut connection, host).await?.ok_or("there is no such host")?;
    let services = compose::services(config)?;
    let ordered = services.order_erasure(host, &member).await;
    services.pools().close().await;
    ordered?;
    println!(
        "Shut out. A worker erases everything in a moment; `spectrum jobs list --kind erase_member` shows whether it has."
    );
    Ok(())
}
