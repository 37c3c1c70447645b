// Every page of every kind of person, held against axe-core's rules in each theme and width, and against large text, readers
// who want no motion, and paper.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { DESK, PHONE, TABLET } from "../browser.mjs";
import { screens } from "../screens.mjs";

export const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// A4 less the margins that browsers leave.
const PAPER = { width: 718, height: 1047 };

const RULES = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  // Off unless asked for by name, though it carries one of the tags.
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
};

/** What the page breaks, one line a rule and element. */
export async function violations(page, where) {
  const look = () =>
    page.evaluate(async (rules) => {
      const { violations } = await window.axe.run(document, rules);
      return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 160)}`));
    }, RULES);
  let found = await look();
  if (found.length > 0) {
    // What lies half under a bar that stays is too small only until the page is scrolled.
    await page.evaluate(() => scrollBy(0, 150));
    const still = await look();
    found = found.filter((line) => still.includes(line));
    await page.evaluate(() => scrollTo(0, 0));
  }
  return found.map((line) => `${where}: ${line}`);
}

/** Every element that sticks out of a window this wide, or nothing. */
export async function sticksOut(page, width, where) {
  return page.evaluate(
    ({ width, where }) => {
      if (document.scrollingElement.scrollWidth <= width) return [];
      const out = [...document.querySelectorAll("body *")].filter((element) => {
        // What scrolls by itself, or is clipped on purpose, moves nothing else.
        if (element.closest(".scroll, .unseen, .skip, svg.symbols")) return false;
        const { left, right } = element.getBoundingClientRect();
        return right > width + 0.5 || left < -0.5;
      });
      const named = out.slice(0, 8).map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`);
      return [`${where}: ${document.scrollingElement.scrollWidth} px wide: ${named.join(", ")}`];
    },
    { width, where },
  );
}

/** Texts and controls that are drawn over one another, which no rule of axe-core looks for. */
export async function overlaps(page, where) {
  return page.evaluate((where) => {
    // A table that scrolls by itself covers nothing beyond its frame.
    const inSight = (element) => {
      const [box, frame] = [element, element.closest("details") ?? document.body].map((one) => one.getBoundingClientRect());
      const [left, right] = [Math.max(box.left, frame.left), Math.min(box.right, frame.right)];
      return { left, right, top: box.top, bottom: box.bottom };
    };
    const seen = [...document.querySelectorAll("main p, main h2, main button, main a, main summary, main td, main th")]
      .filter((element) => element.checkVisibility() && element.innerText.trim() !== "")
      .map((element) => ({ element, box: inSight(element) }));
    const found = [];
    for (const [index, a] of seen.entries()) {
      for (const b of seen.slice(index + 1)) {
        if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
        const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (width > 2 && height > 2) found.push(`${where}: “${a.element.innerText}” lies over “${b.element.innerText}”`);
      }
    }
    return found.slice(0, 5);
  }, where);
}

/** Words in a picture that lie over one another or stick out of the window. */
export async function pictureWords(page, width, where) {
  return page.evaluate(
    ({ width, where }) => {
      const found = [];
      for (const chart of document.querySelectorAll("svg.chart")) {
        const words = [...chart.querySelectorAll("text")].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
        for (const [index, a] of words.entries()) {
          if (a.box.left < 0 || a.box.right > width) found.push(`${where}: “${a.text}” sticks out of the window`);
          for (const b of words.slice(index + 1)) {
            const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
            const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
            // The box of a text has air above and below its letters.
            if (across > 1 && down > 5) found.push(`${where}: “${a.text}” lies over “${b.text}” in a picture`);
          }
        }
      }
      return found;
    },
    { width, where },
  );
}

/** From desk to narrow phone, and with letters twice as large, by the page's own size and by the reader's. */
async function narrowAndLarge(page) {
  const found = [];
  for (const { width, height } of [DESK, TABLET, { ...PHONE, width: 320 }, PHONE]) {
    await page.setViewportSize({ width, height });
    found.push(...(await sticksOut(page, width, `${width} px`)), ...(await overlaps(page, `${width} px`)));
    found.push(...(await pictureWords(page, width, `${width} px`)));
  }
  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  found.push(...(await sticksOut(page, 390, "200 % text")), ...(await overlaps(page, "200 % text")));
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
  // The reader's own size, which media queries in em follow as well.
  const session = await page.context().newCDPSession(page);
  const letters = async (size) => {
    await session.send("Page.setFontSizes", { fontSizes: { standard: size, fixed: 13 } });
    await page.waitForFunction((size) => getComputedStyle(document.documentElement).fontSize === `${size}px`, size);
  };
  await letters(32);
  found.push(...(await sticksOut(page, 390, "32 px text")), ...(await overlaps(page, "32 px text")));
  await letters(16);
  return found;
}

/** Turned round, as for a language that is read from right to left. */
async function turnedRound(page) {
  const found = [];
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  for (const width of [390, 320]) {
    await page.setViewportSize({ ...PHONE, width });
    const where = `${width} px, turned round`;
    found.push(...(await sticksOut(page, width, where)), ...(await overlaps(page, where)));
    found.push(...(await pictureWords(page, width, where)));
  }
  await page.evaluate(() => (document.documentElement.dir = "ltr"));
  return found;
}

/** On paper: nothing to press, nothing cut off, and every table. */
async function onPaper(page) {
  await page.setViewportSize(PAPER);
  await page.emulateMedia({ media: "print" });
  const found = [...(await sticksOut(page, PAPER.width, "paper")), ...(await overlaps(page, "paper"))];
  found.push(...(await pictureWords(page, PAPER.width, "paper")), ...(await missingOnPaper(page)));
  return found;
}

export default function accessibility(test) {
  for (const screen of screens) {
    test(`${screen.name} breaks no rule of axe-core, light, dark and in forced colours`, async (visits) => {
      const found = [];
      for (const viewport of [PHONE, DESK]) {
        const page = await screen.open(visits, { viewport });
        await page.evaluate(axe);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          found.push(...(await violations(page, `${viewport.width} ${colorScheme}`)));
        }
        if (viewport === PHONE) {
          await page.emulateMedia({ forcedColors: "active" });
          found.push(...(await violations(page, `${viewport.width} forced colours`)));
          found.push(...(await lostMarks(page)));
        }
        await page.context().close();
      }
      assert.deepEqual(found, []);
    });

    test(`${screen.name} fits every window, letter, direction and paper, and keeps still`, async (visits) => {
      const page = await screen.open(visits, { viewport: PHONE });
      const found = [...(await moves(page)), ...(await narrowAndLarge(page))];
      found.push(...(await turnedRound(page)), ...(await onPaper(page)));
      assert.deepEqual(found, []);
    });
  }
}

/** What moves longer than anybody sees, though the reader has asked for no motion. */
function moves(page) {
  return page.evaluate(() => {
    // Computed times are always in seconds.
    const seconds = (list) => Math.max(...list.split(",").map(Number.parseFloat));
    const found = [];
    for (const element of document.querySelectorAll("body, body *")) {
      for (const part of [undefined, "::before", "::after"]) {
        const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(element, part);
        const longest = Math.max(seconds(transitionDuration), seconds(animationDuration));
        const named = `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}${part ?? ""}`;
        if (longest > 0.01) found.push(`${named} moves for ${longest} s`);
        if (scrollBehavior === "smooth") found.push(`${named} scrolls by itself`);
      }
    }
    return [...new Set(found)].slice(0, 8);
  });
}

/** What paper shows that nobody can press, and what it lacks: pictures and the tables behind them. */
function missingOnPaper(page) {
  return page.evaluate(() => {
    const found = [];
    const named = (element) =>
      `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} “${element.textContent.trim().slice(0, 40)}”`;
    const controls = ".skip, .places, .kinds, .turn, .files, .control, .onward, .button, summary, button, select";
    for (const control of document.querySelectorAll(controls)) {
      if (control.checkVisibility()) found.push(`paper: ${named(control)} is printed`);
    }
    for (const content of document.querySelectorAll("main :is(svg.chart, details table, details ul)")) {
      const { width, height } = content.getBoundingClientRect();
      const seen = content.checkVisibility({ contentVisibilityAuto: true });
      if (!seen || width < 20 || height < 12) found.push(`paper: ${named(content)} is missing`);
    }
    for (const element of document.querySelectorAll("main, main *")) {
      if (element.closest("svg, .unseen") || getComputedStyle(element).overflowX === "visible") continue;
      if (element.scrollWidth > element.clientWidth + 1) found.push(`paper: ${named(element)} is cut off`);
    }
    return [...new Set(found)].slice(0, 12);
  });
}

/** Marks whose colour is the ground's where the reader chooses the colours. */
function lostMarks(page) {
  return page.evaluate(() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const marks = [...document.querySelectorAll("svg.chart :is(.mark, .bar, .range, .middle, .lean, .spot, .point:not(.then)), svg.icon .mark")];
    const lost = marks.filter((mark) => getComputedStyle(mark).fill === ground);
    return lost.map((mark) => `forced colours: ${mark.getAttribute("class")} has the colour of the ground`);
  });
}
