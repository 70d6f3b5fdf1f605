/* Shows a notification when a message comes, and opens its page. It keeps nothing and answers no request. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

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
