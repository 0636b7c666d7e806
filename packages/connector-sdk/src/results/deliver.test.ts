import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { arrowSchema } from '@tributary/columnar';
import { TributaryError } from '@tributary/contract/errors';
import type { BatchesResult, RelationResult, RemoteResult } from '@tributary/contract/source';
import type { RecordBatch } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { Execution } from '../../test/support/execution.js';
import { parquetFile, piecesOf } from '../../test/support/parquet-file.js';
import type { Answer, Row, WireAnswer } from './answer.js';
import { deliver } from './deliver.js';
import { rowsToBatches } from './rows-to-batches.js';
import type { AnswerColumn } from './wire-columns.js';

const columns = [{ name: 'n', type: { id: 'integer' } }] as const;

const origin = {
  sourceId: 'db',
  object: 't',
  classify: (error: unknown) =>
    new TributaryError('SOURCE.QUERY_FAILED', { message: `classified: ${String(error)}`, sourceId: 'db' }),
};

/** Something that is read piece by piece, and knows whether it has been left. */
class Pieces<T> {
  taken = 0;
  left = false;
  readonly items: AsyncGenerator<T, void, undefined>;

  constructor(pieces: readonly (T | Error)[]) {
    this.items = this.#all(pieces);
  }

  async *#all(pieces: readonly (T | Error)[]): AsyncGenerator<T, void, undefined> {
    try {
      for (const piece of pieces) {
        this.taken += 1;
        if (piece instanceof Error) throw piece;
        yield piece;
      }
    } finally {
      this.left = true;
    }
  }
}

function batchesOf(result: RemoteResult): BatchesResult {
  if (result.kind !== 'batches') throw new Error('batches were expected');
  return result;
}

function relationOf(result: RemoteResult): RelationResult {
  if (result.kind !== 'relation') throw new Error('a relation was expected');
  return result;
}

async function valuesOf(result: RemoteResult): Promise<readonly unknown[]> {
  const batches = await Array.fromAsync(batchesOf(result).batches);
  return batches.flatMap((batch) => [...(batch.getChildAt(0) ?? [])]);
}

async function toBatches(rows: readonly Row[]): Promise<readonly RecordBatch[]> {
  return Array.fromAsync(rowsToBatches([rows], columns, origin));
}

const pages: readonly (readonly Row[])[] = [[[1], [2]], [[3]], [[null]]];

describe.each(['rows', 'batches'] as const)('%s', (kind) => {
  async function answerOf(
    pieces: readonly (readonly Row[] | Error)[],
  ): Promise<{ readonly answer: Answer; readonly source: Pieces<unknown> }> {
    if (kind === 'rows') {
      const source = new Pieces(pieces);
      return { answer: { kind, rows: source.items }, source };
    }
    const batches = await Promise.all(
      pieces.map(async (piece) => (piece instanceof Error ? [piece] : toBatches(piece))),
    );
    const source = new Pieces(batches.flat());
    return { answer: { kind, batches: source.items }, source };
  }

  test.each(['batches', 'relation'] as const)('arrive as batches for %s', async (prefer) => {
    await using execution = new Execution({ prefer });
    const { answer, source } = await answerOf(pages);
    const result = await deliver(answer, columns, execution.context, origin);
    expect(batchesOf(result).schema.fields.map(String)).toEqual(arrowSchema(columns).fields.map(String));
    expect(await valuesOf(result)).toEqual([1, 2, 3, null]);
    expect(source.left).toBe(true);
  });

  test('none is an empty answer', async () => {
    await using execution = new Execution();
    const { answer } = await answerOf([]);
    expect(await valuesOf(await deliver(answer, columns, execution.context, origin))).toEqual([]);
  });

  test('no more is taken than is asked for', async () => {
    await using execution = new Execution();
    const { answer, source } = await answerOf(pages);
    const result = batchesOf(await deliver(answer, columns, execution.context, origin));
    await result.batches[Symbol.asyncIterator]().next();
    expect(source.taken).toBe(1);
  });

  test('an error at once is the call’s error', async () => {
    await using execution = new Execution();
    const { answer, source } = await answerOf([new Error('no')]);
    await expect(deliver(answer, columns, execution.context, origin)).rejects.toThrow(
      'classified: Error: no',
    );
    expect(source.left).toBe(true);
  });

  test('an error in the middle comes after what was before it', async () => {
    await using execution = new Execution();
    const { answer } = await answerOf([[[1]], new Error('broken')]);
    const { batches } = batchesOf(await deliver(answer, columns, execution.context, origin));
    const iterator = batches[Symbol.asyncIterator]();
    expect((await iterator.next()).value?.numRows).toBe(1);
    await expect(iterator.next()).rejects.toMatchObject({ code: 'SOURCE.QUERY_FAILED' });
  });

  test('after an abort the reason is the error, and the source is left', async () => {
    await using execution = new Execution();
    const { answer, source } = await answerOf(pages);
    const { batches } = batchesOf(await deliver(answer, columns, execution.context, origin));
    const iterator = batches[Symbol.asyncIterator]();
    await iterator.next();
    execution.abort('enough');
    await expect(iterator.next()).rejects.toThrow('enough');
    expect(source.left).toBe(true);
  });

  test('a reader who leaves leaves the source', async () => {
    await using execution = new Execution();
    const { answer, source } = await answerOf(pages);
    for await (const batch of batchesOf(await deliver(answer, columns, execution.context, origin)).batches) {
      expect(batch.numRows).toBeGreaterThan(0);
      break;
    }
    expect(source.left).toBe(true);
  });

  test('what nobody reads is left when the query ends', async () => {
    await using execution = new Execution();
    const { answer, source } = await answerOf(pages);
    await deliver(answer, columns, execution.context, origin);
    expect(source.left).toBe(false);
    await execution.end();
    expect(source.left).toBe(true);
  });
});

describe('batches of other columns', () => {
  test('another number of them is the connector’s defect', async () => {
    await using execution = new Execution();
    const source = new Pieces(await toBatches([[1]]));
    const two = [...columns, { name: 'm', type: { id: 'integer' } }] as const;
    await expect(
      deliver({ kind: 'batches', batches: source.items }, two, execution.context, origin),
    ).rejects.toMatchObject({ code: 'SOURCE.CORRUPT_DATA' });
    expect(source.left).toBe(true);
  });

  test('so is a change of types on the way', async () => {
    await using execution = new Execution();
    const text = await Array.fromAsync(
      rowsToBatches([[['x']]], [{ name: 'n', type: { id: 'varchar' } }], origin),
    );
    const source = new Pieces([...(await toBatches([[1]])), ...text]);
    const result = await deliver(
      { kind: 'batches', batches: source.items },
      columns,
      execution.context,
      origin,
    );
    await expect(valuesOf(result)).rejects.toMatchObject({ code: 'SOURCE.CORRUPT_DATA' });
    expect(source.left).toBe(true);
  });

  test('other types from the start are the schema of the result', async () => {
    await using execution = new Execution();
    const text = await Array.fromAsync(
      rowsToBatches([[['x']]], [{ name: 'n', type: { id: 'varchar' } }], origin),
    );
    const source = new Pieces(text);
    const result = await deliver(
      { kind: 'batches', batches: source.items },
      columns,
      execution.context,
      origin,
    );
    expect(batchesOf(result).schema.fields.map(({ type }) => String(type))).toEqual(['Utf8']);
  });
});

/** One row of one column of 32 bits, in the layout that the sink wants. */
function numberAnswer(after?: (signal: AbortSignal) => Promise<void>): WireAnswer {
  return {
    kind: 'wire',
    read: async (sink, signal, onProgress) => {
      const values = new Uint8Array(Int32Array.of(7).buffer);
      const validity = Uint8Array.of(1);
      const none = new Uint8Array();
      await (sink.layout === 'arrow'
        ? sink.write({ rows: 1, columns: [{ length: 1, nullCount: 0, validity, values, offsets: none }] })
        : sink.write({
            rows: 1,
            columns: [{ entries: 1, nullCount: 0, levels: { kind: 'flat', validity }, leaves: [values] }],
          }));
      onProgress(1, 4);
      await after?.(signal);
    },
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new Error('driver: aborted');
}

describe('wire', () => {
  test('streams as batches', async () => {
    await using execution = new Execution();
    const result = await deliver(numberAnswer(), columns, execution.context, origin);
    expect(await valuesOf(result)).toEqual([7]);
    expect(execution.progress).toEqual([[1, 4]]);
  });

  test('an error in the stream is classified', async () => {
    await using execution = new Execution();
    const answer = numberAnswer(() => Promise.reject(new Error('gone')));
    const result = await deliver(answer, columns, execution.context, origin);
    await expect(valuesOf(result)).rejects.toThrow('classified: Error: gone');
  });

  test('a reader who leaves aborts the statement', async () => {
    await using execution = new Execution();
    const { batches } = batchesOf(await deliver(numberAnswer(aborted), columns, execution.context, origin));
    for await (const batch of batches) {
      expect(batch.numRows).toBe(1);
      break;
    }
    // Ends only when the driver has.
    await execution.end();
  });

  test('goes to a spool file as a relation, which release deletes', async () => {
    await using execution = new Execution({ prefer: 'relation' });
    const result = relationOf(await deliver(numberAnswer(), columns, execution.context, origin));
    expect(result).toMatchObject({ rows: 1, bytes: 4 });
    expect(execution.files).toEqual(['1.parquet']);
    expect(execution.reserved).toBeGreaterThan(0);
    await result.release();
    expect([execution.files, execution.reserved]).toEqual([[], 0]);
  });

  test.each([
    ['a failure', numberAnswer(() => Promise.reject(new Error('gone'))), 1e9, 'classified: Error: gone'],
    ['a full spool', numberAnswer(), 60, 'over the quota'],
  ])('%s leaves nothing', async (_, answer, quotaBytes, message) => {
    await using execution = new Execution({ prefer: 'relation', quotaBytes });
    await expect(deliver(answer, columns, execution.context, origin)).rejects.toThrow(message);
    expect([execution.files, execution.reserved]).toEqual([[], 0]);
  });

  test('an abort leaves nothing, and its reason is the error', async () => {
    await using execution = new Execution({ prefer: 'relation' });
    const result = deliver(numberAnswer(aborted), columns, execution.context, origin);
    setImmediate(() => execution.abort('enough'));
    await expect(result).rejects.toThrow('enough');
    expect([execution.files, execution.reserved]).toEqual([[], 0]);
  });
});

describe('parquet', () => {
  const whole = piecesOf(parquetFile(3));

  async function delivered(
    execution: Execution,
    pieces: readonly (Uint8Array | Error)[],
    asked: readonly AnswerColumn[] = columns,
  ): Promise<{ readonly result: Promise<RemoteResult>; readonly source: Pieces<Uint8Array> }> {
    const source = new Pieces(pieces);
    const chunks = source.items;
    return { result: deliver({ kind: 'parquet', chunks }, asked, execution.context, origin), source };
  }

  test.each(['batches', 'relation'] as const)('is a relation for %s', async (prefer) => {
    await using execution = new Execution({ prefer });
    const { result } = await delivered(execution, whole);
    const relation = relationOf(await result);
    expect(relation.sql).toMatch(
      /^SELECT CAST\(c0 AS INTEGER\) FROM read_parquet\('.*1\.parquet', .*\) AS s\(c0\)$/,
    );
    const bytes = parquetFile(3).length;
    expect([relation.rows, relation.bytes, execution.reserved]).toEqual([3, bytes, bytes]);
    expect(execution.files).toEqual(['1.parquet']);
    expect(execution.progress.at(-1)).toEqual([3, bytes]);
    await relation.release();
    expect([execution.files, execution.reserved]).toEqual([[], 0]);
  });

  test('is counted where no columns are asked for', async () => {
    await using execution = new Execution();
    const { result } = await delivered(execution, whole, []);
    const relation = relationOf(await result);
    expect(relation.sql).toMatch(/^SELECT 1 FROM read_parquet\('.*1\.parquet', hive_partitioning = false\)$/);
    expect(relation.rows).toBe(3);
    await relation.release();
  });

  test('is closed where it cannot be written', async () => {
    await using execution = new Execution();
    const directory = dirname(execution.context.spool.newFile(''));
    await writeFile(join(directory, '2.parquet'), 'in the way');
    const { result, source } = await delivered(execution, whole);
    await expect(result).rejects.toMatchObject({ code: 'RESOURCE.SPILL_FULL' });
    expect([execution.files, execution.reserved, source.left]).toEqual([['2.parquet'], 0, true]);
  });

  test.each([
    ['a failure', [...whole, new Error('gone')], 1e9, 'classified: Error: gone'],
    ['a file that is cut short', whole.slice(0, 3), 1e9, 'Source db ended its answer too soon'],
    ['another text at its end', [...whole, Buffer.from('Code: 241')], 1e9, 'no whole Parquet file'],
    ['no file at all', [], 1e9, '0 bytes came'],
    ['a full spool', whole, 10, 'over the quota'],
  ])('%s leaves nothing', async (_, pieces, quotaBytes, message) => {
    await using execution = new Execution({ quotaBytes });
    const { result, source } = await delivered(execution, pieces);
    await expect(result).rejects.toThrow(message);
    expect([execution.files, execution.reserved, source.left]).toEqual([[], 0, true]);
  });

  test('an abort leaves nothing', async () => {
    await using execution = new Execution();
    execution.abort('enough');
    const { result, source } = await delivered(execution, whole);
    await expect(result).rejects.toThrow('enough');
    expect([execution.files, execution.reserved, source.left]).toEqual([[], 0, true]);
  });
});
