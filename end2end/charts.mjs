// Reads the numbers back out of a drawn chart and holds them against its table: what is seen must be what is read.
//
// A chart is measured with its own lines: where they lie says what a pixel is worth. Coordinates are written to a tenth of a
// pixel and tables to two decimals, so nothing can agree more closely than that.

const NEAR = 0.012;

/** A figure as plain data: its words, every element of its picture, and its table as texts. */
export function readFigure(figure) {
  return figure.evaluate((figure) => {
    const PLACES = ["x", "y", "width", "height", "cx", "cy", "rx", "ry"];
    // What is kept from screen readers stands for something else that they are given.
    const text = (element) => {
      const copy = element?.cloneNode(true);
      for (const silent of copy?.querySelectorAll("[aria-hidden=true]") ?? []) silent.remove();
      return copy?.textContent.replace(/\s+/g, " ").trim() ?? "";
    };
    const svg = figure.querySelector("svg.chart");
    const drawn = [...svg.querySelectorAll("*")].filter((element) => !element.closest("clipPath")).map((element) => ({
      tag: element.tagName.toLowerCase(),
      is: element.getAttribute("class")?.split(" ") ?? [],
      text: text(element),
      ...Object.fromEntries(PLACES.map((name) => [name, Number(element.getAttribute(name))])),
      path: (element.getAttribute("d")?.match(/-?\d+(\.\d+)?/g) ?? []).map(Number),
      shift: (element.getAttribute("transform")?.match(/-?\d+(\.\d+)?/g) ?? []).map(Number),
    }));
    const rows = [...figure.querySelectorAll("tbody tr")].map((row) => [...row.children].map(text));
    return {
      id: svg.getAttribute("aria-labelledby"),
      title: text(figure.querySelector("h2")),
      takeaway: text(figure.querySelector(".takeaway")),
      note: text(figure.querySelector(".note")),
      drawn,
      columns: [...figure.querySelectorAll("thead th")].map(text),
      rows,
    };
  });
}

/** The numbers of a cell: `−0.44 ± 0.14` is two, `5 of 7` is two, a dash or `too few` is none. */
export function numbers(cell) {
  return (cell.replaceAll("−", "-").match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
}

const all = (figure, wanted, ...classes) =>
  figure.drawn.filter(({ tag, is }) => tag === wanted && classes.every((name) => is.includes(name)));
const texts = (figure, ...classes) => all(figure, "text", ...classes);
const words = (figure, ...classes) => texts(figure, ...classes).map(({ text }) => text);

/** What a place between two known ones is worth. */
const between = (at, [from, worth], [to, other]) => worth + ((at - from) / (to - from)) * (other - worth);

class Differences {
  found = [];
  constructor(title) {
    this.title = title;
  }
  same(what, drawn, read) {
    if (JSON.stringify(drawn) !== JSON.stringify(read)) {
      this.found.push(`${this.title}: ${what}: drawn ${JSON.stringify(drawn)}, read ${JSON.stringify(read)}`);
    }
  }
  near(what, drawn, read, least = NEAR) {
    if (!(Math.abs(drawn - read) <= least)) this.found.push(`${this.title}: ${what}: drawn ${drawn.toFixed(3)}, read ${read}`);
  }
}

/** Sessions as marks, middles as rings, parts as steps of a way; the table has a row for each of them. */
function plane(figure, differ) {
  const [frame] = all(figure, "rect", "frame");
  const margin = 10;
  const x = (at) => between(at, [frame.x + margin, -1], [frame.x + frame.width - margin, 1]);
  const y = (at) => between(at, [frame.y + frame.height - margin, -1], [frame.y + margin, 1]);
  const pair = (row) => row.slice(-2).map((cell) => numbers(cell));
  const hold = (what, at, row) => {
    const [[valence], [arousal]] = pair(row);
    differ.near(`${what} ${row[0]}, pleasantness`, x(at[0]), valence);
    differ.near(`${what} ${row[0]}, energy`, y(at[1]), arousal);
  };
  const sessions = figure.rows.filter(([name]) => /\d\d:\d\d$/.test(name));
  const marks = all(figure, "use", "mark");
  if (marks.length > 0 || sessions.length > 0) {
    differ.same("number of sessions", marks.length, sessions.length);
    for (const [index, row] of sessions.entries()) {
      if (!marks[index]) break;
      hold("session", [marks[index].x, marks[index].y], row);
      const [[valence], [arousal]] = pair(row);
      const quarter = marks[index].is.find((name) => name.length === 2);
      // On an axis a mark belongs to one side or the other.
      const side = `${arousal > 0 ? "h" : "l"}${valence > 0 ? "p" : "u"}`;
      if (valence !== 0 && arousal !== 0) differ.same(`quarter of ${row[0]}`, quarter, side);
    }
  }
  const sums = figure.rows.filter((row) => !sessions.includes(row) && pair(row)[0].length > 0);
  const rings = [...all(figure, "circle", "middle"), ...all(figure, "circle", "ghost"), ...all(figure, "circle", "step")];
  differ.same("number of middles", rings.length, sums.length);
  for (const [index, ring] of rings.entries()) if (sums[index]) hold("middle", [ring.cx, ring.cy], sums[index]);
  const [oval] = all(figure, "ellipse", "reach");
  if (oval && sums[0]) {
    const [[, across], [, up]] = pair(sums[0]);
    differ.near("how far off, pleasantness", (2 * oval.rx) / (frame.width - 2 * margin), across);
    differ.near("how far off, energy", (2 * oval.ry) / (frame.height - 2 * margin), up);
  }
}

/** The heights of most and least pleasant, by the lines that are drawn there. */
function heights(figure) {
  const lines = all(figure, "path", "grid").map(({ path }) => path[1]);
  return (at) => between(at, [Math.max(...lines), -1], [Math.min(...lines), 1]);
}

/** A column a day: how far it reached, its middle, how many sessions. */
function days(figure, differ) {
  const y = heights(figure);
  differ.same("days", words(figure, "day").map((name) => name.slice(0, 2)), figure.rows.map(([name]) => name.slice(0, 2)));
  differ.same("sessions", words(figure, "figure").map((n) => (n === "–" ? "0" : n)), figure.rows.map((row) => row[1]));
  const drawn = figure.rows.filter((row) => numbers(row[3]).length > 0);
  const ticks = all(figure, "rect", "tick");
  differ.same("number of middles", ticks.length, drawn.length);
  const ranges = all(figure, "rect", "range");
  const wide = drawn.filter((row) => Number(row[1]) > 1);
  differ.same("number of ranges", ranges.length, wide.length);
  for (const [index, row] of drawn.entries()) {
    const tick = ticks[index];
    if (tick) differ.near(`${row[0]}, middle`, y(tick.y + tick.height / 2), numbers(row[3])[0], 0.02);
  }
  for (const [index, row] of wide.entries()) {
    const range = ranges[index];
    // A range that would be flatter than it is round is drawn round.
    if (!range || range.height <= 10) continue;
    differ.near(`${row[0]}, least`, y(range.y + range.height), numbers(row[2])[0]);
    differ.near(`${row[0]}, most`, y(range.y), numbers(row[4])[0]);
  }
}

/** A bar a feeling: how often, which share, and what it was before. */
function mix(figure, differ) {
  const share = (part, whole) => part / whole;
  differ.same("feelings", words(figure, "name"), figure.rows.map(([name]) => name));
  const figures = texts(figure, "figure");
  const counts = figures.filter(({ is }) => !is.includes("soft")).map(({ text }) => text);
  differ.same("counts", counts, figure.rows.map((row) => row[1]));
  differ.same("shares", words(figure, "figure", "soft"), figure.rows.map((row) => row[2]));
  const bars = all(figure, "rect", "bar");
  const tracks = all(figure, "rect", "track");
  differ.same("number of bars", bars.length, figure.rows.length);
  const before = all(figure, "path", "then");
  if (before.length > 0) differ.same("number of lines of before", before.length, figure.rows.length);
  for (const [index, row] of figure.rows.entries()) {
    if (!bars[index]) break;
    differ.near(`${row[0]}, length`, bars[index].width / tracks[index].width, share(...numbers(row[1])));
    const at = before[index] && (before[index].path[0] - tracks[index].x) / tracks[index].width;
    if (at !== undefined) differ.near(`${row[0]}, before`, at, share(...numbers(row[3])));
  }
}

/** A dot a part: its middle with how far off it may be, and its sessions. */
function steps(figure, differ) {
  const y = heights(figure);
  differ.same("sessions", words(figure, "figure").map((n) => (n === "–" ? "0" : n)), figure.rows.map((row) => row[1]));
  const known = figure.rows.filter((row) => numbers(row[3]).length > 0);
  const points = all(figure, "circle", "point");
  const lines = all(figure, "path", "whisker");
  differ.same("number of middles", points.length, known.length);
  for (const [index, row] of known.entries()) {
    if (!points[index]) break;
    const [mean, off] = numbers(row[3]);
    differ.near(`${row[0]}, middle`, y(points[index].cy), mean);
    differ.near(`${row[0]}, lowest`, y(lines[index].path[1]), Math.max(mean - off, -1), 0.02);
    differ.near(`${row[0]}, highest`, y(lines[index].path[3]), Math.min(mean + off, 1), 0.02);
  }
}

/** Two groups of rows, pleasantness and energy: a dot with how far off it may be, and how many sessions. */
function dots(figure, differ) {
  const twice = [...figure.rows, ...figure.rows];
  differ.same("sessions", words(figure, "figure", "soft"), twice.map((row) => row[1]));
  const lines = all(figure, "path", "grid");
  const x = (at) => between(at, [lines[0].path[0], -1], [lines[0].path[2], 1]);
  const pairs = [3, 4].flatMap((column) => figure.rows.map((row) => [row[0], numbers(row[column])]));
  const known = pairs.filter(([, pair]) => pair.length > 0);
  const points = all(figure, "circle", "point");
  const whiskers = all(figure, "path", "whisker");
  differ.same("number of rows", lines.length, twice.length);
  differ.same("number of dots", points.length, known.length);
  for (const [index, [name, [mean, off]]] of known.entries()) {
    if (!points[index]) break;
    differ.near(name, x(points[index].cx), mean);
    differ.near(`${name}, lowest`, x(whiskers[index].path[0]), Math.max(mean - off, -1), 0.02);
    differ.near(`${name}, highest`, x(whiskers[index].path[2]), Math.min(mean + off, 1), 0.02);
  }
}

function features(figure, differ) {
  differ.same("features", words(figure, "name"), [...figure.rows, ...figure.rows].map(([name]) => name));
  dots(figure, differ);
}

/** The same with arrows: what is written beside each is what is read, and the longer arrow is the larger number. */
function moved(figure, differ) {
  const twice = [...figure.rows, ...figure.rows];
  differ.same("features", words(figure, "name"), twice.map(([name]) => name));
  differ.same("sessions", words(figure, "figure", "soft"), twice.map((row) => row[1]));
  const read = [2, 3].flatMap((column) => figure.rows.map((row) => numbers(row[column])));
  const written = texts(figure, "figure").filter(({ is }) => !is.includes("soft")).map(({ text }) => numbers(text)[0]);
  differ.same("ways", written, read.map(([mean]) => mean));
  const known = read.filter((pair) => pair.length > 0);
  const whiskers = all(figure, "path", "whisker");
  differ.same("number of ways", whiskers.length, known.length);
  // The scale fits the longest way: what a pixel is worth is the same for all of them.
  const reach = (index) => (whiskers[index].path[2] - whiskers[index].path[0]) / 2;
  const worth = known.map(([, off], index) => (off > 0.05 && whiskers[index] ? reach(index) / off : undefined));
  const [first] = worth.filter(Boolean);
  for (const [index, pixels] of worth.entries()) if (pixels) differ.near(`scale of way ${index + 1}`, pixels / first, 1, 0.1);
}

/** A line a feeling: a spot for every part with enough sessions. */
function ways(figure, differ) {
  const feelings = figure.columns.slice(1);
  differ.same("feelings", words(figure, "name"), feelings);
  const lines = all(figure, "path", "grid").map(({ path }) => path[1]);
  const spots = all(figure, "circle", "spot");
  let next = 0;
  for (const [index, feeling] of feelings.entries()) {
    const shares = figure.rows.map((row) => [row[0], numbers(row[index + 1])]).filter(([, pair]) => pair.length > 0);
    const [none, whole] = lines.slice(2 * index, 2 * index + 2);
    for (const [part, [k, n]] of shares) {
      if (!spots[next]) break;
      differ.near(`${feeling}, ${part}`, between(spots[next].cy, [none, 0], [whole, 1]), k / n);
      next += 1;
    }
  }
  differ.same("number of spots", spots.length, next);
}

/** A cell a weekday and time of day: its sessions, and a bar up or down where they are enough. */
function grid(figure, differ) {
  const cells = all(figure, "rect", "cell");
  const read = figure.columns.slice(1).flatMap((_, column) => figure.rows.map((row) => numbers(row[column + 1])));
  differ.same("number of cells", cells.length, read.length);
  const filled = cells.map(({ is }) => !is.includes("empty"));
  differ.same("cells with sessions", filled, read.map((pair) => pair.length > 0));
  const written = figure.drawn.filter(({ tag, is }) => tag === "text" && (is.includes("figure") || is.includes("label")));
  differ.same("sessions", written.map(({ text }) => Number(text)), read.filter((pair) => pair.length > 0).map(([n]) => n));
  const bars = all(figure, "rect", "lean");
  const zeros = all(figure, "path", "grid").map(({ path }) => path[1]);
  const means = read.filter((pair) => pair.length > 1).map(([, mean]) => mean);
  differ.same("number of bars", bars.length, means.length);
  // The note says what a bar to the edge is worth.
  const reach = numbers(figure.note)[0];
  for (const [index, mean] of means.entries()) {
    const bar = bars[index];
    if (!bar || bar.height <= 2.1) continue;
    const side = Math.abs(bar.y + bar.height - zeros[index]) < Math.abs(bar.y - zeros[index]) ? 1 : -1;
    differ.near(`bar ${index + 1}`, (side * bar.height * reach) / 21.5, mean);
  }
}

/** A mark a day; the table counts them, month by month and quarter by quarter. */
function year(figure, differ) {
  const marks = figure.drawn.filter(({ is, tag }) => (tag === "use" && is.includes("mark")) || is.includes("hollow"));
  const rowOf = ({ shift, cy }) => Math.round(((shift.length > 0 ? shift[1] : cy) - 20) / 20.5 - 0.5);
  const kinds = ["hu", "hp", "lp", "lu", "hollow"];
  const counted = figure.rows.map((_, month) => {
    const own = marks.filter((mark) => rowOf(mark) === month);
    return kinds.map((kind) => own.filter(({ is }) => is.includes(kind)).length);
  });
  differ.same("days by quarter", counted, figure.rows.map((row) => row.slice(3).map(Number)));
  differ.same("days", counted.map((row) => row.reduce((a, b) => a + b, 0)), figure.rows.map((row) => Number(row[2])));
}

// The span beside the one before has short names in the picture: `now` is `these 90 days`.
const KINDS = { plane, beside: dots, days, mix, steps, features, moved, ways, grid, year };

/** Where the picture and the table of a figure differ, or that it is of a kind that nobody reads yet. */
export function differences(figure) {
  const kind = KINDS[figure.id.replace(/-title$/, "")];
  if (!kind) return [`${figure.title}: nothing here knows how to read ${figure.id}`];
  const differ = new Differences(figure.title);
  kind(figure, differ);
  return differ.found;
}
