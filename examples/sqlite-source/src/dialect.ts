import {
  type AggregateRule,
  type ComparisonOp,
  type DataType,
  type FunctionRule,
  type Literal,
  type SqlDialect,
  standardAggregate,
} from '@tributary/connector-sdk';

const operators: Readonly<Record<ComparisonOp, string>> = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  'is-distinct': 'IS NOT',
  'is-not-distinct': 'IS',
};

/** The types of STRICT tables. SQLite has no others, so nothing else is ever compared there. */
const typeNames: Partial<Record<DataType['id'], string>> = {
  bigint: 'INTEGER',
  double: 'REAL',
  varchar: 'TEXT',
  blob: 'BLOB',
};

/** Of two operands the left one's COLLATE counts; a column may have been declared with NOCASE. */
function bytewise(sql: string, { id }: DataType): string {
  return id === 'varchar' ? `(${sql} COLLATE BINARY)` : sql;
}

function quoteText(text: string): string | undefined {
  // SQLite's text ends at the character 0 in many of its functions.
  return text.includes('\0') ? undefined : `'${text.replaceAll("'", "''")}'`;
}

function literal({ type, value }: Literal): string | undefined {
  if (value === null) return 'NULL';
  switch (type.id) {
    case 'varchar':
      return quoteText(value);
    case 'bigint':
      // Its magnitude alone is beyond 64 bits, so SQLite would read a REAL.
      return value === '-9223372036854775808' ? undefined : value;
    default:
      // A REAL's digits need not come back as the same double; a parameter does.
      return undefined;
  }
}

const isNumber = ({ id }: DataType): boolean => id === 'bigint' || id === 'double';

const functions: ReadonlyMap<string, readonly FunctionRule[]> = new Map([
  ['coalesce', [{ args: ['any'], variadic: true, render: (args) => `coalesce(${args.join(', ')})` }]],
  ['||', [{ args: ['varchar', 'varchar'], render: ([a, b]) => `(${a} || ${b})` }]],
]);

function aggregate(name: string, args: AggregateRule['args']): AggregateRule {
  return { args, distinct: true, render: (sql, call) => standardAggregate(name, sql, call) };
}

/** No sum: SQLite's fails where the engine's has more room. No avg: it adds in another order. */
const aggregates: ReadonlyMap<string, readonly AggregateRule[]> = new Map([
  ['count_star', [aggregate('count', [])]],
  ['count', [aggregate('count', ['any'])]],
  ['min', [aggregate('min', [isNumber])]],
  ['max', [aggregate('max', [isNumber])]],
]);

export const sqliteDialect: SqlDialect = {
  name: 'sqlite',
  quoteIdentifier: (name) => `"${name.replaceAll('"', '""')}"`,
  literal,
  typeName: ({ id }) => typeNames[id],
  // A blob's literal text is not its bytes.
  placeholder: (_, { id }) => (typeNames[id] === undefined || id === 'blob' ? undefined : '?'),
  cast: () => undefined,
  comparison: (op, left, right, type) =>
    typeNames[type.id] && `(${bytewise(left, type)} ${operators[op]} ${right})`,
  functions,
  aggregates,
  // Text would be grouped by its column's collation.
  groupable: isNumber,
  sortKey: (sql, type, descending, nullsFirst) =>
    typeNames[type.id] &&
    `${bytewise(sql, type)}${descending ? ' DESC' : ''} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
  limit: (limit = '-1', offset) =>
    offset === undefined ? `LIMIT ${limit}` : `LIMIT ${limit} OFFSET ${offset}`,
  havingNeedsAggregate: true,
  keySet: ([arg = ''], [keys = ''], [type]) =>
    `(${type === undefined ? arg : bytewise(arg, type)} IN (SELECT value FROM json_each(${keys})))`,
  keySetPlaceholder: (_, { id }) => (id === 'bigint' || id === 'varchar' ? '?' : undefined),
};
