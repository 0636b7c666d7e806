import { type ComparisonOp, type DataType, isFloat } from '@tributary/connector-sdk';
import { isFiniteConstant } from './literal.js';
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

/** Text and identifiers of any type compare by bytes, numbers of different types by value. */
export function clickhouseComparison(
  op: ComparisonOp,
  left: string,
  right: string,
  type: DataType,
): string | undefined {
  if (isFloat(type)) return floatComparison(op, left, right);
  if (!isComparable(type)) return undefined;
  switch (op) {
    case '=':
    case '<>':
      return `${left} ${operators[op]} ${right}`;
    case 'is-distinct':
    case 'is-not-distinct':
      return `(${left} ${operators[op]} ${right})`;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `${orderedForm(left, type)} ${operators[op]} ${orderedForm(right, type)}`;
  }
}

/** To DuckDB NaN equals itself and is greater than everything, to ClickHouse it is IEEE 754's. */
function floatComparison(op: ComparisonOp, left: string, right: string): string {
  const bothNaN = `isNaN(${left}) AND isNaN(${right})`;
  const hasConstant = isFiniteConstant(left) || isFiniteConstant(right);
  const plain = `${left} ${operators[op]} ${right}`;
  switch (op) {
    case '=':
      return hasConstant ? plain : `(${plain} OR (${bothNaN}))`;
    case '<>':
      return hasConstant ? plain : `(${plain} AND NOT (${bothNaN}))`;
    case 'is-not-distinct':
      return hasConstant ? `(${plain})` : `(${plain} OR ifNull(${bothNaN}, false))`;
    case 'is-distinct':
      return hasConstant ? `(${plain})` : `(${plain} AND NOT ifNull(${bothNaN}, false))`;
    case '<':
      return isFiniteConstant(right) ? plain : `(${plain} OR ${greatest(right, left, 'NOT isNaN')})`;
    case '>':
      return isFiniteConstant(left) ? plain : `(${plain} OR ${greatest(left, right, 'NOT isNaN')})`;
    case '<=':
      return isFiniteConstant(right) ? plain : `(${plain} OR ${greatest(right, left, 'isNotNull')})`;
    case '>=':
      return isFiniteConstant(left) ? plain : `(${plain} OR ${greatest(left, right, 'isNotNull')})`;
  }
}

/** Whether `sql` is NaN and the other side something that NaN is greater than, or not less. */
function greatest(sql: string, other: string, holds: 'NOT isNaN' | 'isNotNull'): string {
  return isFiniteConstant(other) ? `isNaN(${sql})` : `(isNaN(${sql}) AND ${holds}(${other}))`;
}

/** NaN is DuckDB's greatest; ClickHouse puts it beside the NULLs. */
export function clickhouseSortKey(
  sql: string,
  type: DataType,
  descending: boolean,
  nullsFirst: boolean,
): string | undefined {
  if (!isComparable(type) && !isFloat(type)) return undefined;
  const direction = `${descending ? ' DESC' : ''} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
  const key = `${orderedForm(sql, type)}${direction}`;
  return isFloat(type) ? `isNaN(${sql})${direction}, ${key}` : key;
}

/** An expression whose order is DuckDB's order of the value: an enum's place among its labels, a UUID's text. */
function orderedForm(sql: string, type: DataType): string {
  if (type.id === 'uuid') return `toString(${sql})`;
  if (type.id === 'enum') return `nullIf(indexOf([${type.values.map(quoteText).join(', ')}], ${sql}), 0)`;
  return sql;
}

/**
 * Types whose equality and grouping, and in some form whose order, are the same here and in DuckDB. Floats are not among them:
 * their groups tell 0 from -0.
 */
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
    case 'varchar':
    case 'enum':
    case 'uuid':
    case 'date':
    case 'timestamptz':
      return true;
    case 'null':
    case 'uhugeint':
    case 'float':
    case 'double':
    case 'json':
    case 'blob':
    case 'bit':
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'interval':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return false;
  }
}
