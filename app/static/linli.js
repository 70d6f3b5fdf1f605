/* What pages can do beyond plain HTML. Everything works without this file; nothing here knows a page by name. */
(() => {
  "use strict";
  const script = document.currentScript;
  const all = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  document.documentElement.classList.add("js");

  // Larger parts are fetched only by pages that use them.
  const loads = {};
  const load = (url) => loads[url] ||= new Promise((resolve, reject) => {
    const part = document.createElement("script");
    part.src = url;
    part.nonce = script.nonce;
    part.onload = resolve;
    part.onerror = reject;
    document.head.append(part);
  });

  // Tables: each cell learns its column's text, which phones show beside it.
  const labelCells = (table) => {
    const labels = all(table, "thead th").map((cell) => cell.textContent.trim());
    for (const row of all(table, "tbody tr")) {
      [...row.cells].forEach((cell, at) => {
        if (cell.tagName === "TD" && labels[at] && !cell.querySelector(".btn")) cell.dataset.label = labels[at];
      });
    }
  };

  // Menus and confirmations close by Escape, by a click elsewhere, and when another opens.
  const closeMenus = (except) => all(document, "details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(except)) menu.open = false;
  });
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // A tick for all of a list: it ticks each, and is taken back with any of them.
  document.addEventListener("change", (event) => {
    const { form, name, checked, dataset } = event.target;
    if (!form) return;
    if (dataset.all) all(form, `[name="${dataset.all}"]`).forEach((tick) => { tick.checked = checked; });
    else if (!checked) all(form, `[data-all="${name}"]`).forEach((tick) => { tick.checked = false; });
  });

  // Forms: one click sends once; a form marked data-guard warns before what was typed is lost.
  let unsaved = null;
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-guard]");
    if (form) unsaved = form;
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent && !form.hasAttribute("hx-post")) return event.preventDefault();
    if (form === unsaved) unsaved = null;
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
  addEventListener("pageshow", () => all(document, "form[data-sent]").forEach((form) => delete form.dataset.sent));
  addEventListener("beforeunload", (event) => {
    if (!unsaved || !unsaved.isConnected) return;
    event.preventDefault();
    event.returnValue = script.dataset.textUnsaved;
  });
  addEventListener("beforeprint", () => all(document, "details.more").forEach((part) => { part.open = true; }));

  const say = (text) => {
    const box = document.createElement("div");
    box.className = "notice tone-bad";
    box.setAttribute("role", "alert");
    box.textContent = text;
    document.querySelector(".flashes")?.replaceChildren(box);
    box.scrollIntoView({ block: "center" });
  };
  for (const trouble of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(trouble, () => say(script.dataset.textFailed));
  }

  // Buttons that copy a field; browsers allow it on safe connections only, elsewhere they stay hidden.
  const setUpCopying = (buttons) => buttons.forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      source.select();
      await navigator.clipboard.writeText(source.value);
      button.querySelector("span").textContent = button.dataset.copied;
    });
  });

  const drawCharts = async (figures) => {
    const [{ drawChart }] = await Promise.all([import(script.dataset.charts), load(script.dataset.echarts)]);
    figures.forEach((figure) => drawChart(figure, window.echarts));
  };
  const setUpWeeks = async (parts) => {
    const { setUpWeek } = await import(script.dataset.weeks);
    parts.forEach((part) => setUpWeek(part, script.dataset.textHours));
  };
  const setUpDevices = async (parts) => {
    const { setUpDevice } = await import(script.dataset.push);
    parts.forEach((part) => setUpDevice(part));
  };
  const setUpOffline = async (parts) => {
    if (!("indexedDB" in window) || !crypto.randomUUID) return;
    await load(script.dataset.noteQueue);
    const offline = await import(script.dataset.offline);
    const does = { notes: offline.setUpNotes, note: offline.setUpNote, keptPages: offline.setUpOffline };
    for (const part of parts) for (const name of Object.keys(does)) if (name in part.dataset) does[name](part);
  };
  const setUpRows = async () => (await import(script.dataset.rows)).setUpRows();
  const setUpPicks = async (picks) => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = script.dataset.tomSelectCss;
    document.head.prepend(sheet);
    await load(script.dataset.tomSelect);
    for (const pick of picks) {
      // The library points the label at its own box; the select it hides keeps a name for those who still meet it.
      pick.setAttribute("aria-label", pick.labels[0]?.textContent.trim() ?? "");
      new window.TomSelect(pick, { maxOptions: 200 });
    }
  };
  const whenAny = (found, act) => { if (found.length) act(found); };

  const setUp = (root) => {
    all(root, ".list-table:not(.plain)").forEach(labelCells);
    whenAny(all(root, "[data-chart]"), drawCharts);
    whenAny(all(root, "[data-week]"), setUpWeeks);
    whenAny(all(root, "[data-push-key]"), setUpDevices);
    whenAny(all(root, "[data-notes], [data-note], [data-kept-pages]"), setUpOffline);
    whenAny(all(root, "select[data-pick]"), setUpPicks);
    whenAny(all(root, "[data-rows], [data-search]"), setUpRows);
    whenAny(all(root, "[data-copy]"), setUpCopying);
    whenAny(all(root, "[data-bs-toggle]"), () => load(script.dataset.bootstrap));
    root.querySelector("[data-focus]")?.focus();
  };
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) setUp(event.detail.elt);
  });
  setUp(document);

  // A page of nobody or of somebody else leaves nothing behind of who was signed in; one with notes sees to it itself.
  const was = localStorage.getItem("linli-account");
  if (was !== null && was !== document.body.dataset.account && !document.querySelector("[data-notes]")) {
    import(script.dataset.offline).then((offline) => offline.forget());
  }
})();
