// Has Lighthouse judge every screen as on a slow phone, prints a table, and fails where a category is below what we ask for.
//
//   node end2end/lighthouse/run.mjs [--data-dir DIR] [--runs 3] [WORD …]
//
// WORDs choose screens by their names. The performance of a screen is the median of its runs. Each screen's whole report is
// in target/lighthouse/. The server is the one that SPECTRUM_BIN names, else target/debug/spectrum.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import lighthouse, { generateReport, snapshot } from "lighthouse";
import puppeteer from "puppeteer-core";

import { ARGUMENTS, executable, launch, Visits } from "../browser.mjs";
import { FREE, PAID, root, STAFF, startDemo } from "../demo.mjs";
import { figure } from "../figure.mjs";
import { addressOf, measured } from "../slow_phone.mjs";

const LEAST = 98;
const CATEGORIES = ["performance", "accessibility", "best-practices"];

const { values: options, positionals: words } = parseArgs({
  options: { "data-dir": { type: "string" }, runs: { type: "string", default: "3" } },
  allowPositionals: true,
});

const screens = [
  ...measured.map((screen) => ({ ...screen, who: PAID })),
  { name: "week_free", find: (page) => page.goto("/spectrum"), who: FREE },
  { name: "sign_in", path: "/sign-in" },
  { name: "styleguide", path: "/styleguide" },
  { name: "staff", path: "/staff", who: STAFF },
].filter(({ name }) => words.every((word) => name.includes(word)));

/** Where every screen is and the cookies of who sees it: found by the other browser, so that this one is new to all of it. */
async function waysTo(demo) {
  const browser = await launch();
  const visits = new Visits(browser, demo);
  const found = [];
  for (const screen of screens) {
    const path = await addressOf(visits, screen, screen.who);
    found.push({ ...screen, url: new URL(path, demo.url).href, cookies: screen.who ? await visits.cookies(screen.who) : [] });
  }
  await browser.close();
  return found;
}

/** One run on one screen, in a browser of its own. A trace that was lost, as happens on a busy machine, is taken again. */
async function judge(browser, screen, onlyCategories, tries = 3) {
  const context = await browser.createBrowserContext();
  try {
    if (screen.cookies.length > 0) await context.setCookie(...screen.cookies.map(withoutNull));
    const page = await context.newPage();
    const flags = { logLevel: "error", output: "html" };
    // The phone, its network and its processor are those of Lighthouse itself.
    const config = { extends: "lighthouse:default", settings: { onlyCategories } };
    const { lhr } = await lighthouse(screen.url, flags, config, page);
    if (lhr.finalDisplayedUrl !== screen.url) throw new Error(`${screen.url} led to ${lhr.finalDisplayedUrl}`);
    if (lhr.runtimeError) throw new Error(`${screen.url}: ${lhr.runtimeError.message}`);
    // The page is left open as it was judged.
    if (lhr.audits["target-size"]?.score === 0) await scrolled(page, flags, lhr);
    return lhr;
  } catch (error) {
    if (tries <= 1) throw error;
  } finally {
    await context.close();
  }
  return judge(browser, screen, onlyCategories, tries - 1);
}

/**
 * Has accessibility judged once more where nothing lies half under a bar, where targets were too small.
 *
 * The bars at the top and the foot of the window stay, so that something often lies half under one of them and is counted as
 * too small; where a reader scrolls it is whole. axe-core in the journeys is asked more than once for the same reason.
 */
async function scrolled(page, flags, lhr) {
  await page.evaluate(() => {
    const targets = [...document.querySelectorAll("main :is(a, button, select, input, summary, label)")];
    const bars = [...document.querySelectorAll(".period, .places")];
    const halfUnder = () => {
      const edges = bars.map((bar) => bar.getBoundingClientRect());
      return targets.some((target) => {
        const { top, bottom } = target.getBoundingClientRect();
        return edges.some((edge) => top < edge.bottom && bottom > edge.top && !(top >= edge.top && bottom <= edge.bottom));
      });
    };
    for (let tries = 0; tries < 200 && halfUnder(); tries += 1) scrollBy(0, 5);
  });
  const config = { extends: "lighthouse:default", settings: { onlyCategories: ["accessibility"] } };
  const { lhr: again } = await snapshot(page, { flags, config });
  lhr.atTop = points(lhr, "accessibility");
  lhr.categories.accessibility = again.categories.accessibility;
  for (const { id } of again.categories.accessibility.auditRefs) lhr.audits[id] = again.audits[id];
}

/** A cookie as the other driver takes it: one that ends with the browser has no date there. */
function withoutNull({ expires, ...cookie }) {
  return expires > 0 ? { ...cookie, expires } : cookie;
}

const points = (lhr, category) => Math.round((lhr.categories[category].score ?? 0) * 100);

/** The audits of a category that cost it points. */
function costly(lhr, category) {
  return lhr.categories[category].auditRefs
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.98)
    .map(({ id }) => {
      const { title, displayValue, score, details } = lhr.audits[id];
      const first = (details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? item.url ?? item.description);
      return [`${id} (${title})`, displayValue, score.toFixed(2), ...first.filter(Boolean)].filter(Boolean).join(" · ");
    });
}

/** All runs of one screen: the points of each category, and what cost some. */
async function measure(browser, screen) {
  const runs = [await judge(browser, screen, CATEGORIES)];
  while (runs.length < Number(options.runs)) runs.push(await judge(browser, screen, ["performance"]));
  const sorted = [...runs].sort((a, b) => points(a, "performance") - points(b, "performance"));
  const median = sorted[Math.floor(sorted.length / 2)];
  const of = { performance: median, accessibility: runs[0], "best-practices": runs[0] };
  const folder = join(root, "target/lighthouse");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${screen.name}.html`), generateReport(runs[0], "html"));
  writeFileSync(join(folder, `${screen.name}.json`), JSON.stringify(runs[0]));
  const row = {};
  for (const category of CATEGORIES) {
    row[category] = points(of[category], category);
    const name = `lighthouse_${screen.name}_${category.replace("-", "_")}`;
    figure(name, row[category], "points", `≥ ${LEAST}`, { quietly: true });
  }
  const lost = CATEGORIES.flatMap((category) => costly(of[category], category));
  if (runs[0].atTop) lost.push(`accessibility before scrolling: ${runs[0].atTop}, for what lies half under the bar that stays`);
  return { row, lost, speeds: runs.map(({ environment }) => environment.benchmarkIndex) };
}

const demo = await startDemo({ dataDir: options["data-dir"] });
let browser;
let low = 0;
// How fast Lighthouse found this machine while it judged: where the two lie far apart, something else was running, and what that
// took of the processor counts as the pages' own.
let least = Infinity;
let most = 0;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await browser?.close();
    await demo.stop();
    process.exit(130);
  });
}
try {
  const ways = await waysTo(demo);
  browser = await puppeteer.launch({
    executablePath: executable(),
    args: ARGUMENTS,
    // Signals are ours to handle: the demo has to be stopped as well.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  console.log(`${"screen".padEnd(12)}${CATEGORIES.map((category) => category.padStart(16)).join("")}`);
  for (const screen of ways) {
    const { row, lost, speeds } = await measure(browser, screen);
    least = Math.min(least, ...speeds);
    most = Math.max(most, ...speeds);
    console.log(`${screen.name.padEnd(12)}${CATEGORIES.map((category) => String(row[category]).padStart(16)).join("")}`);
    for (const line of lost) console.log(`    ${line}`);
    low += CATEGORIES.filter((category) => row[category] < LEAST).length;
  }
} finally {
  await browser?.close();
  const wrong = await demo.stop();
  if (wrong) console.error(`the demo ${wrong}`);
}
console.log(`speed of this machine: ${Math.round(least)} to ${Math.round(most)}; performance is worth something where they agree`);
console.log(low === 0 ? `nothing below ${LEAST}` : `${low} below ${LEAST}`);
process.exit(low === 0 ? 0 : 1);
