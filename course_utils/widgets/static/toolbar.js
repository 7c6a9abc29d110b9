// What acts on the run as a whole: the toolbar, and the slider that rewinds it.

const ICONS = {
  play: "M3 1.5v13l11-6.5z",
  pause: "M3 2h3.5v12H3zM9.5 2H13v12H9.5z",
  step: "M2 2v12l7.5-6zM11 2h3v12h-3z",
  reset: "M8 3V0L3.5 4 8 8V5a4 4 0 1 1-4 4H2a6 6 0 1 0 6-6z",
  save: "M7 1h2v7h3l-4 4.5L4 8h3zM2 13h12v2H2z",
  replay: "M7 12.5h2v-7h3L8 1 4 5.5h3zM2 13h12v2H2z",
  doctor: "M6 1.5h4V6h4.5v4H10v4.5H6V10H1.5V6H6z",
};

function icon(name) {
  const make = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const [image, path] = [make("svg"), make("path")];
  image.setAttribute("viewBox", "0 0 16 16");
  image.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  image.append(path);
  return image;
}

// {node, readout, received(state), progress(step, rate), toggle(), reset(stop)}; `command` is the
// link's, `complain(text)` shows an error.
function toolbar(config, say, command, complain) {
  const button = (action, image, key, onclick, strong = false) =>
    element(
      "button", { type: "button", "data-action": action, class: strong && "gan-strong", onclick },
      ...(image ? [icon(image)] : []), element("span", {}, say(key)),
    );
  const step = (players) => () => command("step", { players });
  const play = button("play", "play", "play", toggle, true);
  const speeds = element(
    "select", {
      "data-action": "speed",
      onchange: () => {
        const { value } = config.speeds[Number(speeds.value)];
        following.sent(value);
        command("speed", { value }, following.answered);
      },
    },
    ...config.speeds.map(({ title }, i) => element("option", { value: i }, title)),
  );
  const following = follow((value) => {
    // A limit that Python set and the list lacks is shown, but not offered.
    speeds.querySelector("option[hidden]")?.remove();
    const index = config.speeds.findIndex((speed) => speed.value === value);
    if (index < 0) {
      speeds.append(element("option", { hidden: true, value: -1 }, say("rate", { rate: value })));
    }
    speeds.value = index;
  });
  const file = element("input", {
    type: "file", accept: ".json,application/json", hidden: true,
    onchange: async () => {
      const [chosen] = file.files;
      file.value = ""; // so that the same file can be chosen again
      if (!chosen) return;
      try {
        command("replay", { text: await chosen.text() });
      } catch {
        complain(say("replay_unreadable"));
      }
    },
  });
  const [steps, rate, seed] = [0, 0, 0].map(() => element("span"));
  const status = element("span", { class: "gan-status" });
  const node = element(
    "div", { class: "gan-toolbar" },
    element(
      "div", { class: "gan-buttons" }, play,
      button("step-both", "step", "step_both", step("both")),
      button("step-discriminator", null, "step_discriminator", step("discriminator")),
      button("step-generator", null, "step_generator", step("generator")),
    ),
    element("label", { class: "gan-speed" }, say("speed"), speeds),
    element(
      "div", { class: "gan-buttons" },
      button("reset", "reset", "reset", () => command("reset", { seed: null })),
      button("reset-new", null, "reset_new", () => command("reset", { seed: "new" })),
    ),
    element(
      "div", { class: "gan-buttons" },
      button("save", "save", "save", () => command("save")),
      button("replay", "replay", "replay", () => file.click()), file,
    ),
  );
  const readout = element("div", { class: "gan-readout" }, status, steps, rate, seed);

  function toggle() {
    command(play.dataset.action);
  }

  return {
    node,
    readout,
    toggle,
    received(state) {
      const action = state.status === "playing" ? "pause" : "play";
      if (play.dataset.action !== action) {
        play.dataset.action = action;
        play.replaceChildren(icon(action), element("span", {}, say(action)));
      }
      const isReplaying = state.replaying && state.status === "playing";
      setText(status, say(isReplaying ? "status_replaying" : `status_${state.status}`));
      status.dataset.status = state.status;
      setText(seed, say("seed", { seed: state.seed }));
      following.received(state.speed);
    },
    progress(step, perSecond) {
      setText(steps, say("step", { step: formatCount(step) }));
      const text = perSecond < 10 ? formatNumber(perSecond, 2) : formatCount(perSecond);
      setText(rate, perSecond > 0 ? say("rate", { rate: text }) : "");
    },
    reset: following.reset,
  };
}

// The time axis of the run with its snapshots: {node, received(state), progress(step), reset()}.
// Moving the slider chooses the nearest snapshot; letting go (or an arrow key: one snapshot on)
// goes back to it.
function rewindSlider(say, command) {
  let snapshots = [];
  let now = 0; // where the run is
  let isMoving = false; // from the first movement to Python's answer
  let isAsked = false;
  const marks = element("div", { class: "gan-marks", "aria-hidden": "true" });
  const goal = element("output", {});
  const input = element("input", {
    type: "range", min: 0, max: 1, step: 1, "data-action": "rewind", "aria-label": say("rewind"),
    oninput: () => {
      isMoving = true;
      input.value = nearest(Number(input.value));
      announce(Number(input.value));
      setText(goal, say("rewind_to", { step: formatCount(Number(input.value)) }));
    },
    onchange: () => {
      isAsked = true;
      command("rewind", { step: Number(input.value) }, stop);
      setText(goal, "");
    },
    // Put back to where it was: there is no change event.
    onpointerup: () => requestAnimationFrame(() => isAsked || stop()),
    onkeydown: (event) => {
      const before = snapshots.filter((step) => step < Number(input.value));
      const after = snapshots.filter((step) => step > Number(input.value));
      const back = { ArrowLeft: before.at(-1), ArrowDown: before.at(-1), Home: snapshots[0] };
      const on = { ArrowRight: after[0], ArrowUp: after[0], End: snapshots.at(-1) };
      const keys = { ...back, ...on, PageDown: before.at(-5), PageUp: after[4] };
      if (!(event.key in keys)) return;
      event.preventDefault();
      if (keys[event.key] === undefined) return;
      input.value = keys[event.key];
      input.dispatchEvent(new Event("input"));
      input.dispatchEvent(new Event("change"));
    },
  });
  const node = element(
    "div", { class: "gan-rewind" },
    element("span", { "aria-hidden": "true" }, say("rewind")),
    element("div", { class: "gan-rewind-track" }, input, marks),
    goal,
  );

  function nearest(step) {
    const distance = (snapshot) => Math.abs(snapshot - step);
    return snapshots.reduce((best, each) => (distance(each) < distance(best) ? each : best));
  }

  function announce(step) {
    input.setAttribute("aria-valuetext", say("step", { step: formatCount(step) }));
  }

  function place() {
    if (isMoving) return;
    input.max = Math.max(now, 1);
    input.value = now;
    announce(now);
    input.disabled = !snapshots.length;
    const past = snapshots.filter((step) => step <= now);
    const places = past.map((step) => `${(100 * step) / Math.max(now, 1)}%`);
    while (marks.children.length > places.length) marks.lastChild.remove();
    while (marks.children.length < places.length) marks.append(element("i"));
    places.forEach((left, i) => (marks.children[i].style.left = left));
  }

  function stop() {
    isMoving = isAsked = false;
    setText(goal, "");
    place();
  }

  return {
    node,
    received(state) {
      snapshots = state.snapshots ?? [];
      place();
    },
    progress(step) {
      now = step;
      place();
    },
    reset: stop,
  };
}
