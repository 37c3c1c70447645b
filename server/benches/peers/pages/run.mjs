// Measures the pages of a running Spectrum over HTTP, its week beside the same week by Next.js; `.make/bench-pages.sh` starts it.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { compare, look, read } from "./check.mjs";
import { load, parentOf, summed } from "./load.mjs";
import { figure, forget, printFigures, table } from "./report.mjs";
import { ASKING, SAID, connect, seed, signIn } from "./seed.mjs";
import { startOurs, startPeer, stopAll } from "./servers.mjs";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    gzip: { type: "boolean", default: false },
    members: { type: "string" },
    only: { type: "string", default: "" },
    keep: { type: "boolean", default: false },
  },
});
// Rounds, and seconds of each: where somebody waits for seconds, a round must be long enough for many to have waited.
const sizes = values.quick
  ? { members: 10_000, warm: 2, beside: { 16: [1, 3], 256: [1, 8] }, alone: { 16: [1, 2], 256: [1, 2] } }
  : { members: 100_000, warm: 5, beside: { 16: [5, 5], 256: [3, 10] }, alone: { 16: [3, 3], 256: [3, 3] } };
if (values.members) sizes.members = Number(values.members);
const encoding = values.gzip ? "gzip" : "identity";
const suffix = values.gzip ? "_gzip" : "";
const CONCURRENT = [16, 256];
/** Connections that our pages have by default. */
const CONNECTIONS = 8;
const begun = Date.now();
const say = (text) => console.log(`${String(Math.round((Date.now() - begun) / 1000)).padStart(4)} s  ${text}`);

/** The screens, and what each must hold to be worth measuring. */
const screensOf = ({ week, month }) => [
  { name: "week", path: `/spectrum/week/${week}`, least: { figures: 3, sessions: 7 } },
  { name: "landscape", path: "/spectrum/landscape/90-days", least: { figures: 2 } },
  { name: "patterns", path: "/spectrum/patterns/90-days", least: { figures: 4 } },
  { name: "feed", path: "/spectrum/feed", least: { cards: 3 } },
  { name: "month", path: `/spectrum/month/${month}`, least: { cards: 3 } },
  { name: "sessions", path: "/spectrum/sessions/90-days", least: { sessions: 40 } },
  { name: "settings", path: "/spectrum/settings", least: { forms: 3 } },
];

async function measure(folder) {
  console.log(`${values.quick ? "quick" : "full"} run, ${encoding}; ${cpus().length} × ${cpus()[0].model}, load ${
    loadavg()[0].toFixed(2)}, Node.js ${process.version}`);
  const client = await connect();
  const { rows: [{ pid }] } = await client.query("SELECT pg_backend_pid() AS pid");
  const database = parentOf(pid);
  const { masterKey, hostKey, pages, size } = await seed({ folder, members: sizes.members, say });
  say(`${sizes.members.toLocaleString("en")} members in ${size}; the ${ASKING} who ask: everything; ${SAID}`);
  const ours = await startOurs(folder, masterKey);
  const file = join(folder, "cookies");
  const cookies = await signIn({ url: ours.url, hostKey, file });
  say(`${cookies.length} members are signed in`);
  const several = Math.min(availableParallelism(), CONNECTIONS);
  const peers = [{ who: "nextjs", server: await startPeer(folder, 1, CONNECTIONS) }];
  if (several > 1) peers.push({ who: `nextjs × ${several}`, server: await startPeer(folder, several, CONNECTIONS) });

  const wanted = values.only.split(",").filter(Boolean);
  const bodies = new Map();
  const screens = screensOf(pages).filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const screen of screens) {
    // Of several members: they are copies, and none may lack anything.
    for (const cookie of [cookies[0], cookies.at(-1)]) {
      const page = await read(ours.url + screen.path, cookie, encoding);
      if (cookie === cookies[0]) say(`${screen.path}: ${look(screen, page)}`);
      else look(screen, page);
    }
  }

  const measured = [];
  const round = (server, { path }, members, seconds) =>
    load({ url: server.url + path, seconds, members, cookies: file, encoding, server: server.child.pid, database });
  const keep = (who, screen, members, rounds) => {
    const figures = summed(rounds);
    // What came in on the way is the whole page and its head, and at the end the beginning of some more.
    const whole = bodies.get(`${who} ${screen.name}`);
    if (encoding === "identity" && !isSpoilt(figures) && (figures.bytesEach < whole || figures.bytesEach > whole * 1.1 + 2500)) {
      throw new Error(`${who}: ${screen.path} had ${figures.bytesEach.toFixed(0)} bytes under load and ${whole} before it`);
    }
    measured.push({ who, screen: screen.name, members, figures });
    return figures;
  };
  for (const screen of screens) {
    const contestants = [{ who: "ours", server: ours }, ...(screen.name === "week" ? peers : [])];
    const texts = [];
    for (const { who, server } of contestants) {
      texts.push((await read(server.url + screen.path, cookies[0], encoding)).text);
      bodies.set(`${who} ${screen.name}`, Buffer.byteLength(texts.at(-1)));
    }
    const same = texts.slice(1).map((text) => compare(texts[0], text));
    if (same.length > 0) say(`bytes of our week and the peer's: ${same[0]}`);
    // What compiles as it goes, and fills what it keeps, has done so before the first round.
    for (const { server } of contestants) await round(server, screen, 16, sizes.warm);
    for (const members of CONCURRENT) {
      const rounds = contestants.map(() => []);
      const [count, seconds] = (contestants.length > 1 ? sizes.beside : sizes.alone)[members];
      for (let at = 0; at < count; at += 1) {
        // One after the other, and each as often first as another.
        for (let step = 0; step < contestants.length; step += 1) {
          const turn = (at + step) % contestants.length;
          rounds[turn].push(await round(contestants[turn].server, screen, members, seconds));
        }
      }
      const all = contestants.map(({ who }, at) => keep(who, screen, members, rounds[at]));
      report(screen, members, all);
      say(`${screen.name}, ${members} at once: ${all.map(({ perSecond, p99 }, at) =>
        `${contestants[at].who} ${perSecond.toFixed(0)}/s, p99 ${p99.toFixed(0)} ms`).join("; ")}`);
    }
  }
  await client.end();
  table(measured);
  printFigures();
  const spoilt = measured.filter(({ figures }) => isSpoilt(figures));
  for (const { who, screen, members, figures: { refused, broken, answers } } of spoilt) {
    console.log(`\nspoilt: ${who}, ${screen}, ${members} at once: ${refused} refused, ${broken} broken of ${answers}`);
  }
  return spoilt.length === 0;
}

/** Whether more than one answer in a thousand was none: its figures are those of something else. */
const isSpoilt = ({ refused, broken, answers }) => answers === 0 || refused + broken > answers / 1000;

function report(screen, members, [own, ...others]) {
  const name = `pages_${screen.name}_${members}${suffix}`;
  figure(name, own.perSecond, "pages/s");
  figure(`${name}_p50`, own.p50, "ms p50");
  figure(`${name}_p99`, own.p99, "ms p99");
  for (const ratio of [`${name}_vs_nextjs`, `${name}_p99_vs_nextjs`]) forget(ratio);
  if (others.length === 0 || [own, ...others].some(isSpoilt)) return;
  // The peer at its best in each.
  const best = (of, choose) => choose(...others.map(of));
  figure(`${name}_vs_nextjs`, own.perSecond, "pages/s", best(({ perSecond }) => perSecond, Math.max), "≥ 30");
  figure(`${name}_p99_vs_nextjs`, own.p99, "ms p99", best(({ p99 }) => p99, Math.min), "≤ 0.1");
}

const folder = mkdtempSync(join(tmpdir(), "spectrum-pages-"));
const stopped = (signal) => stopAll().finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stopped);
let good = false;
try {
  good = await measure(folder);
} finally {
  await stopAll();
  if (good && !values.keep) rmSync(folder, { recursive: true, force: true });
  else console.log(`logs are in ${folder}`);
}
process.exitCode = good ? 0 : 1;
