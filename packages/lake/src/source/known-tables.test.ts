import { expect, test } from 'vitest';
import type { LakeTable } from '../table/lake-table.js';
import { KnownTables } from './known-tables.js';

function table(name: string): LakeTable {
  return { name: { name }, location: '/', format: 'parquet', columns: [], files: [], version: '1' };
}

test('a thousand tables are kept, those that were used last, by names without regard to case', () => {
  const tables = new KnownTables();
  for (let index = 0; index < 1000; index += 1) tables.set([`t${index}`], table(`t${index}`));
  expect(tables.get(['T0'])?.name.name).toBe('t0');
  tables.set(['one', 'more'], table('more'));
  expect(tables.get(['t0'])).toBeDefined();
  expect(tables.get(['t1'])).toBeUndefined();
  expect(tables.get(['t2'])).toBeDefined();
  tables.set(['t2'], undefined);
  expect(tables.get(['t2'])).toBeUndefined();
});
