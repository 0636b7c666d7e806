import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Expr, columnRef, compare, decimalType, literal, simpleType } from '@tributary/connector-sdk';
import { type Domain, setPredicate } from './predicate.js';

const bigint = simpleType('bigint');
const x = columnRef({ id: 1, name: 'x', type: bigint });
const y = columnRef({ id: 2, name: 'y', type: bigint });

type Truth = true | false | null;
type Row = readonly [x: number | null, y: number | null];

const value = fc.option(fc.integer({ min: -2, max: 2 }), { freq: 5 });
const constant = value.map((n) => literal(bigint, n === null ? null : String(n)));
const operand = fc.oneof(fc.constantFrom<Expr>(x, y), constant);

const { node: predicate } = fc.letrec<{ node: Expr }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'sets' },
    fc
      .tuple(
        fc.constantFrom('=', '<>', '<', '<=', '>', '>=', 'is-distinct', 'is-not-distinct'),
        operand,
        operand,
      )
      .map(([op, left, right]) => compare(op, left, right)),
    fc
      .record({
        arg: operand,
        list: fc.array(constant, { minLength: 1, maxLength: 3 }),
        negated: fc.boolean(),
      })
      .map((fields): Expr => ({ kind: 'in', ...fields })),
    fc
      .record({ arg: operand, negated: fc.boolean() })
      .map((fields): Expr => ({ kind: 'is-null', ...fields })),
    tie('node').map((arg): Expr => ({ kind: 'not', arg })),
    fc
      .record({
        kind: fc.constantFrom('and', 'or'),
        args: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
      })
      .map(({ kind, args }): Expr => ({ kind: kind === 'and' ? 'and' : 'or', args })),
  ),
}));

/** SQL's three-valued logic over one row, written down a second time. */
function evaluate(expr: Expr, row: Row): Truth | number {
  const numberOf = (inner: Expr): number | null => {
    const result = evaluate(inner, row);
    return typeof result === 'number' ? result : null;
  };
  const truthOf = (inner: Expr): Truth => {
    const result = evaluate(inner, row);
    return typeof result === 'number' ? null : result;
  };
  switch (expr.kind) {
    case 'column':
      return row[expr.id - 1] ?? null;
    case 'literal':
      return expr.value === null ? null : Number(expr.value);
    case 'compare': {
      const [a, b] = [numberOf(expr.left), numberOf(expr.right)];
      if (expr.op === 'is-distinct') return a !== b;
      if (expr.op === 'is-not-distinct') return a === b;
      if (a === null || b === null) return null;
      return { '=': a === b, '<>': a !== b, '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[expr.op];
    }
    case 'in': {
      const a = numberOf(expr.arg);
      const items = expr.list.map((item) => numberOf(item));
      const isIn = a !== null && items.includes(a) ? true : a === null || items.includes(null) ? null : false;
      return isIn === null ? null : isIn !== expr.negated;
    }
    case 'is-null':
      return (numberOf(expr.arg) === null) !== expr.negated;
    case 'not': {
      const arg = truthOf(expr.arg);
      return arg === null ? null : !arg;
    }
    case 'and': {
      const args = expr.args.map(truthOf);
      return args.includes(false) ? false : args.includes(null) ? null : true;
    }
    case 'or': {
      const args = expr.args.map(truthOf);
      return args.includes(true) ? true : args.includes(null) ? null : false;
    }
    default:
      throw new Error(`no rows for ${expr.kind}`);
  }
}

function domainOf(values: readonly (number | null)[]): Domain {
  const numbers = values.filter((v) => v !== null);
  return {
    ...(numbers.length > 0 && { min: String(Math.min(...numbers)), max: String(Math.max(...numbers)) }),
    mayBeNull: values.includes(null),
    mayHaveValue: numbers.length > 0,
  };
}

test('every outcome over the rows of a set is among the outcomes of the set', () => {
  fc.assert(
    fc.property(predicate, fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 4 }), (expr, rows) => {
      const domains = [domainOf(rows.map(([a]) => a)), domainOf(rows.map(([, b]) => b))];
      const outcomes = setPredicate(expr, new Map())((id) => domains[id - 1]);
      for (const row of rows) {
        const truth = evaluate(expr, row);
        expect(truth === null ? outcomes.null : truth === true ? outcomes.true : outcomes.false).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test('TRY_CAST makes NULLs of what does not fit, so that bounds and counts of NULLs end there', () => {
  const cast = (isTry: boolean): Expr => ({ kind: 'cast', arg: x, type: simpleType('tinyint'), try: isTry });
  const isNull = (arg: Expr): Expr => ({ kind: 'is-null', arg, negated: false });
  const outcomes = (expr: Expr) =>
    setPredicate(expr, new Map())(() => ({ min: '0', max: '1000', mayBeNull: false, mayHaveValue: true }));
  expect(outcomes(isNull(cast(true))).true).toBe(true);
  expect(outcomes(isNull(cast(false))).true).toBe(false);
});

const plain = [compare('=', x, literal(bigint, '1')), compare('<', y, x)];

test('over a single row without distinct-tests, the outcome is exact', () => {
  const exact: Expr = {
    kind: 'or',
    args: [
      { kind: 'and', args: plain },
      { kind: 'is-null', arg: y, negated: false },
    ],
  };
  fc.assert(
    fc.property(value, value, (a, b) => {
      const domains = [domainOf([a]), domainOf([b])];
      const outcomes = setPredicate(exact, new Map())((id) => domains[id - 1]);
      const truth = evaluate(exact, [a, b]);
      expect(outcomes).toEqual({ true: truth === true, false: truth === false, null: truth === null });
    }),
  );
});

test('what cannot be judged may have any outcome', () => {
  const anything = { true: true, false: true, null: true };
  const call: Expr = { kind: 'call', fn: 'abs', args: [x], type: bigint };
  for (const expr of [compare('=', call, literal(bigint, '1')), call, { ...x, id: 9 }]) {
    expect(setPredicate(expr, new Map())(() => undefined)).toEqual(anything);
  }
});

test('values of two types are not compared as they stand', () => {
  const price = columnRef({ id: 1, name: 'price', type: decimalType(9, 2) });
  const same = (scale: number): boolean =>
    setPredicate(
      compare('=', price, literal(decimalType(9, scale), '1.5')),
      new Map(),
    )(() => ({
      min: '1.50',
      max: '1.50',
      mayBeNull: false,
      mayHaveValue: true,
    })).true;
  expect([same(1), same(2), same(3)]).toEqual([true, true, true]);
});

test('bounds pass through casts that keep values, and no others', () => {
  const three = (): Domain => ({ min: '3', max: '3', mayBeNull: false, mayHaveValue: true });
  const as = (id: 'integer' | 'varchar', text: string): Expr =>
    compare('=', { kind: 'cast', arg: x, type: simpleType(id), try: false }, literal(simpleType(id), text));
  expect(setPredicate(as('integer', '4'), new Map())(three).true).toBe(false);
  expect(setPredicate(as('varchar', '4'), new Map())(three).true).toBe(true);
});

test('a key set matches where a key lies within the bounds', () => {
  const inKeys: Expr = { kind: 'in-key-set', keySet: 'k', args: [x] };
  const between = (min: number, max: number): boolean =>
    setPredicate(
      inKeys,
      new Map([['k', [[2n, 5n, 9n]]]]),
    )(() => ({
      min: String(min),
      max: String(max),
      mayBeNull: true,
      mayHaveValue: true,
    })).true;
  expect([between(0, 1), between(3, 4), between(10, 12)]).toEqual([false, false, false]);
  expect([between(0, 2), between(5, 5), between(9, 20), between(0, 20)]).toEqual([true, true, true, true]);
});
