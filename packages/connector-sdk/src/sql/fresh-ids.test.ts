import type { Rel } from '@tributary/contract/plan';
import { expect, test } from 'vitest';
import { FreshIds } from './fresh-ids.js';

test('ids that no node of the plan has', () => {
  const scan: Rel = {
    kind: 'scan',
    source: 'db',
    table: ['t'],
    columns: [{ id: 7, name: 'a', type: { id: 'integer' }, nullable: true, comparison: 'ordered' }],
  };
  const ids = new FreshIds({ kind: 'project', input: scan, columns: [] });
  expect([ids.take(), ids.take()]).toEqual([8, 9]);
});
