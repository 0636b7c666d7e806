import { type DataType, isExactNumber, type CallContextInfo } from '@tributary/connector-sdk';
import type { ProductName } from '../../product.js';
import { mostScale } from '../type-names.js';
import { inRange, integerRange, isMachineInteger } from './integer-range.js';
import {
  type RuleArguments,
  constantInteger,
  named,
  rule,
  type FunctionRules,
} from '@tributary/connector-sdk/sql';

function isSigned(type: DataType): boolean {
  return integerRange(type)?.signed === true;
}

/** Numbers that MySQL computes exactly: its decimals have 65 digits, 30 of them behind the point. */
export function isMySqlExact(type: DataType): boolean {
  return isExactNumber(type) && type.id !== 'uhugeint' && (type.id !== 'decimal' || type.scale <= mostScale);
}

const isDecimal = (type: DataType): boolean => type.id === 'decimal' && type.scale <= mostScale;

/**
 * Integers and decimals. Both databases compute exactly and fail where 64 bits do not hold the result; where a narrower type would not,
 * `inRange` makes MySQL fail as DuckDB does. Division by zero is NULL in both, `//` (DIV) truncates towards zero in both, and `%` has
 * the dividend's sign.
 */
export const exactArithmetic = (product: ProductName): FunctionRules => [
  [
    '+',
    [rule([isMachineInteger, isMachineInteger], integer('+')), rule([isDecimal, isDecimal], decimal('+'))],
  ],
  [
    '-',
    [
      // Sessions subtract unsigned numbers with a sign (NO_UNSIGNED_SUBTRACTION), so only signed ones fail where DuckDB does.
      rule([isSigned, isSigned], product === 'mariadb' ? mariadbDifference : integer('-')),
      rule([isDecimal, isDecimal], decimal('-')),
      rule([isSigned], ([a], { types: [type] }) => type && inRange(`(- ${a})`, type)),
      rule([isDecimal], ([a]) => `(- ${a})`),
    ],
  ],
  [
    '*',
    [rule([isMachineInteger, isMachineInteger], integer('*')), rule([isDecimal, isDecimal], decimal('*'))],
  ],
  ['//', [rule([isMachineInteger, isMachineInteger], quotient)]],
  ...named(
    ['%', 'mod'],
    [rule([isMachineInteger, isMachineInteger], integer('%')), rule([isDecimal, isDecimal], decimal('%'))],
  ),
  ...named(
    ['abs', '@'],
    [
      rule([isSigned], ([a], { types: [type] }) => type && inRange(`abs(${a})`, type)),
      rule([isDecimal], ([a]) => `abs(${a})`),
    ],
  ),
  ...named(['ceil', 'ceiling'], [rule([isDecimal], ([a]) => `ceiling(${a})`)]),
  ['floor', [rule([isDecimal], ([a]) => `floor(${a})`)]],
  ['trunc', [rule([isDecimal], ([a]) => `truncate(${a}, 0)`)]],
  // Half away from zero in both.
  ['round', [rule([isDecimal], ([a]) => `round(${a})`), rule([isDecimal, 'any-integer'], roundTo)]],
];

function integer(operator: string): (args: RuleArguments, call: CallContextInfo) => string {
  return ([a, b], { result }) => inRange(`(${a} ${operator} ${b})`, result);
}

/** MariaDB does not see that 0 - BIGINT_MIN leaves 64 bits. */
function mariadbDifference([a, b]: RuleArguments, { result }: CallContextInfo): string {
  return result.id === 'bigint'
    ? `CASE ${a} WHEN 0 THEN (- ${b}) ELSE (${a} - ${b}) END`
    : inRange(`(${a} - ${b})`, result);
}

/** MySQL fails at BIGINT_MIN DIV 1, so the divisor of a BIGINT has to be known. */
function quotient([a, b]: RuleArguments, { args, result }: CallContextInfo): string | undefined {
  const divisor = constantInteger(args[1]);
  const isKnown = divisor !== undefined && Math.abs(divisor) !== 1;
  return isKnown || result.id !== 'bigint' ? inRange(`(${a} DIV ${b})`, result) : undefined;
}

/** Most digits of MySQL's DECIMAL. */
const mostDigits = 65;

/** DuckDB fails where a result has more than 38 digits; up to 65 MySQL goes on, and the answer's decoder fails. */
function decimal(operator: string): (args: RuleArguments, call: CallContextInfo) => string | undefined {
  return ([a, b], { types, result }) => {
    const digits = types.reduce((sum, type) => sum + (type.id === 'decimal' ? type.precision : 0), 0);
    if (result.id !== 'decimal' || result.scale > mostScale || digits > mostDigits) return undefined;
    return `(${a} ${operator} ${b})`;
  };
}

function roundTo([a]: RuleArguments, { args }: CallContextInfo): string | undefined {
  const digits = constantInteger(args[1]);
  return digits === undefined ? undefined : `round(${a}, ${digits})`;
}
