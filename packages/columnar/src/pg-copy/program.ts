import { TributaryError } from '@tributary/contract';
import type { Column, ScalarType } from '../column-type.js';

/** A column as PostgreSQL's binary COPY sends it. */
export interface PgCopyColumn extends Column {
  /**
   * How the wire differs from what the type says: `jsonb` has a version byte, `char` (the type written `"char"`) is one byte
   * that may be zero. Of a list: its elements.
   */
  readonly encoding?: 'jsonb' | 'char';
}

/** Kept equal to `Op` in assembly/state.ts. */
const op = {
  bool: 1,
  int16: 2,
  fixed4: 3,
  fixed8: 4,
  bytes16: 5,
  date: 6,
  timestamp: 7,
  interval: 8,
  decimal: 9,
  text: 10,
  jsonb: 11,
  char: 12,
  list: 13,
} as const;

export interface ValueProgram {
  readonly op: number;
  /** Of a decimal; else 0. */
  readonly precision: number;
  readonly scale: number;
}

export interface ColumnProgram extends ValueProgram {
  /** Of a list. */
  readonly element?: ValueProgram;
}

export function columnProgram(column: PgCopyColumn): ColumnProgram {
  const { type } = column;
  if (type.id === 'list') return { ...simple(op.list), element: valueProgram(column, type.element) };
  return valueProgram(column, type);
}

function valueProgram(column: PgCopyColumn, type: ScalarType): ValueProgram {
  if (column.encoding !== undefined) return simple(op[column.encoding]);
  switch (type.id) {
    case 'boolean':
      return simple(op.bool);
    case 'smallint':
      return simple(op.int16);
    case 'integer':
    case 'uinteger':
    case 'float':
      return simple(op.fixed4);
    case 'bigint':
    case 'double':
    case 'time':
      return simple(op.fixed8);
    case 'decimal':
      return { op: op.decimal, precision: type.precision, scale: type.scale };
    case 'hugeint':
      return { op: op.decimal, precision: 38, scale: 0 };
    case 'varchar':
    case 'json':
    case 'blob':
      return simple(op.text);
    case 'uuid':
      return simple(op.bytes16);
    case 'date':
      return simple(op.date);
    case 'timestamp':
    case 'timestamptz':
      return simple(op.timestamp);
    case 'interval':
      return simple(op.interval);
    case 'tinyint':
    case 'utinyint':
    case 'usmallint':
    case 'ubigint':
      throw new TributaryError('ENGINE.INTERNAL', {
        message: `Column ${column.name}: PostgreSQL sends no ${type.id}.`,
      });
  }
}

function simple(code: number): ValueProgram {
  return { op: code, precision: 0, scale: 0 };
}
