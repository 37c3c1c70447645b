// Drives `make bench-push`: our APNs channel, @parse/node-apn, aioapns and h2load send the same notifications to the same fake,
// each run with new processes, all with equal streams on one connection; prints a table and writes target/bench/push_*.json.
//
// --quick (2,000 notifications, one round), --count N, --rounds N, --streams N, --delays 0,5,40, --only ours,h2load,
// --threads N (for ours: the others have one, and so has ours unless it is told otherwise)
import { spawn } from "node:child_process";
import { createPrivateKey, sign } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startFake } from "../fake.mjs";

const { values: asked } = parseArgs({
    options: {
        quick: { type: "boolean" },
        count: { type: "string" },
        rounds: { type: "string" },
        streams: { type: "string", default: "1000" },
        delays: { type: "string", default: "0,5,40" },
        threads: { type: "string", default: "1" },
        only: { type: "string", default: "ours,node-apn,aioapns,h2load" },
    },
});
const count = Number(asked.count ?? (asked.quick ? 2000 : 10000));
const rounds = Number(asked.rounds ?? (asked.quick ? 1 : 5));
const streams = Number(asked.streams);
const threads = Number(asked.threads);
const warm = Math.min(count, 1000);
const delays = asked.delays.split(",").map(Number);
const names = asked.only.split(",");
const work = mkdtempSync(join(tmpdir(), "spectrum-bench-push-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
// The whole payload is then one KiB.
const text = "Have a look when it suits you. ".repeat(26).slice(0, 787);

const commands = {
    ours: [process.env.PUSH_BENCH],
    "node-apn": [process.execPath, join(import.meta.dirname, "node_apn.mjs")],
    aioapns: [process.env.PUSH_PYTHON, join(import.meta.dirname, "aioapns_contestant.py")],
};

function run(command, input) {
    return new Promise((resolve, reject) => {
        const child = spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "pipe"] });
        let [out, err] = ["", ""];
        child.stdout.on("data", (part) => (out += part));
        child.stderr.on("data", (part) => (err += part));
        child.on("error", reject);
        child.on("close", (code) => {
            if (code === 0) resolve({ out, err });
            else reject(new Error(`${command[0]}: ${err}${out}`));
        });
        child.stdin.end(input);
    });
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

// What h2load sends over and over: one notification, with a token made here.
async function h2load(fake) {
    const body = {
        aps: {
            alert: { title: "Your week is ready", body: text },
            category: "weekly",
            "thread-id": "weekly-summary",
            "interruption-level": "passive",
            "relevance-score": 0.3,
        },
        link: "/week/2026-W47",
        delivery: "00000000-0000-4000-8000-000000000001",
    };
    const file = join(work, "payload.json");
    writeFileSync(file, JSON.stringify(body));
    const now = Math.floor(Date.now() / 1000);
    const signed = `${part({ alg: "ES256", kid: fake.keyId })}.${part({ iss: fake.teamId, iat: now })}`;
    const key = { key: createPrivateKey(fake.apnsKey), dsaEncoding: "ieee-p1363" };
    const token = `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
    const headers = {
        authorization: `bearer ${token}`,
        "apns-id": body.delivery,
        "apns-topic": fake.topic,
        "apns-push-type": "alert",
        "apns-priority": "5",
        "apns-expiration": String(now + 9 * 3600),
        "apns-collapse-id": "weekly-2026-W47",
    };
    const given = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    const load = ["h2load", "-n", count, "-c", 1, "-t", 1, "-m", streams, "-d", file, ...given];
    const timed = ["bash", "-c", 'TIMEFORMAT="cpu %U %S"; time "$@"', "h2load"];
    const { out, err } = await run([...timed, ...load.map(String), `${fake.url}/3/device/${"0".repeat(64)}`], "");
    if (!out.includes(`${count} succeeded, 0 failed`)) throw new Error(out);
    const time = (pattern) => {
        const [, value, unit] = out.match(pattern);
        return Number(value) * { us: 1e-6, ms: 1e-3, s: 1 }[unit];
    };
    // The others have connected before they are timed.
    const seconds = time(/finished in ([\d.]+)(us|ms|s),/) - time(/time for connect: +([\d.]+)(us|ms|s)/);
    const [, user, system] = err.match(/cpu ([\d.]+) ([\d.]+)/);
    return { seconds, cpu: Number(user) + Number(system) };
}

// Seconds of processor that a process has used.
function busy(pid) {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(")").at(-1).trim().split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function once(name, delay) {
    const fake = await startFake("--lean", "--careless", "--streams", String(streams), "--delay-ms", String(delay));
    try {
        const { tell, stop, ca, ...about } = fake;
        const before = busy(fake.pid);
        const task = JSON.stringify({ ...about, count, warm, streams, threads, text });
        const result = name === "h2load" ? await h2load(fake) : JSON.parse((await run(commands[name], task)).out);
        const all = name === "h2load" ? count : count + warm;
        const told = await tell({ do: "tell" });
        // One more is how aioapns learns of the streams.
        if (told.counts.accepted < all || told.counts.accepted > all + 1) {
            throw new Error(`${told.counts.accepted} taken instead of ${all}`);
        }
        if (told.refused.length > 0) throw new Error(told.refused[0]);
        const share = (busy(fake.pid) - before) / all;
        return { rate: count / result.seconds, cpu: (result.cpu / count) * 10000, fake: share * 10000 };
    } finally {
        await fake.stop();
    }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const rows = [];
for (const delay of delays) {
    const results = Object.fromEntries(names.map((name) => [name, []]));
    // In turns, so that what else the machine does meets all of them.
    for (let round = 0; round < rounds; round++) {
        for (const name of names) results[name].push(await once(name, delay));
    }
    for (const name of names) {
        const of = (what) => median(results[name].map((one) => one[what]));
        rows.push({ delay, name, rate: of("rate"), cpu: of("cpu"), fake: of("fake") });
        process.stderr.write(`  ${delay} ms, ${name}: ${of("rate").toFixed(0)}/s\n`);
    }
}
console.log(`\n${count} notifications of 1 KiB, ${streams} streams on one connection, the median of ${rounds}\n`);
console.log("delay   contestant    msgs/s   CPU s/10k   the fake's   ours/it");
const figures = [];
for (const { delay, name, rate, cpu, fake } of rows) {
    const ours = rows.find((row) => row.delay === delay && row.name === "ours");
    const ratio = ours && name !== "ours" ? ours.rate / rate : undefined;
    if (ratio !== undefined) figures.push({ delay, name, value: ours.rate, reference: rate, ratio });
    const cells = [`${delay} ms`.padEnd(7), name.padEnd(10), rate.toFixed(0).padStart(9), cpu.toFixed(2).padStart(11)];
    console.log(`${cells.join(" ")} ${fake.toFixed(2).padStart(12)} ${(ratio?.toFixed(2) ?? "").padStart(9)}`);
}

const folder = join(import.meta.dirname, "../../../../target/bench");
mkdirSync(folder, { recursive: true });
const write = (name, figure) => writeFileSync(join(folder, `${name}.json`), JSON.stringify({ name, ...figure }));
const aims = {
    h2load: ["push_vs_ceiling", ">= 0.5"],
    "node-apn": ["push_vs_node_apn", "> 1"],
    aioapns: ["push_vs_aioapns", "> 1"],
};
for (const [peer, [name, aim]] of Object.entries(aims)) {
    const all = figures.filter((figure) => figure.name === peer).map(({ delay, value, reference, ratio }) => {
        const figure = { value, unit: "1/s", reference, ratio, aim };
        write(`${name}_${delay}ms`, figure);
        return figure;
    });
    // The delay at which we do worst.
    if (all.length > 0) write(name, all.reduce((worst, one) => (one.ratio < worst.ratio ? one : worst)));
}
for (const { delay, cpu } of rows.filter((row) => row.name === "ours")) {
    write(`push_cpu_per_10k_${delay}ms`, { value: cpu, unit: "s", reference: null, ratio: null, aim: "" });
}
