import type { DataType } from '@tributary/connector-sdk';
import { decimalText, timeText } from './literal-text.js';
import type { ColumnType } from './parquet-type.js';
import type { SchemaNode, ThriftStatistics } from './thrift-footer.js';

/** What a row group says of a column, in literal text of the column's type in that file. Absent where not certain. */
export interface ChunkBounds {
  readonly min?: string;
  readonly max?: string;
  readonly nulls?: number;
  /** Present where `min` and `max` are values of the column, the least and the greatest, and not just bounds. */
  readonly exact?: true;
}

/**
 * Bounds that every value lies within. Left out, because writers get them wrong or readers cannot be sure: the
 * deprecated fields for text and unsigned numbers (signed order), INT96, FLOAT16, decimals beyond 38 digits, and the
 * maximum of floats (NaN is above everything in DuckDB, and no part of Parquet's bounds).
 */
export function chunkBounds(
  statistics: ThriftStatistics | undefined,
  type: ColumnType,
  node: SchemaNode | undefined,
): ChunkBounds {
  if (statistics === undefined || node === undefined || type.id === 'unsupported') return {};
  const min = statistics.min && boundText(statistics.min, statistics.deprecated, type, node);
  const isFloat = type.id === 'float' || type.id === 'double';
  const max =
    statistics.max && !isFloat ? boundText(statistics.max, statistics.deprecated, type, node) : undefined;
  const { nulls } = statistics;
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    // Some writers say -1 where they have not counted.
    ...(nulls !== undefined && nulls >= 0 && { nulls }),
    ...(min !== undefined && max !== undefined && isExact(statistics, type, node) && { exact: true }),
  };
}

/** Texts may be cut, old fields are of old writers, and a decimal in bytes may be padded or cut as text is. */
function isExact({ deprecated, uncut }: ThriftStatistics, type: DataType, node: SchemaNode): boolean {
  if (deprecated) return false;
  switch (type.id) {
    case 'varchar':
      return uncut;
    case 'decimal':
      return node.type === 'INT32' || node.type === 'INT64';
    default:
      return true;
  }
}

function boundText(
  bytes: Uint8Array,
  deprecated: boolean,
  type: DataType,
  node: SchemaNode,
): string | undefined {
  switch (type.id) {
    case 'boolean':
      return bytes.length === 1 ? String(bytes[0] === 1) : undefined;
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return node.logical?.kind === 'null' ? undefined : littleEndian(bytes, node, true)?.toString();
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
      return deprecated ? undefined : littleEndian(bytes, node, false)?.toString();
    case 'date': {
      const days = littleEndian(bytes, node, true);
      return days === undefined ? undefined : timeText(days * 86_400n, 1n, 'date');
    }
    case 'timestamp':
    case 'timestamptz':
    case 'timestamp_ns':
      return timestampText(bytes, type.id, node);
    case 'decimal':
      return decimalBound(bytes, deprecated, type.scale, node);
    case 'float':
    case 'double':
      return floatText(bytes, node);
    case 'varchar':
      return deprecated || node.type !== 'BYTE_ARRAY' ? undefined : utf8(bytes);
    default:
      return undefined;
  }
}

function littleEndian(bytes: Uint8Array, node: SchemaNode, signed: boolean): bigint | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (node.type === 'INT32' && bytes.length === 4) {
    return BigInt(signed ? view.getInt32(0, true) : view.getUint32(0, true));
  }
  if (node.type === 'INT64' && bytes.length === 8) {
    return signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
  }
  return undefined;
}

function timestampText(
  bytes: Uint8Array,
  type: 'timestamp' | 'timestamptz' | 'timestamp_ns',
  node: SchemaNode,
): string | undefined {
  const value = littleEndian(bytes, node, true);
  if (value === undefined || node.type !== 'INT64') return undefined;
  const unit = node.logical?.kind === 'timestamp' ? node.logical.unit : undefined;
  // DuckDB cuts nanoseconds to microseconds for zoned values: their bounds would be those of other values.
  if (unit === 'ns' && type !== 'timestamp_ns') return undefined;
  const millis = unit === 'ms' || (unit === undefined && node.converted === 'TIMESTAMP_MILLIS');
  return timeText(value, unit === 'ns' ? 1_000_000_000n : millis ? 1000n : 1_000_000n, type);
}

function decimalBound(
  bytes: Uint8Array,
  deprecated: boolean,
  scale: number,
  node: SchemaNode,
): string | undefined {
  const small = littleEndian(bytes, node, true);
  if (small !== undefined) return decimalText(small, scale);
  if (deprecated || (node.type !== 'BYTE_ARRAY' && node.type !== 'FIXED_LEN_BYTE_ARRAY')) return undefined;
  if (bytes.length === 0 || bytes.length > 16) return undefined;
  const unsigned = bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  return decimalText(BigInt.asIntN(bytes.length * 8, unsigned), scale);
}

function floatText(bytes: Uint8Array, node: SchemaNode): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value =
    node.type === 'FLOAT' && bytes.length === 4
      ? view.getFloat32(0, true)
      : node.type === 'DOUBLE' && bytes.length === 8
        ? view.getFloat64(0, true)
        : Number.NaN;
  if (Number.isNaN(value)) return undefined;
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value);
}

/** A bound that was cut inside a character is not text. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
