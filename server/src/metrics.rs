//! Every metric Spectrum exports, declared once: name, meaning, unit. Labels are closed sets; none names a member.

use std::time::Duration;

use chrono::TimeDelta;
use metrics::{Counter, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use spectrum_core::{
    Flushed, Pipeline,
    ambient::Clock as _,
    ingest::accept_events::EventOutcome,
    insight::{load_spending::Spending, rephrase::BookedCall},
    product::sum_arms::Seen,
    push::{
        channels::ChannelStanding,
        settle::{Outcome, Settled, Verdict},
    },
    queue::{enqueue, liveness::Rescued, vitals::Vitals},
    schedule::purge_expired::Purged,
    trace::Trace,
};
use spectrum_domain::{
    card::Grain,
    push::{ChannelKind, Dropped},
    schedule::{Task, WEEKLY_PROMISE},
};
use spectrum_llm::route::{Tier, Why};

use crate::{compose::SystemClock, open_metrics::EXEMPLARS};

const HTTP_SECONDS: &str = "http_server_request_duration_seconds";
const EVENTS: &str = "spectrum_ingest_events_total";
const JOB_SECONDS: &str = "spectrum_job_duration_seconds";
const JOB_WAIT_SECONDS: &str = "spectrum_job_wait_seconds";
const JOBS_ENDED: &str = "spectrum_jobs_ended_total";
const JOBS_ENQUEUED: &str = "spectrum_jobs_enqueued_total";
const JOBS_DEDUPLICATED: &str = "spectrum_jobs_deduplicated_total";
const JOBS_RESCUED: &str = "spectrum_jobs_rescued_total";
const JOBS_LEASE_LOST: &str = "spectrum_jobs_lease_lost_total";
const PURGED: &str = "spectrum_purged_rows_total";
const JOBS_INFLIGHT: &str = "spectrum_jobs_inflight";
const JOBS_DEPTH: &str = "spectrum_jobs_depth";
const JOBS_OLDEST: &str = "spectrum_jobs_ready_oldest_seconds";
const JOBS_PAUSED: &str = "spectrum_jobs_paused";
const HEARTBEAT: &str = "spectrum_worker_heartbeat_age_seconds";
const SILENT: &str = "spectrum_workers_silent_seconds";
const DEAD_TUPLES: &str = "spectrum_job_table_dead_tuples";
const SNAPSHOT: &str = "spectrum_oldest_snapshot_age_seconds";
const SCHEDULE_LAG: &str = "spectrum_schedule_lag_seconds";
const WEEKLY_LAG: &str = "spectrum_weekly_lag_seconds";
const WEEKLY_SLA: &str = "spectrum_weekly_sla_total";
const EDITIONS: &str = "spectrum_editions_total";
const MODEL_ROUTES: &str = "spectrum_model_routes_total";
const MODEL_BUDGET_LOW: &str = "spectrum_model_budget_low_total";
const MODEL_CALLS: &str = "spectrum_model_calls_total";
const MODEL_SPEND: &str = "spectrum_model_micro_dollars_total";
const MODEL_TOKENS: &str = "spectrum_model_tokens_total";
const MODEL_REFUSALS: &str = "spectrum_model_refusals_total";
const MODEL_FALLBACKS: &str = "spectrum_model_fallbacks_total";
const MODEL_MONTH: &str = "spectrum_model_month_dollars";
const MODEL_MEMBER_MONTH: &str = "spectrum_model_member_month_dollars";
const EXPERIMENT_SIZES_P: &str = "spectrum_experiment_sizes_p";
const MODEL_BATCHES: &str = "spectrum_model_batches_total";
const MODEL_BATCH_ITEMS: &str = "spectrum_model_batch_items_total";
const MODEL_BATCH_OLDEST: &str = "spectrum_model_batch_oldest_seconds";
const PRODUCT_EVENTS: &str = "spectrum_product_events_total";
const PUSHES: &str = "spectrum_pushes_total";
const PUSH_SECONDS: &str = "spectrum_push_duration_seconds";
const PUSH_LATE: &str = "spectrum_push_late_seconds";
const PUSH_DROPPED: &str = "spectrum_pushes_dropped_total";
const PUSH_DEVICES_REMOVED: &str = "spectrum_push_devices_removed_total";
const PUSH_TRIPPED: &str = "spectrum_push_breaker_total";
const PUSH_PAUSED: &str = "spectrum_push_paused";
const PUSH_DUE: &str = "spectrum_push_due";
const PUSH_OLDEST: &str = "spectrum_push_due_oldest_seconds";
const PLANNING_FAILED: &str = "spectrum_schedule_failures_total";

/// Bounds of durations, those of the OpenTelemetry HTTP conventions.
const SECONDS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Bounds of how late a push was, in seconds: a member is promised an hour of theirs, not a moment of it.
const LATE: &[f64] = &[1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1_800.0, 3_600.0];

/// Starts recording for this process. Gives what writes the scrape.
pub fn start() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
        .set_buckets_for_metric(Matcher::Full(PUSH_LATE.to_owned()), LATE)?
        .install_recorder()?;
    describe_histogram!(HTTP_SECONDS, Unit::Seconds, "Time to answer a request, by route and status");
    describe_counter!(EVENTS, "Events received, by what became of them");
    describe_histogram!(JOB_SECONDS, Unit::Seconds, "Time a try of a job took, by kind and how it ended");
    describe_histogram!(JOB_WAIT_SECONDS, Unit::Seconds, "Time between a job being ready and being begun, by queue");
    describe_counter!(JOBS_ENDED, "Tries of jobs that ended here, by queue, kind and how");
    describe_counter!(JOBS_ENQUEUED, "Jobs this process put into the queue");
    describe_counter!(JOBS_DEDUPLICATED, "Jobs this process left out because their key was known");
    describe_counter!(JOBS_RESCUED, "Jobs of lost or hung workers that this process put back or buried");
    describe_counter!(JOBS_LEASE_LOST, "Jobs that were done here and another worker had by then");
    describe_counter!(PURGED, "Rows that retention let go, by table; of sealed text days, of events of use months");
    describe_gauge!(JOBS_INFLIGHT, "Jobs this process holds, by queue");
    describe_gauge!(JOBS_DEPTH, "Jobs in the queue, by queue and state; counting stops past 100000");
    describe_gauge!(JOBS_OLDEST, Unit::Seconds, "How long the oldest ready job has waited, by queue");
    describe_gauge!(JOBS_PAUSED, "1 while an operator has paused the queue");
    describe_gauge!(HEARTBEAT, Unit::Seconds, "Time since this process last said that its worker lives");
    describe_gauge!(SILENT, Unit::Seconds, "Time since any worker was heard");
    describe_gauge!(DEAD_TUPLES, "Rows of the job tables that vacuum has yet to clear away");
    describe_gauge!(SNAPSHOT, Unit::Seconds, "How long the oldest snapshot of the database has been held");
    describe_gauge!(SCHEDULE_LAG, Unit::Seconds, "Time since the oldest period that is not done fell due, by task");
    describe_gauge!(
        WEEKLY_LAG,
        Unit::Seconds,
        "Longest time between the end of members' week and its results: of the last day, or still running"
    );
    describe_counter!(
        WEEKLY_SLA,
        "Weeks of a calendar that this process ended, by whether in the time that is promised"
    );
    describe_counter!(
        PRODUCT_EVENTS,
        "Events of use that were written, that members withdrew from, and for which there was no room"
    );
    describe_counter!(PUSHES, "Tries of pushes, by channel, how they ended and why");
    describe_histogram!(PUSH_SECONDS, Unit::Seconds, "Time a provider took to answer, by channel");
    describe_histogram!(PUSH_LATE, Unit::Seconds, "Time between a push being due and its first try, by channel");
    describe_counter!(PUSH_DROPPED, "Pushes that were due and not sent, by channel and why");
    describe_counter!(PUSH_DEVICES_REMOVED, "Devices that were removed because their address is gone, by channel");
    describe_counter!(PUSH_TRIPPED, "Times that a channel was stopped by its answers, by channel and why");
    describe_gauge!(PUSH_PAUSED, "1 while a channel is stopped, by an operator or by its answers");
    describe_gauge!(PUSH_DUE, "Pushes that are due and wait, by channel");
    describe_gauge!(PUSH_OLDEST, Unit::Seconds, "How long the oldest of them has waited, by channel");
    describe_counter!(MODEL_ROUTES, "Editions by who was to word them, and why");
    describe_counter!(MODEL_BUDGET_LOW, "Editions that were worded while a budget was past three quarters");
    describe_counter!(MODEL_CALLS, "Calls of a model that rephrases, by what came of them");
    describe_counter!(MODEL_SPEND, "What they have cost, in millionths of a dollar");
    describe_counter!(MODEL_TOKENS, "Tokens that they were charged for");
    describe_counter!(MODEL_REFUSALS, "Answers that the guard refused, by reason");
    describe_counter!(
        MODEL_FALLBACKS,
        "Editions that stayed with a template's words after a model was asked, by reason"
    );
    describe_gauge!(
        EXPERIMENT_SIZES_P,
        "How likely the sizes of an experiment's arms are by chance; below 0.001 its results are withheld"
    );
    describe_gauge!(MODEL_MONTH, "Dollars spent on models this month");
    describe_gauge!(
        MODEL_MEMBER_MONTH,
        "The same for each member with a counted session this month; 0 where there are fewer than ten of them"
    );
    describe_counter!(MODEL_BATCHES, "Batches of questions to a model that were handed in and that ended, by how");
    describe_counter!(MODEL_BATCH_ITEMS, "Questions that were handed in with them, and those answered and not");
    describe_gauge!(
        MODEL_BATCH_OLDEST,
        Unit::Seconds,
        "Time since the oldest batch that has not ended was handed in; 0 where there is none"
    );
    describe_counter!(EDITIONS, "Editions published when their period ended, by week and month");
    describe_counter!(PLANNING_FAILED, "Times that what is due could not be planned");
    // A ratio of the two is asked for before the first week has ended.
    for met in [true, false] {
        weekly_sla(met).increment(0);
    }
    // What is rare is counted from nothing on: how fast a count rises is not seen of the first that makes it.
    for channel in ChannelKind::ALL {
        counter!(PUSH_DROPPED, "channel" => channel.name(), "reason" => Dropped::Late.name()).increment(0);
    }
    for task in [Grain::Week, Grain::Month] {
        counter!(MODEL_SPEND, "task" => task.name()).increment(0);
    }
    Ok(handle)
}

/// A request was answered. The route is its pattern, never the path that was asked for.
pub fn request(method: &'static str, route: String, status: u16, took: Duration, trace: Option<Trace>) {
    let labels = [
        ("http_request_method", method.to_owned()),
        ("http_route", route),
        ("http_response_status_code", status.to_string()),
    ];
    EXEMPLARS.note((HTTP_SECONDS, SECONDS), &labels, took.as_secs_f64(), trace, SystemClock.now());
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

/// A try of a job ended.
pub fn job(queue: &str, kind: &str, ending: &'static str, (waited, took): (Duration, Duration), trace: Option<Trace>) {
    let (queue, kind) = (queue.to_owned(), kind.to_owned());
    let labels = [("kind", kind.clone()), ("ending", ending.to_owned())];
    counter!(JOBS_ENDED, "queue" => queue.clone(), "kind" => kind, "ending" => ending).increment(1);
    EXEMPLARS.note((JOB_SECONDS, SECONDS), &labels, took.as_secs_f64(), trace, SystemClock.now());
    histogram!(JOB_SECONDS, &labels).record(took.as_secs_f64());
    histogram!(JOB_WAIT_SECONDS, "queue" => queue).record(waited.as_secs_f64());
}

/// This process holds so many jobs of a queue.
pub fn inflight(queue: &str, jobs: usize) {
    gauge!(JOBS_INFLIGHT, "queue" => queue.to_owned()).set(as_f64(i64::try_from(jobs).unwrap_or(i64::MAX)));
}

/// Jobs were done that this worker no longer held.
pub fn lease_lost(jobs: u64) {
    counter!(JOBS_LEASE_LOST).increment(jobs);
}

/// Jobs that others had lost were rescued.
pub fn rescued(rescued: Rescued) {
    for (what, jobs) in [("put_back", rescued.put_back), ("buried", rescued.buried)] {
        counter!(JOBS_RESCUED, "what" => what).increment(u64::try_from(jobs).unwrap_or(0));
    }
}

/// What a round of retention let go.
pub fn purged(purged: &Purged) {
    for (table, rows) in &purged.rows {
        counter!(PURGED, "table" => *table).increment(*rows);
    }
    counter!(PURGED, "table" => "turn_text_days").increment(u64::try_from(purged.days_of_text).unwrap_or(0));
    counter!(PURGED, "table" => "product_event_months").increment(u64::try_from(purged.months_of_events).unwrap_or(0));
}

/// The worker of this process was last heard so long ago.
pub fn heartbeat(age: Duration) {
    gauge!(HEARTBEAT).set(age.as_secs_f64());
}

/// The week of everybody who shares a calendar was done, so long after its end.
pub fn week_done(after: TimeDelta) {
    weekly_sla(after <= WEEKLY_PROMISE).increment(1);
}

fn weekly_sla(met: bool) -> Counter {
    counter!(WEEKLY_SLA, "met" => if met { "yes" } else { "no" })
}

/// Editions of a period that has ended were published.
pub fn editions_published(grain: Grain, editions: usize) {
    counter!(EDITIONS, "grain" => grain.name()).increment(u64::try_from(editions).unwrap_or(u64::MAX));
}

/// Who was to write an edition, and why; whether a budget runs low.
pub fn model_route(task: Grain, tier: Tier, why: Why, warn: bool) {
    counter!(MODEL_ROUTES, "task" => task.name(), "tier" => tier.name(), "why" => why.name()).increment(1);
    if warn {
        counter!(MODEL_BUDGET_LOW, "task" => task.name()).increment(1);
    }
}

/// A call of a model that rephrases, by what the provider said that it was charged for.
pub fn model_call(task: Grain, call: &BookedCall) {
    let task = task.name();
    counter!(MODEL_CALLS, "task" => task, "outcome" => call.outcome).increment(1);
    counter!(MODEL_SPEND, "task" => task).increment(call.micro_dollars);
    let (input, cached, output) = call.tokens;
    for (kind, tokens) in [("input", input), ("cached", cached), ("output", output)] {
        counter!(MODEL_TOKENS, "task" => task, "kind" => kind).increment(tokens);
    }
    for reason in &call.reasons {
        counter!(MODEL_REFUSALS, "task" => task, "reason" => reason.clone()).increment(1);
    }
}

/// A template's words stay, for these reasons of the guard.
pub fn model_fallback(task: Grain, reasons: impl IntoIterator<Item = String>) {
    for reason in reasons {
        counter!(MODEL_FALLBACKS, "task" => task.name(), "reason" => reason).increment(1);
    }
}

/// How a batch of questions to a model ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchEnd {
    /// Its answers were taken.
    Answered,
    /// The provider refused it whole.
    Failed,
    /// It took too long.
    GivenUp,
}

impl BatchEnd {
    /// The name in metrics and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
        }
    }
}

/// A batch of so many questions was handed in.
pub fn batch_handed_in(questions: usize) {
    counter!(MODEL_BATCHES, "what" => "handed_in").increment(1);
    counter!(MODEL_BATCH_ITEMS, "what" => "handed_in").increment(u64::try_from(questions).unwrap_or(u64::MAX));
}

/// A question of a batch was settled.
pub fn batch_item(is_answered: bool) {
    batch_items(is_answered).increment(1);
}

fn batch_items(are_answered: bool) -> Counter {
    counter!(MODEL_BATCH_ITEMS, "what" => if are_answered { "answered" } else { "unanswered" })
}

/// A batch ended, so many of its questions without an answer besides those that were settled.
pub fn batch_ended(how: BatchEnd, unanswered: u64) {
    counter!(MODEL_BATCHES, "what" => how.name()).increment(1);
    batch_items(false).increment(unanswered);
}

/// Events of use that were written, and not.
pub fn product_events(flushed: Flushed) {
    let Flushed { written, withdrawn, dropped } = flushed;
    for (outcome, events) in [("written", written), ("withdrawn", withdrawn), ("dropped", dropped)] {
        counter!(PRODUCT_EVENTS, "outcome" => outcome).increment(events);
    }
}

/// Pushes that were tried or let go.
pub fn pushes(channel: ChannelKind, batch: &[Settled], outcome: Outcome) {
    let channel = channel.name();
    for settled in batch {
        if let Some(attempt) = &settled.attempt {
            counter!(PUSHES, "channel" => channel, "outcome" => attempt.ended.name(), "reason" => attempt.reason)
                .increment(1);
            let took = Duration::from_millis(u64::try_from(attempt.took_ms).unwrap_or(0));
            histogram!(PUSH_SECONDS, "channel" => channel).record(took);
            if settled.held.try_number == 1 {
                let late = Duration::from_millis(u64::try_from(attempt.late_ms).unwrap_or(0));
                histogram!(PUSH_LATE, "channel" => channel).record(late);
            }
        }
        if let Verdict::Dropped(reason) = settled.verdict {
            counter!(PUSH_DROPPED, "channel" => channel, "reason" => reason.name()).increment(1);
        }
    }
    counter!(PUSH_DEVICES_REMOVED, "channel" => channel).increment(outcome.removed);
    if let Some(trip) = outcome.tripped {
        counter!(PUSH_TRIPPED, "channel" => channel, "reason" => trip.name()).increment(1);
    }
}

/// How the channels stand at a scrape.
pub fn push_channels(channels: &[ChannelStanding]) {
    for standing in channels {
        let channel = standing.channel.name();
        gauge!(PUSH_PAUSED, "channel" => channel).set(f64::from(u8::from(standing.paused)));
        gauge!(PUSH_DUE, "channel" => channel).set(as_f64(standing.due));
        gauge!(PUSH_OLDEST, "channel" => channel).set(as_f64(standing.oldest_seconds.unwrap_or(0)));
    }
}

/// What is due could not be planned.
pub fn planning_failed() {
    counter!(PLANNING_FAILED).increment(1);
}

#[expect(clippy::cast_precision_loss, reason = "a count of jobs or rows")]
const fn as_f64(count: i64) -> f64 {
    count as f64
}

/// The queues as they are at a scrape.
pub fn queues(pipeline: &Pipeline) {
    for depth in &pipeline.queues {
        let queue = depth.queue.clone();
        for (state, count) in
            [("ready", depth.ready), ("later", depth.later), ("running", depth.running), ("dead", depth.dead)]
        {
            gauge!(JOBS_DEPTH, "queue" => queue.clone(), "state" => state).set(as_f64(count));
        }
        gauge!(JOBS_OLDEST, "queue" => queue.clone()).set(depth.oldest_ready_seconds.unwrap_or_default());
        gauge!(JOBS_PAUSED, "queue" => queue).set(f64::from(u8::from(depth.paused)));
    }
    let (enqueued, deduplicated) = enqueue::counts();
    counter!(JOBS_ENQUEUED).absolute(enqueued);
    counter!(JOBS_DEDUPLICATED).absolute(deduplicated);
}

/// What models have cost this month.
pub fn spending(spending: &Spending) {
    let dollars = f64::from(u32::try_from(spending.micro_dollars / 1_000).unwrap_or(u32::MAX)) / 1e3;
    gauge!(MODEL_MONTH).set(dollars);
    gauge!(MODEL_MEMBER_MONTH).set(spending.per_active_member().unwrap_or_default());
}

/// How likely the sizes of each experiment's arms are by chance; nothing of one with too few people to say.
pub fn experiments(seen: &[Seen]) {
    for of in seen {
        if let Ok(ratio) = of.sample_ratio() {
            gauge!(EXPERIMENT_SIZES_P, "experiment" => of.experiment.trial.name()).set(ratio.p);
        }
    }
}

/// The signs of life at a scrape.
pub fn vitals(vitals: &Vitals) {
    gauge!(SILENT).set(vitals.silent_seconds.unwrap_or_default());
    gauge!(DEAD_TUPLES).set(as_f64(vitals.dead_tuples));
    gauge!(SNAPSHOT).set(vitals.oldest_snapshot_seconds);
    gauge!(MODEL_BATCH_OLDEST).set(vitals.oldest_batch_seconds.unwrap_or_default());
    for lag in &vitals.tasks {
        gauge!(SCHEDULE_LAG, "task" => lag.task.clone()).set(lag.open_seconds.unwrap_or_default());
        if lag.task == Task::AggregateWeeks.name() {
            let open = lag.open_seconds.unwrap_or_default();
            gauge!(WEEKLY_LAG).set(lag.slowest_seconds.unwrap_or_default().max(open));
        }
    }
}
