/* Visit notes on their way: kept in the browser under the account that wrote them, until the office has them.
   Used by pages and by the service worker. Each note carries its own id, so sending it twice makes one visit. */
self.linliNotes = (() => {
  "use strict";
  const DAY = 86400e3;
  // The office takes no visit that is longer ago; what it has taken is told of for a day.
  const OLDEST = 60 * DAY, TOLD = DAY;
  const PATIENCE = 15_000;

  const database = () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("linli-notes", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("notes", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const store = async (mode, act) => {
    const base = await database();
    try {
      return await new Promise((resolve, reject) => {
        const work = base.transaction("notes", mode);
        const asked = act(work.objectStore("notes"));
        work.oncomplete = () => resolve(asked.result);
        work.onerror = work.onabort = () => reject(work.error);
      });
    } finally {
      base.close();
    }
  };

  const channel = () => new BroadcastChannel("linli-notes");
  const changed = () => {
    const line = channel();
    line.postMessage("changed");
    line.close();
  };
  const put = async (note) => { await store("readwrite", (notes) => notes.put(note)); changed(); };
  const drop = async (id) => { await store("readwrite", (notes) => notes.delete(id)); changed(); };
  const all = async () => {
    const age = (note) => Date.now() - note.at;
    const notes = await store("readonly", (kept) => kept.getAll());
    return notes.filter((note) => age(note) < (note.state === "sent" ? TOLD : OLDEST)).sort((a, b) => a.at - b.at);
  };
  const get = (id) => store("readonly", (notes) => notes.get(id));

  const ask = (url, more) => fetch(url, {
    ...more, headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
  });

  // A token made for the page may be of an older session, so each sending asks for one of now; it also tells who is signed in.
  const token = async (note) => {
    const answer = await ask(note.token);
    const who = answer.ok ? await answer.json() : {};
    return who.account === note.account ? who.csrf : null;
  };
  const post = (note, csrf, waiting) => ask(note.path, {
    method: "POST",
    body: new URLSearchParams({ ...note.fields, account: note.account, csrf_token: csrf, ...(waiting ? { waiting: "1" } : {}) }),
  });

  // What became of it: {state: "sent", url}, {state: "refused", problem} or {state: "kept"}; a kept one is tried again later.
  const send = async (note, waiting = false) => {
    try {
      const csrf = await token(note);
      if (!csrf) return { state: "kept" };
      let answer = await post(note, csrf, waiting);
      let said = answer.status === 422 ? (await answer.json()).problems : null;
      // The follow-up it was for is over meanwhile: the visit took place all the same.
      if (said && Object.keys(said).join() === "follow_up_id" && !waiting) {
        answer = await post({ ...note, fields: { ...note.fields, follow_up_id: "" } }, csrf, waiting);
        said = answer.status === 422 ? (await answer.json()).problems : null;
      }
      if (answer.ok) return { state: "sent", url: (await answer.json()).url };
      if (said) return { state: "refused", problem: Object.values(said).flat().join(" ") };
      return [400, 403, 404, 409, 413].includes(answer.status) ? { state: "refused", problem: "" } : { state: "kept" };
    } catch {
      return { state: "kept" };
    }
  };

  const sendKept = async () => {
    for (const note of await all()) {
      if (note.state !== "kept") continue;
      const became = await send(note);
      if (became.state === "kept") continue;
      // What was typed stays on the phone no longer than it has to.
      const { id, account, at, when, path } = note;
      await put(became.state === "sent" ? { id, account, at: Date.now(), when, path, ...became } : { ...note, ...became });
    }
  };
  // A page and the service worker may wake up together: one sends, the other waits and finds nothing left.
  const sendAll = () => (navigator.locks ? navigator.locks.request("linli-notes", sendKept) : sendKept());

  return { all, channel, drop, get, put, send, sendAll };
})();
