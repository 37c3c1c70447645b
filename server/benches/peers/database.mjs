// A database for each measurement, and what PostgreSQL itself spent on it: processor time, WAL, dead rows.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("./node/package.json", import.meta.url));
const pg = require("pg");

const cluster = process.env.DATABASE_URL;
if (!cluster) throw new Error("DATABASE_URL names no cluster; .make/bench-queue.sh makes one");

export async function connect(url) {
  const client = new pg.Client(url);
  // A database that is dropped takes its connections along.
  client.on("error", () => {});
  await client.connect();
  return client;
}

export const admin = await connect(cluster);

export async function ask(client, sql, values) {
  const { rows } = await client.query(sql, values);
  return rows[0] && Object.values(rows[0])[0];
}

export function urlOf(name) {
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}

let number = 0;

/** A new database, or a copy of another one; `drop` it when done. */
export async function create(template = "template1") {
  const name = `queue_bench_${process.pid}_${++number}`;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { name, url: urlOf(name), drop: () => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** What the planner would know of a database that is not brand-new. */
export async function analyze({ url }) {
  const client = await connect(url);
  await client.query("VACUUM ANALYZE");
  await client.end();
}

const postmaster = parentOf(await ask(admin, "SELECT pg_backend_pid()"));

/** The fields after the name, which may itself hold blanks and brackets. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

function parentOf(pid) {
  return Number(statOf(pid)?.[1]);
}

/** Of the server and all its processes, the ended ones included; null when it runs elsewhere. */
function cpuSeconds() {
  if (!postmaster || !statOf(postmaster)) return null;
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const stat = statOf(pid);
    if (stat && (Number(pid) === postmaster || Number(stat[1]) === postmaster)) {
      ticks += stat.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    }
  }
  return ticks / 100;
}

const walPosition = async () => Number(await ask(admin, "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"));

/** Watches a measurement; dead rows are those of all tables together, asked for once a second. */
export async function watch({ url }, { deadRows = false } = {}) {
  // Right after a checkpoint every page is written whole once: the same for everybody.
  await admin.query("CHECKPOINT");
  const client = deadRows ? await connect(url) : null;
  const dead = [];
  const look = async () => {
    const rows = await ask(client, "SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables").catch(() => null);
    if (rows !== null) dead.push(Number(rows));
  };
  const timer = client && setInterval(look, 1000);
  const wal = await walPosition();
  const cpu = cpuSeconds();
  return async () => {
    const spent = { wal_bytes: (await walPosition()) - wal, postgres_cpu_seconds: cpu === null ? null : cpuSeconds() - cpu };
    if (client) {
      clearInterval(timer);
      await look();
      await client.end();
      Object.assign(spent, { dead_most: Math.max(...dead), dead_at_end: dead.at(-1) });
    }
    return spent;
  };
}

/** The measurements' own settings where they can be set without a restart; the cluster is there for them alone. */
export async function settle() {
  for (const [name, value] of [["max_wal_size", "4GB"], ["checkpoint_timeout", "15min"]]) {
    await admin.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  }
  await admin.query("SELECT pg_reload_conf()");
  const names = ["server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size",
    "checkpoint_timeout", "autovacuum", "autovacuum_naptime", "wal_level", "jit"];
  const settings = {};
  for (const name of names) settings[name] = await ask(admin, `SHOW ${name}`);
  return settings;
}
