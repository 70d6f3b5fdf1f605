/* The match board by keys, and where the focus goes when its right side is renewed. Everything works without this file. */
(() => {
  "use strict";
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const lines = () => [...board.querySelectorAll(".board-line")];
  const current = () => board.querySelector(".board-line[aria-current]") || lines()[0];
  const chosen = () => document.getElementById("chosen");
  const typing = (target) => target.matches("input:not([type=checkbox]), select, textarea, [contenteditable]");

  const step = (by) => {
    const all = lines();
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? current() : all[Math.min(all.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  board.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, target } = event;
    if (key === "Escape" && !target.closest("details[data-menu][open]")) current()?.focus();
    else if (typing(target)) return;
    else if (key === "ArrowDown") step(1);
    else if (key === "ArrowUp") step(-1);
    else {
      const wanted = chosen().querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
      if (!wanted) return;
      if (wanted.matches("input")) wanted.focus();
      else wanted.click();
    }
    event.preventDefault();
  });

  // The line that is asked for is marked at once.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const line = event.target.closest?.(".board-line");
    if (!line) return;
    current()?.removeAttribute("aria-current");
    line.setAttribute("aria-current", "true");
  });

  // What had the focus may have been renewed: its successor has it, or the household's line.
  let before = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const active = document.activeElement;
    before = board.contains(active) ? { id: active.id, line: active.closest("li[id]")?.id } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!before || board.contains(document.activeElement)) return;
    const line = before.line && document.querySelector(`#${CSS.escape(before.line)} .board-line`);
    const again = (before.id && document.getElementById(before.id)) || line || current();
    again?.focus({ preventScroll: true });
  });
  if (document.activeElement === document.body) current()?.focus({ preventScroll: true });
})();
