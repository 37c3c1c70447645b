// A member on a phone with scripts: from the link to the week, and sessions left out without losing the place.
import assert from "node:assert/strict";

import { awake, counted, openRichWeek, pictures } from "../browser.mjs";
import { PAID } from "../demo.mjs";

/** Rows of the list by whether their session counts. */
const leaveOut = (page) => page.getByRole("button", { name: /^Leave out: / });
const takeIn = (page) => page.getByRole("button", { name: /^Take in again: / });

/** What the live region says, once it says what is awaited. */
async function announced(page, start) {
  await page.waitForFunction((start) => document.querySelector("#announcer").textContent.startsWith(start), start);
  return page.locator("#announcer").innerText();
}

/** Leaves the middle session of the list out, takes it in again, and holds everything against what was there before. */
async function outAndIn(page) {
  const before = { counts: await counted(page), pictures: await pictures(page), url: page.url() };
  const button = leaveOut(page).nth(Math.floor((await leaveOut(page).count()) / 2));
  const name = (await button.getAttribute("aria-label")).replace("Leave out: ", "");
  await button.scrollIntoViewIfNeeded();
  const scrolled = await page.evaluate(() => scrollY);

  await button.click();
  const out = await announced(page, "Left out.");
  const { sessions } = before.counts;
  assert.ok(out.startsWith(`Left out. Was ${sessions} sessions, now ${sessions - 1}.`), out);
  const after = await counted(page);
  assert.equal(after.sessions, sessions - 1);
  assert.equal(after.leftOut, before.counts.leftOut + 1);
  assert.notDeepEqual(await pictures(page), before.pictures, "the pictures still show the session");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), `Take in again: ${name}`);
  assert.equal(await page.evaluate(() => scrollY), scrolled, "the page has scrolled");
  const said = page.locator("#said");
  assert.equal(await said.innerText(), out, "what is seen is not what is said");
  assert.ok(await inView(said), "what changed is said out of sight");

  await awake(page);
  await page.getByRole("button", { name: `Take in again: ${name}` }).click();
  const back = await announced(page, "Taken in again.");
  assert.ok(back.startsWith(`Taken in again. Was ${sessions - 1} sessions, now ${sessions}.`), back);
  assert.deepEqual(await counted(page), before.counts);
  assert.deepEqual(await pictures(page), before.pictures, "the pictures are not the ones from before");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), `Leave out: ${name}`);
  assert.equal(page.url(), before.url);
}

/** Whether an element lies within the window and below the bar that stays. */
function inView(locator) {
  return locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const bar = document.querySelector(".period")?.getBoundingClientRect().bottom ?? 0;
    return top >= bar && bottom <= innerHeight;
  });
}

export default function withScript(test) {
  test("the link opens the week by itself", async (visits) => {
    const page = await visits.page();
    await page.goto(await visits.link(PAID));
    await page.waitForURL(/\/spectrum\/week\/\d{4}-W\d\d$/);
    assert.match(await page.locator(".headline").innerText(), /\S.*\.$/);
    assert.match(await page.locator(".coverage").innerText(), /^\d+ sessions? on \d days?/);
    const cookies = await page.context().cookies();
    const signIn = cookies.find(({ name }) => /^(__Host-)?spectrum$/.test(name));
    assert.deepEqual([signIn?.httpOnly, signIn?.sameSite], [true, "Lax"]);
    assert.equal(await page.evaluate(() => document.cookie), "", "a script can read a cookie");
  });

  test("the period bar leads to the week before and back", async (visits) => {
    const page = await visits.page({ who: PAID });
    await openRichWeek(page);
    const here = { url: page.url(), period: await page.getByRole("heading", { level: 1 }).innerText() };
    await page.getByRole("link", { name: /^Previous week/ }).click();
    await page.waitForURL((url) => url.href !== here.url);
    assert.notEqual(await page.getByRole("heading", { level: 1 }).innerText(), here.period);
    await page.getByRole("link", { name: /^Next week/ }).click();
    await page.waitForURL(here.url);
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), here.period);
  });

  test("a session is left out and taken in again in its place, time after time", async (visits) => {
    const page = await visits.page({ who: PAID });
    await openRichWeek(page);
    await awake(page);
    await page.evaluate(() => (window.stays = true));
    let navigations = 0;
    page.on("request", (request) => (navigations += Number(request.isNavigationRequest())));
    await outAndIn(page);
    await awake(page);
    await outAndIn(page);
    assert.equal(navigations, 0, "the page was loaded anew");
    assert.equal(await page.evaluate(() => window.stays), true);
  });

  test("what the reader unfolded stays unfolded", async (visits) => {
    const page = await visits.page({ who: PAID });
    await openRichWeek(page);
    await awake(page);
    await page.locator("summary").first().click();
    assert.ok(await page.locator("details table").first().isVisible());
    const rows = page.locator("details").first().locator("tbody tr");
    const before = await rows.count();
    await leaveOut(page).first().click();
    await announced(page, "Left out.");
    assert.ok(await page.locator("details table").first().isVisible());
    // One session less, and below the floor the middle's row is gone as well.
    assert.ok((await rows.count()) < before);
    await awake(page);
    await takeIn(page).first().click();
    await announced(page, "Taken in again.");
    assert.equal(await rows.count(), before);
  });

  test("pressing twice sends once", async (visits) => {
    const page = await visits.page({ who: PAID });
    await openRichWeek(page);
    await awake(page);
    const posts = [];
    page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
    // The first answer waits until both presses are done: an answer in between would put another button there.
    let go;
    const pressed = new Promise((resolve) => (go = resolve));
    await page.route("**/fn/exclude_session", async (route) => {
      await pressed;
      await route.continue();
    });
    await leaveOut(page).first().dblclick();
    go();
    await announced(page, "Left out.");
    assert.equal(posts.length, 1);
    await awake(page);
    await takeIn(page).first().click();
    await announced(page, "Taken in again.");
  });

  test("going away and back shows what was changed", async (visits) => {
    const page = await visits.page({ who: PAID });
    await openRichWeek(page);
    await awake(page);
    const here = page.url();
    const before = await counted(page);
    await leaveOut(page).first().click();
    await announced(page, "Left out.");
    await page.getByRole("link", { name: /^Previous week/ }).click();
    await page.waitForURL((url) => url.href !== here);
    await page.goBack();
    assert.equal((await counted(page)).sessions, before.sessions - 1);
    assert.equal(await page.locator("#said").count(), 0, "the line about the change is said again");
    await awake(page);
    await takeIn(page).first().click();
    await announced(page, "Taken in again.");
    assert.deepEqual(await counted(page), before);
  });

  test("without a connection nothing changes, and it is said; with one again it works", async (visits) => {
    const page = await visits.page({ who: PAID, expected: [/ERR_INTERNET_DISCONNECTED/] });
    await openRichWeek(page);
    await awake(page);
    await nothingChanges(page, () => page.context().setOffline(true), () => page.context().setOffline(false));
  });

  test("when the server fails nothing changes, and it is said; afterwards it works", async (visits) => {
    const page = await visits.page({ who: PAID, expected: [/status of 503/] });
    await openRichWeek(page);
    await awake(page);
    const fail = (route) => route.fulfill({ status: 503, contentType: "text/html", body: "<main>broken</main>" });
    await nothingChanges(
      page,
      () => page.route("**/fn/exclude_session", fail),
      () => page.unroute("**/fn/exclude_session", fail),
    );
  });

  test("who was signed out meanwhile is led to the page that says so", async (visits) => {
    const page = await visits.page({ who: PAID, expected: [/status of 401/] });
    await openRichWeek(page);
    await awake(page);
    await page.context().clearCookies();
    await leaveOut(page).first().click();
    await page.getByRole("heading", { name: "You are signed out." }).waitFor();
  });

  test("when the browser code never comes the forms still work", async (visits) => {
    const page = await visits.page({ who: PAID, expected: [/ERR_FAILED/, /Failed to fetch/] });
    await page.route("**/*.wasm", (route) => route.abort());
    await openRichWeek(page);
    const before = { counts: await counted(page), pictures: await pictures(page) };
    await leaveOut(page).first().click();
    await page.waitForURL(/#said$/);
    assert.match(await page.locator("#said").innerText(), /^Left out\./);
    await takeIn(page).first().click();
    await page.getByText(/^Taken in again\./).first().waitFor();
    assert.deepEqual({ counts: await counted(page), pictures: await pictures(page) }, before);
  });

  test("a mark that is touched is read out as the table has it, and nothing is read out that it has not", async (visits) => {
    const page = await visits.page({ who: PAID });
    await openRichWeek(page);
    for (const [open, marks] of [
      [async () => {}, [".mark", ".day"]],
      [() => page.goto("/spectrum/landscape/28-days"), [".mark"]],
    ]) {
      await open();
      await awake(page);
      for (const mark of marks) {
        const figure = page.locator("figure", { has: page.locator(`.touched ${mark}`) }).first();
        const columns = await figure.locator("thead th").allTextContents();
        const rows = await figure.locator("tr[data-mark]").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => (cell.querySelector(".unseen") ?? cell).textContent)));
        const line = figure.locator(".readout");
        assert.equal(await line.textContent(), "");
        assert.equal(await figure.locator(`.touched ${mark}`).count(), rows.length, "a row for every mark");
        const expected = rows.map(([name, ...cells]) => [name, ...cells.map((cell, at) => `${columns[at + 1]} ${cell}`)].join(" · "));
        // One mark may lie under another, and then that one is read.
        for (const at of [0, rows.length - 1]) {
          const drawn = figure.locator(`.touched ${mark}`).nth(at);
          // Not under a bar that stays.
          await drawn.evaluate((element) => element.scrollIntoView({ block: "center" }));
          const { x, y, width, height } = await drawn.boundingBox();
          await page.touchscreen.tap(x + width / 2, y + height / 2);
          const said = await line.textContent();
          assert.ok(expected.includes(said), `${said} is in no row`);
          assert.equal(await figure.locator(".touched-mark").count(), 1);
        }
        assert.equal(await line.getAttribute("aria-hidden"), "true", "a screen reader has the table");
      }
    }
  });
}

async function nothingChanges(page, breakIt, mendIt) {
  const before = { counts: await counted(page), pictures: await pictures(page) };
  const button = leaveOut(page).first();
  const label = await button.innerText();
  await breakIt();
  await button.click();
  const alert = page.getByRole("alert").filter({ hasText: "Nothing was changed." });
  await alert.waitFor();
  assert.match(await alert.innerText(), /try again/i);
  assert.equal(await button.innerText(), label, "the button still waits");
  assert.equal(await button.getAttribute("aria-disabled"), null);
  assert.deepEqual({ counts: await counted(page), pictures: await pictures(page) }, before);
  await mendIt();
  await button.click();
  await announced(page, "Left out.");
  assert.equal(await alert.count(), 0, "the failure is still shown");
  await awake(page);
  await takeIn(page).first().click();
  await announced(page, "Taken in again.");
  assert.deepEqual({ counts: await counted(page), pictures: await pictures(page) }, before);
}
