/* "Notify me on this device": asks the browser, and hands what it answers to the form. */
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const digest = async (text) => hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

const can = () => isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const show = (part, state) => part.querySelectorAll("[data-push-state]").forEach((box) => {
  box.hidden = box.dataset.pushState !== state;
});

const current = async () => (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription() ?? null;

// The row of the list that is the browser we run in.
const mark = async (part) => {
  const subscription = await current();
  if (!subscription || Notification.permission !== "granted") return null;
  const row = part.querySelector(`[data-device="${await digest(subscription.endpoint)}"]`);
  row?.querySelector("[data-this-device]").removeAttribute("hidden");
  return row;
};

const subscribe = async (key) => {
  await navigator.serviceWorker.register("/sw.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  const old = await pushManager.getSubscription();
  // One made for a key that Linli no longer has is of no use.
  if (old && hex(old.options.applicationServerKey ?? new ArrayBuffer(0)) !== hex(wanted.applicationServerKey.buffer)) await old.unsubscribe();
  return pushManager.subscribe(wanted);
};

const turnOn = async (part, form) => {
  show(part, "asking");
  if (await Notification.requestPermission() !== "granted") {
    return show(part, Notification.permission === "denied" ? "denied" : "off");
  }
  try {
    const { endpoint, keys } = (await subscribe(part.dataset.pushKey)).toJSON();
    form.endpoint.value = endpoint;
    form.p256dh.value = keys.p256dh;
    form.auth.value = keys.auth;
  } catch {
    return show(part, "failed");
  }
  form.dataset.ready = "1";
  form.requestSubmit();
};

export const setUpDevice = async (part) => {
  if (!can()) return show(part, "unable");
  const row = await mark(part).catch(() => null);
  const on = part.querySelector("form[data-push-on]");
  part.querySelector("[data-push-again]").addEventListener("click", () => turnOn(part, on));
  part.querySelector("[data-push-off]").addEventListener("click", () => row?.querySelector("form").requestSubmit());
  on.addEventListener("submit", (event) => {
    if (on.dataset.ready) return;
    event.preventDefault();
    event.stopPropagation();
    turnOn(part, on);
  });
  show(part, row ? "on" : Notification.permission === "denied" ? "denied" : "off");
};
