// The knobs' controls. Every string comes from config.strings; strings.json lists the keys.

// A helper for elements: attributes, listeners (onclick, ...), children.
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// say(key, values): the learner's words; a key that is missing shows itself.
function speaker(strings) {
  return (key, values = {}) =>
    (strings[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

const WIDE = 1000; // whole numbers over a wider range go by powers of ten

// A knob's slider: {low, high, step} of its positions, and the way to values and back. Linear knobs
// go by their values in round steps, logarithmic ones by exponents of ten, cubic ones by cube roots,
// wide ranges of whole numbers by log10(1 + distance from the low end).
function sliderScale({ scale, low, high }) {
  const clamp = (value) => Math.min(Math.max(value, low), high);
  if (scale === "log") {
    return {
      low: Math.log10(low), high: Math.log10(high), step: 0.01,
      toValue: (position) => clamp(Number((10 ** position).toPrecision(3))),
      toPosition: (value) => Math.log10(value),
    };
  }
  if (scale === "cubic") {
    return {
      low: Math.cbrt(low), high: Math.ceil(Math.cbrt(high) * 50) / 50, step: 0.02,
      toValue: (position) => clamp(Number((position ** 3).toPrecision(2))),
      toPosition: (value) => Math.cbrt(value),
    };
  }
  if (scale === "integer" && high - low > WIDE) {
    return {
      low: 0, high: Math.ceil(Math.log10(1 + high - low) * 20) / 20, step: 0.05,
      toValue: (position) => clamp(Math.round(low + Number((10 ** position - 1).toPrecision(2)))),
      toPosition: (value) => Math.log10(1 + value - low),
    };
  }
  const step = scale === "integer" ? 1 : niceStep((high - low) / 200);
  return {
    low, high: low + Math.ceil((high - low) / step - 1e-9) * step, step,
    toValue: (position) => clamp(Number(position.toPrecision(12))),
    toPosition: (value) => value,
  };
}

// Whether two values are the same to Python, which keeps knobs as float32.
function sameValue(a, b) {
  return a === b || (typeof a === "number" && Math.fround(a) === Math.fround(b));
}

const SETTLED = 300; // ms after the last answer: then what Python says counts, whatever was sent

// Decides which values from Python a control shows, so that the echo of its own earlier values does
// not pull a slider back under the hand, and changes from elsewhere are followed.
function follow(show) {
  let latest; // what Python said last
  let own = []; // while commands are under way: the value before, and all that were sent
  let unanswered = 0;
  let timer = 0;
  const settle = () => {
    own = [];
    if (latest !== undefined) show(latest);
  };
  return {
    received(value) {
      latest = value;
      if (!own.some((sent) => sameValue(sent, value))) show(value);
    },
    sent(value) {
      if (!own.length) own.push(latest);
      own.push(value);
      unanswered += 1;
      clearTimeout(timer);
    },
    answered(error) {
      unanswered -= 1;
      if (unanswered <= 0) {
        clearTimeout(timer);
        timer = setTimeout(settle, error ? 0 : SETTLED);
      }
    },
    // Nothing that was sent counts any more: the link was lost, or the panel goes.
    reset(stop = false) {
      unanswered = 0;
      clearTimeout(timer);
      if (!stop) settle();
    },
  };
}

// One knob: {node, received(value), reset(stop)}. `send(value, answered)` sets it.
function knobControl(knob, say, send, unique) {
  const isChoice = knob.scale === "choice";
  const titles = knob.choice_titles ?? knob.choices;
  const words = (value) =>
    isChoice ? titles[knob.choices.indexOf(value)] ?? value : formatNumber(value, 7);
  const names = { "aria-labelledby": `${unique}-title`, "aria-describedby": `${unique}-words` };
  const problem = element("p", { class: "gan-problem", role: "status" });
  const scale = isChoice ? null : sliderScale(knob);
  let current = knob.default;

  const set = (value) => {
    show(value);
    following.sent(value);
    send(value, following.answered);
  };
  const input = isChoice
    ? element(
        "select", { "data-knob": knob.name, ...names, onchange: () => set(input.value) },
        ...knob.choices.map((choice, i) => element("option", { value: choice }, titles[i])),
      )
    : element("input", {
        type: "range", "data-knob": knob.name, ...names,
        min: scale.low, max: scale.high, step: scale.step,
        oninput: () => set(scale.toValue(Number(input.value))),
      });
  const field = isChoice ? null : numberField(knob, say, set, problem, () => current);
  const back = element("button", {
    type: "button", class: "gan-default", "data-default": knob.name,
    "aria-label": say("reset_to_default", { title: knob.title, value: words(knob.default) }),
    onclick: () => set(knob.default),
  }, say("default", { value: words(knob.default) }));

  function show(value) {
    current = value;
    if (isChoice) {
      input.value = value;
    } else {
      // A slider stays where it is if that already means this value: positions are rounded.
      const isThere = sameValue(scale.toValue(Number(input.value)), value);
      if (!isThere) input.value = scale.toPosition(value);
      input.setAttribute("aria-valuetext", words(value));
      field.show(words(value));
    }
    back.classList.toggle("gan-is-default", sameValue(value, knob.default));
  }

  const following = follow(show);
  show(knob.default);
  const node = element(
    "div", { class: "gan-knob" },
    element(
      "div", { class: "gan-knob-head" },
      element("span", { class: "gan-knob-title", id: `${unique}-title` }, knob.title),
      isChoice ? input : field.node,
    ),
    ...(isChoice ? [] : [input]),
    problem,
    element(
      "div", { class: "gan-knob-foot" },
      element("p", { id: `${unique}-words` }, knob.explanation), back,
    ),
  );
  return { node, received: following.received, reset: following.reset };
}

// The number beside a slider, which can be typed over: Enter or leaving it sets, Escape takes back.
function numberField(knob, say, set, problem, current) {
  let shown = "";
  const node = element("input", {
    type: "text", inputmode: "decimal", class: "gan-number", "data-number": knob.name,
    "aria-label": say("knob_value", { title: knob.title }), autocomplete: "off",
    onchange: commit, onblur: commit,
    onkeydown: (event) => {
      if (event.key === "Escape") restore();
    },
  });

  function restore() {
    node.value = shown;
    node.removeAttribute("aria-invalid");
    setText(problem, "");
  }

  function commit() {
    if (node.value === shown) return restore();
    const value = Number(node.value.trim().replace("−", "-").replace(",", ".") || NaN);
    const isWhole = knob.scale !== "integer" || Number.isInteger(value);
    if (!(value >= knob.low && value <= knob.high && isWhole)) {
      const key = knob.scale === "integer" ? "out_of_range_whole" : "out_of_range";
      const [low, high] = [knob.low, knob.high].map((bound) => formatNumber(bound, 7));
      node.setAttribute("aria-invalid", "true");
      setText(problem, say(key, { title: knob.title, low, high }));
      return undefined;
    }
    if (sameValue(value, current())) return restore();
    return set(value);
  }

  return {
    node,
    show(text) {
      const isRefused = node.hasAttribute("aria-invalid") && text === shown;
      const isEdited = node.value !== shown && document.activeElement === node;
      shown = text;
      if (!isEdited && !isRefused) restore();
    },
  };
}
