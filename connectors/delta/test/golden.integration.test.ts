import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '@tributary/core';
import { goldenEngine, goldens, newestGoldens, textRows } from './golden.js';

let engine: Engine;
beforeAll(async () => {
  engine = await goldenEngine();
});
afterAll(() => engine.close());

describe('tables as their own writer reads them', () => {
  test.each(newestGoldens())('$name', async ({ name, version }) => {
    const rows = await textRows(engine, `lake.${name}`);
    expect(rows).toEqual(await textRows(engine, `expected."${name}@v${version}"`));
    expect(rows).not.toEqual([]);
  });

  test.each(goldens())('$name at version $version', async ({ name, version }) => {
    const asked = `"${name}@v${version}"`;
    expect(await textRows(engine, `lake.${asked}`)).toEqual(await textRows(engine, `expected.${asked}`));
  });

  test.each(newestGoldens())('$name: names and types', async ({ name, version }) => {
    const { schema } = await engine.describeTable(`lake.${name}`);
    const { schema: expected } = await engine.describeTable(`expected."${name}@v${version}"`);
    const columns = (of: typeof schema) => of.columns.map((column) => [column.name, column.type]);
    expect(columns(schema)).toEqual(columns(expected));
  });
});
