// What an operator does when a job is dead: finds it from the first page, reads why, and puts it back; without script.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { root, STAFF } from "../demo.mjs";

const FIRST = 7_100_000_001;

/** Dead letters of a kind that does no harm when it runs again, made as a worker leaves them. */
function kill(visits, n) {
  visits.sql(`INSERT INTO job_dead (id, queue, kind, attempt, crashes, key, payload, errors, created_at, died_at, reason)
    SELECT ${FIRST} + place, 'upkeep', 'purge_expired', 5, 0, gen_random_uuid(),
           '{"kind": "purge_expired", "round": "2026-01-01"}',
           jsonb_build_array(jsonb_build_object('attempt', 5, 'at', now(), 'error', 'the disk of the journey was full')),
           now() - interval '2 hours', now() - interval '1 hour' + place * interval '1 second', 'attempts'
    FROM generate_series(0, ${n - 1}) AS place`);
}

/** Keeps what the operator sees, for whoever wants to look. */
async function keep(page, name) {
  const folder = join(root, "target/end2end");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `operator-${name}.png`), fullPage: true });
}

const heading = (page, name, level = 1) => page.getByRole("heading", { level, name });

/** Looks again until the page says so: a worker has taken up what was put back. */
async function until(page, path, text) {
  for (let tries = 0; tries < 40; tries += 1) {
    await page.goto(path);
    if ((await page.getByText(text).count()) > 0) return;
    await page.waitForTimeout(250);
  }
  throw new Error(`${path} never said “${text}”`);
}

export default function operators(test) {
  test("a dead job is found from the first page, understood and put back", async (visits) => {
    kill(visits, 1);
    const page = await visits.page({ who: STAFF, script: false });
    await page.goto("/staff");
    assert.match(await page.locator(".takeaway").innerText(), /1 dead: a person has to look\./);
    await keep(page, "pipeline");
    const row = page.locator("tbody tr").filter({ has: page.getByRole("rowheader", { name: /^upkeep/ }) });
    await row.locator("td.warn a").click();
    await heading(page, "Jobs").waitFor();
    assert.match(page.url(), /\/staff\/jobs\?state=dead&queue=upkeep$/);
    assert.equal(await page.getByRole("link", { name: "Jobs" }).getAttribute("aria-current"), "page");
    await page.getByText("the disk of the journey was full").waitFor();
    assert.equal(await page.getByText("2026-01-01").count(), 0, "what a handler is told is not in the list");
    await keep(page, "dead-letters");

    await page.getByRole("link", { name: String(FIRST) }).click();
    await heading(page, `Job ${FIRST}`).waitFor();
    await page.getByText("Lets go what has been kept for as long as it may be.").waitFor();
    await page.getByText("Every try failed. Mend what went wrong last, then retry it.").waitFor();
    assert.ok(await page.getByText("try 5 failed: the disk of the journey was full").isVisible());
    assert.ok(!(await page.locator("details pre").isVisible()), "folded away");
    await page.getByText("What its handler is told").click();
    assert.match(await page.locator("details pre").innerText(), /"round": "2026-01-01"/);
    await keep(page, "job");

    await page.getByRole("link", { name: "Retry …" }).click();
    await heading(page, "Put 1 job back?", 2).waitFor();
    await keep(page, "sure");
    await page.getByRole("button", { name: "Put 1 job back" }).click();
    await page.getByText("1 job put back. They are tried again at once.").waitFor();
    // A worker has it by now, or has done it: then nothing of it is kept.
    await until(page, `/staff/jobs/${FIRST}`, "There is no such job");
    await page.goto("/staff");
    assert.match(await page.locator(".takeaway").innerText(), /nothing (is )?dead/i);
  });

  test("some of many are chosen, and the rest is everything that matches", async (visits) => {
    kill(visits, 5);
    const page = await visits.page({ who: STAFF, script: false });
    await page.goto("/staff/jobs");
    await page.getByLabel("State").selectOption("dead");
    await page.getByLabel("Kind").selectOption("purge_expired");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText("5 dead jobs.").waitFor();
    await page.getByLabel(`Choose job ${FIRST}`).check();
    await page.getByLabel(`Choose job ${FIRST + 3}`).check();
    await page.getByRole("button", { name: "Retry the chosen …" }).click();
    await heading(page, "Put 2 jobs back?", 2).waitFor();
    const named = await page.locator("tbody th").allInnerTexts();
    assert.deepEqual(named, [String(FIRST), String(FIRST + 3)]);
    // Somebody else was quicker with one of them: it is said, and asked again.
    visits.sql(`DELETE FROM job_dead WHERE id = ${FIRST + 3}`);
    await page.getByRole("button", { name: "Put 2 jobs back" }).click();
    await page.getByText("it would have been 2 jobs and is 1 job by now").waitFor();
    await page.getByRole("button", { name: "Put 1 job back" }).click();
    await page.getByText("1 job put back.").waitFor();

    await page.goto("/staff/jobs?state=dead&kind=purge_expired");
    await page.getByText("3 dead jobs.").waitFor();
    await page.getByRole("button", { name: "Retry every dead job that matches …" }).click();
    await heading(page, "Put 3 jobs back?", 2).waitFor();
    await page.getByRole("button", { name: "Put 3 jobs back" }).click();
    await page.getByText("3 jobs put back.").waitFor();
    await until(page, "/staff/jobs?state=dead", "No dead jobs match.");
  });

  test("a queue is paused and goes on, and says by whom", async (visits) => {
    const page = await visits.page({ who: STAFF, script: false });
    await page.goto("/staff");
    await page.getByRole("button", { name: "Pause … analysis" }).click();
    await heading(page, "Pause the queue analysis?", 2).waitFor();
    await page.getByRole("link", { name: "Go back, and do nothing" }).click();
    await page.getByRole("button", { name: "Pause … analysis" }).click();
    await page.getByRole("button", { name: "Pause analysis" }).click();
    await page.getByText("The queue analysis is paused. What runs, runs on.").waitFor();
    await page.getByText(/analysis is paused since .* UTC, by team@example\.org\./).waitFor();
    await page.getByRole("button", { name: "Resume … analysis" }).click();
    await page.getByRole("button", { name: "Resume analysis" }).click();
    await page.getByText("The queue analysis goes on.").waitFor();
    assert.equal(await page.getByText(/is paused since/).count(), 0);
  });

  test("a page looks again by itself only while it is told to", async (visits) => {
    const page = await visits.page({ who: STAFF, script: false });
    await page.goto("/staff/workers");
    const refresh = page.locator("meta[http-equiv=refresh]");
    assert.equal(await refresh.count(), 0);
    await page.getByRole("link", { name: "Refresh every 10 seconds" }).click();
    await page.waitForURL(/\/staff\/workers\?live=10$/);
    assert.equal(await refresh.getAttribute("content"), "10");
    const drawn = await page.locator(".fresh").innerText();
    for (let tries = 0; (await page.locator(".fresh").innerText()) === drawn; tries += 1) {
      assert.ok(tries < 60, "it never looked again");
      await page.waitForTimeout(250);
    }
    await page.getByRole("link", { name: "Pause" }).click();
    await page.waitForURL(/\/staff\/workers$/);
    assert.equal(await refresh.count(), 0);
  });
}
