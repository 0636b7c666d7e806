import type { Expr } from '@tributary/connector-sdk';
import { type TypeText, call, lit } from '../../../postgres/test/support/expressions.js';
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
  ['Int8', 'tinyint'],
  ['Int32', 'integer'],
  ['Int64', 'bigint'],
] as const;
const unsigned = [
  ['UInt8', 'utinyint'],
  ['UInt64', 'ubigint'],
] as const;

const bigint = (value: number): Expr => lit('bigint', String(value));
const text = (value: string): Expr => lit('varchar', value);
const toDouble = (arg: Expr): Expr => ({ kind: 'cast', arg, type: { id: 'double' }, try: false });

const exact: readonly FunctionCase[] = [
  ...[...signed, ...unsigned].flatMap(([over, type]) =>
    ['+', '-', '*', '//', '%', 'mod'].map((fn) => two(fn, over, type)),
  ),
  ...signed.flatMap(([over, type]) => [
    ...['-', 'abs', '@'].map((fn) => one(fn, over, type)),
    ...['0', '3', '-3'].flatMap((value) => ['//', '%'].map((fn) => one(fn, over, type, lit(type, value)))),
  ]),
  two('+', 'Decimal(15, 2)', 'decimal(16,2)'),
  two('-', 'Decimal(15, 2)', 'decimal(16,2)'),
  two('+', 'Decimal(6, 3)', 'decimal(7,3)'),
  two('*', 'Decimal(15, 2)', 'decimal(18,4)'),
  two('*', 'Decimal(6, 3)', 'decimal(12,6)'),
  ...['-', 'abs', '@'].map((fn) => one(fn, 'Decimal(15, 2)', 'decimal(15,2)')),
];

const floats: readonly FunctionCase[] = [
  ...['+', '-', '*', '/'].flatMap((fn) => [
    two(fn, 'Float64', 'double'),
    two(fn, 'Float32', 'float'),
    ...(['Int32', 'Int64', 'Decimal(15, 2)'] as const).map((over): FunctionCase => ({
      fn,
      over,
      result: 'double',
      args: (a, b) => [toDouble(a), toDouble(b)],
    })),
  ]),
  ...['abs', '@', 'floor', 'ceil', 'ceiling', 'trunc', '-'].map((fn) => one(fn, 'Float64', 'double')),
  one('isnan', 'Float64', 'boolean'),
  one('isnan', 'Float32', 'boolean'),
];

const strings: readonly FunctionCase[] = [
  ...['length', 'len', 'char_length', 'character_length', 'strlen'].map((fn) => one(fn, 'String', 'bigint')),
  ...['strpos', 'position', 'instr'].map((fn) => two(fn, 'String', 'bigint')),
  ...[
    [1, 2],
    [2, 0],
    [3, 100],
    [40, 1],
  ].flatMap(([start = 0, size = 0]) =>
    ['substring', 'substr'].map((fn) => one(fn, 'String', 'varchar', bigint(start), bigint(size))),
  ),
  ...[1, 2, 50].flatMap((start) =>
    ['substring', 'substr'].map((fn) => one(fn, 'String', 'varchar', bigint(start))),
  ),
  ...[0, 1, 2, 50].flatMap((count) =>
    ['left', 'right'].map((fn) => one(fn, 'String', 'varchar', bigint(count))),
  ),
  two('replace', 'String', 'varchar', text('<>')),
  two('||', 'String', 'varchar'),
  two('concat', 'String', 'varchar'),
  two('concat', 'String', 'varchar', text('!')),
  one('md5', 'String', 'varchar'),
  ...['~~', '!~~'].flatMap((fn) => [
    two(fn, 'String', 'boolean'),
    ...['a%', '%b', '_', '%', '', 'a\\b', '%\\%', '_\u0301%', '\\', 'a_b%'].map((pattern) =>
      one(fn, 'String', 'boolean', text(pattern)),
    ),
  ]),
  ...['like_escape', 'not_like_escape'].flatMap((fn) => [
    one(fn, 'String', 'boolean', text('a$%b'), text('$')),
    one(fn, 'String', 'boolean', text('$_'), text('$')),
    one(fn, 'String', 'boolean', text('a\\%%'), text('\\')),
    one(fn, 'String', 'boolean', text('a\\\\b'), text('\\')),
    one(fn, 'String', 'boolean', text('a%'), text('')),
  ]),
  ...['starts_with', '^@', 'prefix', 'ends_with', 'suffix', 'contains'].map((fn) =>
    two(fn, 'String', 'boolean'),
  ),
];

const fieldNames = [
  'year',
  'quarter',
  'month',
  'day',
  'dayofmonth',
  'isodow',
  'dayofyear',
  'week',
  'weekofyear',
  'isoyear',
];
const clockNames = ['hour', 'minute', 'second'];
const dates = ['Date', 'Date32'] as const;
const instants = [
  "DateTime('Europe/Berlin')",
  "DateTime64(3, 'Asia/Kolkata')",
  "DateTime64(6, 'UTC')",
] as const;

const times: readonly FunctionCase[] = [
  ...dates.flatMap((over) =>
    fieldNames.filter((fn) => fn !== 'dayofyear').map((fn) => one(fn, over, 'bigint')),
  ),
  ...instants.flatMap((over) => [
    ...[...fieldNames, ...clockNames].map((fn) => one(fn, over, 'bigint')),
    ...['year', 'DOY', 'weeks', 'hours'].flatMap((part) =>
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
        result: 'timestamptz',
        args: (a) => [text(unit), a],
      })),
    ),
  ]),
];

const conditions: readonly FunctionCase[] = [
  two('coalesce', 'String', 'varchar'),
  two('coalesce', 'Int32', 'integer'),
  two('coalesce', 'Float64', 'double'),
  two('coalesce', 'UUID', 'uuid'),
  ...['greatest', 'least'].flatMap((fn) => [
    two(fn, 'String', 'varchar'),
    two(fn, 'Int64', 'bigint'),
    two(fn, 'UInt64', 'ubigint'),
    two(fn, 'Decimal(15, 2)', 'decimal(15,2)'),
    two(fn, 'Date', 'date'),
    two(fn, "DateTime64(6, 'UTC')", 'timestamptz'),
    two(fn, 'Bool', 'boolean'),
  ]),
];

export const functionCases: readonly FunctionCase[] = [
  ...exact,
  ...floats,
  ...strings,
  ...times,
  ...conditions,
];

export function callOf(each: FunctionCase, a: Expr, b: Expr): Expr {
  return call(each.fn, each.args(a, b), each.result);
}

export function describeCase(each: FunctionCase): string {
  const names = each
    .args(text('a'), text('b'))
    .map((arg) => (arg.kind === 'literal' ? String(arg.value) : 'x'));
  return `${each.fn}(${names.join(', ')}) of ${each.over}`;
}
