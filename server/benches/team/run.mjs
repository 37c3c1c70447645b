// Measures the team's pages at two numbers of members, and the nightly sums they read; `.make/bench-team.sh` starts it.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { admin, ask, connect, create, urlOf } from "../peers/database.mjs";
import { figure, printFigures } from "../peers/pages/report.mjs";
import { startOurs, stop, stopAll } from "../peers/pages/servers.mjs";
import { command, fill, signIn } from "./fill.mjs";
import { addUp, isAddedUp } from "./night.mjs";
import { pagesOf, reading } from "./pages.mjs";
import { explain, plansOf } from "./plans.mjs";

const { values } = parseArgs({
  options: {
    // Members in thousands; of each a database. Events are fifty times as many.
    thousands: { type: "string", default: "100,1000" },
    requests: { type: "string", default: "300" },
    only: { type: "string", default: "" },
    // Databases that an earlier run has filled and left with --keep, one for each number of members.
    filled: { type: "string", default: "" },
    keep: { type: "boolean", default: false },
  },
});
const AT_ONCE = [1, 4];
/** What a page may take at the most, of a hundred requests all but one. */
const MOST = 100;
const begun = Date.now();
const say = (text) => console.log(`${String(Math.round((Date.now() - begun) / 1000)).padStart(5)} s  ${text}`);
const masterKey = randomBytes(32).toString("hex");
// People of the team come in by a link, without anybody's provider of identities.
Object.assign(process.env, { SPECTRUM_STAFF_LINKS: "yes", SPECTRUM_SECRETS_MASTER_KEY: masterKey, SPECTRUM_LOG_FILTER: "warn" });

const quantile = (sorted, share) => sorted[Math.min(Math.ceil(sorted.length * share), sorted.length) - 1];

/** Asks so often, so many at once, and gives the times in milliseconds, least first. */
async function times(count, atOnce, once) {
  const all = [];
  let left = count;
  const one = async (lane) => {
    while (left > 0) {
      left -= 1;
      const begin = performance.now();
      await once(lane);
      all.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, lane) => one(lane)));
  return all.sort((a, b) => a - b);
}

/** What nothing can be quicker than: one row by its key, asked for by this same driver. */
async function floor(url, count, atOnce) {
  const clients = await Promise.all(Array.from({ length: atOnce }, () => connect(url)));
  const { rows } = await clients[0].query("SELECT id FROM bench.member WHERE n % 97 = 0 LIMIT 1000");
  let at = 0;
  const found = await times(count, atOnce, (lane) => {
    at += 1;
    return clients[lane].query({ name: "floor", text: "SELECT * FROM member WHERE member_id = $1", values: [rows[at % rows.length].id] });
  });
  await Promise.all(clients.map((client) => client.end()));
  return found;
}

async function measure(folder, thousands, filled) {
  const members = thousands * 1000;
  const database = filled ? { url: urlOf(filled), name: filled, drop: async () => {} } : await create();
  process.env.SPECTRUM_DATABASE_URL = database.url;
  try {
    const client = await connect(database.url);
    let sums = null;
    if (!filled) {
      await command("migrate");
      await fill(client, { members, events: members * 50, say });
    }
    if (!(await ask(client, isAddedUp))) sums = await addUp(folder, client, database.name, say);
    const size = await ask(client, "SELECT pg_size_pretty(pg_database_size(current_database()))");
    const events = await ask(client, "SELECT sum(n_live_tup)::bigint FROM pg_stat_user_tables WHERE relname LIKE 'product\\_event\\_%'");
    say(`${members.toLocaleString("en")} members, ${Number(events).toLocaleString("en")} events, ${size}`);
    const measured = await ofPages(folder, client, database);
    await client.end();
    return { members, sums, measured };
  } finally {
    if (!values.keep) await database.drop();
    else say(`kept: ${database.name}`);
  }
}

async function ofPages(folder, client, database) {
  const wanted = values.only.split(",").filter(Boolean);
  const pages = (await pagesOf(client)).filter(({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)));
  const count = Number(values.requests);
  const measured = [];
  let ours = await startOurs(folder, masterKey);
  let cookie = await signIn(ours.url);
  const bottom = [];
  for (const atOnce of AT_ONCE) bottom.push(await floor(database.url, count * 5, atOnce));
  measured.push({ name: "(one row by its key)", rounds: bottom, refused: 0 });
  for (const page of pages) {
    const first = await reading(ours.url, page.path, cookie);
    if (first.status === 404 && page.coming) {
      say(`${page.path}: not there`);
      continue;
    }
    if (first.status !== 200) throw new Error(`${page.path}: ${first.status} ${first.text.slice(0, 300)}`);
    for (let warm = 0; warm < 5; warm += 1) await reading(ours.url, page.path, cookie);
    const rounds = [];
    let refused = 0;
    for (const atOnce of AT_ONCE) {
      rounds.push(await times(count, atOnce, async () => {
        const { status } = await reading(ours.url, page.path, cookie);
        if (status !== 200) refused += 1;
      }));
    }
    measured.push({ ...page, bytes: first.bytes, rounds, refused });
    const told = rounds.map((found, at) => `${AT_ONCE[at]} at once p50 ${quantile(found, 0.5).toFixed(1)} p99 ${quantile(found, 0.99).toFixed(1)} ms`);
    say(`${page.path}: ${told.join(", ")}`);
  }
  await stop(ours);
  // Once more with every plan told: what that costs must not be in the times.
  await explain(client, database.name, true);
  ours = await startOurs(folder, masterKey);
  cookie = await signIn(ours.url);
  for (const page of measured.filter(({ path }) => path)) {
    await reading(ours.url, page.path, cookie);
    page.plans = await plansOf(client, () => reading(ours.url, page.path, cookie));
  }
  await stop(ours);
  await explain(client, database.name, false);
  return measured;
}

function report(all) {
  const label = ({ members }) => (members >= 1e6 ? `${members / 1e6}m` : `${members / 1000}k`);
  for (const run of all) {
    console.log(`\n${run.members.toLocaleString("en")} members`);
    const head = ["page", ...AT_ONCE.flatMap((n) => [`${n}: p50 ms`, "p99 ms"]), "bytes", "rows", "reads whole"];
    const lines = run.measured.map(({ name, path, rounds, bytes, plans }) => [
      path ?? name, ...rounds.flatMap((found) => [quantile(found, 0.5).toFixed(2), quantile(found, 0.99).toFixed(2)]), String(bytes ?? ""),
      String(plans?.rows ?? ""), plans?.whole.join(", ") ?? "",
    ]);
    const widths = head.map((text, at) => Math.max(text.length, ...lines.map((line) => line[at].length)));
    for (const line of [head, ...lines]) {
      const last = line.length - 1;
      console.log(`  ${line.map((cell, at) => (at === 0 || at === last ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ")}`.trimEnd());
    }
    const [bottom, ...pages] = run.measured;
    for (const { name, rounds } of pages) {
      figure(`team_${name}_${label(run)}`, quantile(rounds[0], 0.99), "ms p99", quantile(bottom.rounds[0], 0.99));
      figure(`team_${name}_${label(run)}_4`, quantile(rounds[1], 0.99), "ms p99", quantile(bottom.rounds[1], 0.99));
    }
    for (const [name, ms] of Object.entries(run.sums ?? {})) figure(`team_sum_${name}_${label(run)}`, ms, "ms");
  }
  printFigures();
  const [few, many] = all;
  if (few.sums && many?.sums) {
    console.log("\nsums, in ms, and how they grow");
    for (const name of Object.keys(many.sums)) {
      const [a, b] = [few.sums[name] ?? 0, many.sums[name]];
      console.log(`  ${name.padEnd(28)} ${a.toFixed(0).padStart(8)} ${b.toFixed(0).padStart(8)}  × ${(b / Math.max(a, 1)).toFixed(1)}`);
    }
  }
  const slow = all.flatMap(({ members, measured }) => measured.flatMap(({ path, rounds }) =>
    rounds.map((found, at) => ({ members, path, atOnce: AT_ONCE[at], p99: quantile(found, 0.99) })))).filter(({ path, p99 }) => path && p99 > MOST);
  const refusals = all.flatMap(({ members, measured }) => measured.filter(({ refused }) => refused > 0)
    .map(({ path, refused }) => ({ members, path, refused })));
  const scans = all.flatMap(({ members, measured }) => measured.filter(({ plans }) => plans?.whole.length > 0)
    .map(({ path, plans }) => ({ members, path, whole: plans.whole })));
  console.log("");
  for (const { members, path, atOnce, p99 } of slow) console.log(`slow: ${path}, ${members} members, ${atOnce} at once: p99 ${p99.toFixed(0)} ms`);
  for (const { members, path, refused } of refusals) console.log(`refused: ${path}, ${members} members: ${refused} answers`);
  for (const { members, path, whole } of scans) console.log(`reads whole: ${path}, ${members} members: ${whole.join(", ")}`);
  const well = slow.length + refusals.length + scans.length === 0;
  if (well) console.log(`every page is below ${MOST} ms, and none reads a table that grows from end to end`);
  return well;
}

const folder = mkdtempSync(join(tmpdir(), "spectrum-team-"));
const stopped = (signal) => stopAll().finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stopped);
let good = false;
try {
  console.log(`${cpus().length} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(2)}, Node.js ${process.version}`);
  const all = [];
  const filled = values.filled.split(",");
  for (const [at, thousands] of values.thousands.split(",").entries()) all.push(await measure(folder, Number(thousands), filled[at]));
  good = report(all);
} finally {
  await stopAll();
  await admin.end();
  if (good) rmSync(folder, { recursive: true, force: true });
  else console.log(`logs are in ${folder}`);
}
process.exitCode = good ? 0 : 1;
