// Colours. They mean the same in the whole course (course_utils/plotting/style.py): a light set,
// and lighter variants of the same hues for dark themes. Background, text and lines follow
// JupyterLab.

const PALETTES = {
  light: {
    real: "#0072B2", generated: "#D55E00", neutral: "#4D4D4D",
    series: ["#000000", "#009E73", "#CC79A7", "#6F4E9C", "#8C8C8C", "#7A5C00"],
    belief: ["#FBCBA8", "#FDE6D6", "#FFFFFF", "#A9CFEA", "#4C9BCF"],
    background: "#FFFFFF", raised: "#F5F5F5", text: "#212121", muted: "#5F5F5F",
    border: "#BDBDBD", grid: "#D9D9D9", focus: "#1565C0", alert: "#B3261E",
  },
  dark: {
    real: "#5BB8F0", generated: "#FF9752", neutral: "#C2C2C2",
    series: ["#FFFFFF", "#35D6A6", "#F2A6CE", "#BBA2E8", "#A0A0A0", "#E0BC45"],
    belief: ["#7A3B10", "#472A1A", "#1E1E1E", "#16405C", "#1D6699"],
    background: "#1E1E1E", raised: "#2B2B2B", text: "#EEEEEE", muted: "#B5B5B5",
    border: "#5A5A5A", grid: "#3F3F3F", focus: "#82B7FF", alert: "#FF8A80",
  },
};

// Which of JupyterLab's variables says what; elsewhere the palette decides.
const JUPYTERLAB = {
  background: "--jp-layout-color1",
  raised: "--jp-layout-color2",
  text: "--jp-ui-font-color1",
  border: "--jp-border-color1",
  focus: "--jp-brand-color1",
  font: "--jp-ui-font-family",
};

// Dash patterns, so that curves stay apart without colours (in the order of style.LINESTYLES).
const DASHES = [[], [7, 4], [8, 3, 2, 3], [2, 3], [6, 3, 2, 3, 2, 3], [2, 6]];

function isDark(element) {
  const flag = document.body.dataset.jpThemeLight;
  if (flag) return flag === "false";
  for (let node = element.parentElement; node; node = node.parentElement) {
    const [red, green, blue, alpha = 1] = (
      getComputedStyle(node).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0]
    ).map(Number);
    if (alpha > 0.5) return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

// The colours and the font that hold for `element` now. They also become its CSS variables
// --gan-real, --gan-text, ... for the style sheet.
function readTheme(element) {
  const name = isDark(element) ? "dark" : "light";
  const theme = { name, font: "system-ui, sans-serif", ...PALETTES[name] };
  const style = getComputedStyle(element);
  for (const [key, variable] of Object.entries(JUPYTERLAB)) {
    theme[key] = style.getPropertyValue(variable).trim() || theme[key];
  }
  element.dataset.theme = name;
  for (const [key, value] of Object.entries(theme)) {
    if (typeof value === "string") element.style.setProperty(`--gan-${key}`, value);
  }
  return theme;
}

// Calls `changed` when the front end's theme may have changed; returns what stops that.
function watchTheme(changed) {
  let late = 0;
  const notice = () => {
    changed();
    clearTimeout(late);
    late = setTimeout(changed, 400); // the new theme's style sheet may come after its name
  };
  const observer = new MutationObserver(notice);
  const attributeFilter = [
    "data-jp-theme-light", "data-jp-theme-name", "data-vscode-theme-kind", "data-theme", "theme",
  ];
  for (const node of [document.documentElement, document.body]) {
    observer.observe(node, { attributes: true, attributeFilter });
  }
  const preference = matchMedia("(prefers-color-scheme: dark)");
  preference.addEventListener("change", notice);
  return () => {
    clearTimeout(late);
    observer.disconnect();
    preference.removeEventListener("change", notice);
  };
}

// The belief map as 256 colours, [256 * 4] bytes (red, green, blue, 255), for D = 0 ... 1.
function beliefTable(theme) {
  const stops = theme.belief.map(
    (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)),
  );
  const table = new Uint8ClampedArray(256 * 4);
  for (let level = 0; level < 256; level++) {
    const place = (level / 255) * (stops.length - 1);
    const lower = Math.min(Math.floor(place), stops.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [stops[lower][channel], stops[lower + 1][channel]];
      table[4 * level + channel] = from + (to - from) * (place - lower);
    }
    table[4 * level + 3] = 255;
  }
  return table;
}

// A series' colour: "real", "generated", "neutral", or a number in 0 ... 5.
function seriesColour(theme, colour) {
  return typeof colour === "number" ? theme.series[colour % theme.series.length] : theme[colour];
}
