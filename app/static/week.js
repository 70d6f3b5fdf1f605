/* The week grid: paint with a mouse or a finger, arrows move, Shift with an arrow paints, presets fill. */
const all = (root, selector) => [...root.querySelectorAll(selector)];
const slots = (box) => box.value.split(" ").map(Number);
const boxOf = (element) => element?.closest?.(".tick")?.querySelector("input");
const boxAt = (point) => boxOf(document.elementFromPoint(point.clientX, point.clientY));

const set = (box, on) => {
  if (!box || box.checked === on) return;
  box.checked = on;
  box.dispatchEvent(new Event("input", { bubbles: true }));
};

/* Painting fills the rectangle between the first cell and the present one, so nothing is skipped by a quick hand and
   what was painted too far is taken back by going back. */
const makeBrush = (boxes) => {
  let begun = null;
  const ends = (box) => {
    const mine = slots(box);
    return { day: Math.floor(mine[0] / 48), first: mine[0] % 48, last: mine.at(-1) % 48 };
  };
  const brush = {
    get on() { return begun !== null; },
    start(box) {
      begun = { box, value: !box.checked, before: new Map(boxes.map((one) => [one, one.checked])) };
      brush.reach(box);
    },
    reach(box) {
      if (!begun || !box || !boxes.includes(box)) return;
      const [a, b] = [ends(begun.box), ends(box)];
      for (const [one, was] of begun.before) {
        const { day, first, last } = ends(one);
        const inside = day >= Math.min(a.day, b.day) && day <= Math.max(a.day, b.day)
          && first >= Math.min(a.first, b.first) && last <= Math.max(a.last, b.last);
        set(one, inside ? begun.value : was);
      }
    },
    stop() {
      const was = brush.on;
      begun = null;
      return was;
    },
  };
  return brush;
};

const paintByMouse = (part, brush, done) => {
  part.addEventListener("pointerdown", (event) => {
    const box = boxOf(event.target);
    if (box && !event.button && event.pointerType === "mouse") brush.start(box);
  });
  part.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") brush.reach(boxOf(event.target));
  });
  document.addEventListener("pointerup", (event) => { if (event.pointerType === "mouse") done(); });
};

/* A finger that goes sideways paints, one that goes up or down scrolls the page, and one that rests a moment paints in any direction. */
const HOLD = 260;
const SIDEWAYS = 10;
const EDGE = 96;

const paintByFinger = (part, brush, done) => {
  let from = null;
  let held = 0;
  const rest = () => {
    clearTimeout(held);
    from = null;
  };
  const begin = () => {
    clearTimeout(held);
    brush.start(from.box);
    navigator.vibrate?.(12);
  };
  part.addEventListener("touchstart", (event) => {
    rest();
    const box = boxOf(event.target);
    if (!box || event.touches.length > 1) return;
    const { clientX, clientY } = event.touches[0];
    from = { box, clientX, clientY };
    held = setTimeout(begin, HOLD);
  }, { passive: true });
  part.addEventListener("touchmove", (event) => {
    if (!from) return;
    const finger = event.touches[0];
    const [across, down] = [Math.abs(finger.clientX - from.clientX), Math.abs(finger.clientY - from.clientY)];
    const scrolls = getComputedStyle(part).overflowX === "auto";
    if (!brush.on && across > SIDEWAYS && across > down && !scrolls) begin();
    if (!brush.on) {
      if (Math.max(across, down) > SIDEWAYS) rest();
      return;
    }
    event.preventDefault();
    if (finger.clientY > innerHeight - EDGE) scrollBy(0, 12);
    if (finger.clientY < EDGE) scrollBy(0, -12);
    brush.reach(boxAt(finger));
  }, { passive: false });
  const lift = () => {
    rest();
    done();
  };
  document.addEventListener("touchend", lift);
  document.addEventListener("touchcancel", lift);
  part.addEventListener("contextmenu", (event) => { if (boxOf(event.target)) event.preventDefault(); });
};

const paint = (part, boxes) => {
  const brush = makeBrush(boxes);
  let painted = false;
  const done = () => {
    painted = brush.stop();
    // The click that follows comes at once or never.
    setTimeout(() => { painted = false; }, 400);
  };
  paintByMouse(part, brush, done);
  paintByFinger(part, brush, done);
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
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    if ("clear" in button.dataset) boxes.forEach((box) => set(box, false));
    const { days, hours } = button.dataset;
    if (!hours) return;
    const [first, last] = hours.split("-").map(Number);
    const meant = boxes.filter((box) => {
      const slot = slots(box)[0];
      return days.includes(Math.floor(slot / 48)) && slot % 48 >= first * 2 && slot % 48 < last * 2;
    });
    // A second tap takes the part out again.
    const on = !meant.every((box) => box.checked);
    meant.forEach((box) => set(box, on));
  });
};

export const setUpWeek = (part, textHours) => {
  const boxes = all(part, "input[type=checkbox]");
  const sum = part.querySelector("[data-week-sum]");
  const tell = () => {
    const halves = boxes.filter((box) => box.checked).reduce((total, box) => total + slots(box).length, 0);
    sum.textContent = `${textHours} ${halves / 2}`;
  };
  paint(part, boxes);
  moveByKey(part);
  offerPresets(part, boxes);
  part.addEventListener("input", tell);
  tell();
};
