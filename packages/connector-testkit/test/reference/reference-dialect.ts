import { type SqlDialect, duckdbDialect, typeName } from '@tributary/connector-sdk';

/** DuckDB's own dialect, with key sets as list parameters. */
export const referenceDialect: SqlDialect = {
  ...duckdbDialect,
  name: 'reference',
  keySet: (args, placeholders) => {
    const keys = placeholders.map((placeholder) => `unnest(${placeholder})`).join(', ');
    return args.length === 1
      ? `(${args.join()} IN (SELECT ${keys}))`
      : `((${args.join(', ')}) IN (SELECT ${keys}))`;
  },
  keySetPlaceholder: (position, type) => `$${position}::${typeName(type)}[]`,
};
