import type { Data } from 'apache-arrow';
import type { ColumnFormat } from './cell-format.js';
import { jsonCell } from './format-nested.js';
import { type ResultStream, formatsOf, textOfRows } from './result-stream.js';
import { uniqueNames } from './unique-names.js';

/** One array of objects, a line each. */
export async function* writeJson(result: ResultStream): AsyncGenerator<string> {
  const rowText = objectText(result);
  let separator = '[\n';
  yield* textOfRows(result, (columns, row) => {
    const text = `${separator}${rowText(columns, row)}`;
    separator = ',\n';
    return text;
  });
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** An object a line (https://github.com/ndjson/ndjson-spec). */
export function writeNdjson(result: ResultStream): AsyncGenerator<string> {
  const rowText = objectText(result);
  return textOfRows(result, (columns, row) => `${rowText(columns, row)}\n`);
}

function objectText(result: ResultStream): (columns: readonly Data[], row: number) => string {
  const formats = formatsOf(result);
  const keys = uniqueNames(result.columns.map((column) => column.name)).map(
    (name) => `${JSON.stringify(name)}:`,
  );
  return (columns, row) => {
    const members = columns.map((data, index) => `${keys[index]}${memberText(formats[index], data, row)}`);
    return `{${members.join(',')}}`;
  };
}

function memberText(format: ColumnFormat | undefined, data: Data, row: number): string {
  return format === undefined ? 'null' : jsonCell(format, data, row);
}
