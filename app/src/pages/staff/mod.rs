//! The machine's numbers for the people who run Spectrum: how much is waiting and how old it is. No content, no persons.

use leptos::prelude::*;
use spectrum_core::{Pipeline, queue::depth::MOST_COUNTED};
use spectrum_domain::access::StaffRole;

use super::{
    ctx,
    language::Words,
    parts::foot,
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
};

/// `/staff`.
#[component]
pub fn StaffPage() -> impl IntoView {
    Suspend::new(async move {
        match load().await {
            Ok(pipeline) => pipeline_page(&pipeline).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<Pipeline, Problem> {
    let (services, _) = ctx::staff(StaffRole::Operator).await?;
    Ok(services.load_pipeline().await?)
}

fn pipeline_page(pipeline: &Pipeline) -> impl IntoView + use<> {
    let rows: Vec<_> = pipeline
        .queues
        .iter()
        .map(|queue| {
            let dead = (queue.dead > 0).then_some("warn");
            view! {
                <tr>
                    <th scope="row"><code>{queue.queue.clone()}</code>{queue.paused.then_some(" (paused)")}</th>
                    <td>{count(queue.ready)}</td>
                    <td>{count(queue.later)}</td>
                    <td>{count(queue.running)}</td>
                    <td class=dead>{count(queue.dead)}</td>
                    <td>{queue.oldest_ready_seconds.map_or_else(|| "–".to_owned(), age)}</td>
                </tr>
            }
        })
        .collect();
    let takeaway = takeaway(pipeline);
    let main = view! {
        <div class="page">
            <section class="staff">
                <h1>"Pipeline"</h1>
                <p class="takeaway">{takeaway}</p>
                <div class="scroll" tabindex="0" role="region" aria-label="Jobs by queue">
                    <table>
                        <caption>"Jobs by queue, as of this request"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Queue"</th>
                                <th scope="col">"Ready"</th>
                                <th scope="col">"Later"</th>
                                <th scope="col">"Running"</th>
                                <th scope="col">"Dead"</th>
                                <th scope="col">"Oldest ready"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <nav class="onward" aria-label="More">
                    <a href=Route::Cost(None).to_string()>"What models cost"</a>
                    <a href=Route::Reviews.to_string()>"Review"</a>
                </nav>
            </section>
        </div>
    };
    document(
        Words::english(),
        &Head { title: "Pipeline".to_owned(), script: Script::None },
        (),
        main,
        foot(Words::english(), "Counts of work only: nothing here is about a person.".to_owned()),
    )
}

fn takeaway(pipeline: &Pipeline) -> String {
    let sum = |figure: fn(&spectrum_core::QueueDepth) -> i64| pipeline.queues.iter().map(figure).sum::<i64>();
    let (waiting, running, dead) = (sum(|q| q.ready + q.later), sum(|q| q.running), sum(|q| q.dead));
    match (waiting + running, dead) {
        (0, 0) => "Nothing is waiting, nothing is dead.".to_owned(),
        (0, dead) => format!("Nothing is waiting. {dead} dead: a person has to look."),
        (_, 0) => format!("{waiting} waiting, {running} running, nothing dead."),
        (_, dead) => format!("{waiting} waiting, {running} running. {dead} dead: a person has to look."),
    }
}

/// A count as it was taken: it stops at a bound.
fn count(jobs: i64) -> String {
    if jobs < MOST_COUNTED { jobs.to_string() } else { format!("over {}", MOST_COUNTED - 1) }
}

/// An age in the largest unit that is not below one.
fn age(seconds: f64) -> String {
    match seconds {
        ..60.0 => format!("{seconds:.0} s"),
        60.0..3600.0 => format!("{:.0} min", seconds / 60.0),
        3600.0..86_400.0 => format!("{:.1} h", seconds / 3600.0),
        _ => format!("{:.1} d", seconds / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn ages_are_short() {
        assert_eq!([4.2, 90.0, 5400.0, 200_000.0].map(age), ["4 s", "2 min", "1.5 h", "2.3 d"]);
    }
}
