//! Jobs for tests of the queue: each kind does one thing that can go well or wrong, and leaves a mark in a table.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use server::worker::{Handlers, JobError, Outcome, Policy, Tried};
use spectrum_core::{
    ServiceError, Services,
    db::{pool::Duty, scope::plain_transaction},
    queue::{
        claim::ClaimedJob,
        enqueue::{NewJob, job_key},
        finish,
    },
};
use sqlx::PgConnection;
use tokio::sync::Notify;

/// Handlers of the kinds below.
#[derive(Clone)]
pub struct Deeds {
    services: Services,
    /// Rings when a job that waits has begun.
    pub begun: Arc<Notify>,
    /// Jobs that ran to the end of their wait; one that was stopped is not among them.
    pub waited_out: Arc<AtomicUsize>,
}

impl Deeds {
    pub fn new(services: &Services) -> Self {
        Self { services: services.clone(), begun: Arc::default(), waited_out: Arc::default() }
    }

    async fn deed(&self, job: &ClaimedJob) -> Result<Outcome, JobError> {
        match job.kind.as_str() {
            // With its end, in one transaction: once in effect, whatever happens.
            "mark" => {
                let pool = self.services.pools().of(Duty::Worker);
                let mut transaction = plain_transaction(pool).await.map_err(ServiceError::from)?;
                mark(&mut transaction, job).await?;
                if !finish::complete(&mut transaction, job).await.map_err(ServiceError::from)? {
                    return Err(ServiceError::LeaseLost.into());
                }
                transaction.commit().await.map_err(ServiceError::from)?;
                Ok(Outcome::Completed)
            }
            "mark_slowly" => {
                tokio::time::sleep(Duration::from_millis(2)).await;
                let mut connection =
                    self.services.pools().of(Duty::Worker).acquire().await.map_err(ServiceError::from)?;
                mark(&mut connection, job).await?;
                Ok(Outcome::Done)
            }
            "wait" => {
                self.begun.notify_one();
                tokio::time::sleep(Duration::from_hours(1)).await;
                self.waited_out.fetch_add(1, Ordering::Relaxed);
                Ok(Outcome::Done)
            }
            "fail" => Err(JobError::Other("it was meant to fail")),
            "fail_twice" if job.attempt <= 2 => Err(JobError::Other("not yet")),
            "nothing" | "fail_twice" => Ok(Outcome::Done),
            "panic" => panic!("a word that must not be kept"),
            "abort" => std::process::abort(),
            "come_later" => Ok(Outcome::RetryAfter(Duration::from_secs(77), "asked too often".to_owned())),
            "snooze" => Ok(Outcome::SnoozeUntil(self.services.ambient().now() + TimeDelta::seconds(33))),
            "hopeless" => Ok(Outcome::Dead("nobody can do that".to_owned())),
            "needless" => Ok(Outcome::Drop),
            other => panic!("{other} has no deed"),
        }
    }
}

impl Handlers for Deeds {
    fn policy(&self, kind: &str) -> Option<Policy> {
        let timeout = match kind {
            "from_the_future" => return None,
            "wait_in_vain" => Duration::from_millis(20),
            _ => Duration::from_hours(1),
        };
        Some(Policy { timeout, attempts: 4, base: Duration::from_secs(10), cap: Duration::from_secs(40) })
    }

    fn run<'a>(&'a self, job: &'a ClaimedJob) -> Tried<'a> {
        Box::pin(async move {
            if job.kind == "wait_in_vain" {
                std::future::pending::<()>().await;
            }
            self.deed(job).await
        })
    }
}

async fn mark(connection: &mut PgConnection, job: &ClaimedJob) -> Result<(), ServiceError> {
    sqlx::query("INSERT INTO effect (n, attempt) VALUES (($1->>'n')::bigint, $2)")
        .bind(&job.payload)
        .bind(job.attempt)
        .execute(connection)
        .await?;
    Ok(())
}

/// The table of marks, one row for every time a job ran.
pub async fn make_effect_table(owner: &mut PgConnection) {
    sqlx::raw_sql(
        "CREATE TABLE effect (n bigint NOT NULL, attempt smallint NOT NULL);
         GRANT SELECT, INSERT ON effect TO spectrum_worker",
    )
    .execute(owner)
    .await
    .expect("a table");
}

/// How many jobs left a mark, and how many marks there are.
pub async fn effects(owner: &mut PgConnection) -> (i64, i64) {
    sqlx::query_as("SELECT count(DISTINCT n), count(*) FROM effect").fetch_one(owner).await.expect("a count")
}

/// A job of a kind, with a number for its payload and its name.
pub fn deed(kind: &'static str, n: usize, run_at: DateTime<Utc>) -> NewJob {
    NewJob {
        queue: "upkeep",
        kind,
        payload: serde_json::json!({ "n": n }),
        member_id: None,
        run_at,
        expires_at: None,
        bucket: run_at.date_naive(),
        key: job_key(kind, &[&n.to_le_bytes()]),
    }
}
