import { describe, expect, it } from 'vitest';
import { compareRows } from './compare-rows.js';

describe('compareRows', () => {
  it('takes rows as a multiset unless order is asked for', () => {
    const actual = [['1'], ['2'], ['2']];
    const expected = [['2'], ['1'], ['2']];
    expect(compareRows(actual, expected)).toBeUndefined();
    expect(compareRows(actual, expected, { ordered: true })).toContain('first difference is row 1');
  });

  it('counts duplicates', () => {
    expect(compareRows([['1'], ['1']], [['1']])).toContain('only in actual (1):\n  1');
    expect(compareRows([['1']], [['1'], ['1']])).toContain('only in expected (1):\n  1');
  });

  it('forgives the last bits of a float and nothing more', () => {
    expect(compareRows([["'a'", 0.1 + 0.2]], [["'a'", 0.3]])).toBeUndefined();
    expect(compareRows([["'a'", 1e9 + 0.5]], [["'a'", 1e9 + 2]])).toBeDefined();
    expect(compareRows([["'a'", 1.000_001]], [["'a'", 1]])).toBeDefined();
  });

  it('pairs rows whose leading floats differ in the last bit', () => {
    const actual = [
      [0.1 + 0.2, 1],
      [0.3, 2],
    ];
    const expected = [
      [0.3, 1],
      [0.1 + 0.2, 2],
    ];
    expect(compareRows(actual, expected)).toBeUndefined();
  });

  it('compares a decimal with a float by value', () => {
    expect(compareRows([['0.05']], [[0.05]])).toBeUndefined();
    expect(compareRows([["'0.05'"]], [[0.05]])).toBeDefined();
  });

  it('knows NaN, the infinities, and NULL apart', () => {
    expect(compareRows([[Number.NaN]], [[Number.NaN]])).toBeUndefined();
    expect(compareRows([[Infinity]], [[-Infinity]])).toBeDefined();
    expect(compareRows([[Infinity]], [[Number.MAX_VALUE]])).toBeDefined();
    expect(compareRows([['NULL']], [["'NULL'"]])).toBeDefined();
    expect(compareRows([[Number.NaN]], [['NULL']])).toBeDefined();
  });

  it('finds a missing column', () => {
    expect(compareRows([['1', '2']], [['1']])).toBeDefined();
    expect(compareRows([], [])).toBeUndefined();
  });
});
