// A member who chooses German: every page of theirs is written in it, fits as well as the English one, and turns back.
import assert from "node:assert/strict";

import { DESK, openRichWeek, PHONE } from "../browser.mjs";
import { PAID } from "../demo.mjs";
import { axe, overlaps, pictureWords, sticksOut, violations } from "./accessibility.mjs";

/** Words that cards in the other language can hardly do without. */
const FOREIGN = { de: /\b(sessions?|weeks?|days?|of)\b/, "": /Sitzung|Woche/ };

/** Chooses on the settings page and waits until the newest cards are written in it. */
async function choose(page, language, heading) {
  await page.goto("/spectrum/settings");
  await page.locator("select[name=language]").selectOption(language);
  await page.locator("form[action='/fn/choose_language'] button").click();
  await page.locator("#said").waitFor();
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  for (let tries = 0; tries < 120; tries += 1) {
    await page.goto("/spectrum/feed");
    const cards = await page.locator(".insight > :is(h3, h3 + p)").allTextContents();
    if (cards.length > 0 && !cards.some((text) => FOREIGN[language].test(text))) return;
    await page.waitForTimeout(250);
  }
  throw new Error("the cards were not told anew");
}

export default function language(test) {
  test("a member chooses German and every page is German and fits", async (visits) => {
    const page = await visits.page({ who: PAID, viewport: PHONE });
    await openRichWeek(page);
    const week = new URL(page.url()).pathname;
    const session = await page.locator("a[href^='/spectrum/session/']").first().getAttribute("href");
    await page.goto("/spectrum/months");
    const month = await page.locator(".months a").first().getAttribute("href");
    const found = [];
    try {
      await choose(page, "de", "Deine Daten");
      await page.evaluate(axe);
      const settings = ["", "/notices", "/exclusions", "/reset", "/reset?depth=derived&before=2026-01-05", "/export", "/erase", "/looked"];
      const paths = [week, session, "/spectrum/week/2019-W01", "/spectrum/feed", "/spectrum/months", month, "/spectrum/week/2026-W99"];
      for (const path of [...paths, ...settings.map((end) => `/spectrum/settings${end}`)]) {
        await page.setViewportSize(PHONE);
        await page.goto(path);
        assert.equal(await page.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dir}`), "de ltr", path);
        for (const summary of await page.locator("summary").all()) await summary.click();
        for (const width of [320, 390]) {
          await page.setViewportSize({ ...PHONE, width });
          const where = `${path}, ${width} px`;
          found.push(...(await sticksOut(page, width, where)), ...(await overlaps(page, where)));
          found.push(...(await pictureWords(page, width, where)));
        }
        await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
        found.push(...(await sticksOut(page, 390, `${path}, 200 % text`)), ...(await overlaps(page, `${path}, 200 % text`)));
        await page.evaluate(() => (document.documentElement.style.fontSize = ""));
        await page.evaluate(axe);
        found.push(...(await violations(page, path)));
        await page.setViewportSize(DESK);
        found.push(...(await sticksOut(page, DESK.width, `${path}, ${DESK.width} px`)));
      }
    } finally {
      await choose(page, "", "Your data");
    }
    assert.deepEqual(found, []);
  });
}
