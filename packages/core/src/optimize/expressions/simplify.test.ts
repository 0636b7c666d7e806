import { type DataType, type Expr, type Literal, compare, decimalType, literal } from '@tributary/contract';
import { describe, expect, it } from 'vitest';
import { showExpr } from '../../../test/optimize/show.js';
import { simplify, simplifyPredicates } from './simplify.js';

const integer: DataType = { id: 'integer' };
const bigint: DataType = { id: 'bigint' };
const varchar: DataType = { id: 'varchar' };
const date: DataType = { id: 'date' };
const timestamp: DataType = { id: 'timestamp' };
const double: DataType = { id: 'double' };
const boolean: DataType = { id: 'boolean' };

const names = new Map([
  [1, 'i'],
  [2, 'j'],
  [3, 'd'],
  [4, 'p'],
  [5, 'b'],
]);
const i: Expr = { kind: 'column', id: 1, type: integer };
const j: Expr = { kind: 'column', id: 2, type: integer };
const d: Expr = { kind: 'column', id: 3, type: date };
const p: Expr = { kind: 'column', id: 4, type: decimalType(9, 2) };
const b: Expr = { kind: 'column', id: 5, type: boolean };

const int = (value: number | null): Literal => literal(integer, value === null ? null : String(value));
const cast = (arg: Expr, type: DataType): Expr => ({ kind: 'cast', arg, type, try: false });
const and = (...args: readonly Expr[]): Expr => ({ kind: 'and', args });
const or = (...args: readonly Expr[]): Expr => ({ kind: 'or', args });
const not = (arg: Expr): Expr => ({ kind: 'not', arg });
const isIn = (arg: Expr, ...list: readonly Expr[]): Expr => ({ kind: 'in', arg, list, negated: false });
const shown = (expr: Expr): string => showExpr(expr, names);

describe('simplify', () => {
  it.each<[string, Expr, string]>([
    ['a literal on the left goes right', compare('<', int(5), i), 'i > 5'],
    ['literals are compared', compare('<', int(10), int(9)), 'false'],
    ['as numbers, not as text', compare('<', literal(bigint, '9'), literal(bigint, '10')), 'true'],
    ['text is compared by bytes', compare('<', literal(varchar, 'Z'), literal(varchar, 'a')), 'true'],
    ['NaN is the greatest', compare('>', literal(double, 'nan'), literal(double, 'inf')), 'true'],
    ['NaN equals itself', compare('=', literal(double, 'nan'), literal(double, 'NaN')), 'true'],
    ['a comparison with NULL is NULL', compare('=', i, int(null)), 'NULL'],
    ['IS DISTINCT FROM NULL is IS NOT NULL', compare('is-distinct', i, int(null)), 'i is not null'],
    ['NULL AND false is false', and(literal(boolean, null), literal(boolean, 'false')), 'false'],
    ['NULL AND x stays', and(literal(boolean, null), b), '(NULL and b)'],
    ['NULL OR true is true', or(literal(boolean, null), literal(boolean, 'true')), 'true'],
    ['NOT of a comparison', not(compare('<', i, int(5))), 'i >= 5'],
    [
      'NOT of OR',
      not(or(compare('=', i, int(5)), compare('is-not-distinct', i, j))),
      '(i <> 5 and i is-distinct j)',
    ],
    ['equalities become IN', or(compare('=', i, int(1)), compare('=', i, int(2))), 'i in (1, 2)'],
    ['IN of one is an equality', isIn(i, int(7), int(7)), 'i = 7'],
    [
      'a common condition leaves OR',
      or(and(b, compare('=', i, j)), and(compare('=', i, j), compare('>', i, int(3)))),
      '(i = j and (b or i > 3))',
    ],
    ['OR swallows what implies it', or(b, and(b, compare('=', i, j))), 'b'],
    ['a lossless cast is unwrapped', compare('=', cast(i, bigint), literal(bigint, '5')), 'i = 5'],
    [
      'but not past the range',
      compare('=', cast(i, bigint), literal(bigint, '5000000000')),
      'i::bigint = 5000000000',
    ],
    ['a fraction rounds the bound', compare('<', cast(i, double), literal(double, '5.5')), 'i <= 5'],
    ['downwards for negatives too', compare('>', cast(i, double), literal(double, '-5.5')), 'i > -6'],
    ['no equality with a fraction', compare('=', cast(i, double), literal(double, '5.5')), 'i::double = 5.5'],
    [
      'decimals by their scale',
      compare('<=', cast(p, decimalType(12, 3)), literal(decimalType(12, 3), '1.505')),
      'p <= 1.50',
    ],
    [
      'a date against midnight',
      compare('=', cast(d, timestamp), literal(timestamp, '1998-09-02 00:00:00')),
      'd = 1998-09-02',
    ],
    [
      'a date before noon',
      compare('<', cast(d, timestamp), literal(timestamp, '1969-12-31 12:00:00')),
      'd <= 1969-12-31',
    ],
    [
      'a narrowing cast stays',
      compare('=', cast(cast(i, varchar), integer), int(5)),
      'i::varchar::integer = 5',
    ],
    ['literals are cast', cast(int(5), decimalType(4, 1)), '5.0'],
    ['exactly or not at all', cast(literal(decimalType(4, 2), '1.25'), decimalType(4, 1)), '1.25::decimal'],
    ['text to a date', cast(literal(varchar, '2020-02-29'), date), '2020-02-29'],
    ['no 30th of February', cast(literal(varchar, '2020-02-30'), date), '2020-02-30::date'],
    [
      'a CASE with a known branch',
      { kind: 'case', type: integer, branches: [{ when: literal(boolean, null), then: i }], otherwise: j },
      'j',
    ],
    ['NULL goes through operators', { kind: 'call', fn: '+', args: [i, int(null)], type: integer }, 'NULL'],
    [
      'but not through coalesce',
      { kind: 'call', fn: 'coalesce', args: [int(null), i], type: integer },
      'coalesce(NULL, i)',
    ],
  ])('%s', (_title, expr, expected) => {
    expect(shown(simplify(expr))).toBe(expected);
  });
});

describe('simplifyPredicates', () => {
  it.each<[string, readonly Expr[], string]>([
    ['x = x is IS NOT NULL', [compare('=', i, i)], 'i is not null'],
    ['x <> x is false', [compare('<>', i, i)], 'false'],
    ['NULL is false', [literal(boolean, null), b], 'false'],
    [
      'NOT IN with NULL is false',
      [{ kind: 'in', arg: i, list: [int(1), int(null)], negated: true }],
      'false',
    ],
    ['IN forgets NULL', [isIn(i, int(1), int(null))], 'i = 1'],
    ['a conjunct counts once', [b, and(b, compare('=', i, j))], 'b, i = j'],
  ])('%s', (_title, predicates, expected) => {
    expect(simplifyPredicates(predicates).map(shown).join(', ')).toBe(expected);
  });

  it('uses what is known not to be NULL', () => {
    const known = new Set([1]);
    expect(simplifyPredicates([compare('=', i, i)], known)).toEqual([]);
    expect(simplifyPredicates([{ kind: 'is-null', arg: i, negated: false }], known).map(shown)).toEqual([
      'false',
    ]);
    expect(simplifyPredicates([compare('is-not-distinct', i, j)], known).map(shown)).toEqual(['i = j']);
  });

  it('returns the same array when there is nothing to do', () => {
    const predicates = [compare('=', i, j), b];
    expect(simplifyPredicates(predicates)).toBe(predicates);
  });
});
