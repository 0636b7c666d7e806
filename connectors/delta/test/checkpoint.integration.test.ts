import { cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine } from '@tributary/core';
import { expect, test } from 'vitest';
import { createDeltaSource } from '../src/index.js';
import { fixtures, goldenEngine, newestGoldens, rowsOf, textRows } from './golden.js';
import { writeCheckpoint } from './support/checkpoint-writer.js';

const call = { signal: new AbortController().signal };

/** Tables whose log says more of a file than its path. */
const names = ['deletions', 'partitions', 'widening', 'mapping_upgraded', 'rs_evolved'];

test.each(newestGoldens().filter(({ name }) => names.includes(name)))(
  '$name is the same by a checkpoint alone',
  async ({ name, version }) => {
    const root = await mkdtemp(join(tmpdir(), 'delta-'));
    try {
      await cp(join(fixtures, 'tables', name), join(root, name), { recursive: true });
      await writeCheckpoint(join(root, name));
      await using engine = await goldenEngine(createDeltaSource('lake', { root }));
      const rows = await textRows(engine, `lake.${name}`);
      expect(rows).toEqual(await textRows(engine, `expected."${name}@v${version}"`));
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
);

test('bounds beyond what can be told are no bounds', async () => {
  const root = await mkdtemp(join(tmpdir(), 'delta-'));
  const table = join(root, 't');
  await mkdir(join(table, '_delta_log'), { recursive: true });
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const row = `DATE '2024-01-01' AS near, DATE '400000-01-01' AS far, TIMESTAMPTZ '290000-01-01 00:00:00+00' AS ts`;
    await duckdb.run(`COPY (SELECT ${row}) TO '${join(table, 'f.parquet')}' (FORMAT parquet)`);
    const { size } = await stat(join(table, 'f.parquet'));
    const types = { near: 'date', far: 'date', ts: 'timestamp' };
    const fields = Object.entries(types).map(([name, type]) => ({
      name,
      type,
      nullable: true,
      metadata: {},
    }));
    const schema = JSON.stringify({ type: 'struct', fields });
    const bounds = `(SELECT b FROM (SELECT ${row}) AS b)`;
    await duckdb.run(`COPY (
      SELECT {'minReaderVersion': 1, 'minWriterVersion': 2} AS protocol, NULL AS "metaData", NULL AS add
      UNION ALL SELECT NULL, {'id': 't', 'schemaString': '${schema}', 'partitionColumns': []::VARCHAR[]}, NULL
      UNION ALL SELECT NULL, NULL, {'path': 'f.parquet', 'size': ${size}, 'modificationTime': 0, 'stats_parsed':
        {'numRecords': 1, 'minValues': ${bounds}, 'maxValues': ${bounds}}}
    ) TO '${join(table, '_delta_log', `${'0'.repeat(20)}.checkpoint.parquet`)}' (FORMAT parquet)`);
    await using engine = await createEngine({ sources: [createDeltaSource('lake', { root })] });
    const count = (filter: string) =>
      rowsOf(engine, `SELECT count(*)::INTEGER AS n FROM lake.t WHERE ${filter}`);
    expect(await count(`far > DATE '9999-01-01' AND ts > TIMESTAMPTZ '9999-01-01'`)).toEqual([{ n: 1 }]);
    expect(await count(`near > DATE '2024-01-01'`)).toEqual([{ n: 0 }]);
    const [lake] = engine.sources();
    const statistics = await lake?.getRemoteStatistics({ name: 't', kind: 'files' }, call);
    expect(statistics?.columns.get('near')).toMatchObject({ min: '2024-01-01', max: '2024-01-01' });
    expect(statistics?.columns.get('far')?.max).toBeUndefined();
  } finally {
    duckdb.closeSync();
    await rm(root, { recursive: true, force: true });
  }
});
