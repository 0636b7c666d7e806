import type { ComparisonOp, DataType } from '@tributary/contract/plan';
import { quoteText } from './quote.js';

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

/** Text by its bytes, whatever the database's or the column's collation. */
export const byteCollation = 'COLLATE "C"';

/**
 * Equality of text needs no collation: a deterministic one calls only equal bytes equal, and a scan gives others the byte
 * collation (see scan-forms.ts). So `=` can use an index of any collation; order needs COLLATE "C".
 */
export function postgresComparison(
  op: ComparisonOp,
  left: string,
  right: string,
  type: DataType,
): string | undefined {
  if (!isComparable(type)) return undefined;
  switch (op) {
    case '=':
    case '<>':
    case 'is-distinct':
    case 'is-not-distinct':
      return `${left} ${operators[op]} ${right}`;
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const ordered = orderedForm(left, type);
      return type.id === 'enum'
        ? `${ordered} ${operators[op]} ${orderedForm(right, type)}`
        : `${ordered} ${operators[op]} ${right}`;
    }
  }
}

export function postgresSortKey(
  sql: string,
  type: DataType,
  descending: boolean,
  nullsFirst: boolean,
): string | undefined {
  if (!isComparable(type)) return undefined;
  return `${orderedForm(sql, type)}${descending ? ' DESC' : ''} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
}

/** An expression whose PostgreSQL order is DuckDB's order of the value. */
function orderedForm(sql: string, type: DataType): string {
  if (type.id === 'varchar') return `${sql} ${byteCollation}`;
  if (type.id === 'enum')
    return `array_position(ARRAY[${type.values.map(quoteText).join(', ')}]::text[], ${sql})`;
  return sql;
}

/** Types whose equality, grouping and order are the same here and in DuckDB (text by bytes, NaN greatest, -0 = 0). */
export function isComparable(type: DataType): boolean {
  switch (type.id) {
    case 'boolean':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'uinteger':
    case 'decimal':
    case 'float':
    case 'double':
    case 'varchar':
    case 'enum':
    case 'blob':
    case 'uuid':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return true;
    // Equal intervals may differ (1 month, 30 days), and PostgreSQL's and DuckDB's JSON and lists compare otherwise.
    case 'interval':
    case 'json':
    case 'list':
    case 'null':
    case 'tinyint':
    case 'utinyint':
    case 'usmallint':
    case 'ubigint':
    case 'uhugeint':
    case 'bit':
    case 'timetz':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'array':
    case 'struct':
    case 'map':
      return false;
  }
}
