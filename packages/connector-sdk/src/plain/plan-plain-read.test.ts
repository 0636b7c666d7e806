import { type Expr, type ScanColumn, columnRef, compare, literal } from '@tributary/contract/plan';
import type { ScanRequest } from '@tributary/contract/source';
import { describe, expect, test } from 'vitest';
import type { PlainRead, PlainTable } from './plain-reader.js';
import { PlannedRead, planPlainRead } from './plan-plain-read.js';
import { readsOf } from './reads-of.js';

const bigint = { id: 'bigint' } as const;
const varchar = { id: 'varchar' } as const;
const double = { id: 'double' } as const;
const boolean = { id: 'boolean' } as const;

const items: PlainTable = {
  table: { name: 'items', kind: 'table' },
  columns: [
    { name: 'id', type: bigint, filters: ['=', 'in', '<', '>=', 'is-null'] },
    { name: 'name', type: varchar, filters: ['=', 'in'], filtering: 'superset' },
    { name: 'price', type: double, filters: ['=', '>', 'in'] },
    { name: 'sold', type: boolean, filters: ['='] },
    { name: 'note', type: varchar },
  ],
  limit: 'exact',
  maxInValues: 2,
};

const columns = items.columns.map(({ name, type }, id): ScanColumn => ({
  id,
  name,
  type,
  nullable: true,
  comparison: 'ordered',
}));
const [id, name, price, sold, note] = columns.map(columnRef);
const number = (value: string): Expr => literal(bigint, value);
const text = (value: string): Expr => literal(varchar, value);

interface Planned {
  readonly decisions: readonly string[];
  readonly residual: { readonly filters: readonly Expr[]; readonly limit: boolean };
  readonly reads: readonly PlainRead[];
}

interface Options {
  readonly limit?: number;
  readonly table?: Partial<PlainTable>;
  readonly parameters?: Readonly<Record<string, string | null>>;
  readonly keys?: readonly string[];
}

function planned(filters: readonly (Expr | undefined)[], options: Options = {}): Planned {
  const request: ScanRequest = {
    kind: 'scan',
    table: ['items'],
    columns: columns.slice(0, 1),
    filterColumns: columns.slice(1),
    filters: filters.filter((filter) => filter !== undefined),
    ...(options.limit !== undefined && { limit: options.limit }),
    keySets: [],
    estimate: { rows: 1, bytes: 1 },
  };
  const plan = planPlainRead('api', request, { ...items, ...options.table });
  const values = Object.entries(options.parameters ?? {});
  const keys = options.keys ?? [];
  return {
    decisions: plan.decisions
      .filter(({ piece }) => piece !== 'projection')
      .map(({ piece, outcome, code }) => `${piece} ${outcome} ${code}`),
    residual: plan.residual,
    reads: readsOf(PlannedRead.of(plan), {
      parameters: new Map(values.map(([key, value]) => [key, { type: bigint, value }])),
      keySets: new Map([['k', { id: 'k', count: keys.length, columns: [keys], relation: '' }]]),
    }),
  };
}

function predicatesOf(filter: Expr | undefined, options?: Options): readonly unknown[] {
  return planned([filter], options).reads.map(({ predicates }) =>
    predicates.map((p) => [p.column, p.op, 'values' in p ? p.values : 'value' in p ? p.value : null]),
  );
}

function of(operand: Expr | undefined): Expr {
  if (operand === undefined) throw new Error('no such column');
  return operand;
}

const parameter: Expr = { kind: 'parameter', name: '1', type: bigint };
const floatParameter: Expr = { kind: 'parameter', name: '1', type: double };
const inList = (arg: Expr | undefined, list: readonly Expr[], negated = false): Expr => ({
  kind: 'in',
  arg: of(arg),
  list,
  negated,
});
const inKeys: Expr = { kind: 'in-key-set', keySet: 'k', args: [of(id)] };

describe('taken exactly', () => {
  const cases: readonly (readonly [string, Expr, readonly unknown[]])[] = [
    ['a comparison', compare('<', of(id), number('5')), ['id', '<', '5']],
    ['its sides exchanged', compare('<=', number('5'), of(id)), ['id', '>=', '5']],
    ['IN', inList(id, [number('1'), number('2')]), ['id', 'in', ['1', '2']]],
    ['IS NULL', { kind: 'is-null', arg: of(id), negated: false }, ['id', 'is-null', null]],
    ['a float', compare('>', of(price), literal(double, '1.5')), ['price', '>', '1.5']],
    ['a truth', of(sold), ['sold', '=', 'true']],
    ['its opposite', { kind: 'not', arg: of(sold) }, ['sold', '=', 'false']],
  ];
  test.each(cases)('%s', (_, filter, predicate) => {
    const { decisions, residual } = planned([filter]);
    expect(decisions).toEqual(['filter pushed PUSHED']);
    expect(residual).toEqual({ filters: [], limit: false });
    expect(predicatesOf(filter)).toEqual([[predicate]]);
  });
});

describe('handed back', () => {
  const cases: readonly (readonly [string, Expr, string])[] = [
    ['an operator not declared', compare('>', of(id), number('5')), 'FILTER_NOT_DECLARED'],
    ['a column without operators', compare('=', of(note), text('x')), 'FILTER_NOT_DECLARED'],
    ['IS NOT NULL', { kind: 'is-null', arg: of(id), negated: true }, 'FILTER_NOT_DECLARED'],
    ['NOT IN', inList(id, [number('1')], true), 'FILTER_NOT_SIMPLE'],
    ['two columns', compare('=', of(id), of(id)), 'FILTER_NOT_SIMPLE'],
    ['OR', { kind: 'or', args: [compare('=', of(id), number('1')), of(sold)] }, 'FILTER_NOT_SIMPLE'],
    ['another type', compare('=', of(id), text('1')), 'FILTER_NOT_SIMPLE'],
    ['NaN', compare('=', of(price), literal(double, 'nan')), 'FILTER_NOT_SIMPLE'],
    ['a parameter that may be NaN', compare('>', of(price), floatParameter), 'FILTER_NOT_SIMPLE'],
    ['a list with such a one', inList(price, [floatParameter]), 'FILTER_NOT_SIMPLE'],
    ['IS DISTINCT FROM', compare('is-distinct', of(id), number('1')), 'FILTER_NOT_SIMPLE'],
    ['a long list where parts overlap', inList(name, ['a', 'b', 'c'].map(text)), 'TOO_MANY_VALUES'],
    ['a long list of who knows what', inList(id, [number('1'), number('2'), parameter]), 'TOO_MANY_VALUES'],
  ];
  test.each(cases)('%s', (_, filter, code) => {
    const { decisions, residual, reads } = planned([filter], { parameters: { 1: '3' } });
    expect(decisions).toEqual([`filter kept ${code}`]);
    expect(residual.filters).toEqual([filter]);
    expect(reads.map(({ predicates }) => predicates)).toEqual([[]]);
  });

  test('beside what is taken', () => {
    const taken = compare('=', of(id), number('1'));
    const kept = compare('=', of(note), text('x'));
    expect(planned([taken, kept]).residual.filters).toEqual([kept]);
  });

  test('and taken as well, where the source finds too much', () => {
    const filter = compare('=', of(name), text('ann'));
    expect(planned([filter]).decisions).toEqual(['filter split FILTER_INEXACT']);
    expect(planned([filter]).residual.filters).toEqual([filter]);
    expect(predicatesOf(filter)).toEqual([[['name', '=', 'ann']]]);
  });
});

describe('values of the execution', () => {
  test('a parameter', () => {
    expect(predicatesOf(compare('=', of(id), parameter), { parameters: { 1: '7' } })).toEqual([
      [['id', '=', '7']],
    ]);
  });

  test.each([compare('=', of(id), parameter), inList(id, [parameter])])('NULL asks for nothing', (filter) => {
    expect(planned([filter], { parameters: { 1: null } }).reads).toEqual([]);
  });

  test('a parameter that is not there is our mistake', () => {
    expect(() => planned([compare('=', of(id), parameter)])).toThrow('lacks parameter 1');
  });

  test('a long list in parts, each value once', () => {
    const list = ['1', '2', '1', '3', '4', '5'].map(number);
    expect(predicatesOf(inList(id, list))).toEqual([
      [['id', 'in', ['1', '2']]],
      [['id', 'in', ['3', '4']]],
      [['id', 'in', ['5']]],
    ]);
    expect(predicatesOf(inList(id, list), { table: { maxInValues: 100 } })).toHaveLength(1);
  });

  test('two lists in all combinations', () => {
    const three = inList(id, ['1', '2', '3'].map(number));
    const { reads } = planned([three, inKeys], { keys: ['4', '5', '6'] });
    expect(
      reads.map(({ predicates }) => predicates.map((p) => ('values' in p ? p.values.join() : ''))),
    ).toEqual([
      ['1,2', '4,5'],
      ['1,2', '6'],
      ['3', '4,5'],
      ['3', '6'],
    ]);
  });
});

describe('key sets', () => {
  test('become lists', () => {
    expect(planned([inKeys], { keys: ['1'] }).decisions).toEqual(['key-set pushed PUSHED']);
    expect(predicatesOf(inKeys, { keys: ['1', '2'] })).toEqual([[['id', 'in', ['1', '2']]]]);
  });

  test('are dropped, not handed back, where the column takes no list', () => {
    const keys: Expr = { ...inKeys, args: [of(note)] };
    const { decisions, residual, reads } = planned([keys], { keys: ['1'] });
    expect(decisions).toEqual(['key-set dropped FILTER_NOT_DECLARED']);
    expect(residual.filters).toEqual([]);
    expect(reads.map(({ predicates }) => predicates)).toEqual([[]]);
  });

  test('are dropped on floats, for a key may be NaN', () => {
    const keys: Expr = { ...inKeys, args: [of(price)] };
    const { decisions, residual, reads } = planned([keys], { keys: ['1.5'] });
    expect(decisions).toEqual(['key-set dropped FILTER_NOT_SIMPLE']);
    expect(residual.filters).toEqual([]);
    expect(reads.map(({ predicates }) => predicates)).toEqual([[]]);
  });

  test('are dropped where there are too many for a source that finds too much', () => {
    const keys: Expr = { ...inKeys, args: [of(name)] };
    expect(predicatesOf(keys, { keys: ['a', 'b'] })).toEqual([[['name', 'in', ['a', 'b']]]]);
    expect(predicatesOf(keys, { keys: ['a', 'b', 'c'] })).toEqual([[]]);
  });
});

describe('limits', () => {
  const exact = compare('=', of(id), number('1'));
  const inexact = compare('=', of(name), text('ann'));
  const kept = compare('=', of(note), text('x'));
  const short = inList(id, [number('1'), number('2')]);
  const long = inList(id, ['1', '2', '3'].map(number));
  const cases: readonly (readonly [
    string,
    readonly Expr[],
    NonNullable<PlainTable['limit']>,
    string,
    number | undefined,
  ])[] = [
    ['no filter', [], 'exact', 'pushed PUSHED', 9],
    ['an exact filter', [exact], 'exact', 'pushed PUSHED', 9],
    ['whole pages', [exact], 'at-least', 'split LIMIT_AT_LEAST', 9],
    ['no limit', [exact], 'none', 'kept LIMIT_NOT_TAKEN', undefined],
    ['an inexact filter', [inexact], 'exact', 'kept LIMIT_ABOVE_FILTER', undefined],
    ['a kept filter', [kept], 'at-least', 'kept LIMIT_ABOVE_FILTER', undefined],
    ['one request', [short], 'exact', 'pushed PUSHED', 9],
    ['several requests', [long], 'exact', 'split LIMIT_AT_LEAST', 9],
    ['any number of keys', [inKeys], 'exact', 'split LIMIT_AT_LEAST', 9],
  ];
  test.each(cases)('%s', (_, filters, limit, decision, sent) => {
    const plan = planned(filters, { limit: 9, table: { limit }, keys: ['1'] });
    expect(plan.decisions.at(-1)).toBe(`limit ${decision}`);
    expect(plan.residual.limit).toBe(decision !== 'pushed PUSHED');
    expect(plan.reads.every((read) => read.limit === sent)).toBe(true);
  });
});
