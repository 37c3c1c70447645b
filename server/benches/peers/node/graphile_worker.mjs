// Graphile Worker, the Node.js original, as a contestant.
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import { createRequire } from "node:module";
import { KIND, main } from "./protocol.mjs";

const require = createRequire(import.meta.url);
// It says every job that it did; only what went wrong is of interest here.
const logger = new Logger(() => (level, message) => {
  if (level === "error" && !message.includes("fails once")) console.error(message);
});

await main(async ({ url, fast, concurrency, connections }) => {
  const pgPool = new pg.Pool({ connectionString: url, max: connections });
  pgPool.on("error", (error) => console.error(error.message));
  const utils = await makeWorkerUtils({ pgPool, logger });
  return {
    name: "node_graphile_worker",
    version: require("graphile-worker/package.json").version,
    describe: fast
      ? "local queue 500, completions and failures batched without delay; no recovery of killed workers but after 4 hours"
      : "its defaults; killed workers' jobs come back after 4 hours",
    unfinished: `SELECT EXISTS (SELECT 1 FROM graphile_worker._private_jobs j
      JOIN graphile_worker._private_tasks t ON t.id = j.task_id WHERE t.identifier = '${KIND}')`,
    keys: "job_key, mode replace: unique while the job waits; a duplicate overwrites it",
    setup: () => utils.migrate(),
    async enqueue(kind, jobs, keyed) {
      if (jobs.length === 1 && !keyed) return utils.addJob(kind, jobs[0]);
      await utils.addJobs(jobs.map((payload) => ({ identifier: kind, payload, ...(keyed && { jobKey: String(payload.n) }) })));
    },
    async work(handler) {
      const worker = {
        concurrentJobs: concurrency,
        ...(fast && { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }),
      };
      const runner = await run({
        pgPool, logger, noHandleSignals: true, preset: { worker },
        taskList: { [KIND]: (payload, { job }) => handler.run(payload, job.attempts === 1) },
      });
      return () => runner.stop();
    },
    async close() {
      await utils.release();
      await pgPool.end();
    },
  };
});
