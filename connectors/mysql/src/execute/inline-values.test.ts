import type { StatementValue } from '@tributary/connector-sdk/sql';
import { describe, expect, test } from 'vitest';
import { dialects } from '../dialect/mysql-dialect.js';
import { inlineValues } from './inline-values.js';

const parameter = (id: 'bigint' | 'varchar' | 'date' | 'double', value: string | null): StatementValue => ({
  kind: 'parameter',
  type: { id },
  value,
});
const keys = (id: 'bigint' | 'varchar', ...values: readonly string[]): StatementValue => ({
  kind: 'keys',
  type: { id },
  values,
});

function inlined(sql: string, ...values: readonly StatementValue[]): string {
  return inlineValues({ sql, values }, dialects.mysql.literal);
}

describe('parameters', () => {
  test('become constants of their types', () => {
    expect(
      inlined(
        'a = ? AND b < ? LIMIT ?',
        parameter('varchar', "it's"),
        parameter('date', '2024-02-29'),
        parameter('bigint', '5'),
      ),
    ).toBe("a = 'it''s' AND b < DATE '2024-02-29' LIMIT 5");
  });

  test('stand only where no quotes are', () => {
    expect(inlined("SELECT '?''?' AS `a?``?` FROM t WHERE x = ?", parameter('bigint', '-1'))).toBe(
      "SELECT '?''?' AS `a?``?` FROM t WHERE x = (-1)",
    );
  });

  test('cannot break out of their quotes, whatever the mode of the session', () => {
    const text = inlined('x = ?', parameter('varchar', String.raw`\' OR 1=1 -- `));
    expect(text).toBe("x = (_utf8mb4 X'5c27204f5220313d31202d2d20' COLLATE utf8mb4_0900_bin)");
  });

  test('stand beside megabytes of constant', () => {
    const long = `'${'a?'.repeat(8_000_000)}'''`;
    expect(inlined(`x = ${long} AND y = ?`, parameter('bigint', '1')) === `x = ${long} AND y = 1`).toBe(true);
  });

  test('that are no numbers do not become SQL', () => {
    expect(() => inlined('x = ?', parameter('bigint', '1 OR 1=1'))).toThrow(
      expect.objectContaining({ code: 'SOURCE.UNREPRESENTABLE_VALUE' }),
    );
  });

  test('NULL has its type', () => {
    expect(inlined('x = ?', parameter('bigint', null))).toBe('x = CAST(NULL AS SIGNED)');
  });

  test('in a list of their own they stay single', () => {
    expect(inlined('x IN (?, ?)', parameter('bigint', '1'), parameter('bigint', '2'))).toBe('x IN (1, 2)');
  });

  test.each([
    ['date', '0044-03-15 (BC)'],
    ['date', 'infinity'],
    ['double', 'nan'],
  ] as const)('a %s that MySQL does not have is an error: %s', (id, value) => {
    expect(() => inlined('x = ?', parameter(id, value))).toThrow(
      expect.objectContaining({ code: 'SOURCE.UNREPRESENTABLE_VALUE' }),
    );
  });
});

describe('key sets', () => {
  test('are lists', () => {
    expect(inlined('x IN (?) AND y = ?', keys('bigint', '1', '2', '3'), parameter('bigint', '4'))).toBe(
      'x IN (1, 2, 3) AND y = 4',
    );
  });

  test('of several columns are lists of rows', () => {
    expect(inlined('(x, y) IN (?, ?)', keys('bigint', '1', '2'), keys('varchar', 'a', 'b'))).toBe(
      "(x, y) IN ((1, 'a'), (2, 'b'))",
    );
  });

  test('without keys match nothing', () => {
    expect(inlined('x IN (?)', keys('bigint'))).toBe('x IN (NULL)');
    expect(inlined('(x, y) IN (?, ?)', keys('bigint'), keys('bigint'))).toBe('(x, y) IN ((NULL, NULL))');
  });
});

test('as many values as placeholders', () => {
  expect(() => inlined('x = ?')).toThrow(/more placeholders/);
  expect(() => inlined('x = 1', parameter('bigint', '1'))).toThrow(/fewer placeholders/);
});
