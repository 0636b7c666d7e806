import { type DataType, isFloat, type SqlDialect } from '@tributary/connector-sdk';
import type { ProductName } from '../product.js';
import { mySqlAggregates } from './aggregates.js';
import { byteCollations } from './byte-collation.js';
import { mySqlCast } from './cast.js';
import { isComparable, mySqlComparison, mySqlSortKey } from './comparison.js';
import { mySqlFunctions } from './functions.js';
import { mySqlLiteral } from './literal.js';
import { privateFunctions } from './private-functions.js';
import { quoteIdentifier } from './quote.js';
import { castTypeName } from './type-names.js';
import { hasWindowCall, mySqlWindowFunctions } from './window-functions.js';

/** Rows that no LIMIT ends: MySQL has no OFFSET without one. */
const allRows = '18446744073709551615';

/** MySQL 8.0.31 and newer, or MariaDB 10.6 and newer, in sessions whose settings are pinned (see execute/session.ts). */
function dialectOf(product: ProductName): SqlDialect {
  const byteCollation = byteCollations[product];
  const functions = mySqlFunctions(product);
  const forms = privateFunctions(byteCollation);
  return {
    name: product,
    quoteIdentifier,
    literal: (literal) => mySqlLiteral(literal, byteCollation),
    typeName: castTypeName,
    // Values are written into the statement by the same rules as constants (see execute/inline-values.ts).
    placeholder: (_, type) => (hasValues(type) ? '?' : undefined),
    cast: mySqlCast,
    comparison: mySqlComparison(product, byteCollation),
    functions: { get: (name) => functions.get(name) ?? forms.get(name) },
    aggregates: mySqlAggregates,
    windowFunctions: mySqlWindowFunctions(product),
    windowCall: hasWindowCall,
    // -0 and 0 are equal, but two groups to MySQL.
    groupable: (type) => isComparable(type) && !isFloat(type),
    sortKey: mySqlSortKey(byteCollation),
    limit: (limit, offset) =>
      offset === undefined ? `LIMIT ${limit ?? allRows}` : `LIMIT ${limit ?? allRows} OFFSET ${offset}`,
    keySet: (args, placeholders) =>
      args.length === 1
        ? `${args[0] ?? ''} IN (${placeholders[0] ?? ''})`
        : `(${args.join(', ')}) IN (${placeholders.join(', ')})`,
    keySetPlaceholder: (_, type) => (isComparable(type) ? '?' : undefined),
    plainCtes: true,
    literalRows: 'union-all',
    lateral: product === 'mysql',
    limitInMembership: false,
  };
}

function hasValues(type: DataType): boolean {
  return isComparable(type) || type.id === 'null';
}

export const dialects: Readonly<Record<ProductName, SqlDialect>> = {
  mysql: dialectOf('mysql'),
  mariadb: dialectOf('mariadb'),
};
