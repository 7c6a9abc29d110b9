// Two small views: what D says of real and of generated samples, and a grid of images.

const KINDS = [["real", []], ["generated", [4, 3]]]; // dashes keep them apart in black and white

function histogramsView(config, say) {
  let frame = null;
  let top = 0;

  function update(meta, buffers) {
    frame = { bins: meta.bins, real: floats(buffers.real), generated: floats(buffers.generated) };
    const most = Math.max(0.01, ...frame.real, ...frame.generated);
    if (most <= top && most > top / 3) return; // it stays, for calm
    const step = niceStep((most * 1.1) / 6);
    top = Math.ceil((most * 1.1) / step) * step;
  }

  function draw(context, width, height, theme, pointer) {
    const entries = KINDS.map(([kind, dash]) => ({
      title: say(kind),
      draw: (c, x, y, w) => drawBins(c, theme[kind], dash, [[x + 2, y - 5, w - 4]], y + 6),
    }));
    const legendHeight = drawLegend(context, theme, entries, 8, width, 0, true);
    const x = makeAxis(0, 1, 58, width - 12);
    const y = makeAxis(0, top, height - legendHeight - 50, 10);
    drawAxes(context, theme, x, y, {
      xTicks: [0, 0.5, 1], xTitle: say("axis_belief"),
      yTicks: y.ticks(5), yTitle: say("axis_share"),
    });
    const binWidth = (x.to - x.from) / frame.bins;
    for (const [kind, dash] of KINDS) {
      const bar = (share, k) => [x.from + k * binWidth, y.place(share), binWidth];
      drawBins(context, theme[kind], dash, Array.from(frame[kind], bar), y.from);
    }
    drawLegend(context, theme, entries, 8, width, height - legendHeight);
    return pointer && describe(Math.floor((pointer.x - x.from) / binWidth));
  }

  function describe(bin) {
    if (bin < 0 || bin >= frame.bins) return "";
    const [from, to] = [bin / frame.bins, (bin + 1) / frame.bins];
    const place = `${say("axis_belief")} ${formatNumber(from, 2)} … ${formatNumber(to, 2)}`;
    const share = ([kind]) => `${say(kind)} ${formatNumber(100 * frame[kind][bin], 2)} %`;
    return [place, ...KINDS.map(share)].join("   ");
  }

  return { update, draw, isEmpty: () => !frame };
}

// Bars [left, top, width] down to `bottom`: a light filling and one outline around them all.
function drawBins(context, colour, dash, bars, bottom) {
  const outline = new Path2D();
  outline.moveTo(bars[0][0], bottom);
  for (const [left, barTop, width] of bars) {
    outline.lineTo(left, barTop);
    outline.lineTo(left + width, barTop);
  }
  outline.lineTo(bars.at(-1)[0] + bars.at(-1)[2], bottom);
  context.save();
  context.fillStyle = colour;
  context.globalAlpha = 0.22;
  context.fill(outline);
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.setLineDash(dash);
  context.stroke(outline);
  context.restore();
}

function imagesView() {
  const source = document.createElement("canvas"); // the images, one pixel for each of theirs
  let frame = null;

  function update(meta, buffers) {
    const { rows, columns, height, width } = meta;
    frame = { rows, columns, height, width, titles: meta.row_titles ?? [] };
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
    for (let row = 0; row < frame.rows; row++) {
      const top = row * (cellHeight + gap);
      label(context, frame.titles[row] ?? "", left - 8, top + cellHeight / 2, "right");
      for (let column = 0; column < frame.columns; column++) {
        context.drawImage(
          source, column * frame.width, row * frame.height, frame.width, frame.height,
          Math.round((left + column * (cellWidth + gap)) * ratio) / ratio,
          Math.round(top * ratio) / ratio, cellWidth, cellHeight,
        );
      }
    }
    return "";
  }

  return { update, draw, isEmpty: () => !frame };
}
