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

  // Charts: drawn from the table under them; colours go with symbols and dashes, and with the names at the lines' ends.
  const colours = ["#1f6657", "#ad4620", "#c99a2e", "#2f6c9e", "#7c8f3a", "#76538c"];
  const symbols = ["circle", "rect", "triangle", "diamond", "roundRect", "emptyCircle"];
  const dashes = ["solid", "dashed", "dotted"];
  const readTable = (figure) => {
    const rows = all(figure, "tbody tr");
    return {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      links: rows.map((row) => row.cells[0].querySelector("a")?.href),
      series: all(figure, "thead th").map((head, at) => ({
        name: head.textContent.trim(),
        data: rows.map((row) => row.cells[at + 1].dataset.value).map((text) => (text === "" ? null : Number(text))),
      })),
    };
  };
  const chartOptions = (figure, kind, table, text) => {
    const shared = { color: colours, animation: false, textStyle: { ...text, color: "#27231e" } };
    if (kind === "ring") {
      const data = table.labels.map((name, at) => ({ name, value: table.series[0].data[at] }));
      const label = { formatter: `{b}\n{c}${figure.dataset.unit}`, overflow: "none", ...text };
      return { ...shared, series: [{ type: "pie", radius: ["38%", "62%"], data, label, itemStyle: { borderColor: "#fffdfa", borderWidth: 3 } }] };
    }
    const axisText = { ...text, color: "#625a4f" };
    const few = table.labels.length * table.series.length <= 16;
    const lines = kind === "line";
    return { ...shared,
      grid: { left: 16, right: lines && table.series.length > 1 ? 5 * text.fontSize : 24, top: 32, bottom: 12, containLabel: true },
      xAxis: { type: "category", data: table.labels, axisLabel: axisText },
      yAxis: { type: "value", minInterval: 1, axisLabel: axisText, splitLine: { lineStyle: { color: "#ebe3d5" } } },
      series: table.series.map((one, at) => ({ ...one, type: lines ? "line" : "bar", barMaxWidth: 36,
        label: { show: few, position: "top", ...text }, endLabel: { show: lines && table.series.length > 1, formatter: "{a}", ...text },
        symbol: symbols[at % 6], symbolSize: 9, lineStyle: { width: 3, type: dashes[at % 3] } })) };
  };
  const legend = (names) => {
    const list = document.createElement("ul");
    list.className = "chart-legend";
    names.forEach((name, at) => {
      const item = list.appendChild(document.createElement("li"));
      item.appendChild(document.createElement("span")).className = `swatch part-${at % 6}`;
      item.append(name);
    });
    return list;
  };
  const drawChart = async (figure) => {
    await load(script.dataset.echarts);
    const box = figure.querySelector(".chart-canvas");
    box.hidden = false;
    figure.querySelector("details").open = false;
    const style = getComputedStyle(document.body);
    const text = { fontFamily: style.fontFamily, fontSize: Math.round(parseFloat(style.fontSize) * 0.85) };
    const table = readTable(figure);
    if (figure.dataset.chart !== "ring" && table.series.length > 1) box.before(legend(table.series.map((one) => one.name)));
    const chart = window.echarts.init(box);
    chart.setOption(chartOptions(figure, figure.dataset.chart, table, text));
    chart.on("click", (event) => {
      const link = table.links[event.dataIndex];
      if (link) location.assign(link);
    });
    new ResizeObserver(() => chart.resize()).observe(box);
  };

  // The week: paint with a mouse or a held finger, arrows move, Shift with an arrow paints, presets fill.
  const setUpWeek = (part) => {
    const grid = all(part, "table.week tbody tr").map((row) => [...row.cells].slice(1).map((cell) => all(cell, "input")));
    const boxes = all(part, "input[type=checkbox]");
    const slots = (box) => box.value.split(" ").map(Number);
    const sum = part.querySelector("[data-week-sum]");
    const tell = () => {
      const halves = boxes.filter((box) => box.checked).reduce((total, box) => total + slots(box).length, 0);
      sum.textContent = `${script.dataset.textHours} ${halves / 2}`;
    };
    const set = (box, on) => {
      if (!box || box.checked === on) return;
      box.checked = on;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    };
    let paint = null;
    let held = 0;
    const stop = () => { clearTimeout(held); paint = null; };
    const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".tick")?.querySelector("input");
    part.addEventListener("pointerdown", (event) => {
      const box = event.target.closest(".tick")?.querySelector("input");
      if (!box || event.button) return;
      const start = () => { paint = !box.checked; set(box, paint); };
      if (event.pointerType === "mouse") start();
      else held = setTimeout(start, 260);
    });
    part.addEventListener("pointermove", (event) => {
      if (paint !== null && event.pointerType === "mouse") set(under(event), paint);
    });
    part.addEventListener("touchmove", (event) => {
      clearTimeout(held);
      if (paint === null) return;
      event.preventDefault();
      set(under(event.touches[0]), paint);
    }, { passive: false });
    part.addEventListener("contextmenu", (event) => { if (event.target.closest(".tick")) event.preventDefault(); });
    let painted = false;
    document.addEventListener("pointerup", () => { painted = paint !== null; stop(); });
    document.addEventListener("pointercancel", () => { if (paint === null) stop(); });
    document.addEventListener("touchend", () => { if (paint !== null) { painted = true; stop(); } });
    part.addEventListener("click", (event) => {
      // Painting has already set the box; the click that follows must not turn it back.
      if (painted && event.detail && event.target.closest(".tick")) event.preventDefault();
      painted = false;
    });
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    part.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step || !event.target.matches(".tick input")) return;
      event.preventDefault();
      const row = grid.findIndex((cells) => cells.some((cell) => cell.includes(event.target)));
      const column = grid[row].findIndex((cell) => cell.includes(event.target));
      const half = grid[row][column].indexOf(event.target) + step[0];
      const next = grid[row][column][half] || grid[row + step[0]]?.[column + step[1]]?.at(step[0] < 0 ? -1 : 0);
      const target = step[0] === 0 ? grid[row][column + step[1]]?.[0] : next;
      if (!target) return;
      if (event.shiftKey) set(target, event.target.checked);
      target.focus();
    });
    const tools = part.querySelector("[data-week-tools]");
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const { days, hours } = event.target.closest("button")?.dataset ?? {};
      if (event.target.closest("[data-clear]")) boxes.forEach((box) => set(box, false));
      if (!hours) return;
      const [first, last] = hours.split("-").map(Number);
      for (const box of boxes) {
        const [day, half] = [Math.floor(slots(box)[0] / 48), slots(box)[0] % 48];
        if (days.includes(day) && half >= first * 2 && half < last * 2) set(box, true);
      }
    });
    part.addEventListener("input", tell);
    tell();
  };

  const setUp = (root) => {
    all(root, ".list-table:not(.plain)").forEach(labelCells);
    all(root, "[data-chart]").forEach(drawChart);
    all(root, "[data-week]").forEach(setUpWeek);
    root.querySelector("[data-focus]")?.focus();
    if (root.querySelector("[data-bs-toggle]")) load(script.dataset.bootstrap);
    const picks = all(root, "select[data-pick]");
    if (!picks.length) return;
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = script.dataset.tomSelectCss;
    document.head.prepend(sheet);
    load(script.dataset.tomSelect).then(() => picks.forEach((pick) => new window.TomSelect(pick, { maxOptions: 200 })));
  };
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) setUp(event.detail.elt);
  });
  setUp(document);
})();
