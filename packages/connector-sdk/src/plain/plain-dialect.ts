import { type SqlDialect, duckdbDialect } from '@tributary/contract/render';

const none = { get: () => undefined };

/**
 * What plain sources may be offered: comparisons, IN, IS NULL, and what AND, OR and NOT make of them. Nothing is ever sent as SQL;
 * the text stands in EXPLAIN.
 */
export const plainDialect: SqlDialect = {
  name: 'plain',
  quoteIdentifier: duckdbDialect.quoteIdentifier,
  literal: duckdbDialect.literal,
  typeName: duckdbDialect.typeName,
  placeholder: duckdbDialect.placeholder,
  cast: () => undefined,
  comparison: (op, left, right, type) =>
    op === 'is-distinct' || op === 'is-not-distinct'
      ? undefined
      : duckdbDialect.comparison(op, left, right, type),
  functions: none,
  aggregates: none,
  groupable: () => false,
  sortKey: () => undefined,
  limit: duckdbDialect.limit,
};
