import type { FunctionRule } from '@tributary/connector-sdk';
import { isComparable } from '../comparison.js';
import { castTypeName } from '../type-names.js';
import type { RuleEntries } from './rule.js';

export const conditional: RuleEntries = [
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

/** MySQL's say NULL where one argument is NULL; with two arguments the other one is then the answer. */
function extreme(fn: string): FunctionRule {
  const isTaken = (type: Parameters<typeof isComparable>[0]): boolean =>
    isComparable(type) && type.id !== 'enum' && type.id !== 'blob';
  return {
    args: [isTaken, isTaken],
    render: ([a = '', b = '']) => `coalesce(${fn}(${a}, ${b}), ${a}, ${b})`,
  };
}
