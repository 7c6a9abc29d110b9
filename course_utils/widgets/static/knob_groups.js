// All knobs, group by group; those that weigh classes are one row of small upright sliders.

const CLASS_WEIGHT = /^class_(\d+)$/;

// {node, controls: {knob's name: {received(value), reset(stop)}}}
function knobGroups(config, say, command) {
  const controls = {};
  const unique = `gan-${Math.random().toString(36).slice(2)}`; // two tabs may show the same knobs
  const groups = config.groups.map((group) => {
    const own = config.knobs.filter((knob) => knob.group === group.name);
    const weights = own.filter((knob) => CLASS_WEIGHT.test(knob.name));
    const send = (knobs, answered) => command("set", { knobs }, answered);
    const nodes = own.filter((knob) => !weights.includes(knob)).map((knob) => {
      const set = (value, answered) => send({ [knob.name]: value }, answered);
      controls[knob.name] = knobControl(knob, say, set, `${unique}-${knob.name}`);
      return controls[knob.name].node;
    });
    if (weights.length) {
      const row = classWeights(weights, say, send);
      Object.assign(controls, row.controls);
      nodes.splice(own.indexOf(weights[0]), 0, row.node);
    }
    return own.length && element(
      "details", { open: true, "data-group": group.name }, element("summary", {}, group.title),
      ...nodes,
    );
  }).filter(Boolean);
  const attributes = { class: "gan-knobs", role: "group", "aria-label": say("knobs") };
  return { node: element("div", attributes, ...groups), controls };
}

// The same for class weights; `send(knobs, answered)` sets several at once.
function classWeights(knobs, say, send) {
  const rows = knobs.map((knob) => classWeight(knob, (value, answered) =>
    send({ [knob.name]: value }, answered)));
  const back = element("button", {
    type: "button", class: "gan-default", "data-default": "class_weights",
    onclick: () => {
      rows.forEach(({ put }, i) => put(knobs[i].high));
      send(
        Object.fromEntries(knobs.map(({ name, high }) => [name, high])),
        (error) => rows.forEach(({ answered }) => answered(error)),
      );
    },
  }, say("class_weights_back"));
  const title = say("class_weights");
  const node = element(
    "div", { class: "gan-knob", role: "group", "aria-label": title },
    element(
      "div", { class: "gan-knob-head" },
      element("span", { class: "gan-knob-title" }, title), back,
    ),
    element("div", { class: "gan-weights" }, ...rows.map((row) => row.node)),
  );
  return { node, controls: Object.fromEntries(knobs.map(({ name }, i) => [name, rows[i]])) };
}

function classWeight(knob, send) {
  const number = element("output", { "aria-hidden": "true" });
  const input = element("input", {
    type: "range", "data-knob": knob.name, "aria-label": knob.title, title: knob.title,
    min: knob.low, max: knob.high, step: 0.05,
    oninput: () => {
      put(Number(input.value));
      send(Number(input.value), following.answered);
    },
  });

  function show(value) {
    if (!sameValue(Number(input.value), value)) input.value = value;
    setText(number, formatNumber(value, 2));
    input.setAttribute("aria-valuetext", formatNumber(value, 2));
  }

  function put(value) {
    show(value);
    following.sent(value);
  }

  const following = follow(show);
  show(knob.default);
  const name = element("span", { "aria-hidden": "true" }, knob.name.match(CLASS_WEIGHT)[1]);
  const node = element("label", { class: "gan-weight" }, number, input, name);
  const { received, answered, reset } = following;
  return { node, put, received, answered, reset };
}
