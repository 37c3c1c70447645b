//! Our contestant of `make bench-push`: sends notifications through the APNs channel, so many at a time, and prints how long
//! that took. Its one line of input says where the server is and how much to send (`peers/bench/run.mjs`).

use std::{
    error::Error,
    fs, io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::{Duration, Instant, SystemTime},
};

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use spectrum_domain::push::Environment;
use spectrum_push::{
    Channel as _, Clock,
    apns::{Apns, Settings},
    message::{Address, Message, Mode},
    outcome::Outcome,
};
use tokio::task::JoinSet;
use uuid::Uuid;

// The server's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Task {
    url: String,
    root: PathBuf,
    apns_key: String,
    key_id: String,
    team_id: String,
    topic: String,
    count: u32,
    warm: u32,
    streams: u32,
    threads: usize,
    text: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let task: Task = serde_json::from_str(&line)?;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(task.threads).enable_all().build()?.block_on(run(&task))
}

async fn run(task: &Task) -> Result<(), Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "a program of its own, which has the system's time")]
    let clock: Clock = Arc::new(|| SystemTime::now().into());
    let settings = Settings {
        production_url: task.url.clone(),
        sandbox_url: task.url.clone(),
        key: task.apns_key.clone().into(),
        key_id: task.key_id.clone(),
        team_id: task.team_id.clone(),
        topic: task.topic.clone(),
        extra_root: Some(task.root.clone()),
        connections: 1,
        timeout: Duration::from_secs(30),
    };
    let channel = Arc::new(Apns::new(&settings, Arc::clone(&clock))?);
    let message = Message {
        delivery: Uuid::nil(),
        collapse: "weekly-2026-W47".to_owned(),
        thread: "weekly-summary",
        title: "Your week is ready".to_owned(),
        body: task.text.clone(),
        stop: "Fewer of these".to_owned(),
        path: "/week/2026-W47".to_owned(),
        expires_at: clock() + TimeDelta::hours(9),
    };
    send(&channel, &message, task.warm, task.streams).await?;
    let (begun, busy) = (Instant::now(), processor_time()?);
    send(&channel, &message, task.count, task.streams).await?;
    let (seconds, busy) = (begun.elapsed().as_secs_f64(), processor_time()? - busy);
    println!("{}", json!({ "seconds": seconds, "cpu": busy }));
    Ok(())
}

async fn send(channel: &Arc<Apns>, message: &Message, count: u32, streams: u32) -> Result<(), Box<dyn Error>> {
    let next = Arc::new(AtomicU32::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..streams.min(count) {
        let (channel, next, mut message) = (Arc::clone(channel), Arc::clone(&next), message.clone());
        workers.spawn(async move {
            let mut good = 0;
            loop {
                let number = next.fetch_add(1, Relaxed);
                if number >= count {
                    return good;
                }
                message.delivery = Uuid::from_u128(u128::from(number) + (0x4000_8000_u128 << 64));
                let token = format!("{number:064x}").into();
                let address = Address::Apns { token, environment: Environment::Production };
                let answer = channel.send(&address, &message, Mode::Live).await;
                good += u32::from(matches!(answer.outcome, Outcome::Delivered { .. }));
            }
        });
    }
    let good: u32 = workers.join_all().await.into_iter().sum();
    if good == count { Ok(()) } else { Err(format!("{good} of {count} were taken").into()) }
}

/// Seconds of processor that this process has used, user and system.
fn processor_time() -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).ok_or("no such field").map(|field| field.parse::<f64>());
    // Linux counts a hundred of them a second on every machine that this runs on.
    Ok((ticks(11)?? + ticks(12)??) / 100.0)
}
