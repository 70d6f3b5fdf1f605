/* Shows a notification when a message comes, and opens its page. Without a network it opens the pages that are kept
   for noting a visit, and sends the notes that wait once there is one again. */
"use strict";

importScripts("/static/note-queue.js");
// Pages of the account that is signed in, dropped when it signs out; and the look, which is nobody's.
const KEPT = "linli-kept", PARTS = "linli-parts";
const NOTE_PAGE = /^\/c\/[^/]+\/visits\/new\/[0-9a-f-]{36}$/;
const PATIENCE = 8_000, FRESH = 3_600e3, STALE = 7 * 24 * 3_600e3;
const ANY = { ignoreSearch: true, ignoreVary: true };

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("sync", (event) => event.waitUntil(self.linliNotes.sendAll()));

// A page of the network as long as there is one; a note's page that is kept stands in also when the network is slow.
const page = async (request, path) => {
  const kept = await caches.open(KEPT);
  const own = NOTE_PAGE.test(path) ? await kept.match(path, ANY) : null;
  try {
    return await (own ? Promise.race([fetch(request), late()]) : fetch(request));
  } catch {
    return own ?? await kept.match("/offline", ANY) ?? Response.error();
  }
};
const late = () => new Promise((_, reject) => setTimeout(reject, PATIENCE));
const part = async (request) => {
  try {
    return await fetch(request);
  } catch {
    return await caches.match(request, { ...ANY, cacheName: PARTS }) ?? Response.error();
  }
};

// All that is kept is kept here. A page tells its account, the notes' pages it leads to and its look, and hears whether all of it is kept.
const age = (answer) => Date.now() - Date.parse(answer.headers.get("date"));
const renew = async (cache, url, right) => {
  const old = await cache.match(url, ANY);
  if (old && age(old) < FRESH) return true;
  const answer = await fetch(url, { redirect: "manual", cache: "no-cache" });
  const good = answer.ok && await right(answer.clone());
  await (good ? cache.put(url, answer) : cache.delete(url, ANY));
  return good;
};
const keep = async ({ account, pages, parts }) => {
  // Who signs out meanwhile deletes this cache; what still goes into it then goes nowhere.
  const kept = await caches.open(KEPT);
  for (const request of await kept.keys()) if (age(await kept.match(request, ANY)) > STALE) await kept.delete(request, ANY);
  const look = await caches.open(PARTS);
  const own = async (answer) => (await answer.text()).includes(`data-account="${account}"`);
  // The look first: a page without it is of no use.
  const looks = await Promise.all(parts.map((url) => renew(look, url, () => true)));
  const opens = await Promise.all(["/offline", ...pages].map((path) => renew(kept, path, own)));
  return [...looks, ...opens].every(Boolean);
};
self.addEventListener("message", (event) => event.waitUntil(
  keep(event.data).catch(() => false).then((kept) => event.ports[0].postMessage(kept)),
));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname === "/sign-out") event.waitUntil(caches.delete(KEPT));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(part(request));
});

const read = (data) => {
  try {
    return data.json() ?? {};
  } catch {
    return {};
  }
};

// Browsers want something to be shown for every push, also for one that cannot be read.
self.addEventListener("push", (event) => {
  const text = read(event.data);
  event.waitUntil(self.registration.showNotification(text.title || "邻里 Linli", {
    body: text.body || "",
    tag: text.tag || "linli",
    lang: text.language || "zh-Hans",
    data: { path: text.path || "/" },
  }));
});

const here = (path) => {
  try {
    const url = new URL(path, self.location.origin);
    return url.origin === self.location.origin ? url.href : self.location.origin + "/";
  } catch {
    return self.location.origin + "/";
  }
};

// A window that shows another page is left alone: something may be typed there.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = here(event.notification.data?.path ?? "/");
  event.waitUntil((async () => {
    const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const open = windows.find((one) => one.url.split("#")[0] === url.split("#")[0]);
    return open ? open.focus() : self.clients.openWindow(url);
  })());
});
