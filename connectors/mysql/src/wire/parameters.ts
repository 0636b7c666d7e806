import type { DataType } from '@tributary/contract/plan';
import mysql, { type TypedParameterValue } from 'mysql2';

/** What stands for a placeholder: its value in literal text form (see the contract's `Literal`), or NULL. */
export interface WireParameter {
  readonly type: DataType;
  readonly value: string | null;
}

/**
 * Numbers go in binary under their own type, so that a comparison with a column is one of numbers. Everything else goes as text, for
 * mysql2 would carry dates through JavaScript's milliseconds.
 */
export function boundValue({ type, value }: WireParameter): TypedParameterValue {
  const { TypedParameter: typed } = mysql;
  if (value === null) return typed.NULL();
  switch (type.id) {
    case 'boolean':
      return typed.TINY(value === 'true' ? 1 : 0);
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
      return typed.LONGLONG(value);
    case 'ubigint':
      return typed.LONGLONG.unsigned(value);
    case 'hugeint':
    case 'uhugeint':
    case 'decimal':
      return typed.NEWDECIMAL(value);
    case 'float':
      return typed.DOUBLE(Math.fround(Number(value)));
    case 'double':
      return typed.DOUBLE(Number(value));
    case 'blob':
      return typed.BLOB(blobBytes(value));
    case 'timestamptz':
      // The session is in UTC, and MariaDB does not read offsets.
      return typed.VAR_STRING(value.replace(/\+00(:00)?$/, ''));
    default:
      return typed.VAR_STRING(value);
  }
}

/** DuckDB writes printable ASCII as it is and every other byte as `\xAB`. */
function blobBytes(text: string): Buffer {
  const characters = text.replaceAll(/\\x([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  );
  return Buffer.from(characters, 'latin1');
}
