// The contestant @parse/node-apn: sends what its line of input says, so many at a time, and prints how long that took.
import { readFileSync } from "node:fs";
import apn from "@parse/node-apn";

const task = JSON.parse(readFileSync(0, "utf8"));
const provider = new apn.Provider({
    address: "localhost",
    port: task.port,
    ca: readFileSync(task.root),
    token: { key: task.apnsKey, keyId: task.keyId, teamId: task.teamId },
});
const expiry = Math.floor(Date.now() / 1000) + 9 * 3600;

async function send(count) {
    let next = 0;
    let good = 0;
    const worker = async () => {
        while (next < count) {
            const number = next++;
            const delivery = `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
            const note = new apn.Notification({
                id: delivery,
                topic: task.topic,
                pushType: "alert",
                priority: 5,
                expiry,
                collapseId: "weekly-2026-W47",
                alert: { title: "Your week is ready", body: task.text },
                threadId: "weekly-summary",
                category: "weekly",
                interruptionLevel: "passive",
                relevanceScore: 0.3,
                payload: { link: "/week/2026-W47", delivery },
            });
            const { sent } = await provider.send(note, number.toString(16).padStart(64, "0"));
            good += sent.length;
        }
    };
    await Promise.all(Array.from({ length: Math.min(task.streams, count) }, worker));
    if (good !== count) throw new Error(`${good} of ${count} were taken`);
}

await send(task.warm);
const [begun, busy] = [performance.now(), process.cpuUsage()];
await send(task.count);
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(busy);
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6 }));
process.exit(0);
