import { type DataType, isExactNumber } from '@tributary/contract/plan';
import type { CallContextInfo } from '@tributary/contract/render';
import { postgresTypeName } from '../type-names.js';
import {
  type RuleArguments,
  constantInteger,
  named,
  rule,
  type FunctionRules,
} from '@tributary/connector-sdk/sql';

/** Numbers that PostgreSQL holds too; `uinteger` is its oid, which has no arithmetic. */
export function isPostgresExact(type: DataType): boolean {
  return isExactNumber(type) && type.id !== 'uinteger' && postgresTypeName(type) !== undefined;
}

function isPostgresInteger(type: DataType): boolean {
  return isPostgresExact(type) && type.id !== 'decimal' && type.id !== 'hugeint';
}

const exact = isPostgresExact;
const integer = isPostgresInteger;

/**
 * Integers and decimals. Both databases compute exactly and fail on overflow. DuckDB answers NULL to a division by zero,
 * PostgreSQL fails: hence NULLIF. `//` truncates towards zero in both, and `%` has the dividend's sign.
 */
export const exactArithmetic: FunctionRules = [
  ['+', [rule([exact, exact], ([a, b]) => `(${a} + ${b})`)]],
  ['-', [rule([exact, exact], ([a, b]) => `(${a} - ${b})`), rule([exact], ([a]) => `(- ${a})`)]],
  ['*', [rule([exact, exact], ([a, b]) => `(${a} * ${b})`)]],
  [
    '//',
    [rule([integer, integer], ([a, b], { args }) => `(${a} / ${divisor(b, constantInteger(args[1]))})`)],
  ],
  ...named(
    ['%', 'mod'],
    [rule([exact, exact], ([a, b], { args }) => `(${a} % ${divisor(b, constantInteger(args[1]))})`)],
  ),
  ['abs', [rule([exact], ([a]) => `abs(${a})`)]],
  ['@', [rule([exact], ([a]) => `abs(${a})`)]],
  ...named(['ceil', 'ceiling'], [rule(['decimal'], ([a]) => `ceil(${a})`)]),
  ['floor', [rule(['decimal'], ([a]) => `floor(${a})`)]],
  ['trunc', [rule(['decimal'], ([a]) => `trunc(${a})`)]],
  // Half away from zero in both.
  ['round', [rule(['decimal'], ([a]) => `round(${a})`), rule(['decimal', 'any-integer'], roundTo)]],
  ['&', [rule([integer, integer], ([a, b]) => `(${a} & ${b})`)]],
  ['|', [rule([integer, integer], ([a, b]) => `(${a} | ${b})`)]],
  ['xor', [rule([integer, integer], ([a, b]) => `(${a} # ${b})`)]],
  ['~', [rule([integer], ([a]) => `(~ ${a})`)]],
];

/** A constant that is not zero needs no guard. */
function divisor(sql: string, constant: number | undefined): string {
  return constant === undefined || constant === 0 ? `NULLIF(${sql}, 0)` : sql;
}

function roundTo([a]: RuleArguments, { args }: CallContextInfo): string | undefined {
  const digits = constantInteger(args[1]);
  return digits === undefined ? undefined : `round(${a}, ${digits})`;
}
