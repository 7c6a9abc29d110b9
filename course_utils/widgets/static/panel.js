// The live panel: puts together toolbar, views and knobs of one model in one element.

const VIEWS = {
  points: pointsView, curves: curvesView, histograms: histogramsView, images: imagesView,
  class_accuracy: accuracyView,
};
const CALM = 1000; // ms between two pictures for people who want less motion
const SUMMARY = 5000; // ms between two summaries read aloud

// One view: its canvas, its read-out and its table of measures; `request` asks it for classes.
function viewBox(own, config, say, redraw, request) {
  const { kind, title } = own;
  const view = VIEWS[kind](config, say, own, request);
  let pointer = null;
  let hasFailed = false;
  const point = (event) => {
    pointer = event && { x: event.offsetX, y: event.offsetY };
    redraw();
  };
  const canvas = element("canvas", {
    "data-view": kind, role: "img", "aria-label": title,
    onpointermove: point, onpointerleave: () => point(null),
    onclick: (event) => view.choice?.node.disabled === false && view.click({ y: event.offsetY }),
  });
  const readout = element("p", { class: "gan-value" });
  const empty = element("p", { class: "gan-empty" }, say("no_picture"));
  const measures = element("table", { class: "gan-measures", "aria-label": say("measures") });
  const node = element(
    "figure", { class: `gan-view gan-view-${kind}` },
    element("figcaption", {}, title), view.choice?.node ?? "",
    element("div", { class: "gan-picture" }, canvas, empty), readout, measures,
  );

  return {
    node,
    canvas,
    choice: view.choice,
    update(meta, buffers) {
      hasFailed = Boolean(meta.error); // Python left this view out; its words take the place
      canvas.hidden = hasFailed;
      empty.hidden = !hasFailed;
      if (hasFailed) setText(empty, meta.error);
      else view.update(meta, buffers);
      showMeasures(measures, meta.measures ?? []);
    },
    draw(theme, state) {
      if (view.isEmpty() || hasFailed) return;
      const surface = prepareCanvas(canvas);
      if (!surface) return;
      const { context, width, height, ratio } = surface;
      context.save();
      context.fillStyle = theme.background; // so that a copied picture is whole
      context.fillRect(0, 0, width, height);
      setText(readout, view.draw(context, width, height, theme, pointer, state, ratio) || "");
      context.restore();
    },
  };
}

function showMeasures(table, measures) {
  table.hidden = !measures.length;
  while (table.rows.length > measures.length) table.deleteRow(-1);
  measures.forEach(({ title, text }, i) => {
    const row = table.rows[i] ?? table.insertRow();
    if (!row.cells.length) row.append(element("th", { scope: "row" }), element("td"));
    setText(row.cells[0], title);
    setText(row.cells[1], text);
  });
}

// The error messages, each with a source: one from a source replaces the one before.
function alertArea(say) {
  const node = element("div", { class: "gan-alerts", role: "alert" });
  const shown = new Map();
  return {
    node,
    set(source, text, canDismiss = false) {
      if ((shown.get(source)?.dataset.text ?? "") === text) return;
      shown.get(source)?.remove();
      shown.delete(source);
      if (!text) return;
      const dismiss = element("button", {
        type: "button", "data-action": "dismiss", "aria-label": say("dismiss"),
        onclick: () => this.set(source, ""),
      }, "✕");
      const words = element("span", {}, text);
      const line = element("p", { "data-text": text }, words, ...(canDismiss ? [dismiss] : []));
      shown.set(source, line);
      node.append(line);
    },
  };
}

// A line of text that changes at most every five seconds, so that a screen reader can keep up.
function calmLine(node) {
  let timer = 0;
  let next = "";
  const show = () => {
    timer = 0;
    if (node.textContent === next) return;
    node.textContent = next;
    timer = setTimeout(show, SUMMARY);
  };
  return {
    set(text) {
      next = text;
      if (!timer) show();
    },
    stop: () => clearTimeout(timer),
  };
}

// Draws in the browser's own rhythm, or once a second for people who want less motion.
function painter(draw) {
  const motion = matchMedia("(prefers-reduced-motion: reduce)");
  let [frame, timer, last] = [0, 0, -Infinity];
  const paint = () => {
    frame = 0;
    last = performance.now();
    draw();
  };
  const ask = () => {
    timer = 0;
    frame ||= requestAnimationFrame(paint);
  };
  return {
    request() {
      if (frame || timer) return;
      const wait = motion.matches ? CALM - (performance.now() - last) : 0;
      if (wait > 0) timer = setTimeout(ask, wait);
      else ask();
    },
    stop() {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    },
  };
}

function download({ name, text }) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function renderPanel({ model, el }) {
  const config = model.get("config");
  const say = speaker(config.strings);
  let state = {};
  let frame = null; // the latest frame, until it is drawn
  let [step, rate, drawn] = [0, 0, 0];
  let theme = null;
  let focused = null; // what had the focus when the controls were locked

  const command = (...all) => link.command(...all);
  const alerts = alertArea(say);
  const complain = (text) => alerts.set("answer", text, true);
  const tools = toolbar(config, say, command, complain);
  const doctor = doctorPart(say, command, (text) => alerts.set("doctor", text, true));
  tools.node.append(doctor.node);
  const rewind = rewindSlider(say, command);
  const { node: knobs, controls } = knobGroups(config, say, command);
  const paint = painter(drawAll);
  const views = config.views.map((view, picture) => {
    const request = (classes, answered) => command("request", { picture, classes }, answered);
    return viewBox(view, config, say, paint.request, request);
  });
  const choices = views.map((view) => view.choice).filter(Boolean);
  const parts = [tools, doctor, rewind, ...Object.values(controls), ...choices];
  const late = element("span", { class: "gan-late", role: "status" });
  const summary = element("p", { class: "gan-summary", "aria-live": "polite" });
  const calm = calmLine(summary);
  const run = element("div", { class: "gan-run" }, tools.readout, rewind.node);
  const lockable = [[tools.node, run], [knobs]].map(
    (nodes) => element("fieldset", {}, ...nodes),
  ).concat(choices.map((choice) => choice.node));
  const root = element(
    "div", {
      class: "gan-lab", role: "region", "aria-label": config.label, tabindex: 0,
      lang: config.language === "zh" ? "zh-Hans" : config.language,
      "data-frames": 0, "data-link": "down", onkeydown: handleKey,
    },
    lockable[0], alerts.node, late, doctor.report,
    element("div", { class: "gan-views" }, ...views.map((view) => view.node)), summary, lockable[1],
  );

  function drawAll() {
    if (frame) {
      const { message, buffers } = frame;
      frame = null;
      message.views.forEach((meta, i) => {
        const named = Object.entries(meta.buffers ?? {}).map(([name, at]) => [name, buffers[at]]);
        views[i]?.update(meta, Object.fromEntries(named));
      });
      root.dataset.frames = ++drawn;
      link.drawn();
    }
    if (theme) for (const view of views) view.draw(theme, state);
  }

  function showProgress() {
    root.dataset.step = step;
    tools.progress(step, rate);
    rewind.progress(step);
  }

  function receiveState() {
    state = model.get("state") ?? {};
    if (!state.status) return;
    step = state.step;
    if (state.status !== "playing") rate = 0;
    root.dataset.status = state.status;
    tools.received(state);
    rewind.received(state);
    showProgress();
    for (const [name, value] of Object.entries(state.knobs)) controls[name]?.received(value);
    alerts.set("state", state.message ?? "");
    calm.set(state.summary ?? "");
    lock();
    paint.request(); // the marks of knob changes
  }

  const receiveExamination = () => doctor.received(model.get("examination") ?? {});

  // Controls that cannot do anything are disabled; the focus comes back with them.
  function lock() {
    const isOver = ["closed", "replaced"].includes(state.status);
    const isLocked = isOver || root.classList.contains("gan-lost");
    if (lockable[0].disabled === isLocked) return;
    if (isLocked) focused = root.contains(document.activeElement) ? document.activeElement : null;
    for (const set of lockable) set.disabled = isLocked;
    if (!isLocked && document.activeElement === document.body) focused?.focus();
  }

  function handleKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" || (event.key === "Enter" && event.shiftKey)) return; // JupyterLab's
    // All else stays here: JupyterLab's command mode deletes cells on "d d", restarts on "0 0".
    event.stopPropagation();
    if (event.key === " " && event.target === root && !lockable[0].disabled) {
      event.preventDefault();
      tools.toggle();
    }
  }

  function applyTheme() {
    theme = readTheme(root);
    paint.request();
  }

  const link = openLink(model, {
    frame(message, buffers) {
      frame = { message, buffers };
      [step, rate] = [message.step, message.rate];
      showProgress();
      paint.request();
    },
    answer: (error) => complain(error ?? ""),
    file: download,
    late: (isLate) => setText(late, isLate ? say("waiting") : ""),
    alive(isAlive) {
      root.dataset.link = isAlive ? "up" : "down";
      root.classList.toggle("gan-lost", !isAlive);
      alerts.set("link", isAlive ? "" : say("lost"));
      lock();
      if (!isAlive) for (const part of parts) part.reset();
    },
  });

  el.append(root);
  model.on("change:state", receiveState);
  model.on("change:examination", receiveExamination);
  receiveState();
  receiveExamination();
  applyTheme();
  const stops = [
    watchTheme(applyTheme),
    // Fires first when the panel comes onto the page, where its theme can be read.
    watchSize(views.map((view) => view.canvas), applyTheme),
    link.close, paint.stop, calm.stop, () => model.off("change:state", receiveState),
    () => model.off("change:examination", receiveExamination),
    () => parts.forEach((part) => part.reset(true)),
    () => root.remove(),
  ];
  return () => stops.forEach((stop) => stop());
}

export default { render: renderPanel };
