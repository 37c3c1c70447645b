// @parse/node-apn sends to the fake: what it sends is taken, and what the fake says of addresses is what it reports.
import assert from "node:assert/strict";
import apn from "@parse/node-apn";
import { check } from "./fake.mjs";

await check("node-apn", async (fake) => {
    const provider = new apn.Provider({
        address: "localhost",
        port: fake.port,
        ca: fake.ca,
        token: { key: fake.apnsKey, keyId: fake.keyId, teamId: fake.teamId },
        connectionRetryLimit: 0,
    });
    const note = () =>
        new apn.Notification({
            topic: fake.topic,
            pushType: "alert",
            priority: 5,
            expiry: Math.floor(Date.now() / 1000) + 3600,
            collapseId: "weekly-2026-W47",
            alert: { title: "Your week", body: "It is ready" },
            threadId: "weekly-summary",
            interruptionLevel: "passive",
        });
    const address = (number) => number.toString(16).padStart(64, "0");

    const first = await provider.send(note(), address(1));
    assert.equal(first.failed.length, 0, JSON.stringify(first.failed));
    const many = Array.from({ length: 200 }, (_, number) => address(number + 2));
    const rest = await provider.send(note(), many);
    assert.equal(rest.sent.length, 200, JSON.stringify(rest.failed[0]));

    const since = "2026-11-20T08:00:00.123Z";
    await fake.tell({ do: "address", address: address(500), state: { gone: { since } } });
    await fake.tell({ do: "address", address: address(501), state: "bad_token" });
    const { failed } = await provider.send(note(), [address(500), address(501)]);
    const by = Object.fromEntries(failed.map((one) => [one.device, one]));
    assert.equal(by[address(500)].status, 410);
    assert.deepEqual(by[address(500)].response, { reason: "Unregistered", timestamp: Date.parse(since) });
    assert.equal(by[address(501)].status, 400);
    assert.equal(by[address(501)].response.reason, "BadDeviceToken");

    const plain = note();
    plain.topic = "example.other";
    const refused = await provider.send(plain, address(1));
    assert.equal(refused.failed[0].response.reason, "TopicDisallowed");

    const told = await fake.tell({ do: "tell" });
    assert.equal(told.counts.accepted, 201);
    assert.equal(told.counts.provider_tokens, 1);
    assert.deepEqual(told.refused, ["apns: apns-topic is another app's"]);
    assert.deepEqual(told.seen[0].payload, JSON.parse(note().compile()));
    assert.equal(told.seen[0].headers["apns-collapse-id"], "weekly-2026-W47");
    await provider.shutdown();
    return "201 taken with one token; 410 with its time, BadDeviceToken, TopicDisallowed";
});
