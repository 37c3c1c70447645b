// Prints each test's table, and the line of figures that is compared from run to run.
import { OURS } from "./contestants.mjs";

const digits = (value) => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
const show = (value) => {
  if (value === undefined || value === null) return "";
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) ? value.toLocaleString("en") : value.toLocaleString("en", { maximumFractionDigits: digits(value) });
};

const jobsOf = (figures) => figures.handled ?? figures.jobs;
const each = (figures, name, times) => (figures[name] == null || !jobsOf(figures) ? null : (figures[name] / jobsOf(figures)) * times);
const cost = [
  ["pg CPU s/1000", (figures) => each(figures, "postgres_cpu_seconds", 1000)],
  ["own CPU s/1000", (figures) => each(figures, "cpu_seconds", 1000)],
  ["WAL B/job", (figures) => each(figures, "wal_bytes", 1)],
];
const field = (title, name) => [title, (figures) => figures[name]];
const rate = field("jobs/s", "per_second");
const waits = ["p50", "p95", "p99", "max"].map((name) => [`${name} ms`, (figures) => figures[`${name}_ms`] ?? "never"]);
const flow = [...waits, field("sent", "sent"), field("backlog", "backlog"), ["s to empty", (figures) => figures.backlog_seconds]];
const dead = [field("dead rows, most", "dead_most"), field("at end", "dead_at_end")];

const columns = {
  floors: [rate, cost[0], cost[2]],
  W1a: [rate, ...cost],
  W1b: [rate, ...cost],
  W1c: [rate, field("kept", "kept"), ...cost, field("keys", "keys")],
  W2: [rate, field("least", "least"), field("most", "most"), field("runs", "runs"), field("seconds", "seconds"),
    ["emptied", (figures) => (figures.empty ? "yes" : "no")], ...cost],
  W3: [...waits, field("sent", "sent"), field("handled", "handled"), ...cost],
  W4: [...flow, ...dead, ...cost],
  W5: [field("jobs", "jobs"), field("killed after s", "killed_after"), field("done then", "done_when_killed"),
    field("lost", "lost"), field("twice", "twice"), field("seconds", "seconds")],
  W6: [field("p99 ms held", "p99_ms_held"), field("handled/s held", "held_per_second"), field("recovery s", "recovery_seconds"),
    field("backlog", "backlog"), ...dead, ...cost],
  W7: [...waits, field("sent", "sent"), field("handled", "handled"), ...cost],
};

export function table(test, title, rows) {
  console.log(`\n${test}: ${title}`);
  const shown = rows.map((row) => {
    const name = row.name ?? [row.contestant, row.settings, row.processes && `${row.processes} × ${50 / row.processes}`].filter(Boolean).join(", ");
    if (row.figures.supported === false) return [name, row.figures.why];
    return [name, ...columns[test].map(([, value]) => show(value(row.figures)))];
  });
  shown.sort(([left], [right]) => (left < right ? -1 : 1));
  const lines = [["", ...columns[test].map(([heading]) => heading)], ...shown];
  const widths = lines[0].map((_, place) => Math.max(...lines.filter((line) => line.length > 2 || place === 0).map((line) => line[place].length)));
  for (const line of lines) {
    const cells = line.map((cell, place) => (place === 0 || line.length === 2 ? cell.padEnd(widths[place]) : cell.padStart(widths[place])));
    console.log(`  ${cells.join("  ")}`.trimEnd());
  }
}

const values = (results, test, name) =>
  (results[test] ?? []).filter(({ figures }) => figures.supported !== false && figures[name] != null);
const best = (results, test, name, contestant, most) => {
  const all = values(results, test, name).filter((row) => row.contestant === contestant).map(({ figures }) => figures[name]);
  if (all.length === 0) return null;
  return most ? Math.max(...all) : Math.min(...all);
};
const ratio = (above, below) => (above === null || !below ? null : Number((above / below).toFixed(3)));
const rounded = (value) => (value === null ? null : Number(value.toFixed(2)));

/** The figures of our own queue, and their ratios to the floor and to each peer at its best in the same run. */
export function summary(results, peers) {
  // One process: it is the one that all have five runs of.
  const drains = { W2: (results.W2 ?? []).filter(({ processes }) => processes === 1) };
  const drained = (name) => best(drains, "W2", "per_second", name, true);
  const floor = drained("floor");
  const fast = (test, name) => {
    const row = values(results, test, name).find(({ contestant, settings }) => contestant === OURS && settings === "fast");
    return row ? row.figures[name] : null;
  };
  const line = {
    drain_per_second: rounded(drained(OURS)),
    drain_vs_floor: ratio(drained(OURS), floor),
    ...Object.fromEntries(peers.map((peer) => [`drain_vs_${peer}`, ratio(drained(OURS), drained(peer))])),
    enqueue_one_per_second: rounded(best(results, "W1a", "per_second", OURS, true)),
    enqueue_bulk_per_second: rounded(best(results, "W1b", "per_second", OURS, true)),
    enqueue_keyed_per_second: rounded(best(results, "W1c", "per_second", OURS, true)),
    pickup_p99_ms: fast("W3", "p99_ms"),
    pickup_p99_ms_sustained: fast("W4", "p99_ms"),
    pickup_p99_ms_held_snapshot: fast("W6", "p99_ms_held"),
    pickup_p99_ms_wrong_neighbour: fast("W7", "p99_ms"),
    dead_tuples_most_w4: fast("W4", "dead_most"),
    dead_tuples_most_w6: fast("W6", "dead_most"),
    recovery_seconds_w6: fast("W6", "recovery_seconds"),
    lost_w5: fast("W5", "lost"),
    twice_w5: fast("W5", "twice"),
    seconds_w5: fast("W5", "seconds"),
  };
  console.log(`\n${JSON.stringify(line)}`);
}
