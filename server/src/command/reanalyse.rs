//! `spectrum reanalyse`: orders that what another model has read be read anew; the workers do it in the background.

use spectrum_core::analysis::reanalyze::Scope;
use spectrum_domain::member::ExternalRef;

use super::{Failure, begin};
use crate::{compose, config::Config};

pub(super) async fn run(config: &Config, member: Option<ExternalRef>) -> Result<(), Failure> {
    let _lifecycle = begin(config)?;
    let services = compose::services(config)?;
    let mut models = vec![compose::analyzer().model().to_owned()];
    models.extend(compose::outside(config, &services)?.map(|outside| outside.model().to_owned()));
    let scope = member.map_or(Scope::Everybody, Scope::Member);
    let ordered = services.order_reanalysis(&models, &scope).await?;
    services.pools().close().await;
    eprintln!(
        "Ordered for {ordered} members: what {} has not read, and whose text is still held, is read anew.",
        models.join(" or ")
    );
    Ok(())
}
