// What the rows add up to: the arithmetic behind the week page, as far as it shows it.

/** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom. */
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042];
const Z = 1.959964;
const studentT = (freedom) => T[freedom - 1] ?? Z + (Z ** 3 + Z) / (4 * freedom) +
  (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * freedom ** 2);

export const FAMILIES = ["joy", "interest", "hope", "warmth", "calm", "worry", "anger", "sadness", "regret"];
/** Which of the 28 emotions belong to each. */
const EMOTIONS = [[1, 13, 17, 21], [7, 22, 26], [8, 20], [0, 5, 15, 18], [4, 23], [6, 14, 19], [2, 3, 10, 11], [9, 16, 25],
  [12, 24]];
export const HOMES = ["hp", "hp", "hp", "lp", "lp", "hu", "hu", "lu", "lu"];
/** In the order in which rollups count them. */
const QUADRANTS = ["hu", "hp", "lp", "lu"];
const PRESENT_FROM = 300;

export const quadrantOf = ({ valence, arousal }) => (arousal >= 0 ? "h" : "l") + (valence >= 0 ? "p" : "u");

export function familiesOf(emotions) {
  const strengths = EMOTIONS.map((indices) => Math.max(...indices.map((index) => emotions[index])));
  return strengths.map((strength, family) => ({ strength, family })).filter(({ strength }) => strength >= PRESENT_FROM)
    .sort((a, b) => b.strength - a.strength).map(({ family }) => family);
}

const EMPTY = 0, FEW = 1, SOME = 2, ENOUGH = 3;
export const TIERS = { EMPTY, FEW, SOME, ENOUGH };
export function tierOf(rollup) {
  if (!rollup || rollup.sessions <= 0) return EMPTY;
  if (rollup.sessions <= 2) return FEW;
  return rollup.sessions >= 7 && rollup.days >= 4 ? ENOUGH : SOME;
}

/** Mean and half of its interval, in fractions. */
function estimate(sum, squares, n) {
  const spread = Math.sqrt((n * squares - sum * sum) / (n * (n - 1)));
  return { mean: sum / n / 1000, half: (studentT(n - 1) * spread) / Math.sqrt(n) / 1000 };
}

/** Where the middle of a period lies; nothing where there are too few sessions for one. */
export function middleOf(rollup) {
  if (tierOf(rollup) < ENOUGH) return null;
  return {
    valence: estimate(rollup.valence_sum, rollup.valence_squares, rollup.sessions),
    arousal: estimate(rollup.arousal_sum, rollup.arousal_squares, rollup.sessions),
  };
}

/** 1, −1, or 0 where the two can't be told apart. */
export function compare(now, then) {
  const difference = now.mean - then.mean;
  return Math.abs(difference) <= Math.hypot(now.half, then.half) ? 0 : Math.sign(difference);
}

export const counted = ({ state, excluded, crisis, emotions }) =>
  state !== "withheld" && state !== "unmeasured" && !excluded && !crisis && emotions !== null;

/** A day's sessions with the least, the middle and the most pleasant of them. */
export function columnsOf(days, sessions) {
  return days.map((day) => {
    const found = sessions.filter((session) => session.local_date === day).map(({ valence }) => valence).sort((a, b) => a - b);
    if (found.length === 0) return { day, sessions: 0, range: null };
    const half = Math.floor(found.length / 2);
    const middle = found.length % 2 === 1 ? found[half] : Math.round((found[half - 1] + found[half]) / 2);
    return { day, sessions: found.length, range: [found[0], middle, found.at(-1)].map((figure) => figure / 1000) };
  });
}

export const sumsOf = ({ quadrants }) => Object.fromEntries(QUADRANTS.map((name, index) => [name, quadrants[index]]));

export const familiesByCount = ({ families }) =>
  families.map((count, family) => ({ family, count })).filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
