import {
  type Expr,
  type Rel,
  type RemoteQueryRequest,
  columnRef,
  compare,
  literal,
} from '@tributary/contract';
import { describe, expect, test } from 'vitest';
import { MemorySource } from '../../test/execute/memory-source.js';
import {
  bigint,
  joinOf,
  keySetEdge,
  planOf,
  remote,
  scanColumn,
  scanFragment,
  varchar,
} from '../../test/execute/plans.js';
import type { FederatedPlan, Fragment } from '../plan/federated-plan.js';
import { keyedJoin } from './keyed-join.js';

const key = scanColumn(1, 'k', bigint);
const extra = scanColumn(2, 'extra', varchar);
const id = scanColumn(3, 'id', bigint);
const label = scanColumn(4, 'label', varchar);

const source = new MemorySource('s', {
  keys: [{ name: 'k', type: bigint, values: [1n] }],
  rows: [{ name: 'id', type: bigint, values: [1n] }],
});
const producer = scanFragment('f1', source, 'keys', [key, extra]);
const consumer = relational(scanFragment('f2', source, 'rows', [id, label], ['ks1']));
const edge = keySetEdge('ks1', producer, consumer, 10);
const equal = compare('=', columnRef(key), columnRef(id));

/** The fragment as a database has it: a whole subtree, of which it leaves nothing. */
function relational(fragment: Fragment): Fragment {
  const { relation, estimate } = fragment;
  const request: RemoteQueryRequest = { kind: 'relational', relation, keySets: [], estimate };
  return { ...fragment, remote: { ...fragment.remote, request } };
}

function picked(input: Rel, ...exprs: readonly Expr[]): Rel {
  const columns = exprs.map((expr, i) => ({ id: 10 + i, name: `c${i}`, type: bigint, nullable: true, expr }));
  return { kind: 'project', input, columns };
}

function plan(relation: Rel, more: Partial<FederatedPlan> = {}): FederatedPlan {
  return { ...planOf([producer, consumer], { kind: 'relation', relation }, [], [edge]), ...more };
}

const inner = joinOf(producer, consumer);
const semi: Rel = {
  kind: 'join',
  type: 'semi',
  left: remote(consumer),
  right: remote(producer),
  on: [equal],
};

describe('a join that its key set settles', () => {
  test('an inner join, if the keys are unique: the consumer has the keys too', () => {
    expect(keyedJoin(plan(picked(inner, columnRef(label), columnRef(key), columnRef(id))))).toEqual({
      edge,
      producer: 'f1',
      consumer: 'f2',
      needsUniqueKeys: true,
      columns: [1, 0, 0],
    });
  });

  test('a semi join, however often a key is there', () => {
    expect(keyedJoin(plan(semi))).toMatchObject({ needsUniqueKeys: false, columns: [0, 1] });
    expect(
      keyedJoin(plan(picked(picked(semi, columnRef(label)), columnRef({ ...label, id: 10 })))),
    ).toMatchObject({
      columns: [1],
    });
  });

  const another = compare('=', columnRef(extra), columnRef(label));
  const join = (more: Partial<Rel & { readonly kind: 'join' }>): Rel => ({ ...inner, ...more }) as Rel;
  test.each<readonly [string, FederatedPlan]>([
    ['another column of the producer is wanted', plan(picked(inner, columnRef(extra)))],
    ['something is computed', plan(picked(inner, literal(bigint, '1')))],
    ['the join asks for more', plan(join({ on: [equal, another] }))],
    ['the join asks for something else', plan(join({ on: [compare('<', columnRef(key), columnRef(id))] }))],
    ['rows without a match count', plan(join({ type: 'left' }))],
    [
      'the rows of the other side are wanted',
      plan({ ...semi, left: remote(producer), right: remote(consumer) }),
    ],
    [
      'the source may leave more rows in',
      plan(inner, { fragments: [producer, scanFragment('f2', source, 'rows', [id])] }),
    ],
    ['there are more fragments', plan(inner, { fragments: [producer, consumer, producer] })],
    ['there are more key sets', plan(inner, { keySets: [edge, edge] })],
    ['there is no key set', plan(inner, { keySets: [] })],
    [
      'equal keys may differ',
      plan(inner, { keySets: [{ ...edge, keyColumns: [{ ...key, type: { id: 'double' } }] }] }),
    ],
    ['the keys come from a join', plan(join({ left: inner }))],
  ])('not where %s', (_, given) => {
    expect(keyedJoin(given)).toBeUndefined();
  });
});
