import {
  type AggregateRule,
  type ComparisonOp,
  type DataType,
  type FunctionRule,
  type Literal,
  type SqlDialect,
  standardAggregate,
} from '@tributary/connector-sdk';

const functions: ReadonlyMap<string, readonly FunctionRule[]> = new Map([
  ['||', [{ args: ['varchar', 'varchar'], render: ([a, b]) => `(${a ?? ''} || ${b ?? ''})` }]],
]);

/** No sum and no avg: of integers they overflow where DuckDB goes on in 128 bits, of doubles they round otherwise. */
const aggregates: ReadonlyMap<string, readonly AggregateRule[]> = new Map([
  [
    'count_star',
    [{ args: [], distinct: false, render: (_, call) => standardAggregate('count', ['*'], call) }],
  ],
  ['count', [aggregate('count')]],
  ['min', [aggregate('min')]],
  ['max', [aggregate('max')]],
]);

function aggregate(name: string): AggregateRule {
  return {
    args: [isComparable],
    distinct: true,
    render: (args, call) => standardAggregate(name, args, call),
  };
}

/** What SQLite says exactly as DuckDB would mean it. What is left out here stays with the engine, which is never wrong. */
export const dialect: SqlDialect = {
  name: '$connectorName$',
  quoteIdentifier: (name) => `"${name.replaceAll('"', '""')}"`,
  literal,
  typeName: (type) => storageClass(type),
  placeholder: (position, type) => (isComparable(type) && type.id !== 'blob' ? `?${position}` : undefined),
  cast: () => undefined,
  comparison: (op, left, right, type) =>
    isComparable(type) ? `${left} ${operators[op]} ${right}` : undefined,
  functions,
  aggregates,
  groupable: isComparable,
  sortKey: (sql, type, descending, nullsFirst) =>
    isComparable(type)
      ? `${sql}${descending ? ' DESC' : ''} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`
      : undefined,
  // SQLite has no OFFSET without LIMIT; -1 is none.
  limit: (limit, offset) => `LIMIT ${limit ?? '-1'}${offset === undefined ? '' : ` OFFSET ${offset}`}`,
  havingNeedsAggregate: true,
  keySet: ([arg], [keys]) => `${arg ?? ''} IN (SELECT value FROM json_each(${keys ?? ''}))`,
  keySetPlaceholder: (position, type) =>
    type.id === 'bigint' || type.id === 'varchar' ? `?${position}` : undefined,
};

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

/** Types whose equality and order are the same here and in DuckDB; there is no NaN in SQLite, and text is compared by bytes. */
function isComparable(type: DataType): boolean {
  return storageClass(type) !== undefined;
}

function storageClass(type: DataType): string | undefined {
  if (type.id === 'bigint' || type.id === 'integer') return 'INTEGER';
  if (type.id === 'double') return 'REAL';
  if (type.id === 'varchar') return 'TEXT';
  if (type.id === 'blob') return 'BLOB';
  return undefined;
}

function literal({ type, value }: Literal): string | undefined {
  if (value === null) return 'NULL';
  if (type.id === 'boolean') return value === 'true' ? '1' : '0';
  if (type.id === 'bigint' || type.id === 'integer') {
    // SQLite reads this one as a minus before a number that is too large for an integer.
    return value === '-9223372036854775808' ? '(-9223372036854775807 - 1)' : value;
  }
  // A NUL would end the statement. Decimal texts of doubles are left out, because SQLite does not round them exactly.
  if (type.id === 'varchar' && !value.includes('\0')) return `'${value.replaceAll("'", "''")}'`;
  return undefined;
}
