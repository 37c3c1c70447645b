// Starts a demo of its own as a child process, hands out its sign-in links, and stops it as Ctrl-C would.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The checkout's top, where the server looks for its front end. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

// The words of the demo's own lines, so that a journey asks for a person by what they are.
export const PAID = "a member on the paid plan";
export const FREE = "a free member";
export const TWO_SESSIONS = "a member with two sessions";
export const STAFF = "product staff";

const LAST_LINE = /Press Enter for new ones/;
const STOP_MILLISECONDS = 20_000;

/** Settings of whoever runs the journeys must not reach the demo: it would fill in somebody's own database. */
function environment() {
  const kept = new Set(["SPECTRUM_SITE_DIR", "SPECTRUM_POSTGRES_BIN"]);
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("SPECTRUM_") || kept.has(name));
  return { ...Object.fromEntries(own), SPECTRUM_HTTP_BIND: "127.0.0.1:0", SPECTRUM_METRICS_BIND: "127.0.0.1:0" };
}

/** The newest `psql` beside a PostgreSQL that is installed: Debian's own in the path looks for the machine's clusters. */
function psql() {
  const versions = "/usr/lib/postgresql";
  const newest = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [process.env.SPECTRUM_POSTGRES_BIN, ...newest.map((version) => join(versions, version, "bin"))];
  return folders.filter(Boolean).map((folder) => join(folder, "psql")).find(existsSync) ?? "psql";
}

/**
 * Starts `spectrum demo` and waits for its first links.
 *
 * `dataDir` keeps the data for the next run, which then starts in seconds; without it everything is thrown away.
 * `settings` lie over the demo's own.
 */
export async function startDemo({ dataDir, settings = {}, startMilliseconds = 150_000 } = {}) {
  const binary = process.env.SPECTRUM_BIN ?? join(root, "target/debug/spectrum");
  if (!existsSync(binary)) throw new Error(`there is no ${binary}: build the server, or say where it is in SPECTRUM_BIN`);
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), "spectrum-journeys-"));
  // Where root runs this, PostgreSQL runs as another user, who has to be able to pass through.
  if (dataDir === undefined) chmodSync(folder, 0o711);
  const child = spawn(binary, ["demo", "--data-dir", folder], {
    cwd: root,
    env: { ...environment(), ...settings },
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: Ctrl-C in the terminal must stop the browser and the demo in this order, by our hand.
    detached: true,
  });
  const demo = new Demo(child, folder, dataDir === undefined);
  try {
    await demo.block(startMilliseconds);
  } catch (error) {
    await demo.stop();
    throw error;
  }
  return demo;
}

class Demo {
  url = "";
  /** The server's last words on stderr: shown when something fails. */
  words = [];
  #child;
  #folder;
  #ours;
  #ended;
  #links = new Map();
  #waiting = [];

  constructor(child, folder, ours) {
    this.#child = child;
    this.#folder = folder;
    this.#ours = ours;
    this.#ended = new Promise((resolve) => {
      child.once("error", (error) => resolve({ code: null, signal: null, error }));
      child.once("close", (code, signal) => resolve({ code, signal }));
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      this.words.push(line);
      if (this.words.length > 200) this.words.shift();
    });
    createInterface({ input: child.stdout }).on("line", (line) => this.#read(line));
    // A demo that has ended can't be asked for links; whoever waits learns it from the end itself.
    child.stdin.on("error", () => {});
  }

  #read(line) {
    const at = /Spectrum is running at (\S+)/.exec(line);
    if (at) this.url = at[1];
    const link = /^\s+(.+?)\s+(https?:\/\/\S+\/sign-in\?code=\S+)$/.exec(line);
    if (link) this.#links.set(link[1], link[2]);
    if (LAST_LINE.test(line)) for (const done of this.#waiting.splice(0)) done();
  }

  /** Waits until the next block of links has been printed whole. */
  async block(milliseconds = 10_000) {
    let timer;
    const printed = new Promise((resolve) => this.#waiting.push(resolve)).then(() => "printed");
    const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds, "late")));
    const what = await Promise.race([printed, late, this.#ended.then(() => "ended")]);
    clearTimeout(timer);
    if (what !== "printed") {
      const why = what === "late" ? `printed no links within ${milliseconds / 1000} s` : "ended";
      throw new Error(`the demo ${why}; its last words:\n${this.words.slice(-30).join("\n")}`);
    }
  }

  /** A sign-in link for this kind of person that nobody has used. */
  async link(who) {
    if (!this.#links.has(who)) {
      const next = this.block();
      this.#child.stdin.write("\n");
      await next;
    }
    const link = this.#links.get(who);
    if (!link) throw new Error(`the demo prints no link for ${who}`);
    this.#links.delete(who);
    return link;
  }

  /** A sign-in link that the host asks for, for a member on the paid plan. */
  async hostLink(body) {
    const { host_key: key } = JSON.parse(readFileSync(join(this.#folder, "demo.json"), "utf8"));
    const answer = await fetch(`${this.url}/api/v1/members/ada/links`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`the host gets no link: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).url;
  }

  /** Runs a statement on the demo's own database, for what nobody can bring about from outside. */
  sql(statement) {
    // Its fifth line is the folder of the socket, its fourth the port.
    const lines = readFileSync(join(this.#folder, "postgres/cluster/postmaster.pid"), "utf8").split("\n");
    const socket = ["-h", lines[4], "-p", lines[3], "-U", "spectrum_admin", "-d", "spectrum"];
    execFileSync(psql(), ["-X", "-q", ...socket, "-v", "ON_ERROR_STOP=1", "-c", statement], { stdio: "pipe" });
  }

  /** Stops it as Ctrl-C would and says what was not as it should be; nothing when all is well. */
  async stop() {
    this.#child.kill("SIGINT");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MILLISECONDS);
    const { code, signal, error } = await this.#ended;
    clearTimeout(timer);
    const left = existsSync(this.#folder)
      ? readdirSync(this.#folder, { recursive: true }).filter((name) => String(name).endsWith("postmaster.pid"))
      : [];
    if (this.#ours) rmSync(this.#folder, { recursive: true, force: true });
    if (error) return `could not be started: ${error.message}`;
    if (signal === "SIGKILL") return `did not stop within ${STOP_MILLISECONDS / 1000} s`;
    if (code !== 0) return `ended with ${signal ?? code}, not 0`;
    return left.length > 0 ? "left its PostgreSQL running" : undefined;
  }
}
