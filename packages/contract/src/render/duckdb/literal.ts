import { type Literal, isNumeric, typeName } from '../../plan/index.js';

/** A constant exactly as DuckDB would have bound it: the text cast to its type, shorter where the parser agrees. */
export function duckdbLiteral(literal: Literal): string {
  const { type, value } = literal;
  if (value === null) return type.id === 'null' ? 'NULL' : `NULL::${typeName(type)}`;
  switch (type.id) {
    case 'boolean':
      return value === 'true' ? 'TRUE' : 'FALSE';
    case 'varchar':
      return quote(value);
    case 'integer':
      return /^\d{1,9}$/.test(value) ? value : `${quote(value)}::INTEGER`;
    case 'date':
    case 'interval':
      return `${typeName(type)} ${quote(value)}`;
    case 'null':
    case 'tinyint':
    case 'smallint':
    case 'bigint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
    case 'uhugeint':
    case 'float':
    case 'double':
    case 'decimal':
    case 'json':
    case 'blob':
    case 'bit':
    case 'uuid':
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamptz':
    case 'enum':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return `${quote(value)}::${typeName(type)}`;
  }
}

/** Beside a value of the same type DuckDB gives a plain number that type, exactly: no float is among them. */
export function duckdbComparand(literal: Literal): string | undefined {
  const { type, value } = literal;
  if (value === null || !isNumeric(type) || type.id === 'float' || type.id === 'double') return undefined;
  return /^\d{1,18}(\.\d{1,18})?$/.test(value) && value.length <= 19 ? value : undefined;
}

/** DuckDB reads no escapes between plain quotes, and takes every character but NUL. */
function quote(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\0') ? `(${quoted.replaceAll('\0', "' || chr(0) || '")})` : quoted;
}
