import { type DataType, type Expr, type Scan, compare, literal, simpleType } from '@tributary/contract/plan';
import { refusalOf, renderQuery } from '@tributary/contract/render';
import { describe, expect, test } from 'vitest';
import { postgresDialect } from './postgres-dialect.js';

const types = { i: 'integer', l: 'bigint', d: 'double', s: 'varchar', t: 'date' } as const;
const scan: Scan = {
  kind: 'scan',
  source: 'pg',
  table: ['public', 'x'],
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

function where(predicate: Expr): string {
  const { sql } = renderQuery(
    { kind: 'filter', input: scan, predicates: [predicate] },
    { dialect: postgresDialect },
  );
  return sql.slice(sql.indexOf('WHERE ') + 6);
}

function call(fn: string, type: DataType, ...args: readonly Expr[]): Expr {
  return { kind: 'call', fn, args, type };
}

const boolean = simpleType('boolean');
const text = (value: string): Expr => literal(simpleType('varchar'), value);
const double = (value: string): Expr => literal(simpleType('double'), value);

describe('what is written', () => {
  test.each([
    ['equality of text can use any index', compare('=', column('s'), text("it's")), `x."s" = 'it''s'`],
    ['order of text is that of bytes', compare('<', column('s'), text('b')), `x."s" COLLATE "C" < 'b'`],
    [
      'a number beside its like needs no cast',
      compare('=', column('l'), literal(simpleType('bigint'), '5')),
      'x."l" = 5',
    ],
    [
      'a backslash in LIKE is a backslash',
      call('~~', boolean, column('s'), text('a\\b%')),
      String.raw`(x."s" LIKE 'a\\b%')`,
    ],
    [
      'a pattern from a column has no escape',
      call('~~', boolean, column('s'), column('s')),
      `x."s" LIKE x."s" ESCAPE ''`,
    ],
    [
      'x // 0 is NULL',
      compare(
        '=',
        call('//', simpleType('integer'), column('i'), column('i')),
        literal(simpleType('integer'), '1'),
      ),
      '(x."i" / NULLIF(x."i", 0)) = 1',
    ],
    [
      'a constant divisor needs no guard',
      compare(
        '=',
        call('%', simpleType('integer'), column('i'), literal(simpleType('integer'), '2')),
        literal(simpleType('integer'), '1'),
      ),
      '(x."i" % 2) = 1',
    ],
  ])('%s', (_, predicate, expected) => {
    expect(where(predicate)).toBe(expected);
  });
});

describe('what is not pushed', () => {
  test.each([
    [
      'a product of doubles may overflow',
      call('*', simpleType('double'), column('d'), column('d')),
      'FUNCTION_NOT_IN_DIALECT',
    ],
    [
      'a quotient by an unknown double',
      call('/', simpleType('double'), double('1'), column('d')),
      'FUNCTION_NOT_IN_DIALECT',
    ],
    ['case folding differs', call('lower', simpleType('varchar'), column('s')), 'FUNCTION_NOT_IN_DIALECT'],
    [
      'a negative start counts from the end',
      call(
        'substring',
        simpleType('varchar'),
        column('s'),
        literal(simpleType('bigint'), '-2'),
        literal(simpleType('bigint'), '1'),
      ),
      'FUNCTION_NOT_IN_DIALECT',
    ],
    [
      'text is parsed by other rules',
      { kind: 'cast', arg: column('s'), type: simpleType('integer'), try: false },
      'CAST_DIFFERS',
    ],
    [
      'TRY_CAST that can fail',
      { kind: 'cast', arg: column('l'), type: simpleType('integer'), try: true },
      'CAST_DIFFERS',
    ],
    [
      'no type of this width',
      { kind: 'cast', arg: column('i'), type: simpleType('tinyint'), try: false },
      'CAST_DIFFERS',
    ],
    ['a date before the first one', literal(simpleType('date'), '4800-01-01 (BC)'), 'LITERAL_NOT_EXACT'],
    ['the character 0', text('a\0'), 'LITERAL_NOT_EXACT'],
  ] as const)('%s', (_, expr, code) => {
    const predicate: Expr = { kind: 'is-null', arg: expr, negated: false };
    expect(refusalOf(() => where(predicate))?.code).toBe(code);
  });
});
