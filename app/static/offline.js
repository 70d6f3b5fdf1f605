/* Noting a visit without a network: the draft, the note that waits, what a page says about it, and the pages kept for it. */
const KEPT = "linli-kept";
const DRAFT = "linli-draft ", DRAFT_DAYS = 7, DAY = 86400e3;
const NOTE_PAGE = /^\/c\/[^/]+\/visits\/new\/[0-9a-f-]{36}$/;
const NOT_KEPT = ["csrf_token", "submission", "account"];

const account = () => document.body.dataset.account ?? "";

// What is kept belongs to one account: somebody else, or nobody signed in, finds none of it. Notes on their way stay, each its account's.
// The account's name goes last: a page that is left too early leaves the rest to the next one.
export const forget = async () => {
  Object.keys(localStorage).filter((name) => name.startsWith(DRAFT)).forEach((name) => localStorage.removeItem(name));
  await globalThis.caches?.delete(KEPT);
  localStorage.removeItem("linli-account");
};
const beAccount = async () => {
  if (localStorage.getItem("linli-account") !== account()) await forget();
  localStorage.setItem("linli-account", account());
};

/* Drafts */
const draftName = () => DRAFT + account() + location.pathname;
const readDraft = (name) => {
  try {
    const draft = JSON.parse(localStorage.getItem(name));
    if (Date.now() - draft.at < DRAFT_DAYS * DAY) return draft.fields;
  } catch { /* as if there were none */ }
  localStorage.removeItem(name);
  return null;
};
const typedIn = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => !NOT_KEPT.includes(name)));
const fill = (form, fields) => Object.entries(fields).forEach(([name, value]) => {
  const field = form.elements[name];
  if (field instanceof RadioNodeList) field.value = value;
  else if (field?.type === "checkbox" || field?.type === "radio") field.checked = field.value === value;
  else if (field) field.value = value;
});

/* What waits on this phone, on every page of its account */
const showNotes = async (box) => {
  const notes = (await linliNotes.all()).filter((note) => note.account === account());
  box.querySelectorAll("[data-shown]").forEach((old) => old.remove());
  for (const note of notes) {
    const part = box.querySelector(`template[data-note-state="${note.state}"]`).content.firstElementChild.cloneNode(true);
    part.dataset.shown = note.id;
    part.querySelector("[data-when]").textContent = note.when;
    const problem = part.querySelector("[data-problem]");
    if (problem && note.problem) problem.textContent = note.problem;
    const link = part.querySelector("a");
    if (link) link.href = note.state === "sent" ? note.url : `${note.path}#kept=${note.id}`;
    part.querySelector("[data-drop]")?.addEventListener("click", () => linliNotes.drop(note.id));
    box.append(part);
  }
  box.hidden = !notes.length;
};
const tryAll = async () => { if (navigator.onLine) await linliNotes.sendAll(); };

export const setUpNotes = async (box) => {
  await beAccount();
  const show = () => showNotes(box).catch(() => {});
  linliNotes.channel().addEventListener("message", show);
  addEventListener("online", tryAll);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tryAll(); });
  setInterval(tryAll, 15_000);
  await show();
  keepPages().catch(() => {});
  await tryAll();
};

/* Pages and their parts that open without a network: the service worker keeps them, so it goes on when this page is left. */
const keepPages = async () => {
  if (!navigator.serviceWorker || !navigator.onLine) return;
  await navigator.serviceWorker.register("/sw.js");
  const pages = [...new Set([location, ...document.querySelectorAll("main a[href]")].map((one) => new URL(one.href))
    .filter((url) => url.origin === location.origin && NOTE_PAGE.test(url.pathname)).map((url) => url.pathname))];
  if (!pages.length) return;
  const look = [...document.querySelectorAll("link[rel=stylesheet], script[src], link[rel=icon]")].map((one) => one.href || one.src);
  const drawings = document.querySelector("svg.icon use")?.href.baseVal.split("#")[0];
  const parts = [...new Set([...look, drawings, import.meta.url].filter(Boolean))];
  // Only an active worker opens pages without a network; what it says then holds for the next page.
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => { document.querySelector("[data-pages-kept]").classList.toggle("invisible", !data); };
  active.postMessage({ account: account(), pages, parts }, [port2]);
};

// The page that stands in for all others lists the visits that can be noted now.
export const setUpOffline = async (list) => {
  const kept = await caches.open(KEPT);
  for (const request of await kept.keys()) {
    const { pathname } = new URL(request.url);
    if (!NOTE_PAGE.test(pathname)) continue;
    const page = new DOMParser().parseFromString(await (await kept.match(request, { ignoreVary: true })).text(), "text/html");
    const item = list.querySelector("template").content.firstElementChild.cloneNode(true);
    item.querySelector("a").href = pathname;
    item.querySelector("[data-whom]").textContent = page.querySelector("[data-note]")?.dataset.note ?? "";
    list.append(item);
    document.querySelector("[data-nothing-kept]").hidden = true;
  }
};

/* The form */
const now = (zone) => new Date().toLocaleString("sv-SE", { timeZone: zone }).replace(" ", "T").slice(0, 16);

const wake = async () => {
  const worker = await navigator.serviceWorker?.getRegistration("/");
  await worker?.sync?.register("notes").catch(() => {});
};

const keep = async (form, note) => {
  await linliNotes.put(note);
  localStorage.removeItem(draftName());
  await wake();
  form.hidden = true;
  document.querySelector("[data-notes]").scrollIntoView({ block: "center" });
  document.querySelector("[data-note-kept]").hidden = false;
};

const handIn = async (form) => {
  const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrf_token"));
  const note = {
    id: fields.submission, account: account(), state: "kept", at: Date.now(), when: fields.ended_at.replace("T", " "),
    path: location.pathname, token: form.dataset.token, fields,
  };
  const button = form.querySelector(".submit-row .btn");
  button.disabled = true;
  const became = navigator.onLine ? await linliNotes.send(note, true) : { state: "kept" };
  button.disabled = false;
  if (became.state === "kept") return keep(form, note);
  if (became.state === "refused") return form.submit();
  localStorage.removeItem(draftName());
  await linliNotes.drop(note.id);
  return location.assign(became.url);
};

export const setUpNote = async (form) => {
  // The office writes at its desk: its form is any form.
  if (!document.querySelector("[data-notes]")) return;
  const from = location.hash.match(/^#kept=([0-9a-f-]{36})$/)?.[1];
  const refused = "again" in form.dataset;
  const waiting = from && await linliNotes.get(from).catch(() => null);
  const begun = waiting?.account === account() ? waiting.fields : refused ? null : readDraft(draftName());
  // The draft is what comes back, not what a browser remembers of a form. On a slow phone a finger may be faster than this script.
  form.autocomplete = "off";
  const early = !begun && [...form.elements].some((one) => "defaultValue" in one && (one.checked !== one.defaultChecked || one.value !== one.defaultValue));
  if (!refused) {
    form.elements.submission.value = waiting?.fields.submission ?? crypto.randomUUID();
    form.elements.ended_at.value = now(form.dataset.zone);
    form.querySelectorAll("[data-ended]").forEach((part) => { part.textContent = now(form.dataset.zone).slice(11); });
  }
  if (begun) fill(form, begun);
  document.querySelector("[data-draft-found]").hidden = !begun || Boolean(waiting);
  const offered = form.elements.ended_at.value;
  const saveDraft = () => {
    const { ended_at: ended, ...fields } = typedIn(form);
    localStorage.setItem(draftName(), JSON.stringify({ at: Date.now(), fields: ended === offered ? fields : { ...fields, ended_at: ended } }));
  };
  form.addEventListener("input", saveDraft);
  if (early) saveDraft();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    handIn(form).catch(() => form.submit());
  });
};
