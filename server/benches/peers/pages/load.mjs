// A round of load by wrk, with the processor time that the server and PostgreSQL took for it.
import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const script = fileURLToPath(new URL("load.lua", import.meta.url));

/** Asks `url` for so many seconds from so many connections, each request as the next member of the file of cookies. */
export async function load({ url, seconds, members, cookies, encoding, server, database }) {
  const before = [cpuSeconds(server), cpuSeconds(database)];
  // One thread is enough: the requests are made beforehand, and answers are only counted. A slow answer is waited for.
  const options = ["--threads", "1", "--connections", String(members), "--duration", `${seconds}s`, "--timeout", "30s"];
  const env = { ...process.env, COOKIES: cookies, ENCODING: encoding, MEMBERS: String(members) };
  const { stdout } = await run("wrk", [...options, "--script", script, url], { env });
  const [own, postgres] = [cpuSeconds(server) - before[0], cpuSeconds(database) - before[1]];
  const round = JSON.parse(stdout.trim().split("\n").at(-1));
  const pages = round.answers - round.refused;
  if (round.times !== round.answers && round.broken === 0) {
    throw new Error(`wrk has ${round.times} times of ${round.answers} answers`);
  }
  await calm([server, database]);
  return {
    ...round,
    pages,
    perSecond: pages / round.seconds,
    ownMilliseconds: (own * 1000) / Math.max(pages, 1),
    postgresMilliseconds: (postgres * 1000) / Math.max(pages, 1),
  };
}

/** Waits until what was still asked for when the round ended is answered: nobody listens, but the next would be kept waiting. */
async function calm(processes) {
  const spent = () => processes.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  for (let patience = 80; patience > 0; patience -= 1) {
    const before = spent();
    await sleep(250);
    if (spent() - before < 0.04) return;
  }
  throw new Error("the server goes on working twenty seconds after the last request");
}

/** Of a process, the ended children it has waited for, and all that are below it. */
function cpuSeconds(root) {
  const processes = new Map();
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${name}/stat`, "utf8");
      // The fields after the name, which may itself hold blanks and brackets.
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ").map(Number);
      processes.set(Number(name), { parent: fields[1], ticks: fields[11] + fields[12] + fields[13] + fields[14] });
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (pid) => {
    for (let at = pid; at > 0; at = processes.get(at)?.parent ?? 0) if (at === root) return true;
    return false;
  };
  let ticks = 0;
  for (const [pid, process] of processes) if (below(pid)) ticks += process.ticks;
  return ticks / 100;
}

/** The parent of a process: the postmaster of a connection's backend. */
export function parentOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
}

export const median = (figures) => {
  const sorted = [...figures].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** What the rounds of a measurement come to: medians, and the sum of what went wrong. */
export function summed(rounds) {
  const of = (name) => median(rounds.map((round) => round[name]));
  const sum = (name) => rounds.reduce((total, round) => total + round[name], 0);
  return {
    perSecond: of("perSecond"), p50: of("p50"), p99: of("p99"), bytesEach: sum("bytes") / Math.max(sum("answers"), 1),
    ownMilliseconds: of("ownMilliseconds"), postgresMilliseconds: of("postgresMilliseconds"),
    answers: sum("answers"), refused: sum("refused"), broken: sum("broken"),
  };
}
