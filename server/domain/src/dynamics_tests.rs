//! Each measure against the formula it is named after, written out over the figures themselves.

use proptest::prelude::*;

use super::*;

fn moments(series: &[i16]) -> Moments {
    let whole = series.iter().map(|x| i64::from(*x));
    Moments { sum: whole.clone().sum(), squares: whole.map(|x| x * x).sum() }
}

fn pairs(series: &[i16]) -> PairSums {
    PairSums::of_series(&series.iter().map(|x| Milli(*x)).collect::<Vec<_>>())
}

fn variability(series: &[i16]) -> Option<Variability> {
    Variability::of(i32::try_from(series.len()).expect("few"), &moments(series))
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

fn mean(series: &[f64]) -> f64 {
    series.iter().sum::<f64>() / f64::from(u32::try_from(series.len()).expect("few"))
}

#[test]
fn by_hand() {
    // Half of the sessions at one end of the scale and half at the other: as far apart as can be.
    let ends = [[-1000i16, 1000]; 10].as_flattened().to_vec();
    let widest = variability(&ends).expect("twenty");
    assert!(close(widest.sd, (20.0f64 / 19.0).sqrt()) && widest.relative.is_some_and(|share| close(share, 1.0)));
    let jumpy = Instability::of(&pairs(&[ends.as_slice(), &[-1000]].concat())).expect("twenty pairs");
    assert!(close(jumpy.mssd, 4.0) && close(jumpy.root(), 2.0));
    // To and fro: each says the opposite of the one before.
    let to_and_fro = Inertia::of(&pairs(&[[500i16, -500]; 16].concat())).expect("thirty-one pairs");
    assert!(close(to_and_fro.autocorrelation, -1.0) && to_and_fro.low <= -1.0 && to_and_fro.high < -0.9);
    // Runs of four alike: of 41 pairs 31 agree and 10 do not; 21 of the earlier and 21 of the later are high.
    let runs: Vec<i16> = (0..42).map(|at| if at / 4 % 2 == 0 { 300 } else { -300 }).collect();
    let lingers = Inertia::of(&pairs(&runs)).expect("forty-one pairs");
    let (n, r) = (41.0, (41.0 * 21.0 - 1.0) / (41.0 * 41.0 - 1.0));
    assert!(close(lingers.autocorrelation, (r + 1.0 / n) / (1.0 - 3.0 / n)), "{lingers:?}");
    let sums = Displacements { returns: 5, return_distance: 1500, return_steps: 6, ..Displacements::default() };
    assert_eq!(Rate::of_recovery(&sums), Some(Rate { episodes: 5, per_turn: 0.25 }));
    assert_eq!(Rate::of_rise(&sums), None);
}

#[test]
fn below_the_counts_nothing_is_said() {
    let series: Vec<i16> = (0..31).map(|at| at * at % 17 * 20).collect();
    assert!(variability(&series[..19]).is_none() && variability(&series[..20]).is_some());
    assert!(Instability::of(&pairs(&series[..20])).is_none() && Instability::of(&pairs(&series[..21])).is_some());
    assert!(Inertia::of(&pairs(&series[..30])).is_none() && Inertia::of(&pairs(&series[..31])).is_some());
    let back = |returns| Displacements { returns, return_distance: 900, return_steps: 9, ..Displacements::default() };
    assert!(Rate::of_recovery(&back(4)).is_none() && Rate::of_recovery(&back(5)).is_some());
    // What never changes has no spread to relate to itself.
    assert_eq!(Inertia::of(&pairs(&[200; 40])), None);
    assert_eq!(variability(&[200; 40]).map(|level| (level.sd, level.relative)), Some((0.0, Some(0.0))));
    assert_eq!(variability(&[1000; 40]).map(|level| level.relative), Some(None), "no room at the end of the scale");
    assert_eq!(Dynamics::of(&Rollup::default(), &[]), Dynamics::default());
}

proptest! {
    #[test]
    fn as_the_formulas_say(series in proptest::collection::vec(-1000i16..=1000, 31..120)) {
        let figures: Vec<f64> = series.iter().map(|x| f64::from(*x) / 1000.0).collect();
        let n = f64::from(u32::try_from(figures.len()).expect("few"));
        let level = mean(&figures);
        let sd = (figures.iter().map(|x| (x - level).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let found = variability(&series).expect("enough");
        prop_assert!((found.sd - sd).abs() < 1e-9);
        let most = ((level + 1.0) * (1.0 - level) * n / (n - 1.0)).sqrt();
        prop_assert!(found.relative.is_none_or(|share| (share - sd / most).abs() < 1e-9 && (0.0..=1.0).contains(&share)));

        let steps: Vec<f64> = figures.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).collect();
        let jumps = Instability::of(&pairs(&series)).expect("enough");
        prop_assert!((jumps.mssd - mean(&steps)).abs() < 1e-9 && (0.0..=4.0).contains(&jumps.mssd));

        let (before, after) = (&figures[..figures.len() - 1], &figures[1..]);
        let (x, y) = (mean(before), mean(after));
        let shared: f64 = before.iter().zip(after).map(|(b, a)| (b - x) * (a - y)).sum();
        let spread = |of: &[f64], level: f64| of.iter().map(|v| (v - level).powi(2)).sum::<f64>().sqrt();
        let r = shared / (spread(before, x) * spread(after, y));
        let m = n - 1.0;
        if let Some(lingers) = Inertia::of(&pairs(&series)) {
            let corrected = ((r + 1.0 / m) / (1.0 - 3.0 / m)).clamp(-1.0, 1.0);
            prop_assert!((lingers.autocorrelation - corrected).abs() < 1e-6);
            prop_assert!(-1.0 <= lingers.low && lingers.low <= lingers.autocorrelation);
            prop_assert!(lingers.autocorrelation <= lingers.high && lingers.high <= 1.0);
        }
    }

    #[test]
    fn turned_round_in_time_a_series_jumps_and_lingers_the_same(series in proptest::collection::vec(-1000i16..=1000, 31..60)) {
        let mut backwards = series.clone();
        backwards.reverse();
        prop_assert_eq!(Course::of(&pairs(&backwards)).instability, Course::of(&pairs(&series)).instability);
        let (one, other) = (autocorrelation(&pairs(&series)), autocorrelation(&pairs(&backwards)));
        prop_assert!(one.zip(other).is_none_or(|(one, other)| (one - other).abs() < 1e-12));
    }
}
