import type { ScalarType } from '@tributary/columnar';
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
      readonly write: (to: DataView, value: Value) => boolean;
    }
  | { readonly layout: 'bytes'; readonly bytes: (value: Value) => Uint8Array | undefined };

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
      return fixed(4, floatOf, (to, value) => {
        to.setFloat32(0, value, true);
        return Number.isFinite(to.getFloat32(0, true)) || !Number.isFinite(value);
      });
    case 'double':
      return fixed(8, floatOf, (to, value) => to.setFloat64(0, value, true));
    case 'varchar':
    case 'json':
      return { layout: 'bytes', bytes: textBytes };
    case 'blob':
      return { layout: 'bytes', bytes: (value) => (value instanceof Uint8Array ? value : undefined) };
    case 'uuid':
      return fixed(16, uuidOf, (to, [high, low]) => {
        to.setBigUint64(0, high);
        to.setBigUint64(8, low);
      });
    case 'date':
      return fixed(4, daysOf, (to, value) => {
        to.setInt32(0, value, true);
        return to.getInt32(0, true) === value;
      });
    case 'time':
      return fixed(8, timeOf, setInt64);
    case 'timestamp':
      return fixed(8, (value) => timestampOf(value, false), setInt64);
    case 'timestamptz':
      return fixed(8, (value) => timestampOf(value, true), setInt64);
    case 'interval':
      return fixed(16, intervalOf, (to, { months, days, micros }) => {
        to.setInt32(0, months, true);
        to.setInt32(4, days, true);
        to.setBigInt64(8, micros * 1000n, true);
        return (
          to.getInt32(0, true) === months &&
          to.getInt32(4, true) === days &&
          to.getBigInt64(8, true) === micros * 1000n
        );
      });
  }
}

function fixed<Read>(
  width: number,
  read: (value: Value) => Read | undefined,
  store: (to: DataView, value: Read) => boolean | void,
): Encoder {
  return {
    layout: 'fixed',
    width,
    write: (to, value) => {
      const known = read(value);
      return known !== undefined && store(to, known) !== false;
    },
  };
}

function setInt64(to: DataView, value: bigint): boolean {
  to.setBigInt64(0, value, true);
  return to.getBigInt64(0, true) === value;
}

function integer(width: 1 | 2 | 4 | 8, signed: boolean): Encoder {
  const bits = BigInt(width * 8);
  const min = signed ? -(2n ** (bits - 1n)) : 0n;
  const max = 2n ** (signed ? bits - 1n : bits) - 1n;
  const set = (to: DataView, value: bigint): void => {
    // The two's complement is the same for signed and unsigned.
    if (width === 8) to.setBigUint64(0, BigInt.asUintN(64, value), true);
    else if (width === 4) to.setInt32(0, Number(value), true);
    else if (width === 2) to.setInt16(0, Number(value), true);
    else to.setInt8(0, Number(value));
  };
  return fixed(width, integerOf, (to, value) => {
    if (value < min || value > max) return false;
    set(to, value);
    return true;
  });
}

function decimal(precision: number, scale: number): Encoder {
  const limit = 10n ** BigInt(precision);
  return fixed(
    16,
    (value) => scaledOf(value, scale),
    (to, value) => {
      if (value >= limit || value <= -limit) return false;
      to.setBigUint64(0, BigInt.asUintN(64, value), true);
      to.setBigInt64(8, value >> 64n, true);
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

/** Half a surrogate pair is no character, and would become another one. */
function textBytes(value: Value): Uint8Array | undefined {
  return typeof value === 'string' && value.isWellFormed() ? utf8.encode(value) : undefined;
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
