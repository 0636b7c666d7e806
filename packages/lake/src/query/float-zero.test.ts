import { expect, test } from 'vitest';
import { type Expr, columnRef, compare, literal, simpleType } from '@tributary/connector-sdk';
import { mayHoldZero, rangesForZero } from './float-zero.js';

const double = simpleType('double');
const x = columnRef({ id: 1, name: 'x', type: double });
const zero = literal(double, '-0.0');
const one = literal(double, '1.5');
const both: Expr = { kind: 'and', args: [compare('<=', x, zero), compare('>=', x, zero)] };

test('equality with zero becomes two ranges, on whichever side the zero stands', () => {
  expect(rangesForZero(compare('=', x, zero))).toEqual(both);
  expect(rangesForZero(compare('=', zero, x))).toEqual(both);
  expect(rangesForZero(compare('<>', x, zero))).toEqual({
    kind: 'or',
    args: [compare('<', x, zero), compare('>', x, zero)],
  });
});

test('a list with a zero is taken apart', () => {
  expect(rangesForZero({ kind: 'in', arg: x, list: [one, zero], negated: true })).toEqual({
    kind: 'not',
    arg: { kind: 'or', args: [compare('=', x, one), both] },
  });
});

test('everything else stays', () => {
  const integer = compare(
    '=',
    columnRef({ id: 2, name: 'n', type: simpleType('integer') }),
    literal(simpleType('integer'), '0'),
  );
  for (const expr of [compare('=', x, one), compare('<', x, zero), integer])
    expect(rangesForZero(expr)).toBe(expr);
});

test('key sets over floats are left out', () => {
  expect(mayHoldZero({ kind: 'in-key-set', keySet: 'k', args: [x] })).toBe(true);
  expect(mayHoldZero(compare('=', x, zero))).toBe(false);
});
