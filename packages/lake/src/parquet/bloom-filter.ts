import type { DataType } from '@tributary/connector-sdk';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { type Ordered, toOrdered } from '../prune/ordered.js';
import type { SchemaNode } from './thrift-footer.js';
import { xxh64 } from './xxh64.js';

const salts = [
  0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31,
] as const;
const blockBytes = 32;

/** A split-block Bloom filter of a column chunk (https://github.com/apache/parquet-format/blob/master/BloomFilter.md). */
export interface BloomFilter {
  /** False only when no value of the chunk has this hash. */
  mayHold(hash: bigint): boolean;
}

/** @returns undefined for a filter of another kind than the format has today, or one that is cut short */
export function readBloomFilter(bytes: Uint8Array): BloomFilter | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { view, offset: 0 };
  let header: Readonly<Record<string, unknown>>;
  try {
    header = deserializeTCompactProtocol(reader);
  } catch {
    return undefined;
  }
  const size = header['field_1'];
  const start = reader.offset;
  const isKnown = ['field_2', 'field_3', 'field_4'].every((field) => isFirstOfUnion(header[field]));
  if (!isKnown || typeof size !== 'number' || size < blockBytes || start + size > bytes.length)
    return undefined;
  const blocks = BigInt(Math.floor(size / blockBytes));
  return {
    mayHold: (hash) => {
      const block = start + Number(((hash >> 32n) * blocks) >> 32n) * blockBytes;
      const key = Number(hash & 0xff_ff_ff_ffn);
      return salts.every((salt, word) => {
        const bit = Math.imul(key, salt) >>> 27;
        return ((view.getUint32(block + word * 4, true) >>> bit) & 1) === 1;
      });
    },
  };
}

/** Of the algorithms, hashes and compressions, only the first of each union exists. */
function isFirstOfUnion(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'field_1' in value;
}

/**
 * The hash that a writer has put into the filter for a value in literal text; undefined where the stored bytes are not certain:
 * floats (two zeros, many NaNs), and types that files store in several ways.
 */
export function bloomHash(text: string, type: DataType, node: SchemaNode): bigint | undefined {
  switch (type.id) {
    case 'varchar':
      return node.type === 'BYTE_ARRAY' ? xxh64(Buffer.from(text, 'utf8')) : undefined;
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
    case 'decimal':
      return integerHash(toOrdered(type, text), node);
    default:
      return undefined;
  }
}

function integerHash(value: Ordered | undefined, node: SchemaNode): bigint | undefined {
  if (typeof value !== 'bigint') return undefined;
  const bytes = Buffer.alloc(node.type === 'INT32' ? 4 : 8);
  if (node.type === 'INT32') bytes.writeInt32LE(Number(BigInt.asIntN(32, value)));
  else if (node.type === 'INT64') bytes.writeBigInt64LE(BigInt.asIntN(64, value));
  else return undefined;
  return xxh64(bytes);
}
