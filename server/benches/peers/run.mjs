// Measures job queues beside each other and beside what the machine could do; `.make/bench-queue.sh` starts it.
import { loadavg, cpus } from "node:os";
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { OURS, contestants } from "./contestants.mjs";
import { admin, settle } from "./database.mjs";
import { floors } from "./floors.mjs";
import { summary, table } from "./report.mjs";
import { full, quick } from "./sizes.mjs";
import { tests } from "./tests.mjs";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    contestants: { type: "string", default: "" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    rounds: { type: "string" },
    busy: { type: "boolean", default: false },
  },
});
const listed = (text) => text.split(",").filter(Boolean);
const sizes = { ...(values.quick ? quick : full), ...(values.rounds && { rounds: Number(values.rounds) }) };
const only = listed(values.only).flatMap((name) => (name === "W1" ? ["W1a", "W1b", "W1c"] : name));
const known = ["floors", ...Object.keys(tests)];
for (const name of only) if (!known.includes(name)) throw new Error(`there is no test ${name}; there are ${known}`);

/** A small generator with a seed: the order of a run can be had again. */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function calm() {
  if (values.quick || values.busy) return;
  const patience = Date.now() + 5 * 60_000;
  while (loadavg()[0] > 0.3) {
    if (Date.now() > patience) throw new Error(`the machine is busy (load ${loadavg()[0].toFixed(2)}); --busy measures all the same`);
    console.log(`waiting for the machine to be idle, load ${loadavg()[0].toFixed(2)}`);
    await sleep(20_000);
  }
}

const all = contestants(listed(values.contestants));
await calm();
const settings = await settle();
console.log(`${sizes.name} run, seed ${values.seed}, ${sizes.rounds} round(s) of W2; ${cpus().length} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(2)}, Node.js ${process.version}`);
console.log(`PostgreSQL: ${Object.entries(settings).map(([name, value]) => `${name} ${value}`).join(", ")}`);
for (const note of sizes.scaled) console.log(`scaled: ${note}`);

const random = seeded(Number(values.seed));
const results = {};
const described = new Map();
for (const name of known) {
  if (only.length > 0 && !only.includes(name)) continue;
  const begin = Date.now();
  results[name] = name === "floors" ? await floors(sizes, all) : await tests[name].run(all, sizes, random);
  const title = name === "floors" ? "what the machine can do" : tests[name].title;
  table(name, `${title} (${Math.round((Date.now() - begin) / 1000)} s)`, results[name]);
  for (const row of results[name]) {
    const { version, settings: words } = row.figures;
    if (words) described.set(`${row.contestant} ${version}, ${row.settings}`, words);
  }
}

console.log("\nsettings");
for (const [who, words] of [...described].sort()) console.log(`  ${who}: ${words}`);
summary(results, all.map(({ name }) => name).filter((name) => name !== OURS));
await admin.end();
