import { type ComparisonOp, typeName } from '../../plan/index.js';
import type { SqlDialect } from '../dialect.js';
import { duckdbAggregates, duckdbFunctions, duckdbWindowFunctions } from './functions.js';
import { quoteDuckdb } from './identifier.js';
import { duckdbComparand, duckdbLiteral } from './literal.js';

const operators: Readonly<Record<ComparisonOp, string>> = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  'is-distinct': 'IS DISTINCT FROM',
  'is-not-distinct': 'IS NOT DISTINCT FROM',
};

/** DuckDB 1.5: the engine's own database, so everything that its binder produced renders. */
export const duckdbDialect: SqlDialect = {
  name: 'duckdb',
  quoteIdentifier: quoteDuckdb,
  literal: duckdbLiteral,
  comparand: duckdbComparand,
  typeName,
  placeholder: (position, type) => (type.id === 'null' ? `$${position}` : `$${position}::${typeName(type)}`),
  cast: (arg, _from, to, tryCast) => `${tryCast ? 'TRY_CAST' : 'CAST'}(${arg} AS ${typeName(to)})`,
  comparison: (op, left, right) => `${left} ${operators[op]} ${right}`,
  functions: duckdbFunctions,
  aggregates: duckdbAggregates,
  windowFunctions: duckdbWindowFunctions,
  ignoreNulls: (call) => `${call.slice(0, -1)} IGNORE NULLS)`,
  groupable: () => true,
  sortKey: (sql, _type, descending, nullsFirst) =>
    `${sql}${descending ? ' DESC' : ''} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
  limit: (limit, offset) =>
    [limit === undefined ? '' : `LIMIT ${limit}`, offset === undefined ? '' : `OFFSET ${offset}`]
      .filter((clause) => clause !== '')
      .join(' '),
  nativeSemiJoin: true,
  rowMembership: true,
  // docs/adr/0005-join-order-of-the-engine.md
  joinsAsWritten: true,
};
