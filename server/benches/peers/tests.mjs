// The tests W1 to W7: each makes its databases, runs the contestants one after the other, and gives the rows of its table.
import { setTimeout as sleep } from "node:timers/promises";
import { run, start } from "./contestants.mjs";
import { lifecycle } from "./floors.mjs";
import { analyze, ask, connect, create, watch } from "./database.mjs";

/** A database with the contestant's tables, and jobs when they are asked for. */
async function prepared(contestant, settings, { jobs = 0, kind = "bench" } = {}) {
  const database = await create();
  const words = [["setup"], ...(jobs > 0 ? [["preload", "--jobs", jobs, "--kind", kind]] : [])];
  for (const command of words) {
    const figures = await run(contestant, settings, database.url, command, { seconds: 600 });
    if (!figures.supported) return { ...database, unusable: figures };
  }
  if (jobs > 0) await analyze(database);
  return database;
}

/** One subcommand on a fresh database, with what PostgreSQL spent on it. */
async function measured(contestant, settings, words, { preload, deadRows, during } = {}) {
  const database = await prepared(contestant, settings, preload);
  let figures = database.unusable;
  if (!figures) {
    const ended = await watch(database, { deadRows });
    const aside = during?.(database);
    figures = await run(contestant, settings, database.url, words);
    const spent = await ended();
    Object.assign(figures, spent, await aside);
  }
  await database.drop();
  return { contestant: contestant.name, settings, figures };
}

/** In an order that differs from round to round and is the same for the same seed. */
function shuffled(values, random) {
  const left = [...values];
  return values.map(() => left.splice(Math.floor(random() * left.length), 1)[0]);
}

async function each(pairs, measure) {
  const rows = [];
  for (const [contestant, settings] of pairs) rows.push(await measure(contestant, settings));
  return rows;
}

const withSettings = (all, ...settings) => all.flatMap((contestant) => settings.map((one) => [contestant, one]));

const perSecond = (figures) => (figures.supported ? figures.jobs / figures.seconds : null);

async function enqueueOne(all, sizes, random) {
  const words = ["enqueue-one", "--clients", 8, "--seconds", sizes.oneSeconds];
  const rows = await each(shuffled(withSettings(all, "default"), random), (...pair) => measured(...pair, words));
  for (const { figures } of rows) figures.per_second = perSecond(figures);
  return rows;
}

async function enqueueBulk(all, sizes, random, keyed) {
  const words = ["enqueue-bulk", "--batches", sizes.batches, "--size", 1000, ...(keyed ? ["--keyed-half-duplicates"] : [])];
  const rows = await each(shuffled(withSettings(all, "default"), random), (...pair) => measured(...pair, words));
  for (const { figures } of rows) figures.per_second = perSecond(figures);
  return rows;
}

/** Drains with so many processes; seconds count from the first one's start until the last one saw nothing left. */
async function drainOnce(contestant, settings, sizes, processes, template) {
  const database = await create(template.name);
  const ended = await watch(database);
  const words = ["drain", "--jobs", sizes.drainJobs, "--concurrency", 50 / processes, "--limit-seconds", sizes.drainLimit];
  const lines = await Promise.all(
    Array.from({ length: processes }, () => run(contestant, settings, database.url, words, { connections: 10 / processes })),
  );
  const spent = await ended();
  await database.drop();
  const failed = lines.find((line) => !line.supported);
  if (failed) return failed;
  const [first] = lines;
  const sum = (name) => lines.reduce((total, line) => total + line[name], 0);
  const seconds = (Math.max(...lines.map((line) => line.ended_at)) - Math.min(...lines.map((line) => line.started_at))) / 1e6;
  const handled = sum("handled");
  return {
    ...first, ...spent, jobs: handled, handled, seconds, empty: lines.some((line) => line.empty),
    cpu_seconds: sum("cpu_seconds"), per_second: handled / seconds,
  };
}

async function drain(all, sizes, random) {
  // Made once and copied: five rounds of filling would take longer than what is measured.
  const full = new Map();
  for (const pair of withSettings(all, "fast", "default")) {
    full.set(pair.map((part) => part.name ?? part).join(" "), await prepared(...pair, { jobs: sizes.drainJobs }));
  }
  const runs = new Map();
  for (let round = 0; round < sizes.rounds; round++) {
    // The floor of each round, so that what else the machine does in that time weighs on both.
    for (const { name, figures } of await lifecycle(sizes, all)) {
      if (!runs.has(name)) runs.set(name, { contestant: "floor", settings: name, processes: 1, all: [] });
      runs.get(name).all.push({ supported: true, ...figures });
    }
    const plans = [
      ...withSettings(all, "fast").map((pair) => [...pair, 1]),
      ...(round < 3 ? withSettings(all, "fast").map((pair) => [...pair, 2]) : []),
      ...(round === 0 ? withSettings(all, "default").map((pair) => [...pair, 1]) : []),
    ];
    for (const [contestant, settings, processes] of shuffled(plans, random)) {
      const template = full.get(`${contestant.name} ${settings}`);
      const figures = template.unusable ?? (await drainOnce(contestant, settings, sizes, processes, template));
      const name = `${contestant.name} ${settings} ${processes}`;
      if (!runs.has(name)) runs.set(name, { contestant: contestant.name, settings, processes, all: [] });
      runs.get(name).all.push(figures);
    }
  }
  for (const template of full.values()) await template.drop();
  return [...runs.values()].map(middle);
}

/** The run with the median rate, and the range of all. */
function middle({ all, ...row }) {
  const good = all.filter((figures) => figures.supported).sort((left, right) => left.per_second - right.per_second);
  if (good.length === 0) return { ...row, figures: all[0] };
  const [least, most] = [good[0].per_second, good.at(-1).per_second];
  return { ...row, figures: { ...good[Math.floor(good.length / 2)], runs: good.length, least, most } };
}

async function latency(all, sizes, random) {
  const words = ["latency", "--rate", 100, "--seconds", sizes.latencySeconds, "--patience-seconds", sizes.patience];
  return each(shuffled(withSettings(all, "fast", "default"), random), (...pair) => measured(...pair, words));
}

async function sustain(all, sizes, random) {
  const words = ["sustain", "--rate", 1000, "--seconds", sizes.sustainSeconds, "--patience-seconds", sizes.patience];
  return each(shuffled(withSettings(all, "fast"), random), (...pair) => measured(...pair, words, { deadRows: true }));
}

/** W4 while a transaction keeps its snapshot for the first two thirds of it, so that no dead row can be cleared away. */
async function heldSnapshot(all, sizes, random) {
  const words = ["sustain", "--rate", 1000, "--seconds", sizes.sustainSeconds, "--patience-seconds", sizes.patience];
  const held = Math.round((sizes.sustainSeconds * 2) / 3);
  const during = async ({ url }) => {
    const client = await connect(url);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await ask(client, "SELECT count(*) FROM pg_class");
    // The contestant's worker has a second and a half to start before the first job is sent.
    await sleep((held + 1.5) * 1000);
    await client.query("COMMIT");
    const released_at = Date.now() * 1000;
    await client.end();
    return { released_at };
  };
  const rows = await each(shuffled(withSettings(all, "fast"), random), (...pair) =>
    measured(...pair, words, { deadRows: true, during }),
  );
  for (const { figures } of rows) if (figures.supported) Object.assign(figures, fallAndRise(figures));
  return rows;
}

/** How much less was handled under the snapshot, and how long until the waits were what they had been at first. */
function fallAndRise({ released_at, started_at, handled_by_second: counts, p99_ms_by_second: waits }) {
  const release = Math.max(Math.round((released_at - started_at) / 1e6), 1);
  // The very first second has the start in it.
  const under = counts.slice(1, release);
  const usual = Math.max(waits[1] ?? 0, 20) * 2;
  const calm = waits.slice(release).findIndex((wait) => wait !== null && wait <= usual);
  return {
    held_per_second: under.reduce((sum, count) => sum + count, 0) / Math.max(under.length, 1),
    p99_ms_held: Math.max(...waits.slice(1, release).map((wait) => wait ?? 0)),
    recovery_seconds: calm < 0 ? null : calm,
  };
}

async function wrongNeighbour(all, sizes, random) {
  const words = ["latency", "--rate", 100, "--seconds", sizes.wrongSeconds, "--patience-seconds", sizes.patience];
  const preload = { jobs: sizes.wrongJobs, kind: "other" };
  return each(shuffled(withSettings(all, "fast"), random), (...pair) => measured(...pair, words, { preload }));
}

/**
 * Two processes, of which one is killed half-way. The next contestant is loaded while the ones before it are waited for:
 * those waits are tens of seconds of nothing, and what is counted are jobs, not rates.
 */
async function faults(all, sizes, random) {
  const waits = [];
  for (const [contestant, settings] of shuffled(withSettings(all, "fast", "default"), random)) {
    const row = { contestant: contestant.name, settings };
    const jobs = sizes.faultJobs[settings];
    const database = await prepared(contestant, settings, { jobs });
    if (database.unusable) {
      waits.push({ ...row, figures: database.unusable });
      continue;
    }
    const client = await connect(database.url);
    await client.query("CREATE TABLE bench_effect (n bigint NOT NULL, at timestamptz NOT NULL)");
    const done = () => ask(client, "SELECT count(DISTINCT n)::int FROM bench_effect");
    const words = ["work", "--concurrency", 25, "--fail-once-percent", 10, "--effects"];
    const worker = () => start(contestant, settings, database.url, words, { connections: 5 });
    const victim = worker();
    const begin = Date.now();
    const seconds = () => (Date.now() - begin) / 1000;
    // It is first at work: one that is killed before it holds a job proves nothing.
    while ((await done()) === 0 && seconds() < 10) await sleep(5);
    const survivor = worker();
    while ((await done()) < jobs / 2 && seconds() < 60) await sleep(20);
    victim.child.sacrificed = true;
    victim.child.kill("SIGKILL");
    const killed = { jobs, killed_after: seconds(), done_when_killed: await done() };
    const settle = async () => {
      while ((await done()) < jobs && seconds() < sizes.faultPatience[settings]) await sleep(200);
      const end = seconds();
      // Whoever runs a job again does it soon after the rescue.
      await sleep(1000);
      survivor.child.kill("SIGTERM");
      const line = await survivor.line;
      const lost = jobs - (await done());
      const twice = await ask(client, "SELECT count(*)::int FROM (SELECT n FROM bench_effect GROUP BY n HAVING count(*) > 1) again");
      await client.end();
      await database.drop();
      return { ...row, figures: { ...line, ...killed, lost, twice, seconds: end, supported: true } };
    };
    waits.push(settle());
  }
  return Promise.all(waits);
}

export const tests = {
  W1a: { title: "one job a transaction, 8 clients", run: enqueueOne },
  W1b: { title: "batches of 1,000 jobs", run: (...given) => enqueueBulk(...given, false) },
  W1c: { title: "batches of 1,000 jobs with unique keys, half of them taken", run: (...given) => enqueueBulk(...given, true) },
  W2: { title: "draining no-op jobs, 50 at once", run: drain },
  W3: { title: "100 jobs a second, one by one", run: latency },
  W4: { title: "1,000 jobs a second, ten by ten", run: sustain },
  W5: { title: "one of two workers killed half-way, a tenth of the jobs fails once", run: faults },
  W6: { title: "W4 under a snapshot that is held for two thirds of the time", run: heldSnapshot },
  W7: { title: "W3 with jobs of another kind waiting in front", run: wrongNeighbour },
};
