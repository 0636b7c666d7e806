/** Text that is cut shorter than this says too little. */
const leastTextWidth = 20;

/** A column as wide as its values need; only text may be cut, for a number without its end is another number. */
export interface NaturalColumn {
  readonly width: number;
  readonly numeric: boolean;
}

/** Widths at which the columns share the room, the widest texts cut first; undefined where even that is too wide. */
export function fitColumns(columns: readonly NaturalColumn[], room: number): readonly number[] | undefined {
  const widest = Math.max(0, ...columns.map(({ width }) => width));
  for (let limit = widest; limit >= Math.min(leastTextWidth, widest); limit -= 1) {
    const widths = columns.map(({ width, numeric }) => (numeric ? width : Math.min(width, limit)));
    if (ruleWidth(widths) <= room) return widths;
  }
  return undefined;
}

/** Each column has a space on both sides, and a line between it and the next. */
function ruleWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 3, -1);
}
