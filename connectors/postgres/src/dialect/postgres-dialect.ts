import type { DataType } from '@tributary/contract/plan';
import type { SqlDialect } from '@tributary/contract/render';
import { postgresAggregates } from './aggregates.js';
import { postgresCast } from './cast.js';
import { isComparable, postgresComparison, postgresSortKey } from './comparison.js';
import { postgresFunctions } from './functions.js';
import { postgresComparand, postgresLiteral } from './literal.js';
import { quoteIdentifier } from './quote.js';
import { postgresTypeName } from './type-names.js';
import { postgresWindowFunctions } from './window-functions.js';

/** PostgreSQL 14 and newer, in sessions whose settings are pinned (see execute/session.ts). */
export const postgresDialect: SqlDialect = {
  name: 'postgres',
  quoteIdentifier,
  literal: postgresLiteral,
  comparand: postgresComparand,
  typeName: postgresTypeName,
  placeholder: (position, type) => {
    const name = parameterType(type);
    return name && `$${position}::${name}`;
  },
  cast: postgresCast,
  comparison: postgresComparison,
  functions: postgresFunctions,
  aggregates: postgresAggregates,
  windowFunctions: postgresWindowFunctions,
  groupable: isComparable,
  sortKey: postgresSortKey,
  limit: (limit, offset) =>
    [limit && `LIMIT ${limit}`, offset && `OFFSET ${offset}`]
      .filter((clause) => clause !== undefined)
      .join(' '),
  keySet: (args, placeholders) =>
    args.length === 1 && placeholders.length === 1
      ? `${args[0] ?? ''} = ANY (${placeholders[0] ?? ''})`
      : `(${args.join(', ')}) IN (SELECT * FROM unnest(${placeholders.join(', ')}))`,
  keySetPlaceholder: (position, type) => {
    const name = isComparable(type) ? parameterType(type) : undefined;
    return name && `$${position}::${name}[]`;
  },
  fullJoinNeedsEquality: true,
};

/** A DECIMAL parameter keeps its digits: a typmod would round it, an array of them would not even look. */
function parameterType(type: DataType): string | undefined {
  if (type.id === 'json' || type.id === 'list') return undefined;
  return type.id === 'decimal' ? 'numeric' : postgresTypeName(type);
}
