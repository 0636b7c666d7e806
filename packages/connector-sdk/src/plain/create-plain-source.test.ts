import { TributaryError } from '@tributary/contract/errors';
import { type Expr, literal } from '@tributary/contract/plan';
import type { RemoteQueryPlan, RemoteResult } from '@tributary/contract/source';
import { describe, expect, test } from 'vitest';
import { Execution } from '../../test/support/execution.js';
import { parquetFile } from '../../test/support/parquet-file.js';
import type { Answer } from '../results/answer.js';
import { createPlainSource } from './create-plain-source.js';
import type { PlainRead, PlainReader, PlainTable } from './plain-reader.js';

const signal = new AbortController().signal;
const bigint = { id: 'bigint' } as const;

const table: PlainTable = {
  table: { schema: 'main', name: 'items', kind: 'table' },
  columns: [
    { name: 'id', type: bigint, nullable: false, filters: ['in'] },
    { name: 'note', type: { id: 'varchar' }, note: 'free text' },
  ],
  primaryKey: ['id'],
  maxInValues: 1,
};

function sourceOf(reader: Partial<PlainReader>): ReturnType<typeof createPlainSource> {
  return createPlainSource({
    sourceId: 'api',
    connector: 'test',
    reader: {
      tables: async () => [table],
      read: () => ({ kind: 'rows', rows: pagesOf([[1, 'a']]) }),
      ...reader,
    },
  });
}

async function* pagesOf(...pages: readonly (readonly (readonly (number | string)[])[])[]) {
  yield* pages;
}

const columns = table.columns.map(({ name, type, nullable = true }, id) => ({
  id,
  name,
  type,
  nullable,
  comparison: 'ordered' as const,
}));

async function planOf(
  source: ReturnType<typeof createPlainSource>,
  filters: readonly Expr[] = [],
): Promise<RemoteQueryPlan> {
  await source.describeTable(['main', 'items'], { signal });
  return source.planRemoteQuery({
    kind: 'scan',
    table: ['main', 'items'],
    columns,
    filterColumns: [],
    filters,
    keySets: [],
    estimate: { rows: 1, bytes: 1 },
  });
}

const idColumn: Expr = { kind: 'column', id: 0, type: bigint };
const threeIds: Expr = {
  kind: 'in',
  arg: idColumn,
  list: ['1', '2', '3'].map((value) => literal(bigint, value)),
  negated: false,
};

async function rowsOf(result: RemoteResult): Promise<readonly unknown[]> {
  if (result.kind !== 'batches') throw new Error('batches were expected');
  const batches = await Array.fromAsync(result.batches);
  return batches.flatMap((batch) =>
    Array.from({ length: batch.numRows }, (_, row) =>
      Array.from({ length: batch.numCols }, (__, column): unknown => batch.getChildAt(column)?.get(row)),
    ),
  );
}

describe('the catalogue', () => {
  test('tables and their schemas', async () => {
    const source = sourceOf({});
    expect(await source.listTables({ signal })).toEqual([table.table]);
    const schema = await source.describeTable(['items'], { signal });
    expect(schema).toMatchObject({
      table: table.table,
      columns: [
        { name: 'id', nativeType: 'BIGINT', nullable: false, comparison: 'ordered' },
        { name: 'note', nativeType: 'VARCHAR', nullable: true, note: 'free text' },
      ],
      primaryKey: ['id'],
      indexes: [['id']],
    });
    expect(await source.describeTable(['main', 'items'], { signal })).toEqual(schema);
  });

  test.each([[['other']], [['other', 'items']], [['db', 'main', 'items']]])(
    '%j is no table',
    async (path) => {
      expect(await sourceOf({}).describeTable(path, { signal })).toBeUndefined();
    },
  );

  test('the version changes with the columns', async () => {
    const versions = new Set<string | undefined>();
    for (const type of ['bigint', 'integer'] as const) {
      const tables = async () => [{ ...table, columns: [{ name: 'id', type: { id: type } }] }];
      versions.add((await sourceOf({ tables }).describeTable(['items'], { signal }))?.version);
    }
    expect(versions.size).toBe(2);
  });

  test('errors of a reader’s own check are classified', async () => {
    const checkHealth = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    await expect(sourceOf({ checkHealth }).checkHealth({ signal })).rejects.toMatchObject({
      code: 'SOURCE.UNREACHABLE',
    });
  });

  test('health is a listing that works', async () => {
    expect(await sourceOf({}).checkHealth({ signal })).toMatchObject({ healthy: true, findings: [] });
  });
});

describe('reading', () => {
  test('rows', async () => {
    await using execution = new Execution();
    const source = sourceOf({});
    const result = await source.executeRemoteQuery(await planOf(source), execution.context);
    expect(await rowsOf(result)).toEqual([[1n, 'a']]);
  });

  test('several requests, each after the one before it', async () => {
    await using execution = new Execution();
    const asked: PlainRead[] = [];
    const source = sourceOf({
      read: (read) => {
        asked.push(read);
        return { kind: 'rows', rows: pagesOf([[asked.length, 'x']], [[asked.length, 'y']]) };
      },
    });
    const result = await source.executeRemoteQuery(await planOf(source, [threeIds]), execution.context);
    expect(asked).toHaveLength(1);
    expect(await rowsOf(result)).toEqual(
      [1n, 2n, 3n].flatMap((id) => [
        [id, 'x'],
        [id, 'y'],
      ]),
    );
    expect(asked.map(({ predicates }) => predicates.map((p) => ('values' in p ? p.values : [])))).toEqual([
      [['1']],
      [['2']],
      [['3']],
    ]);
  });

  test('Parquet files of several requests are read together', async () => {
    await using execution = new Execution();
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield parquetFile(2);
    }
    const source = sourceOf({ read: () => ({ kind: 'parquet', chunks: chunks() }) });
    const result = await source.executeRemoteQuery(await planOf(source, [threeIds]), execution.context);
    if (result.kind !== 'relation') throw new Error('a relation was expected');
    expect(result.sql.split(' UNION ALL ')).toHaveLength(3);
    expect([result.rows, result.bytes]).toEqual([6, 3 * parquetFile(2).length]);
    expect(execution.files).toHaveLength(3);
    await result.release();
    expect([execution.reserved, execution.files]).toEqual([0, []]);
  });

  test('the bytes of several requests are added up', async () => {
    await using execution = new Execution({ prefer: 'relation' });
    const source = sourceOf({
      read: () => ({ kind: 'wire', read: async (_, __, onProgress) => onProgress(1, 10) }),
    });
    const result = await source.executeRemoteQuery(await planOf(source, [threeIds]), execution.context);
    expect(execution.progress).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(result).toMatchObject({ kind: 'relation', bytes: 30 });
  });

  test('answers of two kinds are the connector’s defect', async () => {
    await using execution = new Execution();
    let calls = 0;
    const answers: readonly Answer[] = [
      { kind: 'rows', rows: pagesOf([[1, 'a']]) },
      { kind: 'wire', read: async () => undefined },
    ];
    const source = sourceOf({ read: () => answers[calls++] ?? { kind: 'rows', rows: pagesOf() } });
    const result = await source.executeRemoteQuery(await planOf(source, [threeIds]), execution.context);
    await expect(rowsOf(result)).rejects.toMatchObject({ code: 'SOURCE.CORRUPT_DATA' });
  });

  test('an error of the second request is classified', async () => {
    await using execution = new Execution();
    let calls = 0;
    const source = sourceOf({
      read: () => {
        if (calls++ > 0) throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
        return { kind: 'rows', rows: pagesOf([[1, 'a']]) };
      },
    });
    const result = await source.executeRemoteQuery(await planOf(source, [threeIds]), execution.context);
    await expect(rowsOf(result)).rejects.toMatchObject({
      code: 'SOURCE.UNREACHABLE',
      message: 'Source api (main.items): reset',
    });
  });

  test('a reader’s own classification', async () => {
    const source = createPlainSource({
      sourceId: 'api',
      connector: 'test',
      reader: {
        tables: () => Promise.reject(new Error('no')),
        read: () => ({ kind: 'rows', rows: pagesOf() }),
      },
      classify: (error) => new TributaryError('SOURCE.PERMISSION', { message: String(error) }),
    });
    await expect(source.listTables({ signal })).rejects.toMatchObject({ code: 'SOURCE.PERMISSION' });
  });

  test('nothing is called after an abort', async () => {
    let calls = 0;
    const source = sourceOf({
      tables: async () => {
        calls += 1;
        return [table];
      },
    });
    await expect(source.listTables({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'QUERY.CANCELLED',
    });
    expect(calls).toBe(0);
  });
});

test('a table that was never described cannot be planned', () => {
  const request = {
    kind: 'scan',
    table: ['x'],
    columns: [],
    filterColumns: [],
    filters: [],
    keySets: [],
  } as const;
  expect(() => sourceOf({}).planRemoteQuery({ ...request, estimate: { rows: 1, bytes: 1 } })).toThrow(
    expect.objectContaining({ code: 'SOURCE.MISSING_OBJECT' }),
  );
});
