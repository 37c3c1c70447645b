// What our APNs channel sends is, payload and headers, what @parse/node-apn makes of the same message.
import assert from "node:assert/strict";
import apn from "@parse/node-apn";
import { check } from "./fake.mjs";
import { messages, startSender } from "./send.mjs";

await check("our APNs beside node-apn", async (fake) => {
    const sender = await startSender(fake);
    for (const message of messages) {
        const answer = await sender.send({ address: { apns: "AB".repeat(32) }, message });
        assert.deepEqual(answer, { outcome: { delivered: message.delivery }, status: 200, reason: "ok" });
    }
    const { seen, refused } = await fake.tell({ do: "tell" });
    assert.deepEqual(refused, []);
    for (const [number, message] of messages.entries()) {
        const note = new apn.Notification({
            id: message.delivery,
            topic: fake.topic,
            pushType: "alert",
            priority: 5,
            expiry: Date.parse(message.expires_at) / 1000,
            collapseId: message.collapse,
            alert: { title: message.title, body: message.body },
            threadId: "weekly-summary",
            category: "weekly",
            interruptionLevel: "passive",
            relevanceScore: 0.3,
            payload: { link: message.path, delivery: message.delivery },
        });
        assert.deepEqual(JSON.parse(seen[number].sent), JSON.parse(note.compile()));
        const { "user-agent": agent, ...headers } = seen[number].headers;
        assert.match(agent, /^spectrum\//);
        const theirs = Object.entries(note.headers()).map(([name, value]) => [name, String(value)]);
        assert.deepEqual(headers, Object.fromEntries(theirs));
    }
    sender.stop();
    return `${messages.length} messages, the same payload and the same six headers`;
});
