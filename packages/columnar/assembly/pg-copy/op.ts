import { Shape } from '../state';

/** What to make of a field. Kept equal to `op` in src/pg-copy/program.ts. */
export namespace Op {
  export const Bool: i32 = 1;
  export const Int16: i32 = 2;
  export const Fixed4: i32 = 3;
  export const Fixed8: i32 = 4;
  export const Bytes16: i32 = 5;
  export const Date: i32 = 6;
  export const Timestamp: i32 = 7;
  export const Interval: i32 = 8;
  export const Decimal: i32 = 9;
  export const Text: i32 = 10;
  export const Jsonb: i32 = 11;
  export const Char: i32 = 12;
  export const List: i32 = 13;
}

export function shapeOf(op: i32): i32 {
  switch (op) {
    case Op.Interval: return Shape.Interval;
    case Op.List: return Shape.List;
    case Op.Text:
    case Op.Jsonb:
    case Op.Char: return Shape.Bytes;
    default: return Shape.Fixed;
  }
}
