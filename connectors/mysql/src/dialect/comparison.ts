import type { ComparisonOp, DataType } from '@tributary/connector-sdk';
import type { ProductName } from '../product.js';
import { quoteText } from './quote.js';

/** Comparisons of operands that stand under the byte collation, if they are text. */
export function mySqlComparison(product: ProductName, byteCollation: string) {
  return (op: ComparisonOp, left: string, right: string, type: DataType): string | undefined => {
    if (!isComparable(type)) return undefined;
    switch (op) {
      case '=':
      case '<>':
        return `${left} ${op} ${right}`;
      case 'is-not-distinct':
        // MariaDB 10.11 finds no NULL by an index of which it asks one column with `<=>` and another with `=`: it must not see either.
        return product === 'mariadb' ? `((${left} <=> ${right}) IS TRUE)` : `${left} <=> ${right}`;
      case 'is-distinct':
        return `(NOT (${left} <=> ${right}))`;
      case '<':
      case '<=':
      case '>':
      case '>=':
        return `${orderedForm(left, type, byteCollation)} ${op} ${orderedForm(right, type, byteCollation)}`;
    }
  };
}

/** NULLs are smallest to MySQL, so they need a key of their own only where they are wanted at the other end. */
export function mySqlSortKey(byteCollation: string) {
  return (sql: string, type: DataType, descending: boolean, nullsFirst: boolean): string | undefined => {
    if (!isComparable(type)) return undefined;
    const value = /^[\w`.$]+$/.test(sql) ? sql : `(${sql})`;
    const key = orderedForm(type.id === 'enum' ? value : sql, type, byteCollation);
    const direction = descending ? ' DESC' : '';
    if (descending !== nullsFirst) return `${key}${direction}`;
    return `${value} IS ${nullsFirst ? 'NOT ' : ''}NULL, ${key}${direction}`;
  };
}

/** An expression whose order is DuckDB's order of the value: enums are text here, in declared order. */
function orderedForm(sql: string, type: DataType, byteCollation: string): string {
  if (type.id !== 'enum') return sql;
  return `NULLIF(FIELD(${[sql, ...type.values.map((value) => quoteText(value, byteCollation))].join(', ')}), 0)`;
}

/** Types whose equality, grouping and order are the same here and in DuckDB (text by bytes; MySQL has no NaN). */
export function isComparable(type: DataType): boolean {
  switch (type.id) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
    case 'decimal':
    case 'float':
    case 'double':
    case 'varchar':
    case 'enum':
    case 'uuid':
    case 'blob':
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return true;
    // JSON is compared by its text in DuckDB; a TIME is an interval, of which equal ones may differ (24 hours, 1 day).
    case 'json':
    case 'interval':
    case 'null':
    case 'uhugeint':
    case 'bit':
    case 'time':
    case 'timetz':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return false;
  }
}
