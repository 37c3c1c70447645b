// Starts and stops what is measured: the demo that fills the database, Spectrum's pages, and the peer.
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
/** The checkout's top. */
export const root = join(here, "../../../..");
const peer = join(here, "../nextjs");

const binary = process.env.SPECTRUM_BIN;
if (!binary) throw new Error("SPECTRUM_BIN names no server; .make/bench-pages.sh builds one");

/** What was started and has not ended. */
const running = [];

function start(folder, name, command, args, { cwd, env }) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const log = join(folder, `${name}.log`);
  const out = createWriteStream(log);
  const server = { name, child, log, said: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      out.write(data);
      // Only the beginning is waited for; a log of every page is for the file.
      if (server.said.length < 65536) server.said += data;
    });
  }
  server.ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code)));
  child.once("error", (error) => (server.said += error.message));
  running.push(server);
  return server;
}

async function until(server, seconds, question) {
  const patience = Date.now() + seconds * 1000;
  while (!(await question().catch(() => false))) {
    if (server.child.exitCode !== null) throw new Error(`${server.name} ended; its words are in ${server.log}`);
    if (Date.now() > patience) throw new Error(`${server.name} is not ready after ${seconds} s; its words are in ${server.log}`);
    await sleep(100);
  }
}

export async function stop(server, signal = "SIGTERM", patience = 15_000) {
  server.child.kill(signal);
  const timer = setTimeout(() => server.child.kill("SIGKILL"), patience);
  await server.ended;
  clearTimeout(timer);
  const at = running.indexOf(server);
  if (at >= 0) running.splice(at, 1);
}

/** All at once and soon: whoever runs the driver gives it ten seconds to end, and what it leaves behind would go on for good. */
export const stopAll = () => Promise.all([...running].map((server) => stop(server, "SIGTERM", 4_000)));

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const settings = (port) => ({
  SPECTRUM_HTTP_BIND: `127.0.0.1:${port}`,
  SPECTRUM_HTTP_PUBLIC_URL: `http://127.0.0.1:${port}`,
  SPECTRUM_METRICS_BIND: "127.0.0.1:0",
  SPECTRUM_SITE_DIR: process.env.SPECTRUM_SITE_DIR ?? join(root, "target/site"),
});

/** The demo, until its sessions are read; whoever called it stops it. */
export async function startDemo(folder) {
  const data = join(folder, "demo");
  mkdirSync(data, { recursive: true });
  const demo = start(folder, "demo", binary, ["demo", "--data-dir", data], { cwd: root, env: settings(await freePort()) });
  await until(demo, 900, async () => demo.said.includes("Press Enter for new ones"));
  return { demo, data };
}

/** Spectrum's pages as they ship, but for limits on one caller and one address: here few callers are everybody. */
export async function startOurs(folder, masterKey) {
  const port = await freePort();
  const off = Object.fromEntries(["HOST_KEY", "MEMBER", "ADDRESS", "SIGN_IN"].map((name) => [`SPECTRUM_LIMITS_${name}`, "off"]));
  const env = { ...settings(port), ...off, SPECTRUM_SECRETS_MASTER_KEY: masterKey };
  const server = start(folder, "spectrum", binary, ["web"], { cwd: root, env });
  const url = `http://127.0.0.1:${port}`;
  await until(server, 60, async () => (await fetch(`${url}/ready`)).ok);
  return Object.assign(server, { url });
}

/** A worker of these queues, as in `period:1,upkeep:1`. */
export function startWorker(folder, masterKey, queues) {
  const env = { ...settings(0), SPECTRUM_SECRETS_MASTER_KEY: masterKey };
  return start(folder, "worker", binary, ["worker", "--queues", queues], { cwd: root, env });
}

/** The peer in so many processes, with as many connections to the database as our pages have, among them all. */
export async function startPeer(folder, processes, connections) {
  const port = await freePort();
  const env = {
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    POOL_SIZE: String(connections / processes),
  };
  const next = join(peer, "node_modules/next/dist/bin/next");
  const [script, args] = processes === 1 ? [next, ["start", "--hostname", "127.0.0.1", "--port", String(port)]]
    : [join(peer, "cluster.mjs"), [String(port), String(processes)]];
  const server = start(folder, `nextjs-${processes}`, process.execPath, [script, ...args], { cwd: peer, env });
  const url = `http://127.0.0.1:${port}`;
  // A page that is not there is drawn as well, and needs no database.
  await until(server, 60, async () => (await fetch(`${url}/`)).status === 404);
  return Object.assign(server, { url });
}
