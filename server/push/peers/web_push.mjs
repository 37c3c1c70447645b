// web-push-testing takes our Web Push: it verifies the signature, decrypts the text, and says when a subscription has ended.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import model from "web-push-testing/src/PushApiModel.js";
import Server from "web-push-testing/src/server.js";
import { check } from "./fake.mjs";
import { messages, startSender } from "./send.mjs";

const freePort = () =>
    new Promise((resolve) => {
        const probe = createServer().listen(0, () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });

await check("our Web Push to web-push-testing", async (fake) => {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    // It says on its own line where it is, and why it refuses.
    console.log = () => {};
    const server = new Server(new model.PushApiModel(), port);
    server.startServer();
    const post = async (path, body) => {
        const text = new URLSearchParams(body);
        const answer = await fetch(`${origin}${path}`, { method: "POST", body: text });
        const content = await answer.text();
        return content.startsWith("{") ? JSON.parse(content).data : content;
    };

    const sender = await startSender({ ...fake, webPush: origin });
    const subscribe = (key) => post("/subscribe", { userVisibleOnly: "true", applicationServerKey: key });
    const { endpoint, keys, clientHash } = await subscribe(sender.key);
    const address = { web_push: { endpoint, ...keys } };
    for (const message of messages) {
        const answer = await sender.send({ address, message });
        assert.deepEqual([answer.status, answer.reason], [201, "ok"], JSON.stringify(answer));
    }
    const received = (await post("/get-notifications", { clientHash })).messages.map((text) => JSON.parse(text));
    assert.equal(received.length, messages.length);
    for (const [number, message] of messages.entries()) {
        const { title, body, path, delivery, collapse, stop } = message;
        const texts = JSON.stringify(received[number]);
        for (const part of [title, body, path, delivery, collapse, stop]) {
            assert.ok(texts.includes(JSON.stringify(part)), `${part} in ${texts}`);
        }
    }

    // Signed with another key than the browser asked for, it must not be taken.
    const other = await subscribe("BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM");
    const stranger = { web_push: { endpoint: other.endpoint, ...other.keys } };
    const refused = await sender.send({ address: stranger, message: messages[0] });
    assert.deepEqual([refused.status, refused.outcome], [400, "refused"]);

    await post(`/expire-subscription/${clientHash}`, {});
    const gone = await sender.send({ address, message: messages[0] });
    assert.deepEqual(gone, { outcome: { gone: { since: null, certain: true } }, status: 410, reason: "gone" });
    sender.stop();
    server._server.close();
    console.log = (...words) => process.stdout.write(`${words.join(" ")}\n`);
    return `${messages.length} decrypted to the letter; another key's signature refused; gone after it expired`;
});
