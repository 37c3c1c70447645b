// What each kind of person meets: floors below which nothing is averaged, marked examples, and pages that say what to do.
import assert from "node:assert/strict";

import { openRichWeek } from "../browser.mjs";
import { FREE, PAID, STAFF, TWO_SESSIONS } from "../demo.mjs";

const heading = (page, name) => page.getByRole("heading", { level: 1, name });

export default function people(test) {
  test("two sessions make no middle, and the page says what would", async (visits) => {
    const page = await visits.page({ who: TWO_SESSIONS, script: false });
    await page.goto("/spectrum");
    assert.equal(await page.locator(".headline").innerText(), "Two sessions so far.");
    assert.ok(await page.getByText("A picture of your week starts at three.").isVisible());
    assert.equal(await page.locator("ol .session").count(), 2);
    const text = await page.locator("main").textContent();
    for (const word of ["iddle of the week", "leaned", "How the days went", "Which feelings showed"]) {
      assert.ok(!text.includes(word), `two sessions are enough for “${word}”`);
    }
    assert.equal(await page.locator("svg.chart .middle, svg.chart .reach, svg.chart .ghost").count(), 0);
  });

  test("with every session left out the page says so and how to undo it", async (visits) => {
    const page = await visits.page({ who: TWO_SESSIONS, script: false });
    await page.goto("/spectrum");
    const press = async (label, said) => {
      await page.getByRole("button", { name: new RegExp(`^${label}: `) }).first().click();
      await page.getByRole("status").filter({ hasText: said }).waitFor();
    };
    await press("Leave out", "Was 2 sessions, now 1.");
    assert.equal(await page.locator(".headline").innerText(), "One session so far.");
    await press("Leave out", "Was 1 session, now 0.");
    assert.match(await page.locator(".headline").innerText(), /^Every session this week is left out/);
    assert.equal(await page.locator("svg.chart:not(.example svg)").count(), 0);
    await press("Take in again", "Was 0 sessions, now 1.");
    await press("Take in again", "Was 1 session, now 2.");
    assert.equal(await page.locator(".headline").innerText(), "Two sessions so far.");
  });

  test("the free plan shows the whole week, and its example is marked as one", async (visits) => {
    const page = await visits.page({ who: FREE, script: false });
    await page.goto("/spectrum");
    assert.ok((await page.locator("ol .session").count()) > 0);
    const example = page.locator(".example");
    assert.equal(await example.count(), 1);
    assert.equal(await example.locator(".badge").innerText(), "Example");
    assert.match(await example.innerText(), /made up/);
    assert.equal(await example.getAttribute("data-teaser-screen"), "week");
    assert.match(await example.innerText(), /no part of them is kept back/);

    const paid = await visits.page({ who: PAID, script: false });
    await openRichWeek(paid);
    assert.equal(await paid.locator(".example").count(), 0);
  });

  test("a week without sessions says so; one still to come shows a marked example", async (visits) => {
    const page = await visits.page({ who: PAID, script: false });
    await page.goto("/spectrum/week/2019-W01");
    assert.equal(await page.locator(".headline").innerText(), "No sessions this week.");
    assert.equal(await page.locator("svg.chart").count(), 0);
    await page.goto(`/spectrum/week/${new Date().getFullYear() + 2}-W10`);
    assert.equal(await page.locator(".headline").innerText(), "Nothing here yet.");
    assert.equal(await page.locator(".example .badge").innerText(), "Example");
    assert.equal(await page.getByRole("link", { name: /^Next week/ }).count(), 0);
  });

  test("staff see the pipeline and no member's page", async (visits) => {
    const page = await visits.page({ who: STAFF, script: false });
    assert.equal((await page.goto("/staff")).status(), 200);
    await heading(page, "Pipeline").waitFor();
    assert.ok((await page.locator("tbody tr").count()) > 0);
    assert.match(await page.locator(".takeaway").innerText(), /nothing (is )?dead/i);
    assert.equal((await page.goto("/spectrum")).status(), 403);
    await heading(page, "This page belongs to a member.").waitFor();
    await page.getByRole("link", { name: "Go to the staff page" }).click();
    await page.waitForURL(/\/staff$/);
  });

  test("a member sees no staff page and is led back", async (visits) => {
    const page = await visits.page({ who: PAID, script: false });
    assert.equal((await page.goto("/staff")).status(), 403);
    await page.getByRole("link", { name: "Go to your newest week" }).click();
    await page.waitForURL(/\/spectrum\/week\//);
  });

  test("who is not signed in learns what to do", async (visits) => {
    const page = await visits.page({ script: false });
    for (const path of ["/spectrum", "/spectrum/week/2026-W47", "/spectrum/feed", "/spectrum/months"]) {
      assert.equal((await page.goto(path)).status(), 401, path);
      await heading(page, "You are signed out.").waitFor();
      assert.ok(await page.getByText("Open Spectrum from the app again to sign in.").isVisible());
    }
    assert.equal((await page.goto("/staff")).status(), 401);
    await heading(page, "This page is for the people who run Spectrum.").waitFor();
    assert.ok(await page.getByRole("link", { name: "Sign in" }).isVisible());
  });

  test("an address that is no page, and a week that is none, say so and lead on", async (visits) => {
    const page = await visits.page({ who: PAID, script: false });
    for (const [path, name] of [
      ["/no-such-page", "There is no page here."],
      ["/spectrum/week/2026-W99", "There is no such week."],
      ["/spectrum/week/yesterday", "There is no such week."],
    ]) {
      assert.equal((await page.goto(path)).status(), 404, path);
      await heading(page, name).waitFor();
      await page.getByRole("link", { name: "Go to your newest week" }).click();
      await page.waitForURL(/\/spectrum\/week\/\d{4}-W\d\d$/);
    }
  });
}
