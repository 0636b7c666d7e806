import { TributaryError } from '@tributary/contract';
import type { Column, ColumnType } from '../column-type.js';
import type { StreamOrigin } from '../wire/faults.js';
import { kind, type Kind } from './kinds.js';
import { type MysqlWireColumn, wireValues, type WireValues } from './wire-column.js';

/** A column as the plan wants it. */
export interface MysqlColumn extends Column {
  /**
   * What a date with a zero month or day (0000-00-00 above all) becomes: NULL, or the error SOURCE.UNREPRESENTABLE_VALUE. An error
   * unless told.
   */
  readonly zeroDates?: 'error' | 'null';
}

/** What the decoder does with a column: arguments of `setColumn` in assembly/mysql-rows/index.ts. */
export interface ColumnProgram {
  readonly source: Kind;
  readonly target: Kind;
  readonly precision: number;
  readonly scale: number;
  readonly isNull: boolean;
  readonly noDateIsNull: boolean;
}

/**
 * The programs of an answer's columns, from what the server says it sends and what the plan wants. Integers and decimals are
 * converted with a check of their range, because MySQL computes most integers as BIGINT or DECIMAL. Anything else that differs
 * from the plan raises SOURCE.MISSING_OBJECT: it would be misread.
 */
export function columnPrograms(
  columns: readonly MysqlColumn[],
  wire: readonly MysqlWireColumn[],
  origin: StreamOrigin,
): readonly ColumnProgram[] {
  if (wire.length !== columns.length) {
    throw mismatch(`${wire.length} columns instead of ${columns.length}`, origin);
  }
  return columns.map((column, index) => {
    const program = columnProgram(column, wire[index]);
    if (program === undefined) {
      throw mismatch(`type ${wire[index]?.type} for column ${column.name}, not ${column.type.id}`, origin);
    }
    return program;
  });
}

function columnProgram(column: MysqlColumn, wire: MysqlWireColumn | undefined): ColumnProgram | undefined {
  const target = targetOf(column.type);
  if (target === undefined || wire === undefined) return undefined;
  const values = wireValues(wire);
  if (values.source !== undefined && !isReadable(values, values.source, column.type, target))
    return undefined;
  const { type } = column;
  return {
    source: values.source ?? ownSource(target),
    target,
    precision: type.id === 'decimal' ? type.precision : type.id === 'hugeint' ? 38 : 0,
    scale: type.id === 'decimal' ? type.scale : 0,
    isNull: values.source === undefined,
    noDateIsNull: values.source === kind.timestamp && column.zeroDates === 'null',
  };
}

function targetOf(type: ColumnType): Kind | undefined {
  switch (type.id) {
    case 'boolean':
      return kind.bool;
    case 'tinyint':
      return kind.int8;
    case 'utinyint':
      return kind.uint8;
    case 'smallint':
      return kind.int16;
    case 'usmallint':
      return kind.uint16;
    case 'integer':
      return kind.int32;
    case 'uinteger':
      return kind.uint32;
    case 'bigint':
      return kind.int64;
    case 'ubigint':
      return kind.uint64;
    case 'float':
      return kind.float;
    case 'double':
      return kind.double;
    case 'decimal':
    case 'hugeint':
      return kind.decimal;
    case 'varchar':
    case 'json':
    case 'blob':
      return kind.bytes;
    case 'uuid':
      return kind.uuid;
    case 'date':
      return kind.date;
    case 'time':
      return kind.time;
    case 'timestamp':
    case 'timestamptz':
      return kind.timestamp;
    case 'interval':
      return kind.interval;
    case 'list':
      return undefined;
  }
}

/** Whether the decoder makes the wanted type of what arrives, exactly or with an error. */
function isReadable(values: WireValues, source: Kind, type: ColumnType, target: Kind): boolean {
  const isInteger = source <= kind.uint64;
  const isFloat = source === kind.float || source === kind.double;
  const isWhole = isInteger || source === kind.decimal || source === kind.bits;
  if (target <= kind.uint64 || target === kind.bool) return isWhole;
  if (target === kind.float || target === kind.double) return isFloat || isInteger;
  if (target === kind.decimal) return isWhole || isFloat;
  if (type.id === 'blob') return source === kind.bytes || source === kind.bits;
  if (target === kind.bytes || target === kind.uuid) return values.isText;
  if (target === kind.time || target === kind.interval) return source === kind.time;
  return source === kind.timestamp;
}

/** How a column would come that is only NULL. */
function ownSource(target: Kind): Kind {
  switch (target) {
    case kind.bool:
      return kind.int8;
    case kind.uuid:
      return kind.bytes;
    case kind.date:
      return kind.timestamp;
    case kind.interval:
      return kind.time;
    default:
      return target;
  }
}

function mismatch(what: string, origin: StreamOrigin): TributaryError {
  return new TributaryError('SOURCE.MISSING_OBJECT', {
    message: `Source ${origin.sourceId ?? 'MySQL'} answers with ${what}: ${origin.object ?? 'a table'} has changed since the query was planned.`,
    ...origin,
  });
}
