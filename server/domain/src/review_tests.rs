//! What review comes to, and what keeps a revision from being used.

use proptest::prelude::*;

use super::*;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n * 0x9E37_79B9_7F4A_7C15_F39C_0C1D)
}

fn reviewer(n: u128) -> StaffId {
    StaffId(id(1_000 + n))
}

fn pair(n: u128) -> PairId {
    PairId(id(n))
}

/// Both looks of a reviewer who prefers this arm's text whatever its side.
fn prefers(who: u128, which: u128, arm: Option<Arm>) -> [Judgement; 2] {
    Showing::ALL.map(|showing| {
        let left = left(7, reviewer(who), pair(which), showing);
        let choice = match arm {
            None => Choice::Equal,
            Some(arm) if arm == left => Choice::Left,
            Some(_) => Choice::Right,
        };
        Judgement { pair: pair(which), reviewer: reviewer(who), showing, left, choice, unfit: (false, false) }
    })
}

fn scores(texts: u128, points: [u8; 8]) -> Vec<Score> {
    let of = |n| Score { pair: pair(n), arm: Arm::Candidate, reviewer: reviewer(1), points };
    (0..texts).map(of).collect()
}

/// What a revision that may be used looks like: 31 of 40 won.
fn good() -> (Vec<Judgement>, Vec<Score>) {
    let arm = |n| if n < 31 { Arm::Candidate } else { Arm::Baseline };
    let judgements = (0..40).flat_map(|n| prefers(1, n, Some(arm(n)))).collect();
    (judgements, scores(12, [2, 2, 2, 2, 2, 1, 2, 2]))
}

#[test]
fn a_preference_counts_only_if_it_is_the_same_both_times() {
    let record = Pairwise::of(&[prefers(1, 1, Some(Arm::Candidate)), prefers(1, 2, None)].concat());
    assert_eq!((record.pairs, record.decided, record.won, record.equal, record.unsteady), (2, 1, 1, 1, 0));
    // Whoever takes the left side every time has preferred nothing.
    let lefts: Vec<Judgement> =
        (0..40).flat_map(|n| prefers(1, n, None).map(|look| Judgement { choice: Choice::Left, ..look })).collect();
    let record = Pairwise::of(&lefts);
    assert_eq!((record.pairs, record.decided, record.unsteady, record.rate), (40, 0, 40, None));
    // A look without the other is none.
    assert_eq!(Pairwise::of(&prefers(1, 1, Some(Arm::Candidate))[..1]).pairs, 0);
}

#[test]
fn several_reviewers_of_a_pair_are_one_pair() {
    let of = |votes: [Option<Arm>; 3]| {
        let looks: Vec<Judgement> = (1..).zip(votes).flat_map(|(who, arm)| prefers(who, 5, arm)).collect();
        let record = Pairwise::of(&looks);
        assert_eq!((record.pairs, record.reviewers), (1, 3));
        (record.decided, record.won, record.equal, record.unsteady)
    };
    let (candidate, baseline) = (Some(Arm::Candidate), Some(Arm::Baseline));
    assert_eq!(of([candidate, candidate, baseline]), (1, 1, 0, 0));
    assert_eq!(of([baseline, None, baseline]), (1, 0, 0, 0));
    assert_eq!(of([None, None, candidate]), (0, 0, 1, 0));
    assert_eq!(of([candidate, baseline, None]), (0, 0, 0, 1));
}

#[test]
fn agreement_is_krippendorffs_alpha() {
    let (candidate, baseline) = (Some(Arm::Candidate), Some(Arm::Baseline));
    let of = |votes: &[(Option<Arm>, Option<Arm>)]| {
        let looks = (0..).zip(votes).flat_map(|(n, (a, b))| [prefers(1, n, *a), prefers(2, n, *b)].concat());
        Pairwise::of(&looks.collect::<Vec<_>>()).agreement
    };
    assert_eq!(of(&[(candidate, candidate), (baseline, baseline)]), Some(1.0));
    assert_eq!(of(&[(candidate, candidate), (candidate, candidate)]), None, "nothing to agree over");
    // By hand: ten pairs, two raters, three differ; 11 values of one and 9 of the other, so 1 − 6·19 / (2·11·9).
    let votes: Vec<_> = (0..10)
        .map(|n| match n {
            0..4 => (candidate, candidate),
            4..7 => (baseline, baseline),
            _ => (candidate, baseline),
        })
        .collect();
    let alpha = of(&votes).expect("an agreement");
    assert!((alpha - (1.0 - 6.0 * 19.0 / (2.0 * 11.0 * 9.0))).abs() < 1e-12, "{alpha}");
    assert_eq!(Pairwise::of(&prefers(1, 1, candidate)).agreement, None, "one reviewer alone");
}

#[test]
fn a_revision_is_used_only_after_rubric_review_and_without_a_failure_of_safety() {
    let (judgements, points) = good();
    let record = ReviewRecord::of(&judgements, &points);
    assert_eq!(record.obstacles(), []);
    let rate = record.pairwise.rate.expect("a rate");
    assert!(rate.low > 0.6 && rate.high < 0.9, "{rate:?}");

    let without = |judgements: &[Judgement], points: &[Score]| ReviewRecord::of(judgements, points).obstacles();
    assert_eq!(without(&judgements[..58], &points), [Obstacle::TooFewDecided { decided: 29 }]);
    assert_eq!(without(&judgements, &points[..9]), [Obstacle::TooFewScored { texts: 9 }]);
    assert_eq!(without(&judgements, &[]), [Obstacle::TooFewScored { texts: 0 }]);
    assert_eq!(without(&[], &[]).len(), 2);
    let poor = without(&judgements, &scores(12, [2, 2, 2, 2, 1, 1, 1, 1]));
    assert_eq!(poor, [Obstacle::PoorlyScored { mean: 1.5 }]);
    let mut failed = points.clone();
    failed[3].points[2] = 0;
    assert_eq!(without(&judgements, &failed), [Obstacle::Unsafe { texts: 1 }]);
    // 0 points for what is no matter of safety only lower the mean.
    let mut clumsy = points.clone();
    clumsy[3].points[7] = 0;
    assert_eq!(without(&judgements, &clumsy), []);
    // Called unfit by one reviewer, on the side where the candidate's text was.
    let mut unfit = judgements.clone();
    unfit[4].unfit = if unfit[4].left == Arm::Candidate { (true, false) } else { (false, true) };
    assert_eq!(without(&unfit, &points), [Obstacle::Unsafe { texts: 1 }]);
    let mut of_the_other = judgements.clone();
    of_the_other[4].unfit = if unfit[4].left == Arm::Candidate { (false, true) } else { (true, false) };
    assert_eq!(without(&of_the_other, &points), []);
    let worse: Vec<Judgement> = (0..40).flat_map(|n| prefers(1, n, Some(Arm::Baseline))).collect();
    assert_eq!(without(&worse, &points), [Obstacle::ClearlyWorse]);
}

proptest! {
    /// Every pair comes twice, its sides changed, the second time after all others were seen once; no order shows whose a
    /// text is.
    #[test]
    fn both_orders_are_seen(seed: i64, who in 0_u128..50, n in 1_u128..80) {
        let pairs: Vec<PairId> = (0..n).map(pair).collect();
        let seen = order(seed, reviewer(who), &pairs);
        prop_assert_eq!(seen.len(), 2 * pairs.len());
        for (half, showing) in seen.chunks(pairs.len()).zip(Showing::ALL) {
            prop_assert!(half.iter().all(|(_, of)| *of == showing));
            let distinct: BTreeSet<PairId> = half.iter().map(|(pair, _)| *pair).collect();
            prop_assert_eq!(distinct.len(), pairs.len());
        }
        for pair in pairs {
            let [first, second] = Showing::ALL.map(|showing| left(seed, reviewer(who), pair, showing));
            prop_assert_eq!(first, second.other());
        }
    }
}

#[test]
fn sides_are_even_and_differ_from_reviewer_to_reviewer() {
    let pairs: Vec<PairId> = (0..2_000).map(pair).collect();
    let lefts = |who| pairs.iter().map(move |pair| left(11, reviewer(who), *pair, Showing::First));
    let candidates = lefts(1).filter(|arm| *arm == Arm::Candidate).count();
    assert!((900..1_100).contains(&candidates), "{candidates}");
    let same = lefts(1).zip(lefts(2)).filter(|(one, other)| one == other).count();
    assert!((900..1_100).contains(&same), "{same}");
    let arms = texts(11, reviewer(1), &pairs);
    let first_half = arms[..2_000].iter().filter(|(_, arm)| *arm == Arm::Candidate).count();
    assert!(arms.len() == 4_000 && (900..1_100).contains(&first_half), "{first_half}");
}
