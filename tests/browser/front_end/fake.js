// What stands in for Jupyter in the front end's tests: a model, and a count of what is left behind.

// Counts what is started and not ended. Call it before the panel is rendered.
window.watchLeaks = () => {
  const open = { timers: new Set(), frames: new Set(), listeners: [], observers: new Set() };
  const isOurs = () => new Error().stack.includes("blob:"); // not the test's own machinery
  const wrap = (object, name, around) => {
    const original = object[name];
    object[name] = function (...all) { return around.call(this, original.bind(this), ...all); };
  };
  const starts = [["setTimeout", "timers"], ["setInterval", "timers"], ["requestAnimationFrame", "frames"]];
  for (const [name, kind] of starts) {
    wrap(window, name, (original, callback, ...rest) => {
      const id = original((...all) => {
        if (name !== "setInterval") open[kind].delete(id);
        return callback(...all);
      }, ...rest);
      if (isOurs()) open[kind].add(id);
      return id;
    });
  }
  for (const [name, kind] of [["clearTimeout", "timers"], ["clearInterval", "timers"], ["cancelAnimationFrame", "frames"]]) {
    wrap(window, name, (original, id) => { open[kind].delete(id); original(id); });
  }
  const isShared = (target) => target === window || target === document || target instanceof MediaQueryList;
  wrap(EventTarget.prototype, "addEventListener", function (original, ...all) {
    if (isShared(this) && isOurs()) open.listeners.push([this, all[0], all[1]]);
    original(...all);
  });
  wrap(EventTarget.prototype, "removeEventListener", function (original, ...all) {
    const same = ([target, name, listener]) => target === this && name === all[0] && listener === all[1];
    const at = open.listeners.findIndex(same);
    if (at >= 0) open.listeners.splice(at, 1);
    original(...all);
  });
  for (const kind of ["ResizeObserver", "MutationObserver"]) {
    wrap(window[kind].prototype, "observe", function (original, ...all) {
      if (isOurs()) open.observers.add(this);
      original(...all);
    });
    wrap(window[kind].prototype, "disconnect", function (original) {
      open.observers.delete(this);
      original();
    });
  }
  window.left = () => ({
    timers: open.timers.size, frames: open.frames.size,
    listeners: open.listeners.map(([, name]) => name), observers: open.observers.size,
  });
};

// A model as anywidget gives it to a view. Python answers beats while `alive`, and commands too while
// `answering`; what the views send is kept in `sent`.
window.makeModel = (config, state) => {
  const traits = { config, state };
  const listeners = {};
  const call = (name, ...all) => (listeners[name] ?? []).slice().forEach((listener) => listener(...all));
  const model = {
    sent: [], alive: true, answering: true, listeners,
    get: (name) => traits[name],
    set(name, value) { traits[name] = value; call(`change:${name}`); },
    on(name, listener) { (listeners[name] ??= []).push(listener); },
    off(name, listener) { listeners[name] = listeners[name].filter((each) => each !== listener); },
    emit(message, buffers = []) { call("msg:custom", message, buffers); },
    send(message) {
      model.sent.push(structuredClone(message));
      if (!model.alive) return;
      if (["hello", "beat"].includes(message.type)) model.emit({ type: "alive" });
      if (message.type === "command" && model.answering) {
        model.emit({ type: "answer", id: message.id, error: null });
      }
    },
  };
  return model;
};

// Typed arrays as they come over the wire: views into one buffer, at odd offsets.
window.pack = (arrays) => {
  const all = new Uint8Array(arrays.reduce((sum, array) => sum + array.byteLength + 3, 1));
  let at = 1;
  return arrays.map((array) => {
    all.set(new Uint8Array(array.buffer), at);
    const view = new DataView(all.buffer, at, array.byteLength);
    at += array.byteLength + 3;
    return view;
  });
};

// A view's picture: {data, width, height, ratio}, read from a copy so that it stays as it is.
window.pictureOf = (kind) => {
  const canvas = document.querySelector(`canvas[data-view="${kind}"]`);
  const { width, height } = canvas;
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return { data, width, height, ratio: width / canvas.clientWidth };
};

// The colour [red, green, blue] of a view's picture at a place given in CSS pixels.
window.colourAt = (kind, x, y) => {
  const { data, width, ratio } = pictureOf(kind);
  const at = 4 * (Math.round(y * ratio) * width + Math.round(x * ratio));
  return [...data.slice(at, at + 3)];
};
