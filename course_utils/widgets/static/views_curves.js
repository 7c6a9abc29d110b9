// Curves over training steps: small plots one above the other that share the time axis. Changes of
// knobs are vertical lines through all of them, named above.

const EVENT_ROWS = 2;
const EVENT_HEIGHT = 18; // of a row, in pixels
const EVENT_DASH = [2, 2];
const REFERENCE_DASH = [3, 3];

function curvesView(config, say) {
  let frame = null;
  let ranges = []; // each plot's range is kept while it fits, so that the picture stays calm

  function update(meta, buffers) {
    const steps = floats(buffers.x);
    const values = floats(buffers.y);
    if (frame && meta.last_step < frame.lastStep) ranges = [];
    let row = 0;
    const groups = meta.groups.map((group) => ({
      ...group,
      series: group.series.map((series) => {
        const own = values.subarray(row * steps.length, (row + 1) * steps.length);
        row += 1;
        return { ...series, values: own };
      }),
    }));
    frame = { steps, groups, lastStep: Math.max(meta.last_step, 1) };
    ranges = groups.map((group, i) => curveRange(group, ranges[i]));
  }

  function draw(context, width, height, theme, pointer, state) {
    const { groups, steps, lastStep } = frame;
    const x = makeAxis(0, lastStep, 52, width - 12);
    const changes = (state.changes ?? []).filter(([step]) => step <= lastStep);
    const strip = changes.length ? EVENT_ROWS * EVENT_HEIGHT + 4 : 0;
    const heads = groups.map((group) => plotHead(context, theme, group, x));
    const bottom = 44;
    const free = height - strip - bottom - heads.reduce((sum, head) => sum + head.height, 0);
    const plotHeight = (free - 10 * (groups.length - 1)) / groups.length;
    if (plotHeight < 16) return "";
    drawEventNames(context, theme, changes, x, strip);
    const hovered = pointer ? nearestStep(steps, x.value(pointer.x)) : -1;
    let top = strip;
    groups.forEach((group, i) => {
      const isLast = i === groups.length - 1;
      heads[i].draw(top);
      top += heads[i].height;
      const range = ranges[i];
      const y = makeAxis(range.low, range.high, top + plotHeight, top, group.scale === "log");
      drawAxes(context, theme, x, y, {
        xTicks: x.ticks(width > 420 ? 5 : 4), yTicks: y.ticks(plotHeight > 90 ? 4 : 3),
        xLabels: isLast, xTitle: isLast ? say("axis_step") : "", xFormat: formatCount,
      });
      drawPlot(context, theme, group, steps, x, y, changes);
      if (hovered >= 0) verticalLine(context, theme.text, x.place(steps[hovered]), y.from, y.to);
      top += plotHeight + 10;
    });
    return hovered >= 0 ? describe(hovered, changes) : "";
  }

  function describe(index, changes) {
    const step = frame.steps[index];
    const texts = [say("step", { step: formatCount(step) })];
    for (const { title, values } of frame.groups.flatMap((group) => group.series)) {
      if (Number.isFinite(values[index])) texts.push(`${title} ${formatNumber(values[index])}`);
    }
    const reach = frame.lastStep / 60;
    const near = changes.filter(([at]) => Math.abs(at - step) <= reach).pop();
    if (near) texts.push(say("changed", { title: near[1], value: near[2] }));
    return texts.join("   ");
  }

  return { update, draw, isEmpty: () => !frame };
}

// The range of a plot: what was there before if the values still fit and fill a third of it.
function curveRange(group, before) {
  const isLog = group.scale === "log";
  let [low, high] = [Infinity, -Infinity];
  const include = (value) => {
    if (!Number.isFinite(value) || (isLog && value <= 0)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const series of group.series) series.values.forEach(include);
  if (Number.isFinite(group.reference)) include(group.reference);
  if (group.range) return { low: group.range[0], high: group.range[1] };
  if (low > high) [low, high] = isLog ? [0.1, 1] : [0, 1];
  const map = isLog ? Math.log10 : (value) => value;
  if (before && before.low <= low && high <= before.high) {
    if (map(high) - map(low) > (map(before.high) - map(before.low)) / 3) return before;
  }
  if (isLog) {
    const half = (exponent) => exponent / 2; // to half decades
    const [from, to] = [Math.floor(2 * map(low) - 0.2), Math.ceil(2 * map(high) + 0.2)].map(half);
    return { low: 10 ** from, high: 10 ** to };
  }
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  const step = niceStep((high - low + 2 * room) / 8);
  const floor = low >= 0 && low - room < 0 ? 0 : Math.floor((low - room) / step) * step;
  return { low: floor, high: Math.ceil((high + room) / step) * step };
}

// A plot's title and legend: its height, and how to draw it.
function plotHead(context, theme, group, x) {
  const entries = group.series.map((series, i) => ({
    title: series.title,
    draw: lineSwatch(seriesColour(theme, series.colour), DASHES[i % DASHES.length]),
  }));
  if (Number.isFinite(group.reference)) {
    const title = group.reference_title ?? formatNumber(group.reference);
    entries.push({ title, draw: lineSwatch(theme.muted, REFERENCE_DASH, 1.5) });
  }
  setFont(context, theme, FONT_SIZE, "bold");
  const beside = 4 + context.measureText(group.title).width + 14;
  const rowHeight = drawLegend(context, theme, [], 0, 0, 0, true);
  const isOneRow = drawLegend(context, theme, entries, beside, x.to, 0, true) === rowHeight;
  const [left, below] = isOneRow ? [beside, 0] : [4, rowHeight];
  return {
    height: below + drawLegend(context, theme, entries, left, x.to, 0, true) + 2,
    draw(top) {
      context.fillStyle = theme.text;
      setFont(context, theme, FONT_SIZE, "bold");
      label(context, group.title, 4, top + rowHeight / 2);
      drawLegend(context, theme, entries, left, x.to, top + below);
    },
  };
}

function drawPlot(context, theme, group, steps, x, y, changes) {
  context.save();
  context.beginPath();
  context.rect(x.from, y.to, x.to - x.from, y.from - y.to);
  context.clip();
  for (const [step] of changes) {
    verticalLine(context, theme.muted, x.place(step), y.from, y.to, EVENT_DASH);
  }
  if (Number.isFinite(group.reference)) {
    const width = x.to - x.from;
    lineSwatch(theme.muted, REFERENCE_DASH, 1.5)(context, x.from, y.place(group.reference), width);
  }
  context.lineJoin = "round";
  group.series.forEach((series, i) => {
    context.beginPath();
    let drawing = false; // a value that is no number leaves a gap
    for (let k = 0; k < steps.length; k++) {
      const place = y.place(series.values[k]);
      if (!Number.isFinite(place)) {
        drawing = false;
        continue;
      }
      if (drawing) context.lineTo(x.place(steps[k]), place);
      else context.moveTo(x.place(steps[k]), place);
      drawing = true;
    }
    context.strokeStyle = seriesColour(theme, series.colour);
    context.lineWidth = 2;
    context.setLineDash(DASHES[i % DASHES.length]);
    context.stroke();
  });
  context.restore();
}

// The names of knob changes above the plots, where there is room, the latest first.
function drawEventNames(context, theme, changes, x, bottom) {
  setFont(context, theme, FONT_SIZE - 1);
  const rows = Array.from({ length: EVENT_ROWS }, () => []); // what is taken, from the lowest up
  const isFree = (row, from, to) => row.every(([left, right]) => to < left || from > right);
  const seen = new Set();
  for (const [step, title, value] of [...changes].reverse()) {
    const place = x.place(step);
    const spot = `${title} ${Math.round(place / 12)}`; // a slider that was dragged is named once
    if (seen.has(spot)) continue;
    seen.add(spot);
    const text = `${title} ${value}`;
    const width = context.measureText(text).width;
    const left = place + width + 4 > x.to ? place - width - 4 : place + 4;
    const [from, to] = [Math.min(left, place) - 4, Math.max(left + width, place) + 4];
    const level = rows.findIndex((row, i) => isFree(row, from, to)
      && rows.slice(0, i).every((lower) => isFree(lower, place - 4, place + 4)));
    if (level < 0 || left < 0) continue;
    rows[level].push([from, to]);
    for (const lower of rows.slice(0, level)) lower.push([place - 4, place + 4]);
    const middle = bottom - 4 - (level + 0.5) * EVENT_HEIGHT;
    verticalLine(context, theme.muted, place, bottom - 2, middle - 7, EVENT_DASH);
    context.fillStyle = theme.text;
    label(context, text, left, middle);
  }
}

function verticalLine(context, colour, place, from, to, dash = []) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(Math.round(place) + 0.5, from);
  context.lineTo(Math.round(place) + 0.5, to);
  context.stroke();
  context.setLineDash([]);
}

function nearestStep(steps, wanted) {
  let nearest = -1;
  for (let i = 0; i < steps.length; i++) {
    if (nearest < 0 || Math.abs(steps[i] - wanted) < Math.abs(steps[nearest] - wanted)) nearest = i;
  }
  return nearest;
}
