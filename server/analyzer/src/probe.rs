//! The project's own turns, written and labelled for it: feelings in the voice of reflective sessions, and crises beside what
//! only looks like one. `training/` is for training; of `probe/`, written apart from it, half is for tuning and half is only
//! reported on.

use spectrum_domain::affect::{Family, Quadrant};

const AFFECT: &str = include_str!("../probe/affect.tsv");
const CRISIS: &str = include_str!("../probe/crisis.tsv");
const TRAINING_AFFECT: &str = include_str!("../training/affect.tsv");
const TRAINING_CRISIS: &str = include_str!("../training/crisis.tsv");

/// Which half a turn belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Heads are fitted on it.
    Train,
    /// The same, and it was looked at while rules and settings were chosen.
    Tune,
    /// Nothing is fitted on it.
    Report,
}

/// A turn with the feeling of who writes it.
#[derive(Clone, Copy, Debug)]
pub struct AffectTurn {
    /// Its name in the file.
    pub id: &'static str,
    /// Which half.
    pub part: Part,
    /// What makes it hard: `negation`, `other_person`, …, or `plain`.
    pub phenomenon: &'static str,
    /// Where on the plane; nothing for a turn without feeling.
    pub quadrant: Option<Quadrant>,
    /// The names of its families, the main one first.
    pub families: &'static str,
    /// The turn.
    pub text: &'static str,
}

impl AffectTurn {
    /// Whether a family is among the turn's.
    pub fn has(&self, family: Family) -> bool {
        self.families.split(',').any(|name| name == family.name())
    }
}

/// A turn that is a crisis or not.
#[derive(Clone, Copy, Debug)]
pub struct CrisisTurn {
    /// Its name in the file.
    pub id: &'static str,
    /// Which half.
    pub part: Part,
    /// Whether help must be shown.
    pub crisis: bool,
    /// What sort of turn.
    pub kind: &'static str,
    /// The turn.
    pub text: &'static str,
}

fn columns<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut columns = line.split('\t');
    std::array::from_fn(|_| columns.next().unwrap_or_default())
}

fn part(name: &str) -> Part {
    match name {
        "train" => Part::Train,
        "tune" => Part::Tune,
        _ => Part::Report,
    }
}

/// The turns labelled by feeling.
pub fn affect() -> Vec<AffectTurn> {
    let training = TRAINING_AFFECT.lines().map(|line| {
        let [quadrant, families, text] = columns(line);
        ["", "train", "", quadrant, families, text]
    });
    AFFECT
        .lines()
        .skip(1)
        .map(columns)
        .chain(training)
        .map(|[id, half, phenomenon, quadrant, families, text]| AffectTurn {
            id,
            part: part(half),
            phenomenon,
            quadrant: Quadrant::ALL.into_iter().find(|q| q.name() == quadrant),
            families,
            text,
        })
        .collect()
}

/// The turns labelled as crisis or not.
pub fn crisis() -> Vec<CrisisTurn> {
    let training = TRAINING_CRISIS.lines().map(|line| {
        let [label, kind, text] = columns(line);
        ["", "train", label, kind, text]
    });
    CRISIS
        .lines()
        .skip(1)
        .map(columns)
        .chain(training)
        .map(|[id, half, label, kind, text]| CrisisTurn { id, part: part(half), crisis: label == "crisis", kind, text })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_read_whole() {
        let turns = affect();
        let of = |part| turns.iter().filter(|turn| turn.part == part).count();
        assert!(of(Part::Report) >= 150 && of(Part::Report) == of(Part::Tune) && of(Part::Train) >= 300);
        assert!(turns.iter().all(|turn| {
            !turn.text.is_empty()
                && turn
                    .families
                    .split(',')
                    .all(|name| name.is_empty() || Family::ALL.iter().any(|family| family.name() == name))
        }));
        let turns = crisis();
        assert!(turns.iter().filter(|turn| turn.crisis).count() >= 200 && turns.iter().all(|t| !t.text.is_empty()));
    }
}
