//! The log: one line an event, structured, with the request it belongs to, and never a word of a member's.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::config::{Log, LogFormat};

/// Starts logging to standard error. A second call, as in tests, changes nothing.
pub fn start(log: &Log) {
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    // An error means that logging was started before, which is what was asked for.
    let _ = match log.format {
        LogFormat::Json => {
            let layer = fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
            registry.with(layer).try_init()
        }
        LogFormat::Text => registry.with(fmt::layer().compact().with_writer(std::io::stderr)).try_init(),
    };
}
