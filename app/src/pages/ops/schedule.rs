//! What the calendar brings: of each task and calendar the last period and the next, what is behind, and how the promise of the week
//! is kept.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::schedule::look::{Calendar, Promise, Run, Timetable};
use spectrum_domain::schedule::{Scope, Task, WEEKLY_PROMISE};

use super::{
    Live,
    address::Ops,
    is_live, operator, ops_document, table,
    words::{age, between, nothing, of, time},
};
use crate::pages::{
    problem::{Problem, ProblemPage},
    routes::Route,
};

/// `/staff/schedule`, of one task with `?task=`.
#[component]
pub fn SchedulePage() -> impl IntoView {
    let query = use_query_map();
    let query = query.read_untracked();
    let task = query.get("task").map(|name| Task::from_name(&name).ok_or(Problem::NotFound)).transpose();
    let live = is_live(&query);
    Suspend::new(async move {
        match load(task, live).await {
            Ok((task, timetable, now, live)) => page(task, &timetable, now, &live).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(
    task: Result<Option<Task>, Problem>,
    live: bool,
) -> Result<(Option<Task>, Timetable, DateTime<Utc>, Live), Problem> {
    let (services, _) = operator().await?;
    let task = task?;
    let timetable = services.look_at_schedule(task).await?;
    Ok((task, timetable, services.ambient().now(), Live::new(&services, Ops::Schedule(task), live)))
}

fn page(task: Option<Task>, timetable: &Timetable, now: DateTime<Utc>, live: &Live) -> impl IntoView + use<> {
    let calendars: Vec<AnyView> = timetable.calendars.iter().map(|calendar| calendar_row(calendar, now)).collect();
    let calendars = (!calendars.is_empty()).then(|| {
        let columns = ["Task", "Whose", "Last period", "Done", "Next period", "Falls due", "Not done", "Behind"];
        table("Tasks by calendar, what is furthest behind first", &columns, calendars)
    });
    let runs: Vec<AnyView> = timetable.runs.iter().map(|run| run_row(run, now)).collect();
    let runs = (!runs.is_empty()).then(|| {
        view! {
            <section aria-labelledby="runs">
                <h2 id="runs">"The last runs"</h2>
                {table("The newest first", &["Task", "Whose", "Period", "Fell due", "Pages", "Took"], runs)}
            </section>
        }
    });
    let content = view! {
        <p class="takeaway">{takeaway(timetable)}</p>
        <p>{promised(&timetable.promise)}</p>
        {tasks(task)}
        {calendars}
        {runs}
    };
    ops_document("Schedule", "Schedule".to_owned(), Some(live), content.into_any())
}

/// The ways to one task and to all of them.
fn tasks(here: Option<Task>) -> AnyView {
    let links: Vec<_> = std::iter::once(None)
        .chain(Task::ALL.map(Some))
        .map(|task| {
            let current = (task == here).then_some("true");
            let name = task.map_or("every task", named);
            view! { <li><a href=Route::Ops(Ops::Schedule(task)).to_string() aria-current=current>{name}</a></li> }
        })
        .collect();
    view! { <nav class="choice" aria-label="Tasks"><ul>{links}</ul></nav> }.into_any()
}

const fn named(task: Task) -> &'static str {
    match task {
        Task::AggregateWeeks => "weeks",
        Task::AggregateMonths => "months",
        Task::ReconcileMembers => "what was left undone",
        Task::PurgeExpired => "what has been kept long enough",
        Task::SumUse => "how Spectrum was used",
    }
}

fn takeaway(timetable: &Timetable) -> String {
    let open: i64 = timetable.calendars.iter().map(|calendar| calendar.open).sum();
    match timetable.calendars.iter().find_map(|calendar| calendar.lag_seconds) {
        _ if timetable.calendars.is_empty() => "Nothing has been planned yet.".to_owned(),
        Some(lag) => format!(
            "{} not done; the one furthest behind fell due {} ago.",
            if open == 1 { "One period is".to_owned() } else { format!("{open} periods are") },
            age(lag)
        ),
        None => "Every period that fell due is done.".to_owned(),
    }
}

fn promised(promise: &Promise) -> String {
    let minutes = WEEKLY_PROMISE.num_minutes();
    if promise.weeks == 0 {
        return format!("A week is promised {minutes} minutes after it ends. None fell due in the last 35 days.");
    }
    let slowest =
        promise.slowest_seconds.map_or(String::new(), |seconds| format!(" The slowest took {}.", age(seconds)));
    let late = if promise.late > 0 { format!(" {} late at this moment.", promise.late) } else { String::new() };
    format!(
        "A week is promised {minutes} minutes after it ends: kept for {} of {} in the last 35 days.{slowest}{late}",
        promise.kept,
        of(promise.weeks, "week of a calendar", "weeks of calendars")
    )
}

fn whose(scope: Scope) -> String {
    match scope {
        Scope::Everybody => "everybody".to_owned(),
        scope => scope.to_string(),
    }
}

fn calendar_row(calendar: &Calendar, now: DateTime<Utc>) -> AnyView {
    let Calendar { last, next, open, lag_seconds } = calendar;
    let done = last.done_at.map_or_else(|| view! { {progress(last)} }.into_any(), time);
    let behind = lag_seconds.map_or_else(nothing, |seconds| view! { {age(seconds)} }.into_any());
    let late =
        last.task == Task::AggregateWeeks && lag_seconds.is_some_and(|lag| lag > WEEKLY_PROMISE.as_seconds_f64());
    view! {
        <tr>
            <th scope="row">{named(last.task)}</th>
            <td class="words">{whose(last.scope)}</td>
            <td>{last.period.to_string()}</td>
            <td>{done}</td>
            <td>{next.period.to_string()}</td>
            <td>{time(next.due_at)}{format!(" (in {})", age(between(now, next.due_at)))}</td>
            <td>{open.to_string()}</td>
            <td class=late.then_some("warn")>{behind}</td>
        </tr>
    }
    .into_any()
}

/// How far a period has come that is not done.
fn progress(run: &Run) -> String {
    match (run.spread, run.pages) {
        (false, 0) => "not given out".to_owned(),
        (spread, pages) => {
            format!("{} of {pages}{} pages", run.pages_done, if spread { "" } else { " or more" })
        }
    }
}

fn run_row(run: &Run, now: DateTime<Utc>) -> AnyView {
    let late = |seconds: f64| run.task == Task::AggregateWeeks && seconds > WEEKLY_PROMISE.as_seconds_f64();
    let (took, seconds) = match run.done_at {
        Some(done) => (age(between(run.due_at, done)), between(run.due_at, done)),
        None => (format!("{} so far", age(between(run.due_at, now))), between(run.due_at, now)),
    };
    view! {
        <tr>
            <th scope="row">{named(run.task)}</th>
            <td class="words">{whose(run.scope)}</td>
            <td>{run.period.to_string()}</td>
            <td>{time(run.due_at)}</td>
            <td>{format!("{} of {}", run.pages_done, run.pages)}</td>
            <td class=late(seconds).then_some("warn")>{took}</td>
        </tr>
    }
    .into_any()
}
