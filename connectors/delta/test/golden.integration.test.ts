import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '@tributary/core';
import {
  goldenEngine,
  goldens,
  historyOf,
  localTables,
  newestGoldens,
  rowsOf,
  storedTables,
  textRows,
} from './golden.js';

describe.each([
  ['where they lie', localTables],
  ['fetched from a store', storedTables],
])('tables as their own writer reads them, %s', (_, tables) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await goldenEngine(tables());
  });
  afterAll(() => engine.close());

  test.each(newestGoldens())('$name', async ({ name, version }) => {
    const rows = await textRows(engine, `lake.${name}`);
    expect(rows).toEqual(await textRows(engine, `expected."${name}@v${version}"`));
    expect(rows).not.toEqual([]);
  });

  test('what lies in the log', async () => {
    const { length } = newestGoldens();
    expect(await engine.listTables('lake')).toHaveLength(length);
  });
});

describe('tables as their own writer reads them', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await goldenEngine(localTables());
  });
  afterAll(() => engine.close());

  const newest = newestGoldens();
  const older = goldens().filter(
    ({ name, version }) => !newest.some((at) => at.name === name && at.version === version),
  );

  test.each(older)('$name at version $version', async ({ name, version }) => {
    const asked = `"${name}@v${version}"`;
    expect(await textRows(engine, `lake.${asked}`)).toEqual(await textRows(engine, `expected.${asked}`));
  });

  test.each(newest)('$name: names, types and the number of rows', async ({ name, version }) => {
    const expected = `expected."${name}@v${version}"`;
    const columnsOf = async (table: string) => {
      const { schema } = await engine.describeTable(table);
      return schema.columns.map((column) => [column.name, column.type]);
    };
    expect(await columnsOf(`lake.${name}`)).toEqual(await columnsOf(expected));
    const count = (table: string) => rowsOf(engine, `SELECT count(*) AS n FROM ${table}`);
    expect(await count(`lake.${name}`)).toEqual(await count(expected));
  });

  test.each(['in_commit', 'checkpoint_classic', 'rs_partitioned'])('%s: its history', async (name) => {
    const rows = await rowsOf(
      engine,
      `SELECT version, operation FROM lake."${name}$history" ORDER BY version DESC`,
    );
    expect(rows).toEqual(
      historyOf(name).map(({ version, operation }) => ({ version: BigInt(version), operation })),
    );
  });

  test('times that the commits know', async () => {
    const since = 2;
    const known = historyOf('in_commit').filter(({ version }) => version >= since);
    const rows = await rowsOf(
      engine,
      `SELECT version, epoch_ms("timestamp") AS ms FROM lake."in_commit$history" WHERE version >= ${since} ORDER BY version DESC`,
    );
    expect(rows).toEqual(
      known.map(({ version, timestamp }) => ({ version: BigInt(version), ms: BigInt(timestamp) })),
    );
    for (const { version, timestamp } of known) {
      const at = new Date(timestamp).toISOString();
      const asked = await textRows(engine, `lake."in_commit@${at}"`);
      expect(asked).toEqual(await textRows(engine, `expected."in_commit@v${version}"`));
    }
  });
});
