import type { DataType } from '@tributary/contract';
import type { RecordBatch, Vector } from 'apache-arrow';
import type { OutputColumn } from '../plan/federated-plan.js';
import { type ValueReader, readerOf } from './rows/value-reader.js';

export type Row = Record<string, unknown>;

/**
 * A batch as plain objects: integers of up to 32 bits and floats are numbers, wider integers bigint, decimals, dates,
 * times and intervals text (ISO 8601 where it has a form), binaries Uint8Array, lists arrays, structs objects, maps
 * arrays of `{ key, value }`. Columns of one name get `:1`, `:2` ... appended, as DuckDB does.
 *
 * @param columns the result's columns: Arrow alone cannot tell a HUGEINT from a DECIMAL(38,0).
 */
export function rowsOf(batch: RecordBatch, columns: readonly OutputColumn[]): Row[] {
  const names = uniqueNames(columns.map((column) => column.name));
  const rows: Row[] = Array.from({ length: batch.numRows }, () => ({}));
  for (const [index, column] of columns.entries()) {
    const name = names[index] ?? column.name;
    const values = columnValues(batch.getChildAt(index), column.type, batch.numRows);
    for (const [row, target] of rows.entries()) target[name] = values[row];
  }
  return rows;
}

/** The rows of all batches, which are read to their end. */
export async function allRows(
  batches: AsyncIterable<RecordBatch>,
  columns: readonly OutputColumn[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) {
    for (const row of rowsOf(batch, columns)) rows.push(row);
  }
  return rows;
}

/** One column's values in the same form. */
export function columnValues(vector: Vector | null, type: DataType, length: number): unknown[] {
  const values: unknown[] = Array.from({ length }, () => null);
  const data = vector?.data[0];
  if (data === undefined) return values;
  const read: ValueReader = readerOf(type, data);
  for (let i = 0; i < length; i++) values[i] = read(i);
  return values;
}

/** The names as keys of one object: the second `n` is `n:1`, the third `n:2`. */
function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}:${count}`;
  });
}
