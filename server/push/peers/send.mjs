// Sends messages through our channels, one by one. PUSH_SEND names the program that does.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

// The words of every language that we send, some that JSON and HTTP have to be careful with, and none at all of a session.
export const messages = [
    ["Your week is ready", "Have a look when it suits you."],
    ["Deine Woche ist da", "Schau hinein, wenn es dir passt."],
    ['"Quoted" \\ and <b>&amp;</b>', "Two\nlines and a\ttab"],
    ["أسبوعك جاهز", "ألقِ نظرة متى شئت"],
    ["🌱 週のまとめ", "お時間のあるときにどうぞ"],
].map(([title, body], number) => ({
    delivery: `6ba7b810-9dad-41d1-80b4-${String(number).padStart(12, "0")}`,
    collapse: `weekly-2026-W${40 + number}`,
    title,
    body,
    stop: "Fewer of these",
    path: `/week/2026-W${40 + number}`,
    expires_at: new Date(Math.floor(Date.now() / 1000) * 1000 + 9 * 3600 * 1000).toISOString(),
}));

// A sender with these servers: `key` is what browsers subscribe with, `send` takes an order and gives its outcome.
export async function startSender(servers) {
    const child = spawn(process.env.PUSH_SEND, [], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask = async (order) => {
        child.stdin.write(`${JSON.stringify(order)}\n`);
        const { value, done } = await lines.next();
        if (done) throw new Error("the sender has ended");
        return JSON.parse(value);
    };
    const { applicationServerKey: key } = await ask(servers);
    return { key, send: ask, stop: () => child.stdin.end() };
}
