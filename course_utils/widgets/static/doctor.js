// The doctor: a button that asks Python to examine the run, and what was found.

// {node, report, received(examination), reset()}: `node` is the button, `report` the area of the
// words; `complain(text)` shows why there is no diagnosis, "" takes that away.
function doctorPart(say, command, complain) {
  let isBusy = false; // as Python says
  let isAsked = false; // from the press to Python's answer
  const button = element(
    "button",
    { type: "button", "data-action": "examine", title: say("doctor_hint"), onclick: ask },
    icon("doctor"), element("span", {}, say("doctor")),
  );
  const report = element("div", { class: "gan-doctor", role: "status" });

  // Not `disabled`: that would take the focus away from whoever has just pressed it.
  function lock() {
    button.setAttribute("aria-disabled", isBusy || isAsked);
  }

  function ask() {
    if (isBusy || isAsked) return;
    isAsked = true;
    lock();
    complain("");
    command("examine", {}, reset);
  }

  function reset() {
    isAsked = false;
    lock();
  }

  function found({ step, text }) {
    const dismiss = element("button", {
      type: "button", "data-action": "dismiss-doctor", "aria-label": say("doctor_dismiss"),
      onclick: () => {
        report.replaceChildren();
        button.focus();
      },
    }, "✕");
    const title = element("strong", {}, say("doctor_found", { step: formatCount(step) }));
    return element(
      "div", {}, element("div", { class: "gan-doctor-head" }, title, dismiss),
      element("p", { class: "gan-doctor-words" }, text),
    );
  }

  return {
    node: element("div", { class: "gan-buttons" }, button),
    report,
    received(examination) {
      isBusy = examination.busy ?? false;
      lock();
      const words = isBusy ? [element("div", {}, say("doctor_busy"))]
        : examination.text ? [found(examination)] : [];
      report.replaceChildren(...words);
      complain(examination.error ?? "");
    },
    reset,
  };
}
