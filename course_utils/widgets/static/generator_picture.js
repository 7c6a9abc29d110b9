// What the game "you are the generator" draws: real data, verdicts, their legend.

// The real data: a dotted line (float32, x and y in turn), or dots where there is no line.
function paintReal(context, { theme, x, y }, real, line) {
  context.save();
  context.strokeStyle = context.fillStyle = theme.real;
  if (line) {
    Object.assign(context, { lineWidth: 3, lineCap: "round" });
    context.setLineDash([0.1, 6]);
    context.beginPath();
    for (let i = 0; i < real.length; i += 2) context.lineTo(x.place(real[i]), y.place(real[i + 1]));
    context.stroke();
  } else {
    context.globalAlpha = 0.6;
    for (let i = 0; i < real.length; i += 2) {
      context.fillRect(x.place(real[i]) - 1, y.place(real[i + 1]) - 1, 2.5, 2.5);
    }
  }
  context.restore();
}

// A verdict that needs no colour: a tick on a disc, a cross on a square, a ring without an answer.
function paintSign(context, x, y, theme, kind) {
  const colour = { real: theme.real, fake: theme.generated, open: theme.muted }[kind];
  context.save();
  context.beginPath();
  if (kind === "fake") context.rect(x - 7, y - 7, 14, 14);
  else context.arc(x, y, kind === "open" ? 6 : 8, 0, 7);
  Object.assign(context, { lineWidth: 3, strokeStyle: theme.background, fillStyle: colour });
  context.stroke();
  context.lineWidth = 2;
  context.lineCap = context.lineJoin = "round";
  if (kind === "open") {
    context.fillStyle = theme.background;
    context.strokeStyle = colour;
    context.fill();
  } else {
    context.fill();
    context.beginPath();
  }
  const lines = { real: [[-4, 0, -1, 3, 4, -3]], fake: [[-3, -3, 3, 3], [-3, 3, 3, -3]], open: [] };
  for (const [startX, startY, ...rest] of lines[kind]) {
    context.moveTo(x + startX, y + startY);
    for (let i = 0; i < rest.length; i += 2) context.lineTo(x + rest[i], y + rest[i + 1]);
  }
  context.stroke();
  context.restore();
}

function paintRing(context, x, y, theme, lineWidth) {
  Object.assign(context, { lineWidth, strokeStyle: theme.text });
  context.beginPath();
  context.arc(x, y, 13, 0, 7);
  context.stroke();
}

// D's number beside a point at (x, y) pixels, within the picture and readable on every ground.
function paintNumber(context, x, y, plane, words) {
  const { theme } = plane;
  const beyond = x > plane.x.to - 45;
  context.save();
  setFont(context, theme, FONT_SIZE, "600");
  Object.assign(context, { lineJoin: "round", lineWidth: 4, strokeStyle: theme.background });
  Object.assign(context, { textAlign: beyond ? "right" : "left", textBaseline: "middle" });
  const place = [x + (beyond ? -12 : 12), Math.max(plane.y.to + 8, y - 10)];
  context.strokeText(words, ...place);
  context.fillStyle = theme.text;
  context.fillText(words, ...place);
  context.restore();
}

// Fills the legend anew if the theme, or whether D's belief is shown, has changed.
function showLegend(legend, theme, strings, revealed) {
  const look = JSON.stringify([theme, revealed]);
  if (legend.dataset.look === look) return;
  legend.dataset.look = look;
  const entry = (kind, words) => {
    const swatch = make("canvas", { width: 54, height: 54, className: "gan-edit-swatch" });
    const context = swatch.getContext("2d");
    context.scale(3, 3);
    if (kind === "line") {
      context.fillStyle = theme.real;
      for (const x of [2, 9, 16]) context.fillRect(x - 1.5, 7.5, 3, 3);
    } else {
      paintSign(context, 9, 9, theme, kind);
    }
    return make("span", {}, swatch, words);
  };
  const scale = make("span", { className: "gan-edit-scale" });
  scale.style.background = `linear-gradient(90deg, ${theme.belief})`;
  legend.replaceChildren(
    entry("line", strings.legend_real),
    entry("real", strings.legend_taken),
    entry("fake", strings.legend_seen),
    ...(revealed ? [make("span", {}, scale, strings.scale)] : []),
  );
}
