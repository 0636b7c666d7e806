import stringWidth from 'string-width';
import type { Colors } from '../terminal/colors.js';
import { fitColumns } from './fit-columns.js';

export interface TableStyle {
  readonly colors: Colors;
  /** Lines of box-drawing characters, as on a terminal, or of `|`, `+` and `-`. */
  readonly unicode: boolean;
  /** Cells are cut at this many columns. */
  readonly maxCellWidth: number;
  /** Columns of the terminal; no limit for a file or a pipe. */
  readonly width: number;
}

export interface TableColumn {
  readonly name: string;
  readonly numeric: boolean;
}

/** How rows become lines. */
export interface RowLayout {
  header(): string;
  row(cells: readonly string[]): string;
}

/** A table whose columns are as wide as the rows it was made from need, or as the terminal has room for. */
export class TableLayout implements RowLayout {
  readonly #columns: readonly TableColumn[];
  readonly #style: TableStyle;
  readonly #widths: readonly number[];
  /** Where cells are cut: what comes after the rows of the sample may be wider than they are. */
  readonly #limits: readonly number[];
  /** Whether no line is wider than the terminal. */
  readonly fits: boolean;

  constructor(columns: readonly TableColumn[], sample: readonly (readonly string[])[], style: TableStyle) {
    this.#columns = columns;
    this.#style = style;
    const natural = columns.map(({ name, numeric }, index) => {
      const cells = [escapeControls(name), ...sample.map((row) => row[index] ?? '')];
      const width = cells.reduce((widest, cell) => Math.max(widest, displayWidth(cell)), 0);
      return { width: Math.min(width, style.maxCellWidth), numeric };
    });
    const fitted = fitColumns(natural, style.width);
    this.fits = fitted !== undefined;
    this.#widths = fitted ?? natural.map(({ width }) => width);
    this.#limits = natural.map(({ width }, index) => {
      const own = this.#widths[index] ?? width;
      return own < width ? own : style.maxCellWidth;
    });
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
      const shown = cut(cell, this.#limits[index] ?? this.#style.maxCellWidth);
      const space = ' '.repeat(Math.max(0, (this.#widths[index] ?? 0) - displayWidth(shown)));
      return this.#columns[index]?.numeric === true ? `${space}${paint(shown)}` : `${paint(shown)}${space}`;
    });
    const separator = this.#style.colors.dim(this.#style.unicode ? '│' : '|');
    return ` ${padded.join(` ${separator} `).trimEnd()}\n`;
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

/** The beginning of a text that is wider than this. */
export function cut(text: string, width: number): string {
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
export function displayWidth(text: string): number {
  return printableAscii.test(text) ? text.length : stringWidth(text);
}
