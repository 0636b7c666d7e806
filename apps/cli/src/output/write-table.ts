import type { Data } from 'apache-arrow';
import type { ColumnFormat } from './cell-format.js';
import { type ResultStream, formatsOf } from './result-stream.js';
import { type TableColumn, TableLayout, type TableStyle, escapeControls } from './table-layout.js';

/** Rows that settle the widths; what comes after them is printed as it arrives. */
const sampleRows = 1000;

/** A table for people, in bounded memory. */
export async function* writeTable(result: ResultStream, style: TableStyle): AsyncGenerator<string> {
  const formats = formatsOf(result);
  const columns = result.columns.map(({ name }, index) => ({
    name,
    numeric: formats[index]?.numeric === true,
  }));
  let sample: string[][] = [];
  let layout: TableLayout | undefined;
  for await (const batch of result) {
    let text = '';
    for (let row = 0; row < batch.numRows; row += 1) {
      const cells = cellsOf(formats, batch.data.children, row);
      if (layout !== undefined) {
        text += layout.row(cells);
        continue;
      }
      sample.push(cells);
      if (sample.length < sampleRows) continue;
      layout = new TableLayout(columns, sample, style);
      text += opened(layout, sample);
      sample = [];
    }
    if (text !== '') yield text;
  }
  yield layout === undefined ? wholeTable(columns, sample, style) : '';
}

function wholeTable(columns: readonly TableColumn[], rows: readonly string[][], style: TableStyle): string {
  return opened(new TableLayout(columns, rows, style), rows);
}

function opened(layout: TableLayout, rows: readonly string[][]): string {
  return layout.header() + rows.map((row) => layout.row(row)).join('');
}

function cellsOf(formats: readonly ColumnFormat[], columns: readonly Data[], row: number): string[] {
  return columns.map((data, index) =>
    data.getValid(row) ? escapeControls(formats[index]?.text(data, row) ?? '') : 'NULL',
  );
}
