// The three pictures of the week page, written as text in one go, as ours are: as elements they would cost React, and the copy
// of the page that goes along for its client, a multiple.
import { TIERS, quadrantOf, tierOf } from "./measures.mjs";

const WIDTH = 358;
const at = (figure) => String(Math.round(figure * 10) / 10 || 0);
const escape = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;");
const rounded = (radius) => (radius ? ` rx="${at(radius)}"` : "");
const rect = (name, x, y, width, height, radius = 0) =>
  `<rect class="${name}" x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}"${rounded(radius)}/>`;
const line = (name, x1, y1, x2, y2) => `<path class="${name}" d="M${at(x1)} ${at(y1)}L${at(x2)} ${at(y2)}"/>`;
const circle = (name, x, y, radius) => `<circle class="${name}" cx="${at(x)}" cy="${at(y)}" r="${at(radius)}"/>`;
const symbol = (quadrant, x, y) => `<use class="mark ${quadrant}" href="#m-${quadrant}" x="${at(x)}" y="${at(y)}"/>`;
const anchors = { start: "", middle: ' text-anchor="middle"', end: ' text-anchor="end"' };
const text = (name, x, y, anchor, words) =>
  `<text class="${name}"${anchors[anchor]} x="${at(x)}" y="${at(y)}">${escape(words)}</text>`;
const upright = (x, y, words) =>
  `<text class="scale" text-anchor="middle" transform="translate(${at(x)} ${at(y)})rotate(-90)">${escape(words)}</text>`;
const scale = (from, to) => (figure) => (from + to) / 2 + (figure / 2) * (to - from);

const [LEFT, TOP, RIGHT, BOTTOM] = [22, 1, WIDTH - 1, 294];
const X = scale(LEFT + 10, RIGHT - 10);
const Y = scale(BOTTOM - 10, TOP + 10);
const whole = (name) => rect(name, LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP, 12);
const clipped = (id, content) => `<clipPath id="${id}">${whole("")}</clipPath><g clip-path="url(#${id})">${content}</g>`;

/** Each session on the plane of pleasantness and energy, and the middles of this week and the one before. */
export function plane({ sessions, middle, before, rollup, label }) {
  const [x0, y0] = [X(0), Y(0)];
  const fields = [["hu", LEFT, TOP, x0, y0], ["hp", x0, TOP, RIGHT, y0], ["lu", LEFT, y0, x0, BOTTOM],
    ["lp", x0, y0, RIGHT, BOTTOM]];
  const ground = fields.map(([name, left, top, right, bottom]) => rect(`field ${name}`, left, top, right - left, bottom - top));
  let out = clipped("plane-ground", ground.join(""));
  out += whole("frame") + line("axis", LEFT, y0, RIGHT, y0) + line("axis", x0, TOP, x0, BOTTOM);
  out += upright(13, Y(0.5), "high energy") + upright(13, Y(-0.5), "low energy");
  out += text("scale", X(-0.5), 312, "middle", "unpleasant") + text("scale", X(0.5), 312, "middle", "pleasant");
  const dots = sessions.map((session) => ({ session, x: X(session.valence / 1000), y: Y(session.arousal / 1000) }));
  const taken = dots.map(({ x, y }) => around(x, y, 7));
  const then = before && { x: X(before.valence.mean), y: Y(before.arousal.mean) };
  if (then) taken.push(around(then.x, then.y, 7));
  taken.push([LEFT, y0 - 0.5, RIGHT, y0 + 0.5], [x0 - 0.5, TOP, x0 + 0.5, BOTTOM]);
  const now = middle && { x: X(middle.valence.mean), y: Y(middle.arousal.mean) };
  if (now) {
    const [rx, ry] = [Math.abs(X(middle.valence.half) - x0), Math.abs(Y(middle.arousal.half) - y0)];
    const [left, top] = [Math.max(now.x - rx, LEFT), Math.max(now.y - ry, TOP)];
    const [right, bottom] = [Math.min(now.x + rx, RIGHT), Math.min(now.y + ry, BOTTOM)];
    out += clipped("plane-clip", `<ellipse class="reach" cx="${at(now.x)}" cy="${at(now.y)}" rx="${at(rx)}" ry="${at(ry)}"/>`);
    out += line("cross", left, now.y, right, now.y) + line("cross", now.x, top, now.x, bottom);
    taken.push([left, now.y - 4, right, now.y + 4], [now.x - 4, top, now.x + 4, bottom]);
  }
  for (const { session, x, y } of dots) out += symbol(quadrantOf(session), x, y);
  if (then) out += circle("ghost", then.x, then.y, 7);
  if (now) out += circle("middle", now.x, now.y, 6.5);
  const labels = tierOf(rollup) <= TIERS.FEW ? dots.map(({ session, x, y }) => [x, y, "label", label(session)]) : [];
  if (now) labels.push([now.x, now.y, "label strong", "this week"]);
  if (then) labels.push([then.x, then.y, "label", "week before"]);
  for (const [x, y, name, words] of labels) {
    const stand = place(x, y, words, taken);
    out += text(name, stand.x, stand.y, stand.anchor, words);
    taken.push(stand.covered);
  }
  return { height: 318, content: out };
}

const around = (x, y, radius) => [x - radius, y - radius, x + radius, y + radius];
const common = (a, b, from, to) => Math.max(Math.min(a[to], b[to]) - Math.max(a[from], b[from]), 0);
const overlap = (a, b) => common(a, b, 0, 2) * common(a, b, 1, 3);
const beyond = (distances) => distances.reduce((sum, distance) => sum + Math.max(distance, 0), 0);
const outside = (box) => beyond([LEFT + 4 - box[0], box[2] - RIGHT + 4, TOP + 2 - box[1], box[3] - BOTTOM + 2]);
const PLACES = [[13, 4, "start"], [-13, 4, "end"], [0, -12, "middle"], [0, 20, "middle"], [9, -9, "start"], [-9, -9, "end"],
  [9, 17, "start"], [-9, 17, "end"], [14, -24, "start"], [-14, -24, "end"], [14, 32, "start"], [-14, 32, "end"]];

/** The place beside a point where a label covers least of what is there already; the earlier of equals. */
function place(x, y, words, taken) {
  const [width, own] = [words.length * 6.3, around(x, y, 7)];
  let [best, least] = [null, Infinity];
  PLACES.forEach(([dx, dy, anchor], far) => {
    const left = x + dx - (anchor === "start" ? 0 : anchor === "middle" ? width / 2 : width);
    const covered = [left, y + dy - 10, left + width, y + dy + 3];
    const hidden = taken.reduce((sum, box) => sum + overlap(box, covered), 0) - overlap(own, covered);
    const cost = hidden + 100 * outside(covered) + 12 * far;
    if (cost < least - 0.01) [best, least] = [{ x: x + dx, y: y + dy, anchor, covered }, cost];
  });
  return best;
}

/** Seven columns, one a day. */
export function columns(days, weekdayShort) {
  const gutter = 82;
  const Y = scale(164, 12);
  let out = "";
  for (const [figure, name, words] of [[1, "grid", "pleasant"], [0, "axis", "between"], [-1, "grid", "unpleasant"]]) {
    out += line(name, gutter, Y(figure), WIDTH, Y(figure)) + text("scale", gutter - 8, Y(figure) + 4, "end", words);
  }
  out += text("scale", gutter - 8, 206, "end", "sessions");
  const step = (WIDTH - gutter) / 7;
  days.forEach(({ day, sessions, range }, index) => {
    const x = gutter + step * (index + 0.5);
    if (range) {
      const [least, middle, most] = range.map(Y);
      if (sessions > 1) {
        const reach = Math.max(least - most, 10);
        out += rect(sessions < 3 ? "range few" : "range", x - 6, (least + most) / 2 - reach / 2, 12, reach, 6);
      }
      out += rect("tick", x - 11, middle - 2, 22, 4, 2) + text("figure", x, 206, "middle", sessions);
    } else {
      out += line("none", x - 4, Y(0), x + 4, Y(0)) + text("figure none", x, 206, "middle", "–");
    }
    out += text(range ? "day" : "day none", x, 186, "middle", weekdayShort(day));
  });
  return { height: 214, content: out };
}

/** In how many of the sessions each feeling showed. */
export function bars(rows) {
  const longest = (name) => Math.max(0, ...rows.map((row) => row[name].length));
  const left = Math.max(94, 22 + longest("name") * 6.8 + 8);
  const right = Math.min(WIDTH - 104, WIDTH - 47 - longest("count") * 6.1 - 8);
  let out = "";
  rows.forEach(({ name, quadrant, share, count, percent }, index) => {
    const middle = 15 + index * 30;
    out += symbol(quadrant, 8, middle) + text("name", 22, middle + 4.5, "start", name);
    out += rect("track", left, middle - 1, right - left, 2, 1);
    out += rect(`bar ${quadrant}`, left, middle - 6, (right - left) * share, 12, 4);
    out += text("figure", WIDTH - 47, middle + 4, "end", count) + text("figure soft", WIDTH, middle + 4, "end", percent);
  });
  return { height: rows.length * 30, content: out };
}
