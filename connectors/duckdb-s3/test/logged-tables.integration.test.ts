import { stat } from 'node:fs/promises';
import { columnRef, compare, literal, simpleType } from '@tributary/connector-sdk';
import {
  type LakeColumn,
  type LakeTable,
  type ObjectStore,
  type TableProvider,
  createFileSource,
  localStore,
  objectAccess,
  storeCost,
} from '@tributary/lake';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LakeFixture, TableProbe } from './lake-fixture.js';

const rows = 10_000;
/** One row of every hundredth, and all of the third row group. */
const deleted = Array.from({ length: rows }, (_, row) => row).filter(
  (row) => row % 100 === 7 || Math.floor(row / 2048) === 2,
);

let lake: LakeFixture;
let reads = 0;
beforeAll(async () => {
  lake = await LakeFixture.create();
  await lake.run(
    `COPY (SELECT i AS id, i % 5 AS n FROM range(${rows}) t(i)) TO '${lake.path('x.parquet')}' (ROW_GROUP_SIZE 2048)`,
  );
});
afterAll(() => lake[Symbol.asyncDispose]());

function column(name: string): LakeColumn {
  return {
    name,
    type: simpleType('bigint'),
    nativeType: 'bigint',
    nullable: true,
    comparison: 'ordered',
    origin: 'file',
  };
}

/** A table whose log vouches for one file, and has deleted rows of it. */
async function probe(): Promise<TableProbe> {
  const path = lake.path('x.parquet');
  const { size } = await stat(path);
  const inner = localStore(lake.root, 'log');
  const etag = (await inner.head('x.parquet', { signal: new AbortController().signal }))?.etag ?? '';
  const store: ObjectStore = {
    id: inner.id,
    locationOf: (key) => inner.locationOf(key),
    listPage: (prefix, continuation, call) => inner.listPage(prefix, continuation, call),
    head: (key, call) => inner.head(key, call),
    read: (key, range, call) => {
      reads += 1;
      return inner.read(key, range, call);
    },
    stream: (key, call) => inner.stream(key, call),
    close: () => inner.close(),
  };
  const table: LakeTable = {
    name: { name: 't' },
    location: lake.root,
    format: 'parquet',
    columns: [column('id'), column('n')],
    files: [
      {
        file: { path, key: 'x.parquet', size, etag, partition: new Map() },
        partition: new Map(),
        statistics: { rows, columns: new Map([['id', { min: '0', max: String(rows - 1), nulls: 0 }]]) },
        deleted: { id: 'd', count: deleted.length, rows: () => Promise.resolve(deleted) },
      },
    ],
    version: '1',
    snapshot: 'version 1',
  };
  const tables: TableProvider = {
    location: lake.root,
    list: () => Promise.resolve([{ name: 't' }]),
    load: () => Promise.resolve(table),
    clear: () => undefined,
  };
  const options = { sourceId: 'log', cache: { directory: `${lake.root}.cache` } };
  const access = objectAccess(store, options);
  const source = createFileSource({
    sourceId: 'log',
    connector: 'test',
    tables,
    access,
    cost: storeCost({}),
  });
  return TableProbe.open(source, 't');
}

test('a row count that the log tells reads nothing, and a filter that its bounds exclude neither', async () => {
  const table = await probe();
  reads = 0;
  const counted = await table.execute(table.plan([]));
  expect(counted.rows).toBe(rows - deleted.length);
  const [row] = await lake.rows(`SELECT count(*)::INTEGER FROM (${counted.sql})`);
  expect(row).toEqual([rows - deleted.length]);
  const id = table.column('id');
  const none = await table.execute(
    table.plan(['n'], [compare('>', columnRef(id), literal(id.type, String(rows)))]),
  );
  expect(await lake.rows(none.sql)).toEqual([]);
  expect(reads).toBe(0);
});

test.each([0, 2000, 4100, 6144, 9990])(
  'deleted rows stay away, with row groups dropped below %i',
  async (least) => {
    const table = await probe();
    const id = table.column('id');
    const result = await table.execute(
      table.plan(['id'], [compare('>=', columnRef(id), literal(id.type, String(least)))]),
    );
    const found = await lake.rows(`SELECT id::INTEGER FROM (${result.sql}) ORDER BY id`);
    const gone = new Set(deleted);
    const expected = Array.from({ length: rows }, (_, row) => row).filter(
      (row) => row >= least && !gone.has(row),
    );
    expect(found.map(([value]) => value)).toEqual(expected);
    await result.release();
  },
);
