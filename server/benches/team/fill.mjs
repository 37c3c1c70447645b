// Fills a database by `fill.sql`, and signs somebody of the team in.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

import { root } from "../peers/pages/servers.mjs";

const run = promisify(execFile);
const EMAIL = "team@example.org";

/** A command of the server that is measured, and what it prints. */
export async function command(...words) {
  const { stdout } = await run(process.env.SPECTRUM_BIN, words, { cwd: root, env: process.env });
  return stdout.trim();
}

/** Every step of the file, each in a transaction of its own. */
export async function fill(client, { members, events, say }) {
  const text = readFileSync(new URL("fill.sql", import.meta.url), "utf8");
  const sized = text.replaceAll(":members", String(members)).replaceAll(":events", String(events));
  for (const step of sized.split(/^-- step /m).slice(1)) {
    const name = step.slice(0, step.indexOf("\n"));
    say(name);
    await client.query(`BEGIN; -- ${step}; COMMIT`);
  }
  say("VACUUM ANALYZE");
  await client.query("VACUUM ANALYZE");
}

/** Signs an operator and analyst in as a browser does it, and gives the cookie. */
export async function signIn(site) {
  process.env.SPECTRUM_HTTP_PUBLIC_URL = site;
  await command("staff", "admit", EMAIL, "--roles", "analyst,reviewer,operator");
  const code = new URL(await command("staff", "link", "--email", EMAIL)).searchParams.get("code");
  const entered = await fetch(`${site}/fn/sign_in`, {
    method: "POST", redirect: "manual", headers: { origin: site, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ code }),
  });
  const set = entered.headers.getSetCookie().find((text) => text.startsWith("spectrum="));
  if (!set) throw new Error(`nobody was let in: ${entered.status}`);
  return set.slice(0, set.indexOf(";"));
}
