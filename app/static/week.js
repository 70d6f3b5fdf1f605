/* The week grid: paint with a mouse or a held finger, arrows move, Shift with an arrow paints, presets fill. */
const all = (root, selector) => [...root.querySelectorAll(selector)];
const slots = (box) => box.value.split(" ").map(Number);
const boxOf = (element) => element?.closest?.(".tick")?.querySelector("input");

const set = (box, on) => {
  if (!box || box.checked === on) return;
  box.checked = on;
  box.dispatchEvent(new Event("input", { bubbles: true }));
};

const paintByPointer = (part) => {
  let paint = null;
  let painted = false;
  let held = 0;
  const start = (box) => { paint = !box.checked; set(box, paint); };
  const stop = () => {
    clearTimeout(held);
    painted = paint !== null;
    paint = null;
  };
  part.addEventListener("pointerdown", (event) => {
    const box = boxOf(event.target);
    painted = false;
    if (!box || event.button) return;
    if (event.pointerType === "mouse") start(box);
    else held = setTimeout(start, 260, box);
  });
  part.addEventListener("pointermove", (event) => {
    if (paint !== null && event.pointerType === "mouse") set(boxOf(event.target), paint);
  });
  part.addEventListener("touchmove", (event) => {
    clearTimeout(held);
    if (paint === null) return;
    event.preventDefault();
    const finger = event.touches[0];
    set(boxOf(document.elementFromPoint(finger.clientX, finger.clientY)), paint);
  }, { passive: false });
  part.addEventListener("contextmenu", (event) => { if (boxOf(event.target)) event.preventDefault(); });
  document.addEventListener("pointerup", (event) => { if (event.pointerType === "mouse") stop(); });
  document.addEventListener("touchend", stop);
  document.addEventListener("touchcancel", stop);
  part.addEventListener("click", (event) => {
    // Painting has already set the box; the click that follows must not turn it back.
    if (painted && event.detail && boxOf(event.target)) event.preventDefault();
    painted = false;
  });
};

const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const moveByKey = (part) => {
  const grid = all(part, "table.week tbody tr").map((row) => [...row.cells].slice(1).map((cell) => all(cell, "input")));
  const neighbour = (box, [down, right]) => {
    const row = grid.findIndex((cells) => cells.some((cell) => cell.includes(box)));
    const column = grid[row].findIndex((cell) => cell.includes(box));
    const half = grid[row][column].indexOf(box);
    if (right) return grid[row][column + right]?.[0];
    return grid[row][column][half + down] ?? grid[row + down]?.[column].at(down < 0 ? -1 : 0);
  };
  part.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || !event.target.matches(".tick input")) return;
    event.preventDefault();
    const next = neighbour(event.target, step);
    if (!next) return;
    if (event.shiftKey) set(next, event.target.checked);
    next.focus();
  });
};

const offerPresets = (part, boxes) => {
  const tools = part.querySelector("[data-week-tools]");
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const { days, hours } = event.target.closest("button")?.dataset ?? {};
    if (event.target.closest("[data-clear]")) boxes.forEach((box) => set(box, false));
    if (!hours) return;
    const [first, last] = hours.split("-").map(Number);
    for (const box of boxes) {
      const slot = slots(box)[0];
      if (days.includes(Math.floor(slot / 48)) && slot % 48 >= first * 2 && slot % 48 < last * 2) set(box, true);
    }
  });
};

export const setUpWeek = (part, textHours) => {
  const boxes = all(part, "input[type=checkbox]");
  const sum = part.querySelector("[data-week-sum]");
  const tell = () => {
    const halves = boxes.filter((box) => box.checked).reduce((total, box) => total + slots(box).length, 0);
    sum.textContent = `${textHours} ${halves / 2}`;
  };
  paintByPointer(part);
  moveByKey(part);
  offerPresets(part, boxes);
  part.addEventListener("input", tell);
  tell();
};
