import { join } from 'node:path';
import { type Engine, createSourceFromConnector } from '@tributary/core';
import { type ObjectStore, startAzurite, startFakeGcs, uploadFolder } from '@tributary/testbed';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { delta } from '../src/index.js';
import { fixtures, goldenEngine, newestGoldens, rowsOf, textRows } from './golden.js';

/** Vectors of deleted rows, columns by id, parts of checkpoints, sidecars, encoded paths. */
const names = ['deletions', 'mapping_id', 'checkpoint_parts', 'checkpoint_json', 'partitions'];
const goldens = newestGoldens().filter(({ name }) => names.includes(name));

interface Place extends AsyncDisposable {
  readonly server: ObjectStore;
  /** As a configuration has it. */
  readonly options: object;
}

const places: readonly (readonly [string, () => Promise<Place>])[] = [
  [
    'Google Cloud Storage',
    async () => {
      const server = await startFakeGcs();
      const options = { root: `gs://${server.bucket}/lake`, gcs: { endpoint: server.endpoint } };
      return { server, options, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
    },
  ],
  [
    'Azure Blob Storage',
    async () => {
      const server = await startAzurite();
      const { connectionString } = server;
      const options = { root: `azure://${server.bucket}/lake`, azure: { connectionString } };
      return { server, options, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
    },
  ],
];

describe.each(places)('tables in %s', (_, open) => {
  let place: Place;
  let engine: Engine;
  beforeAll(async () => {
    place = await open();
    for (const name of names) {
      await uploadFolder(place.server, join(fixtures, 'tables', name), `lake/${name}`);
    }
    const options = { ...place.options, cache: false };
    engine = await goldenEngine(await createSourceFromConnector(delta, 'lake', options));
  });
  afterAll(async () => {
    await engine.close();
    await place[Symbol.asyncDispose]();
  });

  test('all of them are there', async () => {
    const found = (await engine.listTables('lake')).map(({ name }) => name);
    expect(found.toSorted()).toEqual(names.toSorted());
  });

  test.each(goldens)('$name, as its own writer reads it', async ({ name, version }) => {
    const rows = await textRows(engine, `lake.${name}`);
    expect(rows).toEqual(await textRows(engine, `expected."${name}@v${version}"`));
  });

  test('an older version', async () => {
    const count = 'SELECT count(*)::INTEGER AS n FROM lake.deletions AT (VERSION => 2)';
    expect(await rowsOf(engine, count)).toEqual([{ n: 1000 }]);
  });
});
