// "Draw your data": ink on a grid of cells.

const WIDTHS = { least: 1, most: 8, first: 3 }; // the brush, in cells
const FAR = 4; // cells for one press of an arrow key with Shift

function renderBoard({ model, el }) {
  const { strings, examples, bounds, size, language } = model.get("config");
  let state = {}, ink = new Uint8Array(size * size), samples = new Float32Array(0);
  let stroke = 0, drawing = null, eraser = false, width = WIDTHS.first, penDown = false;
  let pointer = null, keyboard = false;
  let cursor = [Math.floor(size / 2) + 0.5, Math.floor(size / 2) + 0.5]; // in cells

  // --- the page ---
  const canvas = make("canvas", { className: "gan-edit-canvas", tabIndex: 0, role: "application" });
  canvas.setAttribute("aria-label", strings.canvas);
  canvas.setAttribute("data-view", "drawing");
  canvas.setAttribute("data-lm-suppress-shortcuts", "true"); // else A inserts a cell in JupyterLab
  const button = (name, onclick) =>
    make("button", { type: "button", textContent: strings[name], onclick, "data-action": name });
  const tools = [
    button("brush", () => chooseTool(false)),
    button("eraser", () => chooseTool(true)),
  ];
  const slider = make("input", {
    type: "range", min: WIDTHS.least, max: WIDTHS.most, value: width, step: 1, "data-action": "width",
    oninput: () => { width = Number(slider.value); showState(); },
  });
  const widthShown = make("output");
  const undo = button("undo", () => link.send("undo", {}));
  const clear = button("clear", () => link.send("clear", {}));
  const choice = make(
    "select",
    {
      "aria-label": strings.example_label, "data-action": "example",
      onchange: () => {
        if (choice.value) link.send("example", { name: choice.value });
        choice.value = "";
      },
    },
    make("option", { value: "", textContent: strings.example }),
    ...examples.map(({ name, title }) => make("option", { value: name, textContent: title })),
  );
  const showSamples = make("input", {
    type: "checkbox", "data-action": "samples", onchange: () => plane.ask(),
  });
  const train = button("train", () => link.send("train", {}));
  train.classList.add("gan-edit-main");
  const alert = make("p", { className: "gan-edit-alert", role: "alert" });
  const hint = make("p", { className: "gan-edit-hint" });
  const spoken = make("p", { className: "gan-edit-spoken", "aria-live": "polite" });
  const speaker = announcer(spoken);
  const root = make(
    "div",
    { className: "gan-edit gan-drawing-board", lang: language === "zh" ? "zh-Hans" : "en" },
    make("div", { className: "gan-edit-board" }, canvas),
    make(
      "div", { className: "gan-edit-side" },
      make("div", { className: "gan-edit-buttons" }, ...tools,
        make("label", { className: "gan-edit-label" }, strings.width, slider, widthShown)),
      make("div", { className: "gan-edit-buttons" }, undo, clear, choice),
      make("label", { className: "gan-edit-label" }, showSamples, strings.samples),
      alert, hint,
      make("div", { className: "gan-edit-buttons" }, train),
      make("details", {}, make("summary", { textContent: strings.keys }),
        ...strings.help.split("\n").map((words) => make("p", { textContent: words }))),
      spoken,
    ),
  );
  el.append(root);

  // --- state: Python's, and what this view has painted since ---
  const link = editLink(model, receive, (late) => showMessage(late ? strings.waiting : ""));
  const plane = makePlane(canvas, root, bounds, paint);

  function receive(next, settled) {
    state = next;
    if (settled) ink = bytes(model.get("pixels")).slice();
    samples = floats(model.get("points"));
    showMessage("");
    showState();
    if (!keyboard) speaker.say(next.summary);
  }

  function chooseTool(erase) {
    eraser = erase;
    showState();
  }

  function showMessage(words) {
    const message = words || state.message || "";
    if (alert.textContent !== message) alert.textContent = message;
  }

  function showState() {
    tools.forEach((tool, index) => tool.setAttribute("aria-pressed", eraser === Boolean(index)));
    widthShown.textContent = slider.value = width;
    undo.disabled = !state.undo;
    clear.disabled = state.empty;
    train.hidden = !state.can_train;
    train.disabled = state.training;
    train.textContent = state.training ? strings.training : strings.train;
    hint.textContent = state.hint;
    plane.ask();
  }

  // --- ink ---
  const toCells = (point) => point.map(
    (value, axis) => ((value - bounds[axis][0]) / (bounds[axis][1] - bounds[axis][0])) * size);
  const toData = (cells) => cells.map(
    (value, axis) => bounds[axis][0] + (value / size) * (bounds[axis][1] - bounds[axis][0]));

  // One straight piece of a stroke, with soft edges, as course_utils/widgets/sketches.py paints.
  function paintPiece([fromX, fromY], [toX, toY]) {
    const radius = width / 2 + 0.5;
    const [alongX, alongY] = [toX - fromX, toY - fromY];
    const length = alongX ** 2 + alongY ** 2;
    const range = (a, b) => [
      Math.max(0, Math.floor(Math.min(a, b) - radius)),
      Math.min(size - 1, Math.ceil(Math.max(a, b) + radius)),
    ];
    const [left, right] = range(fromX, toX), [bottom, top] = range(fromY, toY);
    for (let row = bottom; row <= top; row++) {
      for (let column = left; column <= right; column++) {
        const [x, y] = [column + 0.5 - fromX, row + 0.5 - fromY];
        const share = length ? Math.min(1, Math.max(0, (x * alongX + y * alongY) / length)) : 0;
        const gap = Math.hypot(x - share * alongX, y - share * alongY);
        const cover = Math.round(255 * Math.min(1, Math.max(0, radius - gap)));
        const place = row * size + column;
        ink[place] = eraser ? Math.min(ink[place], 255 - cover) : Math.max(ink[place], cover);
      }
    }
  }

  function sendInk() {
    link.send("paint", { stroke }, { buffers: [ink.slice().buffer], gesture: `stroke ${stroke}` });
    plane.ask();
  }

  // --- mouse, pen and touch ---
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || drawing) return;
    keyboard = penDown = false;
    stroke += 1;
    drawing = { id: event.pointerId, at: toCells(plane.at(event)) };
    canvas.setPointerCapture(event.pointerId);
    paintPiece(drawing.at, drawing.at);
    sendInk();
  });
  canvas.addEventListener("pointermove", (event) => {
    pointer = toCells(plane.at(event));
    if (drawing?.id === event.pointerId) {
      // The browser may have more places than it tells of events.
      for (const part of event.getCoalescedEvents?.() ?? []) {
        const next = toCells(plane.at(part));
        paintPiece(drawing.at, next);
        drawing.at = next;
      }
      paintPiece(drawing.at, pointer);
      drawing.at = cursor = pointer;
      sendInk();
    }
    plane.ask();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (drawing?.id === event.pointerId) drawing = null;
    });
  }
  canvas.addEventListener("pointerleave", () => { pointer = null; plane.ask(); });

  // --- keyboard ---
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
  const resize = (by) => {
    width = Math.min(WIDTHS.most, Math.max(WIDTHS.least, width + by));
    showState();
  };
  const lift = (down) => {
    penDown = down;
    if (down) keys.Enter();
    speaker.say(down ? strings.pen_down : strings.pen_up);
  };
  const keys = {
    Enter() {
      stroke += 1;
      paintPiece(cursor, cursor);
      sendInk();
    },
    p: () => lift(!penDown),
    Escape: () => lift(false),
    e: () => chooseTool(!eraser),
    "]": () => resize(1),
    "[": () => resize(-1),
    u: () => link.send("undo", {}),
  };
  keys[" "] = keys.Enter;

  canvas.addEventListener("keydown", (event) => {
    const takesBack = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (!takesBack && (event.ctrlKey || event.metaKey || event.altKey)) return;
    const arrow = ARROWS[event.key];
    const key = takesBack ? keys.u : keys[event.key] ?? keys[event.key.toLowerCase()];
    if (!arrow && !key) return;
    event.preventDefault();
    event.stopPropagation();
    keyboard = true;
    if (key) {
      key();
    } else {
      const before = cursor, step = event.shiftKey ? FAR : 1;
      cursor = cursor.map((value, axis) => Math.min(size - 0.5, Math.max(0.5, value + step * arrow[axis])));
      if (penDown) {
        paintPiece(before, cursor);
        sendInk();
      } else {
        const [x, y] = toData(cursor).map((value) => shown(value));
        const here = ink[Math.floor(cursor[1]) * size + Math.floor(cursor[0])];
        speaker.say(filled(strings.cursor, { x, y, ink: Math.round(here / 2.55) }));
      }
    }
    plane.ask();
  });
  canvas.addEventListener("focus", () => { keyboard = canvas.matches(":focus-visible"); plane.ask(); });
  canvas.addEventListener("blur", () => { keyboard = penDown = false; plane.ask(); });

  // --- the picture ---
  function paint(context, plane) {
    const { theme, x, y } = plane;
    paintGrid(context, plane);
    const small = make("canvas", { width: size, height: size });
    const image = new ImageData(size, size);
    const colour = [1, 3, 5].map((at) => parseInt(theme.real.slice(at, at + 2), 16));
    ink.forEach((value, place) => {
      const row = size - 1 - Math.floor(place / size);
      image.data.set([...colour, value], 4 * (row * size + (place % size)));
    });
    small.getContext("2d").putImageData(image, 0, 0);
    context.save();
    context.imageSmoothingEnabled = false; // cells as they are
    if (showSamples.checked) context.globalAlpha = 0.25;
    context.drawImage(small, x.from, y.to, x.to - x.from, y.from - y.to);
    context.restore();
    inside(context, plane, () => {
      if (showSamples.checked) paintSamples(context, plane);
      const at = keyboard ? cursor : pointer;
      if (at) paintBrush(context, plane, toData(at));
    });
    if (keyboard) paintCursor(context, plane, toData(cursor));
  }

  function paintSamples(context, { theme, x, y }) {
    Object.assign(context, { fillStyle: theme.real, strokeStyle: theme.background, lineWidth: 1 });
    for (let i = 0; i < samples.length; i += 2) {
      context.beginPath();
      context.arc(x.place(samples[i]), y.place(samples[i + 1]), 3, 0, 7);
      context.fill();
      context.stroke();
    }
  }

  function paintBrush(context, { theme, x, y }, [atX, atY]) {
    const radius = ((x.to - x.from) / size) * (width / 2);
    for (const [lineWidth, colour] of [[3, theme.background], [1.5, theme.text]]) {
      Object.assign(context, { lineWidth, strokeStyle: colour });
      context.setLineDash(eraser ? [4, 3] : []);
      context.beginPath();
      context.arc(x.place(atX), y.place(atY), radius, 0, 7);
      context.stroke();
    }
    context.setLineDash([]);
  }

  receive(model.get("state"), true);
  return () => {
    link.close();
    plane.close();
    speaker.close();
  };
}

export default { render: renderBoard };
