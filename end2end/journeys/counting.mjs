// How Spectrum is used, as a real browser tells it: of who agreed, in closed words, and gone when they agree no more.
import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";

import { TWO_SESSIONS, PAID } from "../demo.mjs";

const EXPORT = "/spectrum/settings/export";
const NAMES = { 1: "feed_viewed", 2: "card_viewed", 3: "card_why_opened", 8: "landscape_viewed", 20: "table_opened" };

/** One file of a ZIP archive, by its table of contents. */
function unzipped(zip, wanted) {
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const start = zip.readUInt32LE(at + 42);
    if (zip.toString("utf8", at + 46, at + 46 + name) === wanted) {
      const data = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
      const packed = zip.subarray(data, data + size);
      return (method === 0 ? packed : inflateRawSync(packed)).toString("utf8");
    }
    at += 46 + name + extra + comment;
  }
  throw new Error(`there is no ${wanted} in the archive`);
}

/** What is counted of the member, as their own archive has it. */
async function counted(page) {
  await page.goto(EXPORT);
  // Until the wish has arrived, the archive that is there is the one of before.
  const asked = page.waitForResponse((answer) => answer.request().method() === "POST");
  await page.locator("form[action='/fn/request_export'] button").click();
  await asked;
  await page.waitForLoadState();
  for (let tries = 0; tries < 40; tries += 1) {
    const answer = await page.request.get(`${EXPORT}/archive`, { maxRedirects: 0 });
    if (answer.status() === 200) {
      const rows = unzipped(await answer.body(), "product_event.jsonl").split("\n").filter(Boolean);
      return rows.map((row) => JSON.parse(row)).map((row) => ({ ...row, name: NAMES[row.event] }));
    }
    await page.waitForTimeout(250);
  }
  throw new Error("the archive was not ready in ten seconds");
}

/** Decides whether use is counted, by the form of the settings. */
async function decide(page, standing, name) {
  await page.goto("/spectrum/settings");
  await page.getByRole("button", { name }).click();
  await page.getByText(`How you use Spectrum may be counted: ${standing}.`).waitFor();
}

const stop = (page) => decide(page, "no", "Stop counting, and let go what was counted");
const begin = (page) => decide(page, "yes", "Let it be counted");

export default function counting(test) {
  test("what is looked at is counted of who agrees, and gone when they do not", async (visits) => {
    const page = await visits.page({ who: PAID });
    await stop(page);
    assert.ok(!(await page.content()).includes("sendBeacon"), "a page of who does not agree carries what counts");
    await page.goto("/spectrum/feed");
    assert.ok(!(await page.content()).includes("sendBeacon"));
    assert.deepEqual(await counted(page), []);

    await begin(page);
    await page.goto("/spectrum/feed");
    const card = page.locator("[data-kind]").first();
    const kind = await card.getAttribute("data-kind");
    await card.locator("summary").click();
    await card.scrollIntoViewIfNeeded();
    await page.waitForTimeout(2_500);
    await page.goto("/spectrum/settings");
    // It is written within a second.
    await page.waitForTimeout(1_500);
    const rows = await counted(page);
    const of = (name) => rows.filter((row) => row.name === name);
    assert.equal(of("feed_viewed").length, 1, JSON.stringify(rows));
    assert.deepEqual(of("card_why_opened").map((row) => row.properties), [{ card_kind: kind }]);
    const first = of("card_viewed").find((row) => row.properties.position === 1);
    assert.deepEqual(first?.properties, { card_kind: kind, position: 1, dwell: "2_to_10s" }, JSON.stringify(rows));
    assert.ok(rows.every((row) => row.surface === "browser"), JSON.stringify(rows));

    await stop(page);
    assert.deepEqual(await counted(page), []);
    await begin(page);
  });

  test("the numbers behind a figure are counted when they are opened", async (visits) => {
    const page = await visits.page({ who: PAID });
    await page.goto("/spectrum");
    await page.locator("figure details summary").first().click();
    // That a fold was opened is told to the page a moment after the click; who leaves it sooner has read nothing.
    await page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => setTimeout(seen))));
    await page.goto("/spectrum/settings");
    // It is sent while the next page loads and written within a second of its arrival; a busy machine takes longer for either.
    let opened = [];
    for (let tries = 0; tries < 4 && opened.length === 0; tries += 1) {
      await page.waitForTimeout(1_500);
      opened = (await counted(page)).filter(({ name }) => name === "table_opened");
    }
    assert.deepEqual(opened.map(({ properties }) => properties), [{ screen: "week" }]);
  });

  test("without script a page is counted by the server alone", async (visits) => {
    const page = await visits.page({ who: TWO_SESSIONS, script: false });
    await page.goto("/spectrum");
    await page.locator("figure details summary").first().click();
    await page.goto("/spectrum/settings");
    await page.waitForTimeout(1_500);
    const names = (await counted(page)).map((row) => row.name);
    assert.ok(names.includes("landscape_viewed") && !names.includes("table_opened"), JSON.stringify(names));
  });
}
