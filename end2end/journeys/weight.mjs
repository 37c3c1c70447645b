// How heavy each screen's first view is, when the browser code comes, and what moves while loading: figures, and their limits.
import assert from "node:assert/strict";

import { awake } from "../browser.mjs";
import { PAID } from "../demo.mjs";
import { figure } from "../figure.mjs";
import { addressOf, measured, slowNetwork, slowProcessor } from "../slow_phone.mjs";

const KIB = 1024;
// The paint has a wide limit: how soon it comes depends on how busy this machine is. Its aim is in AIM.
const LIMIT = { firstViewKib: 80, requests: 6, browserCodeKib: 90, cls: 0.02, lcpMilliseconds: 2500 };
const AIM = { lcpMilliseconds: 1200 };
const CODE = /\/pkg\/.*\.(js|wasm)$/;

/** Opens a browser whose cache is empty and that tells what goes over the wire. */
async function coldBrowser(visits) {
  const page = await visits.page({ who: PAID });
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const requests = new Map();
  session.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
    requests.set(requestId, { url: request.url, type, bytes: 0 });
  });
  session.on("Network.responseReceived", ({ requestId, response }) => {
    Object.assign(requests.get(requestId) ?? {}, { encoding: response.headers["content-encoding"], status: response.status });
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    Object.assign(requests.get(requestId) ?? {}, { bytes: encodedDataLength });
  });
  return { page, session, requests };
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

/** Waits until all of the page is there, its browser code included where it has any. */
async function settled(page) {
  if ((await page.locator("leptos-island").count()) > 0) await awake(page);
  await page.waitForLoadState("networkidle");
}

/** To the end of the page, as a reader would, half a window at a time. */
function readThrough(page) {
  return page.evaluate(() => new Promise((done) => {
    const step = () => {
      scrollBy(0, innerHeight / 2);
      if (scrollY + innerHeight + 1 < document.scrollingElement.scrollHeight) requestAnimationFrame(step);
      else requestAnimationFrame(() => requestAnimationFrame(done));
    };
    requestAnimationFrame(step);
  }));
}

/** That the browser code came no sooner than what is read. */
async function comesAfterPaint(page) {
  const { painted, asked } = await page.evaluate(() => ({
    painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    asked: performance.getEntriesByType("resource").map(({ name, startTime }) => ({ name, startTime })),
  }));
  const code = asked.filter(({ name }) => CODE.test(name));
  assert.equal(code.length, 2);
  for (const { name, startTime } of code) {
    assert.ok(startTime > painted, `${name} was asked for at ${startTime} ms, the first paint came at ${painted} ms`);
  }
}

export default function weight(test) {
  for (const screen of measured) {
    const { name } = screen;

    test(`the first view of ${name} is light, and the browser code comes after it is painted`, async (visits) => {
      const url = await addressOf(visits, screen);
      const { page, requests } = await coldBrowser(visits);
      await page.goto(url);
      await settled(page);
      const all = [...requests.values(), ...(await unasked(page, requests))];
      const code = all.filter(({ url }) => CODE.test(url));
      const first = all.filter((request) => !code.includes(request));
      for (const request of [...code, ...first.filter(({ type }) => ["Document", "Stylesheet"].includes(type))]) {
        assert.equal(request.encoding, "br", `${request.url} came without brotli`);
      }
      const kib = (list) => list.reduce((sum, { bytes }) => sum + bytes, 0) / KIB;
      figure(`first_view_kib_${name}`, kib(first), "KiB", `≤ ${LIMIT.firstViewKib}`);
      figure(`requests_${name}`, all.length, "requests", `≤ ${LIMIT.requests}`);
      assert.ok(kib(first) <= LIMIT.firstViewKib);
      assert.ok(all.length <= LIMIT.requests, all.map(({ url }) => url).join("\n"));
      // A screen with nothing to wake asks for no browser code at all; the week always has some.
      const islands = await page.locator("leptos-island").count();
      assert.equal(code.length, islands > 0 ? 2 : 0, code.map(({ url }) => url).join(", "));
      if (islands > 0) {
        assert.ok(kib(code) <= LIMIT.browserCodeKib);
        await comesAfterPaint(page);
      }
      if (name === "week") figure("wasm_brotli_kib", kib(code), "KiB", `≤ ${LIMIT.browserCodeKib}`);
    });

    test(`on a slow phone ${name} paints soon and nothing jumps`, async (visits) => {
      const url = await addressOf(visits, screen);
      let { cls, lcp } = await onSlowPhone(visits, url);
      // What something else takes of this machine's processor is not the page's: a reading that is late is taken again.
      for (let tries = 0; tries < 2 && lcp > LIMIT.lcpMilliseconds; tries += 1) {
        const again = await onSlowPhone(visits, url);
        lcp = Math.min(lcp, again.lcp);
        cls = Math.max(cls, again.cls);
      }
      figure(`lcp_ms_${name}`, lcp, "ms", `≤ ${AIM.lcpMilliseconds}`);
      figure(`cls_${name}`, cls, "", `≤ ${LIMIT.cls}`);
      assert.ok(lcp > 0 && lcp <= LIMIT.lcpMilliseconds, `${lcp} ms`);
      assert.ok(cls <= LIMIT.cls, `${cls}`);
    });
  }
}

/** When the largest thing of a page was painted, and how much moved while it was loaded and read. */
async function onSlowPhone(visits, url) {
  const { page, session } = await coldBrowser(visits);
  await slowNetwork(session);
  await slowProcessor(session);
  await page.addInitScript(() => {
    window.seen = { cls: 0, lcp: 0 };
    const observe = (type, each) =>
      new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
    observe("layout-shift", (entry) => (window.seen.cls += entry.hadRecentInput ? 0 : entry.value));
    observe("largest-contentful-paint", (entry) => (window.seen.lcp = entry.startTime));
  });
  await page.goto(url);
  await settled(page);
  await readThrough(page);
  const seen = await page.evaluate(() => window.seen);
  await page.context().close();
  return seen;
}
