// The link to Python: one view's messages out, the answers in, and whether anybody is there.

const TICK = 500; // ms between two looks at the clock
const BEAT = 2000; // ms between two signs of life
const LOST = 8000; // ms without an answer before the panel greys out
const LATE = 3000; // ms without an answer before a command is called late
const UNDRAWN = 1500; // ms after which a frame that cannot be drawn is acknowledged all the same

// `heard` is called with what happens: frame(message, buffers), answer(error), file(message),
// alive(isAlive), late(isLate). Messages of other views of the same model are left to them.
function openLink(model, heard) {
  const view = Math.random().toString(36).slice(2, 12) + Date.now().toString(36);
  const open = new Map(); // commands without an answer: id -> {sentAt, answered}
  let commands = 0;
  let isAlive = null; // null until the first answer
  let isLate = false;
  let isReady = false; // whether Python knows this view
  let lastBeat = -Infinity;
  let askedAt = null; // when the first beat went out that has no answer yet
  let saves = 0; // how many files this view waits for
  let seen = 0; // the latest frame that came
  let acknowledged = 0;
  let ackTimer = 0;

  function send(message) {
    try {
      model.send({ ...message, view });
    } catch {
      // No connection: the beats that stay without an answer will show it.
    }
  }

  function beat() {
    lastBeat = performance.now();
    askedAt ??= lastBeat;
    send(isReady ? { type: "beat", visible: !document.hidden } : { type: "hello" });
  }

  function setAlive(value) {
    if (value === isAlive) return;
    isAlive = value;
    if (!value) {
      isReady = false; // say hello again
      open.clear();
      saves = 0;
    }
    heard.alive(value);
  }

  function setLate() {
    const now = performance.now();
    const value = [...open.values()].some(({ sentAt }) => now - sentAt > LATE);
    if (value !== isLate) heard.late((isLate = value));
  }

  function tick() {
    const now = performance.now();
    if (now - lastBeat > BEAT - TICK / 2) beat();
    if (askedAt !== null && now - askedAt > LOST) setAlive(false);
    setLate();
  }

  function acknowledge() {
    clearTimeout(ackTimer);
    ackTimer = 0;
    if (seen > acknowledged) send({ type: "ack", number: (acknowledged = seen) });
  }

  function answer({ id, error }) {
    const command = open.get(id);
    if (!command) return;
    open.delete(id);
    if (command.action === "save" && error) saves -= 1;
    command.answered(error);
    heard.answer(error);
    setLate();
  }

  function receive(message, buffers) {
    askedAt = null;
    isReady = true;
    setAlive(true);
    if (message.type === "frame") {
      seen = message.number;
      ackTimer ||= setTimeout(acknowledge, UNDRAWN);
      heard.frame(message, buffers);
    } else if (message.type === "answer") {
      answer(message);
    } else if (message.type === "file" && saves > 0) {
      saves -= 1;
      heard.file(message);
    }
  }

  function close() {
    clearInterval(timer);
    clearTimeout(ackTimer);
    model.off("msg:custom", receive);
    document.removeEventListener("visibilitychange", beat);
    window.removeEventListener("pagehide", leave);
    leave();
  }

  const leave = () => send({ type: "bye" }); // so that Python need not wait for this view's frames
  model.on("msg:custom", receive);
  document.addEventListener("visibilitychange", beat);
  window.addEventListener("pagehide", leave);
  const timer = setInterval(tick, TICK);
  beat();

  return {
    close,
    // The latest frame is on the screen.
    drawn: acknowledge,
    // Sends a command; `answered(error)` is called with null or with what went wrong.
    command(action, fields = {}, answered = () => {}) {
      const id = `${view}-${++commands}`;
      open.set(id, { action, sentAt: performance.now(), answered });
      if (action === "save") saves += 1;
      send({ type: "command", id, action, ...fields });
    },
  };
}
