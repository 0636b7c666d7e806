import type { FunctionRule } from '@tributary/connector-sdk';
import { clickhouseTypeName, isNested } from '../../types/type-name.js';
import { isComparable } from '../comparison.js';
import type { FunctionRules } from '@tributary/connector-sdk/sql';

/** COALESCE, and GREATEST and LEAST, which ignore NULLs in both (see execute/settings.ts). */
export const conditional: FunctionRules = [
  [
    'coalesce',
    [
      {
        args: [(type) => clickhouseTypeName(type) !== undefined && !isNested(type)],
        variadic: true,
        render: (args) => `coalesce(${args.join(', ')})`,
      },
    ],
  ],
  ['greatest', [extreme('greatest')]],
  ['least', [extreme('least')]],
];

function extreme(fn: string): FunctionRule {
  return {
    args: [(type) => isComparable(type) && type.id !== 'enum' && type.id !== 'uuid'],
    variadic: true,
    render: (args) => `${fn}(${args.join(', ')})`,
  };
}
