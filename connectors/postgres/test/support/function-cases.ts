import type { Expr } from '@tributary/contract/plan';
import { type TypeText, call, lit } from './expressions.js';
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

const integers = [
  ['smallint', 'smallint'],
  ['integer', 'integer'],
  ['bigint', 'bigint'],
] as const;

const bigint = (value: number): Expr => lit('bigint', String(value));
const double = (value: string): Expr => lit('double', value);
const text = (value: string): Expr => lit('varchar', value);

const exact: readonly FunctionCase[] = [
  ...integers.flatMap(([over, type]) => [
    ...['+', '-', '*', '//', '%', 'mod', '&', '|', 'xor'].map((fn) => two(fn, over, type)),
    ...['-', 'abs', '@', '~'].map((fn) => one(fn, over, type)),
    ...['0', '3', '-3'].flatMap((value) => ['//', '%'].map((fn) => one(fn, over, type, lit(type, value)))),
  ]),
  two('+', 'numeric(15,2)', 'decimal(16,2)'),
  two('-', 'numeric(15,2)', 'decimal(16,2)'),
  two('*', 'numeric(15,2)', 'decimal(18,4)'),
  two('%', 'numeric(15,2)', 'decimal(15,2)'),
  two('mod', 'numeric(6,3)', 'decimal(6,3)'),
  ...['-', 'abs', '@'].map((fn) => one(fn, 'numeric(15,2)', 'decimal(15,2)')),
  ...['ceil', 'ceiling', 'floor', 'trunc', 'round'].flatMap((fn) => [
    one(fn, 'numeric(15,2)', 'decimal(15,0)'),
    one(fn, 'numeric(6,3)', 'decimal(6,0)'),
  ]),
  one('round', 'numeric(6,3)', 'decimal(6,2)', lit('integer', '2')),
  one('round', 'numeric(6,3)', 'decimal(6,0)', lit('integer', '-1')),
  one('round', 'numeric(6,3)', 'decimal(6,3)', lit('integer', '5')),
];

const constants = ['0.2', '3', '-7', '1e300', '1e-300', '0.5', '-0.25', '1'];
const toDouble = (arg: Expr): Expr => ({ kind: 'cast', arg, type: { id: 'double' }, try: false });

const floats: readonly FunctionCase[] = [
  ...constants.flatMap((value) => [
    one('*', 'double precision', 'double', double(value)),
    one('/', 'double precision', 'double', double(value)),
  ]),
  ...['0.2', '-7', '1e290'].flatMap((value) => [
    one('+', 'double precision', 'double', double(value)),
    one('-', 'double precision', 'double', double(value)),
  ]),
  { fn: '*', over: 'double precision', result: 'double', args: (a) => [double('-3'), a] },
  ...(['integer', 'bigint', 'numeric(15,2)'] as const).flatMap((over) =>
    ['+', '-', '*', '/'].map((fn): FunctionCase => ({
      fn,
      over,
      result: 'double',
      args: (a, b) => [toDouble(a), toDouble(b)],
    })),
  ),
  ...['abs', '@', 'floor', 'ceil', 'ceiling', 'trunc', 'round', '-'].map((fn) =>
    one(fn, 'double precision', 'double'),
  ),
  one('sqrt', 'double precision', 'double'),
  one('isnan', 'double precision', 'boolean'),
];

const strings: readonly FunctionCase[] = [
  ...['length', 'len', 'char_length', 'character_length', 'strlen'].map((fn) => one(fn, 'text', 'bigint')),
  ...['strpos', 'position', 'instr'].map((fn) => two(fn, 'text', 'bigint')),
  ...[
    [0, 3],
    [1, 2],
    [2, 0],
    [3, 100],
    [40, 1],
  ].flatMap(([start = 0, size = 0]) =>
    ['substring', 'substr'].map((fn) => one(fn, 'text', 'varchar', bigint(start), bigint(size))),
  ),
  ...[0, 1, 2, 50].flatMap((start) =>
    ['substring', 'substr'].map((fn) => one(fn, 'text', 'varchar', bigint(start))),
  ),
  ...[-50, -2, 0, 1, 50].flatMap((count) =>
    ['left', 'right'].map((fn) => one(fn, 'text', 'varchar', bigint(count))),
  ),
  two('replace', 'text', 'varchar', text('<>')),
  two('||', 'text', 'varchar'),
  two('concat', 'text', 'varchar'),
  two('concat', 'text', 'varchar', text('!')),
  ...['trim', 'ltrim', 'rtrim'].flatMap((fn) => [one(fn, 'text', 'varchar'), two(fn, 'text', 'varchar')]),
  one('md5', 'text', 'varchar'),
  ...['~~', '!~~'].flatMap((fn) => [
    two(fn, 'text', 'boolean'),
    ...['a%', '%b', '_', '%', '', 'a\\b', '%\\%', '_\u0301%', '\\'].map((pattern) =>
      one(fn, 'text', 'boolean', text(pattern)),
    ),
  ]),
  ...['like_escape', 'not_like_escape'].flatMap((fn) => [
    one(fn, 'text', 'boolean', text('a$%b'), text('$')),
    one(fn, 'text', 'boolean', text('$_'), text('$')),
    one(fn, 'text', 'boolean', text('a\\%%'), text('\\')),
    one(fn, 'text', 'boolean', text('a%'), text('')),
  ]),
  ...['starts_with', '^@', 'prefix', 'ends_with', 'suffix', 'contains'].map((fn) =>
    two(fn, 'text', 'boolean'),
  ),
];

const points = ['date', 'timestamp', 'timestamptz'] as const;
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
const partNames = [
  ...fieldNames,
  'years',
  'quarters',
  'months',
  'days',
  'hours',
  'minutes',
  'seconds',
  'weeks',
  'dow',
  'doy',
  'YEAR',
];
const intervals = ['1 month', '-1 month', '1 day', '1 year 2 months -3 days 04:05:06.5', '00:00:00'];

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
      result: over === 'timestamptz' ? 'timestamptz' : 'timestamp',
      args: (a) => [text(unit), a],
    })),
  ),
  ...intervals.flatMap((value) =>
    ['+', '-'].map((fn) =>
      one(fn, over, over === 'timestamptz' ? 'timestamptz' : 'timestamp', lit('interval', value)),
    ),
  ),
]);

const conditions: readonly FunctionCase[] = [
  two('-', 'timestamp', 'interval'),
  one('+', 'date', 'date', lit('integer', '30')),
  one('-', 'date', 'date', lit('integer', '30')),
  one('last_day', 'date', 'date'),
  two('coalesce', 'text', 'varchar'),
  two('coalesce', 'integer', 'integer'),
  two('coalesce', 'interval', 'interval'),
  ...['greatest', 'least'].flatMap((fn) => [
    two(fn, 'text', 'varchar'),
    two(fn, 'bigint', 'bigint'),
    two(fn, 'double precision', 'double'),
    two(fn, 'numeric(15,2)', 'decimal(15,2)'),
    two(fn, 'date', 'date'),
    two(fn, 'timestamp', 'timestamp'),
    two(fn, 'boolean', 'boolean'),
  ]),
];

export const functionCases: readonly FunctionCase[] = [
  ...exact,
  ...floats,
  ...strings,
  ...times,
  ...conditions,
];

export function describeCase(each: FunctionCase): string {
  const argument = (name: string): Expr => ({ kind: 'parameter', name, type: { id: 'null' } });
  const show = (expr: Expr): string =>
    expr.kind === 'literal'
      ? `'${expr.value}'`
      : expr.kind === 'parameter'
        ? expr.name
        : expr.kind === 'cast'
          ? `${show(expr.arg)}::double`
          : '?';
  return `${each.fn}(${each.args(argument('a'), argument('b')).map(show).join(', ')}) over ${each.over}`;
}

export function callOf(each: FunctionCase, a: Expr, b: Expr): Expr {
  return call(each.fn, each.args(a, b), each.result);
}
