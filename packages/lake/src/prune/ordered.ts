import type { DataType } from '@tributary/connector-sdk';

/** A value in a form that compares as DuckDB compares the type: text as its bytes, all else as numbers. */
export type Ordered = bigint | number | Uint8Array;

/** The value of a literal text, or undefined where order or reading is not certain (NaN, infinities, far years). */
export function toOrdered(type: DataType, text: string): Ordered | undefined {
  switch (type.id) {
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
      return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
    case 'decimal':
      return scaled(text, type.scale);
    case 'boolean':
      return text === 'true' ? 1n : text === 'false' ? 0n : undefined;
    case 'float':
    case 'double':
      return float(text, type.id);
    case 'varchar':
      return Buffer.from(text, 'utf8');
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? instant(text) : undefined;
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
      return instant(text);
    case 'timestamptz':
      return text.endsWith('+00') ? instant(text.slice(0, -3)) : undefined;
    case 'null':
    case 'json':
    case 'blob':
    case 'bit':
    case 'uuid':
    case 'time':
    case 'timetz':
    case 'interval':
    case 'enum':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return undefined;
  }
}

/** Negative, zero or positive; undefined for values of different kinds. */
export function compareOrdered(a: Ordered, b: Ordered): number | undefined {
  if (a instanceof Uint8Array) return b instanceof Uint8Array ? Buffer.compare(a, b) : undefined;
  if (b instanceof Uint8Array || typeof a !== typeof b) return undefined;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Nanoseconds since 1970 of `2025-01-31`, `2025-01-31 10:00:00` or with a fraction. */
function instant(text: string): bigint | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?)?$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = ''] = parts;
  const millis = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(millis)) return undefined;
  return BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

function scaled(text: string, scale: number): bigint | undefined {
  const parts = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (parts === null) return undefined;
  const [, sign, integer = '', fraction = ''] = parts;
  if ((integer === '' && fraction === '') || fraction.length > scale) return undefined;
  const value = BigInt(integer + fraction.padEnd(scale, '0'));
  return sign === '-' ? -value : value;
}

function float(text: string, type: 'float' | 'double'): number | undefined {
  const special = /^(-?)inf(inity)?$/i.exec(text);
  const value =
    special === null
      ? text.trim() === ''
        ? Number.NaN
        : Number(text)
      : special[1] === '-'
        ? -Infinity
        : Infinity;
  if (Number.isNaN(value)) return undefined;
  return type === 'float' ? Math.fround(value) : value;
}
