import type { Data } from 'apache-arrow';
import type { ColumnFormat } from './cell-format.js';
import { RecordLayout } from './record-layout.js';
import { type ResultStream, formatsOf, textOfRows } from './result-stream.js';
import {
  type RowLayout,
  type TableColumn,
  TableLayout,
  type TableStyle,
  escapeControls,
} from './table-layout.js';

/** Rows that settle the widths; what comes after them is printed as it arrives. */
const sampleRows = 1000;

/** A table for people, in bounded memory; records where the terminal is too narrow for it. */
export async function* writeTable(result: ResultStream, style: TableStyle): AsyncGenerator<string> {
  const formats = formatsOf(result);
  const columns = columnsOf(result, formats);
  let sample: string[][] = [];
  let layout: RowLayout | undefined;
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
      layout = layoutFor(columns, sample, style);
      text += opened(layout, sample);
      sample = [];
    }
    if (text !== '') yield text;
  }
  yield layout === undefined ? wholeTable(columns, sample, style) : '';
}

/** A line for each value of each row, whole. */
export function writeRecords(result: ResultStream, style: TableStyle): AsyncGenerator<string> {
  const formats = formatsOf(result);
  const layout = new RecordLayout(columnsOf(result, formats), style);
  return textOfRows(result, (data, row) => layout.row(cellsOf(formats, data, row)));
}

function columnsOf(result: ResultStream, formats: readonly ColumnFormat[]): TableColumn[] {
  return result.columns.map(({ name }, index) => ({ name, numeric: formats[index]?.numeric === true }));
}

/** Where there is no row, the header has to say which columns there are. */
function layoutFor(
  columns: readonly TableColumn[],
  sample: readonly string[][],
  style: TableStyle,
): RowLayout {
  const table = new TableLayout(columns, sample, style);
  return table.fits || sample.length === 0 ? table : RecordLayout.fitting(columns, style);
}

function wholeTable(columns: readonly TableColumn[], rows: readonly string[][], style: TableStyle): string {
  return opened(layoutFor(columns, rows, style), rows);
}

function opened(layout: RowLayout, rows: readonly string[][]): string {
  return layout.header() + rows.map((row) => layout.row(row)).join('');
}

function cellsOf(formats: readonly ColumnFormat[], columns: readonly Data[], row: number): string[] {
  return columns.map((data, index) =>
    data.getValid(row) ? escapeControls(formats[index]?.text(data, row) ?? '') : 'NULL',
  );
}
