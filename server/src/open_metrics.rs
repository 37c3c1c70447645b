//! The scrape as `OpenMetrics`, for whoever asks for that form: the same figures, and for two histograms in each bucket the trace of the
//! newest request or job that fell into it (an exemplar).
//!
//! `metrics-exporter-prometheus` 0.18 knows no exemplars, in text or in protobuf (its `formatting.rs` and `protobuf.rs`), and the two
//! histograms in a second registry would have to be counted twice. So its text is taken as it is, the few rules by which `OpenMetrics`
//! differs are followed, and the exemplars are laid over.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    sync::{LazyLock, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use spectrum_core::trace::Trace;

/// What a scrape in this form is.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Whether whoever sends this `Accept` takes that form.
pub fn is_wanted(accept: &str) -> bool {
    accept.contains("application/openmetrics-text")
}

/// Series of which exemplars are kept: labels are closed sets, and this is the bound should one not be.
const MOST_SERIES: usize = 2_000;

/// A histogram's series, by its name and labels.
type Series = (&'static str, BTreeMap<String, String>);

/// The newest recorded trace of a bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Exemplar {
    trace: Trace,
    seconds: f64,
    at: DateTime<Utc>,
}

/// The newest recorded trace of every bucket.
#[derive(Debug, Default)]
pub(crate) struct Exemplars(Mutex<HashMap<Series, Vec<Option<Exemplar>>>>);

/// Those of this process, as its metrics are.
pub(crate) static EXEMPLARS: LazyLock<Exemplars> = LazyLock::new(Exemplars::default);

impl Exemplars {
    /// Something took so long, in a trace. Of one that is not recorded nobody could find anything.
    pub(crate) fn note(
        &self,
        (name, bounds): (&'static str, &[f64]),
        labels: &[(&'static str, String)],
        seconds: f64,
        trace: Option<Trace>,
        at: DateTime<Utc>,
    ) {
        let Some(trace) = trace.filter(|trace| trace.sampled) else { return };
        let series = (name, labels.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_SERIES && !kept.contains_key(&series) {
            return;
        }
        let buckets = kept.entry(series).or_insert_with(|| vec![None; bounds.len() + 1]);
        let bucket = bounds.iter().position(|bound| seconds <= *bound).unwrap_or(bounds.len());
        if let Some(newest) = buckets.get_mut(bucket) {
            *newest = Some(Exemplar { trace, seconds, at });
        }
    }

    /// The text of Prometheus as `OpenMetrics`.
    pub(crate) fn lay_over(&self, text: &str) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buckets = Buckets::default();
        let mut all = String::with_capacity(text.len() + 256 * kept.len());
        for line in text.lines().filter(|line| !line.is_empty()) {
            all.push_str(&of_its_family(line));
            if let Some(Exemplar { trace, seconds, at }) = buckets.exemplar(&kept, line) {
                let (second, millis) = (at.timestamp(), at.timestamp_subsec_millis());
                let _ = write!(all, " # {{trace_id=\"{}\"}} {seconds} {second}.{millis:03}", trace.name());
            }
            all.push('\n');
        }
        all.push_str("# EOF\n");
        all
    }
}

/// A counter's family has no `_total` at its end, its samples have.
fn of_its_family(line: &str) -> String {
    let described = line.strip_prefix("# HELP ").or_else(|| line.strip_prefix("# TYPE "));
    let name = described.and_then(|rest| rest.split(' ').next());
    match name.and_then(|name| name.strip_suffix("_total")) {
        Some(family) => line.replacen(&format!("{family}_total"), family, 1),
        None => line.to_owned(),
    }
}

/// Which bucket of its series a line is: they come in order.
#[derive(Default)]
struct Buckets {
    series: Option<(String, BTreeMap<String, String>)>,
    next: usize,
}

impl Buckets {
    fn exemplar(&mut self, kept: &HashMap<Series, Vec<Option<Exemplar>>>, line: &str) -> Option<Exemplar> {
        let (name, rest) = line.split_once("_bucket{")?;
        let (labels, _) = rest.split_once('}')?;
        let mut labels: BTreeMap<String, String> = labels
            .split("\",")
            .filter_map(|label| label.split_once("=\""))
            .map(|(name, value)| (name.to_owned(), value.trim_end_matches('"').to_owned()))
            .collect();
        labels.remove("le")?;
        let series = (name.to_owned(), labels);
        self.next = if self.series.as_ref() == Some(&series) { self.next + 1 } else { 0 };
        let found = kept.iter().find(|((name, labels), _)| *name == series.0 && *labels == series.1);
        self.series = Some(series);
        found.and_then(|(_, buckets)| *buckets.get(self.next)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: [f64; 2] = [0.5, 1.0];

    fn trace(sampled: bool) -> Trace {
        Trace { trace_id: [0xab; 16], span_id: [1; 8], sampled }
    }

    #[test]
    fn a_recorded_trace_stands_behind_the_bucket_it_fell_into() {
        let (exemplars, at) = (Exemplars::default(), DateTime::from_timestamp_millis(1_500).expect("an instant"));
        let labels = |kind: &str| [("kind", kind.to_owned()), ("ending", "done".to_owned())];
        exemplars.note(("took_seconds", &BOUNDS), &labels("a"), 0.7, Some(trace(true)), at);
        exemplars.note(("took_seconds", &BOUNDS), &labels("a"), 0.2, Some(trace(false)), at);
        exemplars.note(("took_seconds", &BOUNDS), &labels("b"), 9.0, Some(trace(true)), at);
        exemplars.note(("took_seconds", &BOUNDS), &labels("b"), 0.2, None, at);
        let text = "# HELP took_seconds How long\n# TYPE took_seconds histogram\n\
            took_seconds_bucket{kind=\"a\",ending=\"done\",le=\"0.5\"} 1\n\
            took_seconds_bucket{kind=\"a\",ending=\"done\",le=\"1\"} 2\n\
            took_seconds_bucket{kind=\"a\",ending=\"done\",le=\"+Inf\"} 2\n\
            took_seconds_sum{kind=\"a\",ending=\"done\"} 0.9\n\
            took_seconds_bucket{ending=\"done\",kind=\"b\",le=\"0.5\"} 1\n\
            took_seconds_bucket{ending=\"done\",kind=\"b\",le=\"1\"} 1\n\
            took_seconds_bucket{ending=\"done\",kind=\"b\",le=\"+Inf\"} 2\n\n\
            # HELP done_total Done\n# TYPE done_total counter\ndone_total 3\n";
        let laid = exemplars.lay_over(text);
        let id = "ab".repeat(16);
        assert!(laid.contains(&format!("le=\"1\"}} 2 # {{trace_id=\"{id}\"}} 0.7 1.500\n")), "{laid}");
        assert!(laid.contains(&format!("le=\"+Inf\"}} 2 # {{trace_id=\"{id}\"}} 9 1.500\n")), "{laid}");
        assert_eq!(laid.matches(" # {").count(), 2, "{laid}");
        assert!(laid.contains("# HELP done Done\n# TYPE done counter\ndone_total 3\n# EOF\n"), "{laid}");
        assert!(!laid.contains("\n\n"), "{laid}");
    }

    #[test]
    fn labels_that_were_no_closed_set_would_not_fill_the_memory() {
        let exemplars = Exemplars::default();
        for n in 0..2 * MOST_SERIES {
            let labels = [("route", n.to_string())];
            exemplars.note(("took_seconds", &BOUNDS), &labels, 0.1, Some(trace(true)), DateTime::UNIX_EPOCH);
        }
        assert_eq!(exemplars.0.lock().expect("whole").len(), MOST_SERIES);
    }
}
