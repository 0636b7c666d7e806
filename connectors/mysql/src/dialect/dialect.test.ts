import {
  compare,
  type DataType,
  type Expr,
  literal,
  refusalOf,
  renderQuery,
  type Scan,
  simpleType,
  type SqlDialect,
} from '@tributary/connector-sdk';
import { describe, expect, test } from 'vitest';
import { dialects } from './mysql-dialect.js';

const types = { i: 'integer', l: 'bigint', u: 'ubigint', d: 'double', s: 'varchar', t: 'date' } as const;
const scan: Scan = {
  kind: 'scan',
  source: 'my',
  table: ['shop', 'x'],
  columns: Object.entries(types).map(([name, id], i) => ({
    id: i,
    name,
    type: simpleType(id),
    nullable: true,
    comparison: 'ordered',
  })),
};

function column(name: keyof typeof types): Expr {
  return { kind: 'column', id: Object.keys(types).indexOf(name), type: simpleType(types[name]) };
}

function where(predicate: Expr, dialect: SqlDialect = dialects.mysql): string {
  const { sql } = renderQuery({ kind: 'filter', input: scan, predicates: [predicate] }, { dialect });
  return sql.slice(sql.indexOf('WHERE ') + 6);
}

function call(fn: string, type: DataType, ...args: readonly Expr[]): Expr {
  return { kind: 'call', fn, args, type };
}

const boolean = simpleType('boolean');
const integer = simpleType('integer');
const text = (value: string): Expr => literal(simpleType('varchar'), value);
const double = (value: string): Expr => literal(simpleType('double'), value);

describe('what is written', () => {
  test.each([
    ['a constant in quotes', compare('=', column('s'), text("it's")), "x.`s` = 'it''s'"],
    [
      'equality that knows NULL',
      compare('is-not-distinct', column('i'), literal(integer, '5')),
      'x.`i` <=> 5',
    ],
    [
      'arithmetic of a narrow type fails where it leaves it',
      compare('=', call('+', integer, column('i'), column('i')), literal(integer, '1')),
      '(((((x.`i` + x.`i`) + 9223372034707292160) - 9223372034707292160) - 9223372034707292160) + 9223372034707292160) = 1',
    ],
    [
      'arithmetic of 64 bits fails by itself',
      compare('=', call('+', simpleType('bigint'), column('l'), column('l')), column('l')),
      '(x.`l` + x.`l`) = x.`l`',
    ],
    [
      'every pattern has an escape character of ours',
      call('~~', boolean, column('s'), text('50|%')),
      "(x.`s` LIKE '50||%' ESCAPE '|')",
    ],
    [
      'so has one that is computed',
      call('~~', boolean, column('s'), column('s')),
      "x.`s` LIKE replace(x.`s`, '|', '||') ESCAPE '|'",
    ],
    [
      'a float constant is the double that it is',
      compare('=', column('d'), double('0.1')),
      'x.`d` = 1.0000000000000001E-1',
    ],
  ])('%s', (_, predicate, expected) => {
    expect(where(predicate).replace(/^\((.*)\)$/, '$1')).toBe(expected.replace(/^\((.*)\)$/, '$1'));
  });

  test.each([
    [false, false, 'x.`i` IS NULL, x.`i`'],
    [false, true, 'x.`i`'],
    [true, false, 'x.`i` DESC'],
    [true, true, 'x.`i` IS NOT NULL, x.`i` DESC'],
  ])('ORDER BY, descending: %s, NULLs first: %s', (descending, nullsFirst, expected) => {
    const { sql } = renderQuery(
      { kind: 'sort', input: scan, keys: [{ expr: column('i'), descending, nullsFirst }] },
      { dialect: dialects.mysql },
    );
    expect(sql.slice(sql.indexOf('ORDER BY ') + 9)).toBe(expected);
  });

  test('OFFSET without a limit', () => {
    expect(dialects.mysql.limit(undefined, '3')).toBe('LIMIT 18446744073709551615 OFFSET 3');
  });

  test('MariaDB does not see that 0 - BIGINT_MIN overflows', () => {
    const difference = compare('=', call('-', simpleType('bigint'), column('l'), column('l')), column('l'));
    expect(where(difference)).toBe('(x.`l` - x.`l`) = x.`l`');
    expect(where(difference, dialects.mariadb)).toContain('CASE x.`l` WHEN 0 THEN (- x.`l`)');
  });
});

describe('what is not pushed', () => {
  test.each([
    [
      'a product of doubles',
      call('*', simpleType('double'), column('d'), column('d')),
      'FUNCTION_NOT_IN_DIALECT',
    ],
    [
      'a quotient by an unknown',
      call('/', simpleType('double'), double('1'), column('d')),
      'FUNCTION_NOT_IN_DIALECT',
    ],
    ['case folding', call('lower', simpleType('varchar'), column('s')), 'FUNCTION_NOT_IN_DIALECT'],
    [
      'unsigned subtraction, which has a sign here',
      call('-', simpleType('ubigint'), column('u'), column('u')),
      'FUNCTION_NOT_IN_DIALECT',
    ],
    [
      'a BIGINT by an unknown, since MySQL fails at BIGINT_MIN DIV 1',
      call('//', simpleType('bigint'), column('l'), column('l')),
      'FUNCTION_NOT_IN_DIALECT',
    ],
    [
      'a negative count, which leaves characters out',
      call('left', simpleType('varchar'), column('s'), literal(simpleType('bigint'), '-2')),
      'FUNCTION_NOT_IN_DIALECT',
    ],
    ['text to number', { kind: 'cast', arg: column('s'), type: integer, try: false }, 'CAST_DIFFERS'],
    ['TRY_CAST that can fail', { kind: 'cast', arg: column('l'), type: integer, try: true }, 'CAST_DIFFERS'],
    ['NaN', double('nan'), 'LITERAL_NOT_EXACT'],
    ['an infinity', double('-inf'), 'LITERAL_NOT_EXACT'],
    ['a date before the year 1', literal(simpleType('date'), '0044-03-15 (BC)'), 'LITERAL_NOT_EXACT'],
    ['half a surrogate pair', text('\ud83d'), 'LITERAL_NOT_EXACT'],
  ] as const)('%s', (_, expr, code) => {
    const predicate: Expr = { kind: 'is-null', arg: expr, negated: false };
    expect(refusalOf(() => where(predicate))?.code).toBe(code);
  });
});
