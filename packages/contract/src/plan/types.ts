/**
 * SQL types of the relational IR. They are DuckDB's logical types, because DuckDB binds every statement;
 * a dialect maps them to what its own database calls them.
 */
export type DataType =
  | { readonly id: SimpleTypeId }
  | { readonly id: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly id: 'enum'; readonly values: readonly string[] }
  | { readonly id: 'list'; readonly element: DataType }
  | { readonly id: 'array'; readonly element: DataType; readonly size: number }
  | { readonly id: 'struct'; readonly fields: readonly StructField[] }
  | { readonly id: 'map'; readonly key: DataType; readonly value: DataType };

/** Types that need no parameters. `null` is the type of a bare NULL literal. */
export type SimpleTypeId =
  | 'null'
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'hugeint'
  | 'utinyint'
  | 'usmallint'
  | 'uinteger'
  | 'ubigint'
  | 'uhugeint'
  | 'float'
  | 'double'
  | 'varchar'
  | 'json'
  | 'blob'
  | 'bit'
  | 'uuid'
  | 'date'
  | 'time'
  | 'timetz'
  | 'timestamp'
  | 'timestamp_s'
  | 'timestamp_ms'
  | 'timestamp_ns'
  | 'timestamptz'
  | 'interval';

export type TypeId = DataType['id'];

export interface StructField {
  readonly name: string;
  readonly type: DataType;
}

const integerIds: ReadonlySet<TypeId> = new Set([
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'hugeint',
  'utinyint',
  'usmallint',
  'uinteger',
  'ubigint',
  'uhugeint',
]);

export function simpleType(id: SimpleTypeId): DataType {
  return { id };
}

export function decimalType(precision: number, scale: number): DataType {
  return { id: 'decimal', precision, scale };
}

export function isInteger(type: DataType): boolean {
  return integerIds.has(type.id);
}

export function isFloat(type: DataType): boolean {
  return type.id === 'float' || type.id === 'double';
}

/** Integers and decimals: numbers whose equality is exact. */
export function isExactNumber(type: DataType): boolean {
  return isInteger(type) || type.id === 'decimal';
}

export function isNumeric(type: DataType): boolean {
  return isExactNumber(type) || isFloat(type);
}

/** The type as DuckDB writes it, for messages, `describe` and DuckDB SQL. */
export function typeName(type: DataType): string {
  switch (type.id) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'enum':
      return `ENUM(${type.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')})`;
    case 'list':
      return `${typeName(type.element)}[]`;
    case 'array':
      return `${typeName(type.element)}[${type.size}]`;
    case 'struct':
      return `STRUCT(${type.fields.map((f) => `"${f.name.replaceAll('"', '""')}" ${typeName(f.type)}`).join(', ')})`;
    case 'map':
      return `MAP(${typeName(type.key)}, ${typeName(type.value)})`;
    case 'timestamptz':
      return 'TIMESTAMP WITH TIME ZONE';
    case 'timetz':
      return 'TIME WITH TIME ZONE';
    case 'null':
      return '"NULL"';
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
    case 'uhugeint':
    case 'float':
    case 'double':
    case 'varchar':
    case 'json':
    case 'blob':
    case 'bit':
    case 'uuid':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'interval':
      return type.id.toUpperCase();
  }
}

/** Structural equality. */
export function sameType(a: DataType, b: DataType): boolean {
  return a === b || typeName(a) === typeName(b);
}
