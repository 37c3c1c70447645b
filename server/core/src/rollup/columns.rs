//! The sums of a rollup as columns, and how each merges: what writes one row and what adds up many is made of this list.

/// How a column of a longer period comes from those of its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Merge {
    Sum,
    Least,
    Most,
    /// An array of so many sums.
    Each(usize),
}

/// A column of sums.
#[derive(Clone, Copy, Debug)]
struct Column {
    name: &'static str,
    kind: &'static str,
    merge: Merge,
}

const fn sum(name: &'static str, kind: &'static str) -> Column {
    Column { name, kind, merge: Merge::Sum }
}

const fn least(name: &'static str) -> Column {
    Column { name, kind: "smallint", merge: Merge::Least }
}

const fn most(name: &'static str) -> Column {
    Column { name, kind: "smallint", merge: Merge::Most }
}

const fn each(name: &'static str, kind: &'static str, length: usize) -> Column {
    Column { name, kind, merge: Merge::Each(length) }
}

/// All of them, in the order in which a row's values are bound.
const COLUMNS: [Column; 27] = [
    sum("days", "integer"),
    sum("sessions", "integer"),
    sum("turns", "integer"),
    sum("words", "bigint"),
    sum("valence_sum", "bigint"),
    sum("valence_squares", "bigint"),
    least("valence_min"),
    most("valence_max"),
    sum("arousal_sum", "bigint"),
    sum("arousal_squares", "bigint"),
    least("arousal_min"),
    most("arousal_max"),
    sum("dominance_sum", "bigint"),
    sum("dominance_squares", "bigint"),
    least("dominance_min"),
    most("dominance_max"),
    each("valence_pairs", "bigint", 6),
    each("arousal_pairs", "bigint", 6),
    each("emotions", "bigint", 28),
    each("families", "integer", 9),
    each("quadrants", "integer", 4),
    each("features", "integer", 3),
    each("feature_moments", "bigint", 12),
    each("feature_impacts", "bigint", 15),
    each("grid_sessions", "integer", 28),
    each("grid_valence", "bigint", 28),
    each("displacements", "bigint", 7),
];

/// What a rollup is besides its sums: where they come from and at which of the member's data versions.
const ORIGIN: [&str; 3] = ["models", "inputs_hash", "version"];

fn joined(each: impl Iterator<Item = String>) -> String {
    each.collect::<Vec<_>>().join(", ")
}

fn names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|column| column.name).chain(ORIGIN)
}

/// The columns of a row in order: `member_id, period, days, …, models, inputs_hash, version`.
pub(super) fn list() -> String {
    joined(["member_id", "period"].into_iter().chain(names()).map(str::to_owned))
}

/// A placeholder for each column of [`list`].
pub(super) fn placeholders() -> String {
    joined((1..=2 + names().count()).map(|place| format!("${place}")))
}

/// What a row that is there takes over from the one that was to be inserted.
pub(super) fn overwritten() -> String {
    joined(names().map(|name| format!("{name} = excluded.{name}")))
}

/// The sums over the rows of a group, each under its column's name. Every element of an array is added up by
/// itself: taking arrays apart with `unnest` and putting them together again was measured to take many times as long.
pub(super) fn merged() -> String {
    joined(COLUMNS.iter().map(|Column { name, kind, merge }| match merge {
        Merge::Sum => format!("{}::{kind} AS {name}", total(kind, name)),
        Merge::Least => format!("min({name}) AS {name}"),
        Merge::Most => format!("max({name}) AS {name}"),
        Merge::Each(length) => {
            format!(
                "ARRAY[{}]::{kind}[] AS {name}",
                joined((1..=*length).map(|place| total(kind, &format!("{name}[{place}]"))))
            )
        }
    }))
}

/// The sum of a figure. PostgreSQL's own sum of `bigint` adds in 128 bits and answers a `numeric`, which costs more than the
/// adding; `whole_sum` stays whole, and an overflow is an error.
fn total(kind: &str, figure: &str) -> String {
    let sum = if kind == "bigint" { "whole_sum" } else { "sum" };
    format!("{sum}({figure})")
}

/// The columns of [`list`] from a subquery that has them by name, but for the models and the version, which are given.
pub(super) fn sums_of(subquery: &str, models: &str, version: &str) -> String {
    joined(["member_id", "period"].into_iter().chain(names()).map(|name| match name {
        "models" => models.to_owned(),
        "version" => version.to_owned(),
        name => format!("{subquery}.{name}"),
    }))
}
