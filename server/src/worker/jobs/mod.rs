//! The registry: what each kind of job does, how long it may take and how often it is tried.

mod analyze_session;
mod close_idle_session;
mod reanalyze_member;
mod rebuild_weeks;
mod refresh_rollups;

use std::{sync::Arc, time::Duration};

use spectrum_core::{ServiceError, Services, queue::claim::ClaimedJob};
use spectrum_domain::job::Job;

use crate::analyzer::{Analyzer, AnalyzerError};

/// What a handler may use.
#[derive(Clone)]
pub struct JobContext {
    /// Everything that can be done.
    pub services: Services,
    /// What measures text.
    pub analyzer: Arc<dyn Analyzer>,
    /// A model outside, for members who agreed to it.
    pub outside: Option<Arc<dyn Analyzer>>,
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

/// Why a try of a job failed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// What it asked of the core did not come about.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Nothing was measured.
    #[error(transparent)]
    Analyzer(#[from] AnalyzerError),
}

/// How a kind of job is treated.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Longest a try may take.
    pub timeout: Duration,
    /// Tries before it is buried.
    pub attempts: i16,
    /// Pause after the first failed try; it doubles with each further one.
    pub base: Duration,
    /// Longest pause.
    pub cap: Duration,
}

/// The policy of a kind.
pub const fn policy(job: &Job) -> Policy {
    let (timeout, attempts, base, cap) = match job {
        Job::AnalyzeSession { .. } | Job::RefreshRollups { .. } | Job::RebuildWeeks => (30, 10, 5, 900),
        Job::CloseIdleSession { .. } => (10, 10, 5, 900),
        // Below the lease of five minutes, and ten sessions that each wait for a model outside in vain.
        Job::ReanalyzeMember { .. } => (280, 10, 30, 3_600),
    };
    Policy {
        timeout: Duration::from_secs(timeout),
        attempts,
        base: Duration::from_secs(base),
        cap: Duration::from_secs(cap),
    }
}

/// Runs a job to its end. The handler itself takes it out of the queue, together with its result.
pub async fn run(context: &JobContext, job: &ClaimedJob) -> Result<(), JobError> {
    match job.job {
        Job::AnalyzeSession { session_id, .. } => analyze_session::run(context, job, session_id).await,
        Job::RefreshRollups { date } => Ok(refresh_rollups::run(context, job, date).await?),
        Job::RebuildWeeks => Ok(rebuild_weeks::run(context, job).await?),
        Job::CloseIdleSession { session_id } => Ok(close_idle_session::run(context, job, session_id).await?),
        Job::ReanalyzeMember { after } => reanalyze_member::run(context, job, after).await,
    }
}
