//! Looking through jobs page by page, and doing something to many of them at once: what is meant is counted first, said, and
//! done only if it is still what was agreed to.

use chrono::{DateTime, Utc};
use spectrum_domain::job::{Job, Queue};
use sqlx::PgConnection;

use super::operate::{self, Filter, Standing};

/// The most that is done at one order: a page must not hold its transaction for minutes.
pub const MOST_AT_ONCE: i64 = 10_000;

/// Jobs of an order that are told by their numbers before it is given.
const TOLD: usize = 12;

/// Which end of a list comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What has waited or been dead longest.
    #[default]
    Oldest,
    /// What came last.
    Newest,
}

/// A place in a list: after it the next page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The instant that the list is ordered by.
    pub at: DateTime<Utc>,
    /// The row, where two have the same.
    pub id: i64,
}

/// A job in a list: without payload, and of its errors the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobLine {
    /// Row.
    pub id: i64,
    /// Where it waits, or waited.
    pub queue: String,
    /// What it is.
    pub kind: String,
    /// `waiting`, `running` or `dead`.
    pub standing: String,
    /// Tries so far.
    pub attempt: i16,
    /// When it is ready; of one that runs, when it was taken; of a dead one, when it died.
    pub at: DateTime<Utc>,
    /// Why it is dead.
    pub reason: Option<String>,
    /// What went wrong last.
    pub error: Option<String>,
}

impl JobLine {
    /// Where a page ends that ends with it.
    pub const fn place(&self) -> Place {
        Place { at: self.at, id: self.id }
    }
}

/// What is done to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Dead ones are put back as if they were new.
    Retry,
    /// Waiting ones are taken out and kept among the dead.
    Bury,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Retry, Self::Bury];

    /// The name in a form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Bury => "bury",
        }
    }

    /// The deed with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.name() == name)
    }

    /// The only standing in which it can be done to a job.
    pub const fn to(self) -> Standing {
        match self {
            Self::Retry => Standing::Dead,
            Self::Bury => Standing::Waiting,
        }
    }
}

/// To which jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// To these.
    Chosen(Vec<i64>),
    /// To all of this queue and kind, whatever the state that the filter names: the deed says which.
    All(Filter),
}

impl Meant {
    fn ids(&self) -> Option<&[i64]> {
        match self {
            Self::Chosen(ids) => Some(ids),
            Self::All(_) => None,
        }
    }

    fn filter(&self) -> Filter {
        match self {
            Self::Chosen(_) => Filter::default(),
            Self::All(filter) => filter.clone(),
        }
    }
}

/// What a deed would come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// To so many jobs it would be done, at most [`MOST_AT_ONCE`]: the number to be agreed to.
    pub would: i64,
    /// There are more of them than are done at once.
    pub more: bool,
    /// Dead ones that stay so, because another job has their key.
    pub clashing: i64,
    /// Chosen ones that stand elsewhere by now, or are gone.
    pub elsewhere: i64,
    /// The first of those it would be done to.
    pub some: Vec<JobLine>,
}

/// What came of a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acted {
    /// It was done to so many; so many dead ones stay so, because another job has their key.
    Done {
        /// To how many.
        jobs: u64,
        /// How many stay.
        clashing: u64,
    },
    /// It was not done: it would be to another number than was agreed to.
    Changed {
        /// To how many it would be now.
        now: i64,
    },
}

/// Rows of all three standings in an order. The name of each queue is compared and not looked up, so that every one is read by
/// its index and only as far as the page reaches.
macro_rules! page {
    ($connection:expr, $beyond:tt, $way:tt, $filter:expr, $after:expr, $most:expr) => {
        sqlx::query_as!(
            JobLine,
            r#"SELECT id AS "id!", queue AS "queue!", kind AS "kind!", standing AS "standing!", attempt AS "attempt!", at AS "at!",
                      reason, error
               FROM (
                   SELECT w.*, NULL::text AS reason FROM unnest($1::text[]) AS q (name) CROSS JOIN LATERAL (
                       SELECT id, queue, kind, 'waiting' AS standing, attempt, run_at AS at, errors -> -1 ->> 'error' AS error
                       FROM job
                       WHERE queue = q.name AND state = 0 AND ($2::text IS NULL OR kind = $2)
                         AND ($3::timestamptz IS NULL OR (run_at, id) "# + $beyond + r#" ($3, $4))
                       ORDER BY run_at "# + $way + ", id " + $way + r#" LIMIT $5) AS w
                   WHERE $6::text IS NULL OR $6 = 'waiting'
                   UNION ALL
                   SELECT r.*, NULL FROM unnest($1::text[]) AS q (name) CROSS JOIN LATERAL (
                       SELECT id, queue, kind, 'running', attempt, claimed_at, errors -> -1 ->> 'error'
                       FROM job
                       WHERE queue = q.name AND state = 1 AND ($2::text IS NULL OR kind = $2)
                         AND ($3::timestamptz IS NULL OR (claimed_at, id) "# + $beyond + r#" ($3, $4))
                       ORDER BY claimed_at "# + $way + ", id " + $way + r#" LIMIT $5) AS r
                   WHERE $6::text IS NULL OR $6 = 'running'
                   UNION ALL
                   SELECT d.* FROM unnest($1::text[]) AS q (name) CROSS JOIN LATERAL (
                       SELECT id, queue, kind, 'dead', attempt, died_at, errors -> -1 ->> 'error', reason
                       FROM job_dead
                       WHERE queue = q.name AND ($2::text IS NULL OR kind = $2)
                         AND ($3::timestamptz IS NULL OR (died_at, id) "# + $beyond + r#" ($3, $4))
                       ORDER BY died_at "# + $way + ", id " + $way + r#" LIMIT $5) AS d
                   WHERE $6::text IS NULL OR $6 = 'dead'
               ) AS every
               ORDER BY at "# + $way + ", id " + $way + " LIMIT $5",
            &queues($filter),
            $filter.kind,
            $after.map(|place: Place| place.at),
            $after.map(|place: Place| place.id),
            $most,
            $filter.standing.map(Standing::name)
        )
        .fetch_all($connection)
        .await
    };
}

/// The next jobs of a list, at most so many.
pub(crate) async fn page(
    connection: &mut PgConnection,
    filter: &Filter,
    order: Order,
    after: Option<Place>,
    most: i64,
) -> Result<Vec<JobLine>, sqlx::Error> {
    match order {
        Order::Oldest => page!(connection, ">", "ASC", filter, after, most),
        Order::Newest => page!(connection, "<", "DESC", filter, after, most),
    }
}

/// The queues that a filter can mean: a kind waits in one, and nobody walks through the others for it.
pub(super) fn queues(filter: &Filter) -> Vec<String> {
    let of_kind = || filter.kind.as_deref().and_then(Job::queue_of).map(|queue| queue.name().to_owned());
    match filter.queue.clone().or_else(of_kind) {
        Some(queue) => vec![queue],
        None => Queue::ALL.map(|queue| queue.name().to_owned()).to_vec(),
    }
}

/// What a deed would be done to.
#[derive(Debug)]
pub(crate) struct Found {
    /// These, oldest first; one more than are done at once where there are more.
    pub(crate) ids: Vec<i64>,
    /// Dead ones that stay so, because another job has their key.
    clashing: i64,
}

/// Looks for it.
pub(crate) async fn find(connection: &mut PgConnection, deed: Deed, meant: &Meant) -> Result<Found, sqlx::Error> {
    let (filter, ids) = (meant.filter(), meant.ids());
    match deed {
        Deed::Retry => {
            sqlx::query_as!(
                Found,
                // Joined, so that ten thousand are looked up together: one by one takes two and a half times as long.
                r#"WITH meant AS MATERIALIZED (
                       SELECT id, died_at, key, member_id
                       FROM job_dead
                       WHERE ($1::text IS NULL OR queue = $1) AND ($2::text IS NULL OR kind = $2)
                         AND ($3::bigint[] IS NULL OR id = ANY ($3))
                       ORDER BY died_at, id LIMIT $4
                   ), clash AS MATERIALIZED (
                       SELECT d.id FROM meant AS d JOIN job ON job.member_id = d.member_id AND job.key = d.key
                       UNION
                       SELECT d.id FROM meant AS d JOIN job ON job.key = d.key
                       WHERE d.member_id IS NULL AND job.member_id IS NULL
                       UNION
                       SELECT d.id FROM meant AS d JOIN job_dead AS o ON o.key = d.key AND o.id > d.id
                   )
                   SELECT ARRAY(SELECT id FROM meant WHERE id NOT IN (SELECT id FROM clash) ORDER BY died_at, id) AS "ids!",
                          (SELECT count(*) FROM clash) AS "clashing!""#,
                filter.queue,
                filter.kind,
                ids,
                MOST_AT_ONCE + 1
            )
            .fetch_one(connection)
            .await
        }
        Deed::Bury => {
            let ids = sqlx::query_scalar!(
                "SELECT id FROM job
                 WHERE state = 0 AND queue = ANY ($1) AND ($2::text IS NULL OR kind = $2)
                   AND ($3::bigint[] IS NULL OR id = ANY ($3))
                 ORDER BY run_at, id LIMIT $4",
                &queues(&filter),
                filter.kind,
                ids,
                MOST_AT_ONCE + 1
            )
            .fetch_all(connection)
            .await?;
            Ok(Found { ids, clashing: 0 })
        }
    }
}

/// Counts what a deed would be done to, and names the first.
pub(crate) async fn weigh(connection: &mut PgConnection, deed: Deed, meant: &Meant) -> Result<Weighed, sqlx::Error> {
    let found = find(connection, deed, meant).await?;
    let some = named(connection, &found.ids[..found.ids.len().min(TOLD)]).await?;
    let would = number(found.ids.len());
    let chosen = meant.ids().map_or(0, |ids| number(ids.len()));
    Ok(Weighed {
        would: would.min(MOST_AT_ONCE),
        more: would > MOST_AT_ONCE,
        clashing: found.clashing,
        elsewhere: (chosen - would - found.clashing).max(0),
        some,
    })
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The jobs of these numbers, in their order.
async fn named(connection: &mut PgConnection, ids: &[i64]) -> Result<Vec<JobLine>, sqlx::Error> {
    sqlx::query_as!(
        JobLine,
        r#"SELECT id AS "id!", queue AS "queue!", kind AS "kind!", standing AS "standing!", attempt AS "attempt!", at AS "at!",
                  reason, error
           FROM (
               SELECT id, queue, kind, CASE state WHEN 0 THEN 'waiting' ELSE 'running' END AS standing, attempt, run_at AS at,
                      NULL::text AS reason, errors -> -1 ->> 'error' AS error
               FROM job WHERE queue = ANY ($2) AND id = ANY ($1)
               UNION ALL
               SELECT id, queue, kind, 'dead', attempt, died_at, reason, errors -> -1 ->> 'error'
               FROM job_dead WHERE id = ANY ($1)
           ) AS every
           ORDER BY array_position($1, id)"#,
        ids,
        &Queue::ALL.map(|queue| queue.name().to_owned())
    )
    .fetch_all(connection)
    .await
}

/// Does it, if it is still what was agreed to. The caller commits where it was done, and takes everything back where not.
///
/// Of chosen jobs exactly the agreed number must be left; of all that match there may be fewer by now, but no more.
pub(crate) async fn act(
    connection: &mut PgConnection,
    deed: Deed,
    meant: &Meant,
    agreed: i64,
    now: DateTime<Utc>,
    who: &str,
) -> Result<Acted, sqlx::Error> {
    let mut found = find(connection, deed, meant).await?;
    found.ids.truncate(usize::try_from(MOST_AT_ONCE).unwrap_or(usize::MAX));
    let would = number(found.ids.len());
    let as_agreed = match meant {
        Meant::Chosen(_) => would == agreed,
        Meant::All(_) => would <= agreed,
    };
    if !as_agreed {
        return Ok(Acted::Changed { now: would });
    }
    let jobs = match deed {
        Deed::Retry => operate::retry(connection, &found.ids, now).await?,
        Deed::Bury => operate::bury(connection, &found.ids, now, who).await?,
    };
    let done = i64::try_from(jobs).unwrap_or(i64::MAX);
    if matches!(meant, Meant::Chosen(_)) && done != agreed {
        // A worker took one in between.
        return Ok(Acted::Changed { now: done });
    }
    Ok(Acted::Done { jobs, clashing: u64::try_from(found.clashing).unwrap_or_default() })
}
