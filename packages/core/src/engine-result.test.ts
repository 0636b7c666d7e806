import type { DataType } from '@tributary/contract';
import type { RecordBatch } from 'apache-arrow';
import { expect, test } from 'vitest';
import type { QueryResult } from './api.js';
import { RenewableResult } from './engine-result.js';
import { arrowSchemaOf } from './execute/arrow/arrow-schema.js';
import { batchOf } from './execute/arrow/batch-builder.js';
import { type Row, allRows } from './execute/rows.js';
import type { OutputColumn } from './plan/federated-plan.js';

const gone = new Error('the table that was planned with is gone');

/** An answer without rows, or one whose first rows fail. */
class Answer implements QueryResult {
  readonly columns: readonly OutputColumn[];
  readonly schema: QueryResult['schema'];
  readonly #error: Error | undefined;
  closed = false;

  constructor(columns: readonly OutputColumn[], error?: Error) {
    this.columns = columns;
    this.schema = arrowSchemaOf(columns);
    this.#error = error;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch> {
    if (this.#error !== undefined) throw this.#error;
    yield batchOf(this.schema, 0, []);
  }

  rows(): Promise<Row[]> {
    return allRows(this, this.columns);
  }

  explain(): never {
    throw new Error('nothing ran');
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const column = (type: DataType, name = 'c'): OutputColumn => ({ name, type });
const varchar = column({ id: 'varchar' });
const lists = (element: DataType): OutputColumn => column({ id: 'list', element });

/** Reads an answer that is renewed by one of these columns. */
async function renewed(
  promised: readonly OutputColumn[],
  now: readonly OutputColumn[],
): Promise<{ readonly rows: Promise<Row[]>; readonly again: Answer }> {
  const again = new Answer(now);
  const result = new RenewableResult(new Answer(promised, gone), async () => again);
  expect(result.columns).toEqual(promised);
  return { rows: result.rows(), again };
}

test('an answer is that of the plan made anew, whose columns are the promised ones', async () => {
  const columns = [varchar, lists({ id: 'decimal', precision: 5, scale: 2 })];
  const { rows, again } = await renewed(columns, structuredClone(columns));
  expect(await rows).toEqual([]);
  expect(again.closed).toBe(false);
});

test.each<readonly [string, OutputColumn, OutputColumn]>([
  ['another name', varchar, column({ id: 'varchar' }, 'd')],
  ['another type', varchar, column({ id: 'bigint' })],
  ['another type of the same form in Arrow', varchar, column({ id: 'json' })],
  ['other values', column({ id: 'enum', values: ['a'] }), column({ id: 'enum', values: ['b'] })],
  ['another integer', column({ id: 'hugeint' }), column({ id: 'decimal', precision: 38, scale: 0 })],
  ['another element', lists({ id: 'varchar' }), lists({ id: 'json' })],
])('a column of %s is not what was promised', async (_, promised, now) => {
  const { rows, again } = await renewed([promised], [now]);
  await expect(rows).rejects.toBe(gone);
  expect(again.closed).toBe(true);
});

test('a column more is not what was promised', async () => {
  const { rows } = await renewed([varchar], [varchar, varchar]);
  await expect(rows).rejects.toBe(gone);
});
