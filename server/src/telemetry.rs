//! What the process tells of itself while it runs: the log, one line an event, structured, with the request or job it belongs to and
//! its trace; and the traces themselves, to a receiver if there is one. Never a word of a member's.

mod export;
mod sift;
mod span;

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::filter_fn,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

pub use export::Setup;
pub(crate) use span::{Followed, TARGET};

use crate::config::{self, Log, LogFormat};

/// How long the last spans may take to be handed over when the process stops.
const LAST: Duration = Duration::from_secs(3);

/// The traces of a process.
#[derive(Clone, Debug)]
pub struct Telemetry {
    provider: SdkTracerProvider,
    sends: bool,
}

impl Telemetry {
    /// Traces by these settings. Every piece of work has one, so that the log can say which, whether or not any is sent.
    pub fn new(settings: &config::Telemetry) -> Result<Self, Setup> {
        Ok(Self { provider: export::provider(settings)?, sends: settings.endpoint.is_some() })
    }

    /// What a subscriber needs to take part. PRIVACY: of the spans that are told of, and no events: those quote errors.
    fn layer<S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync>(&self) -> impl Layer<S> + Send + Sync + use<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("spectrum"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false)
            .with_filter(filter_fn(|metadata| metadata.is_span() && metadata.target() == TARGET))
    }

    /// The log and the traces in one subscriber.
    pub fn subscriber<W>(&self, log: &Log, writer: W) -> impl Subscriber + Send + Sync + use<W>
    where
        W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
    {
        // The filter is the log's alone: less of that is not less of the traces.
        let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
        let lines = match log.format {
            LogFormat::Json => fmt::layer().json().flatten_event(true).with_writer(writer).with_filter(filter).boxed(),
            LogFormat::Text => fmt::layer().compact().with_writer(writer).with_filter(filter).boxed(),
        };
        tracing_subscriber::registry().with(lines).with(self.layer())
    }

    /// Hands over what has ended so far. False: not all of it was taken.
    pub async fn flush(&self) -> bool {
        let provider = self.provider.clone();
        // It waits for a thread of its own, which waits for the network: not where requests are answered.
        matches!(tokio::task::spawn_blocking(move || provider.force_flush()).await, Ok(Ok(())))
    }

    /// Hands over the last spans, for a few seconds at most; after that nothing is recorded.
    pub(crate) async fn stop(&self) {
        if !self.sends {
            return;
        }
        let provider = self.provider.clone();
        let handed_over = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(LAST)).await;
        if !matches!(handed_over, Ok(Ok(()))) {
            tracing::warn!("the last spans could not be handed over");
        }
    }
}

/// Starts logging to standard error, and traces. A second call, as in tests, changes nothing of the log.
pub fn start(log: &Log, settings: &config::Telemetry) -> Result<Telemetry, Setup> {
    let telemetry = Telemetry::new(settings)?;
    // An error means that logging was started before, which is what was asked for.
    let _ = telemetry.subscriber(log, std::io::stderr).try_init();
    Ok(telemetry)
}
