// A canvas that shows a piece of the plane, on which one points and draws. Uses theme.js, canvas.js.

const MARGIN = { left: 40, right: 10, top: 8, bottom: 28 }; // px, for ticks and their numbers

// Keeps the canvas sharp and in the page's colours; paint(context, plane) is called when something
// changed. `ask()` asks for it, `at(event)` gives the data coordinates of a pointer, clamped.
function makePlane(canvas, root, bounds, paint) {
  const [[left, right], [bottom, top]] = bounds;
  const shape = Math.min(1.3, Math.max(0.5, (top - bottom) / (right - left)));
  const plane = { x: null, y: null, theme: readTheme(root), ask, at, close };
  let asked = 0;

  function measure() {
    const width = canvas.clientWidth;
    const inside = width - MARGIN.left - MARGIN.right;
    const height = Math.round(inside * shape) + MARGIN.top + MARGIN.bottom;
    canvas.style.height = `${height}px`;
    plane.x = makeAxis(left, right, MARGIN.left, width - MARGIN.right);
    plane.y = makeAxis(bottom, top, height - MARGIN.bottom, MARGIN.top);
  }

  function at(event) {
    const box = canvas.getBoundingClientRect();
    const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
    return [
      clamp(plane.x.value(event.clientX - box.left), left, right),
      clamp(plane.y.value(event.clientY - box.top), bottom, top),
    ];
  }

  function ask() {
    asked ||= requestAnimationFrame(draw);
  }

  function draw() {
    asked = 0;
    if (!canvas.clientWidth) return; // scrolled away, or in a hidden tab
    measure();
    const { context } = prepareCanvas(canvas);
    paint(context, plane);
    canvas.dataset.frames = Number(canvas.dataset.frames ?? 0) + 1;
  }

  const stopSize = watchSize([canvas], ask);
  const stopTheme = watchTheme(() => {
    plane.theme = readTheme(root);
    ask();
  });
  // The element is not in the page yet, and has no style that could be read.
  requestAnimationFrame(() => {
    plane.theme = readTheme(root);
    ask();
  });

  function close() {
    cancelAnimationFrame(asked);
    stopSize();
    stopTheme();
  }
  return plane;
}

function paintGrid(context, { theme, x, y }, lines = 8) {
  const count = Math.max(2, Math.min(lines, Math.floor((x.to - x.from) / 50)));
  drawAxes(context, theme, x, y, { xTicks: x.ticks(count), yTicks: y.ticks(count) });
}

// Calls `draw` with a clip on the part within the axes.
function inside(context, { x, y }, draw) {
  context.save();
  context.beginPath();
  context.rect(x.from, y.to, x.to - x.from, y.from - y.to);
  context.clip();
  draw();
  context.restore();
}

// D's belief, uint8 [size²]: lowest row first, outermost values on the bounds.
function paintBelief(context, plane, belief, size) {
  const { theme, x, y } = plane;
  const image = new ImageData(size, size);
  const table = beliefTable(theme);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const level = belief[row * size + column];
      const place = 4 * ((size - 1 - row) * size + column);
      image.data.set(table.subarray(4 * level, 4 * level + 4), place);
    }
  }
  const small = document.createElement("canvas");
  small.width = small.height = size;
  small.getContext("2d").putImageData(image, 0, 0);
  const [width, height] = [(x.to - x.from) / (size - 1), (y.from - y.to) / (size - 1)];
  inside(context, plane, () => {
    context.imageSmoothingQuality = "high";
    context.drawImage(small, x.from - width / 2, y.to - height / 2, width * size, height * size);
  });
}

// The line where D is undecided, for the same values.
function paintUndecided(context, plane, belief, size) {
  const { theme, x, y } = plane;
  const [width, height] = [(x.to - x.from) / (size - 1), (y.from - y.to) / (size - 1)];
  inside(context, plane, () => {
    context.strokeStyle = theme.text;
    context.lineWidth = 1.5;
    context.beginPath();
    eachContourPiece(belief, size, 127.5, ([column, row], [column2, row2]) => {
      context.moveTo(x.from + column * width, y.from - row * height);
      context.lineTo(x.from + column2 * width, y.from - row2 * height);
    });
    context.stroke();
  });
}

// Marching squares: the line on which values [size²] pass `level`, in pieces ([column, row], …).
function eachContourPiece(values, size, level, piece) {
  const share = (from, to) => (level - from) / (to - from);
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const start = row * size + column;
      const [a, b, c, d] = [values[start], values[start + 1], values[start + size], values[start + size + 1]];
      const found = [];
      if (a < level !== b < level) found.push([column + share(a, b), row]);
      if (b < level !== d < level) found.push([column + 1, row + share(b, d)]);
      if (c < level !== d < level) found.push([column + share(c, d), row + 1]);
      if (a < level !== c < level) found.push([column, row + share(a, c)]);
      for (let k = 0; k + 1 < found.length; k += 2) piece(found[k], found[k + 1]);
    }
  }
}

// The keyboard's cursor: a cross that can be seen on every ground.
function paintCursor(context, { theme, x, y }, [atX, atY]) {
  const [left, top] = [x.place(atX), y.place(atY)];
  for (const [width, colour] of [[4, theme.background], [1.5, theme.text]]) {
    Object.assign(context, { lineWidth: width, strokeStyle: colour });
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(left + 4 * dx, top + 4 * dy);
      context.lineTo(left + 14 * dx, top + 14 * dy);
    }
    context.stroke();
  }
}
