// The same member with scripts off: every screen reads, and every control works as a plain form or link.
import assert from "node:assert/strict";

import { counted, DESK, openRichWeek, PHONE, pictures, TABLET } from "../browser.mjs";
import { PAID } from "../demo.mjs";
import { screens } from "../screens.mjs";
import { sticksOut } from "./accessibility.mjs";

// It is come to by the island, and the test below does the same by forms.
const BY_ISLAND = "the week after leaving a session out";

/** What a page lacks or offers in vain where no script runs. */
function inVain(page) {
  return page.evaluate(() => {
    const found = [];
    const seen = (element) => element.checkVisibility({ visibilityProperty: true });
    if (![...document.querySelectorAll("h1")].some((heading) => seen(heading) && heading.innerText.trim())) found.push("no heading");
    if (document.querySelector("main").innerText.trim().length < 20) found.push("nothing to read");
    for (const form of document.querySelectorAll("form")) {
      if (!form.querySelector("button")) found.push(`the form ${form.getAttribute("action")} can't be sent`);
    }
    for (const button of document.querySelectorAll("button")) {
      if (seen(button) && !button.form) found.push(`“${button.innerText}” does nothing`);
    }
    for (const line of document.querySelectorAll(".readout")) if (seen(line)) found.push("it says that a mark can be touched");
    return found;
  });
}

export default function withoutScript(test) {
  test("a link that was fetched ahead lets in, once; the second time it says so", async (visits) => {
    const link = await visits.link(PAID);
    for (let times = 0; times < 2; times += 1) {
      const ahead = await fetch(link);
      assert.equal(ahead.status, 200);
      assert.deepEqual(ahead.headers.getSetCookie?.() ?? [], [], "fetching the page signs in");
    }
    const page = await visits.page({ script: false });
    await page.goto(link);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(/\/spectrum\/week\//);
    assert.ok(await page.locator(".headline").isVisible());
    assert.ok(!page.url().includes("code="), "the code is still in the address");

    const other = await visits.page({ script: false });
    await other.goto(link);
    const [answer] = await Promise.all([
      other.waitForResponse((response) => new URL(response.url()).pathname === "/sign-in"),
      other.getByRole("button", { name: "Continue" }).click(),
    ]);
    assert.equal(answer.status(), 200);
    await other.getByRole("heading", { name: "This link is used up or has run out." }).waitFor();
    assert.ok(await other.getByText("Open Spectrum from the app again").isVisible());
    assert.deepEqual(await other.context().cookies(), []);
  });

  test("signing out ends it on this device and on the server", async (visits) => {
    const page = await visits.page({ script: false });
    await page.goto(await visits.link(PAID));
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(/\/spectrum\/week\//);
    const kept = await page.context().cookies();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/\/signed-out$/);
    await page.getByRole("heading", { name: "You are signed out." }).waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    // Whoever copied the cookie before has nothing of it.
    await page.context().addCookies(kept);
    assert.equal((await page.goto("/spectrum")).status(), 401);
  });

  test("the week reads, and the period bar leads to the week before and back", async (visits) => {
    const page = await visits.page({ who: PAID, script: false });
    await openRichWeek(page);
    const here = page.url();
    for (const title of ["Where your sessions lay", "How the days went", "Which feelings showed"]) {
      const picture = page.getByRole("img", { name: title });
      assert.ok((await picture.boundingBox()).height > 60, `${title} has no picture`);
    }
    await page.getByRole("link", { name: /^Previous week/ }).click();
    await page.waitForURL((url) => url.href !== here);
    await page.getByRole("link", { name: /^Next week/ }).click();
    await page.waitForURL(here);
  });

  test("the numbers behind a picture unfold", async (visits) => {
    const page = await visits.page({ who: PAID, script: false });
    await openRichWeek(page);
    const { sessions } = await counted(page);
    const details = page.locator("details").first();
    assert.equal(await details.locator("table").isVisible(), false);
    await details.locator("summary").click();
    assert.ok(await details.locator("table").isVisible());
    const named = await details.locator("tbody th").allInnerTexts();
    assert.equal(named.filter((name) => /\d\d:\d\d$/.test(name)).length, sessions);
  });

  test("a session is left out and taken in again by forms", async (visits) => {
    const page = await visits.page({ who: PAID, script: false });
    await openRichWeek(page);
    const before = { counts: await counted(page), pictures: await pictures(page) };
    const { sessions } = before.counts;
    for (let times = 0; times < 2; times += 1) {
      const button = page.getByRole("button", { name: /^Leave out: / }).nth(times);
      const name = (await button.getAttribute("aria-label")).replace("Leave out: ", "");
      await button.click();
      await page.waitForURL(/#said$/);
      const out = await page.getByRole("status").filter({ hasText: "Left out." }).innerText();
      assert.ok(out.startsWith(`Left out. Was ${sessions} sessions, now ${sessions - 1}.`), out);
      assert.equal((await counted(page)).sessions, sessions - 1);
      assert.equal((await counted(page)).leftOut, before.counts.leftOut + 1);
      assert.notDeepEqual(await pictures(page), before.pictures);

      await page.reload();
      assert.equal(await page.locator("#said").count(), 0, "the line about the change is said again");

      await page.getByRole("button", { name: `Take in again: ${name}` }).click();
      await page.getByRole("status").filter({ hasText: `Was ${sessions - 1} sessions, now ${sessions}.` }).waitFor();
      assert.deepEqual({ counts: await counted(page), pictures: await pictures(page) }, before);
    }
  });

  for (const screen of screens.filter(({ name, alike }) => name !== BY_ISLAND && !alike)) {
    test(`${screen.name} is whole on a phone, a tablet and a desk`, async (visits) => {
      const page = await screen.open(visits, { script: false });
      const found = await inVain(page);
      for (const viewport of [PHONE, TABLET, DESK]) {
        await page.setViewportSize(viewport);
        found.push(...(await sticksOut(page, viewport.width, `${viewport.width} px`)));
      }
      assert.deepEqual(found, []);
    });
  }
}
