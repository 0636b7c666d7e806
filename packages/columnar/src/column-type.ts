import type { DataType } from '@tributary/contract';

/** Types without parameters that columns are built of. `hugeint` is held as decimal(38, 0). */
const simpleIds = [
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'hugeint',
  'utinyint',
  'usmallint',
  'uinteger',
  'ubigint',
  'float',
  'double',
  'varchar',
  'json',
  'blob',
  'uuid',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
] as const;

export type ScalarType =
  | { readonly id: (typeof simpleIds)[number] }
  | { readonly id: 'decimal'; readonly precision: number; readonly scale: number };

/** The part of the contract's `DataType` that columns hold: scalars, and lists of scalars. */
export type ColumnType = ScalarType | { readonly id: 'list'; readonly element: ScalarType };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

const scalarIds: ReadonlySet<string> = new Set(simpleIds);

export function isScalarType(type: DataType): type is ScalarType {
  return scalarIds.has(type.id) || (type.id === 'decimal' && type.precision <= 38);
}

export function isColumnType(type: DataType): type is ColumnType {
  return isScalarType(type) || (type.id === 'list' && isScalarType(type.element));
}
