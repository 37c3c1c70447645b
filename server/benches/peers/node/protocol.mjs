// The command protocol for the Node.js contestants: the same subcommands, measured in the same way as the Rust peers' are.
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

export const KIND = "bench";
export const OTHER = "other";

const nowUs = () => Math.round((performance.timeOrigin + performance.now()) * 1000);
const secondsSince = (begin) => (performance.now() - begin) / 1000;

function payloads(from, to, at = nowUs()) {
  return Array.from({ length: to - from }, (_, place) => ({ n: from + place, at }));
}

// What every contestant does with a job: count it, note how long it waited, and for the fault test leave a row behind.
class Handler {
  handled = 0;
  lastAt = nowUs();
  // When each job was begun, and how long it had waited, in microseconds.
  waits = [];

  constructor({ failOncePercent = 0, pool = null } = {}) {
    Object.assign(this, { failOncePercent, pool });
  }

  async run(job, first) {
    const begin = nowUs();
    this.waits.push([begin, begin - job.at]);
    // Spread over all jobs, and the same jobs for every contestant.
    if (first && (job.n * 37) % 100 < this.failOncePercent) throw new Error("fails once");
    if (this.pool) await this.pool.query("INSERT INTO bench_effect (n, at) VALUES ($1, clock_timestamp())", [job.n]);
    this.handled += 1;
    this.lastAt = begin;
  }
}

// Of so many values, of which the smaller ones are there in order, the smallest that is not below the share's place; in
// milliseconds. Jobs that nobody took while they were waited for waited longer than all others: nothing when it is one.
function quantileMs(sorted, share, count = sorted.length) {
  const place = Math.max(Math.ceil(count * share) - 1, 0);
  return place < sorted.length ? sorted[place] / 1000 : null;
}

const inOrder = (values) => values.sort((left, right) => left - right);

const tests = {
  async setup(contestant) {
    await contestant.setup();
    return {};
  },

  async "enqueue-one"(contestant, { clients, seconds }) {
    let next = 0;
    const begin = performance.now();
    const client = async () => {
      while (secondsSince(begin) < seconds) {
        const n = next++;
        await contestant.enqueue(KIND, payloads(n, n + 1), false);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    return { jobs: next, seconds: secondsSince(begin) };
  },

  // With keys, the second half of each batch but the first is the first half of the one before it once more.
  async "enqueue-bulk"(contestant, { batches, size, keyed }) {
    if (keyed && !contestant.keys) return { supported: false, why: contestant.whyNoKeys };
    const step = keyed ? size / 2 : size;
    const begin = performance.now();
    for (let batch = 0; batch < batches; batch++) {
      const fresh = payloads(batch * step, (batch + 1) * step);
      const again = batch === 0 ? -step : (batch - 1) * step;
      await contestant.enqueue(KIND, keyed ? [...fresh, ...payloads(again, again + step)] : fresh, keyed);
    }
    const kept = keyed ? step * (batches + 1) : batches * size;
    return { jobs: batches * size, kept, seconds: secondsSince(begin), keys: keyed ? contestant.keys : "" };
  },

  async preload(contestant, { jobs, kind }) {
    const begin = performance.now();
    for (let from = 0; from < jobs; from += 1000) {
      await contestant.enqueue(kind, payloads(from, Math.min(from + 1000, jobs)), false);
    }
    return { jobs, seconds: secondsSince(begin) };
  },

  async drain(contestant, { jobs, "limit-seconds": limit, url }) {
    // A connection of its own: the watch must not wait for the worker's.
    const watch = new pg.Client(url);
    await watch.connect();
    const handler = new Handler();
    const startedAt = nowUs();
    const begin = performance.now();
    const stop = await contestant.work(handler);
    let empty = false;
    while (secondsSince(begin) < limit) {
      await sleep(5);
      // Beside another process nobody knows who gets how many; a worker with nothing to do looks whether all is done.
      const done = handler.handled >= jobs;
      if (!done && nowUs() - handler.lastAt < 100_000) continue;
      const answer = await watch.query(contestant.unfinished);
      empty = !Object.values(answer.rows[0])[0];
      if (empty) break;
      if (!done) await sleep(45);
    }
    const figures = { jobs, handled: handler.handled, seconds: secondsSince(begin), empty, started_at: startedAt, ended_at: nowUs() };
    await stop();
    await watch.end();
    return figures;
  },

  async latency(contestant, options) {
    return tests.sustain(contestant, { ...options, batch: 1 });
  },

  // An open loop: whatever became of the last job, the next one is sent at its time, and its wait counts from that time.
  async sustain(contestant, { rate, batch, seconds, "patience-seconds": patience }) {
    const handler = new Handler();
    const stop = await contestant.work(handler);
    // The worker is there first: what it needs to start is no job's wait.
    await sleep(1500);

    const begin = performance.now();
    const beginUs = nowUs();
    const sends = new Set();
    let sent = 0;
    let failure = null;
    while (secondsSince(begin) < seconds) {
      const due = (sent / rate) * 1000;
      const early = due - (performance.now() - begin);
      if (early > 0) await sleep(early);
      const at = beginUs + Math.round(due * 1000);
      const send = contestant.enqueue(KIND, payloads(sent, sent + batch, at), false);
      sent += batch;
      sends.add(send);
      send.then(() => sends.delete(send), (error) => (failure = error));
      if (failure) throw failure;
    }
    const backlog = sent - handler.handled;
    const after = performance.now();
    await Promise.all(sends);
    while (handler.handled < sent && secondsSince(after) < patience) await sleep(5);
    const backlogSeconds = secondsSince(after);
    const handled = handler.handled;
    await stop();

    const bySecond = [];
    for (const [begun, wait] of handler.waits) (bySecond[Math.max(Math.floor((begun - beginUs) / 1e6), 0)] ??= []).push(wait);
    const eachSecond = Array.from(bySecond, (waits) => inOrder(waits ?? []));
    const all = inOrder(handler.waits.map(([, wait]) => wait));
    const quantile = (share) => quantileMs(all, share, Math.max(all.length, sent));
    return {
      sent, handled, backlog, backlog_seconds: backlogSeconds,
      p50_ms: quantile(0.5), p95_ms: quantile(0.95), p99_ms: quantile(0.99), max_ms: quantile(1),
      started_at: beginUs,
      handled_by_second: eachSecond.map((waits) => waits.length), p99_ms_by_second: eachSecond.map((waits) => quantileMs(waits, 0.99)),
    };
  },

  async work(contestant, { "fail-once-percent": failOncePercent, effects, url, connections }) {
    const pool = effects ? new pg.Pool({ connectionString: url, max: connections }) : null;
    const handler = new Handler({ failOncePercent, pool });
    const told = new Promise((resolve) => process.once("SIGTERM", resolve));
    const stop = await contestant.work(handler);
    await told;
    await stop();
    await pool?.end();
    return { handled: handler.handled };
  },
};

const number = (text) => (text === undefined ? undefined : Number(text));
const defaults = { clients: 8, batches: 100, size: 1000, concurrency: 50, connections: 10, "limit-seconds": 60, "patience-seconds": 30, "fail-once-percent": 0 };

/** Reads the command line, measures, and prints the line. `make` gets the options and gives the contestant. */
export async function main(make) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "database-url": { type: "string" },
      settings: { type: "string", default: "default" },
      kind: { type: "string", default: KIND },
      "keyed-half-duplicates": { type: "boolean", default: false },
      effects: { type: "boolean", default: false },
      ...Object.fromEntries(
        ["clients", "seconds", "batches", "size", "jobs", "rate", "batch", "concurrency", "connections", "limit-seconds", "patience-seconds", "fail-once-percent"]
          .map((name) => [name, { type: "string" }]),
      ),
    },
  });
  const [test] = positionals;
  if (!tests[test]) throw new Error(`there is no test ${test}`);
  const options = { ...defaults, url: values["database-url"], kind: values.kind, effects: values.effects, keyed: values["keyed-half-duplicates"] };
  options.fast = values.settings === "fast";
  options.rate = test === "sustain" ? 1000 : 100;
  options.batch = 10;
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string" && /^[\d.]+$/.test(value)) options[name] = number(value);
  }
  const contestant = await make(options);
  const figures = await tests[test](contestant, options);
  await contestant.close();
  const cpu = process.cpuUsage();
  console.log(JSON.stringify({
    supported: true, ...figures, test, contestant: contestant.name, version: contestant.version,
    settings: contestant.describe, cpu_seconds: (cpu.user + cpu.system) / 1e6,
  }));
  // A peer's timers must not hold up the measurements after it.
  process.exit(0);
}
