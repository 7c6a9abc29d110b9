// The phase map: one cell for each GAN, coloured by the measure, lettered by its outcome.

const CALM_SUMMARY = 5000; // ms between two summaries read aloud
const BAR = 16; // width of the colour bar, in CSS pixels

function hexColour(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

// The colour of `share` in 0 ... 1 between the stops, as [red, green, blue].
function shade(stops, share) {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const lower = Math.min(Math.floor(place), stops.length - 2);
  return stops[lower].map((from, i) => from + (stops[lower + 1][i] - from) * (place - lower));
}

// Black or white, whichever is read more easily on this colour.
function ink([red, green, blue]) {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 140 ? "#FFFFFF" : "#000000";
}

function css(colour) {
  return `rgb(${colour.map(Math.round).join(" ")})`;
}

// Where everything is, in CSS pixels: the cells, and the way from pixels to cells and back.
function mapLayout(width, height, config) {
  const [left, right, top, bottom] = [76, 92, 8, 52];
  const [columns, rows] = [config.x.labels.length, config.y.labels.length];
  const cellWidth = (width - left - right) / columns;
  const cellHeight = (height - top - bottom) / rows;
  return {
    left, top, columns, rows, cellWidth, cellHeight,
    right: width - right, bottom: height - bottom,
    cornerOf: (row, column) => [left + column * cellWidth, top + (rows - 1 - row) * cellHeight],
    cellAt(x, y) {
      const column = Math.floor((x - left) / cellWidth);
      const row = rows - 1 - Math.floor((y - top) / cellHeight);
      const isInside = column >= 0 && column < columns && row >= 0 && row < rows;
      return isInside ? { row, column } : null;
    },
  };
}

function drawMap(context, width, height, theme, config, state, focus) {
  const at = mapLayout(width, height, config);
  const stops = config.colours.map(hexColour);
  const letters = Object.fromEntries(config.outcomes.map(({ name, letter }) => [name, letter]));
  const span = state.high - state.low || 1;
  setFont(context, theme, Math.min(15, 0.6 * Math.min(at.cellWidth, at.cellHeight)), "600");
  for (let row = 0; row < at.rows; row++) {
    for (let column = 0; column < at.columns; column++) {
      const index = row * at.columns + column;
      const [x, y] = at.cornerOf(row, column);
      const value = state.values[index];
      const colour = value === null
        ? hexColour(config.unknown) : shade(stops, (value - state.low) / span);
      context.fillStyle = css(colour);
      // Whole pixels, so that no seams show.
      const [x0, y0] = [Math.round(x), Math.round(y)];
      context.fillRect(
        x0, y0, Math.round(x + at.cellWidth) - x0, Math.round(y + at.cellHeight) - y0,
      );
      const letter = letters[state.outcomes[index]];
      if (letter && Math.min(at.cellWidth, at.cellHeight) >= 9) {
        context.fillStyle = ink(colour);
        label(context, letter, x + at.cellWidth / 2, y + at.cellHeight / 2 + 1, "center");
      }
    }
  }
  drawScales(context, theme, config, at);
  drawBar(context, theme, config, state, stops, at, height);
  if (state.opened) outline(context, at, state.opened[0], state.opened[1], theme.generated, []);
  if (focus) outline(context, at, focus.row, focus.column, theme.focus, [4, 3]);
}

// A frame in two colours: seen on light and on dark cells.
function outline(context, at, row, column, colour, dash) {
  const [x, y] = at.cornerOf(row, column);
  const frame = [x + 1, y + 1, at.cellWidth - 2, at.cellHeight - 2];
  Object.assign(context, { lineWidth: 4, strokeStyle: "#FFFFFF" });
  context.setLineDash([]);
  context.strokeRect(...frame);
  Object.assign(context, { lineWidth: 2.5, strokeStyle: colour });
  context.setLineDash(dash);
  context.strokeRect(...frame);
  context.setLineDash([]);
}

function drawScales(context, theme, config, at) {
  setFont(context, theme);
  Object.assign(context, { fillStyle: theme.text, strokeStyle: theme.neutral, lineWidth: 1 });
  context.strokeRect(at.left - 0.5, at.top - 0.5, at.right - at.left + 1, at.bottom - at.top + 1);
  context.beginPath();
  for (const [place, text] of config.x.ticks) {
    const x = Math.round(at.left + (place + 0.5) * at.cellWidth) + 0.5;
    context.moveTo(x, at.bottom);
    context.lineTo(x, at.bottom + 5);
    label(context, text, x, at.bottom + 8, "center", "top");
  }
  for (const [place, text] of config.y.ticks) {
    const y = Math.round(at.bottom - (place + 0.5) * at.cellHeight) + 0.5;
    context.moveTo(at.left - 5, y);
    context.lineTo(at.left, y);
    label(context, text, at.left - 8, y, "right");
  }
  context.stroke();
  label(context, config.x.title, (at.left + at.right) / 2, at.bottom + 28, "center", "top");
  sideways(context, config.y.title, 14, (at.top + at.bottom) / 2);
}

function sideways(context, text, x, y) {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  label(context, text, 0, 0, "center");
  context.restore();
}

function drawBar(context, theme, config, state, stops, at) {
  const left = at.right + 14;
  const height = at.bottom - at.top;
  for (let i = 0; i < height; i++) {
    context.fillStyle = css(shade(stops, 1 - i / height));
    context.fillRect(left, at.top + i, BAR, 1.5);
  }
  context.fillStyle = theme.text;
  context.strokeRect(left - 0.5, at.top - 0.5, BAR + 1, height + 1);
  label(context, formatNumber(state.high), left + BAR + 5, at.top + 6);
  label(context, formatNumber(state.low), left + BAR + 5, at.bottom - 6);
  sideways(context, config.measure, left + BAR + 14, (at.top + at.bottom) / 2);
}

// What is said of one cell: the knobs' values, the measure, the outcome and what it means.
function cellWords(config, state, say, { row, column }) {
  const index = row * config.x.labels.length + column;
  const value = state.values[index];
  const outcome = config.outcomes.find(({ name }) => name === state.outcomes[index]);
  const parts = [
    say("cell", {
      x_title: config.x.title, x: config.x.labels[column],
      y_title: config.y.title, y: config.y.labels[row],
    }),
  ];
  if (state.step > 0) {
    const number = value === null ? say("no_value") : formatNumber(value);
    parts.push(say("value", { title: config.measure, value: number }));
  }
  if (outcome) parts.push(say("value", { title: outcome.title, value: outcome.meaning }));
  return parts.join(" · ");
}

function renderMap({ model, el }) {
  const config = model.get("config");
  const say = speaker(config.strings);
  let state = model.get("state");
  let [theme, pointed, asked] = [null, null, 0];
  let focus = { row: 0, column: 0 };
  let summaryTimer = 0;

  const button = element("button", { type: "button", class: "gan-strong", onclick: toggle });
  const bar = element("progress", { max: config.steps, value: 0 });
  const progress = element("span");
  const late = element("span", { role: "status" });
  const alert = element("p", { role: "alert", hidden: true });
  const linkAlert = element("p", { role: "alert", hidden: true });
  const readout = element("p", { class: "gan-phase-readout", "aria-live": "polite" });
  const summary = element("p", { class: "gan-summary", "aria-live": "polite" });
  const counts = {};
  const legend = element(
    "ul", { class: "gan-phase-legend", "aria-label": say("legend") },
    ...config.outcomes.map(({ name, title, letter, meaning }) => {
      counts[name] = element("span");
      return element("li", { title: meaning }, element("b", {}, letter), title, counts[name]);
    }),
  );
  const canvas = element("canvas", {
    "data-view": "phase", role: "application", tabindex: 0, "aria-label": say("label"),
    onpointermove: point, onpointerleave: () => { pointed = null; request(); },
    onclick: click, onkeydown: press, onfocus: request, onblur: request,
  });
  const root = element(
    "div", {
      class: "gan-lab gan-phase", role: "region", "aria-label": say("label"), "data-link": "down",
      lang: config.language === "zh" ? "zh-Hans" : config.language, onkeydown: keepKeys,
    },
    element("div", { class: "gan-phase-top" }, button, bar, progress, late),
    element("div", { class: "gan-alerts" }, linkAlert, alert),
    canvas, legend, readout, element("p", { class: "gan-phase-help" }, say("help")), summary,
  );

  const hasFocus = () => document.activeElement === canvas && canvas.matches(":focus-visible");

  function request() {
    asked ||= requestAnimationFrame(draw);
  }

  function draw() {
    asked = 0;
    const surface = theme && prepareCanvas(canvas);
    if (!surface) return;
    const { context, width, height } = surface;
    const shown = pointed ?? (document.activeElement === canvas ? focus : null);
    drawMap(context, width, height, theme, config, state, pointed ?? (hasFocus() ? focus : null));
    setText(readout, state.note || (shown ? cellWords(config, state, say, shown) : ""));
    root.dataset.frames = Number(root.dataset.frames ?? 0) + 1;
  }

  function receive() {
    state = model.get("state");
    const { status } = state;
    const action = { ready: "start", stopped: "continue", training: "stop" }[status];
    root.dataset.status = status;
    root.dataset.step = state.step;
    button.dataset.action = status === "training" ? "stop" : "start";
    button.hidden = !action;
    setText(button, say(action ?? status));
    lock();
    bar.value = state.step;
    const numbers = {
      gans: state.values.length, step: formatCount(state.step), steps: formatCount(config.steps),
    };
    setText(progress, `${say(status)} · ${say("progress", numbers)} · ${state.seconds} s`);
    complain(alert, state.message);
    for (const [name, node] of Object.entries(counts)) {
      const count = state.outcomes.filter((outcome) => outcome === name).length;
      setText(node, state.outcomes.some(Boolean) ? ` ${count}` : "");
    }
    summaryTimer ||= setTimeout(summarize, summary.textContent ? CALM_SUMMARY : 0);
    request();
  }

  function complain(node, text) {
    setText(node, text);
    node.hidden = !text;
  }

  function summarize() {
    summaryTimer = 0;
    setText(summary, state.summary);
  }

  function lock() {
    const isLost = root.dataset.link !== "up";
    button.disabled = isLost || !["ready", "stopped", "training"].includes(state.status);
  }

  function toggle() {
    link.command(button.dataset.action);
  }

  function open(cell) {
    focus = cell;
    if (root.dataset.link === "up" && !["replaced", "closed"].includes(state.status)) {
      link.command("open", cell);
    }
    request();
  }

  function cellUnder(event) {
    const layout = mapLayout(canvas.clientWidth, canvas.clientHeight, config);
    return layout.cellAt(event.offsetX, event.offsetY);
  }

  function point(event) {
    pointed = cellUnder(event);
    request();
  }

  function click(event) {
    const cell = cellUnder(event);
    if (cell) open(cell);
  }

  function press(event) {
    const moves = {
      ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0],
      Home: [0, -Infinity], End: [0, Infinity],
    };
    const move = moves[event.key];
    const isOpening = (event.key === "Enter" && !event.shiftKey) || event.key === " ";
    if (!move && !isOpening) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    pointed = null;
    if (isOpening) return open(focus);
    const clamp = (value, count) => Math.min(Math.max(value, 0), count - 1);
    focus = {
      row: clamp(focus.row + move[0], config.y.labels.length),
      column: clamp(focus.column + move[1], config.x.labels.length),
    };
    request();
  }

  // JupyterLab's command mode deletes cells on "d d" and restarts on "0 0".
  function keepKeys(event) {
    const isNotebooks = event.key === "Escape" || (event.key === "Enter" && event.shiftKey);
    if (!isNotebooks && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  }

  function applyTheme() {
    theme = readTheme(root);
    request();
  }

  const link = openLink(model, {
    frame() {},
    file() {},
    answer: (error) => complain(alert, error ?? state.message),
    late: (isLate) => setText(late, isLate ? say("waiting") : ""),
    alive(isAlive) {
      root.dataset.link = isAlive ? "up" : "down";
      root.classList.toggle("gan-lost", !isAlive);
      complain(linkAlert, isAlive ? "" : say("lost"));
      lock();
    },
  });

  el.append(root);
  model.on("change:state", receive);
  receive();
  applyTheme();
  const stops = [
    watchTheme(applyTheme), watchSize([canvas], applyTheme), link.close,
    () => model.off("change:state", receive),
    () => clearTimeout(summaryTimer), () => cancelAnimationFrame(asked), () => root.remove(),
  ];
  return () => stops.forEach((stop) => stop());
}

export default { render: renderMap };
