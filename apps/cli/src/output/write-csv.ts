import { type ResultStream, formatsOf, textOfRows } from './result-stream.js';

const special = /[",\r\n]/;

/**
 * CSV after RFC 4180, with a header, in UTF-8. A NULL is an empty field, an empty text is `""`; readers that see a
 * difference (DuckDB, PostgreSQL) get back what was there.
 */
export async function* writeCsv(result: ResultStream): AsyncGenerator<string> {
  const formats = formatsOf(result);
  yield `${result.columns.map((column) => field(column.name)).join(',')}\r\n`;
  yield* textOfRows(result, (columns, row) => {
    const fields = columns.map((data, index) => {
      const format = formats[index];
      return format === undefined || !data.getValid(row) ? '' : field(format.text(data, row));
    });
    return `${fields.join(',')}\r\n`;
  });
}

function field(text: string): string {
  return text === '' || special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
