//! The normal distribution, as far as intervals and power need it.

/// Two-sided 95 % quantile: 2.5 % lie above.
pub(super) const Z_95: f64 = 1.959_963_984_540_054;
/// 80 % quantile: what power of 80 % adds.
pub(super) const Z_80: f64 = 0.841_621_233_572_914_3;

/// How much of the standard normal distribution lies below.
pub(super) fn below(at: f64) -> f64 {
    0.5 * libm::erfc(-at / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantiles_are_of_this_distribution() {
        assert!((below(Z_95) - 0.975).abs() < 1e-15);
        assert!((below(Z_80) - 0.8).abs() < 1e-15);
        assert!((below(-1.0) + below(1.0) - 1.0).abs() < 1e-15);
    }
}
