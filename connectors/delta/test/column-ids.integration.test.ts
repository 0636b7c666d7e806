import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine } from '@tributary/core';
import { expect, test } from 'vitest';
import { createDeltaSource } from '../src/index.js';
import { rowsOf } from './golden.js';
import { type WrittenField, metaDataOf, writeCommit } from './support/write-commit.js';

const mapped = (name: string, id: number, physicalName: string, type: unknown = 'integer') => ({
  name,
  type,
  metadata: { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': physicalName },
});

const struct = (...fields: readonly object[]) => ({
  type: 'struct',
  fields: fields.map((field) => ({ ...field, nullable: true })),
});

/** What a table of one file, written by `COPY (select) TO … format`, has by the schema. */
async function readBack(
  select: string,
  format: string,
  fields: readonly WrittenField[],
  query: string,
): Promise<readonly unknown[]> {
  const root = await mkdtemp(join(tmpdir(), 'delta-'));
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const table = join(root, 't');
    await mkdir(table);
    await duckdb.run(`COPY (${select}) TO '${join(table, 'f.parquet')}' ${format}`);
    const { size } = await stat(join(table, 'f.parquet'));
    await writeCommit(table, 0, [
      { protocol: { minReaderVersion: 2, minWriterVersion: 5 } },
      metaDataOf(fields, [], { 'delta.columnMapping.mode': 'Id' }),
      { add: { path: 'f.parquet', size, modificationTime: 0, dataChange: true, partitionValues: {} } },
    ]);
    await using engine = await createEngine({ sources: [createDeltaSource('lake', { root })] });
    return await rowsOf(engine, query);
  } finally {
    duckdb.closeSync();
    await rm(root, { recursive: true, force: true });
  }
}

test.each([
  ['ids go before names', '(FORMAT parquet, FIELD_IDS {a: 1, b: 2})', [{ old: 10, kept: 20, added: null }]],
  ['a file without ids is read by physical names', '(FORMAT parquet)', [{ old: 10, kept: 20, added: 10 }]],
])('columns mapped by id: %s', async (_, format, rows) => {
  // What was `a` in the file is another column by now, and a new one has its name: as in tables that were Iceberg's.
  const fields = [mapped('old', 1, 'a'), mapped('kept', 2, 'b'), mapped('added', 3, 'a')];
  const query = 'SELECT old, kept, added FROM lake.t';
  expect(await readBack('SELECT 10 AS a, 20 AS b', format, fields, query)).toEqual(rows);
});

const nestedIds = `(FORMAT parquet, FIELD_IDS {
  s: {__duckdb_field_id: 1, a: 2, b: 3},
  l: {__duckdb_field_id: 4, element: {__duckdb_field_id: 5, a: 6, b: 7}},
  m: {__duckdb_field_id: 8, key: 9, value: {__duckdb_field_id: 10, element: {__duckdb_field_id: 11, a: 12, b: 13}}}})`;

test.each([
  ['ids go before names', nestedIds, [1, 2, null]],
  ['a file without ids is read by physical names', '(FORMAT parquet)', [1, 2, 1]],
])('fields at any depth mapped by id: %s', async (_, format, [old, kept, added]) => {
  const inner = (id: number) =>
    struct(mapped('kept', id + 1, 'b', 'long'), mapped('old', id, 'a'), mapped('added', id + 100, 'a'));
  const listOf = (elementType: unknown) => ({ type: 'array', elementType, containsNull: true });
  const map = { type: 'map', keyType: 'string', valueType: listOf(inner(12)), valueContainsNull: true };
  const fields = [
    mapped('renamed', 1, 's', inner(2)),
    mapped('listed', 4, 'l', listOf(inner(6))),
    mapped('keyed', 8, 'm', map),
  ];
  const value = "{'a': 1, 'b': 2}";
  const rows = await readBack(
    `SELECT ${value} AS s, [${value}, NULL] AS l, MAP {'k': [${value}]} AS m UNION ALL SELECT NULL, NULL, NULL`,
    format,
    fields,
    `SELECT renamed.old, renamed.kept::INTEGER AS kept, renamed.added, listed[1]::VARCHAR AS l, listed[2] IS NULL AS n,
      keyed['k'][1]::VARCHAR AS m FROM lake.t WHERE renamed IS NOT NULL`,
  );
  const text = `{'kept': ${kept}, 'old': ${old}, 'added': ${added ?? 'NULL'}}`;
  expect(rows).toEqual([{ old, kept, added, l: text, n: true, m: text }]);
});
