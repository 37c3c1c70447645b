//! Student's t distribution for any degrees of freedom: its two-sided tail, and the quantile of a 95 % interval.
//!
//! A table would do for whole degrees of freedom; those of a test that allows for autocorrelation are not whole.

/// How likely a statistic at least this far from zero is, on either side: I_{ν/(ν+t²)}(ν/2, 1/2).
pub(crate) fn two_sided_p(statistic: f64, freedom: f64) -> f64 {
    incomplete_beta(freedom / (freedom + statistic * statistic), freedom / 2.0, 0.5)
}

/// The statistic beyond which 5 % lie, both sides together.
///
/// Newton's steps from the normal quantile: it lies below every t quantile, and the tail is convex, so no step overshoots.
pub(super) fn quantile_95(freedom: f64) -> f64 {
    let mut at = 1.959_964;
    for _ in 0..60 {
        let step = (two_sided_p(at, freedom) - 0.05) / (2.0 * density(at, freedom));
        at += step;
        if step.abs() < 1e-9 {
            break;
        }
    }
    at
}

fn density(at: f64, freedom: f64) -> f64 {
    let log =
        -0.5 * freedom.ln() - ln_beta(freedom / 2.0, 0.5) - f64::midpoint(freedom, 1.0) * (at * at / freedom).ln_1p();
    log.exp()
}

/// The regularised incomplete beta function by its continued fraction, evaluated as Lentz does (Press, Teukolsky, Vetterling
/// & Flannery 2007, Numerical Recipes, 6.4).
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp();
    // Each half of the way has the side on which the fraction converges fast.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(1.0 - x, b, a) / b
    }
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut numerator = 1.0;
    let mut denominator = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = denominator;
    let mut step = 0.0;
    for _ in 0..300 {
        step += 1.0;
        let at = a + 2.0 * step;
        let even = step * (b - step) * x / ((at - 1.0) * at);
        let odd = -(a + step) * (a + b + step) * x / (at * (at + 1.0));
        for term in [even, odd] {
            denominator = 1.0 / away(1.0 + term * denominator);
            numerator = away(1.0 + term / numerator);
            fraction *= denominator * numerator;
        }
        if (denominator * numerator - 1.0).abs() < 1e-12 {
            break;
        }
    }
    fraction
}

fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// Stirling's series from 8 on, where three terms are right to nine digits; below by Γ(x + 1) = x Γ(x).
fn ln_gamma(x: f64) -> f64 {
    let (mut at, mut below) = (x, 1.0);
    while at < 8.0 {
        below *= at;
        at += 1.0;
    }
    let series = 1.0 / (12.0 * at) - 1.0 / (360.0 * at.powi(3)) + 1.0 / (1260.0 * at.powi(5));
    (at - 0.5) * at.ln() - at + 0.5 * std::f64::consts::TAU.ln() + series - below.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quantiles of the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, and what follows from them.
    #[test]
    fn as_the_tables_say() {
        for (freedom, quantile) in
            [(1.0, 12.706), (2.0, 4.303), (5.0, 2.571), (11.0, 2.201), (30.0, 2.042), (100.0, 1.984)]
        {
            assert!((quantile_95(freedom) - quantile).abs() < 6e-4, "{freedom}: {}", quantile_95(freedom));
            assert!((two_sided_p(quantile, freedom) - 0.05).abs() < 6e-5);
        }
        // One degree of freedom is Cauchy's: 1 − 2/π atan t; two have √(1 − …) in closed form: 1 − t / √(2 + t²).
        for t in [0.01, 0.5, 1.0, 3.0, 40.0] {
            let cauchy = 1.0 - f64::atan(t) * 2.0 / std::f64::consts::PI;
            assert!((two_sided_p(t, 1.0) - cauchy).abs() < 1e-8);
            assert!((two_sided_p(t, 2.0) - (1.0 - t / (2.0 + t * t).sqrt())).abs() < 1e-8);
            assert!((two_sided_p(-t, 2.0) - two_sided_p(t, 2.0)).abs() < 1e-15);
        }
        assert!((two_sided_p(0.0, 3.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn between_whole_degrees_of_freedom_it_lies_between() {
        let (two, between, three) = (quantile_95(2.0), quantile_95(2.4), quantile_95(3.0));
        assert!(two > between && between > three);
    }
}
