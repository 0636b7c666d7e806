import { expect, test } from 'vitest';
import {
  agg,
  aggregate,
  bigint,
  call,
  filter,
  int,
  integer,
  join,
  project,
  ref,
  scan,
  sort,
  t,
  text,
  u,
  varchar,
} from '../../test/render/plans.js';
import { type ComparisonFidelity, type Expr, type Rel, compare, literal, simpleType } from '../plan/index.js';
import type { SqlDialect } from './dialect.js';
import { duckdbDialect } from './duckdb/dialect.js';
import { fidelitiesOf } from './fidelity.js';
import { nodeRefusal } from './node-refusal.js';
import { renderReasonCodes } from './reason-codes.js';
import { RenderRefusal } from './refusal.js';
import { renderQuery } from './render-query.js';

/** A database that has `upper`, `sum` and no more, orders only numbers, and writes no doubles. */
const poor: SqlDialect = {
  ...duckdbDialect,
  literal: (l) => (l.type.id === 'double' ? undefined : duckdbDialect.literal(l)),
  cast: (arg, from, to, isTry) => (to.id === 'date' ? undefined : duckdbDialect.cast(arg, from, to, isTry)),
  comparison: (op, l, r, type) =>
    type.id === 'varchar' && op !== '=' ? undefined : duckdbDialect.comparison(op, l, r, type),
  functions: new Map([['upper', [{ args: ['varchar'], render: ([arg]) => `upper(${arg})` }]]]),
  aggregates: new Map([
    ['sum', [{ args: ['any-integer'], distinct: false, render: ([arg]) => `sum(${arg})` }]],
  ]),
  windowFunctions: new Map(),
  placeholder: (position, type) => (type.id === 'json' ? undefined : `$${position}`),
  groupable: (type) => type.id !== 'json',
  sortKey: (sql, type) => (type.id === 'integer' ? sql : undefined),
  nativeSemiJoin: false,
  rowMembership: false,
  fullJoinNeedsEquality: true,
};

const over = (fn: string): Rel => ({
  kind: 'window',
  input: t(),
  functions: [
    {
      id: 20,
      name: fn,
      type: bigint,
      call: {
        fn,
        args: fn === 'sum' ? [ref(3)] : [],
        distinct: false,
        ignoreNulls: false,
        partitionBy: [],
        orderBy: [],
        frame: {
          unit: 'range',
          start: { kind: 'unbounded-preceding' },
          end: { kind: 'current-row' },
          exclude: 'no-others',
        },
        type: bigint,
      },
    },
  ],
});

const name = ref(2, varchar);
const json = literal(simpleType('json'), '{}');
const projected = (expr: Expr): Rel => project(t(), [20, 'x', expr]);

const cases: readonly (readonly [code: string | undefined, rel: Rel])[] = [
  [undefined, projected(call('upper', [name], varchar))],
  ['FUNCTION_NOT_IN_DIALECT', projected(call('upper', [ref(1)]))],
  ['FUNCTION_NOT_IN_DIALECT', projected(call('lower', [name], varchar))],
  ['LITERAL_NOT_EXACT', projected(literal(simpleType('double'), 'nan'))],
  ['CAST_DIFFERS', projected({ kind: 'cast', arg: name, type: simpleType('date'), try: false })],
  ['TEXT_COMPARISON_DIFFERS', filter(t(), compare('<', name, text('m')))],
  [undefined, filter(t(), compare('=', name, text('m')))],
  [
    'PARAMETER_NOT_IN_DIALECT',
    filter(t(), compare('=', json, { kind: 'parameter', name: '1', type: json.type })),
  ],
  ['KEY_SET_NOT_IN_DIALECT', filter(t(), { kind: 'in-key-set', keySet: 'k', args: [ref(1)] })],
  [undefined, aggregate(t(), [], agg(20, 'sum', [ref(3)]))],
  ['AGGREGATE_NOT_IN_DIALECT', aggregate(t(), [], agg(20, 'sum', [name]))],
  ['AGGREGATE_NOT_IN_DIALECT', aggregate(t(), [], agg(20, 'median', [ref(3)]))],
  [
    'AGGREGATE_NOT_IN_DIALECT',
    aggregate(t(), [], {
      ...agg(20, 'sum', [ref(3)]),
      call: { fn: 'sum', args: [ref(3)], distinct: true, type: bigint },
    }),
  ],
  ['GROUPING_DIFFERS', aggregate(t(), [[20, 'k', ref(1, json.type)]])],
  ['WINDOW_NOT_IN_DIALECT', over('row_number')],
  ['AGGREGATE_NOT_IN_DIALECT', over('sum')],
  ['SORT_DIFFERS', sort(t(), name)],
  [undefined, sort(t(), ref(1))],
  ['FULL_JOIN_CONDITION', join('full', t(), u(), compare('<', ref(1), ref(12)))],
  [undefined, join('full', t(), u(), compare('=', ref(1), ref(12)))],
  [
    'COMPARISON_DIFFERS',
    join('mark', t(), u(), compare('=', ref(1), ref(12)), compare('=', ref(3), ref(13))),
  ],
  [undefined, { kind: 'cte-ref', cte: 1, columns: [], feeds: [] }],
  [undefined, { kind: 'dependent-scan', join: 1, columns: [] }],
];

test.each(cases)('%s', (code, rel) => {
  expect(nodeRefusal(rel, poor, fidelitiesOf(rel))?.code).toBe(code);
  expect(code === undefined || code in renderReasonCodes).toBe(true);
});

test('rendering raises what the check of the node says', () => {
  const rel = sort(t(), name);
  expect(() => renderQuery(rel, { dialect: poor })).toThrow(RenderRefusal);
  // The check looks at the node alone: what is below it is another node's matter.
  expect(nodeRefusal({ kind: 'limit', input: rel, limit: int(1) }, poor, fidelitiesOf(rel))).toBeUndefined();
});

const k = ref(1, varchar);
const operators: readonly (readonly [needed: ComparisonFidelity, what: string, over: (input: Rel) => Rel])[] =
  [
    ['none', 'reading it', (input) => input],
    ['none', 'a test for NULL', (input) => filter(input, { kind: 'is-null', arg: k, negated: false })],
    ['none', 'counting it', (input) => aggregate(input, [], agg(20, 'count', [k]))],
    [
      'none',
      'handing it on',
      (input) => project(input, [20, 'x', call('coalesce', [k, text('')], varchar), varchar]),
    ],
    ['equality', '=', (input) => filter(input, compare('=', k, text('a')))],
    ['equality', 'IS DISTINCT FROM', (input) => filter(input, compare('is-distinct', k, text('a')))],
    ['equality', 'IN', (input) => filter(input, { kind: 'in', arg: k, list: [text('a')], negated: false })],
    ['equality', 'GROUP BY', (input) => aggregate(input, [[20, 'k', k]])],
    ['equality', 'DISTINCT', (input) => ({ kind: 'distinct', input })],
    [
      'equality',
      'count(DISTINCT)',
      (input) =>
        aggregate(input, [], {
          ...agg(20, 'count', [k]),
          call: { fn: 'count', args: [k], distinct: true, type: bigint },
        }),
    ],
    ['ordered', '<', (input) => filter(input, compare('<', k, text('a')))],
    ['ordered', 'ORDER BY', (input) => sort(input, k)],
    ['ordered', 'a function', (input) => project(input, [20, 'x', call('lower', [k], varchar)])],
    [
      'ordered',
      'a cast',
      (input) => project(input, [20, 'x', { kind: 'cast', arg: k, type: integer, try: false }]),
    ],
    ['ordered', 'min', (input) => aggregate(input, [], agg(20, 'min', [k], varchar))],
  ];
const ranks: readonly ComparisonFidelity[] = ['none', 'equality', 'ordered'];

test.each(operators)('a column must be %s for %s', (needed, _, make) => {
  for (const has of ranks) {
    const plain = make(scan('t', 1, [['k', varchar]], has));
    expect(nodeRefusal(plain, duckdbDialect, fidelitiesOf(plain)) === undefined).toBe(
      ranks.indexOf(has) >= ranks.indexOf(needed),
    );
  }
});

test('a column keeps its fidelity through projections, CTEs, groups and set operations', () => {
  const source = scan('t', 1, [['k', varchar]], 'none');
  const renamed = project(source, [2, 'k', k, varchar]);
  const union: Rel = {
    kind: 'set-operation',
    op: 'union',
    all: true,
    columns: [{ id: 3, name: 'k', type: varchar }],
    inputs: [scan('s', 4, [['k', varchar]]), renamed],
    feeds: [[4], [2]],
  };
  const body: Rel = { kind: 'cte-ref', cte: 1, columns: [{ id: 5, name: 'k', type: varchar }], feeds: [3] };
  const rel: Rel = { kind: 'with', id: 1, name: 'c', definition: union, body };
  expect([...fidelitiesOf(rel)]).toEqual([
    [1, 'none'],
    [2, 'none'],
    [3, 'none'],
    [5, 'none'],
  ]);
});
