import type { Expr } from '@tributary/connector-sdk';
import { call, lit, type TypeText } from '../../../postgres/test/support/expressions.js';
import type { HostileType } from './hostile-values.js';

/** One call of a scalar function over the pairs of a type's values. */
export interface FunctionCase {
  readonly fn: string;
  readonly over: HostileType;
  readonly result: TypeText;
  readonly args: (a: Expr, b: Expr) => readonly Expr[];
}

function one(fn: string, over: HostileType, result: TypeText, ...more: readonly Expr[]): FunctionCase {
  return { fn, over, result, args: (a) => [a, ...more] };
}

function two(fn: string, over: HostileType, result: TypeText, ...more: readonly Expr[]): FunctionCase {
  return { fn, over, result, args: (a, b) => [a, b, ...more] };
}

const signed = [
  ['TINYINT', 'tinyint'],
  ['SMALLINT', 'smallint'],
  ['INT', 'integer'],
  ['BIGINT', 'bigint'],
] as const;

const unsigned = [
  ['TINYINT UNSIGNED', 'utinyint'],
  ['SMALLINT UNSIGNED', 'usmallint'],
  ['INT UNSIGNED', 'uinteger'],
  ['BIGINT UNSIGNED', 'ubigint'],
  ['YEAR', 'usmallint'],
] as const;

const bigint = (value: number): Expr => lit('bigint', String(value));
const double = (value: string): Expr => lit('double', value);
const text = (value: string): Expr => lit('varchar', value);

const exact: readonly FunctionCase[] = [
  ...signed.flatMap(([over, type]) => [
    ...['+', '-', '*', '%', 'mod'].map((fn) => two(fn, over, type)),
    ...(type === 'bigint' ? [] : [two('//', over, type)]),
    ...['-', 'abs', '@'].map((fn) => one(fn, over, type)),
    ...['0', '3', '-3'].flatMap((value) => ['//', '%'].map((fn) => one(fn, over, type, lit(type, value)))),
  ]),
  ...unsigned.flatMap(([over, type]) => ['+', '*', '//', '%'].map((fn) => two(fn, over, type))),
  two('+', 'DECIMAL(15,2)', 'decimal(16,2)'),
  two('-', 'DECIMAL(15,2)', 'decimal(16,2)'),
  two('*', 'DECIMAL(15,2)', 'decimal(18,4)'),
  two('%', 'DECIMAL(15,2)', 'decimal(15,2)'),
  two('mod', 'DECIMAL(6,3)', 'decimal(6,3)'),
  ...['-', 'abs', '@'].map((fn) => one(fn, 'DECIMAL(15,2)', 'decimal(15,2)')),
  ...['ceil', 'ceiling', 'floor', 'trunc', 'round'].flatMap((fn) => [
    one(fn, 'DECIMAL(15,2)', 'decimal(15,0)'),
    one(fn, 'DECIMAL(6,3)', 'decimal(6,0)'),
  ]),
  one('round', 'DECIMAL(6,3)', 'decimal(6,2)', lit('integer', '2')),
  one('round', 'DECIMAL(6,3)', 'decimal(6,0)', lit('integer', '-1')),
  one('round', 'DECIMAL(6,3)', 'decimal(6,3)', lit('integer', '5')),
];

const toDouble = (arg: Expr): Expr => ({ kind: 'cast', arg, type: { id: 'double' }, try: false });

const floats: readonly FunctionCase[] = [
  ...['0.2', '-0.25', '1'].map((value) => one('*', 'DOUBLE', 'double', double(value))),
  ...['3', '-7', '1', '1e300'].map((value) => one('/', 'DOUBLE', 'double', double(value))),
  ...['0.2', '-7', '1e290'].flatMap((value) => [
    one('+', 'DOUBLE', 'double', double(value)),
    one('-', 'DOUBLE', 'double', double(value)),
  ]),
  ...(['INT', 'BIGINT', 'DECIMAL(15,2)'] as const).flatMap((over) =>
    ['+', '-', '*'].map((fn): FunctionCase => ({
      fn,
      over,
      result: 'double',
      args: (a, b) => [toDouble(a), toDouble(b)],
    })),
  ),
  ...['abs', '@', 'floor', 'ceil', 'ceiling', 'trunc', '-'].map((fn) => one(fn, 'DOUBLE', 'double')),
];

const strings: readonly FunctionCase[] = [
  ...(['TEXT', 'VARCHAR(20) CHARACTER SET latin1', 'VARCHAR(20) COLLATE utf8mb4_bin'] as const).flatMap(
    (over) => ['length', 'strlen'].map((fn) => one(fn, over, 'bigint')),
  ),
  ...['len', 'char_length', 'character_length'].map((fn) => one(fn, 'TEXT', 'bigint')),
  ...['strpos', 'position', 'instr'].map((fn) => two(fn, 'TEXT', 'bigint')),
  ...[
    [0, 3],
    [1, 2],
    [2, 0],
    [3, 100],
    [40, 1],
    [0, 0],
  ].flatMap(([start = 0, size = 0]) =>
    ['substring', 'substr'].map((fn) => one(fn, 'TEXT', 'varchar', bigint(start), bigint(size))),
  ),
  ...[0, 1, 2, 50].flatMap((start) =>
    ['substring', 'substr'].map((fn) => one(fn, 'TEXT', 'varchar', bigint(start))),
  ),
  ...[0, 1, 2, 50].flatMap((count) =>
    ['left', 'right'].map((fn) => one(fn, 'TEXT', 'varchar', bigint(count))),
  ),
  two('replace', 'TEXT', 'varchar', text('<>')),
  two('||', 'TEXT', 'varchar'),
  two('concat', 'TEXT', 'varchar'),
  two('concat', 'TEXT', 'varchar', text('!')),
  one('md5', 'TEXT', 'varchar'),
  ...['~~', '!~~'].flatMap((fn) => [
    two(fn, 'TEXT', 'boolean'),
    two(fn, 'VARCHAR(20) CHARACTER SET latin1', 'boolean'),
    ...['a%', '%b', '_', '%', '', 'a\\b', '%\\%', '_\u0301%', '\\', 'a|%'].map((pattern) =>
      one(fn, 'TEXT', 'boolean', text(pattern)),
    ),
  ]),
  ...['like_escape', 'not_like_escape'].flatMap((fn) => [
    one(fn, 'TEXT', 'boolean', text('a$%b'), text('$')),
    one(fn, 'TEXT', 'boolean', text('$_'), text('$')),
    one(fn, 'TEXT', 'boolean', text('a\\%%'), text('\\')),
    one(fn, 'TEXT', 'boolean', text('a%'), text('')),
    one(fn, 'TEXT', 'boolean', text('a|b'), text('$')),
  ]),
  ...['starts_with', '^@', 'prefix', 'ends_with', 'suffix', 'contains'].map((fn) =>
    two(fn, 'TEXT', 'boolean'),
  ),
];

const points = ['DATE', 'DATETIME(6)', 'TIMESTAMP(6)'] as const;
const fieldNames = [
  'year',
  'quarter',
  'month',
  'day',
  'dayofmonth',
  'hour',
  'minute',
  'second',
  'isodow',
  'dayofweek',
  'weekday',
  'dayofyear',
  'week',
  'weekofyear',
];
const partNames = [...fieldNames, 'years', 'months', 'seconds', 'weeks', 'dow', 'doy', 'YEAR'];

const times: readonly FunctionCase[] = points.flatMap((over) => [
  ...fieldNames.map((fn) => one(fn, over, 'bigint')),
  ...partNames.flatMap((part) =>
    ['date_part', 'datepart'].map((fn): FunctionCase => ({
      fn,
      over,
      result: 'bigint',
      args: (a) => [text(part), a],
    })),
  ),
  ...['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'].flatMap((unit) =>
    ['date_trunc', 'datetrunc'].map((fn): FunctionCase => ({
      fn,
      over,
      result: over === 'TIMESTAMP(6)' ? 'timestamptz' : 'timestamp',
      args: (a) => [text(unit), a],
    })),
  ),
]);

const conditions: readonly FunctionCase[] = [
  two('-', 'DATE', 'bigint'),
  one('last_day', 'DATE', 'date'),
  two('coalesce', 'TEXT', 'varchar'),
  two('coalesce', 'INT', 'integer'),
  ...['greatest', 'least'].flatMap((fn) => [
    two(fn, 'TEXT', 'varchar'),
    two(fn, 'BIGINT', 'bigint'),
    two(fn, 'DECIMAL(15,2)', 'decimal(15,2)'),
    two(fn, 'DATE', 'date'),
    two(fn, 'DATETIME(6)', 'timestamp'),
    two(fn, 'BIT(1)', 'boolean'),
  ]),
];

/** Those that fail for some values, which hides the answers for all others. */
export const failingCases: readonly FunctionCase[] = exact;

/** Those that answer for all values. */
export const totalCases: readonly FunctionCase[] = [...floats, ...strings, ...times, ...conditions];

export function describeCase(each: FunctionCase): string {
  const argument = (name: string): Expr => ({ kind: 'parameter', name, type: { id: 'null' } });
  const show = (expr: Expr): string => {
    if (expr.kind === 'literal') return `'${expr.value}'`;
    if (expr.kind === 'parameter') return expr.name;
    return expr.kind === 'cast' ? `${show(expr.arg)}::double` : '?';
  };
  return `${each.fn}(${each.args(argument('a'), argument('b')).map(show).join(', ')}) over ${each.over}`;
}

export function callOf(each: FunctionCase, a: Expr, b: Expr): Expr {
  return call(each.fn, each.args(a, b), each.result);
}
