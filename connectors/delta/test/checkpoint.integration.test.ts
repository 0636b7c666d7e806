import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDeltaSource } from '../src/index.js';
import { fixtures, goldenEngine, newestGoldens, textRows } from './golden.js';
import { writeCheckpoint } from './support/checkpoint-writer.js';

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
