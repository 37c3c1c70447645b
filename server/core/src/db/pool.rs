//! Connection pools, one a duty: each takes on its own database role and has its own limit, so that a flood of events
//! never keeps a page waiting.

use std::time::Duration;

use sqlx::{
    Connection, PgPool, Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// What a pool is for; the name of its database role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Pages, forms and member reads.
    Web,
    /// Events in.
    Ingest,
    /// Jobs about one member.
    Worker,
    /// What is done for many members at once: the schedule, sums of a whole zone, retention, erasure.
    System,
    /// Pages of the team.
    Staff,
    /// Sending pushes: it opens addresses, and reads nothing of what a member wrote or what was measured.
    Push,
}

impl Duty {
    pub(super) const fn role(self) -> &'static str {
        match self {
            Self::Web => "spectrum_web",
            Self::Ingest => "spectrum_ingest",
            Self::Worker => "spectrum_worker",
            Self::System => "spectrum_system",
            Self::Staff => "spectrum_staff",
            Self::Push => "spectrum_push",
        }
    }

    /// Longest statement, in milliseconds: a page must not wait, a job may.
    const fn statement_timeout(self) -> &'static str {
        match self {
            Self::Web | Self::Staff => "2000",
            Self::Ingest => "10000",
            Self::Worker | Self::Push => "30000",
            Self::System => "300000",
        }
    }

    const fn acquire_timeout(self) -> Duration {
        match self {
            // A page that can't be drawn soon is better refused at once: whoever waits holds a place.
            Self::Web | Self::Staff => Duration::from_secs(1),
            Self::Ingest => Duration::from_secs(2),
            Self::Worker | Self::System | Self::Push => Duration::from_secs(5),
        }
    }
}

/// How many connections each duty may hold.
#[derive(Clone, Copy, Debug)]
pub struct PoolSizes {
    /// Pages, forms and member reads.
    pub web: u32,
    /// Events in.
    pub ingest: u32,
    /// Jobs about one member.
    pub worker: u32,
    /// What is done for many members at once.
    pub system: u32,
    /// Pages of the team.
    pub staff: u32,
    /// Sending pushes.
    pub push: u32,
}

impl Default for PoolSizes {
    fn default() -> Self {
        Self { web: 8, ingest: 6, worker: 6, system: 4, staff: 2, push: 2 }
    }
}

/// The pools of one process.
#[derive(Clone, Debug)]
pub struct Pools {
    pub(crate) web: PgPool,
    pub(crate) ingest: PgPool,
    pub(crate) worker: PgPool,
    pub(crate) system: PgPool,
    pub(crate) staff: PgPool,
    pub(crate) push: PgPool,
    probe: PgPool,
}

impl Pools {
    /// Pools that connect when first used.
    pub fn new(options: &PgConnectOptions, sizes: PoolSizes) -> Self {
        Self {
            web: pool(options, Duty::Web, sizes.web),
            ingest: pool(options, Duty::Ingest, sizes.ingest),
            worker: pool(options, Duty::Worker, sizes.worker),
            system: pool(options, Duty::System, sizes.system),
            staff: pool(options, Duty::Staff, sizes.staff),
            push: pool(options, Duty::Push, sizes.push),
            probe: pool(options, Duty::Web, 1),
        }
    }

    /// The pool of a duty, for health checks and benches.
    pub const fn of(&self, duty: Duty) -> &PgPool {
        match duty {
            Duty::Web => &self.web,
            Duty::Ingest => &self.ingest,
            Duty::Worker => &self.worker,
            Duty::System => &self.system,
            Duty::Staff => &self.staff,
            Duty::Push => &self.push,
        }
    }

    /// A connection of its own for the question whether the database answers: a process whose pools are all lent out is busy
    /// and not ill.
    pub const fn probe(&self) -> &PgPool {
        &self.probe
    }

    /// Waits for borrowed connections and closes all.
    pub async fn close(&self) {
        for pool in [&self.web, &self.ingest, &self.worker, &self.system, &self.staff, &self.push, &self.probe] {
            pool.close().await;
        }
    }
}

/// A pool whose connections are never handed on inside somebody else's transaction.
///
/// INVARIANT: sqlx 0.9.0 can leave a connection inside a transaction when `begin()` is dropped half-way, and the next
/// borrower's writes then vanish with it (launchbadge/sqlx#4385). In the simple protocol the start of the transaction
/// is the start of the statement only outside an open one, so the check rejects such a connection; it takes the place
/// of the usual ping and costs the same.
fn pool(options: &PgConnectOptions, duty: Duty, size: u32) -> PgPool {
    let options = options.clone().application_name(duty.role()).options([
        ("role", duty.role()),
        ("statement_timeout", duty.statement_timeout()),
        ("lock_timeout", "2000"),
        ("idle_in_transaction_session_timeout", "10000"),
        ("jit", "off"),
    ]);
    // A generic plan made while a table was empty stays for good, so pages and jobs are planned each time. Ingestion is
    // not: there every row of a batch checks its foreign keys, and each check would be planned anew (measured: three times
    // the whole cost). It only ever looks rows up by key, and is told so.
    let options = match duty {
        Duty::Ingest => {
            options.options([("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off")])
        }
        // What is done for many members goes page by page, so it looks rows up by key as well: a plan that reads a table from
        // end to end for one page of its members would do so for every page.
        Duty::System | Duty::Push => {
            options.options([("plan_cache_mode", "force_custom_plan"), ("enable_seqscan", "off")])
        }
        Duty::Web | Duty::Worker | Duty::Staff => options.options([("plan_cache_mode", "force_custom_plan")]),
    };
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(duty.acquire_timeout())
        .test_before_acquire(false)
        .before_acquire(|connection, _| {
            Box::pin(async move {
                let row = sqlx::raw_sql("SELECT now() = statement_timestamp()").fetch_one(&mut *connection).await?;
                let outside_a_transaction: bool = row.try_get(0)?;
                if !outside_a_transaction {
                    tracing::warn!("a connection came back inside a transaction and was closed");
                }
                Ok(outside_a_transaction)
            })
        })
        .after_connect(|connection, _| Box::pin(async move { connection.ping().await }))
        .connect_lazy_with(options)
}
