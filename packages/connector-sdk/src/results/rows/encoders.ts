import type { GrowingBytes, ScalarType } from '@tributary/columnar';
import type { Value } from '../answer.js';
import { parseIntervalText } from './interval-text.js';
import { floatOf, integerOf, scaledOf } from './numbers.js';
import { daysOf, timeOf, timestampOf } from './temporal.js';

/** How a type's values lie in an Arrow column. Each function says false, or undefined, for a value that is none of the type. */
export type Encoder =
  | { readonly layout: 'bits'; readonly bit: (value: Value) => boolean | undefined }
  | {
      readonly layout: 'fixed';
      readonly width: number;
      readonly write: (to: DataView, at: number, value: Value) => boolean;
    }
  | { readonly layout: 'bytes'; readonly append: (to: GrowingBytes, value: Value) => boolean };

export function encoderOf(type: ScalarType): Encoder {
  switch (type.id) {
    case 'boolean':
      return { layout: 'bits', bit: bitOf };
    case 'tinyint':
      return integer(1, true);
    case 'smallint':
      return integer(2, true);
    case 'integer':
      return integer(4, true);
    case 'bigint':
      return integer(8, true);
    case 'utinyint':
      return integer(1, false);
    case 'usmallint':
      return integer(2, false);
    case 'uinteger':
      return integer(4, false);
    case 'ubigint':
      return integer(8, false);
    case 'hugeint':
      return decimal(38, 0);
    case 'decimal':
      return decimal(type.precision, type.scale);
    case 'float':
      return fixed(4, floatOf, (to, at, value) => {
        to.setFloat32(at, value, true);
        return Number.isFinite(to.getFloat32(at, true)) || !Number.isFinite(value);
      });
    case 'double':
      return fixed(8, floatOf, (to, at, value) => to.setFloat64(at, value, true));
    case 'varchar':
    case 'json':
      return { layout: 'bytes', append: appendText };
    case 'blob':
      return { layout: 'bytes', append: appendBytes };
    case 'uuid':
      return fixed(16, uuidOf, (to, at, [high, low]) => {
        to.setBigUint64(at, high);
        to.setBigUint64(at + 8, low);
      });
    case 'date':
      return fixed(4, daysOf, (to, at, value) => {
        to.setInt32(at, value, true);
        return to.getInt32(at, true) === value;
      });
    case 'time':
      return fixed(8, timeOf, setInt64);
    case 'timestamp':
      return fixed(8, (value) => timestampOf(value, false), setInt64);
    case 'timestamptz':
      return fixed(8, (value) => timestampOf(value, true), setInt64);
    case 'interval':
      return fixed(16, intervalOf, (to, at, { months, days, micros }) => {
        to.setInt32(at, months, true);
        to.setInt32(at + 4, days, true);
        to.setBigInt64(at + 8, micros * 1000n, true);
        return (
          to.getInt32(at, true) === months &&
          to.getInt32(at + 4, true) === days &&
          to.getBigInt64(at + 8, true) === micros * 1000n
        );
      });
  }
}

function fixed<Read>(
  width: number,
  read: (value: Value) => Read | undefined,
  store: (to: DataView, at: number, value: Read) => boolean | void,
): Encoder {
  return {
    layout: 'fixed',
    width,
    write: (to, at, value) => {
      const known = read(value);
      return known !== undefined && store(to, at, known) !== false;
    },
  };
}

function setInt64(to: DataView, at: number, value: bigint): boolean {
  to.setBigInt64(at, value, true);
  return to.getBigInt64(at, true) === value;
}

function integer(width: 1 | 2 | 4 | 8, signed: boolean): Encoder {
  const bits = BigInt(width * 8);
  const min = signed ? -(2n ** (bits - 1n)) : 0n;
  const max = 2n ** (signed ? bits - 1n : bits) - 1n;
  // The two's complement is the same for signed and unsigned.
  return fixed(width, integerOf, (to, at, value) => {
    if (value < min || value > max) return false;
    if (width === 8) to.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
    else if (width === 4) to.setInt32(at, Number(value), true);
    else if (width === 2) to.setInt16(at, Number(value), true);
    else to.setInt8(at, Number(value));
    return true;
  });
}

function decimal(precision: number, scale: number): Encoder {
  const limit = 10n ** BigInt(precision);
  return fixed(
    16,
    (value) => scaledOf(value, scale),
    (to, at, value) => {
      if (value >= limit || value <= -limit) return false;
      to.setBigUint64(at, BigInt.asUintN(64, value), true);
      to.setBigInt64(at + 8, value >> 64n, true);
      return true;
    },
  );
}

function bitOf(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : undefined;
}

const utf8 = new TextEncoder();

/** Most bytes of UTF-8 for one unit of UTF-16. */
const bytesPerUnit = 3;

/** Half a surrogate pair is no character, and would become another one. */
function appendText(to: GrowingBytes, value: Value): boolean {
  if (typeof value !== 'string' || !value.isWellFormed()) return false;
  const start = to.extend(value.length * bytesPerUnit);
  to.length = start + utf8.encodeInto(value, to.bytes.subarray(start)).written;
  return true;
}

function appendBytes(to: GrowingBytes, value: Value): boolean {
  if (!(value instanceof Uint8Array)) return false;
  const start = to.extend(value.length);
  to.bytes.set(value, start);
  return true;
}

const uuidText = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;

function uuidOf(value: Value): readonly [high: bigint, low: bigint] | undefined {
  const match = typeof value === 'string' ? uuidText.exec(value) : null;
  if (match === null) return undefined;
  const [, a = '', b = '', c = '', d = '', e = ''] = match;
  return [BigInt(`0x${a}${b}${c}`), BigInt(`0x${d}${e}`)];
}

function intervalOf(value: Value): ReturnType<typeof parseIntervalText> {
  return typeof value === 'string' ? parseIntervalText(value) : undefined;
}
