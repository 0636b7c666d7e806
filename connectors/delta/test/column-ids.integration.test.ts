import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine } from '@tributary/core';
import { expect, test } from 'vitest';
import { createDeltaSource } from '../src/index.js';
import { rowsOf } from './golden.js';
import { metaDataOf, writeCommit } from './support/write-commit.js';

const mapped = (name: string, id: number, physicalName: string) => ({
  name,
  type: 'integer',
  metadata: { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': physicalName },
});

test.each([
  ['ids go before names', '(FORMAT parquet, FIELD_IDS {a: 1, b: 2})', [{ old: 10, kept: 20, added: null }]],
  ['a file without ids is read by physical names', '(FORMAT parquet)', [{ old: 10, kept: 20, added: 10 }]],
])('columns mapped by id: %s', async (_, format, rows) => {
  const root = await mkdtemp(join(tmpdir(), 'delta-'));
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const table = join(root, 't');
    await mkdir(table);
    await duckdb.run(`COPY (SELECT 10 AS a, 20 AS b) TO '${join(table, 'f.parquet')}' ${format}`);
    const { size } = await stat(join(table, 'f.parquet'));
    // What was `a` in the file is another column by now, and a new one has its name: as in tables that were Iceberg's.
    const fields = [mapped('old', 1, 'a'), mapped('kept', 2, 'b'), mapped('added', 3, 'a')];
    await writeCommit(table, 0, [
      { protocol: { minReaderVersion: 2, minWriterVersion: 5 } },
      metaDataOf(fields, [], { 'delta.columnMapping.mode': 'id' }),
      { add: { path: 'f.parquet', size, modificationTime: 0, dataChange: true, partitionValues: {} } },
    ]);
    await using engine = await createEngine({ sources: [createDeltaSource('lake', { root })] });
    expect(await rowsOf(engine, 'SELECT old, kept, added FROM lake.t')).toEqual(rows);
  } finally {
    duckdb.closeSync();
    await rm(root, { recursive: true, force: true });
  }
});
