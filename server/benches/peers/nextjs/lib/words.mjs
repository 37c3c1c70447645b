// The sentences of the week page, in English.
import { TIERS, compare, familiesByCount, middleOf, sumsOf, tierOf } from "./measures.mjs";

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const FAMILY_NAMES = ["joy", "interest", "hope", "warmth", "calm", "worry", "anger", "sadness", "regret"];
const QUADRANT_NAMES = {
  hu: "high energy, unpleasant", hp: "high energy, pleasant", lp: "low energy, pleasant", lu: "low energy, unpleasant",
};
const FEATURES = { mirror: "Mirror", turn: "Turn", lens: "Lens" };

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const number = (n) => NUMBERS[n] ?? String(n);
export const counts = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
export const familyName = (family) => capital(FAMILY_NAMES[family]);
export const quadrantInside = (quadrant) => QUADRANT_NAMES[quadrant];
export const quadrantName = (quadrant) => capital(QUADRANT_NAMES[quadrant]);
export const featureName = (feature) => FEATURES[feature] ?? "Session";
export const signed = (figure) => `${figure <= -0.005 ? "−" : figure >= 0.005 ? "+" : ""}${Math.abs(figure).toFixed(2)}`;
export const figureOf = ({ mean, half }) => `${signed(mean)} ± ${half.toFixed(2)}`;
export const percent = (part, whole) => `${((part * 100) / Math.max(whole, 1)).toFixed(0)}\u00a0%`;

export function headline({ rollup }) {
  switch (tierOf(rollup)) {
    case TIERS.EMPTY:
      return ["No sessions this week.", "There is nothing to show, and nothing is missing."];
    case TIERS.FEW:
      return [`${capital(number(rollup.sessions))} ${rollup.sessions === 1 ? "session" : "sessions"} so far.`,
        "A picture of your week starts at three."];
    case TIERS.SOME:
      return [mixTakeaway(rollup), rollup.sessions >= 7 ? "A middle of the week needs sessions on four days or more."
        : `That is ${number(rollup.sessions)} sessions so far; a middle of the week needs seven, on four days or more.`];
    default:
      return lean(middleOf(rollup));
  }
}

function lean({ valence, arousal }) {
  const side = ({ mean, half }) => (Math.abs(mean) > half ? Math.sign(mean) : 0);
  const [pleasant, high] = [side(valence), side(arousal)];
  if (pleasant && high) {
    return [`Your week leaned ${pleasant > 0 ? "pleasant" : "unpleasant"}, with ${high > 0 ? "high" : "low"} energy.`, null];
  }
  if (pleasant) {
    return [`Your week leaned ${pleasant > 0 ? "pleasant" : "unpleasant"}.`,
      "Whether energy was more high or low is too close to tell."];
  }
  if (high) {
    return [`Your week leaned towards ${high > 0 ? "high" : "low"} energy.`,
      "Whether it was more pleasant or unpleasant is too close to tell."];
  }
  return ["Your week did not clearly lean one way.",
    "More pleasant or unpleasant, more high or low energy: both are too close to tell."];
}

/** How the week compares with the one before. */
export function againstBefore({ rollup, rollupBefore }) {
  const now = middleOf(rollup);
  if (!now) return null;
  const then = middleOf(rollupBefore);
  if (!then) {
    const n = rollupBefore?.sessions ?? 0;
    return n === 0 ? "The week before has no sessions to compare with."
      : `The week before has ${number(n)} ${n === 1 ? "session" : "sessions"}: too few to compare.`;
  }
  const step = (sign, more, less) => (sign === 0 ? null : sign > 0 ? more : less);
  const steps = [
    step(compare(now.valence, then.valence), "more pleasant", "less pleasant"),
    step(compare(now.arousal, then.arousal), "higher in energy", "lower in energy"),
  ].filter(Boolean);
  if (steps.length === 0) return "We can’t tell this week from the one before.";
  return `It was ${steps.join(" and ")} than the week before.`;
}

export function coverage({ rollup, sessions }) {
  const waits = (session) => !session.excluded && !session.crisis && session.state === "unmeasured";
  const parts = rollup ? [`${counts(rollup.sessions, "session")} on ${counts(rollup.days, "day")}`] : [];
  const foreign = (session) => waits(session) && session.why_not === "language";
  for (const [is, name] of [
    [({ excluded }) => excluded, "left out"],
    [foreign, "in a language we can’t measure yet"],
    [(session) => waits(session) && !foreign(session), "not measured"],
  ]) {
    const n = sessions.filter(is).length;
    if (n > 0) parts.push(`${n} ${name}`);
  }
  return parts.join(" · ") || null;
}

export function planeTakeaway(rollup) {
  const n = rollup.sessions;
  if (tierOf(rollup) <= TIERS.FEW) return "Each mark is one session, where its words were measured.";
  const of = sumsOf(rollup);
  const [pleasant, high] = [of.hp + of.lp, of.hp + of.hu];
  const [most, side] = pleasant * 2 >= n ? [pleasant, "pleasant"] : [n - pleasant, "unpleasant"];
  const [energy, level] = high * 2 >= n ? [high, "high"] : [n - high, "low"];
  return `${most}\u00a0of\u00a0${n} sessions lay on the ${side} side, ${energy}\u00a0of\u00a0${n} on the ${level}-energy side.`;
}

export const middleNote = ({ valence, arousal }) => `Middle of the week: pleasantness ${figureOf(valence)}, energy ${
  figureOf(arousal)}, each between −1 and 1. The cross and its oval show how far off it may be.`;

export function columnsTakeaway(columns, weekday) {
  const days = columns.filter(({ range }) => range);
  if (days.length === 1) return `All sessions fell on ${weekday(days[0].day)}.`;
  const by = (better) => days.reduce((best, day) => (better(day.range[1], best.range[1]) ? day : best));
  const [least, most] = [by((a, b) => a < b), by((a, b) => a >= b)];
  if (least.range[1] >= most.range[1]) return `The ${number(days.length)} days with sessions lay level.`;
  const [low, high] = [least, most].map(({ day }) => weekday(day));
  return `Of the ${number(days.length)} days with sessions, ${high}’s middle lay most pleasant and ${low}’s least.`;
}

export function columnsNote(columns) {
  if (!columns.some(({ sessions }) => sessions > 1)) return null;
  const hatched = columns.some(({ sessions }) => sessions === 2) ? " Hatched bars rest on two sessions only." : "";
  return `A bar reaches from a day’s least to its most pleasant session, the tick is the middle one.${hatched}`;
}

export function mixTakeaway(rollup) {
  const found = familiesByCount(rollup);
  const n = rollup.sessions;
  if (found.length === 0) return `No feeling stood out in these ${number(n)} sessions.`;
  const most = found[0].count;
  const level = found.filter(({ count }) => count === most).map(({ family }) => FAMILY_NAMES[family]);
  if (level.length > 3) {
    return `${capital(number(level.length))} feelings showed equally often, each in ${most} of ${n} sessions.`;
  }
  const names = level.length === 1 ? level[0] : `${level.slice(0, -1).join(", ")} and ${level.at(-1)}`;
  return `${capital(names)} showed most often, ${level.length === 1 ? "" : "each "}in ${most} of ${n} sessions.`;
}

export const mixBreadth = (rollup) =>
  `${capital(number(rollup.families.filter((count) => count > 0).length))} of nine feelings showed at least once.`;

/** The feelings present in a session. */
export const feelings = (families) =>
  (families.length === 0 ? "No feeling stood out" : capital(families.map((family) => FAMILY_NAMES[family]).join(", ")));

export function extent({ turns, words, not_measured: skipped }) {
  const missing = skipped.reduce((sum, n) => sum + n, 0);
  return `${counts(turns, "turn")}, ${counts(words, "word")}${missing > 0 ? ` · ${counts(missing, "turn")} not measured` : ""}`;
}

/** How a session stands where it does not count. */
export function standing(session) {
  if (session.excluded) return "Left out";
  switch (session.state) {
    case "open": return "Still open. It is read when it ends.";
    case "ended": return "Being read.";
    case "withheld": return "Kept out of your picture.";
    case "reset": return "Erased by you: what was measured of it is gone.";
    case "unmeasured": return "Not measured: too few of your own words.";
    default: return null;
  }
}
