import { type DataType, type FunctionRule, isFloat } from '@tributary/connector-sdk';
import { isComparable } from '../comparison.js';
import { castTypeName } from '../type-names.js';
import { integerRange } from './integer-range.js';
import type { FunctionRules } from '@tributary/connector-sdk/sql';

export const conditional: FunctionRules = [
  [
    'coalesce',
    [
      {
        args: [(type) => castTypeName(type) !== undefined],
        variadic: true,
        render: (args) => `coalesce(${args.join(', ')})`,
      },
    ],
  ],
  ['greatest', [extreme('greatest')]],
  ['least', [extreme('least')]],
];

/**
 * MySQL's say NULL where one argument is NULL; with two arguments the other one is then the answer. Not of floats, of which -0 and 0 are
 * equal and either may be the answer; nor of unsigned integers, which MariaDB compares as signed ones.
 */
function extreme(fn: string): FunctionRule {
  const isTaken = (type: DataType): boolean =>
    isComparable(type) &&
    type.id !== 'enum' &&
    type.id !== 'blob' &&
    !isFloat(type) &&
    integerRange(type)?.signed !== false;
  return {
    args: [isTaken, isTaken],
    render: ([a = '', b = '']) => `coalesce(${fn}(${a}, ${b}), ${a}, ${b})`,
  };
}
