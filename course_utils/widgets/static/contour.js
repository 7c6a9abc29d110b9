// Marching squares: where a field given on a grid crosses a level.

// Returns the segments [x0, y0, x1, y1, ...] in grid coordinates, of a field [size * size] whose
// value at (column, row) is field[row * size + column].
function contour(field, size, level) {
  const segments = [];
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const at = row * size + column;
      const [a, b, c, d] = [field[at], field[at + 1], field[at + size + 1], field[at + size]];
      const [ia, ib, ic, id] = [a >= level, b >= level, c >= level, d >= level];
      if (ia === ib && ib === ic && ic === id) continue;
      const cut = (from, to) => (level - from) / (to - from);
      const crossings = []; // around the cell: bottom, right, top, left
      if (ia !== ib) crossings.push([column + cut(a, b), row]);
      if (ib !== ic) crossings.push([column + 1, row + cut(b, c)]);
      if (ic !== id) crossings.push([column + cut(d, c), row + 1]);
      if (id !== ia) crossings.push([column, row + cut(a, d)]);
      if (crossings.length === 4 && (a + b + c + d) / 4 >= level !== ia) {
        crossings.push(crossings.shift()); // a saddle whose middle belongs to corners b and d
      }
      for (let i = 0; i < crossings.length; i += 2) {
        segments.push(...crossings[i], ...crossings[i + 1]);
      }
    }
  }
  return segments;
}
