//! What some members are kept from by lot: which experiments there are, since when, and whether their arms came out as designed. For the team.

use leptos::prelude::*;
use spectrum_core::{ServiceError, Services, product::sum_arms::Seen};
use spectrum_domain::{
    access::StaffRole,
    effect::{Cell, SampleRatio, experiment::Trial},
};

use super::{
    ctx,
    problem::{Problem, ProblemPage},
    routes::Route,
    team::{
        Table,
        figures::{cell, drawn, sizes, tried},
        team_page,
    },
};

const NOTE: &str = "Of people who agreed to be counted. Who is in which arm follows from a keyed hash of their id and of what is tried, and is the \
                    same every time. Nothing about an experiment that runs can be changed; it can only be ended, and is not begun again.";

/// `/staff/experiments`.
#[component]
pub fn ExperimentsPage() -> impl IntoView {
    Suspend::new(async move {
        match load().await {
            Ok(seen) => page(&seen),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<Vec<Seen>, Problem> {
    let (services, _) = ctx::staff(StaffRole::Analyst).await?;
    Ok(services.load_arms().await?.0)
}

/// The table of the page as a file.
pub async fn table_file(services: &Services, name: &str) -> Result<Option<String>, ServiceError> {
    let (seen, _) = services.load_arms().await?;
    let table = table(&seen);
    Ok((table.name == name).then(|| table.csv()))
}

fn takeaway(seen: &[Seen]) -> String {
    let broken: Vec<&str> = seen
        .iter()
        .filter(|of| of.sample_ratio().is_ok_and(SampleRatio::is_broken))
        .map(|of| tried(of.experiment.trial))
        .collect();
    if !broken.is_empty() {
        return format!(
            "Something is wrong with the arms of {}: look for who is missing before anything is read.",
            broken.join(" and ")
        );
    }
    let running = seen.iter().filter(|of| of.experiment.ended_at.is_none()).count();
    match (seen.len(), running) {
        (0, _) => "Nobody is kept from anything.".to_owned(),
        (_, 0) => "No experiment runs.".to_owned(),
        (_, 1) => "One experiment runs.".to_owned(),
        (_, many) => format!("{many} experiments run."),
    }
}

fn table(seen: &[Seen]) -> Table {
    let rows = seen.iter().map(|of| {
        let [feature, holdout] = of.people().map(Cell::of).map(cell);
        let experiment = &of.experiment;
        let chance = of.sample_ratio().map_or_else(|_| "–".to_owned(), |ratio| format!("{:.4}", ratio.p));
        vec![
            experiment.trial.name().to_owned(),
            if experiment.ended_at.is_some() { "ended" } else { "running" }.to_owned(),
            experiment.started_at.date_naive().to_string(),
            experiment.due_on().to_string(),
            experiment.ended_at.map_or_else(String::new, |at| at.date_naive().to_string()),
            format!("{} ‰", experiment.permille),
            feature,
            holdout,
            cell(Cell::of(of.both)),
            chance,
        ]
    });
    Table {
        name: "experiments",
        caption: "Experiments, their arms and how likely such sizes are by chance".to_owned(),
        columns: [
            "Tried",
            "Stage",
            "Since",
            "To be read on",
            "Ended",
            "Held out",
            "With",
            "Without",
            "Both ways",
            "p of the sizes",
        ]
        .map(str::to_owned)
        .into(),
        rows: rows.collect(),
    }
}

fn page(seen: &[Seen]) -> AnyView {
    let each: Vec<_> = seen
        .iter()
        .map(|of| {
            let trial = of.experiment.trial;
            let retention = format!("{}?of={}", Route::Retention, trial.name());
            let upgrades = (trial == Trial::Teaser)
                .then(|| view! { <li><a href=Route::Upgrades.to_string()>"Upgrades with and without it"</a></li> });
            view! {
                <h2>{format!("With and without {}", tried(trial))}</h2>
                <p>{drawn(&of.experiment)}</p>
                <p>{sizes(&of.sample_ratio())}</p>
                <div class="ways-between">
                    <ul>
                        <li><a href=retention>"Who comes back with and without it"</a></li>
                        {upgrades}
                    </ul>
                </div>
            }
        })
        .collect();
    let numbers = (!seen.is_empty()).then(|| {
        let table = table(seen);
        let file = format!("{}/{}.csv", Route::Experiments, table.name);
        table.view(file)
    });
    let how = seen.is_empty().then(|| {
        view! {
            <p>
                "An operator begins one with " <code>"spectrum experiments start spectrum --holdout 100"</code>
                ": of the members who join from then on, a hundred of a thousand are shown nothing of Spectrum, by lot."
            </p>
        }
    });
    let content = view! {
        <p class="takeaway">{takeaway(seen)}</p>
        {how}
        {numbers}
        {each}
    };
    team_page("Experiments", "What is tried by lot", content.into_any(), NOTE)
}
