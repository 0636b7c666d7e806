import {
  cut,
  displayWidth,
  escapeControls,
  type RowLayout,
  type TableColumn,
  type TableStyle,
} from './table-layout.js';

const leastValueWidth = 20;

/** A line for each value, for rows that are too wide for a table; values are cut at `valueWidth` columns. */
export class RecordLayout implements RowLayout {
  readonly #names: readonly string[];
  readonly #nameWidth: number;
  readonly #style: TableStyle;
  readonly #valueWidth: number;
  #rows = 0;

  constructor(columns: readonly TableColumn[], style: TableStyle, valueWidth = Number.POSITIVE_INFINITY) {
    this.#names = columns.map(({ name }) => escapeControls(name));
    this.#nameWidth = Math.max(0, ...this.#names.map(displayWidth));
    this.#style = style;
    this.#valueWidth = valueWidth;
  }

  /** Records of which no line is wider than the terminal. */
  static fitting(columns: readonly TableColumn[], style: TableStyle): RecordLayout {
    const names = new RecordLayout(columns, style).#nameWidth;
    return new RecordLayout(columns, style, Math.max(leastValueWidth, style.width - names - 4));
  }

  header(): string {
    return '';
  }

  row(cells: readonly string[]): string {
    const { colors, unicode } = this.#style;
    this.#rows += 1;
    const dash = unicode ? '─' : '-';
    const title = `${dash}[ row ${this.#rows} ]`.padEnd(this.#nameWidth + 16, dash);
    const separator = colors.dim(unicode ? '│' : '|');
    const lines = this.#names.map((name, index) => {
      const space = ' '.repeat(this.#nameWidth - displayWidth(name));
      return ` ${colors.bold(name)}${space} ${separator} ${cut(cells[index] ?? '', this.#valueWidth)}`.trimEnd();
    });
    return [colors.dim(title), ...lines, ''].join('\n');
  }
}
