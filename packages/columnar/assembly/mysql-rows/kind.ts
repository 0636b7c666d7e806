import { Shape } from '../state';

/**
 * How a value is on the wire (a column's `source`), and what to make of it (its `op`). Kept equal to `kind` in
 * src/mysql-rows/kinds.ts.
 */
export namespace Kind {
  export const Int8: i32 = 1;
  export const UInt8: i32 = 2;
  export const Int16: i32 = 3;
  export const UInt16: i32 = 4;
  export const Int32: i32 = 5;
  export const UInt32: i32 = 6;
  export const Int64: i32 = 7;
  export const UInt64: i32 = 8;
  export const Float: i32 = 9;
  export const Double: i32 = 10;
  /** Source: its digits as text. */
  export const Decimal: i32 = 11;
  export const Bytes: i32 = 12;
  /** Source: DATE, DATETIME and TIMESTAMP alike. */
  export const Timestamp: i32 = 13;
  export const Time: i32 = 14;
  /** Source only. */
  export const Bits: i32 = 15;
  /** Targets only, as are those that follow. */
  export const Bool: i32 = 16;
  export const Uuid: i32 = 17;
  export const Date: i32 = 18;
  export const Interval: i32 = 19;
}

/** Bytes of a value on the wire; 0 where its length stands before it. */
export function sourceWidth(source: i32): u8 {
  switch (source) {
    case Kind.Int8:
    case Kind.UInt8: return 1;
    case Kind.Int16:
    case Kind.UInt16: return 2;
    case Kind.Int32:
    case Kind.UInt32:
    case Kind.Float: return 4;
    case Kind.Int64:
    case Kind.UInt64:
    case Kind.Double: return 8;
    default: return 0;
  }
}

export function shapeOf(op: i32): i32 {
  if (op == Kind.Bytes) return Shape.Bytes;
  return op == Kind.Interval ? Shape.Interval : Shape.Fixed;
}
