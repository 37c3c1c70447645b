// Shows a page of ours where there is no network, and keeps the files that a build has named by their content. It keeps no other
// page and no answer of the API: what is a member's stays with the server.
const CACHE = "spectrum-1";
const OFFLINE = "/offline";
const MOST_FILES = 24;

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
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
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
