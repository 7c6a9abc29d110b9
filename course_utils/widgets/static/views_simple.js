// Two small views: what D says of real and of generated samples, and what the judge sees.

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

// Bars, one for each class: the share of the images asked for in which the judge sees that class.
function accuracyView(config, say) {
  let frame = null;

  function update(meta, buffers) {
    frame = { titles: meta.titles, real: meta.real, shares: floats(buffers.shares) };
  }

  function draw(context, width, height, theme, pointer) {
    const { titles, real, shares } = frame;
    const realShare = `${formatPercent(real, 1)} %`;
    const entries = [
      {
        title: say("generated"),
        draw: (c, x, y, w) => drawBins(c, theme.generated, [], [[x + 2, y - 5, w - 4]], y + 6),
      },
      {
        title: say("real_digits", { share: realShare }),
        draw: lineSwatch(theme.real, [7, 4]),
      },
    ];
    const legendHeight = drawLegend(context, theme, entries, 8, width, 0, true);
    const x = makeAxis(-0.5, titles.length - 0.5, 58, width - 12);
    const y = makeAxis(0, 1.08, height - legendHeight - 50, 10);
    drawAxes(context, theme, x, y, {
      xTicks: titles.map((_, i) => i), xTitle: say("axis_class"), xFormat: (i) => titles[i],
      yTicks: [0, 0.2, 0.4, 0.6, 0.8, 1], yTitle: say("axis_recognised"),
    });
    const barWidth = 0.76 * (x.place(1) - x.place(0));
    shares.forEach((share, i) => {
      if (!Number.isFinite(share)) return;
      const left = x.place(i) - barWidth / 2;
      drawBins(context, theme.generated, [], [[left, y.place(share), barWidth]], y.from);
      if (barWidth < 24) return;
      context.fillStyle = theme.text;
      const place = Math.max(y.place(share) - 4, y.to + 14);
      label(context, formatPercent(share), x.place(i), place, "center", "bottom");
    });
    lineSwatch(theme.real, [7, 4])(context, x.from, y.place(real), x.to - x.from);
    context.setLineDash([]);
    drawLegend(context, theme, entries, 8, width, height - legendHeight);
    const i = pointer ? Math.round(x.value(pointer.x)) : -1;
    return i in shares && `${say("one_class", { title: titles[i] })}   ${formatPercent(shares[i])} %`;
  }

  return { update, draw, isEmpty: () => !frame?.shares.length };
}

// 0.9324 -> "93", or with digits "93.2".
function formatPercent(share, digits = 0) {
  return (100 * share).toFixed(digits);
}
