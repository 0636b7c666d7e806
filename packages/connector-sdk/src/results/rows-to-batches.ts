import { arrowSchema, toRecordBatch } from '@tributary/columnar';
import { TributaryError } from '@tributary/contract/errors';
import { typeName } from '@tributary/contract/plan';
import type { RecordBatch } from 'apache-arrow';
import type { ErrorOrigin } from '../errors/error-origin.js';
import type { Row, Value } from './answer.js';
import { ColumnBuilder } from './rows/column-builder.js';
import { type AnswerColumn, wireColumns } from './wire-columns.js';

/** Rows of the largest batch; it ends sooner at this many bytes. */
const maxRows = 65_536;
const maxBytes = 8 * 1024 * 1024;

/**
 * Rows as Arrow record batches of the types of `columns` (see `Value` for how values are written). The first batch holds what came
 * first, each next one about twice as much, so that the first rows are quick and many rows are cheap. No further rows are
 * taken while nobody asks for a batch.
 *
 * @throws TributaryError SOURCE.UNREPRESENTABLE_VALUE naming the column and the value, for a value that is none of its type;
 * SOURCE.CORRUPT_DATA for a row with too few or too many values
 */
export async function* rowsToBatches(
  rows: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
  columns: readonly AnswerColumn[],
  origin: ErrorOrigin,
): AsyncGenerator<RecordBatch, void, undefined> {
  const wire = wireColumns(columns);
  const schema = arrowSchema(wire);
  const builders = wire.map(({ type }) => new ColumnBuilder(type));
  let count = 0;
  let target = 1;
  const flush = (): RecordBatch => {
    const batch = toRecordBatch(schema, { rows: count, columns: builders.map((builder) => builder.view()) });
    for (const builder of builders) builder.clear();
    target = Math.min(Math.max(count, target) * 2, maxRows);
    count = 0;
    return batch;
  };

  for await (const some of rows) {
    for (const row of some) {
      if (row.length !== columns.length) throw wrongLength(row, columns, origin);
      builders.forEach((builder, i) => {
        if (!builder.append(row[i])) throw unrepresentable(row[i], columns[i], origin);
      });
      count += 1;
      if (count >= maxRows || bytesOf(builders) >= maxBytes) yield flush();
    }
    if (count >= target) yield flush();
  }
  if (count > 0) yield flush();
}

function bytesOf(builders: readonly ColumnBuilder[]): number {
  let bytes = 0;
  for (const builder of builders) bytes += builder.bytes;
  return bytes;
}

function wrongLength(row: Row, columns: readonly AnswerColumn[], origin: ErrorOrigin): TributaryError {
  return new TributaryError('SOURCE.CORRUPT_DATA', {
    message: `Source ${origin.sourceId} gave a row of ${row.length} values where ${columns.length} columns were asked for.`,
    fix: 'This is a defect of the connector.',
    ...about(origin),
  });
}

function unrepresentable(
  value: Value,
  column: AnswerColumn | undefined,
  origin: ErrorOrigin,
): TributaryError {
  const name = column === undefined ? '' : ` ${column.name}`;
  const type = column === undefined ? 'its type' : typeName(column.type);
  return new TributaryError('SOURCE.UNREPRESENTABLE_VALUE', {
    message: `Source ${origin.sourceId}, column${name}: ${shown(value)} is not a value of ${type}.`,
    ...about(origin),
  });
}

function about({ sourceId, object }: ErrorOrigin): { sourceId: string; object?: string } {
  return { sourceId, ...(object !== undefined && { object }) };
}

function shown(value: Value): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
