// The nightly job that adds up how Spectrum was used, done by a worker as at night, and how long each of its parts took.
import { setTimeout as sleep } from "node:timers/promises";

import { ask } from "../peers/database.mjs";
import { startWorker, stop } from "../peers/pages/servers.mjs";
import { endOfLog, explain, toldSince } from "./plans.mjs";

/** The parts of the job beside the sums of a period, by what is in their statements. */
const PARTS = [
  ["first_uses", /UPDATE member m SET first_used_on/],
  ["what_is_open", /SELECT day FROM product_event/],
  ["first_exposures", /INSERT INTO exposure /],
  ["exposure_sums", /INSERT INTO exposure_sum/],
];
/** Statements of these are of no part of their own. */
const PERIOD = /use_sum|use_period/;

const median = (figures) => figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)];

/** Whether last night's is done. */
export const isAddedUp = "SELECT EXISTS (SELECT FROM schedule_run WHERE task = 'sum_use' AND period = current_date AND done_at IS NOT NULL)";

/** Waits for the job, and gives milliseconds by part: of a period the median of those that were added up. */
export async function addUp(folder, client, database, say) {
  const from = await endOfLog(client);
  await explain(client, database, true, false);
  const worker = startWorker(folder, process.env.SPECTRUM_SECRETS_MASTER_KEY, "period:1,upkeep:1");
  say("adding up, as at night");
  let told = 0;
  while (!(await ask(client, isAddedUp))) {
    if (worker.child.exitCode !== null) throw new Error(`the worker ended; its words are in ${worker.log}`);
    const periods = Number(await ask(client, "SELECT count(*) FROM use_period WHERE took_ms > 0"));
    if (periods >= told + 5) {
      told = periods;
      say(`  ${periods} periods`);
    }
    await sleep(500);
  }
  await stop(worker);
  await explain(client, database, false);
  const { rows } = await client.query("SELECT grain, took_ms FROM use_period WHERE took_ms > 0");
  const sums = {};
  for (const grain of ["day", "week", "month"]) {
    sums[grain] = median(rows.filter((row) => row.grain === grain).map((row) => row.took_ms));
  }
  const parts = await client.query("SELECT part, took_ms FROM sum_night");
  for (const { part, took_ms: ms } of parts.rows) sums[part] = ms;
  const statements = await toldSince(client, from);
  for (const { ms, text } of statements) {
    const [name] = PARTS.find(([, pattern]) => pattern.test(text)) ?? [];
    if (name) sums[name] = (sums[name] ?? 0) + ms;
    // What is new in the night is told as it stands.
    else if (ms > 1000 && !PERIOD.test(text)) sums[`other: ${text.trim().split(/\s+/).slice(0, 4).join(" ")}`] = ms;
  }
  for (const [name, ms] of Object.entries(sums)) say(`  ${name}: ${ms.toFixed(0)} ms`);
  await client.query("VACUUM ANALYZE use_sum, exposure_sum, member");
  return sums;
}
