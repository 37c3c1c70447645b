// What a screen reader is told of each chart is what is drawn: names, takeaways, and the table's numbers in the marks' order.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { openRichWeek } from "../browser.mjs";
import { differences, numbers, readFigure } from "../charts.mjs";
import { PAID, root } from "../demo.mjs";
import { allBelow, ofRole, transcript, treeOf } from "../transcript.mjs";

const now = new Date();
const lastMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);

// `charts`: how many there are at least. `all`: together these have every kind of chart.
const screens = [
  { name: "the week", open: openRichWeek, charts: 3, all: true },
  { name: "the landscape of a month", path: `/spectrum/landscape/${lastMonth}`, charts: 2 },
  { name: "the landscape of a quarter", path: "/spectrum/landscape/90-days", charts: 2 },
  { name: "the landscape of a quarter, compared", path: "/spectrum/landscape/90-days?compare", charts: 2, all: true },
  { name: "the landscape of a year", path: `/spectrum/landscape/${now.getUTCFullYear()}`, charts: 1, all: true },
  { name: "the patterns of a quarter", path: "/spectrum/patterns/90-days", charts: 5 },
  { name: "the patterns of a quarter, compared", path: "/spectrum/patterns/90-days?compare", charts: 5, all: true },
  { name: "the patterns of a few days", path: "/spectrum/patterns/7-days", charts: 1 },
  { name: "the month", path: `/spectrum/month/${lastMonth}`, charts: 0 },
  { name: "the feed", path: "/spectrum/feed", charts: 0 },
];

const QUIET = new Set(["generic", "StaticText", "InlineTextBox"]);

/** Opens everything that is folded: what a reader can unfold is told of too. */
function unfold(page) {
  return page.locator("details").evaluateAll((all) => all.forEach((details) => (details.open = true)));
}

/** Keeps what is told of a screen, for people to read. */
function keep(name, lines) {
  const folder = join(root, "target/end2end/transcripts");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name.replace(/[^a-z]+/g, "-")}.txt`), `${lines.join("\n")}\n`);
}

/** What is wrong with the way one figure is told of. */
function toldWrong(tree, node, figure) {
  const found = [];
  const pictures = ofRole(tree, node, "image");
  if (pictures.length !== 1) return [`${figure.title}: ${pictures.length} pictures are told of, not one`];
  const [{ node: picture, name, description }] = pictures;
  if (name !== figure.title) found.push(`${figure.title}: the picture is called “${name}”`);
  if (!description.includes(figure.takeaway)) found.push(`${figure.title}: of the picture is said “${description}”`);
  // The texts in a picture stay in this tree, and the browser keeps them from screen readers: whatever is a picture is told as
  // one thing. What could be stepped into, or has a name of its own, would not be kept.
  const noise = allBelow(tree, picture)
    .filter(({ role, properties }) => !QUIET.has(role.value) || properties?.some(({ name }) => name === "focusable"))
    .map((inside) => `${inside.role.value} “${inside.name?.value ?? ""}”`);
  if (noise.length > 0) found.push(`${figure.title}: within the picture is read ${noise.slice(0, 5).join(", ")}`);
  const tables = ofRole(tree, node, "table");
  if (tables.length !== 1 || tables[0].name === "") return [...found, `${figure.title}: there is no table with a name`];
  const cells = allBelow(tree, tables[0].node);
  const ofCell = (cell) => cell.name.value.replace(/\s+/g, " ").trim();
  const read = (wanted) => cells.filter(({ role }) => role.value === wanted).map(ofCell);
  const same = (what, heard, seen) => {
    if (JSON.stringify(heard) !== JSON.stringify(seen)) found.push(`${figure.title}: ${what}: heard ${heard}, seen ${seen}`);
  };
  same("columns", read("columnheader"), figure.columns);
  same("rows", read("rowheader"), figure.rows.map(([first]) => first));
  same("cells", read("cell"), figure.rows.flatMap(([, ...others]) => others));
  return found;
}

export default function transcripts(test) {
  for (const { name, open, path, charts } of screens) {
    test(`what is read of ${name} is what is seen`, async (visits) => {
      const page = await visits.page({ who: PAID, script: false });
      await (open ? open(page) : page.goto(path));
      await unfold(page);
      const tree = await treeOf(page);
      keep(name, transcript(tree));
      const told = ofRole(tree, tree.root, "figure");
      const drawn = await page.locator("main figure:has(svg.chart)").all();
      assert.equal(told.length, drawn.length);
      assert.ok(drawn.length >= charts, `${drawn.length} charts`);
      const found = [];
      for (const [index, figure] of drawn.entries()) {
        const read = await readFigure(figure);
        found.push(...toldWrong(tree, told[index].node, read), ...differences(read));
      }
      assert.deepEqual(found, []);
    });
  }

  test("a table that says something else than its picture is found out", async (visits) => {
    for (const { name, open, path } of screens.filter(({ all }) => all)) {
      const page = await visits.page({ who: PAID, script: false });
      await (open ? open(page) : page.goto(path));
      for (const figure of await page.locator("main figure:has(svg.chart)").all()) {
        const read = await readFigure(figure);
        const [first, ...others] = read.rows;
        const turned = differences({ ...read, rows: [...others, first] });
        assert.ok(turned.length > 0, `${name}, ${read.title}: rows in another order`);
        assert.ok(differences({ ...read, rows: others }).length > 0, `${name}, ${read.title}: a row too few`);
        // The last of the rows that say most is off: counts alone need not be drawn.
        const said = read.rows.map((row) => numbers(row.slice(1).join(" ")).length);
        const index = said.lastIndexOf(Math.max(...said));
        const off = read.rows.map((row, at) => (at === index ? [row[0], ...row.slice(1).map(otherwise)] : row));
        assert.ok(differences({ ...read, rows: off }).length > 0, `${name}, ${read.title}: other numbers`);
      }
      await page.context().close();
    }
  });
}

/** A cell whose first number is another. */
function otherwise(cell) {
  return cell.replace(/\d(?=\D*$|\D*[±o(])/, (digit) => String((Number(digit) + 5) % 10));
}
