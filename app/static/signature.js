/* Drawing a signature: strokes of points on a plane of 1000 × 400, sent as text with the form. */
const plane = { width: 1000, height: 400 };
const most = 3800;

const setUp = (part) => {
  const canvas = part.querySelector("canvas");
  const field = part.querySelector("input[type=hidden]");
  const pen = canvas.getContext("2d");
  const strokes = [];
  let points = 0;
  let drawing = false;

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const along = (value, from, size, length) => Math.min(length, Math.max(0, Math.round((value - from) / size * length)));
    return [along(event.clientX, box.left, box.width, plane.width), along(event.clientY, box.top, box.height, plane.height)];
  };
  const line = ([fromX, fromY], [toX, toY]) => {
    pen.beginPath();
    pen.moveTo(fromX, fromY);
    pen.lineTo(toX, toY);
    pen.stroke();
  };
  const keep = () => { field.value = points > 2 ? JSON.stringify(strokes) : ""; };
  const clear = () => {
    strokes.length = points = 0;
    pen.clearRect(0, 0, plane.width, plane.height);
    keep();
  };
  const add = (event) => {
    const stroke = strokes.at(-1);
    const point = place(event);
    const before = stroke.at(-1) ?? point;
    if (points >= most || (stroke.length && Math.hypot(point[0] - before[0], point[1] - before[1]) < 3)) return;
    stroke.push(point);
    points += 1;
    line(before, point);
  };

  canvas.width = plane.width;
  canvas.height = plane.height;
  Object.assign(pen, { lineWidth: 6, lineCap: "round", lineJoin: "round", strokeStyle: "#1d2b28" });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    strokes.push([]);
    add(event);
  });
  canvas.addEventListener("pointermove", (event) => { if (drawing) add(event); });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      drawing = false;
      keep();
    });
  }
  part.querySelector("button").addEventListener("click", clear);
  part.hidden = false;
  // What was drawn before the form was refused is drawn again.
  for (const stroke of JSON.parse(field.value || "[]")) {
    strokes.push(stroke);
    points += stroke.length;
    stroke.forEach((point, at) => line(stroke[Math.max(0, at - 1)], point));
  }
};

document.querySelectorAll("[data-signature]").forEach(setUp);
