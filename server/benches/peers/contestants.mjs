// Who is measured, and how a contestant's command is run: a table of names and command lines, and one line of JSON back.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const built = process.env.SPECTRUM_QUEUE_PEERS ?? here("../../../target/peers/release");
const ours = process.env.SPECTRUM_QUEUE_BENCH;

export const OURS = "ours";

const table = [
  { name: OURS, argv: ours ? [ours] : [], missing: "SPECTRUM_QUEUE_BENCH names no executable" },
  { name: "graphile_worker", argv: [`${built}/peer-graphile-worker`] },
  { name: "apalis_postgres", argv: [`${built}/peer-apalis`] },
  { name: "node_graphile_worker", argv: [process.execPath, here("node/graphile_worker.mjs")] },
  { name: "pg_boss", argv: [process.execPath, here("node/pg_boss.mjs")] },
];

/** Those that can be run, of those that were asked for; says which cannot and why. */
export function contestants(wanted) {
  const unknown = wanted.filter((name) => !table.some((row) => row.name === name));
  if (unknown.length > 0) throw new Error(`nobody is called ${unknown}; there are ${table.map((row) => row.name)}`);
  return table.filter(({ name, argv, missing }) => {
    if (wanted.length > 0 && !wanted.includes(name)) return false;
    const lost = argv.find((word) => word.startsWith("/") && !existsSync(word));
    const why = argv.length === 0 ? missing : lost && `${lost} is not there`;
    if (why) console.log(`skipped: ${name}, for ${why}`);
    return !why;
  });
}

/** Starts a contestant's subcommand; gives the process and a promise of its line. */
export function start(contestant, settings, url, words, { connections = 10, seconds = 300 } = {}) {
  const [program, ...first] = contestant.argv;
  const argv = [...first, ...words.map(String), "--database-url", url, "--settings", settings, "--connections", String(connections)];
  const child = spawn(program, argv, { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (text) => (out += text));
  // Only the end of what a failing peer says is of use, and some say the same thing for every job.
  child.stderr.on("data", (text) => (err = (err + text).slice(-2000)));
  const hurry = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
  const line = new Promise((resolve) => {
    // One that the driver kills is no failure.
    const fail = (why) => resolve(child.sacrificed ? { supported: true } : failed(contestant, words, why));
    child.on("error", (error) => fail(error.message));
    child.on("close", (code, signal) => {
      clearTimeout(hurry);
      const last = out.trimEnd().split("\n").at(-1);
      if (code === 0 && last.startsWith("{")) resolve(JSON.parse(last));
      else fail(signal ? `ended by ${signal}` : err.trim().split("\n").slice(-3).join(" / "));
    });
  });
  return { child, line };
}

export const run = (...words) => start(...words).line;

/** A contestant that fails a test is no reason to lose the others' figures. */
function failed({ name }, [test], why) {
  console.log(`failed: ${name} ${test}: ${why}`);
  return { contestant: name, test, supported: false, why: `failed: ${why}` };
}
