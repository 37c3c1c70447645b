//! The tables of the page, each by who wrote: what members say, what they overrule, what reviewers say, what the guard refuses, what it
//! costs.

use std::collections::BTreeMap;

use spectrum_core::insight::{
    load_quality::{Quality, VerdictSum},
    load_spending::{ModelSpend, Refused},
    open_review::BatchCard,
};
use spectrum_domain::{
    effect::{
        Cell, Estimate, FEWEST_PEOPLE, Rate, Refusal,
        refusal::{Counts, share},
    },
    review::{DECIDED_FROM, Rubric, SCORED_FROM},
};

use super::Looked;
use crate::pages::team::{
    HIDDEN, Table,
    figures::{cell, columns, percent, rate},
};

/// Reasons of the guard that are named in one row.
const REASONS: usize = 3;

/// All tables.
pub(super) fn all(looked: &Looked) -> Vec<Table> {
    let Looked { month, quality, .. } = looked;
    let reviewed: Vec<&BatchCard> = newest_reviews(&quality.reviews, |batch| {
        batch.closed_at.is_some_and(|closed| closed.date_naive() < month.end())
    });
    vec![feedback(quality), corrections(quality), reviews(&reviewed), guard(quality), cost(quality)]
}

/// The heading above a table.
pub(super) fn heading(table: &str) -> &'static str {
    match table {
        "feedback" => "What members say of cards",
        "corrections" => "What members overruled afterwards",
        "reviews" => "What reviewers say",
        "guard" => "What the guard refused",
        _ => "What it cost",
    }
}

/// What has to be known to read a table.
pub(super) fn told(table: &str) -> &'static str {
    match table {
        "feedback" => {
            "Each person once for each generator, with what they said last in the month. Nobody was given a generator by lot, so two \
             rows may differ by whom they are about."
        }
        "corrections" => {
            "Weeks and months that were told in this month, by who had told them when a member first overruled what was measured of a \
             session in them. It is the measure that was overruled, and what was told rests on it."
        }
        "reviews" => {
            "Pairs of texts about made-up members, seen blind in both orders, and points from 0 to 2; of everything reviewed until the \
             end of the month."
        }
        "guard" => {
            "Of calls, not of people; one answer may be refused for several reasons. Of calls about members nothing is shown while fewer \
             than 10 members were asked about."
        }
        _ => {
            "Of answers that were let through, whatever their tries and refusals cost besides. Templates cost nothing."
        }
    }
}

/// What is said where a table has no rows.
pub(super) fn nothing(table: &str) -> &'static str {
    match table {
        "feedback" => "Nobody who is counted said anything of a card in this month, as far as it has been added up.",
        "corrections" => "Nothing was told to anybody who is counted in this month, as far as it has been added up.",
        "reviews" => "No revision had been reviewed by the end of this month.",
        _ => "No model was asked in this month.",
    }
}

/// The generator of whose cards most people said something.
pub(super) fn takeaway(quality: &Quality) -> String {
    let most = quality.verdicts.iter().max_by_key(|sum| all_of(sum));
    let known = most.and_then(|sum| Some((sum, useful(sum).ok()?)));
    let Some((VerdictSum { generator, language, .. }, rate)) = known else {
        return "Too few people have said what they think of cards for a share: it takes 30, with 10 on either side."
            .to_owned();
    };
    format!(
        "{} of {} people found cards useful that {generator} wrote in {}: {}.",
        rate.hits,
        rate.people,
        spoken(language),
        percent(&rate)
    )
}

fn whole(figure: i64) -> u64 {
    u64::try_from(figure).unwrap_or(0)
}

fn all_of(sum: &VerdictSum) -> u64 {
    sum.people.iter().map(|people| whole(*people)).sum()
}

/// Those who found it useful, useful being hidden where the rest could be had by it.
fn useful(sum: &VerdictSum) -> Result<Estimate, Refusal> {
    let cells = Cell::row(&sum.people.map(whole));
    if cells.first().is_none_or(|cell| cell.is_hidden()) {
        return Err(Refusal::SmallCell);
    }
    share(whole(sum.people[0]), all_of(sum))
}

fn feedback(quality: &Quality) -> Table {
    let rows = quality.verdicts.iter().map(|sum| {
        let mut row = vec![sum.generator.clone(), spoken(&sum.language), cell(Cell::of(all_of(sum)))];
        row.extend(Cell::row(&sum.people.map(whole)).into_iter().map(cell));
        row.push(rate(&useful(sum)));
        row
    });
    Table {
        name: "feedback",
        caption: "People who said what they think of a card, by who wrote it".to_owned(),
        columns: columns(&["Generator", "Language", "People", "Useful", "Not quite", "Wrong", "Useful (95 %)"]),
        rows: rows.collect(),
    }
}

fn corrections(quality: &Quality) -> Table {
    let rows = quality.told.iter().map(|sum| {
        let (people, corrected) = (whole(sum.people), whole(sum.corrected_people));
        let counts = Counts::of(corrected, people);
        let of = |cell: Cell, count: i64| if cell.is_hidden() { HIDDEN.to_owned() } else { count.to_string() };
        vec![
            sum.generator.clone(),
            spoken(&sum.language),
            if sum.grain == "week" { "Weeks" } else { "Months" }.to_owned(),
            cell(counts.people),
            of(counts.people, sum.editions),
            cell(counts.hits),
            rate(&share(corrected, people)),
            of(counts.hits, sum.corrected_editions),
        ]
    });
    Table {
        name: "corrections",
        caption: "People who were told something, and those of them who overruled a session of it later".to_owned(),
        columns: columns(&[
            "Generator",
            "Language",
            "Of",
            "People",
            "Told",
            "People who overruled",
            "Of the people (95 %)",
            "Overruled",
        ]),
        rows: rows.collect(),
    }
}

/// The newest closed batch of each revision and language: its record holds those before.
fn newest_reviews(reviews: &[BatchCard], counts: impl Fn(&BatchCard) -> bool) -> Vec<&BatchCard> {
    let mut newest: BTreeMap<(&str, i32, &str), &BatchCard> = BTreeMap::new();
    for batch in reviews.iter().filter(|batch| counts(batch)) {
        let known = newest.entry((&batch.name, batch.number, &batch.language)).or_insert(batch);
        if known.closed_at < batch.closed_at {
            *known = batch;
        }
    }
    newest.into_values().collect()
}

fn reviews(reviews: &[&BatchCard]) -> Table {
    let rows = reviews.iter().map(|batch| {
        let record = batch.record.clone().unwrap_or_default();
        let (pairwise, unfit) = (&record.pairwise, record.pairwise.unfit);
        let won = match Rate::new(u64::from(pairwise.won), u64::from(pairwise.decided)) {
            Some(rate) if pairwise.decided >= DECIDED_FROM => percent(&rate.estimate()),
            _ => format!("Too few: it takes {DECIDED_FROM} decided pairs."),
        };
        let mean = |rubric: Option<&Rubric>| match rubric {
            Some(rubric) if rubric.texts >= SCORED_FROM => format!("{:.2}", rubric.mean),
            _ => format!("Too few: it takes {SCORED_FROM} texts."),
        };
        let texts = |rubric: Option<&Rubric>| rubric.map_or(0, |rubric| rubric.texts).to_string();
        let failed = record.rubric.as_ref().map_or(0, |rubric| rubric.failed);
        vec![
            format!("{}@{}", batch.name, batch.number),
            spoken(&batch.language),
            texts(record.rubric.as_ref()),
            mean(record.rubric.as_ref()),
            pairwise.decided.to_string(),
            pairwise.won.to_string(),
            won,
            (unfit + failed).to_string(),
            revision(&batch.baseline).to_owned(),
            texts(record.baseline.as_ref()),
            mean(record.baseline.as_ref()),
        ]
    });
    Table {
        name: "reviews",
        caption: "Revisions of prompts by what reviewers said of them".to_owned(),
        columns: columns(&[
            "Prompt",
            "Language",
            "Texts scored",
            "Mean of points",
            "Pairs decided",
            "Won",
            "Won (95 %)",
            "Unfit",
            "Held against",
            "Its texts scored",
            "Its mean",
        ]),
        rows: rows.collect(),
    }
}

/// A prompt's name and number, without its hash.
fn revision(prompt: &str) -> &str {
    prompt.split('#').next().unwrap_or(prompt)
}

/// What a prompt was asked for members, or for drafts about made-up ones.
#[derive(Default)]
struct Asked {
    calls: u64,
    taken: u64,
    refused: u64,
    failed: u64,
    micro_dollars: u64,
}

/// By prompt and whether it is about members.
fn asked(calls: &[ModelSpend]) -> BTreeMap<(&str, bool), Asked> {
    let mut asked: BTreeMap<(&str, bool), Asked> = BTreeMap::new();
    for of in calls {
        let sum = asked.entry((revision(&of.prompt), of.for_whom != "review")).or_default();
        sum.calls += whole(of.calls);
        sum.taken += whole(of.taken);
        sum.refused += whole(of.refused);
        sum.failed += whole(of.failed);
        sum.micro_dollars += whole(of.micro_dollars);
    }
    asked
}

/// Whether enough members were asked about for anything to be shown of what was asked.
fn are_enough(quality: &Quality) -> bool {
    whole(quality.asked_about) >= FEWEST_PEOPLE
}

const fn of_whom(members: bool) -> &'static str {
    if members { "Members" } else { "Drafts for review" }
}

fn guard(quality: &Quality) -> Table {
    let rows = asked(&quality.calls).into_iter().map(|((prompt, members), sum)| {
        let mut row = vec![prompt.to_owned(), of_whom(members).to_owned()];
        let reasons = reasons(&quality.refusals, prompt, members);
        if !members {
            // They are about nobody.
            let rate =
                Rate::new(sum.refused, sum.calls).map_or_else(|| HIDDEN.to_owned(), |of| percent(&of.estimate()));
            row.extend([sum.calls.to_string(), sum.refused.to_string(), rate, sum.failed.to_string(), reasons]);
        } else if are_enough(quality) {
            let counts = Counts::of(sum.refused, sum.calls);
            let rate = share(sum.refused, sum.calls).map_or_else(|_| HIDDEN.to_owned(), |of| percent(&of));
            row.extend([cell(counts.people), cell(counts.hits), rate, cell(Cell::of(sum.failed)), reasons]);
        } else {
            row.extend([HIDDEN, HIDDEN, Refusal::SmallCell.says(), HIDDEN, HIDDEN].map(str::to_owned));
        }
        row
    });
    Table {
        name: "guard",
        caption: "Answers that the guard refused, by prompt".to_owned(),
        columns: columns(&["Prompt", "About", "Calls", "Refused", "Refused (95 %)", "No answer", "Most often for"]),
        rows: rows.collect(),
    }
}

/// The reasons that come most often, those of few answers left out where they are about members.
fn reasons(refusals: &[Refused], prompt: &str, members: bool) -> String {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for of in refusals.iter().filter(|of| revision(&of.prompt) == prompt && (of.for_whom != "review") == members) {
        *sums.entry(&of.reason).or_default() += whole(of.answers);
    }
    let mut sums: Vec<_> =
        sums.into_iter().filter(|(_, answers)| !members || !Cell::of(*answers).is_hidden()).collect();
    sums.sort_by_key(|(_, answers)| std::cmp::Reverse(*answers));
    let named: Vec<String> = sums.iter().take(REASONS).map(|(reason, answers)| format!("{reason} {answers}")).collect();
    if named.is_empty() { HIDDEN.to_owned() } else { named.join(", ") }
}

fn cost(quality: &Quality) -> Table {
    let rows = asked(&quality.calls).into_iter().map(|((prompt, members), sum)| {
        let texts = if members { Cell::of(sum.taken).shown() } else { Some(sum.taken) };
        let known = !members || are_enough(quality);
        let texts = texts.filter(|_| known);
        let each = texts.and_then(|texts| sum.micro_dollars.checked_div(texts));
        vec![
            prompt.to_owned(),
            of_whom(members).to_owned(),
            texts.map_or_else(|| HIDDEN.to_owned(), |texts| texts.to_string()),
            if known { dollars(sum.micro_dollars) } else { HIDDEN.to_owned() },
            each.map_or_else(|| HIDDEN.to_owned(), dollars),
        ]
    });
    Table {
        name: "cost",
        caption: "What was spent by prompt".to_owned(),
        columns: columns(&["Prompt", "About", "Let through", "Dollars", "For each that was let through"]),
        rows: rows.collect(),
    }
}

fn spoken(language: &str) -> String {
    match language {
        "en" => "English".to_owned(),
        "de" => "German".to_owned(),
        other => other.to_owned(),
    }
}

/// Millionths as dollars, with all their digits.
fn dollars(micro: u64) -> String {
    format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000)
}
