// Fills the database: the demo's member with fourteen months of sessions, a hundred thousand copies of her, and the cookies of
// those who ask.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { startDemo, stop } from "./servers.mjs";

const require = createRequire(new URL("../nextjs/package.json", import.meta.url));
const pg = require("pg");

const TEMPLATE = "ada";
/** So many ask: more than ask at the same moment, so that nobody is asked for twice at once. */
export const ASKING = 512;
/** Copies that are made in one statement: neighbours in every index. */
const BATCH = 2_500;

/** What those who ask have: everything of hers that is read for a page that is measured. */
const WHOLE = ["member_key", "session", "session_vector", "correction", "exclusion", "day_rollup", "week_rollup",
  "month_rollup", "edition", "card", "feedback"];
/** What everybody else has, in two lanes of about the same length: the newest of it, so that it fits on a disk. */
const NEWEST = [
  {
    member_key: "true",
    session: "t.local_date >= $2::date - 14",
    session_vector: "t.session_id IN (SELECT session_id FROM session WHERE member_id = $1 AND local_date >= $2::date - 14)",
    week_rollup: "t.period >= $2::date - 56",
  },
  {
    day_rollup: "t.period >= $2::date - 14",
    month_rollup: "t.period >= $2::date - 62",
    edition: "t.period >= $2::date - CASE t.grain WHEN 'week' THEN 14 ELSE 62 END",
    card: "t.period >= $2::date - CASE t.grain WHEN 'week' THEN 14 ELSE 62 END",
  },
];
export const SAID = "everybody else: two weeks of sessions and days, eight weeks, two months, the newest editions and cards";

const url = process.env.DATABASE_URL;
if (!url) throw new Error("DATABASE_URL names no cluster; .make/bench-pages.sh makes one");

export async function connect() {
  const client = new pg.Client(url);
  client.on("error", () => {});
  await client.connect();
  return client;
}

const one = async (client, sql, values) => Object.values((await client.query(sql, values)).rows[0])[0];

/** Fills an empty database. Gives the key that opens it, the host's key, and which pages are worth a look. */
export async function seed({ folder, members, say }) {
  say("filling in the demo's members");
  const { demo, data } = await startDemo(folder);
  const client = await connect();
  // Editions are told by jobs of their own, after the sessions are read.
  while (Number(await one(client, "SELECT count(*) FROM job WHERE run_at <= now()")) > 0) await sleep(500);
  await stop(demo, "SIGINT");
  const template = await one(client, "SELECT member_id FROM member_lookup WHERE external_ref = $1", [TEMPLATE]);
  const now = "SELECT (now() AT TIME ZONE zone)::date::text FROM member WHERE member_id = $1";
  const today = await one(client, now, [template]);
  await multiply(client, template, today, members, say);
  say("VACUUM ANALYZE");
  await client.query("VACUUM ANALYZE");
  const pages = await choose(client, template, today);
  const size = await one(client, "SELECT pg_size_pretty(pg_database_size(current_database()))");
  await client.end();
  const { host_key: hostKey } = JSON.parse(readFileSync(join(data, "demo.json"), "utf8"));
  return { masterKey: readFileSync(join(data, "master.key"), "utf8").trim(), hostKey, pages, size };
}

/** A week that is over, in which nobody needed help: the peer has no panel for that; and the newest month of which is told. */
async function choose(client, template, today) {
  const week = await one(client, `SELECT to_char(w.period, 'IYYY-"W"IW') FROM week_rollup w
    WHERE w.member_id = $1 AND w.period + 7 <= $2::date AND w.sessions >= 7 AND w.days >= 4 AND NOT EXISTS (
      SELECT FROM session s WHERE s.member_id = $1 AND s.crisis AND s.local_date >= w.period AND s.local_date < w.period + 7)
    ORDER BY w.period DESC LIMIT 1`, [template, today]);
  const month = await one(client, `SELECT to_char(period, 'YYYY-MM') FROM edition WHERE member_id = $1 AND grain = 'month'
    ORDER BY period DESC LIMIT 1`, [template]);
  return { week, month };
}

async function multiply(client, template, today, members, say) {
  // Those who ask lie scattered among the others.
  const apart = Math.max(Math.floor(members / ASKING), 1);
  await client.query(`CREATE SCHEMA bench;
    CREATE UNLOGGED TABLE bench.clone AS
      SELECT (row_number() OVER (ORDER BY id))::integer AS n, id
      FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, ${members})) AS ids;
    ALTER TABLE bench.clone ADD asks boolean NOT NULL DEFAULT false;
    UPDATE bench.clone SET asks = true WHERE n % ${apart} = 0 AND n / ${apart} <= ${ASKING};
    CREATE INDEX ON bench.clone (n); ANALYZE bench.clone`);
  const copier = async () => {
    const other = await connect();
    // The template's rows are whole, and so are their copies.
    await other.query("SET session_replication_role = replica");
    return other;
  };
  const [first, second] = [await copier(), await copier()];
  const copy = async (connection, table, where, asks) => {
    const { rows } = await client.query(`SELECT attname::text AS name FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'member_id' ORDER BY attnum`, [table]);
    const names = rows.map(({ name }) => name);
    const value = (name) => {
      if (name === "external_ref" && table !== "session") return "'clone' || clone.n";
      // As those are who were never asked: a page that is counted is one that writes.
      return table === "member" && name === "consent_analytics" ? "false" : `t.${name}`;
    };
    const sql = `INSERT INTO ${table} (member_id, ${names.join(", ")})
      SELECT clone.id, ${names.map(value).join(", ")} FROM bench.clone CROSS JOIN (SELECT t.* FROM ${table} t
        WHERE t.member_id = $1 AND ($2::date IS NOT NULL) AND ${where}) t
      WHERE clone.n > $3 AND clone.n <= $4 ${asks === undefined ? "" : `AND clone.asks = ${asks}`}`;
    const step = asks === true ? members : BATCH;
    for (let at = 0; at < members; at += step) await connection.query(sql, [template, today, at, at + step]);
  };
  say(`making ${members.toLocaleString("en")} copies of a member`);
  for (const table of ["member", "member_lookup"]) await copy(first, table, "true");
  for (const table of WHOLE) await copy(first, table, "true", true);
  await Promise.all(NEWEST.map(async (lane, index) => {
    for (const [table, where] of Object.entries(lane)) {
      await copy([first, second][index], table, where, false);
      say(`  ${table}`);
    }
  }));
  for (const connection of [first, second]) await connection.end();
}

/** Signs those who ask in, as a host and a browser do it, and writes their cookies into a file. */
export async function signIn({ url: site, hostKey, file }) {
  const client = await connect();
  const { rows } = await client.query("SELECT 'clone' || n AS name FROM bench.clone WHERE asks ORDER BY n");
  await client.end();
  const cookie = async ({ name }) => {
    const link = await fetch(`${site}/api/v1/members/${name}/links`, {
      method: "POST", headers: { authorization: `Bearer ${hostKey}`, "content-type": "application/json" }, body: "{}",
    });
    if (link.status !== 201) throw new Error(`no link for ${name}: ${link.status} ${await link.text()}`);
    const code = new URL((await link.json()).url).searchParams.get("code");
    const entered = await fetch(`${site}/fn/sign_in`, {
      method: "POST", redirect: "manual", headers: { origin: site, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ code }),
    });
    const set = entered.headers.getSetCookie().find((text) => text.startsWith("spectrum="));
    if (!set) throw new Error(`${name} was not let in: ${entered.status}`);
    return set.slice("spectrum=".length, set.indexOf(";"));
  };
  const cookies = [];
  for (let at = 0; at < rows.length; at += 4) cookies.push(...(await Promise.all(rows.slice(at, at + 4).map(cookie))));
  writeFileSync(file, `${cookies.join("\n")}\n`);
  return cookies;
}
