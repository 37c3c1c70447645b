// Every screen there is, and the way to it: for the checks that hold all of them against something, and for photographs.
import { awake, openRichWeek } from "./browser.mjs";
import { FREE, PAID, STAFF, TWO_SESSIONS } from "./demo.mjs";

/**
 * A screen that is an address. What is `alike` another is made of the same parts: what is held against parts and not against
 * whole screens leaves it out.
 */
function at(name, who, path, alike = undefined) {
  return {
    name,
    alike,
    open: async (visits, more) => {
      const page = await visits.page({ who, ...more });
      await page.goto(path);
      return page;
    },
  };
}

/** A screen that a person comes to by doing something. */
function by(name, who, walk, alike = undefined) {
  return {
    name,
    alike,
    open: async (visits, more) => {
      const page = await visits.page({ who, ...more });
      await walk(page, visits);
      return page;
    },
  };
}

/** The name of a month so many before this one. */
function monthBack(months) {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 7);
}

/** Leaves one session out, shows the page that says so, and takes it in again behind its back. */
async function leaveOneOut(page) {
  await openRichWeek(page);
  await awake(page);
  const button = page.getByRole("button", { name: /^Leave out: / }).nth(1);
  const form = await button.evaluate(({ form }) => Object.fromEntries(new FormData(form)));
  await button.click();
  await page.locator("#said").waitFor();
  // The page stays as it is; the next visitor finds the week whole.
  await page.request.post("/fn/include_session", { form, maxRedirects: 0, headers: { "sec-fetch-site": "same-origin" } });
}

/** The page with a code, held back from sending itself: an answer without content leaves the browser where it is. */
async function signInHeldBack(page) {
  await page.route("**/fn/sign_in", (route) => route.fulfill({ status: 204 }));
  // Its loading never ends, for the form goes off before.
  await page.goto("/sign-in?code=not-a-code", { waitUntil: "commit" });
  await page.getByRole("button", { name: "Continue" }).waitFor();
}

/** A job that waits for next year with two tries behind it, and an erasure that is done: on a demo neither comes by itself. */
async function withWork(page, visits, path) {
  visits.sql(`INSERT INTO job (id, queue, kind, attempt, run_at, key, payload, errors, created_at)
    VALUES (7000000001, 'upkeep', 'purge_expired', 2, now() + interval '1 year', gen_random_uuid(),
            '{"kind": "purge_expired", "round": "2026-01-01"}',
            '[{"attempt": 1, "at": "2026-01-01T02:00:05Z", "error": "the database did not answer as it should"},
              {"attempt": 2, "at": "2026-01-01T02:01:09Z", "error": "the database did not answer as it should"}]',
            now() - interval '1 day') ON CONFLICT DO NOTHING`);
  visits.sql(`WITH done AS (
      INSERT INTO erasure (erasure_id, host_id, member_hash, reference_hash, asked_by, state, requested_at, done_at)
      VALUES ('00000000-0000-7000-8000-000000000007', gen_random_uuid(), 'made up', 'made up', 'host', 'done',
              now() - interval '2 minutes', now()) ON CONFLICT DO NOTHING RETURNING erasure_id)
    INSERT INTO erasure_store (erasure_id, store, rows_found, rows_deleted, rows_left)
    SELECT erasure_id, 'session', 1234, 1234, 0 FROM done`);
  await page.goto(path);
}

/** A screen of operators that has something to show. */
function ofWork(name, path, alike = undefined) {
  return by(name, STAFF, (page, visits) => withWork(page, visits, path), alike);
}

/** Sums as months of a large house would have left them, of an experiment that has ended: on a demo nobody is drawn. */
export function drawByLot(visits) {
  visits.sql(`INSERT INTO experiment (name, holdout_permille, days, started_at, ended_at)
    VALUES ('push', 500, 56, now() - interval '90 days', now() - interval '1 day') ON CONFLICT DO NOTHING`);
  visits.sql(`INSERT INTO arm_sum (experiment, arm, day, people, returned)
    SELECT 'push', arm, current_date - 80 + day, 60,
           ARRAY(SELECT CASE arm WHEN 'feature' THEN 27 + week % 3 ELSE 23 + week % 2 END FROM generate_series(1, 12) AS week)
    FROM generate_series(0, 27) AS day, unnest(ARRAY['feature', 'holdout']) AS arm ON CONFLICT DO NOTHING`);
  visits.sql(`INSERT INTO sum_night (part, until, took_ms) VALUES ('arms', current_date, 0)
    ON CONFLICT (part) DO UPDATE SET until = excluded.until`);
}

/** A house in which nothing was tried, and nobody is followed. */
export function smallHouse(visits) {
  for (const table of ["arm_sum", "experiment", "opened_sum"]) visits.sql(`DELETE FROM ${table}`);
}

/** A large house where nobody was drawn. */
export function drawNobody(visits) {
  smallHouse(visits);
  visits.sql(`INSERT INTO opened_sum (week, measure, opened, value, people)
    SELECT date_trunc('week', current_date - 42)::date, measure, opened, value,
           CASE WHEN opened THEN 60 + 30 * abs(value) ELSE 400 - 20 * value END
    FROM unnest(ARRAY['change', 'change_before', 'before', 'last_before', 'months_known', 'landmark', 'raw']) AS measure,
         unnest(ARRAY[true, false]) AS opened, generate_series(-1, 1) AS value
    WHERE value >= 0 OR measure LIKE 'change%' ON CONFLICT DO NOTHING`);
}

/** How Spectrum was used, by weeks, of a large house. */
export function muchUse(visits) {
  visits.sql(`INSERT INTO use_period (grain, period, summed_at, took_ms)
    SELECT 'week', date_trunc('week', current_date)::date - 7 * n, now(), 0 FROM generate_series(1, 12) AS n ON CONFLICT DO NOTHING`);
  visits.sql(`INSERT INTO use_sum (grain, period, event, segment, value, events, people)
    SELECT 'week', p.period, event, 'all', '', 900 - 7 * event, 300 - 9 * event
    FROM use_period p, generate_series(0, 20) AS event WHERE grain = 'week'
    ON CONFLICT (grain, period, event, segment, value) DO UPDATE SET events = excluded.events, people = excluded.people`);
  visits.sql(`INSERT INTO use_sum (grain, period, event, segment, value, events, people)
    SELECT 'week', p.period, 0, 'cohort', c.period::text, 90, 60 - (p.period - c.period) / 7 * 4
    FROM use_period p JOIN use_period c ON c.grain = 'week' AND c.period <= p.period WHERE p.grain = 'week' ON CONFLICT DO NOTHING`);
}

/** What was told this month and what it cost, of a large house whose texts a model puts into words. */
function muchTold(visits) {
  visits.sql(`INSERT INTO told_sum (month, grain, generator, language, editions, people, corrected_editions, corrected_people)
    SELECT date_trunc('month', current_date)::date, grain, generator, 'en', 900, 400, 60, 40
    FROM unnest(ARRAY['week', 'month']) AS grain, unnest(ARRAY['cards@1', 'weekly@1']) AS generator ON CONFLICT DO NOTHING`);
  visits.sql(`INSERT INTO verdict_sum (month, generator, language, verdict, people)
    SELECT date_trunc('month', current_date)::date, generator, 'en', verdict, 10 + 9 * length(verdict)
    FROM unnest(ARRAY['cards@1', 'weekly@1']) AS generator, unnest(ARRAY['useful', 'not_quite', 'wrong']) AS verdict
    ON CONFLICT DO NOTHING`);
  visits.sql(`INSERT INTO member_month_sum (month, plan, active, asked_about)
    SELECT date_trunc('month', current_date)::date, plan, 500, 300 FROM unnest(ARRAY['free', 'paid']) AS plan
    ON CONFLICT (month, plan) DO UPDATE SET active = excluded.active, asked_about = excluded.asked_about`);
  visits.sql(`INSERT INTO model_call_sum (day, task, for_whom, model, prompt, calls, batched, taken, refused, failed, input_tokens,
                                          cached_tokens, output_tokens, micro_dollars)
    SELECT date_trunc('month', current_date)::date, task, for_whom, 'a-small-model', 'weekly@1#0123456789ab', 600, 300, 540, 40, 20,
           540000, 300000, 180000, 900000
    FROM unnest(ARRAY['week', 'month']) AS task, unnest(ARRAY['free', 'paid', 'review']) AS for_whom ON CONFLICT DO NOTHING`);
  visits.sql(`INSERT INTO model_refusal_sum (day, for_whom, prompt, reason, answers)
    SELECT date_trunc('month', current_date)::date, 'paid', 'weekly@1#0123456789ab', reason, 30
    FROM unnest(ARRAY['number', 'direction']) AS reason ON CONFLICT DO NOTHING`);
  visits.sql(`INSERT INTO model_spend (scope, grain, period, micro_dollars)
    SELECT 'all', 'month', date_trunc('month', current_date)::date, 5400000 ON CONFLICT DO NOTHING`);
}

/** A screen of the product's team, of a house with so much in it. */
function ofHouse(name, path, fill) {
  return by(name, STAFF, async (page, visits) => {
    fill(visits);
    await page.goto(path);
    for (const summary of await page.locator("summary").all()) await summary.click();
  });
}

export const screens = [
  by("the week", PAID, openRichWeek),
  by("the week unfolded", PAID, async (page) => {
    await openRichWeek(page);
    for (const summary of await page.locator("summary").all()) await summary.click();
  }),
  by("the week after leaving a session out", PAID, leaveOneOut),
  at("the week of two sessions", TWO_SESSIONS, "/spectrum"),
  at("the week on the free plan", FREE, "/spectrum"),
  at("a week without sessions", PAID, "/spectrum/week/2019-W01"),
  at("a week to come", PAID, `/spectrum/week/${new Date().getFullYear() + 2}-W10`),
  at("the landscape of a month", PAID, `/spectrum/landscape/${monthBack(1)}`),
  at("the landscape of four weeks, compared", PAID, "/spectrum/landscape/28-days?compare"),
  at("the landscape of a quarter", PAID, "/spectrum/landscape/90-days"),
  by("the landscape of a year, unfolded", PAID, async (page) => {
    await page.goto(`/spectrum/landscape/${new Date().getUTCFullYear()}`);
    for (const summary of await page.locator("summary").all()) await summary.click();
  }),
  at("the landscape of two sessions", TWO_SESSIONS, "/spectrum/landscape/90-days"),
  at("the landscape on the free plan", FREE, "/spectrum/landscape/28-days"),
  at("the patterns on the free plan", FREE, "/spectrum/patterns/28-days"),
  at("the feed on the free plan", FREE, "/spectrum/feed"),
  at("the months on the free plan", FREE, "/spectrum/months"),
  at("a landscape without sessions", PAID, "/spectrum/landscape/2019-01"),
  at("a landscape to come", PAID, `/spectrum/landscape/${new Date().getUTCFullYear() + 2}`),
  at("the patterns of four weeks", PAID, "/spectrum/patterns/28-days"),
  by("the patterns of a quarter, compared and unfolded", PAID, async (page) => {
    await page.goto("/spectrum/patterns/90-days?compare");
    for (const summary of await page.locator("summary").all()) await summary.click();
  }),
  at("the patterns of a year", PAID, `/spectrum/patterns/${new Date().getUTCFullYear()}`),
  at("the patterns of a few days", PAID, "/spectrum/patterns/7-days"),
  at("the patterns of two sessions", TWO_SESSIONS, "/spectrum/patterns/90-days"),
  at("patterns without sessions", PAID, "/spectrum/patterns/2019-01"),
  at("the sessions of a month", PAID, `/spectrum/sessions/${monthBack(1)}`),
  at("the sessions of a time without any", PAID, "/spectrum/sessions/2019"),
  at("a period that is none", PAID, "/spectrum/landscape/2026-13"),
  by("a session", PAID, async (page) => {
    await openRichWeek(page);
    await page.getByRole("link", { name: /^Not quite\?/ }).first().click();
    await page.getByRole("button", { name: "Let this count" }).waitFor();
  }),
  at("the feed", PAID, "/spectrum/feed"),
  by("the feed, asked why", PAID, async (page) => {
    await page.goto("/spectrum/feed");
    await page.getByText("Why am I seeing this?").first().click();
  }),
  at("the feed of two sessions", TWO_SESSIONS, "/spectrum/feed"),
  at("the months", PAID, "/spectrum/months"),
  by("a month", PAID, async (page) => {
    await page.goto("/spectrum/months");
    await page.locator(".months a").first().click();
    await page.locator(".narrative").waitFor();
  }),
  at("a month that was not told", PAID, "/spectrum/month/2019-01"),
  at("the settings", PAID, "/spectrum/settings"),
  at("the notices", PAID, "/spectrum/settings/notices"),
  at("time and weeks", PAID, "/spectrum/settings/calendar"),
  at("what is left out", PAID, "/spectrum/settings/exclusions"),
  at("starting afresh", PAID, "/spectrum/settings/reset"),
  at("starting afresh, being sure", PAID, "/spectrum/settings/reset?depth=derived_and_raw&before=2026-01-05"),
  at("taking everything along", PAID, "/spectrum/settings/export"),
  at("erasing everything", PAID, "/spectrum/settings/erase"),
  at("who looked", PAID, "/spectrum/settings/looked"),
  at("how this is made", PAID, "/spectrum/made"),
  by("signing in", undefined, signInHeldBack),
  at("a link that is used up", undefined, "/sign-in"),
  at("signing in when the server fails", undefined, "/sign-in?failed"),
  at("after signing out", undefined, "/signed-out"),
  at("the style guide", undefined, "/styleguide"),
  at("a page without sign-in", undefined, "/spectrum"),
  at("an address that is no page", PAID, "/no-such-page"),
  at("a week that is none", PAID, "/spectrum/week/2026-W99"),
  at("the staff page", STAFF, "/staff"),
  at("the staff page, asked to pause a queue", STAFF, "/staff?pause=analysis", "starting afresh, being sure"),
  ofWork("the jobs", "/staff/jobs?state=waiting&queue=upkeep"),
  by("a job, unfolded", STAFF, async (page, visits) => {
    await withWork(page, visits, "/staff/jobs/7000000001");
    for (const summary of await page.locator("summary").all()) await summary.click();
  }),
  ofWork("burying jobs, being sure", "/staff/jobs/sure?deed=bury&job=7000000001", "starting afresh, being sure"),
  at("the schedule", STAFF, "/staff/schedule", "the staff page"),
  at("the workers", STAFF, "/staff/workers", "the staff page"),
  at("the channels of pushes", STAFF, "/staff/push", "the staff page"),
  at("stopping a channel, being sure", STAFF, "/staff/push?pause=web_push"),
  at("the database", STAFF, "/staff/database", "the staff page"),
  ofWork("the erasures", "/staff/erasures", "the staff page"),
  at("what models cost", STAFF, "/staff/cost"),
  at("how good what is told is", STAFF, "/staff/quality"),
  at("how Spectrum is used", STAFF, "/staff/engagement"),
  at("the teaser and the paid plan", STAFF, "/staff/upgrades"),
  ofHouse("how good what a large house is told is", "/staff/quality", muchTold),
  ofHouse("what models cost a large house", "/staff/cost", muchTold),
  ofHouse("how a large house is used", "/staff/engagement", muchUse),
  ofHouse("who comes back, nobody drawn", "/staff/retention", drawNobody),
  ofHouse("who comes back", "/staff/retention", drawByLot),
  ofHouse("what is tried by lot", "/staff/experiments", drawByLot),
  at("the reviews", STAFF, "/staff/review"),
  at("a member's page for staff", STAFF, "/spectrum"),
  at("the staff page for a member", PAID, "/staff"),
];
