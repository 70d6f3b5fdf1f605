/* Lists by keyboard: "/" goes to the search field, j and k to the next row and the one before, Enter opens, x ticks.
   The row's own link takes the focus, so that Enter, screen readers and Tab do what they always do. */
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], [role=combobox], .ts-wrapper");
const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")].filter((row) => row.querySelector("a[href]"));
const open = (row) => row.querySelector("th a[href], a[href]");
let ready = false;

const go = (step) => {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + step))];
  open(next).focus();
  next.scrollIntoView({ block: "nearest" });
};

const search = () => document.querySelector("[data-search]");

const pressed = (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const field = search();
  // From the search field itself only the arrow leads on: every letter belongs to what is typed.
  if (event.target === field && event.key === "ArrowDown" && rows().length) { event.preventDefault(); return go(1); }
  if (typing(event.target)) return;
  const act = {
    "/": () => { field?.focus(); field?.select(); },
    j: () => go(1),
    k: () => go(-1),
    x: () => document.activeElement.closest("[data-rows] tbody tr")?.querySelector("input[type=checkbox]")?.click(),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
};

export const setUpRows = () => {
  if (ready) return;
  ready = true;
  document.addEventListener("keydown", pressed);
};
