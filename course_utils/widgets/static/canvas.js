// Canvases with the screen's own pixels, and what all pictures share: ticks, axes, legends.

const FONT_SIZE = 13;

// Makes the canvas as fine as the screen and empties it; returns its context in CSS pixels, or null
// when there is nothing to see (not on the page, or in a hidden tab).
function prepareCanvas(canvas) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || !height) return null;
  const ratio = window.devicePixelRatio || 1;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, ratio };
}

// Calls `changed` when an element's size or the screen's density changes; returns what stops that.
function watchSize(elements, changed) {
  const observer = new ResizeObserver(changed);
  for (const element of elements) {
    try {
      observer.observe(element, { box: "device-pixel-content-box" });
    } catch {
      observer.observe(element); // Safari does not know that box
    }
  }
  return () => observer.disconnect();
}

// What came over the wire: a DataView into a larger buffer, at any offset.
function bytes(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function floats(view) {
  const end = view.byteOffset + view.byteLength;
  return new Float32Array(view.buffer.slice(view.byteOffset, end)); // a copy is always aligned
}

// 1234567 -> "1,234,567"
function formatCount(value) {
  return Math.round(value).toLocaleString("en");
}

// Three significant digits, in the shortest form: 0.00012 -> "1.2e-4".
function formatNumber(value, digits = 3) {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (rounded !== 0 && (size < 1e-3 || size >= 1e6)) {
    return rounded.toExponential().replace("e+", "e");
  }
  return String(rounded);
}

// The smallest of 1, 2, 5 times a power of ten that is at least `size`.
function niceStep(size) {
  const power = 10 ** Math.floor(Math.log10(size) + 1e-9);
  return [1, 2, 5, 10].find((factor) => factor * power >= size * (1 - 1e-9)) * power;
}

// About `count` round numbers within [low, high].
function ticks(low, high, count) {
  const step = niceStep((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const found = Math.max(0, last - first + 1);
  return Array.from({ length: found }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

// Powers of ten within [low, high], or round numbers where less than one decade is shown.
function logTicks(low, high, count) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first < 1) return ticks(low, high, count).filter((tick) => tick > 0);
  const stride = Math.ceil((last - first + 1) / count);
  const powers = [];
  for (let exponent = first; exponent <= last; exponent += stride) powers.push(10 ** exponent);
  return powers;
}

// An axis: places values within [from, to] (pixels). `log` for logarithmic ones.
function makeAxis(low, high, from, to, log = false) {
  const map = log ? Math.log : (value) => value;
  const unmap = log ? Math.exp : (value) => value;
  const scale = (to - from) / (map(high) - map(low));
  return {
    low, high, from, to, log,
    place: (value) => from + (map(value) - map(low)) * scale,
    value: (pixel) => unmap(map(low) + (pixel - from) / scale),
    ticks: (count) => (log ? logTicks : ticks)(low, high, count),
  };
}

function setFont(context, theme, size = FONT_SIZE, weight = "normal") {
  context.font = `${weight} ${size}px ${theme.font}`;
}

function label(context, text, x, y, align = "left", baseline = "middle") {
  context.textAlign = align;
  context.textBaseline = baseline;
  context.fillText(text, x, y);
}

// Grid, tick labels and titles of the plot between two axes (y.from is its bottom).
function drawAxes(context, theme, x, y, options) {
  const { xTicks, yTicks, xLabels = true, xTitle = "", yTitle = "" } = options;
  const xFormat = options.xFormat ?? formatNumber;
  setFont(context, theme);
  context.lineWidth = 1;
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.text;
  context.beginPath();
  for (const tick of yTicks) {
    const place = Math.round(y.place(tick)) + 0.5;
    context.moveTo(x.from, place);
    context.lineTo(x.to, place);
    label(context, formatNumber(tick).replace("-", "−"), x.from - 6, place, "right");
  }
  let free = -Infinity; // tick labels that would touch are left out
  for (const tick of xTicks) {
    const place = Math.round(x.place(tick)) + 0.5;
    context.moveTo(place, y.to);
    context.lineTo(place, y.from);
    const text = xFormat(tick).replace("-", "−");
    const half = context.measureText(text).width / 2;
    if (xLabels && place - half > free) {
      label(context, text, place, y.from + 6, "center", "top");
      free = place + half + 8;
    }
  }
  context.stroke();
  context.strokeStyle = theme.neutral;
  context.strokeRect(x.from + 0.5, y.to + 0.5, x.to - x.from - 1, y.from - y.to - 1);
  if (xTitle) label(context, xTitle, (x.from + x.to) / 2, y.from + 24, "center", "top");
  if (yTitle) {
    context.save();
    context.translate(x.from - 38, (y.from + y.to) / 2);
    context.rotate(-Math.PI / 2);
    label(context, yTitle, 0, 0, "center", "bottom");
    context.restore();
  }
}

// Legend entries {title, draw(context, x, y, width), width} in rows within [left, right]; returns
// the height that was used. With `measure` nothing is drawn.
function drawLegend(context, theme, entries, left, right, top, measure = false) {
  setFont(context, theme);
  const rowHeight = 20;
  let [x, y] = [left, top + rowHeight / 2];
  for (const entry of entries) {
    const swatch = entry.width ?? 24;
    const width = swatch + 6 + context.measureText(entry.title).width;
    if (x > left && x + width > right) [x, y] = [left, y + rowHeight];
    if (!measure) {
      context.save();
      entry.draw(context, x, y, swatch);
      context.restore();
      context.fillStyle = theme.text;
      label(context, entry.title, x + swatch + 6, y);
    }
    x += width + 16;
  }
  return y + rowHeight / 2 - top;
}

// A legend's swatch for a line.
function lineSwatch(colour, dash, lineWidth = 2) {
  return (context, x, y, width) => {
    Object.assign(context, { strokeStyle: colour, lineWidth });
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + width, y);
    context.stroke();
  };
}
