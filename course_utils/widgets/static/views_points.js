// Points in the plane: D's belief as a heat map, the line where it is undecided, real samples as
// dots, generated ones as crosses, and arrows where G's own update would push them.

const MOST_LEVEL = 255; // a belief comes as 0 ... 255

function pointsView(config, say) {
  const heat = document.createElement("canvas"); // one pixel for each place that D was asked about
  let frame = null; // the latest frame, decoded
  let painted = null; // what the heat map shows: {surface, theme}

  function update(meta, buffers) {
    frame = {
      resolution: meta.resolution,
      bounds: meta.bounds,
      outside: meta.outside ?? 0,
      real: buffers.real && floats(buffers.real),
      generated: buffers.generated && floats(buffers.generated),
      surface: buffers.surface && bytes(buffers.surface),
      arrows: buffers.arrows && floats(buffers.arrows),
    };
    const { surface, resolution } = frame;
    frame.line = surface ? contour(surface, resolution, MOST_LEVEL / 2) : [];
  }

  function paintHeat(theme) {
    const { surface, resolution } = frame;
    if (painted?.surface === surface && painted.theme === theme) return;
    painted = { surface, theme };
    heat.width = heat.height = resolution;
    const context = heat.getContext("2d");
    const image = context.createImageData(resolution, resolution);
    const table = new Uint32Array(beliefTable(theme).buffer);
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = 0; row < resolution; row++) {
      const [from, to] = [row * resolution, (resolution - 1 - row) * resolution]; // row 0 is lowest
      for (let i = 0; i < resolution; i++) pixels[to + i] = table[surface[from + i]];
    }
    context.putImageData(image, 0, 0);
  }

  function legendEntries(theme) {
    const outside = frame.outside && say("outside", { count: formatCount(frame.outside) });
    const entries = [];
    const add = (title, drawSwatch, width) => entries.push({ title, draw: drawSwatch, width });
    const middle = (x, y, width) => [x + width / 2, y];
    if (frame.real) add(say("real"), (c, ...at) => drawDots(c, theme, middle(...at), 5));
    if (frame.generated) {
      const title = say("generated") + (outside || "");
      add(title, (c, ...at) => drawCrosses(c, theme, middle(...at), 5));
    }
    if (frame.surface) add(say("undecided"), lineSwatch(theme.text, []));
    if (frame.arrows?.length) {
      add(say("push"), (c, x, y, w) => drawArrows(c, theme, [[x + 2, y, x + w - 2, y]]));
    }
    if (frame.surface) add(say("belief"), (c, x, y, w) => drawBeliefBar(c, theme, x, y, w), 72);
    return entries;
  }

  function draw(context, width, height, theme, pointer) {
    const entries = legendEntries(theme);
    const legendHeight = drawLegend(context, theme, entries, 8, width - 4, 0, true);
    const [[x0, x1], [y0, y1]] = frame.bounds;
    const side = Math.floor(Math.min(width - 48, height - legendHeight - 44)); // of the plot
    if (side < 20) return "";
    const left = 40 + Math.round((width - 48 - side) / 2);
    const x = makeAxis(x0, x1, left, left + side);
    const y = makeAxis(y0, y1, 10 + side, 10);
    drawAxes(context, theme, x, y, { xTicks: x.ticks(5), yTicks: y.ticks(5) });
    context.save();
    context.beginPath();
    context.rect(x.from, y.to, side, side);
    context.clip();
    if (frame.surface) {
      paintHeat(theme);
      const cells = frame.resolution - 1; // the outermost places lie on the plot's border
      context.imageSmoothingEnabled = true;
      context.drawImage(heat, 0.5, 0.5, cells, cells, x.from, y.to, side, side);
      drawContour(context, theme, frame.line, x.from, y.from, side / cells);
    }
    if (frame.real) drawDots(context, theme, placed(frame.real, x, y), 3.2);
    if (frame.generated) drawCrosses(context, theme, placed(frame.generated, x, y), 3.6);
    if (frame.arrows) {
      const arrows = [];
      for (let i = 0; i + 3 < frame.arrows.length; i += 4) {
        const [px, py, dx, dy] = frame.arrows.subarray(i, i + 4);
        arrows.push([x.place(px), y.place(py), x.place(px + dx), y.place(py + dy)]);
      }
      drawArrows(context, theme, arrows);
    }
    context.restore();
    context.strokeStyle = theme.neutral;
    context.lineWidth = 1;
    context.strokeRect(x.from + 0.5, y.to + 0.5, side - 1, side - 1);
    drawLegend(context, theme, entries, 8, width - 4, y.from + 30);
    return pointer && describe(pointer, x, y);
  }

  function describe(pointer, x, y) {
    const [px, py] = [x.value(pointer.x), y.value(pointer.y)];
    const [u, v] = [(pointer.x - x.from) / (x.to - x.from), (pointer.y - y.from) / (y.to - y.from)];
    if (u < 0 || u > 1 || v < 0 || v > 1) return "";
    const place = `x ${formatNumber(px, 2)}   y ${formatNumber(py, 2)}`;
    if (!frame.surface) return place;
    const last = frame.resolution - 1;
    const level = frame.surface[Math.round(v * last) * frame.resolution + Math.round(u * last)];
    return `${place}   D ${(level / MOST_LEVEL).toFixed(2)}`;
  }

  return { update, draw, isEmpty: () => !frame };
}

// [x, y, ...] in the plane -> [x, y, ...] in pixels
function placed(points, x, y) {
  return points.map((value, i) => (i % 2 ? y : x).place(value));
}

function drawDots(context, theme, places, radius) {
  context.fillStyle = theme.real;
  context.strokeStyle = theme.background;
  context.lineWidth = 0.7;
  for (let i = 0; i + 1 < places.length; i += 2) {
    context.beginPath();
    context.arc(places[i], places[i + 1], radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

function drawCrosses(context, theme, places, size) {
  context.beginPath();
  for (let i = 0; i + 1 < places.length; i += 2) {
    const [x, y] = [places[i], places[i + 1]];
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x - size, y + size);
    context.lineTo(x + size, y - size);
  }
  context.lineCap = "butt";
  for (const [colour, lineWidth] of [[theme.background, 3.2], [theme.generated, 1.8]]) {
    context.strokeStyle = colour;
    context.lineWidth = lineWidth;
    context.stroke();
  }
}

// Arrows [x0, y0, x1, y1] in pixels; those too short to show a direction are left out.
function drawArrows(context, theme, arrows) {
  context.beginPath();
  for (const [x0, y0, x1, y1] of arrows) {
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (!(length > 4)) continue;
    const head = Math.min(5, 0.45 * length) / length;
    const [dx, dy] = [(x1 - x0) * head, (y1 - y0) * head];
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.lineTo(x1 - dx - dy * 0.6, y1 - dy + dx * 0.6);
    context.moveTo(x1, y1);
    context.lineTo(x1 - dx + dy * 0.6, y1 - dy - dx * 0.6);
  }
  context.strokeStyle = theme.text;
  context.lineWidth = 1.2;
  context.stroke();
}

function drawContour(context, theme, line, left, bottom, cell) {
  context.beginPath();
  for (let i = 0; i + 3 < line.length; i += 4) {
    context.moveTo(left + line[i] * cell, bottom - line[i + 1] * cell);
    context.lineTo(left + line[i + 2] * cell, bottom - line[i + 3] * cell);
  }
  context.strokeStyle = theme.text;
  context.lineWidth = 2;
  context.lineCap = "round";
  context.stroke();
}

// The colours of the heat map from 0 to 1, as a legend's swatch.
function drawBeliefBar(context, theme, x, y, width) {
  const [from, to] = [x + 13, x + width - 13];
  const gradient = context.createLinearGradient(from, 0, to, 0);
  theme.belief.forEach((colour, i) => gradient.addColorStop(i / (theme.belief.length - 1), colour));
  context.fillStyle = theme.text;
  label(context, "0", from - 4, y, "right");
  label(context, "1", to + 4, y);
  context.fillStyle = gradient;
  context.fillRect(from, y - 6, to - from, 12);
  context.strokeStyle = theme.neutral;
  context.lineWidth = 1;
  context.strokeRect(from + 0.5, y - 5.5, to - from - 1, 11);
}
