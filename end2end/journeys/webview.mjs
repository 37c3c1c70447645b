// Inside the app of a host: what the link asked for is drawn without script, and the bridge says and hears what docs/webview.md says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A page of a member inside an app; `app` is what the app puts into the webview. */
async function inside(visits, { app, script = true, link = {} } = {}) {
  const page = await visits.page({ script });
  if (app) await page.addInitScript(app);
  await page.goto(await visits.hostLink({ webview: true, ...link }));
  if (!script) await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(/\/spectrum/);
  return page;
}

/** An app as Android has it: it keeps what it hears, over page loads as well. */
function androidApp() {
  window.Spectrum = {
    postMessage(text) {
      sessionStorage.setItem("heard", JSON.stringify([...JSON.parse(sessionStorage.getItem("heard") ?? "[]"), JSON.parse(text)]));
    },
  };
}

/** The same as iOS has it: objects, not text. */
function iosApp() {
  const postMessage = (message) => (window.heard = [...(window.heard ?? []), message]);
  window.webkit = { messageHandlers: { spectrum: { postMessage } } };
}

const heard = (page) => page.evaluate(() => JSON.parse(sessionStorage.getItem("heard") ?? "[]"));

export default function webview(test) {
  test("theme, size and page are drawn without script, and nothing leads out", async (visits) => {
    const page = await inside(visits, { script: false, link: { page: "feed", theme: "dark", font_scale: 2 } });
    assert.ok(page.url().endsWith("/spectrum/feed"), page.url());
    const html = page.locator("html");
    assert.equal(await html.getAttribute("data-theme"), "dark");
    for (const path of ["/spectrum/feed", "/spectrum/landscape", "/spectrum/patterns", "/spectrum/settings", "/spectrum"]) {
      await page.goto(path);
      const look = await html.evaluate((root) => {
        const style = getComputedStyle(root);
        return [style.fontSize, style.colorScheme, style.backgroundColor];
      });
      assert.deepEqual(look, ["32px", "dark", "rgb(22, 19, 17)"], path);
      const wide = await html.evaluate((root) => root.scrollWidth - root.clientWidth);
      assert.ok(wide <= 0, `${path} is ${wide} px too wide with letters twice as large`);
      const links = await page.locator("a[href]").evaluateAll((all) => all.map((a) => a.href));
      for (const link of links) assert.ok(link.startsWith(visits.url) || link.startsWith("tel:"), link);
    }
  });

  test("an Android app hears that a page is there, where it goes, and which file is wanted", async (visits) => {
    const page = await inside(visits, { app: androidApp, link: { page: "landscape" } });
    await page.waitForFunction(() => sessionStorage.getItem("heard"));
    const [ready] = await heard(page);
    assert.deepEqual(Object.keys(ready).sort(), ["path", "source", "title", "type", "version"]);
    assert.deepEqual([ready.source, ready.version, ready.type], ["spectrum", 1, "ready"]);
    assert.match(ready.path, /^\/spectrum\/(landscape|week)\//);

    await page.locator("a[href='/spectrum/feed']").first().click();
    await page.waitForURL(/\/spectrum\/feed$/);
    let all = await heard(page);
    assert.ok(all.some(({ type, path }) => type === "navigate" && path === "/spectrum/feed"), JSON.stringify(all));
    await page.goBack();
    await page.waitForURL(/\/spectrum\/(landscape|week)\//);

    await page.goto("/spectrum/patterns/90-days");
    const file = page.locator("a[href$='.csv'], a[href$='.svg']").first();
    await page.locator("details:has(a[href$='.csv'], a[href$='.svg'])").evaluateAll((all) => all.forEach((one) => (one.open = true)));
    const before = page.url();
    await file.evaluate((link) => link.click());
    all = await heard(page);
    assert.match(all.at(-1).path, /^\/spectrum\/patterns\/.+\.(csv|svg)$/);
    assert.equal(all.at(-1).type, "share");
    assert.equal(page.url(), before);
    await page.evaluate(() => {
      const button = document.querySelector("main").appendChild(document.createElement("button"));
      button.dataset.host = "upgrade";
      button.click();
    });
    assert.equal((await heard(page)).at(-1).type, "upgrade");
  });

  test("an iOS app sends a page where it wants, among the member's own only", async (visits) => {
    const page = await inside(visits, { app: iosApp, link: { page: "feed" } });
    await page.waitForFunction(() => window.heard?.length > 0);
    const send = (message) => page.evaluate((m) => window.spectrumHost.receive(m), message);
    const here = page.url();
    for (const path of ["https://evil.test/", "//evil.test", "/staff", "/spectrum/../staff", "javascript:alert(1)", "/spectrum//x", 7, null]) {
      await send({ type: "navigate", path });
    }
    await send({ type: "share", path: "/spectrum/months" });
    await send(null);
    // Whoever is not the page around it is not heard at all.
    await page.evaluate(() => window.postMessage({ type: "navigate", path: "/spectrum/months" }, "*"));
    await page.waitForTimeout(300);
    assert.equal(page.url(), here);
    await Promise.all([page.waitForURL(/\/spectrum\/months$/), send({ type: "navigate", path: "/spectrum/months" })]);
  });

  test("the bridge is small, and in no other browser", async (visits) => {
    assert.ok(readFileSync(join(import.meta.dirname, "../../app/src/pages/bridge.js")).length <= 1536);
    const { PAID } = await import("../demo.mjs");
    const page = await visits.page({ who: PAID });
    await page.goto("/spectrum/feed");
    assert.equal(await page.evaluate(() => typeof window.spectrumHost), "undefined");
  });
}
