import {
  displayWidth,
  escapeControls,
  type RowLayout,
  type TableColumn,
  type TableStyle,
} from './table-layout.js';

/** A line for each value, for rows that are too wide for a table; values are shown whole. */
export class RecordLayout implements RowLayout {
  readonly #names: readonly string[];
  readonly #nameWidth: number;
  readonly #style: TableStyle;
  #rows = 0;

  constructor(columns: readonly TableColumn[], style: TableStyle) {
    this.#names = columns.map(({ name }) => escapeControls(name));
    this.#nameWidth = Math.max(0, ...this.#names.map(displayWidth));
    this.#style = style;
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
      return ` ${colors.bold(name)}${space} ${separator} ${cells[index] ?? ''}`.trimEnd();
    });
    return [colors.dim(title), ...lines, ''].join('\n');
  }
}
