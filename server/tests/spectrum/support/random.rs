//! Chance from a seed: the same seed gives the same test, so that a failure can be looked at again.

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;

/// Chance for this seed.
pub fn chance(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// The same things in another order.
pub fn shuffled<T: Clone>(things: &[T], chance: &mut ChaCha8Rng) -> Vec<T> {
    let mut things = things.to_vec();
    things.shuffle(chance);
    things
}
