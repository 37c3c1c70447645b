// Shows a page of ours where there is no network, and keeps the files that a build has named by their content. It keeps no other
// page and no answer of the API: what is a member's stays with the server. And it shows the notice that a week is ready.
const CACHE = "spectrum-1";
const OFFLINE = "/offline";
const MOST_FILES = 24;
// This browser's own name as a device, which has to outlive a new version of this file.
const DEVICE = "spectrum-device";

const isBuilt = ({ origin, pathname, search }) =>
  origin === location.origin && search === "" && /^\/([\w-]+\/)?[\w-]+\.[0-9a-f]{16}\.(css|js|wasm|svg|png)$/.test(pathname);

async function prepare() {
  const cache = await caches.open(CACHE);
  // Without the cookie: it must be the page that anybody gets.
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "reload" });
  if (!page.ok) throw new Error(`${OFFLINE} answered ${page.status}`);
  const sheet = /href="(\/pkg\/[^"]+\.css)"/.exec(await page.clone().text())?.[1];
  if (sheet) await cache.add(sheet);
  await cache.put(OFFLINE, page);
}

async function takeOver() {
  for (const name of await caches.keys()) if (name !== CACHE && name !== DEVICE) await caches.delete(name);
  // So that no page waits for this file to be started.
  await registration.navigationPreload?.enable();
  await clients.claim();
}

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) {
    await cache.put(request, answer.clone());
    const keys = await cache.keys();
    // The oldest go first; the first two are the offline page and its sheet.
    for (const old of keys.slice(2, Math.max(2, keys.length - MOST_FILES))) await cache.delete(old);
  }
  return answer;
}

addEventListener("install", (event) => event.waitUntil(prepare().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(takeOver()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (isBuilt(new URL(request.url))) event.respondWith(file(request));
});

// --- the notice that a week is ready ------------------------------------------------------------------------------------------

const json = (method, body) => ({ method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

async function deviceName() {
  const cache = await caches.open(DEVICE);
  const kept = await cache.match("/device");
  if (kept) return kept.text();
  const name = crypto.randomUUID();
  await cache.put("/device", new Response(name));
  return name;
}

async function subscribe(key) {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  let subscription;
  try {
    subscription = await registration.pushManager.subscribe(options);
  } catch (error) {
    // There is one that was made with another key.
    const old = await registration.pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    subscription = await registration.pushManager.subscribe(options);
  }
  const { endpoint, keys } = subscription.toJSON();
  const device = { platform: "web", address_kind: "web_push", address: endpoint, p256dh: keys.p256dh, auth: keys.auth };
  const answer = await fetch(`/api/v1/devices/${await deviceName()}`, json("PUT", device));
  if (!answer.ok) throw new Error(`the device was answered ${answer.status}`);
}

async function show(data) {
  // A browser takes the right to push away where nothing is shown, so even what can't be read shows something.
  const { title = "Spectrum", body = "", tag, url: path = "/spectrum", delivery, stop } = data ?? {};
  const actions = delivery && stop ? [{ action: "stop", title: stop }] : [];
  const icon = "/app-icon-192.png";
  await registration.showNotification(title, { body, tag, icon, badge: icon, actions, data: { path, delivery } });
}

async function open(path) {
  // Only ever a page of ours.
  const url = new URL(path, location.origin);
  await clients.openWindow(url.origin === location.origin ? url.href : "/spectrum");
}

addEventListener("message", (event) => {
  const key = event.data?.subscribe;
  if (!key) return;
  const [port] = event.ports;
  event.waitUntil(subscribe(key).then(() => port.postMessage(true), () => port.postMessage(false)));
});
addEventListener("push", (event) => {
  let data;
  try {
    data = event.data?.json();
  } catch {}
  event.waitUntil(show(data));
});
addEventListener("notificationclick", (event) => {
  const { action, notification } = event;
  const { path, delivery } = notification.data ?? {};
  notification.close();
  const stopped = () => fetch("/api/v1/push/stop", json("POST", { delivery_id: delivery }));
  event.waitUntil(action === "stop" ? stopped() : open(path ?? "/spectrum"));
});
addEventListener("pushsubscriptionchange", (event) => {
  const key = event.oldSubscription?.options.applicationServerKey;
  if (key) event.waitUntil(subscribe(key));
});
