import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createMySqlSource } from '@tributary/connector-mysql';
import { answer, comparedModes } from '@tributary/connector-testkit/generate';
import { type Engine, createEngine } from '@tributary/core';
import {
  type PlainDuckDB,
  type TestServer,
  compareRows,
  openPlainDuckDB,
  runStatements,
  startMariadb,
  startMysql,
} from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const count = 20_000;

/** `name1`, `NAME1`, `Näme1` and `name1 ` are one key of the column's collation; `spaced` pads, as old collations do. */
const forms = ['name', 'NAME', 'Näme', 'name'] as const;
const rows = Array.from({ length: count }, (_, i) => {
  const name = `${forms[i % 4]}${i >> 2}${i % 4 === 3 ? ' ' : ''}`;
  return `(${i}, '${name}', '${name}')`;
});

describe.each([
  ['MySQL', startMysql],
  ['MariaDB', startMariadb],
] as const)('keys for columns of %s that take more texts for the same', (_, start) => {
  let server: TestServer;
  let duckdb: PlainDuckDB;
  let engine: Engine;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-keys-'));
    server = await start();
    duckdb = await openPlainDuckDB();
    await runStatements(server.url, [
      `CREATE TABLE names (id INT PRIMARY KEY, name VARCHAR(40) COLLATE utf8mb4_general_ci, spaced VARCHAR(40) COLLATE utf8mb4_bin, KEY (name), KEY (spaced))`,
      `INSERT INTO names VALUES ${rows.join(', ')}`,
      'ANALYZE TABLE names',
    ]);
    await duckdb.run('CREATE TABLE names (id INTEGER, name VARCHAR, spaced VARCHAR)');
    await duckdb.run(`INSERT INTO names VALUES ${rows.join(', ')}`);
    await duckdb.run(`CREATE TABLE keys AS SELECT 'name' || (i * 100) AS name FROM range(40) AS r(i)`);
    await duckdb.run(`COPY keys TO '${join(folder, 'keys.parquet')}'`);
    engine = await createEngine({
      sources: [createMySqlSource('shop', { url: server.url }), createLakeSource('lake', { root: folder })],
    });
  }, 120_000);

  afterAll(async () => {
    await engine?.close();
    await duckdb?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['a join', 'SELECT k.name, m.id, m.name AS again FROM keys k JOIN names m ON m.name = k.name'],
    ['IN', 'SELECT m.id, m.name FROM names m WHERE m.name IN (SELECT name FROM keys)'],
    ['padded text', 'SELECT k.name, m.id FROM keys k JOIN names m ON m.spaced = k.name'],
    ['numbers', 'SELECT m.id, m.name FROM names m WHERE m.id IN (SELECT length(name) FROM keys)'],
  ])('%s', async (_title, sql) => {
    const expected = await duckdb.query(sql);
    expect(expected.rows.length).toBeGreaterThan(1);
    for (const pushdown of comparedModes) {
      const { rows: found } = await answer(engine, sql, { pushdown });
      expect(compareRows(found, expected.rows), `pushdown ${pushdown}`).toBeUndefined();
    }
  });
});
