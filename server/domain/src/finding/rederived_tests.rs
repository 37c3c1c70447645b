//! The numbers of findings derived again from the cells they name, the long way round: matrices multiplied out, figures in
//! plain fractions, nothing shared with the code that found them but Student's distribution.

use proptest::prelude::*;

use super::{
    simulated::{Draw, Effect, NOISES, NOTHING, history},
    student::two_sided_p,
    *,
};

fn rollup(history: &History, ago: u8) -> &Rollup {
    if ago == 0 { &history.period } else { &history.before[usize::from(ago) - 1] }
}

fn level(rollup: &Rollup, axis: Axis) -> (f64, f64, f64) {
    let moments = match axis {
        Axis::Valence => rollup.valence.moments,
        Axis::Arousal => rollup.arousal.moments,
    };
    let whole = |sum: i64| f64::from(i32::try_from(sum).expect("a small sum"));
    let (n, sum, squares) = (f64::from(rollup.sessions), whole(moments.sum) / 1e3, whole(moments.squares) / 1e6);
    (n, sum / n, squares - sum * sum / n)
}

fn mean(figures: &[f64]) -> f64 {
    figures.iter().sum::<f64>() / f64::from(u32::try_from(figures.len()).expect("few"))
}

type Matrix = Vec<Vec<f64>>;

fn times(one: &Matrix, other: &Matrix) -> Matrix {
    let cell = |row: &Vec<f64>, at: usize| row.iter().zip(other).map(|(a, line)| a * line[at]).sum();
    one.iter().map(|row| (0..other.len()).map(|at| cell(row, at)).collect()).collect()
}

fn trace(matrix: &Matrix) -> f64 {
    matrix.iter().enumerate().map(|(at, row)| row[at]).sum()
}

/// Statistic, degrees of freedom and expected centre of a figure, from the agos, values and sampling variances of the earlier
/// periods, nearest first.
fn predicted(now: (f64, f64), before: &[(u8, f64, f64)], reach: u8) -> (f64, f64, f64) {
    let k = before.len();
    let correlation = |one: u8, other: u8| 0.3f64.powi(i32::from(one.abs_diff(other)));
    let r: Matrix = before.iter().map(|(a, ..)| before.iter().map(|(b, ..)| correlation(*a, *b)).collect()).collect();
    let share = 1.0 / f64::from(u32::try_from(k).expect("few"));
    let m: Matrix = (0..k).map(|a| (0..k).map(|b| f64::from(u8::from(a == b)) - share).collect()).collect();
    let mr = times(&m, &r);
    let freedom = trace(&mr).powi(2) / trace(&times(&mr, &mr));

    let values: Vec<f64> = before.iter().map(|(_, value, _)| *value).collect();
    let usual = mean(&before.iter().map(|(.., sampling)| *sampling).collect::<Vec<_>>());
    let scatter: f64 = values.iter().map(|value| (value - mean(&values)).powi(2)).sum();
    let variance = (scatter / trace(&mr)).max(usual);
    // The contrast of the period and its centre as weights over the period and all before, with the whole matrix between.
    let near = before.iter().filter(|(ago, ..)| *ago <= reach).count();
    let part = 1.0 / f64::from(u32::try_from(near).expect("few"));
    let agos: Vec<u8> = std::iter::once(0).chain(before.iter().map(|(ago, ..)| *ago)).collect();
    let weights: Vec<f64> = (0..=k)
        .map(|at| {
            if at == 0 {
                1.0
            } else if at <= near {
                -part
            } else {
                0.0
            }
        })
        .collect();
    let mut of_contrast = 0.0;
    for (a, one) in agos.iter().zip(&weights) {
        for (b, other) in agos.iter().zip(&weights) {
            of_contrast += one * other * correlation(*a, *b);
        }
    }
    let error = (variance * of_contrast + (now.1 - usual).max(0.0)).sqrt();
    let centre = mean(&values[..near]);
    ((now.0 - centre) / error, freedom, centre)
}

fn earlier_agos(finding: &Finding) -> Vec<u8> {
    let mut agos: Vec<u8> = finding.evidence.iter().map(|of| of.ago).filter(|ago| *ago > 0).collect();
    agos.dedup();
    agos
}

fn reach(finding: &Finding) -> u8 {
    if finding.window == Window::AgainstFour { 4 } else { 12 }
}

fn check_level(history: &History, finding: &Finding, axis: Axis) -> (f64, f64, f64, f64) {
    let agos = earlier_agos(finding);
    let all: Vec<_> = std::iter::once(0).chain(agos.clone()).map(|ago| level(rollup(history, ago), axis)).collect();
    let within = all.iter().map(|(.., scatter)| scatter).sum::<f64>() / all.iter().map(|(n, ..)| n - 1.0).sum::<f64>();
    let before: Vec<_> = agos.iter().zip(&all[1..]).map(|(ago, (n, mean, _))| (*ago, *mean, within / n)).collect();
    let (n, own, _) = all[0];
    let (statistic, freedom, centre) = predicted((own, within / n), &before, reach(finding));
    (own, centre, statistic, freedom)
}

fn check_share(history: &History, finding: &Finding, family: usize) -> (f64, f64, f64, f64) {
    let figure = |ago: u8| {
        let rollup = rollup(history, ago);
        let (n, count) = (f64::from(rollup.sessions), f64::from(rollup.families[family]));
        (((count + 0.375) / (n + 0.75)).sqrt().asin(), 1.0 / (4.0 * n + 2.0), count / n)
    };
    let before: Vec<_> = earlier_agos(finding).into_iter().map(|ago| (ago, figure(ago).0, figure(ago).1)).collect();
    let (value, sampling, own) = figure(0);
    let (statistic, freedom, centre) = predicted((value, sampling), &before, reach(finding));
    (own, centre.sin().powi(2), statistic, freedom)
}

/// A difference pooled over the periods that a finding names: estimate, statistic, degrees of freedom. Each period gives
/// value and weight; `within` is the scatter and its degrees of freedom.
fn pooled(parts: &[(f64, f64)], within: (f64, f64)) -> (f64, f64, f64) {
    let weight: f64 = parts.iter().map(|(_, weight)| weight).sum();
    let estimate = parts.iter().map(|(value, weight)| value * weight).sum::<f64>() / weight;
    let freedom = f64::from(u32::try_from(parts.len()).expect("few")) - 1.0;
    let scatter: f64 = parts.iter().map(|(value, weight)| weight * (value - estimate).powi(2)).sum();
    let error = ((scatter / freedom).max(within.0 / within.1) / weight).sqrt();
    (estimate, estimate / error, freedom)
}

fn check_weekday(history: &History, finding: &Finding, weekday: chrono::Weekday) -> (f64, f64, f64) {
    let mut agos: Vec<u8> = finding.evidence.iter().map(|of| of.ago).collect();
    agos.dedup();
    let (mut parts, mut within) = (Vec::new(), (0.0, 0.0));
    for ago in agos {
        let rollup = rollup(history, ago);
        let first = usize::try_from(weekday.num_days_from_monday()).expect("a weekday") * 4;
        let cells = &rollup.grid[first..first + 4];
        let inside: f64 = cells.iter().map(|cell| f64::from(cell.sessions)).sum();
        let total: f64 = cells.iter().map(|cell| f64::from(i32::try_from(cell.valence).expect("small")) / 1e3).sum();
        let (n, mean, scatter) = level(rollup, Axis::Valence);
        let outside = n - inside;
        parts.push((total / inside - (n * mean - total) / outside, inside * outside / n));
        within = (within.0 + scatter, within.1 + n - 1.0);
    }
    pooled(&parts, within)
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-7 * (1.0 + one.abs())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn from_the_cells_that_are_named(
        seed in any::<u64>(),
        noise in 0..NOISES.len(),
        level in prop_oneof![Just(0.0), -0.8f64..0.8],
        odds in prop_oneof![Just(0.0), -3.0f64..3.0],
        monday in prop_oneof![Just(0.0), -0.8f64..0.8],
    ) {
        let history = history(&mut Draw(seed), &NOISES[noise], Effect { level, odds, monday, ..NOTHING });
        for finding in detect(&history) {
            let Some(test) = finding.test else { continue };
            let (Some(statistic), Some(freedom)) = (test.statistic, test.freedom) else { continue };
            prop_assert!(near(test.p, two_sided_p(statistic, freedom)));
            let again = match (finding.kind, finding.subject) {
                (Kind::Changed | Kind::Steady, Subject::Level(axis)) => check_level(&history, &finding, axis),
                (Kind::Changed, Subject::Family(family)) => check_share(&history, &finding, family.index()),
                (Kind::WeekdayPattern, Subject::Weekday(weekday)) => {
                    let (estimate, statistic, freedom) = check_weekday(&history, &finding, weekday);
                    (estimate, f64::NAN, statistic, freedom)
                }
                _ => continue,
            };
            let (estimate_again, reference_again, statistic_again, freedom_again) = again;
            prop_assert!(near(finding.estimate, estimate_again), "{finding:?} {again:?}");
            prop_assert!(finding.reference.is_none_or(|reference| near(reference, reference_again)), "{finding:?} {again:?}");
            prop_assert!(near(statistic, statistic_again) && near(freedom, freedom_again), "{finding:?} {again:?}");
        }
    }
}
