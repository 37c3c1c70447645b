//! The measurements, the same for every contestant.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::postgres::PgPoolOptions;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::{Contestant, Failure, Handler, KIND, Options, Payload, now_us};

fn jobs(from: i64, to: i64) -> Vec<Payload> {
    jobs_of(now_us(), from, to)
}

fn jobs_of(at: i64, from: i64, to: i64) -> Vec<Payload> {
    (from..to).map(|n| Payload { n, at }).collect()
}

pub async fn enqueue_one<C: Contestant>(options: &Options, clients: usize, seconds: f64) -> Result<Value, Failure> {
    let contestant = Arc::new(C::connect(options).await?);
    let next = Arc::new(AtomicI64::new(0));
    let begin = Instant::now();
    let until = begin + Duration::from_secs_f64(seconds);
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        let (contestant, next) = (contestant.clone(), next.clone());
        tasks.spawn(async move {
            while Instant::now() < until {
                let n = next.fetch_add(1, Ordering::Relaxed);
                contestant.enqueue(KIND, jobs(n, n + 1), false).await?;
            }
            Ok::<(), Failure>(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(json!({ "jobs": next.load(Ordering::Relaxed), "seconds": begin.elapsed().as_secs_f64() }))
}

/// With keys, the second half of each batch but the first is the first half of the one before it once more.
pub async fn enqueue_bulk<C: Contestant>(
    options: &Options,
    batches: i64,
    size: i64,
    keyed: bool,
) -> Result<Value, Failure> {
    let contestant = C::connect(options).await?;
    let step = if keyed { size / 2 } else { size };
    let begin = Instant::now();
    for batch in 0..batches {
        let mut fresh = jobs(batch * step, batch * step + step);
        if keyed {
            let again = if batch == 0 { -step } else { (batch - 1) * step };
            fresh.extend(jobs(again, again + step));
        }
        contestant.enqueue(KIND, fresh, keyed).await?;
    }
    let kept = if keyed { step * (batches + 1) } else { batches * size };
    Ok(json!({
        "jobs": batches * size, "kept": kept, "seconds": begin.elapsed().as_secs_f64(),
        "keys": if keyed { C::KEYS.unwrap_or_default() } else { "" },
    }))
}

pub async fn preload<C: Contestant>(options: &Options, count: i64, kind: &'static str) -> Result<Value, Failure> {
    let contestant = C::connect(options).await?;
    let begin = Instant::now();
    let mut from = 0;
    while from < count {
        let to = (from + 1000).min(count);
        contestant.enqueue(kind, jobs(from, to), false).await?;
        from = to;
    }
    Ok(json!({ "jobs": count, "seconds": begin.elapsed().as_secs_f64() }))
}

/// A worker that can be told to stop, beside the measurement that watches it.
fn start_worker<C: Contestant>(
    contestant: Arc<C>,
    options: &Options,
    handler: Handler,
) -> (oneshot::Sender<()>, JoinHandle<Result<(), Failure>>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let options = options.clone();
    let worker = tokio::spawn(async move {
        let stop = async move {
            let _ = stopped.await;
        };
        contestant.work(&options, handler, stop).await
    });
    (stop, worker)
}

/// A peer that does not stop when it is asked to must not hold up the measurements after it.
async fn end_worker(stop: oneshot::Sender<()>, worker: JoinHandle<Result<(), Failure>>) {
    let _ = stop.send(());
    match tokio::time::timeout(Duration::from_secs(10), worker).await {
        Ok(Ok(Ok(()))) => {}
        other => eprintln!("the worker did not end well: {other:?}"),
    }
}

pub async fn drain<C: Contestant>(options: &Options, count: u64, limit_seconds: f64) -> Result<Value, Failure> {
    let contestant = Arc::new(C::connect(options).await?);
    // A connection of its own: the watch must not wait for the worker's.
    let watch = PgPoolOptions::new().max_connections(1).connect(&options.database_url).await?;
    let handler = Handler::new(false, 0, None);
    let (began_at, begin) = (now_us(), Instant::now());
    let (stop, worker) = start_worker(contestant, options, handler.clone());
    let mut empty = false;
    while begin.elapsed().as_secs_f64() < limit_seconds && !worker.is_finished() {
        tokio::time::sleep(Duration::from_millis(5)).await;
        // Beside another process nobody knows who gets how many; a worker with nothing to do looks whether all is done.
        let done = handler.handled() >= count;
        if done || handler.idle_us() > 100_000 {
            let unfinished: bool = sqlx::query_scalar(C::UNFINISHED).fetch_one(&watch).await?;
            if !unfinished {
                empty = true;
                break;
            }
            if !done {
                tokio::time::sleep(Duration::from_millis(45)).await;
            }
        }
    }
    let (seconds, ended_at, handled) = (begin.elapsed().as_secs_f64(), now_us(), handler.handled());
    end_worker(stop, worker).await;
    Ok(json!({
        "jobs": count, "handled": handled, "seconds": seconds, "empty": empty,
        "started_at": began_at, "ended_at": ended_at,
    }))
}

/// An open loop: whatever became of the last job, the next one is sent at its time, and its wait counts from that time.
pub async fn flow<C: Contestant>(
    options: &Options,
    rate: u32,
    batch: u32,
    seconds: f64,
    patience_seconds: f64,
) -> Result<Value, Failure> {
    let contestant = Arc::new(C::connect(options).await?);
    let handler = Handler::new(true, 0, None);
    let (stop, worker) = start_worker(contestant.clone(), options, handler.clone());
    // The worker is there first: what it needs to start is no job's wait.
    tokio::time::sleep(Duration::from_millis(1500)).await;

    let (begin, began_at) = (Instant::now(), now_us());
    let every = Duration::from_secs_f64(f64::from(batch) / f64::from(rate));
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let mut sends = JoinSet::new();
    let mut sent: u64 = 0;
    while begin.elapsed().as_secs_f64() < seconds {
        ticks.tick().await;
        let n = i64::try_from(sent)?;
        let due = began_at + n * 1_000_000 / i64::from(rate);
        let payloads = jobs_of(due, n, n + i64::from(batch));
        sent += u64::from(batch);
        let contestant = contestant.clone();
        sends.spawn(async move { contestant.enqueue(KIND, payloads, false).await });
        while let Some(ended) = sends.try_join_next() {
            ended??;
        }
    }
    let backlog = sent.saturating_sub(handler.handled());
    let after = Instant::now();
    while let Some(ended) = sends.join_next().await {
        ended??;
    }
    while handler.handled() < sent && after.elapsed().as_secs_f64() < patience_seconds {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let backlog_seconds = after.elapsed().as_secs_f64();
    let handled = handler.handled();
    end_worker(stop, worker).await;

    let waits = handler.take_waits();
    let second_of = |begun: i64| usize::try_from((begun - began_at).max(0) / 1_000_000).unwrap_or_default();
    let last = waits.iter().map(|(begun, _)| second_of(*begun)).max().unwrap_or_default();
    let mut by_second = vec![Vec::new(); last + 1];
    for (begun, wait) in &waits {
        by_second[second_of(*begun)].push(*wait);
    }
    by_second.iter_mut().for_each(|second| second.sort_unstable());
    let mut all: Vec<i64> = waits.into_iter().map(|(_, wait)| wait).collect();
    all.sort_unstable();
    let count = all.len().max(usize::try_from(sent)?);
    Ok(json!({
        "sent": sent, "handled": handled, "backlog": backlog, "backlog_seconds": backlog_seconds,
        "started_at": began_at,
        "p50_ms": quantile_ms(&all, count, 0.5), "p95_ms": quantile_ms(&all, count, 0.95), "p99_ms": quantile_ms(&all, count, 0.99),
        "max_ms": quantile_ms(&all, count, 1.0),
        "handled_by_second": by_second.iter().map(Vec::len).collect::<Vec<_>>(),
        "p99_ms_by_second": by_second.iter().map(|second| quantile_ms(second, second.len(), 0.99)).collect::<Vec<_>>(),
    }))
}

/// Of so many values, of which the smaller ones are there in order, the smallest that is not below the share's place; in
/// milliseconds. Jobs that nobody took while they were waited for waited longer than all others: nothing when it is one.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places")]
fn quantile_ms(sorted: &[i64], count: usize, share: f64) -> Option<f64> {
    let place = (count as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1)).map(|us| *us as f64 / 1000.0)
}

pub async fn work<C: Contestant>(options: &Options, fail_once_percent: i64, effects: bool) -> Result<Value, Failure> {
    let contestant = Arc::new(C::connect(options).await?);
    let pool = if effects {
        Some(PgPoolOptions::new().max_connections(options.connections).connect(&options.database_url).await?)
    } else {
        None
    };
    let handler = Handler::new(false, fail_once_percent, pool);
    let (stop, worker) = start_worker(contestant, options, handler.clone());
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    terminate.recv().await;
    end_worker(stop, worker).await;
    Ok(json!({ "handled": handler.handled() }))
}
