// What PostgreSQL and the disk could do at best on this machine: the floors that queues are held against.
import { execFile, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { OURS, run } from "./contestants.mjs";
import { admin, ask, connect, create, watch } from "./database.mjs";

const script = (name) => fileURLToPath(new URL(`./floors/${name}.sql`, import.meta.url));
const programs = await ask(admin, "SELECT setting FROM pg_config() WHERE name = 'BINDIR'");

/** Rows or jobs a second, and what they cost. `mode` matters: a plan that was kept from an empty table would be slow. */
async function pgbench(database, name, mode, seconds, rowsEach) {
  const ended = await watch(database);
  const { stdout } = await promisify(execFile)(join(programs, "pgbench"), [
    "-n", "-c", "2", "-j", "2", "-M", mode, "-T", String(seconds), "-f", script(name), database.url,
  ]);
  const spent = await ended();
  const transactions = Number(/actually processed: (\d+)/.exec(stdout)[1]);
  const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)[1]);
  return { jobs: transactions * rowsEach, per_second: perSecond * rowsEach, ...spent };
}

async function deleting(name, mode, seconds, rowsEach) {
  const database = await create();
  const client = await connect(database.url);
  await client.query("CREATE TABLE q (id bigint PRIMARY KEY)");
  await client.query("INSERT INTO q SELECT generate_series(1, $1::bigint)", [seconds * rowsEach * 6000]);
  await client.query("VACUUM ANALYZE q");
  const figures = await pgbench(database, name, mode, seconds, rowsEach);
  const left = await ask(client, "SELECT count(*)::int FROM q");
  if (left === 0) throw new Error(`${name}: the table ran empty, and an empty one is faster than any`);
  await client.end();
  await database.drop();
  return figures;
}

/** How many times a second the disk says that it has kept a page: nobody commits one by one faster, client for client. */
async function syncs() {
  const folder = await ask(admin, "SHOW data_directory");
  const file = join(dirname(folder), `pg_test_fsync.${process.pid}`);
  const child = spawn(join(programs, "pg_test_fsync"), ["-s", "1", "-f", file]);
  let text = "";
  return new Promise((resolve) => {
    child.on("error", () => resolve(null));
    child.stdout.on("data", (more) => {
      text += more;
      // The first of its three sections is the one of one page; the rest would take a minute.
      if (/fdatasync +[\d.]+ ops/.test(text)) child.kill();
    });
    child.on("close", () => {
      rmSync(file, { force: true });
      resolve(Number(/fdatasync +([\d.]+) ops/.exec(text)?.[1]) || null);
    });
  });
}

export async function floors(sizes, all) {
  const rows = [{ name: "pg_test_fsync, fdatasync", figures: { per_second: await syncs() } }];
  rows.push({ name: "L1, one row deleted", figures: await deleting("one", "prepared", sizes.floorSeconds, 1) });
  rows.push({ name: "L2, a hundred deleted", figures: await deleting("hundred", "extended", sizes.floorSeconds, 100) });
  rows.push(...(await lifecycle(sizes, all)));
  return rows;
}

/** L3, in the tables of our own contestant's setup. */
export async function lifecycle(sizes, all) {
  const rows = [];
  const ours = all.find(({ name }) => name === OURS);
  if (ours) {
    const database = await create();
    const made = await run(ours, "fast", database.url, ["setup"]);
    if (made.supported) {
      // Our tables change; a script that no longer fits them must be seen, and must not cost the other figures.
      const figures = await pgbench(database, "lifecycle", "extended", sizes.floorSeconds, 100).catch((error) => {
        return { supported: false, why: `failed: ${error.stderr ?? error.message}`.replaceAll("\n", " ") };
      });
      rows.push({ name: "L3, put in, claimed, deleted", figures });
    }
    await database.drop();
  } else {
    console.log("skipped: L3, for the tables are made by our own contestant's setup");
  }
  return rows;
}
