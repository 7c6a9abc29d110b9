// A grid of images and, where there are classes, the choice of those that it shows.

// Buttons for all classes or for one, and a list for a second class into which the first one blends.
// {node, received(classes), toggle(number), reset(stop)}; `send(classes, answered)` asks for [] (all
// of them), [a] or [a, b].
function classChoice(titles, say, send) {
  let requested = [];
  const ask = (classes) => {
    show(classes.join());
    following.sent(classes.join());
    send(classes, following.answered);
  };
  const toggle = (number) => ask(requested.length ? [] : [number]);
  const press = (number) =>
    ask(requested[0] === number ? [] : [number, ...requested.slice(1)]);
  const all = element(
    "button", { type: "button", "data-class": "all", onclick: () => ask([]) }, say("all_classes"),
  );
  const one = titles.map((title, number) =>
    element("button", {
      type: "button", "data-class": number, "aria-label": say("one_class", { title }),
      onclick: () => press(number),
    }, title));
  const second = element(
    "select", {
      onchange: () => ask([requested[0], ...(second.value ? [Number(second.value)] : [])]),
    },
    element("option", { value: "" }, "–"),
    ...titles.map((title, number) => element("option", { value: number }, title)),
  );
  const node = element(
    "fieldset", { class: "gan-classes", "aria-label": say("class_choice") },
    element("div", { class: "gan-buttons" }, all, ...one),
    element("label", {}, say("blend_into"), second),
  );

  function show(value) {
    requested = value ? value.split(",").map(Number) : [];
    all.setAttribute("aria-pressed", !requested.length);
    one.forEach((button, number) =>
      button.setAttribute("aria-pressed", requested[0] === number));
    second.value = requested[1] ?? "";
    second.disabled = !requested.length;
  }

  const following = follow(show);
  show("");
  return {
    node, toggle, reset: following.reset, received: (classes) => following.received(classes.join()),
  };
}

function imagesView(config, say, { classes = [] }, send) {
  const choice = classes.length ? classChoice(classes, say, send) : null;
  const source = document.createElement("canvas"); // the images, one pixel for each of theirs
  let frame = null;

  function update(meta, buffers) {
    const { rows, columns, height, width } = meta;
    frame = {
      rows, columns, height, width, titles: meta.row_titles ?? [],
      words: (meta.words ?? "") + (meta.hint ?? ""),
    };
    choice?.received(meta.requested ?? []);
    const grey = bytes(buffers.pixels);
    source.width = columns * width;
    source.height = rows * height;
    const context = source.getContext("2d");
    const image = context.createImageData(source.width, source.height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < grey.length; i++) pixels[i] = 0xff000000 | (grey[i] * 0x010101);
    context.putImageData(image, 0, 0);
  }

  function draw(context, width, height, theme, pointer, state, ratio) {
    setFont(context, theme);
    const widths = frame.titles.map((title) => context.measureText(title).width);
    const left = widths.length ? Math.max(...widths) + 10 : 0;
    const gap = 2;
    const room = Math.min(
      (width - left - gap * frame.columns) / (frame.columns * frame.width),
      (height - gap * frame.rows) / (frame.rows * frame.height),
    );
    // Whole screen pixels for each image pixel, if there is room for at least two.
    const isCrisp = room * ratio >= 2;
    const scale = isCrisp ? Math.floor(room * ratio) / ratio : room;
    const [cellWidth, cellHeight] = [frame.width * scale, frame.height * scale];
    context.imageSmoothingEnabled = !isCrisp;
    context.fillStyle = theme.text;
    frame.rowHeight = cellHeight + gap;
    for (let row = 0; row < frame.rows; row++) {
      const top = row * frame.rowHeight;
      label(context, frame.titles[row] ?? "", left - 8, top + cellHeight / 2, "right");
      for (let column = 0; column < frame.columns; column++) {
        context.drawImage(
          source, column * frame.width, row * frame.height, frame.width, frame.height,
          Math.round((left + column * (cellWidth + gap)) * ratio) / ratio,
          Math.round(top * ratio) / ratio, cellWidth, cellHeight,
        );
      }
    }
    return frame.words;
  }

  // A click on a row asks for its class, and for all classes where one is shown already.
  function click({ y }) {
    const row = Math.floor(y / frame.rowHeight);
    if (choice && row < frame.rows) choice.toggle(row % classes.length);
  }

  return { update, draw, click, choice, isEmpty: () => !frame };
}
