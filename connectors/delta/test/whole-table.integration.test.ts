import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '@tributary/core';
import { goldenEngine, localTables, newestGoldens } from './golden.js';

let engine: Engine;
beforeAll(async () => {
  engine = await goldenEngine(localTables());
});
afterAll(() => engine.close());

async function aggregateCodes(sql: string): Promise<readonly string[]> {
  const { decisions } = await engine.explain(sql);
  return decisions.flatMap(({ piece, code }) => (piece === 'aggregate' ? [code] : []));
}

/** Columns of which the log alone says the count, the least and the greatest value. */
const known: Readonly<Record<string, string>> = {
  checkpoint_classic: 'id',
  checkpoint_json: 'id',
  checkpoint_parquet: 'id',
  checkpoint_parts: 'id',
  checkpoint_struct: 'id',
  // Deleted rows may have taken the extremes with them.
  deletions: '',
  deletions_large: '',
  evolution: 'id g',
  in_commit: 'id',
  int96: 'id',
  mapping_id: 'id part',
  mapping_name: 'id part',
  mapping_upgraded: 'id',
  partitions: 'id s day ts ntz n d b',
  rs_evolved: 'id',
  rs_merged: 'id',
  rs_partitioned: 'id region day price',
  types: 'id i8 i16 i64 dec5 day',
  widening: 'id i dec m',
};

test.each(newestGoldens())('counts and extremes of $name', async ({ name, version }) => {
  const expected = `expected."${name}@v${version}"`;
  const { schema } = await engine.describeTable(expected);
  const found: string[] = [];
  for (const column of schema.columns) {
    const sql = `SELECT count(*), count("${column.name}"), min("${column.name}"), max("${column.name}") FROM lake.${name}`;
    const [code] = await aggregateCodes(sql);
    if (code === 'STATISTICS_ANSWER') found.push(column.name);
    else expect(code).toBe('STATISTICS_UNSURE');
  }
  expect(found.join(' ')).toBe(known[name]);
  const all = schema.columns.map((column) => column.name);
  for (const columns of [all, found]) {
    const list = columns.flatMap((column) =>
      [`count("${column}")`, `min("${column}")::VARCHAR`, `max("${column}")::VARCHAR`].map(
        (call, index) => `${call} AS "${column}${index}"`,
      ),
    );
    const select = `SELECT ${['count(*) AS n', ...list].join(', ')} FROM`;
    const answer = await engine.query(`${select} lake.${name}`);
    const oracle = await engine.query(`${select} ${expected}`, { pushdown: 'off' });
    expect(await answer.rows()).toEqual(await oracle.rows());
  }
});

test('rows are counted where some were deleted', async () => {
  expect(await aggregateCodes('SELECT count(*) FROM lake.deletions')).toEqual(['STATISTICS_ANSWER']);
});

test('a history is read', async () => {
  const sql = 'SELECT count(*) AS n, max(version) AS newest FROM lake."deletions$history"';
  expect(await aggregateCodes(sql)).toEqual(['NOT_IN_CAPABILITIES']);
  expect(await (await engine.query(sql)).rows()).toEqual([{ n: 7n, newest: 6n }]);
});
