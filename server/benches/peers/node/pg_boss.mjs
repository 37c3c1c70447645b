// pg-boss as a contestant.
import PgBoss from "pg-boss";
import { createRequire } from "node:module";
import { KIND, OTHER, main } from "./protocol.mjs";

const require = createRequire(import.meta.url);
const KEYED = `${KIND}_keyed`;

await main(async ({ url, fast, concurrency, connections }) => {
  const boss = new PgBoss({
    connectionString: url,
    max: connections,
    schedule: false,
    ...(fast && { maintenanceIntervalSeconds: 10 }),
  });
  boss.on("error", (error) => console.error(error.message));
  await boss.start();
  return {
    name: "pg_boss",
    version: require("pg-boss/package.json").version,
    describe: fast
      ? `${loops(true, concurrency)} loops with batches of 500, asked every half second and at once after a full batch; ` +
        "jobs expire after 45 s, looked for every 10 s; retries after 1 s"
      : "its defaults (batches of 1, asked every 2 s), one loop a slot; jobs expire after 15 minutes",
    unfinished: `SELECT EXISTS (SELECT 1 FROM pgboss.job WHERE name = '${KIND}' AND state < 'completed')`,
    keys: "singletonKey in a queue of policy short: unique while the job waits",
    async setup() {
      const retries = { retryLimit: 5, ...(fast && { expireInSeconds: 45, retryDelay: 1 }) };
      await boss.createQueue(KIND, { name: KIND, ...retries });
      await boss.createQueue(OTHER);
      await boss.createQueue(KEYED, { name: KEYED, policy: "short" });
    },
    async enqueue(kind, jobs, keyed) {
      if (jobs.length === 1 && !keyed) return boss.send(kind, jobs[0]);
      await boss.insert(jobs.map((data) => (keyed ? { name: KEYED, data, singletonKey: String(data.n) } : { name: kind, data })));
    },
    async work(handler) {
      const options = fast ? { batchSize: 500, pollingIntervalSeconds: 0.5, includeMetadata: true } : { includeMetadata: true };
      for (let loop = 0; loop < loops(fast, concurrency); loop++) {
        let id = null;
        id = await boss.work(KIND, options, async (jobs) => {
          // Documented as the way past the polling interval; there is likely more where a full batch came from.
          if (fast && id && jobs.length === options.batchSize) boss.notifyWorker(id);
          const failed = await runAll(handler, jobs);
          // One failure fails a batch of one; of a larger batch only those that failed, the others count as done.
          if (failed.length > 0 && !fast) throw new Error("fails once");
          if (failed.length > 0) await boss.fail(KIND, failed);
        });
      }
      return () => boss.stop({ graceful: true, wait: true, timeout: 5000, close: false });
    },
    close: () => boss.stop({ graceful: false, wait: false }).catch(() => {}),
  };
});

/** So many batches are in hand at once; with batches of one, as many as there are slots. */
function loops(fast, concurrency) {
  return fast ? Math.max(Math.round(concurrency / 5), 1) : concurrency;
}

/** Gives the ids of those that failed. */
async function runAll(handler, jobs) {
  const outcomes = await Promise.allSettled(jobs.map((job) => handler.run(job.data, job.retryCount === 0)));
  return jobs.filter((_, place) => outcomes[place].status === "rejected").map((job) => job.id);
}
