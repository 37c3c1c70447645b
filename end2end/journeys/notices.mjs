// Being told when a week is ready: decided by a form, turned on in a browser by a touch and never before, shown by the service worker,
// and ended by the action under it.
import assert from "node:assert/strict";
import { createECDH, randomBytes } from "node:crypto";

import { awake } from "../browser.mjs";
import { PAID } from "../demo.mjs";

const NOTICES = "/spectrum/settings/notices";
const TURN_ON = "Tell me in this browser";

/** A subscription as the browser's maker would give one. The maker itself is not asked: it is not on this machine. */
function subscription() {
  const ecdh = createECDH("prime256v1");
  return {
    endpoint: `https://fcm.googleapis.com/fcm/send/${randomBytes(12).toString("hex")}`,
    keys: { p256dh: ecdh.generateKeys("base64url"), auth: randomBytes(16).toString("base64url") },
  };
}

/** The page of notices with its service worker awake. */
async function openNotices(visits, more = {}) {
  const page = await visits.page({ who: PAID, serviceWorkers: "allow", ...more });
  await page.goto(NOTICES);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await awake(page);
  const [worker] = page.context().serviceWorkers();
  return { page, worker };
}

export default function notices(test) {
  test("whether and when is decided by a form, without script, and said in a sentence", async (visits) => {
    const page = await visits.page({ who: PAID, script: false });
    await page.goto("/spectrum/settings");
    await page.getByRole("link", { name: "When a week is ready" }).click();
    await page.getByRole("heading", { level: 1, name: "Notices" }).waitFor();
    await page.getByText("You are told the day after your week ends, after 09:00 where you live.").waitFor();
    await page.locator("select[name=day]").selectOption({ label: "Sunday" });
    await page.locator("select[name=hour]").selectOption({ label: "18:00" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Kept. What waits to be sent goes by it.").waitFor();
    await page.getByText("You are told on Sunday, after 18:00 where you live.").waitFor();
    await page.getByLabel("in browsers").uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("You are not told when a week is ready.").waitFor();
    await page.getByLabel("in browsers").check();
    await page.locator("select[name=day]").selectOption({ label: "the day after my week ends" });
    await page.locator("select[name=hour]").selectOption({ label: "09:00" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("You are told the day after your week ends").waitFor();
    assert.ok(await page.getByText("That takes script").isVisible());
  });

  test("a browser is asked for its permission by a touch and not before, and a no is taken for a no", async (visits) => {
    const { page } = await openNotices(visits);
    await page.addInitScript(() => {
      globalThis.asked = 0;
      const ask = Notification.requestPermission.bind(Notification);
      Notification.requestPermission = (...all) => ((globalThis.asked += 1), ask(...all));
    });
    await page.reload();
    await awake(page);
    assert.equal(await page.evaluate(() => globalThis.asked), 0, "the page asked by itself");
    await page.getByRole("button", { name: TURN_ON }).click();
    // Headless, nobody is there to say yes.
    await page.getByText("The browser may not.").waitFor();
    assert.equal(await page.evaluate(() => globalThis.asked), 1);
    assert.equal(await page.getByRole("listitem").filter({ hasText: "Browser" }).count(), 0, "nothing was registered");
  });

  test("a browser that may is registered, is shown what comes, and ends it by the action under it", async (visits) => {
    const { page, worker } = await openNotices(visits, { permissions: ["notifications"] });
    await worker.evaluate((made) => {
      registration.pushManager.subscribe = async (options) => {
        globalThis.subscribedWith = options;
        return { toJSON: () => made };
      };
    }, subscription());
    await page.getByRole("button", { name: TURN_ON }).click();
    await page.getByText("This browser tells you from now on.").waitFor();
    const options = await worker.evaluate(() => globalThis.subscribedWith);
    assert.equal(options.userVisibleOnly, true);
    assert.equal(Buffer.from(options.applicationServerKey, "base64url").length, 65, "a point of P-256");
    await page.reload();
    const device = page.getByRole("listitem").filter({ hasText: "Browser" });
    await device.waitFor();

    // What comes, as it comes out of the browser's own unsealing.
    const session = await page.context().newCDPSession(page);
    const registered = new Promise((resolve) => {
      session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations[0] && resolve(registrations[0]));
    });
    await session.send("ServiceWorker.enable");
    const { registrationId } = await registered;
    const data = JSON.stringify({
      title: "Your week is ready",
      body: "See what was counted, whenever it suits you.",
      url: "/spectrum/week/2026-W40?push=0b64a1de-3c1c-4b0e-9d6f-0c7a2f1e5a01",
      tag: "weekly-2026-W40",
      delivery: "0b64a1de-3c1c-4b0e-9d6f-0c7a2f1e5a01",
      stop: "No more of these",
    });
    const origin = new URL(visits.url).origin;
    for (let times = 0; times < 2; times += 1) await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
    const shown = () =>
      worker.evaluate(async () =>
        (await registration.getNotifications()).map(({ title, body, tag, data, actions }) => ({ title, body, tag, data, actions })),
      );
    for (let tries = 0; (await shown()).length === 0 && tries < 50; tries += 1) await page.waitForTimeout(100);
    const [notice, ...more] = await shown();
    assert.deepEqual(more, [], "the same week twice is one notice");
    assert.equal(notice.title, "Your week is ready");
    assert.equal(notice.tag, "weekly-2026-W40");
    assert.deepEqual(notice.actions.map(({ action, title }) => [action, title]), [["stop", "No more of these"]]);

    const stopped = page.context().waitForEvent("request", (request) => request.url().endsWith("/api/v1/push/stop"));
    await worker.evaluate(async () => {
      const [notification] = await registration.getNotifications();
      dispatchEvent(new NotificationEvent("notificationclick", { notification, action: "stop" }));
    });
    const request = await stopped;
    assert.deepEqual(request.postDataJSON(), { delivery_id: "0b64a1de-3c1c-4b0e-9d6f-0c7a2f1e5a01" });
    assert.equal((await request.response()).status(), 204);

    await page.goto(NOTICES);
    await device.getByRole("button", { name: /^Remove/ }).click();
    await page.getByText("Removed. That device is told nothing any more.").waitFor();
    assert.equal(await device.count(), 0);
  });

  test("a tap leads to the week that the notice was about, however late", async (visits) => {
    const page = await visits.page({ who: PAID });
    await page.goto("/spectrum/week/2026-W40?push=0b64a1de-3c1c-4b0e-9d6f-0c7a2f1e5a01");
    await page.getByRole("heading", { level: 1, name: /28 September – 4 October/ }).waitFor();
    // Who is not signed in comes back to it.
    const stranger = await visits.page();
    const answer = await stranger.goto("/spectrum/week/2026-W40?push=0b64a1de-3c1c-4b0e-9d6f-0c7a2f1e5a01");
    assert.equal(answer.status(), 401);
  });
}
