//! The last step: what members see of a turn, fitted on turns written and labelled for the project. Few turns, few weights, a
//! strong penalty.

use spectrum_domain::affect::{Family, Quadrant};

use super::linear::{Fit, Linear, Loss, Rows};
use crate::{
    metrics::mean,
    model::{Model, PASSAGE, TURN_FIGURES, TurnFigures, TurnHeads, family_figures},
    probe::AffectTurn,
};

const SIDE_FIT: Fit = Fit { loss: Loss::Logistic, c: 0.02, epochs: 200, seed: 0 };
const FAMILY_FIT: Fit = Fit { loss: Loss::Logistic, c: 0.3, epochs: 200, seed: 0 };

/// Fits the heads on turns. `passages` are scores of the passage heads by heads that had not seen the turn: those of the
/// finished heads would look better than they are.
pub fn fit(model: &Model, turns: &[&AffectTurn], passages: &[[f32; PASSAGE]], seed: u64) -> TurnHeads {
    let turns: Vec<(&AffectTurn, TurnFigures)> = turns
        .iter()
        .zip(passages)
        .filter_map(|(turn, passage)| {
            let (mut figures, _) = model.score_turn(turn.text).figures()?;
            figures[TURN_FIGURES - PASSAGE..].copy_from_slice(passage);
            Some((*turn, figures))
        })
        .collect();
    let centre: Vec<[f32; 2]> = (0..TURN_FIGURES)
        .map(|figure| {
            let column: Vec<f32> = turns.iter().map(|(_, figures)| figures[figure]).collect();
            let middle = mean(&column);
            let squares: Vec<f32> = column.iter().map(|figure| (figure - middle) * (figure - middle)).collect();
            [middle, mean(&squares).sqrt().max(1e-3)]
        })
        .collect();
    let side = |upper: [Quadrant; 2]| -> Vec<f32> {
        let mut rows = Rows::default();
        let mut targets = Vec::new();
        for (turn, figures) in &turns {
            rows.push((0..).zip(figures).zip(&centre).map(|((at, figure), [m, s])| (at, (figure - m) / s)));
            // A turn without feeling lies on neither side.
            targets.push([turn.quadrant.map_or(0.5, |quadrant| f32::from(u8::from(upper.contains(&quadrant))))]);
        }
        let fitted = fitted(&rows, &targets, TURN_FIGURES, Fit { seed, ..SIDE_FIT });
        fitted.weights.iter().map(|row| row[0]).chain(fitted.bias).collect()
    };
    let valence = side([Quadrant::HighPleasant, Quadrant::LowPleasant]);
    let arousal = side([Quadrant::HighPleasant, Quadrant::HighUnpleasant]);
    let families = Family::ALL
        .into_iter()
        .map(|family| {
            let mut rows = Rows::default();
            let mut targets = Vec::new();
            for (turn, figures) in &turns {
                rows.push((0..).zip(family_figures(family, figures)));
                targets.push([f32::from(u8::from(turn.has(family)))]);
            }
            let fitted = fitted(&rows, &targets, 3, Fit { seed, ..FAMILY_FIT });
            [fitted.weights[0][0], fitted.weights[1][0], fitted.weights[2][0], fitted.bias[0]]
        })
        .collect();
    TurnHeads { centre, valence, arousal, families }
}

fn fitted(rows: &Rows, targets: &[[f32; 1]], features: usize, fit: Fit) -> Linear<1> {
    Linear::fit(rows, targets, &(0..rows.len()).collect::<Vec<_>>(), features, fit)
}

/// The smallest steps that are more than error (see [`crate::model::Header::band`]). A measure that agrees with readers by
/// `r` errs by √(1 − r²) of its own spread.
pub fn band(model: &Model, turns: &[&AffectTurn], agreement: [f32; 2]) -> [f32; 2] {
    let measured: Vec<_> = turns.iter().filter_map(|turn| model.measure(&model.score_turn(turn.text))).collect();
    #[expect(clippy::cast_possible_truncation, reason = "thousandths")]
    let sides = [
        measured.iter().map(|m| m.valence.as_f64() as f32).collect::<Vec<f32>>(),
        measured.iter().map(|m| m.arousal.as_f64() as f32).collect(),
    ];
    let mut bands = [0.0; 2];
    for ((band, side), r) in bands.iter_mut().zip(&sides).zip(agreement) {
        let middle = mean(side);
        let spread = mean(&side.iter().map(|v| (v - middle) * (v - middle)).collect::<Vec<_>>()).sqrt();
        *band = 1.96 * std::f32::consts::SQRT_2 * spread * (1.0 - r * r).sqrt();
    }
    bands
}
