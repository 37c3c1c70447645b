// What was measured, as tables for people and as files for machines, in the form of the other benches.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./servers.mjs";

const rows = [];
const fileOf = (name) => join(root, "target/bench", `${name}.json`);

/** A figure, beside the peer's where there is one, with the ratio that is aimed at. */
export function figure(name, value, unit, reference = null, aim = "") {
  const ratio = reference === null ? null : value / reference;
  mkdirSync(join(root, "target/bench"), { recursive: true });
  writeFileSync(fileOf(name), JSON.stringify({ name, value, unit, reference, ratio, aim }));
  rows.push({ name, value, unit, reference, ratio, aim });
}

/** Takes away what an earlier run left under this name: it must not stand for one that has no such figure. */
export const forget = (name) => rmSync(fileOf(name), { force: true });

export function printFigures() {
  const text = (number, digits) => (number === null ? "" : number.toFixed(digits));
  const line = (name, value, unit, reference, ratio, aim) => {
    const figures = `${value.padStart(12)} ${unit.padEnd(10)} ${reference.padStart(12)} ${ratio.padStart(8)}`;
    console.log(`${name.padEnd(36)} ${figures}  ${aim}`.trimEnd());
  };
  console.log("");
  line("figure", "value", "unit", "reference", "ratio", "aim");
  for (const { name, value, unit, reference, ratio, aim } of rows) {
    line(name, text(value, 3), unit, text(reference, 3), text(ratio, 3), aim);
  }
}

const COLUMNS = [
  ["pages/s", ({ perSecond }) => perSecond.toFixed(perSecond < 100 ? 1 : 0)],
  ["p50 ms", ({ p50 }) => p50.toFixed(1)],
  ["p99 ms", ({ p99 }) => p99.toFixed(1)],
  ["bytes", ({ bytesEach }) => bytesEach.toFixed(0)],
  ["own CPU ms", ({ ownMilliseconds }) => ownMilliseconds.toFixed(2)],
  ["pg CPU ms", ({ postgresMilliseconds }) => postgresMilliseconds.toFixed(2)],
  ["answers", ({ answers }) => String(answers)],
  ["refused", ({ refused, broken }) => String(refused + broken)],
];

/** One line a measurement: who, which page, how many at once, and what the rounds come to. */
export function table(measured) {
  const heads = ["who", "page", "members", ...COLUMNS.map(([head]) => head)];
  const lines = measured.map(({ who, screen, members, figures }) =>
    [who, screen, String(members), ...COLUMNS.map(([, of]) => of(figures))]);
  const widths = heads.map((head, at) => Math.max(head.length, ...lines.map((line) => line[at].length)));
  console.log("");
  for (const line of [heads, ...lines]) {
    console.log(`  ${line.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ")}`);
  }
}
