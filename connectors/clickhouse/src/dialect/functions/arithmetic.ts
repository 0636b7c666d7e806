import { type CallContextInfo, type DataType, isFloat, isInteger } from '@tributary/connector-sdk';
import { clickhouseTypeName } from '../../types/type-name.js';
import { narrowed, storageDigits } from '../cast.js';
import {
  type RuleArguments,
  constantInteger,
  named,
  rule,
  type FunctionRules,
} from '@tributary/connector-sdk/sql';

/** 128-bit integers would need 256 bits for the check of their overflow. */
function isMachineInteger(type: DataType): boolean {
  return isInteger(type) && type.id !== 'hugeint' && type.id !== 'uhugeint';
}

const integer = isMachineInteger;
const decimal = 'decimal' as const;

/** Integers of this many bits hold what two of at most 32 bits add up or multiply to. */
const narrow: ReadonlySet<DataType['id']> = new Set([
  'tinyint',
  'smallint',
  'integer',
  'utinyint',
  'usmallint',
  'uinteger',
]);

/**
 * ClickHouse's integers and decimals wrap around where DuckDB fails: so integers are computed in a wider type and checked on the way
 * back, decimals in one that holds the result. Division by zero is NULL in DuckDB and an error here. `%` has the dividend's sign
 * and integer division truncates in both.
 */
export const arithmetic: FunctionRules = [
  ['+', [rule([integer, integer], checked('+')), rule([decimal, decimal], sum('+')), ...floats('+')]],
  [
    '-',
    [
      rule([integer, integer], checked('-')),
      rule([integer], ([a], { result }) => narrowed(`negate(${wide(a, result)})`, result)),
      rule([decimal, decimal], sum('-')),
      rule([decimal], ([a]) => `negate(${a})`),
      ...floats('-'),
      rule([isFloat], ([a]) => `negate(${a})`),
    ],
  ],
  ['*', [rule([integer, integer], checked('*')), rule([decimal, decimal], product), ...floats('*')]],
  ['/', floats('/')],
  ['//', [rule([integer, integer], divided('intDiv'))]],
  ...named(['%', 'mod'], [rule([integer, integer], divided('modulo'))]),
  ...named(
    ['abs', '@'],
    [
      rule([integer], ([a], { result }) => narrowed(`abs(${wide(a, result)})`, result)),
      rule([decimal], ([a]) => `abs(${a})`),
      rule([isFloat], ([a]) => `abs(${a})`),
    ],
  ),
  ...['floor', 'ceil', 'trunc'].map((fn) => [fn, [rule(['double'], ([a]) => `${fn}(${a})`)]] as const),
  ['ceiling', [rule(['double'], ([a]) => `ceil(${a})`)]],
  ['isnan', [rule([isFloat], ([a]) => `isNaN(${a})`)]],
];

function wide(sql: string, type: DataType): string {
  return `${narrow.has(type.id) ? 'toInt64' : 'toInt128'}(${sql})`;
}

function checked(operator: string): (args: RuleArguments, call: CallContextInfo) => string | undefined {
  return ([a, b], { result }) => narrowed(`${wide(a, result)} ${operator} ${b}`, result);
}

/** Integers of one type; the smallest divided by -1 fails in both. The type of a remainder is that of the divisor. */
function divided(fn: string): (args: RuleArguments, call: CallContextInfo) => string {
  return ([a, b], { args, result }) => {
    const constant = constantInteger(args[1]);
    const divisor = constant === undefined || constant === 0 ? `nullIf(${b}, 0)` : b;
    return `CAST(${fn}(${a}, ${divisor}) AS ${clickhouseTypeName(result) ?? ''})`;
  };
}

/** Of 38 digits there may become 39, which ClickHouse stores all the same. */
function sum(operator: string): (args: RuleArguments, call: CallContextInfo) => string | undefined {
  return ([a, b], { types, result }) => {
    const isFull = types.some((type) => type.id === 'decimal' && type.precision === 38);
    return result.id !== 'decimal' || isFull
      ? undefined
      : `(${widened(a, types[0], result)} ${operator} ${b})`;
  };
}

/** The scales add up in both. Where DuckDB caps the digits at 18, it fails as ClickHouse does, if a little sooner. */
function product([a, b]: RuleArguments, { types, result }: CallContextInfo): string | undefined {
  const [left, right] = types;
  if (result.id !== 'decimal' || left?.id !== 'decimal' || right?.id !== 'decimal') return undefined;
  return left.scale + right.scale === result.scale ? `(${widened(a, left, result)} * ${b})` : undefined;
}

/** An operand in the storage of the result, its scale as it was. */
function widened(
  sql: string,
  type: DataType | undefined,
  result: Extract<DataType, { id: 'decimal' }>,
): string {
  if (type?.id !== 'decimal' || storageDigits(type.precision) >= storageDigits(result.precision)) return sql;
  return `CAST(${sql} AS Decimal(${storageDigits(result.precision)}, ${type.scale}))`;
}

/** IEEE 754's in both. ClickHouse computes single precision in double, which rounds to the same. */
function floats(operator: string): readonly ReturnType<typeof rule>[] {
  return [
    rule(['double', 'double'], ([a, b]) => `(${a} ${operator} ${b})`),
    rule(['float', 'float'], ([a, b]) => `toFloat32(${a} ${operator} ${b})`),
  ];
}
