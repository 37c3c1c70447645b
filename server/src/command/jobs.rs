//! `spectrum jobs`: what an operator sees of the queue and does to it by hand. Ids and figures, never content.

use clap::{Args, Subcommand, ValueEnum};
use spectrum_core::{
    Services,
    queue::operate::{Filter, JobCard, Standing},
};
use spectrum_domain::job::Queue;

use super::Failure;
use crate::{compose, config::Config};

#[derive(Debug, Subcommand)]
pub(super) enum Jobs {
    /// Jobs that wait, run or are dead.
    List {
        #[command(flatten)]
        which: Which,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// One job with its history.
    Show {
        /// Its number.
        id: i64,
    },
    /// Puts dead jobs back as if they were new: one by its number, or all that are meant.
    Retry {
        /// Its number.
        #[arg(required_unless_present_any = ["queue", "kind"])]
        id: Option<i64>,
        /// All dead jobs of this queue.
        #[arg(long, conflicts_with = "id", value_parser = queue)]
        queue: Option<Queue>,
        /// All dead jobs of this kind.
        #[arg(long, conflicts_with = "id")]
        kind: Option<String>,
    },
    /// Takes a waiting job out and keeps it among the dead.
    Bury {
        /// Its number.
        id: i64,
        /// Who does it, for the job's history.
        #[arg(long)]
        by: String,
    },
    /// Has nothing more taken from a queue; what runs, runs on.
    Pause {
        /// Its name.
        #[arg(value_parser = queue)]
        queue: Queue,
        /// Who does it, for those who wonder.
        #[arg(long)]
        by: String,
    },
    /// Has jobs taken from the queue again.
    Resume {
        /// Its name.
        #[arg(value_parser = queue)]
        queue: Queue,
    },
    /// How much waits in each queue, and what was done of late.
    Stats {
        /// Of the last so many minutes.
        #[arg(long, default_value_t = 60)]
        minutes: i64,
    },
}

#[derive(Debug, Args)]
pub(super) struct Which {
    /// Of this queue.
    #[arg(long, value_parser = queue)]
    queue: Option<Queue>,
    /// Of this kind.
    #[arg(long)]
    kind: Option<String>,
    /// In this state.
    #[arg(long)]
    state: Option<State>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    Waiting,
    Running,
    Dead,
}

impl From<State> for Standing {
    fn from(state: State) -> Self {
        match state {
            State::Waiting => Self::Waiting,
            State::Running => Self::Running,
            State::Dead => Self::Dead,
        }
    }
}

fn queue(name: &str) -> Result<Queue, String> {
    let names = || Queue::ALL.map(Queue::name).join(", ");
    Queue::from_name(name).ok_or_else(|| format!("there are {}", names()))
}

pub(super) async fn run(config: &Config, command: Jobs) -> Result<(), Failure> {
    let services = compose::services(config)?;
    let done = act(&services, command).await;
    services.pools().close().await;
    done
}

async fn act(services: &Services, command: Jobs) -> Result<(), Failure> {
    match command {
        Jobs::List { which, limit } => {
            let filter = Filter {
                queue: which.queue.map(|queue| queue.name().to_owned()),
                kind: which.kind,
                standing: which.state.map(Into::into),
            };
            let jobs = services.list_jobs(&filter, limit).await?;
            println!(
                "{:>12}  {:<9} {:<20} {:<8} {:>5}  {:<20}  reason",
                "job", "queue", "kind", "state", "tries", "at"
            );
            for job in &jobs {
                println!("{}", line(job));
            }
            if i64::try_from(jobs.len()) == Ok(limit) {
                println!("… and perhaps more: --limit shows them");
            }
        }
        Jobs::Show { id } => {
            let job = services.show_job(id).await?.ok_or("there is no such job: it is done, or never was")?;
            show(&job);
        }
        Jobs::Retry { id, queue, kind } => {
            let filter = Filter { queue: queue.map(|queue| queue.name().to_owned()), kind, standing: None };
            match services.revive_jobs(&filter, id).await? {
                0 => return Err("no such job is dead, or another of the same key is alive".into()),
                jobs => println!("{jobs} put back"),
            }
        }
        Jobs::Bury { id, by } => {
            if !services.bury_waiting_job(id, &by).await? {
                return Err("no such job waits: it runs, is dead, or is done".into());
            }
            println!("buried; `spectrum jobs retry {id}` brings it back");
        }
        Jobs::Pause { queue, by } => {
            services.pause_queue(queue.name(), true, &by).await?;
            println!("{} is paused", queue.name());
        }
        Jobs::Resume { queue } => {
            services.pause_queue(queue.name(), false, "").await?;
            println!("{} goes on", queue.name());
        }
        Jobs::Stats { minutes } => stats(services, minutes).await?,
    }
    Ok(())
}

fn line(job: &JobCard) -> String {
    let at = job.at.format("%Y-%m-%d %H:%M:%S");
    let reason = job.reason.as_deref().unwrap_or_default();
    format!("{:>12}  {:<9} {:<20} {:<8} {:>5}  {at}  {reason}", job.id, job.queue, job.kind, job.standing, job.attempt)
        .trim_end()
        .to_owned()
}

fn show(job: &JobCard) {
    let or_none = |id: Option<uuid::Uuid>| id.map_or_else(|| "–".to_owned(), |id| id.to_string());
    println!("job       {} ({} in {})", job.id, job.kind, job.queue);
    println!("state     {}{}", job.standing, job.reason.as_deref().map(|r| format!(", {r}")).unwrap_or_default());
    println!("tries     {}, {} of them with a worker that was lost", job.attempt, job.crashes);
    println!("at        {}", job.at.to_rfc3339());
    println!("enqueued  {}", job.created_at.to_rfc3339());
    println!("worker    {}", or_none(job.worker_id));
    println!("member    {}", or_none(job.member_id));
    println!("trace     {}", job.trace.as_deref().unwrap_or("–"));
    println!("payload   {}", job.payload);
    for error in job.errors.as_array().into_iter().flatten() {
        let text = |name: &str| error.get(name).map(ToString::to_string).unwrap_or_default();
        println!("went wrong at {} (try {}): {}", text("at"), text("attempt"), text("error"));
    }
}

async fn stats(services: &Services, minutes: i64) -> Result<(), Failure> {
    println!("{:<9} {:>8} {:>8} {:>8} {:>6}  oldest ready", "queue", "ready", "later", "running", "dead");
    for depth in services.load_pipeline().await?.queues {
        let oldest = depth.oldest_ready_seconds.map_or_else(|| "–".to_owned(), |seconds| format!("{seconds:.1} s"));
        let paused = if depth.paused { "  (paused)" } else { "" };
        println!(
            "{:<9} {:>8} {:>8} {:>8} {:>6}  {oldest}{paused}",
            depth.queue, depth.ready, depth.later, depth.running, depth.dead
        );
    }
    println!("\nin the last {minutes} minutes");
    println!(
        "{:<9} {:<20} {:<12} {:>9} {:>12} {:>12} {:>12}",
        "queue", "kind", "ended", "tries", "waited", "ran", "longest"
    );
    for stat in services.job_stats(minutes).await? {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds for people")]
        let mean = |sum: i64| sum as f64 / stat.n as f64;
        println!(
            "{:<9} {:<20} {:<12} {:>9} {:>9.1} ms {:>9.1} ms {:>9} ms",
            stat.queue,
            stat.kind,
            stat.outcome,
            stat.n,
            mean(stat.wait_ms),
            mean(stat.run_ms),
            stat.most_run_ms
        );
    }
    Ok(())
}
