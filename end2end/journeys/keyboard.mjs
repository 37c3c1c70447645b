// The week page without a mouse, and with fingers: everything can be reached, seen to be reached, and hit.
import assert from "node:assert/strict";

import { awake, DESK, openRichWeek } from "../browser.mjs";
import { PAID, STAFF } from "../demo.mjs";
import { screens } from "../screens.mjs";

const LEAST_TARGET = 24;
const LEAST_BUTTON = 44;

/** What has the focus, and how it shows. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const bar = element.closest(".period, .skip") ? 0 : (document.querySelector(".period")?.getBoundingClientRect().bottom ?? 0);
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      tag: element.tagName.toLowerCase(),
      name: element.getAttribute("aria-label") ?? element.innerText?.trim() ?? "",
      outlined: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2,
      inView: top >= bar - 1 && left >= 0 && bottom <= innerHeight + 1 && right <= innerWidth + 1,
    };
  });
}

/** Tabs once around the page. */
async function around(page) {
  const stops = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const stop = await focused(page);
    if (stop.tag === "body" || (stops.length > 0 && stop.tag === "a" && stop.name === "Skip to content")) return stops;
    stops.push(stop);
  }
  throw new Error("the focus never comes around");
}

export default function keyboard(test) {
  for (const [size, viewport] of [["a phone", undefined], ["a desk", DESK]]) {
    test(`Tab reaches everything in the order it is read, and is seen, on ${size}`, async (visits) => {
      const page = await visits.page({ who: PAID, viewport });
      await openRichWeek(page);
      await awake(page);
      const sessions = await page.locator("ol .session").evaluateAll((rows) => rows.map((row) => row.querySelector("a") !== null));
      const stops = await around(page);
      const expected = [
        /^Skip to content$/,
        /^Previous week/,
        ...((await page.getByRole("link", { name: /^Next week/ }).count()) > 0 ? [/^Next week/] : []),
        ...[/^Week$/, /^Month$/, /^Quarter$/, /^Year$/, /^7 d, /, /^28 d, /, /^90 d, /],
        ...Array(3).fill(/^The numbers behind this$/),
        ...sessions.flatMap((measured) => [...(measured ? [/^(Not quite\?|Corrected by you) /] : []), /^(Leave out|Take in again): /]),
        /^What stood out, week by week$/,
        /^Months$/,
        /^Patterns of this week$/,
        /^Your data$/,
        /^Sign out$/,
        ...[/^Landscape$/, /^Patterns$/, /^Feed$/, /^Month$/],
      ];
      assert.equal(stops.length, expected.length, stops.map(({ name }) => name).join(" | "));
      for (const [index, stop] of stops.entries()) {
        assert.match(stop.name, expected[index]);
        assert.ok(stop.outlined, `the focus on “${stop.name}” is not seen`);
        assert.ok(stop.inView, `“${stop.name}” has the focus out of sight`);
      }
    });
  }

  test("the skip link shows itself and leads past the bar", async (visits) => {
    const page = await visits.page({ who: PAID });
    await openRichWeek(page);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    await page.keyboard.press("Tab");
    assert.equal((await focused(page)).tag, "summary");
  });

  test("Enter follows the period bar, unfolds a table, leaves a session out and takes it in", async (visits) => {
    const page = await visits.page({ who: PAID });
    await openRichWeek(page);
    const here = page.url();
    await page.getByRole("link", { name: /^Previous week/ }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.href !== here);
    await page.getByRole("link", { name: /^Next week/ }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(here);
    await awake(page);
    await page.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    assert.ok(await page.locator("details table").first().isVisible());

    const button = page.getByRole("button", { name: /^Leave out: / }).first();
    const name = (await button.getAttribute("aria-label")).replace("Leave out: ", "");
    await button.focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.getAttribute("aria-label")?.startsWith("Take in again: "));
    const now = await focused(page);
    assert.equal(now.name, `Take in again: ${name}`);
    assert.ok(now.outlined, "after the change the focus is not seen");
    await awake(page);
    await page.keyboard.press("Space");
    await page.waitForFunction(() => document.activeElement.getAttribute("aria-label")?.startsWith("Leave out: "));
    assert.equal((await focused(page)).name, `Leave out: ${name}`);
  });

  test("the staff page's table can be reached, and the focus on it is seen", async (visits) => {
    const page = await visits.page({ who: STAFF });
    await page.goto("/staff");
    const stops = await around(page);
    const names = stops.map(({ name }) => name.split("\n")[0]);
    const places = ["Pipeline", "Jobs", "Schedule", "Workers", "Pushes", "Database", "Erasures", "The product"];
    const switches = ["intake", "analysis", "rollup", "period", "push", "upkeep"].map((queue) => `Pause … ${queue}`);
    assert.deepEqual(
      names.filter((name) => !/^\d+$/.test(name)),
      ["Skip to content", ...places, "Refresh every 10 seconds", "Jobs by queue", ...switches, "What models cost", "Review", "Sign out"],
    );
    assert.ok(stops.every(({ outlined }) => outlined));
  });

  for (const screen of screens.filter(({ alike }) => !alike)) {
    test(`on ${screen.name} everything is large enough for a finger`, async (visits) => {
      const page = await screen.open(visits);
      const small = await page.evaluate(
        ({ target, button }) => {
          const found = [];
          for (const element of document.querySelectorAll("a, button, summary, input:not([type=hidden])")) {
            if (!element.checkVisibility() || element.matches(".skip")) continue;
            // A link within a sentence is as high as its line.
            if (element.matches("p > a:not(.button)")) continue;
            const { width, height } = element.getBoundingClientRect();
            const least = element.matches("button, .button, .turn") ? button : target;
            if (height < least || width < target) found.push(`${element.innerText}: ${width} × ${height}`);
          }
          return found;
        },
        { target: LEAST_TARGET, button: LEAST_BUTTON },
      );
      assert.deepEqual(small, []);
    });
  }
}
