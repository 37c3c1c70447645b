//! The last gate before the wire. PRIVACY: what is not on the list, by its name and by its value, does not leave: whoever gives a
//! span another attribute, or a free text as the value of one, changes nothing that a receiver gets.

use std::borrow::Cow;

use opentelemetry::{
    KeyValue, Value,
    trace::{SpanContext, Status, TraceState},
};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SpanData, SpanEvents, SpanExporter},
};
use spectrum_domain::{
    job::{Job, Queue},
    push::ChannelKind,
};

use super::span;

/// What the value of an attribute may be.
#[derive(Clone, Copy)]
enum May {
    /// A whole number.
    Whole,
    /// One of these words.
    Word(fn(&str) -> bool),
}

/// The attributes that leave.
const LIST: [(&str, May); 11] = [
    (span::METHOD, May::Word(is_method)),
    (span::ROUTE, May::Word(is_route)),
    (span::STATUS, May::Whole),
    (span::SYSTEM, May::Word(|word| word == span::SPECTRUM)),
    (span::OPERATION, May::Word(|word| [span::PROCESS, span::SEND].contains(&word))),
    (span::QUEUE, May::Word(|word| Queue::from_name(word).is_some())),
    (span::KIND, May::Word(is_kind)),
    (span::ATTEMPT, May::Whole),
    (span::ENDING, May::Word(is_ending)),
    (span::CHANNEL, May::Word(is_channel)),
    (span::PUSH_ENDING, May::Word(is_ending)),
];

fn is_method(word: &str) -> bool {
    ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "OTHER"].contains(&word)
}

fn is_kind(word: &str) -> bool {
    Job::KINDS.contains(&word) || word == span::OTHER_KIND
}

fn is_channel(word: &str) -> bool {
    ChannelKind::ALL.iter().any(|channel| channel.name() == word)
}

/// A word of one of our closed sets.
fn is_ending(word: &str) -> bool {
    (1..=20).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// A pattern of the router's: its fixed parts are words of ours, and what a caller fills in stands as a name in braces.
fn is_route(route: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-.*".contains(&byte));
    let filled = |part: &str| part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).is_some_and(letters);
    let part = |part: &str| part == "v1" || letters(part) || filled(part);
    route == span::UNMATCHED
        || route.len() <= 120 && route.strip_prefix('/').is_some_and(|rest| rest.split('/').all(part))
}

fn is_name(name: &str) -> bool {
    name.split_once(' ').is_some_and(|(does, what)| match does {
        span::PROCESS => is_kind(what),
        span::SEND => is_channel(what),
        _ => is_method(does) && is_route(what),
    })
}

/// An exporter that gets only what may leave.
#[derive(Debug)]
pub(super) struct Sifted<E>(pub(super) E);

impl<E: SpanExporter> SpanExporter for Sifted<E> {
    fn export(&self, mut batch: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        batch.iter_mut().for_each(sift);
        self.0.export(batch)
    }

    fn shutdown_with_timeout(&self, timeout: std::time::Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// Takes away what may not leave.
fn sift(span: &mut SpanData) {
    if !is_name(&span.name) {
        span.name = Cow::Borrowed("span");
    }
    span.attributes.retain(may_leave);
    span.dropped_attributes_count = 0;
    // Events quote: what failed, and sometimes on what.
    span.events = SpanEvents::default();
    span.span_context = stateless(&span.span_context);
    for link in &mut span.links.links {
        link.attributes.clear();
        link.span_context = stateless(&link.span_context);
    }
    if let Status::Error { description } = &mut span.status {
        *description = Cow::Borrowed("");
    }
}

fn may_leave(attribute: &KeyValue) -> bool {
    let known = LIST.iter().find(|(name, _)| *name == attribute.key.as_str());
    known.is_some_and(|(_, may)| match (may, &attribute.value) {
        (May::Whole, Value::I64(_)) => true,
        (May::Word(is), Value::String(word)) => is(word.as_str()),
        _ => false,
    })
}

/// Without what others have written beside the names of a span: it may be anything.
fn stateless(context: &SpanContext) -> SpanContext {
    let (trace, span, flags) = (context.trace_id(), context.span_id(), context.trace_flags());
    SpanContext::new(trace, span, flags, context.is_remote(), TraceState::default())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use opentelemetry::{
        InstrumentationScope,
        trace::{Event, Link, SpanId, SpanKind, TraceFlags, TraceId},
    };
    use opentelemetry_sdk::trace::SpanLinks;

    use super::*;

    const CANARY: &str = "i told my sister";

    fn span(name: &'static str, attributes: Vec<KeyValue>) -> SpanData {
        let state = TraceState::from_key_value([("vendor", CANARY)]).expect("a state");
        let context = SpanContext::new(1.into(), SpanId::from(2), TraceFlags::SAMPLED, false, state);
        let mut events = SpanEvents::default();
        events.events.push(Event::new(CANARY, SystemTime::UNIX_EPOCH, vec![KeyValue::new("error", CANARY)], 0));
        let mut links = SpanLinks::default();
        links.links.push(Link::new(context.clone(), vec![KeyValue::new("why", CANARY)], 0));
        SpanData {
            span_context: context,
            parent_span_id: SpanId::INVALID,
            parent_span_is_remote: false,
            span_kind: SpanKind::Internal,
            name: name.into(),
            start_time: SystemTime::UNIX_EPOCH,
            end_time: SystemTime::UNIX_EPOCH,
            attributes,
            dropped_attributes_count: 0,
            events,
            links,
            status: Status::error(CANARY),
            instrumentation_scope: InstrumentationScope::builder("spectrum").build(),
        }
    }

    #[test]
    fn what_is_not_on_the_list_stays_here_wherever_it_was_put() {
        let known = LIST.iter().map(|(name, _)| KeyValue::new(*name, CANARY));
        let others = ["request_id", "member", "exception.message", "http.url"].map(|name| KeyValue::new(name, CANARY));
        let mut span = span(CANARY, known.chain(others).collect());
        sift(&mut span);
        assert!(!format!("{span:?}").contains(CANARY), "{span:?}");
        assert_eq!((span.name.as_ref(), span.attributes.len(), span.links.links.len()), ("span", 0, 1));
        assert_eq!(span.links.links[0].span_context.trace_id(), TraceId::from(1));
    }

    #[test]
    fn what_is_on_it_leaves_as_it_is() {
        let attributes = vec![
            KeyValue::new(span::METHOD, "POST"),
            KeyValue::new(span::ROUTE, "/api/v1/members/{member}"),
            KeyValue::new(span::STATUS, 200),
            KeyValue::new(span::SYSTEM, span::SPECTRUM),
            KeyValue::new(span::OPERATION, "process"),
            KeyValue::new(span::QUEUE, "analysis"),
            KeyValue::new(span::KIND, "analyze_session"),
            KeyValue::new(span::ATTEMPT, 1),
            KeyValue::new(span::ENDING, "done"),
            KeyValue::new(span::CHANNEL, "apns"),
            KeyValue::new(span::PUSH_ENDING, "delivered"),
        ];
        let mut span = span("POST /api/v1/members/{member}", attributes.clone());
        sift(&mut span);
        assert_eq!((span.name.as_ref(), span.attributes), ("POST /api/v1/members/{member}", attributes));
    }

    #[test]
    fn a_path_that_somebody_asked_for_is_no_route() {
        for route in ["/", "/health", "/spectrum/week/{label}", "/api/openapi.json", "/pkg/{*file}", "unmatched"] {
            assert!(is_route(route), "{route}");
        }
        for path in
            ["/spectrum/week/2026-W47", "/receipts/0192f3c1", "/api/v1/members/ada@host.test", "/a b", "ada", ""]
        {
            assert!(!is_route(path), "{path}");
        }
    }
}
