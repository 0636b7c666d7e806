import {
  type DataType,
  type Expr,
  type Join,
  type Rel,
  type Scan,
  compare,
  literal,
  refusalOf,
  renderQuery,
  simpleType,
} from '@tributary/connector-sdk';
import { describe, expect, test } from 'vitest';
import { clickhouseDialect } from './clickhouse-dialect.js';
import { quoteIdentifier, quoteText } from './quote.js';

const types = {
  i: 'integer',
  l: 'bigint',
  d: 'double',
  s: 'varchar',
  t: 'date',
  z: 'timestamptz',
  u: 'uuid',
} as const;

function scanOf(name: string, firstId = 0): Scan {
  return {
    kind: 'scan',
    source: 'ch',
    table: ['shop', name],
    columns: Object.entries(types).map(([column, id], i) => ({
      id: firstId + i,
      name: column,
      type: simpleType(id),
      nullable: true,
      comparison: 'ordered',
    })),
  };
}

function column(name: keyof typeof types, firstId = 0): Expr {
  return { kind: 'column', id: firstId + Object.keys(types).indexOf(name), type: simpleType(types[name]) };
}

function render(relation: Rel): string {
  return renderQuery(relation, { dialect: clickhouseDialect }).sql;
}

function where(predicate: Expr): string {
  const sql = render({ kind: 'filter', input: scanOf('x'), predicates: [predicate] });
  return sql.slice(sql.indexOf('WHERE ') + 6);
}

function call(fn: string, type: DataType, ...args: readonly Expr[]): Expr {
  return { kind: 'call', fn, args, type };
}

const boolean = simpleType('boolean');
const integer = (value: string): Expr => literal(simpleType('integer'), value);
const text = (value: string | null): Expr => literal(simpleType('varchar'), value);
const double = (value: string): Expr => literal(simpleType('double'), value);

describe('what is written', () => {
  test.each([
    ['text is compared by its bytes anyway', compare('<', column('s'), text("it's")), "x.`s` < 'it\\'s'"],
    [
      'a double beside a finite constant that NaN is not less than',
      compare('<', column('d'), double('1.5')),
      "x.`d` < CAST('1.5' AS Float64)",
    ],
    [
      'NaN is greater than any constant',
      compare('>', column('d'), double('1.5')),
      "x.`d` > CAST('1.5' AS Float64) OR isNaN(x.`d`)",
    ],
    [
      'UUIDs are ordered as text',
      compare('<', column('u'), column('u')),
      'toString(x.`u`) < toString(x.`u`)',
    ],
    [
      'a date within the narrower type',
      compare('=', column('t'), literal(simpleType('date'), '2020-01-31')),
      "x.`t` = toDate('2020-01-31')",
    ],
    [
      'a date before the first that ClickHouse reads',
      compare('>', column('t'), literal(simpleType('date'), '0001-01-01')),
      "x.`t` > (toDate32('1970-01-01') + toInt32(-719162))",
    ],
    [
      'an instant beyond the last that ClickHouse reads',
      compare('<', column('z'), literal(simpleType('timestamptz'), 'infinity')),
      "x.`z` < fromUnixTimestamp64Micro(toInt64(9223372036854775807), 'UTC')",
    ],
    [
      'a backslash in LIKE is a backslash',
      call('~~', boolean, column('s'), text('a\\b%')),
      String.raw`(x.${'`s`'} LIKE 'a\\\\b%')`,
    ],
    [
      'another escape character becomes the backslash',
      call('like_escape', boolean, column('s'), text('50$%\\'), text('$')),
      String.raw`(x.${'`s`'} LIKE '50\\%\\\\')`,
    ],
    [
      'a sum is checked for its width, and not behind NULLs',
      compare('=', call('+', simpleType('integer'), column('i'), column('i')), integer('1')),
      "if((toInt64(x.`i`) + x.`i`) IS NULL, NULL, accurateCast(toInt64(x.`i`) + x.`i`, 'Int32')) = 1",
    ],
    [
      'x // 0 is NULL',
      compare('=', call('//', simpleType('integer'), column('i'), column('i')), integer('1')),
      'CAST(intDiv(x.`i`, nullIf(x.`i`, 0)) AS Int32) = 1',
    ],
    [
      'a list of constants',
      { kind: 'in', arg: column('s'), list: [text('a'), text('b')], negated: true },
      "x.`s` NOT IN ('a', 'b')",
    ],
    [
      'IN knows no NULL, a chain of equalities does',
      { kind: 'in', arg: column('s'), list: [text('a'), text(null)], negated: true },
      "NOT (x.`s` = 'a' OR x.`s` = CAST(NULL AS Nullable(String)))",
    ],
  ] as readonly (readonly [string, Expr, string])[])('%s', (_, predicate, expected) => {
    expect(where(predicate)).toBe(expected);
  });

  test('names and text with whatever is in them', () => {
    expect(quoteIdentifier('a`b\\c')).toBe('`a\\`b\\\\c`');
    expect(quoteText("a'b\\c\n\0\u0085")).toBe(String.raw`'a\'b\\c\n\x00\xc2\x85'`);
  });
});

describe('joins', () => {
  const on = compare('=', column('i'), column('i', 10));
  const unequal = compare('<', column('i'), column('i', 10));
  const join = (type: Join['type'], ...conditions: readonly Expr[]): Join => ({
    kind: 'join',
    type,
    left: scanOf('x'),
    right: scanOf('y', 10),
    on: conditions,
  });
  const fromOf = (relation: Rel): string => render(relation).replace(/^[^]*?\nFROM /, '');

  test('semi and anti joins are joins', () => {
    expect(fromOf(join('semi', on, unequal))).toContain('LEFT SEMI JOIN `shop`.`y` AS y ON x.`i` = y.`i`');
    expect(fromOf(join('anti', on))).toContain('LEFT ANTI JOIN');
  });

  test.each(['left', 'right', 'full', 'semi', 'anti'] as const)(
    '%s: without an equality it is not pushed',
    (type) => {
      expect(refusalOf(() => render(join(type, unequal)))?.code).toMatch(/JOIN/);
      const ofDoubles = compare('=', column('d'), column('d', 10));
      expect(refusalOf(() => render(join(type, ofDoubles)))?.code).toMatch(/JOIN/);
      expect(refusalOf(() => render(join(type, on)))).toBeUndefined();
    },
  );

  test('an inner join needs none, and joins on its right follow in a row', () => {
    const right: Join = {
      kind: 'join',
      type: 'left',
      left: scanOf('y', 10),
      right: scanOf('w', 20),
      on: [compare('=', column('i', 10), column('i', 20))],
    };
    const sql = fromOf({ ...join('inner', unequal), right });
    expect(sql).toContain('JOIN (\n');
    expect(sql).toContain('LEFT JOIN `shop`.`w` AS w');
  });
});

describe('what is not pushed', () => {
  test.each([
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
      'there is no zoneless time',
      { kind: 'cast', arg: column('t'), type: simpleType('timestamp'), try: false },
      'CAST_DIFFERS',
    ],
    ['an interval', literal(simpleType('interval'), '1 day'), 'LITERAL_NOT_EXACT'],
    [
      'a pattern that ends with its escape character',
      call('like_escape', boolean, column('s'), text('a$'), text('$')),
      'FUNCTION_NOT_IN_DIALECT',
    ],
  ] as readonly (readonly [string, Expr, string])[])('%s', (_, expr, code) => {
    expect(refusalOf(() => where({ kind: 'is-null', arg: expr, negated: false }))?.code).toBe(code);
  });
});
