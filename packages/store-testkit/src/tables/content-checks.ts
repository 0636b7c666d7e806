import assert from 'node:assert/strict';
import { answer } from '@tributary/connector-testkit/generate';
import { compareRows, openPlainDuckDB, tpchParquet, tpchQuery, uploadFolder } from '@tributary/testbed';
import { fileBytes } from './file-bytes.js';
import type { StoreTablesSubject, TablesTest } from './tables-subject.js';

export function contentChecks(test: TablesTest, { tpch }: Pick<StoreTablesSubject, 'tpch'>): void {
  test('TPC-H agrees with plain DuckDB over the files, and a second run fetches nothing', async ({
    server,
    proxy,
    engineOver,
  }) => {
    const folder = await tpchParquet(0.01);
    await uploadFolder(server, folder, 'tpch');
    await using plain = await openPlainDuckDB(folder);
    await using engine = await engineOver('tpch');
    for (const number of tpch) {
      const sql = await tpchQuery(number);
      const expected = await plain.query(sql);
      const ordered = /order by/i.test(sql);
      const { rows: found } = await answer(engine, sql);
      assert.equal(compareRows(found, expected.rows, { ordered }), undefined, `q${number}`);
    }
    assert.ok(proxy.bytes > 0);
    proxy.forget();
    for (const number of tpch) await answer(engine, await tpchQuery(number));
    assert.equal(proxy.bytes, 0);
  });

  test('Hive folders, text, compressed text and hostile names are tables, pushed or not', async ({
    server,
    engineOver,
  }) => {
    const lines = 'SELECT i, i || $$ x$$ AS t FROM range(3000) r(i)';
    const documents = 'SELECT i AS id FROM range(500) r(i)';
    const files = {
      'events/year=2024/kind=a%20b/x.parquet': await fileBytes('SELECT 20240 AS n'),
      'events/year=2025/kind=a%20b/x.parquet': await fileBytes('SELECT 20250 AS n'),
      'lines.csv.gz': await fileBytes(lines, 'FORMAT csv, HEADER, COMPRESSION gzip'),
      'docs.ndjson.zst': await fileBytes(documents, 'FORMAT json, COMPRESSION zstd'),
      'odd + name [1]%&=é.parquet': await fileBytes('SELECT 42 AS n'),
    };
    for (const [key, body] of Object.entries(files)) await server.putObject(`mixed/${key}`, body);
    await using engine = await engineOver('mixed');
    const expected = {
      'SELECT n, year, kind FROM far.events WHERE year = 2025': [['20250', '2025', `'a b'`]],
      [`SELECT count(*), max(i) FROM far.lines WHERE t LIKE '%9 x'`]: [['300', '2999']],
      'SELECT sum(id) FROM far.docs WHERE id < 10': [['45']],
      'SELECT n FROM far."odd + name [1]%&=é"': [['42']],
    };
    for (const [sql, right] of Object.entries(expected)) {
      for (const pushdown of ['auto', 'off'] as const) {
        const { rows: found } = await answer(engine, sql, { pushdown });
        assert.deepEqual(found, right, `${sql}, pushdown ${pushdown}`);
      }
    }
  });
}
