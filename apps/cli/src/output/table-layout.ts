import stringWidth from 'string-width';
import type { Colors } from '../terminal/colors.js';

export interface TableStyle {
  readonly colors: Colors;
  /** Lines of box-drawing characters, as on a terminal, or of `|`, `+` and `-`. */
  readonly unicode: boolean;
  /** Cells are cut at this many columns. */
  readonly maxCellWidth: number;
}

export interface TableColumn {
  readonly name: string;
  readonly numeric: boolean;
}

/** A table whose columns are as wide as the rows it was made from need. */
export class TableLayout {
  readonly #columns: readonly TableColumn[];
  readonly #style: TableStyle;
  readonly #widths: readonly number[];

  constructor(columns: readonly TableColumn[], sample: readonly (readonly string[])[], style: TableStyle) {
    this.#columns = columns;
    this.#style = style;
    this.#widths = columns.map((column, index) =>
      sample.reduce(
        (width, row) => Math.max(width, this.#width(row[index] ?? '')),
        this.#width(escapeControls(column.name)),
      ),
    );
  }

  header(): string {
    const { colors, unicode } = this.#style;
    const names = this.#line(
      this.#columns.map((column) => escapeControls(column.name)),
      colors.bold,
    );
    const rule = this.#widths
      .map((width) => (unicode ? '─' : '-').repeat(width + 2))
      .join(unicode ? '┼' : '+');
    return `${names}${colors.dim(rule)}\n`;
  }

  row(cells: readonly string[]): string {
    return this.#line(cells, (text) => text);
  }

  #line(cells: readonly string[], paint: (text: string) => string): string {
    const padded = cells.map((cell, index) => {
      const shown = cut(cell, this.#style.maxCellWidth);
      const space = ' '.repeat(Math.max(0, (this.#widths[index] ?? 0) - displayWidth(shown)));
      return this.#columns[index]?.numeric === true ? `${space}${paint(shown)}` : `${paint(shown)}${space}`;
    });
    const separator = this.#style.colors.dim(this.#style.unicode ? '│' : '|');
    return ` ${padded.join(` ${separator} `).trimEnd()}\n`;
  }

  #width(cell: string): number {
    return Math.min(displayWidth(cell), this.#style.maxCellWidth);
  }
}

/** A whole small table. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  style: TableStyle,
): string {
  const layout = new TableLayout(columns, rows, style);
  return layout.header() + rows.map((row) => layout.row(row)).join('');
}

/** Text as a terminal may safely show it in one line: line breaks and escape sequences become visible. */
export function escapeControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (char) => namedEscapes.get(char) ?? hexEscape(char));
}

const namedEscapes = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function hexEscape(char: string): string {
  return `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
}

function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let shown = '';
  let used = 1;
  for (const char of text) {
    used += displayWidth(char);
    if (used > width) break;
    shown += char;
  }
  return `${shown}…`;
}

const printableAscii = /^[ -~]*$/;

/** Columns on a terminal. Most text is ASCII, for which the length is enough. */
function displayWidth(text: string): number {
  return printableAscii.test(text) ? text.length : stringWidth(text);
}
