import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typeName } from '@tributary/connector-sdk';
import type { Engine } from '@tributary/core';
import { goldenEngine, localTables, newestGoldens, rowsOf, storedTables } from './golden.js';

/** Tables of many files, whose statistics and partition values decide which of them are read. */
const tables = [
  'types',
  'widening',
  'partitions',
  'rs_partitioned',
  'mapping_id',
  'checkpoint_struct',
  'int96',
];

describe.each([
  ['where they lie', localTables, tables],
  ['fetched from a store', storedTables, ['types', 'widening', 'mapping_id']],
])('filters pass the rows that they pass over the writer’s answer, %s', (_, source, names) => {
  const wanted = newestGoldens().filter(({ name }) => names.includes(name));
  let engine: Engine;
  beforeAll(async () => {
    engine = await goldenEngine(source());
  });
  afterAll(() => engine.close());

  test.each(wanted)('$name', async ({ name, version }) => {
    const expected = `expected."${name}@v${version}"`;
    const { schema } = await engine.describeTable(`lake.${name}`);
    const nested = new Set(['list', 'struct', 'map']);
    for (const column of schema.columns.filter(({ type }) => !nested.has(type.id))) {
      const quoted = `"${column.name}"`;
      const values = await rowsOf(
        engine,
        `SELECT DISTINCT ${quoted}::VARCHAR AS v FROM ${expected} WHERE ${quoted} IS NOT NULL ORDER BY v LIMIT 5`,
      );
      const filters = values.flatMap((row) => {
        const text = String((row as { readonly v: unknown }).v).replaceAll("'", "''");
        return ['=', '<=', '>'].map((op) => `${quoted} ${op} CAST('${text}' AS ${typeName(column.type)})`);
      });
      const counts = (table: string) =>
        rowsOf(
          engine,
          [...filters, `${quoted} IS NULL`, `${quoted} IS NOT NULL`]
            .map((filter, index) => `SELECT ${index} AS filter, count(*) AS n FROM ${table} WHERE ${filter}`)
            .join(' UNION ALL ') + ' ORDER BY filter',
        );
      expect([column.name, filters, await counts(`lake.${name}`)]).toEqual([
        column.name,
        filters,
        await counts(expected),
      ]);
    }
  });
});

describe('files that cannot match are not read', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await goldenEngine(localTables());
  });
  afterAll(() => engine.close());

  test.each([
    ['types', 'i64 = 9007199254740993', 'files 1 of 5'],
    ['types', "s = 'nothing like it'", 'files 2 of 5'],
    ['types', 'i64 IS NULL', 'files 1 of 5'],
    ['types', "ts > TIMESTAMPTZ '2024-06-30 23:59:59.9999+00'", 'files 1 of 5'],
    ['types', 'd > 1e300', 'files 4 of 5'],
    ['partitions', "day = DATE '2024-02-29'", 'files 1 of 4'],
    ['partitions', 's IS NULL', 'files 1 of 4'],
    ['partitions', "ts < TIMESTAMPTZ '1970-01-01 00:00:00+00'", 'files 1 of 4'],
    ['checkpoint_struct', 'id = 5', 'files 1 of 7'],
    ['widening', 'id = 3000000000', 'files 1 of 2'],
    ['mapping_name', 'id = 3', 'files 1 of 3'],
  ])('%s where %s', async (table, filter, files) => {
    const document = await engine.explain(`SELECT * FROM lake.${table} WHERE ${filter}`);
    expect(document.fragments.map(({ native }) => native).join('\n')).toContain(files);
  });

  test('what the planner gets to know', async () => {
    const [lake] = engine.sources();
    const statistics = await lake?.getRemoteStatistics(
      { name: 'deletions_large', kind: 'files' },
      { signal: new AbortController().signal },
    );
    expect(statistics).toMatchObject({ rows: 150_000 - 21_846 - 50_001 - 3, origin: 'source' });
    expect(statistics?.columns.get('id')).toMatchObject({ min: '0', max: '149999', nullFraction: 0 });
  });

  test('a count needs no row', async () => {
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM lake.deletions_large')).toEqual([{ n: 78_150n }]);
    const document = await engine.explain('SELECT count(*) FROM lake.deletions_large', { analyze: true });
    expect(document.fragments.map(({ native }) => native).join('\n')).toContain('files 0 of 1');
  });
});
