//! Judging the model on the project's own turns: where on the plane, which family, which crises.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use spectrum_domain::affect::{Family, PRESENT_FROM, Quadrant};

use crate::{
    crisis::flagged,
    metrics::Hits,
    model::Model,
    probe::{AffectTurn, Part, affect, crisis},
};

/// Right answers of all.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Share {
    /// Right ones.
    pub right: usize,
    /// All.
    pub of: usize,
}

impl Share {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[expect(clippy::cast_precision_loss, reason = "hundreds")]
        let percent = 100.0 * self.right as f64 / self.of.max(1) as f64;
        write!(f, "{:>3} of {:>3} ({percent:.0} %)", self.right, self.of)
    }
}

/// What a phenomenon's turns came to.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Phenomenon {
    /// Pleasant or unpleasant is right.
    pub valence: Share,
    /// The quadrant is right.
    pub quadrant: Share,
    /// The strongest family is one of the turn's.
    pub family: Share,
}

/// A turn that was placed wrongly, with how far off it was.
#[derive(Clone, Debug, Serialize)]
pub struct Mistake {
    /// The turn's name in the file.
    pub id: &'static str,
    /// What makes it hard.
    pub phenomenon: &'static str,
    /// Where it lies.
    pub quadrant: &'static str,
    /// Measured valence, −1…1.
    pub valence: f64,
    /// Measured arousal, −1…1.
    pub arousal: f64,
}

/// The figures on one half of the turns labelled by feeling.
#[derive(Clone, Debug, Serialize)]
pub struct ProbeFigures {
    /// Pleasant or unpleasant is right.
    pub valence: Share,
    /// High or low energy is right.
    pub arousal: Share,
    /// The quadrant is right.
    pub quadrant: Share,
    /// Rows are where turns lie, columns where they were placed, in the order of `Quadrant::ALL`.
    pub confusion: [[usize; 4]; 4],
    /// The strongest family is one of the turn's.
    pub top_family: Share,
    /// F1 of each family: present from the strength on that rollups count.
    pub families: Vec<(&'static str, f32)>,
    /// By what makes them hard.
    pub phenomena: BTreeMap<&'static str, Phenomenon>,
    /// The turns farthest on the wrong side of pleasant and unpleasant.
    pub worst: Vec<Mistake>,
}

/// Judges the placing of turns.
pub fn placing(model: &Model, part: Part, worst: usize) -> ProbeFigures {
    let mut figures = ProbeFigures {
        valence: Share::default(),
        arousal: Share::default(),
        quadrant: Share::default(),
        confusion: [[0; 4]; 4],
        top_family: Share::default(),
        families: Vec::new(),
        phenomena: BTreeMap::new(),
        worst: Vec::new(),
    };
    let mut hits = [Hits::default(); Family::ALL.len()];
    for turn in affect().into_iter().filter(|turn| turn.part == part) {
        let Some(measured) = model.measure(&model.score_turn(turn.text)) else { continue };
        for family in Family::ALL {
            hits[family.index()].add(measured.family(family) >= PRESENT_FROM, turn.has(family));
        }
        let Some(truth) = turn.quadrant else { continue };
        let placed = measured.quadrant();
        let valence = pleasant(truth) == pleasant(placed);
        let strongest = Family::ALL.into_iter().max_by_key(|family| measured.family(*family));
        let family = strongest.is_some_and(|family| turn.has(family));
        figures.valence.add(valence);
        figures.arousal.add(high(truth) == high(placed));
        figures.quadrant.add(truth == placed);
        figures.top_family.add(family);
        figures.confusion[truth.index()][placed.index()] += 1;
        let phenomenon = figures.phenomena.entry(turn.phenomenon).or_default();
        phenomenon.valence.add(valence);
        phenomenon.quadrant.add(truth == placed);
        phenomenon.family.add(family);
        if !valence {
            figures.worst.push(mistake(&turn, truth, measured.valence.as_f64(), measured.arousal.as_f64()));
        }
    }
    figures.families = Family::ALL.iter().map(|family| (family.name(), hits[family.index()].f1())).collect();
    figures.worst.sort_by(|a, b| b.valence.abs().total_cmp(&a.valence.abs()).then(a.id.cmp(b.id)));
    figures.worst.truncate(worst);
    figures
}

fn mistake(turn: &AffectTurn, truth: Quadrant, valence: f64, arousal: f64) -> Mistake {
    Mistake { id: turn.id, phenomenon: turn.phenomenon, quadrant: truth.name(), valence, arousal }
}

const fn pleasant(quadrant: Quadrant) -> bool {
    matches!(quadrant, Quadrant::HighPleasant | Quadrant::LowPleasant)
}

const fn high(quadrant: Quadrant) -> bool {
    matches!(quadrant, Quadrant::HighPleasant | Quadrant::HighUnpleasant)
}

/// The figures on one half of the crisis turns, and of the turns labelled by feeling, none of which is a crisis.
#[derive(Clone, Debug, Serialize)]
pub struct CrisisFigures {
    /// Crises that were flagged.
    pub recall: Share,
    /// Ordinary turns that were flagged: plain ones, hard feelings, and all of the turns labelled by feeling.
    pub false_alarms: Share,
    /// Turns that only look like a crisis (idiom, denial, others' stories, the past) and were flagged.
    pub lookalikes: Share,
    /// Flagged of all, by kind.
    pub kinds: BTreeMap<&'static str, Share>,
}

/// Judges the crisis flag.
pub fn crises(model: &Model, part: Part) -> CrisisFigures {
    let mut figures = CrisisFigures {
        recall: Share::default(),
        false_alarms: Share::default(),
        lookalikes: Share::default(),
        kinds: BTreeMap::new(),
    };
    for turn in crisis().into_iter().filter(|turn| turn.part == part) {
        let flag = flagged(model, turn.text, &model.score_turn(turn.text));
        figures.kinds.entry(turn.kind).or_default().add(flag);
        let ordinary = matches!(turn.kind, "plain" | "hard_feeling");
        match (turn.crisis, ordinary) {
            (true, _) => figures.recall.add(flag),
            (false, true) => figures.false_alarms.add(flag),
            (false, false) => figures.lookalikes.add(flag),
        }
    }
    for turn in affect().into_iter().filter(|turn| turn.part == part) {
        figures.false_alarms.add(flagged(model, turn.text, &model.score_turn(turn.text)));
    }
    figures
}

impl fmt::Display for ProbeFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "pleasant or not   {}", self.valence)?;
        writeln!(f, "high or low       {}", self.arousal)?;
        writeln!(f, "quadrant          {}", self.quadrant)?;
        writeln!(f, "strongest family  {}", self.top_family)?;
        writeln!(
            f,
            "\n{:<18} {:>17} {:>17} {:>16} {:>16}",
            "lies / placed", "high unpleasant", "high pleasant", "low pleasant", "low unpleasant"
        )?;
        for (quadrant, row) in Quadrant::ALL.iter().zip(self.confusion) {
            writeln!(f, "{:<18} {:>17} {:>17} {:>16} {:>16}", quadrant.name(), row[0], row[1], row[2], row[3])?;
        }
        writeln!(f, "\n{:<14} {:>19} {:>19} {:>19}", "phenomenon", "pleasant or not", "quadrant", "strongest family")?;
        for (name, figures) in &self.phenomena {
            writeln!(
                f,
                "{name:<14} {:>19} {:>19} {:>19}",
                figures.valence.to_string(),
                figures.quadrant.to_string(),
                figures.family.to_string()
            )?;
        }
        writeln!(f, "\n{:<10} {:>6}", "family", "F1")?;
        for (name, f1) in &self.families {
            writeln!(f, "{name:<10} {f1:>6.3}")?;
        }
        if !self.worst.is_empty() {
            writeln!(f, "\nfarthest on the wrong side:")?;
        }
        for mistake in &self.worst {
            let Mistake { id, phenomenon, quadrant, valence, arousal } = mistake;
            writeln!(f, "{id} {phenomenon:<13} {quadrant:<16} placed at valence {valence:+.2}, arousal {arousal:+.2}")?;
        }
        Ok(())
    }
}

impl fmt::Display for CrisisFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "crises flagged          {}", self.recall)?;
        writeln!(f, "ordinary turns flagged  {}", self.false_alarms)?;
        writeln!(f, "lookalikes flagged      {}\n", self.lookalikes)?;
        for (kind, share) in &self.kinds {
            writeln!(f, "{kind:<16} {share}")?;
        }
        Ok(())
    }
}
