// "You are the generator": the learner's points, and what D says of them.

const REACH = { mouse: 11, pen: 14, touch: 24 }; // px around a point that still hit it
const STEP = 0.01; // of the plane's width, for one press of an arrow key
const FURTHER = 5; // times that with Shift
const SIGNS = { real: "✓", fake: "✗", open: "?" };
const LABELLED = 25; // up to so many points carry their number

function renderGame({ model, el }) {
  const { strings, bounds, most, enough, line, resolution, language } = model.get("config");
  let points = [], beliefs = [], distances = [], state = {};
  let selected = -1, hovered = -1, dragged = null, fresh = { index: -1, time: 0 };
  let cursor = bounds.map(([low, high]) => (low + high) / 2), keyboard = false;
  let gesture = 0, belief = new Uint8Array(0), real = new Float32Array(0);

  // --- the page ---
  const canvas = make("canvas", { className: "gan-edit-canvas", tabIndex: 0, role: "application" });
  canvas.setAttribute("aria-label", strings.canvas);
  canvas.setAttribute("data-view", "generator-game");
  canvas.setAttribute("data-lm-suppress-shortcuts", "true"); // else A inserts a cell in JupyterLab
  const button = (name, onclick) =>
    make("button", { type: "button", textContent: strings[name], onclick, "data-action": name });
  const reveal = button("reveal", () => link.send("reveal", { shown: !state.revealed }));
  const remove = button("remove", () => removePoint(selected));
  const clear = button("clear", () => { points = []; selected = -1; changed(); });
  const taken = make("strong"), distance = make("strong");
  const fill = make("span", { className: "gan-edit-bar-fill" });
  const bar = make("span", { className: "gan-edit-bar", "aria-hidden": "true" }, fill);
  const legend = make("div", { className: "gan-edit-legend" });
  const alert = make("p", { className: "gan-edit-alert", role: "alert" });
  const hint = make("p", { className: "gan-edit-hint" });
  const rows = make("tbody");
  const spoken = make("p", { className: "gan-edit-spoken", "aria-live": "polite" });
  const speaker = announcer(spoken);
  const heads = ["#", "x", "y", "D", "", strings.distance_short];
  const root = make(
    "div",
    { className: "gan-edit gan-generator-game", lang: language === "zh" ? "zh-Hans" : "en" },
    make("div", { className: "gan-edit-board" }, canvas, legend),
    make(
      "div", { className: "gan-edit-side" },
      make(
        "div", { className: "gan-edit-scores" },
        make("div", {}, make("span", { textContent: strings.taken }), taken, bar),
        make("div", {}, make("span", { textContent: strings.distance }), distance),
      ),
      alert, hint,
      make("div", { className: "gan-edit-buttons" }, reveal, remove, clear),
      make(
        "div", { className: "gan-edit-table" },
        make("table", { "aria-label": strings.points },
          make("thead", {}, make("tr", {}, ...heads.map(
            (title) => make("th", { scope: "col", textContent: title })))),
          rows),
      ),
      make("details", {}, make("summary", { textContent: strings.keys }),
        ...strings.help.split("\n").map((words) => make("p", { textContent: words }))),
      spoken,
    ),
  );
  el.append(root);

  // --- state: Python's, and what this view has changed since ---
  const link = editLink(model, receive, (late) => { showMessage(late ? strings.waiting : ""); });
  const plane = makePlane(canvas, root, bounds, paint);

  function receive(next, settled) {
    state = next;
    if (settled) {
      points = next.points.map((point) => [...point]);
      if (selected >= points.length) selected = -1;
    }
    // While a drag goes on, the last verdict is shown beside the point's present place.
    if (next.points.length === points.length) ({ beliefs, distances } = next);
    belief = bytes(model.get("pixels"));
    real = floats(model.get("points"));
    showMessage("");
    showState();
    if (settled && keyboard && selected >= 0) speaker.say(described(selected));
    else speaker.say(next.summary);
  }

  function changed(continues = false) {
    if (!continues) gesture += 1;
    beliefs = points.map((_, index) => beliefs[index] ?? null);
    distances = points.map((_, index) => distances[index] ?? null);
    link.send("points", { points }, { gesture: `points ${gesture}` });
    showState();
  }

  function place(point) {
    if (points.length >= most) {
      showMessage(strings.full);
      return false;
    }
    points.push(point);
    beliefs[points.length - 1] = null;
    fresh = { index: points.length - 1, time: Date.now() };
    changed();
    return true;
  }

  function removePoint(index) {
    if (index < 0) return;
    for (const list of [points, beliefs, distances]) list.splice(index, 1);
    selected = hovered = -1;
    changed();
  }

  function move(index, point) {
    points[index] = point;
    changed(true);
  }

  // --- mouse, pen and touch ---
  function hit([x, y], reach) {
    let best = -1, nearest = reach;
    points.forEach((point, index) => {
      const across = plane.x.place(point[0]) - plane.x.place(x);
      const gap = Math.hypot(across, plane.y.place(point[1]) - plane.y.place(y));
      if (gap <= nearest) [best, nearest] = [index, gap];
    });
    return best;
  }
  const reachOf = (event) => REACH[event.pointerType] ?? REACH.mouse;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || dragged) return;
    keyboard = false;
    const point = plane.at(event), found = hit(point, reachOf(event));
    if (found < 0 && !place(point)) return;
    selected = found < 0 ? points.length - 1 : found;
    gesture += 1;
    dragged = {
      pointer: event.pointerId,
      offset: [points[selected][0] - point[0], points[selected][1] - point[1]],
    };
    canvas.setPointerCapture(event.pointerId);
    showState();
  });
  canvas.addEventListener("pointermove", (event) => {
    const point = plane.at(event);
    if (dragged?.pointer === event.pointerId) {
      cursor = within([point[0] + dragged.offset[0], point[1] + dragged.offset[1]]);
      move(selected, cursor);
    } else {
      hovered = hit(point, reachOf(event));
      canvas.style.cursor = hovered < 0 ? "crosshair" : "grab";
      plane.ask();
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (dragged?.pointer === event.pointerId) dragged = null;
    });
  }
  canvas.addEventListener("pointerleave", () => { hovered = -1; plane.ask(); });
  canvas.addEventListener("dblclick", (event) => {
    const found = hit(plane.at(event), REACH.mouse);
    // The first click of the two may just have placed it.
    if (found !== fresh.index || Date.now() - fresh.time > 600) removePoint(found);
  });

  // --- keyboard ---
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
  const within = (point) => point.map(
    (value, axis) => Math.min(bounds[axis][1], Math.max(bounds[axis][0], value)));

  function select(index) {
    selected = index;
    if (index >= 0) cursor = [...points[index]];
    speaker.say(index < 0 ? whereCursorIs() : described(index));
    showState();
  }

  const keys = {
    Enter() {
      const found = hit(cursor, REACH.mouse);
      if (selected >= 0) select(-1);
      else if (found >= 0) select(found);
      else place([...cursor]);
    },
    Delete: () => removePoint(selected >= 0 ? selected : hit(cursor, REACH.mouse)),
    Escape: () => select(-1),
    n: () => points.length && select((selected + 1) % points.length),
    p: () => points.length && select((Math.max(selected, 0) + points.length - 1) % points.length),
  };
  Object.assign(keys, { " ": keys.Enter, Backspace: keys.Delete, "]": keys.n, "[": keys.p });

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key], key = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (!arrow && !key) return;
    event.preventDefault();
    event.stopPropagation();
    keyboard = true;
    if (key) {
      key();
    } else {
      const step = STEP * (event.shiftKey ? FURTHER : 1);
      cursor = within(cursor.map(
        (value, axis) => value + arrow[axis] * step * (bounds[axis][1] - bounds[axis][0])));
      if (selected >= 0) move(selected, [...cursor]);
      else speaker.say(whereCursorIs());
    }
    plane.ask();
  });
  canvas.addEventListener("focus", () => { keyboard = canvas.matches(":focus-visible"); plane.ask(); });
  canvas.addEventListener("blur", () => { keyboard = false; plane.ask(); });

  // --- words ---
  const number = (value, digits = 2) => (value == null ? "–" : shown(value, digits));
  const isReal = (index) => beliefs[index] > 0.5;
  const kind = (index) => (beliefs[index] == null ? "open" : isReal(index) ? "real" : "fake");
  const verdict = (index) => strings[`verdict_${kind(index)}`];

  function described(index) {
    const [x, y] = points[index].map((value) => number(value));
    return filled(strings.point, {
      index: index + 1, x, y, belief: number(beliefs[index]), verdict: verdict(index),
      distance: number(distances[index]),
    });
  }
  function whereCursorIs() {
    return filled(strings.cursor, { x: number(cursor[0]), y: number(cursor[1]) });
  }

  function showMessage(words) {
    const message = words || state.message || "";
    if (alert.textContent !== message) alert.textContent = message;
  }

  function showState() {
    const count = points.length, believed = points.filter((_, index) => isReal(index)).length;
    taken.textContent = filled(count ? strings.taken_value : "–", { taken: believed, count });
    fill.style.width = count ? `${(100 * believed) / count}%` : "0";
    const judged = distances.filter((value) => value != null);
    distance.textContent =
      judged.length ? number(judged.reduce((sum, value) => sum + value, 0) / judged.length) : "–";
    hint.textContent = state.hint;
    const missing = state.revealed ? 0 : enough - count;
    reveal.disabled = missing > 0;
    reveal.textContent = missing > 0 ? filled(strings.reveal_later, { count: missing })
      : state.revealed ? strings.hide : strings.reveal;
    reveal.setAttribute("aria-pressed", Boolean(state.revealed));
    remove.disabled = selected < 0;
    clear.disabled = !count;
    rows.replaceChildren(...points.map(([x, y], index) => make(
      "tr",
      { className: index === selected ? "gan-edit-selected" : "", onclick: () => select(index) },
      ...[index + 1, number(x), number(y), number(beliefs[index]),
        `${SIGNS[kind(index)]} ${verdict(index)}`, number(distances[index])].map(
        (words, column) => make("td", {
          textContent: words,
          className: column === 4 ? `gan-edit-${kind(index)}` : "",
        })),
    )));
    plane.ask();
  }

  // --- the picture ---
  function paint(context, plane) {
    const revealed = belief.length === resolution ** 2;
    if (revealed) paintBelief(context, plane, belief, resolution);
    paintGrid(context, plane);
    if (revealed) paintUndecided(context, plane, belief, resolution);
    paintReal(context, plane, real, line);
    points.forEach((_, index) => index !== selected && paintPoint(context, plane, index));
    if (selected >= 0) paintPoint(context, plane, selected);
    if (keyboard && selected < 0) paintCursor(context, plane, cursor);
    showLegend(legend, plane.theme, strings, revealed);
  }

  function paintPoint(context, plane, index) {
    const [x, y] = [plane.x.place(points[index][0]), plane.y.place(points[index][1])];
    const mark = index === selected ? 2.5 : index === hovered ? 1 : 0;
    if (mark) paintRing(context, x, y, plane.theme, mark);
    paintSign(context, x, y, plane.theme, kind(index));
    if (mark || points.length <= LABELLED) paintNumber(context, x, y, plane, number(beliefs[index]));
  }

  receive(model.get("state"), true);
  return () => {
    link.close();
    plane.close();
    speaker.close();
  };
}

export default { render: renderGame };
