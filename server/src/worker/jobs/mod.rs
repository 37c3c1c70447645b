//! The registry: Spectrum's kinds of jobs, what each does, how long it may take and how often it is tried.

mod aggregate_month;
mod aggregate_week;
mod analyze_session;
mod close_idle_session;
mod collect_rephrasings;
mod erase_member;
mod export_member;
mod publish_period;
mod purge_expired;
mod reanalyze_member;
mod rebuild_weeks;
mod reconcile_members;
mod refresh_rollups;
mod rephrase_edition;
mod send_pushes;
mod spread_period;
mod submit_rephrasings;
mod sum_use;
mod write_editions;

use std::{sync::Arc, time::Duration};

use spectrum_core::{Services, queue::claim::ClaimedJob};
use spectrum_domain::job::{Job, Queue};

use super::policy::{Handlers, JobError, Outcome, Policy, Tried};
use crate::{analyzer::Analyzer, push::Sender, rephraser::Rephraser};

/// What a handler may use.
#[derive(Clone)]
pub struct JobContext {
    /// Everything that can be done.
    pub services: Services,
    /// What measures text.
    pub analyzer: Arc<dyn Analyzer>,
    /// A model outside, for members who agreed to it.
    pub outside: Option<Arc<dyn Analyzer>>,
    /// A model that rephrases what is told.
    pub rephraser: Option<Arc<Rephraser>>,
    /// What sends pushes.
    pub sender: Option<Arc<Sender>>,
}

impl JobContext {
    /// The models that read here: what another has read is read anew.
    pub fn models(&self) -> Vec<String> {
        let both = std::iter::once(&self.analyzer).chain(&self.outside);
        both.map(|analyzer| analyzer.model().to_owned()).collect()
    }
}

impl std::fmt::Debug for JobContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JobContext({})", self.analyzer.model())
    }
}

/// The policy of a kind: longest try in seconds, tries, first pause and longest pause in seconds.
fn policy(kind: &str) -> Option<Policy> {
    let (timeout, attempts, base, cap) = match kind {
        "analyze_session" | "refresh_rollups" | "rebuild_weeks" | "write_editions" => (30, 10, 5, 900),
        "close_idle_session" => (10, 10, 5, 900),
        // Ten sessions that each wait for a model outside in vain.
        "reanalyze_member" => (280, 10, 30, 3_600),
        // Many pages, or one that is large: the way back from a failure is short, so it is tried again soon.
        "spread_period" => (300, 12, 5, 600),
        "aggregate_week" | "aggregate_month" | "publish_period" => (120, 12, 5, 600),
        // Three minutes of batches, and the last one's answers. It is ordered every minute anyway.
        "send_pushes" => (280, 5, 5, 60),
        // Two questions of a minute each at most.
        "rephrase_edition" => (150, 5, 60, 3_600),
        // Two thousand questions written, and two uploads of two minutes each at most.
        "submit_rephrasings" => (300, 6, 60, 1_800),
        // What has not ended is no failed try.
        "collect_rephrasings" => (300, 12, 60, 3_600),
        "reconcile_members" => (120, 5, 30, 3_600),
        // The first time there are thirteen months to be added up.
        "purge_expired" | "sum_use" => (1_800, 5, 60, 3_600),
        // Ten years of somebody who wrote every day.
        "export_member" => (280, 10, 5, 300),
        // A promise to the member: tried for two days before a person has to look.
        "erase_member" => (120, 60, 5, 3_600),
        _ => return None,
    };
    Some(Policy {
        timeout: Duration::from_secs(timeout),
        attempts,
        base: Duration::from_secs(base),
        cap: Duration::from_secs(cap),
    })
}

/// The longest that a job of the queue may take.
pub fn longest(queue: Queue) -> Duration {
    let kinds = Job::KINDS.iter().filter(|kind| Job::queue_of(kind) == Some(queue));
    kinds.filter_map(|kind| policy(kind)).map(|policy| policy.timeout).max().unwrap_or_default()
}

impl Handlers for JobContext {
    fn policy(&self, kind: &str) -> Option<Policy> {
        policy(kind)
    }

    fn run<'a>(&'a self, job: &'a ClaimedJob) -> Tried<'a> {
        Box::pin(run(self, job))
    }
}

/// Tries a job once.
async fn run(context: &JobContext, claimed: &ClaimedJob) -> Result<Outcome, JobError> {
    let job = match claimed.job() {
        Ok(job) => job,
        // The kind is known and its payload is not what this version writes: no later try will find it otherwise.
        Err(error) => return Ok(Outcome::Dead(format!("the payload can't be read: {error}"))),
    };
    match job {
        Job::AnalyzeSession { session_id, .. } => analyze_session::run(context, claimed, session_id).await,
        Job::RefreshRollups { date } => refresh_rollups::run(context, claimed, date).await,
        Job::RebuildWeeks => rebuild_weeks::run(context, claimed).await,
        Job::CloseIdleSession { session_id } => close_idle_session::run(context, claimed, session_id).await,
        Job::ReanalyzeMember { after } => reanalyze_member::run(context, claimed, after).await,
        Job::SpreadPeriod { task, scope, period } => spread_period::run(context, claimed, task, scope, period).await,
        Job::AggregateWeek { zone, week_start, week, page } => {
            aggregate_week::run(context, claimed, zone, week_start, week, page).await
        }
        Job::AggregateMonth { zone, month, page } => aggregate_month::run(context, claimed, zone, month, page).await,
        Job::WriteEditions => write_editions::run(context, claimed).await,
        Job::PublishPeriod { grain, scope, period, page } => {
            publish_period::run(context, claimed, grain, scope, period, page).await
        }
        Job::SendPushes { channel } => send_pushes::run(context, channel).await,
        Job::RephraseEdition { grain, period } => rephrase_edition::run(context, claimed, grain, period).await,
        Job::SubmitRephrasings => submit_rephrasings::run(context, claimed).await,
        Job::CollectRephrasings { batch_id } => collect_rephrasings::run(context, claimed, batch_id).await,
        Job::ReconcileMembers { round, page } => reconcile_members::run(context, claimed, round, page).await,
        Job::PurgeExpired { round } => purge_expired::run(context, claimed, round).await,
        Job::SumUse { round } => sum_use::run(context, claimed, round).await,
        Job::ExportMember { export_id } => export_member::run(context, claimed, export_id).await,
        Job::EraseMember => erase_member::run(context, claimed).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_policy_and_a_queue_that_gives_it_its_time() {
        for kind in Job::KINDS {
            let policy = policy(kind).unwrap_or_else(|| panic!("{kind} has a policy"));
            assert!(
                policy.attempts > 1 && policy.base >= Duration::from_secs(5) && policy.cap >= policy.base,
                "{kind}"
            );
            let queue = Job::queue_of(kind).unwrap_or_else(|| panic!("{kind} has a queue"));
            assert!(longest(queue) >= policy.timeout, "{kind}");
        }
        assert!(policy("no_such_kind").is_none());
    }
}
