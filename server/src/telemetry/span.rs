//! The spans that are told of, and how they hang together: a request, a try of a job, a try of a push. What is set here is from closed
//! sets; `sift.rs` has the list of it.

use opentelemetry::{
    Context, Value,
    trace::{SpanContext, SpanId, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState},
};
use spectrum_core::{
    push::claim_due::Due,
    queue::claim::ClaimedJob,
    trace::{self, Trace},
};
use spectrum_domain::{job::Job, push::ChannelKind};
use tracing::{Instrument as _, Span, field::Empty, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Spans of this target are told of, and no others: those of libraries are not ours to tell.
pub(crate) const TARGET: &str = "server::trace";

pub(super) const METHOD: &str = "http.request.method";
pub(super) const ROUTE: &str = "http.route";
pub(super) const STATUS: &str = "http.response.status_code";
pub(super) const SYSTEM: &str = "messaging.system";
pub(super) const OPERATION: &str = "messaging.operation.type";
pub(super) const QUEUE: &str = "messaging.destination.name";
pub(super) const KIND: &str = "spectrum.job.kind";
pub(super) const ATTEMPT: &str = "spectrum.job.attempt";
pub(super) const ENDING: &str = "spectrum.job.ending";
pub(super) const CHANNEL: &str = "spectrum.push.channel";
pub(super) const PUSH_ENDING: &str = "spectrum.push.ending";

pub(super) const SPECTRUM: &str = "spectrum";
pub(super) const PROCESS: &str = "process";
pub(super) const SEND: &str = "send";
/// A kind that a newer version enqueued.
pub(super) const OTHER_KIND: &str = "other";
/// The route of a request that no route is for.
pub(super) const UNMATCHED: &str = "unmatched";

/// Work that is followed: what it says in the log stands beside its trace, and what it enqueues is part of it.
#[derive(Clone, Debug)]
pub(crate) struct Followed {
    span: Span,
    trace: Option<Trace>,
    /// Where a request says that it comes from; it is pointed to once the request was taken.
    others: Option<Trace>,
}

impl Followed {
    /// A request. One that is part of another's trace already is so here only where the settings trust those who say so; else the trace
    /// is ours and points there: a stranger must not choose its name or have it recorded.
    ///
    /// PRIVACY: who was not let in writes nothing into our traces, not even the name of another.
    pub(crate) fn request(
        id: &str,
        (method, route): (&'static str, &str),
        others: Option<Trace>,
        continues: bool,
    ) -> Self {
        let span = info_span!(
            target: TARGET, parent: None, "request", trace_id = Empty, request_id = id, method, route, otel.kind = "server"
        );
        let parent = others.filter(|others| continues && others.sampled);
        let mut followed = Self::begin(span, parent, None, format!("{method} {route}"));
        followed.others = others.filter(|_| parent.is_none());
        followed.set(METHOD, method);
        followed.set(ROUTE, route.to_owned());
        followed
    }

    /// A try of a job. It is part of the trace of whoever ordered it, unless it is one of many that were given out, or is done for
    /// many who did not wait for each other: then it begins one of its own, which points there.
    pub(crate) fn job(job: &ClaimedJob) -> Self {
        let known = Job::KINDS.into_iter().find(|kind| *kind == job.kind).unwrap_or(OTHER_KIND);
        let span = info_span!(
            target: TARGET, parent: None, "job", trace_id = Empty, job_id = job.id, kind = known, queue = job.queue,
            attempt = job.attempt, otel.kind = "consumer"
        );
        let parent = job.trace.filter(|_| !Job::begins_a_trace(known));
        let links = job.trace.filter(|_| parent.is_none());
        let followed = Self::begin(span, parent, links, format!("{PROCESS} {known}"));
        followed.set(SYSTEM, SPECTRUM);
        followed.set(OPERATION, PROCESS);
        followed.set(QUEUE, job.queue.clone());
        followed.set(KIND, known);
        followed.set(ATTEMPT, i64::from(job.attempt));
        followed
    }

    /// A try of a push, in the trace of the job that planned it; it points to the job that sends it with many others. Nothing where
    /// that trace is not recorded: pushes are the most there is.
    pub(crate) fn push(channel: ChannelKind, due: &Due) -> Option<Self> {
        let planned = due.trace.filter(|trace| trace.sampled)?;
        let span = info_span!(
            target: TARGET, parent: None, "push", trace_id = Empty, channel = channel.name(), otel.kind = "producer"
        );
        let followed = Self::begin(span, Some(planned), trace::current(), format!("{SEND} {}", channel.name()));
        followed.set(SYSTEM, SPECTRUM);
        followed.set(OPERATION, SEND);
        followed.set(CHANNEL, channel.name());
        Some(followed)
    }

    fn begin(span: Span, parent: Option<Trace>, link: Option<Trace>, name: String) -> Self {
        if let Some(parent) = parent {
            // Refused where nobody records traces, and then there is nothing to be part of.
            let _ = span.set_parent(Context::new().with_remote_span_context(context_of(parent)));
        }
        if let Some(link) = link {
            span.add_link(context_of(link));
        }
        let context = span.context();
        context.span().update_name(name);
        let trace = trace_of(context.span().span_context());
        if let Some(trace) = &trace {
            span.record("trace_id", trace.name());
        }
        Self { span, trace, others: None }
    }

    /// Its name; none where nobody records traces.
    pub(crate) const fn trace(&self) -> Option<Trace> {
        self.trace
    }

    /// Does the work.
    pub(crate) fn run<F: Future>(&self, work: F) -> impl Future<Output = F::Output> {
        // Each wrapping would else hold it twice, and what holds that again.
        let work = Box::pin(work);
        async move {
            let (result, links) = trace::within(self.trace, work).instrument(self.span.clone()).await;
            for other in links {
                self.span.add_link(context_of(other));
            }
            result
        }
    }

    /// It was answered so.
    pub(crate) fn answered(&self, status: u16) {
        self.set(STATUS, i64::from(status));
        if let Some(others) = self.others.filter(|_| status < 400) {
            self.span.add_link(context_of(others));
        }
        self.end_well(status < 500);
    }

    /// The try ended so.
    pub(crate) fn ended(&self, ending: &'static str, well: bool) {
        self.set(ENDING, ending);
        self.end_well(well);
    }

    /// The push came to this.
    pub(crate) fn sent(&self, ending: &'static str, well: bool) {
        self.set(PUSH_ENDING, ending);
        self.end_well(well);
    }

    fn end_well(&self, well: bool) {
        if !well {
            // Why is the log's to say.
            self.span.set_status(Status::error(""));
        }
    }

    fn set(&self, name: &'static str, value: impl Into<Value>) {
        self.span.set_attribute(name, value);
    }
}

fn context_of(trace: Trace) -> SpanContext {
    let flags = if trace.sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
    let (trace_id, span_id) = (TraceId::from_bytes(trace.trace_id), SpanId::from_bytes(trace.span_id));
    SpanContext::new(trace_id, span_id, flags, true, TraceState::default())
}

fn trace_of(context: &SpanContext) -> Option<Trace> {
    context.is_valid().then(|| Trace {
        trace_id: context.trace_id().to_bytes(),
        span_id: context.span_id().to_bytes(),
        sampled: context.is_sampled(),
    })
}
