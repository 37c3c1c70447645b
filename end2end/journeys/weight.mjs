// How heavy the first view is, when the browser code comes, and what moves while loading: figures, and their limits.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { awake, openRichWeek } from "../browser.mjs";
import { PAID, root } from "../demo.mjs";

const KIB = 1024;
const LIMIT = { firstViewKib: 80, requests: 6, browserCodeKib: 90, cls: 0.02, lcpMilliseconds: 2500 };
// A mid-range phone on a slow mobile network, as performance tools take it: 1.6 Mbit/s, 150 ms, a fourth of this processor.
const NETWORK = { offline: false, latency: 150, downloadThroughput: (1.6e6 / 8) * 0.9, uploadThroughput: (750e3 / 8) * 0.9 };
const SLOWER = 4;

/** Writes one figure where `make bench` writes its own, and prints it. */
function figure(name, value, unit, aim) {
  const folder = join(root, "target/bench");
  mkdirSync(folder, { recursive: true });
  const rounded = Math.round(value * 1000) / 1000;
  const text = JSON.stringify({ name, value: rounded, unit, reference: null, ratio: null, aim });
  writeFileSync(join(folder, `${name}.json`), text);
  console.log(`       ${name}: ${rounded} ${unit} (${aim})`);
}

/** Opens the rich week in a browser whose cache is empty and tells what went over the wire. */
async function coldView(visits) {
  const finder = await visits.page({ who: PAID, script: false });
  await openRichWeek(finder);
  const url = finder.url();
  const page = await visits.page({ who: PAID });
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const requests = new Map();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => requests.set(requestId, { url: request.url, bytes: 0 }));
  session.on("Network.responseReceived", ({ requestId, response }) => {
    Object.assign(requests.get(requestId) ?? {}, { encoding: response.headers["content-encoding"], status: response.status });
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    Object.assign(requests.get(requestId) ?? {}, { bytes: encodedDataLength });
  });
  return { page, session, url, requests };
}

/** The requests that a headless browser leaves out, though one with a window makes them: the icon and the manifest. */
async function unasked(page, requests) {
  const seen = new Set([...requests.values()].map(({ url }) => new URL(url).pathname));
  const links = await page.locator("link[rel=icon], link[rel=manifest]").evaluateAll((all) => all.map(({ href }) => href));
  const found = [];
  for (const url of links.filter((link) => !seen.has(new URL(link).pathname))) {
    const answer = await page.context().request.get(url, { headers: { "accept-encoding": "br" } });
    const sizes = await answer.body();
    const length = Number(answer.headers()["content-length"] ?? sizes.length);
    found.push({ url, bytes: length + JSON.stringify(answer.headers()).length });
  }
  return found;
}

export default function weight(test) {
  test("the week's first view is light, and the browser code comes after it is painted", async (visits) => {
    const { page, url, requests } = await coldView(visits);
    await page.goto(url);
    await awake(page);
    await page.waitForLoadState("networkidle");
    const all = [...requests.values(), ...(await unasked(page, requests))];
    const code = all.filter(({ url }) => /\/pkg\/.*\.(js|wasm)$/.test(url));
    const first = all.filter((request) => !code.includes(request));
    for (const request of [...code, ...first.filter(({ url }) => /\.css$|\/week\//.test(url))]) {
      assert.equal(request.encoding, "br", `${request.url} came without brotli`);
    }
    const kib = (list) => list.reduce((sum, { bytes }) => sum + bytes, 0) / KIB;
    figure("first_view_kib_week", kib(first), "KiB", `≤ ${LIMIT.firstViewKib}`);
    figure("requests_week", all.length, "requests", `≤ ${LIMIT.requests}`);
    figure("wasm_brotli_kib", kib(code), "KiB", `≤ ${LIMIT.browserCodeKib}`);
    assert.equal(code.length, 2, code.map(({ url }) => url).join(", "));
    assert.ok(kib(first) <= LIMIT.firstViewKib);
    assert.ok(all.length <= LIMIT.requests, all.map(({ url }) => url).join("\n"));
    assert.ok(kib(code) <= LIMIT.browserCodeKib);

    const times = await page.evaluate(() => ({
      painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
      asked: performance
        .getEntriesByType("resource")
        .filter(({ name }) => /\/pkg\/.*\.(js|wasm)$/.test(name))
        .map(({ name, startTime }) => ({ name, startTime })),
    }));
    assert.equal(times.asked.length, 2);
    for (const { name, startTime } of times.asked) {
      assert.ok(startTime > times.painted, `${name} was asked for at ${startTime} ms, the first paint came at ${times.painted} ms`);
    }
  });

  test("on a slow phone the week paints soon and nothing jumps", async (visits) => {
    const { page, session, url } = await coldView(visits);
    await session.send("Network.emulateNetworkConditions", NETWORK);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.addInitScript(() => {
      window.seen = { cls: 0, lcp: 0 };
      const observe = (type, each) =>
        new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
      observe("layout-shift", (entry) => (window.seen.cls += entry.hadRecentInput ? 0 : entry.value));
      observe("largest-contentful-paint", (entry) => (window.seen.lcp = entry.startTime));
    });
    await page.goto(url);
    await awake(page);
    await page.evaluate(() => new Promise((done) => {
      // To the end and back, as a reader would, a window at a time.
      const step = () => {
        scrollBy(0, innerHeight / 2);
        if (scrollY + innerHeight + 1 < document.scrollingElement.scrollHeight) requestAnimationFrame(step);
        else requestAnimationFrame(() => requestAnimationFrame(done));
      };
      requestAnimationFrame(step);
    }));
    const { cls, lcp } = await page.evaluate(() => window.seen);
    figure("lcp_ms_week", lcp, "ms", "≤ 1200");
    figure("cls_week", cls, "", `≤ ${LIMIT.cls}`);
    assert.ok(lcp > 0 && lcp <= LIMIT.lcpMilliseconds, `${lcp} ms`);
    assert.ok(cls <= LIMIT.cls, `${cls}`);
  });
}
