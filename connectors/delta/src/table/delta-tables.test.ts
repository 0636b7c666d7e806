import { expect, test } from 'vitest';
import { MemoryStore } from '../../test/support/memory-store.js';
import { StoreFolders } from '../files/store-folders.js';
import type { DeltaLog } from '../log/delta-log.js';
import { DeltaTables } from './delta-tables.js';

test('of very many tables, the logs that were asked for last are kept', async () => {
  const store = new MemoryStore();
  const names = Array.from({ length: 1001 }, (_, at) => `t${at}`);
  const tables = new DeltaTables({
    sourceId: 'lake',
    store,
    folders: new StoreFolders(store, ''),
    tables: names.map((name) => ({ name, folder: name, at: undefined })),
  });
  const logOf = async (name: string): Promise<DeltaLog | undefined> =>
    (await tables.find([name], { signal: new AbortController().signal }))?.log;
  const [first, second] = [await logOf('t0'), await logOf('t1')];
  for (const name of names.slice(2, 1000)) await logOf(name);
  expect(await logOf('t0')).toBe(first);
  await logOf('t1000');
  expect(await logOf('t0')).toBe(first);
  expect(await logOf('t1')).not.toBe(second);
});
