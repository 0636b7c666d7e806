import type { FunctionRule } from '@tributary/contract/render';
import { isComparable } from '../comparison.js';
import { postgresTypeName } from '../type-names.js';
import type { FunctionRules } from '@tributary/connector-sdk/sql';
import { byBytes } from './text.js';

/** COALESCE, and GREATEST and LEAST, which ignore NULLs in both databases and call NaN the greatest. */
export const conditional: FunctionRules = [
  [
    'coalesce',
    [
      {
        args: [(type) => postgresTypeName(type) !== undefined],
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
    // DuckDB's makes 0 of a FLOAT that is -0, but leaves a DOUBLE as it is.
    args: [(type) => isComparable(type) && type.id !== 'enum' && type.id !== 'float'],
    variadic: true,
    render: (args, { types }) => `${fn}(${(types[0]?.id === 'varchar' ? byBytes(args) : args).join(', ')})`,
  };
}
