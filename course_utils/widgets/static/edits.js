// What the two games share: numbered edits to Python, and small helpers.

// --- edits: one is under way at a time; a later one of the same gesture replaces one that waits ---

const LATE_AFTER = 3000; // ms without an answer before the learner is told

// The way of edits to Python and of the state back. onState(state, settled) is called at every state;
// settled says that no edit of this view is open. onLate(late) is called when Python takes long, and
// when it has answered after all.
function editLink(model, onState, onLate) {
  const view = Math.random().toString(36).slice(2, 12);
  const waiting = [];
  let number = 0, open = 0, timer = 0;

  function pump() {
    if (open || !waiting.length) return;
    const { action, content, buffers } = waiting.shift();
    open = ++number;
    timer = setTimeout(() => onLate(true), LATE_AFTER);
    model.send({ type: "edit", view, number, action, ...content }, undefined, buffers);
  }

  function receive() {
    const state = model.get("state");
    if (state.view === view && state.number >= open && open) {
      open = 0;
      clearTimeout(timer);
      onLate(false);
      pump();
    }
    onState(state, !open && !waiting.length);
  }

  model.on("change:state", receive);
  model.send({ type: "hello" });
  return {
    send(action, content, { buffers = [], gesture = null } = {}) {
      const last = waiting[waiting.length - 1];
      const edit = { action, content, buffers, gesture };
      if (gesture !== null && last && last.gesture === gesture) waiting[waiting.length - 1] = edit;
      else waiting.push(edit);
      pump();
    },
    close() {
      clearTimeout(timer);
      model.off("change:state", receive);
    },
  };
}

// --- small helpers ---

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

// A number for reading, with a true minus sign and no "−0.00".
function shown(value, digits = 2) {
  const words = value.toFixed(digits);
  return Number(words) === 0 ? words.replace("-", "") : words.replace("-", "−");
}

// Says a sentence to screen readers once things are quiet, so that a drag is not read aloud.
function announcer(node, quiet = 500) {
  let timer = 0;
  return {
    say(sentence) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (node.textContent !== sentence) node.textContent = sentence;
      }, quiet);
    },
    close: () => clearTimeout(timer),
  };
}
