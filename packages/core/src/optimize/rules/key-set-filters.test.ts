import { type Expr, type Rel, type ScanColumn, compare } from '@tributary/contract';
import { describe, expect, it } from 'vitest';
import { showRel } from '../../../test/optimize/show.js';
import { type OptimizeContext, pushDownFilters } from '../index.js';

const context: OptimizeContext = {
  statistics: () => undefined,
  schema: () => undefined,
  info: () => undefined,
  newId: () => 100,
};

function scan(table: string, ...columns: readonly (readonly [id: number, name: string])[]): Rel {
  return {
    kind: 'scan',
    source: 'pg',
    table: [table],
    columns: columns.map(([id, name]): ScanColumn => ({
      id,
      name,
      type: { id: 'integer' },
      nullable: true,
      comparison: 'ordered',
    })),
  };
}

const column = (id: number): Expr => ({ kind: 'column', id, type: { id: 'integer' } });
const inKeySet = (...ids: readonly number[]): Expr => ({
  kind: 'in-key-set',
  keySet: 'k',
  args: ids.map(column),
});
const filter = (input: Rel, ...predicates: readonly Expr[]): Rel => ({ kind: 'filter', input, predicates });

const r = scan('r', [1, 'a'], [2, 'b']);
const s = scan('s', [3, 'c'], [4, 'd']);
const joined: Rel = {
  kind: 'join',
  type: 'inner',
  left: r,
  right: s,
  on: [compare('=', column(1), column(3))],
};

describe('pushDownFilters takes a key set', () => {
  const pushed = (rel: Rel): string => `\n${showRel(pushDownFilters(rel, context))}\n`;

  it('to the side of a join that it reads', () => {
    expect(pushed(filter(joined, inKeySet(4)))).toMatchInlineSnapshot(`
      "
      inner join a = c
        scan pg.r [a b]
        filter (d) in k
          scan pg.s [c d]
      "
    `);
  });

  it('over both sides nowhere: it is no join condition', () => {
    expect(pushed(filter(joined, inKeySet(2, 4)))).toMatchInlineSnapshot(`
      "
      filter (b, d) in k
        inner join a = c
          scan pg.r [a b]
          scan pg.s [c d]
      "
    `);
  });

  it('below an aggregate by its group key', () => {
    const aggregate: Rel = {
      kind: 'aggregate',
      input: r,
      groups: [{ id: 10, name: 'a', type: { id: 'integer' }, expr: column(1) }],
      aggregates: [],
    };
    expect(pushed(filter(aggregate, inKeySet(10)))).toMatchInlineSnapshot(`
      "
      aggregate [a] 
        filter (a) in k
          scan pg.r [a b]
      "
    `);
  });

  it('never into the side that an outer join pads', () => {
    expect(pushed(filter({ ...joined, type: 'left' }, inKeySet(4)))).toMatchInlineSnapshot(`
      "
      filter (d) in k
        left join a = c
          scan pg.r [a b]
          scan pg.s [c d]
      "
    `);
  });
});
