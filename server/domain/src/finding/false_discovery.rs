//! How many were tested: p-values of one period and one question become q-values.

/// The rate that is kept: of a period's findings that rest on a test, no more than this share is expected to be false, and
/// of periods in which nothing is there to be found no more than this share has one at all.
pub const FALSE_DISCOVERY_RATE: f64 = 0.05;

/// Benjamini & Hochberg 1995 (Journal of the Royal Statistical Society B 57:289) with weights (Genovese, Roeder & Wasserman
/// 2006, Biometrika 93:509): each p is divided by its weight over the mean weight, and of m of these in rising order the
/// i-th becomes the least of p₍ⱼ₎ · m / j over j ≥ i. Takes pairs of p and weight; answers in the order in which they came.
#[expect(clippy::cast_precision_loss, reason = "a count of tests")]
pub(super) fn q_values(tests: &[(f64, f64)]) -> Vec<f64> {
    let tested = tests.len() as f64;
    let mean = tests.iter().map(|(_, weight)| weight).sum::<f64>() / tested;
    let weighted: Vec<f64> = tests.iter().map(|(p, weight)| p * (mean / weight)).collect();
    let mut order: Vec<usize> = (0..tests.len()).collect();
    order.sort_by(|one, other| weighted[*one].total_cmp(&weighted[*other]));
    let mut q_values = vec![1.0; tests.len()];
    let mut least = 1.0_f64;
    for (rank, index) in order.into_iter().enumerate().rev() {
        least = least.min(weighted[index] * (tested / (rank + 1) as f64));
        q_values[index] = least;
    }
    q_values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(found: &[f64], by_hand: &[f64]) -> bool {
        found.len() == by_hand.len() && found.iter().zip(by_hand).all(|(one, other)| (one - other).abs() < 1e-12)
    }

    #[test]
    fn by_hand() {
        // 0.04 · 4/4, 0.005 · 4/1, 0.03 · 4/3 = 0.04, 0.02 · 4/2 = 0.04.
        let q = q_values(&[0.04, 0.005, 0.03, 0.02].map(|p| (p, 1.0)));
        assert!(close(&q, &[0.04, 0.02, 0.04, 0.04]), "{q:?}");
        // Weights 3 and 1, mean 2: 0.03 · 2/3 = 0.02, 0.02 · 2/1 = 0.04; then · 2/1 and · 2/2.
        let q = q_values(&[(0.03, 3.0), (0.02, 1.0)]);
        assert!(close(&q, &[0.04, 0.04]), "{q:?}");
        assert!(q_values(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn never_below_p_never_above_one_and_in_the_same_order(p in proptest::collection::vec(0.0f64..=1.0, 1..40)) {
            let q = q_values(&p.iter().map(|p| (*p, 1.0)).collect::<Vec<_>>());
            for (p, q) in p.iter().zip(&q) {
                prop_assert!(q >= p && *q <= 1.0);
            }
            let mut both: Vec<_> = p.into_iter().zip(q).collect();
            both.sort_by(|one, other| one.0.total_cmp(&other.0));
            prop_assert!(both.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        }
    }
}
