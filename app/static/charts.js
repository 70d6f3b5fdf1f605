/* Charts, drawn on a canvas from the table under them. Colours go with symbols and dashes, and with the names at the lines' ends. */
const all = (root, selector) => [...root.querySelectorAll(selector)];
const colours = ["#1f6657", "#ad4620", "#a87712", "#2f6c9e", "#7c8f3a", "#76538c"];
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

const ring = (figure, table, text) => {
  const narrow = figure.clientWidth < 520;
  const data = table.labels.map((name, at) => ({ name, value: table.series[0].data[at] }));
  const label = { formatter: `{b}\n{c}${figure.dataset.unit}`, alignTo: narrow ? "edge" : "none", edgeDistance: 10, overflow: "break", ...text };
  return { series: [{ type: "pie", radius: narrow ? ["32%", "54%"] : ["40%", "66%"], data, label, itemStyle: { borderColor: "#fffdfa", borderWidth: 3 } }] };
};

const axes = (figure, table, text) => {
  const axisText = { ...text, color: "#625a4f" };
  const lines = figure.dataset.chart === "line";
  const named = lines && table.series.length > 1;
  const few = table.series.length === 1 && table.labels.length <= 16;
  return {
    grid: { left: 16, right: named ? 5 * text.fontSize : 24, top: 32, bottom: 12, containLabel: true },
    xAxis: { type: "category", data: table.labels, axisLabel: axisText },
    yAxis: { type: "value", minInterval: 1, axisLabel: axisText, splitLine: { lineStyle: { color: "#ebe3d5" } } },
    series: table.series.map((one, at) => ({
      ...one, type: lines ? "line" : "bar", barMaxWidth: 36, symbol: symbols[at % 6], symbolSize: 9,
      label: { show: few, position: "top", ...text }, endLabel: { show: named, formatter: "{a}", ...text },
      lineStyle: { width: 3, type: dashes[at % 3] },
    })),
  };
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

export const drawChart = (figure, echarts) => {
  const box = figure.querySelector(".chart-canvas");
  const table = readTable(figure);
  const isRing = figure.dataset.chart === "ring";
  const style = getComputedStyle(document.body);
  const text = { fontFamily: style.fontFamily, fontSize: Math.round(parseFloat(style.fontSize) * 0.85), color: "#27231e" };
  box.hidden = false;
  figure.querySelector("details").open = false;
  if (!isRing && table.series.length > 1) box.before(legend(table.series.map((one) => one.name)));
  const chart = echarts.init(box);
  chart.setOption({ color: colours, animation: false, textStyle: text, ...(isRing ? ring : axes)(figure, table, text) });
  chart.on("click", (event) => {
    const link = table.links[event.dataIndex];
    if (link) location.assign(link);
  });
  new ResizeObserver(() => chart.resize()).observe(box);
};
