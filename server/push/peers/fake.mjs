// Starts the fake of APNs and FCM for a test in Node.js, and tells it what to do. PUSH_FAKE names the program.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import https from "node:https";
import { createInterface } from "node:readline";

export async function startFake(...options) {
    const child = spawn(process.env.PUSH_FAKE, options, { stdio: ["pipe", "pipe", "inherit"] });
    const [line] = await new Promise((resolve, reject) => {
        const lines = createInterface({ input: child.stdout });
        lines.once("line", (line) => resolve([line]));
        child.once("exit", (code) => reject(new Error(`the fake ended with ${code}`)));
    });
    const about = JSON.parse(line);
    const ca = readFileSync(about.root);
    const agent = new https.Agent({ ca, keepAlive: true });
    const tell = (order) =>
        new Promise((resolve, reject) => {
            const request = https.request(`${about.url}/__control`, { method: "POST", agent }, (response) => {
                let text = "";
                response.setEncoding("utf8").on("data", (part) => (text += part));
                response.on("end", () =>
                    response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text)),
                );
            });
            request.on("error", reject).end(JSON.stringify(order));
        });
    const stop = async () => {
        agent.destroy();
        child.removeAllListeners("exit");
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.stdin.end();
        await gone;
    };
    return { ...about, ca, tell, stop };
}

// Runs a test with a fake of its own, prints its one line, and ends with its status.
export async function check(name, test, ...options) {
    const fake = await startFake(...options);
    let status = 0;
    try {
        console.log(`ok   ${name}: ${await test(fake)}`);
    } catch (error) {
        console.log(`FAIL ${name}: ${error.stack}`);
        status = 1;
    }
    await fake.stop();
    process.exit(status);
}
