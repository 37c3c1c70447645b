//! What the texts of a review rest on, and the texts themselves.

use leptos::prelude::*;
use spectrum_domain::{
    finding::{Evidence, Finding},
    review::{Facts, Text},
};

/// The numbers, for who wants to check a text against them.
pub fn facts(facts: &Facts) -> impl IntoView + use<> {
    let rows: Vec<_> = facts.findings.iter().map(|finding| row(finding).into_any()).collect();
    let counted = format!("{} sessions, {} turns, {} days", facts.sessions, facts.turns, facts.days);
    view! {
        <details class="facts" open="">
            <summary>{format!("What was counted: {counted}")}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="What was counted">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Statement"</th>
                            <th scope="col">"Direction"</th>
                            <th scope="col">"Held against"</th>
                            <th scope="col">"Figure"</th>
                            <th scope="col">"Rests on"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

fn row(finding: &Finding) -> impl IntoView + use<> {
    let statement = format!("{}: {:?}", finding.kind.name(), finding.subject);
    let reference = finding.reference.map(|reference| format!(" (before {reference:.2})")).unwrap_or_default();
    let figure = format!("{:.2}{reference}", finding.estimate);
    view! {
        <tr>
            <th scope="row">{statement}</th>
            <td>{format!("{:?}", finding.direction)}</td>
            <td>{format!("{:?}", finding.window)}</td>
            <td>{figure}</td>
            <td>{rests_on(&finding.evidence)}</td>
        </tr>
    }
}

/// The cells, each summed over the period and over those before.
fn rests_on(evidence: &[Evidence]) -> String {
    let mut cells: Vec<(String, i64, i64)> = Vec::new();
    for part in evidence {
        let name = format!("{:?}", part.cell);
        let (now, before) = if part.ago == 0 { (part.n, 0) } else { (0, part.n) };
        match cells.iter_mut().find(|(cell, ..)| *cell == name) {
            Some((_, in_period, in_earlier)) => {
                *in_period += now;
                *in_earlier += before;
            }
            None => cells.push((name, now, before)),
        }
    }
    let cells: Vec<_> = cells.into_iter().map(|(cell, now, before)| format!("{cell} {now}, before {before}")).collect();
    cells.join(" · ")
}

/// A text under its number: nothing tells whose it is.
pub fn text(heading: &str, text: &Text, language: &str) -> impl IntoView + use<> {
    let (heading, language) = (heading.to_owned(), language.to_owned());
    let part = |title: &str, body: &str| {
        let (title, body) = (title.to_owned(), body.to_owned());
        view! { <h3>{title}</h3><p>{body}</p> }
    };
    let (parts, question): (Vec<_>, _) = match text {
        Text::Week { cards } => (cards.iter().map(|words| part(&words.headline, &words.body)).collect(), None),
        Text::Month { narrative } => (
            narrative.sections.iter().map(|section| part(&section.heading, &section.text)).collect(),
            Some(narrative.question.clone()),
        ),
    };
    let question = question.map(|question| view! { <p><em>{question}</em></p> });
    view! {
        <article class="draft">
            <h2>{heading}</h2>
            <div lang=language>{parts}{question}</div>
        </article>
    }
}
