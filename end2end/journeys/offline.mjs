// A browser without a network shows a page of ours and has kept nothing of anybody's; with one it is not asked twice for a page.
import assert from "node:assert/strict";

import { openRichWeek } from "../browser.mjs";
import { PAID } from "../demo.mjs";

/** Waits until the service worker is there for the next page. This one it may never have: whoever came while it started. */
const standing = (page) => page.evaluate(async () => void (await navigator.serviceWorker.ready));

export default function offline(test) {
  test("without a network there is a page that says so, in the browser's language, and nothing personal is kept", async (visits) => {
    for (const [locale, heading] of [
      ["en-GB", "There is no network right now."],
      ["de-DE", "Gerade ist kein Netz da."],
    ]) {
      const expected = [/ERR_INTERNET_DISCONNECTED/];
      const page = await visits.page({ who: PAID, serviceWorkers: "allow", locale, expected });
      await openRichWeek(page);
      await standing(page);
      const week = page.url();
      for (const path of [week, "/spectrum/feed", "/spectrum/settings", "/spectrum/landscape"]) await page.goto(path);
      await page.context().setOffline(true);
      await page.goto("/spectrum/feed");
      await page.getByRole("heading", { level: 1, name: heading }).waitFor();
      assert.ok(page.url().endsWith("/spectrum/feed"), "the address stays, so that it can be tried again");
      const ground = await page.evaluate(() => getComputedStyle(document.body).display);
      assert.equal(ground, "flex", "its sheet is there as well");
      const kept = await page.evaluate(async () => {
        const urls = [];
        for (const name of await caches.keys()) {
          for (const { url } of await (await caches.open(name)).keys()) urls.push(new URL(url).pathname);
        }
        return urls;
      });
      assert.ok(kept.includes("/offline"), kept.join(", "));
      for (const path of kept) assert.match(path, /^\/offline$|\.[0-9a-f]{16}\.(css|js|wasm|svg|png)$/, "nothing else is kept");
      await page.context().setOffline(false);
      await page.getByRole("link", { name: /Try again|Noch einmal/ }).click();
      await page.waitForURL(/\/spectrum\/feed$/);
      assert.equal(await page.getByRole("heading", { level: 1, name: heading }).count(), 0);
    }
  });

  test("a page that is at hand is answered 304, and its script runs all the same", async (visits) => {
    // A page whose being looked at is counted is drawn each time.
    const page = await visits.page({ who: PAID });
    await page.goto("/spectrum/settings");
    await page.getByRole("button", { name: "Stop counting, and let go what was counted" }).click();
    await openRichWeek(page);
    const week = page.url();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    const answers = [];
    session.on("Network.responseReceivedExtraInfo", ({ statusCode, headers }) => answers.push([statusCode, headers]));
    await page.goto("/spectrum/feed");
    answers.length = 0;
    await page.goto(week);
    assert.equal(answers[0][0], 304, JSON.stringify(answers[0]));
    await page.waitForFunction(() => [...document.querySelectorAll("leptos-island")].every((island) => island.awake));
    assert.ok((await page.locator("leptos-island").count()) > 0);
    await page.goto("/spectrum/settings");
    await page.getByRole("button", { name: "Let it be counted" }).click();
  });

  test("a browser is told to let go of pages when its member leaves", async (visits) => {
    const page = await visits.page({ script: false });
    await page.goto(await visits.link(PAID));
    await page.getByRole("button", { name: "Continue" }).click();
    await openRichWeek(page);
    const week = page.url();
    const left = page.waitForResponse((answer) => answer.url().endsWith("/fn/sign_out"));
    await page.goto("/spectrum/settings");
    await page.getByRole("button", { name: "Sign out" }).click();
    assert.equal((await (await left).allHeaders())["clear-site-data"], '"cache"');
    assert.equal((await page.goto(week)).status(), 401);
  });
}
