//! Every metric Spectrum exports, declared once: name, meaning, unit. Labels are closed sets; none names a member.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use spectrum_core::{Pipeline, ingest::accept_events::EventOutcome};

const HTTP_SECONDS: &str = "http_server_request_duration_seconds";
const EVENTS: &str = "spectrum_ingest_events_total";
const JOBS: &str = "spectrum_jobs_finished_total";
const JOB_SECONDS: &str = "spectrum_job_duration_seconds";
const JOB_WAIT_SECONDS: &str = "spectrum_job_wait_seconds";
const QUEUE_DEPTH: &str = "spectrum_queue_depth";
const QUEUE_OLDEST: &str = "spectrum_queue_oldest_ready_seconds";

/// Bounds of durations, those of the OpenTelemetry HTTP conventions.
const SECONDS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Starts recording for this process. Gives what writes the scrape.
pub fn start() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
        .install_recorder()?;
    describe_histogram!(HTTP_SECONDS, Unit::Seconds, "Time to answer a request, by route and status");
    describe_counter!(EVENTS, "Events received, by what became of them");
    describe_counter!(JOBS, "Jobs that a worker ended, by kind and outcome");
    describe_histogram!(JOB_SECONDS, Unit::Seconds, "Time a job took, by kind");
    describe_histogram!(JOB_WAIT_SECONDS, Unit::Seconds, "Time between a job being ready and a worker taking it");
    describe_gauge!(QUEUE_DEPTH, "Jobs in the queue, by kind and state");
    describe_gauge!(QUEUE_OLDEST, Unit::Seconds, "How long the oldest ready job has waited, by kind");
    Ok(handle)
}

/// A request was answered. The route is its pattern, never the path that was asked for.
pub fn request(method: &'static str, route: String, status: u16, took: Duration) {
    let labels = [
        ("http_request_method", method.to_owned()),
        ("http_route", route),
        ("http_response_status_code", status.to_string()),
    ];
    histogram!(HTTP_SECONDS, &labels).record(took.as_secs_f64());
}

/// Events were received.
pub fn events(outcomes: &[EventOutcome]) {
    for outcome in outcomes {
        let result = match outcome {
            EventOutcome::Accepted => "accepted",
            EventOutcome::Duplicate => "duplicate",
            EventOutcome::Refused(_) => "refused",
        };
        counter!(EVENTS, "result" => result).increment(1);
    }
}

/// Events were refused before they meant anything.
pub fn malformed_events(count: usize) {
    counter!(EVENTS, "result" => "malformed").increment(u64::try_from(count).unwrap_or(u64::MAX));
}

/// A worker ended a job.
pub fn job(kind: &'static str, outcome: &'static str, waited: Duration, took: Duration) {
    counter!(JOBS, "kind" => kind, "outcome" => outcome).increment(1);
    histogram!(JOB_SECONDS, "kind" => kind).record(took.as_secs_f64());
    histogram!(JOB_WAIT_SECONDS, "kind" => kind).record(waited.as_secs_f64());
}

/// The queue as it is at a scrape.
pub fn queue(pipeline: &Pipeline) {
    #[expect(clippy::cast_precision_loss, reason = "a count of jobs")]
    let as_f64 = |count: i64| count as f64;
    for kind in spectrum_domain::job::Job::KINDS {
        let depth = pipeline.kinds.iter().find(|depth| depth.kind == kind);
        for (state, count) in [
            ("waiting", depth.map_or(0, |d| d.waiting)),
            ("running", depth.map_or(0, |d| d.running)),
            ("dead", depth.map_or(0, |d| d.dead)),
        ] {
            gauge!(QUEUE_DEPTH, "kind" => kind, "state" => state).set(as_f64(count));
        }
        gauge!(QUEUE_OLDEST, "kind" => kind).set(depth.and_then(|d| d.oldest_ready_seconds).unwrap_or_default());
    }
}
