//! Handing spans over by OTLP: many at once, from a thread of its own, out of a queue that has an end. A receiver that hangs, errs or
//! is gone costs the spans that find no room, and nothing else.

use std::{collections::HashMap, future::Future, pin::Pin, time::Duration};

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource,
    trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider},
};
use reqwest::Client;
use secrecy::ExposeSecret as _;
use tokio::runtime::Handle;

use super::sift::Sifted;
use crate::{config, outbound};

/// Spans that wait to be handed over at most; what ends beyond that is let go.
const QUEUE: usize = 2_048;
/// Spans of one request.
const BATCH: usize = 512;
/// Between two requests while fewer than that have come together.
const PAUSE: Duration = Duration::from_secs(5);
/// Longest that a receiver is waited for, its second try included.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most of an answer that is read.
const ANSWER: usize = 64 * 1024;

/// Traces can't be sent.
#[derive(Debug, thiserror::Error)]
pub enum Setup {
    /// No client could be made.
    #[error("no client for telemetry.otlp_endpoint could be made")]
    Client(#[from] reqwest::Error),
    /// The address or a header is none.
    #[error("telemetry.otlp_endpoint can't be used")]
    Exporter(#[from] ExporterBuildError),
}

/// What records, and sends what it has recorded if there is a receiver.
pub(super) fn provider(settings: &config::Telemetry) -> Result<SdkTracerProvider, Setup> {
    let share = if settings.endpoint.is_some() { f64::from(settings.sample_permille) / 1_000.0 } else { 0.0 };
    let builder = SdkTracerProvider::builder()
        // By nobody's environment: what is not named here is not told.
        .with_resource(
            Resource::builder_empty()
                .with_service_name("spectrum")
                .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
                .build(),
        )
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(share))));
    let Some(endpoint) = &settings.endpoint else { return Ok(builder.build()) };
    let client = Receiver { client: outbound::client(endpoint)?, runtime: Handle::current() };
    let headers: HashMap<String, String> =
        settings.headers.iter().map(|(name, value)| (name.clone(), value.expose_secret().to_owned())).collect();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_endpoint(format!("{endpoint}/v1/traces"))
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(PATIENCE)
        .with_headers(headers)
        .build()?;
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(QUEUE)
        .with_max_export_batch_size(BATCH)
        .with_scheduled_delay(PAUSE)
        .build();
    let processor = BatchSpanProcessor::builder(Sifted(exporter)).with_batch_config(batches).build();
    Ok(builder.with_span_processor(processor).build())
}

/// The receiver, asked by the client that everything else is asked by. The exporter's thread has no runtime, so the asking is done in
/// ours and only waited for there.
#[derive(Debug)]
struct Receiver {
    client: Client,
    runtime: Handle,
}

impl HttpClient for Receiver {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        let (client, runtime) = (self.client.clone(), self.runtime.clone());
        Box::pin(async move { runtime.spawn(ask(client, request)).await? })
    }
}

async fn ask(client: Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let mut request: reqwest::Request = request.try_into()?;
    *request.timeout_mut() = Some(PATIENCE);
    let mut answer = client.execute(request).await?;
    let mut response = Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.extend(answer.headers().clone());
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > ANSWER {
            return Err("the receiver of traces answered at too great length".into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(response.body(body.into())?)
}
