import { appendScalars } from '../scalars';
import { Column } from '../state';
import { Kind } from './kind';
import { isNoDate } from './temporal';
import { appendValues } from './values';

/** Values that stand for NULL in an Arrow column, as they would be on the wire. */
const ZERO = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 0]);
const ZERO_DIGIT = memory.data<u8>([1, 0x30]);
const ZERO_BITS = memory.data<u8>([1, 0]);
const EPOCH = memory.data<u8>([4, 0xb2, 0x07, 1, 1]);
/** Thirty-two zeros and the four hyphens between them. */
const ZERO_UUID = memory.data<u8>([
  36,
  0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x2d, 0x30, 0x30, 0x30, 0x30, 0x2d, 0x30, 0x30, 0x30, 0x30, 0x2d,
  0x30, 0x30, 0x30, 0x30, 0x2d, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30,
]);

/** Appends a block: `fields` holds the address of each of the `count` fields, 0 for NULL. It may be overwritten. */
export function appendBlock(column: Column, fields: usize, count: i32, hasNulls: bool): void {
  if (column.noDateIsNull && dropNoDates(fields, count)) hasNulls = true;
  appendScalars(column, fields, count, hasNulls, zeroField(column), appendValues);
}

function zeroField(column: Column): usize {
  if (column.op == Kind.Uuid) return ZERO_UUID;
  switch (column.source) {
    case Kind.Decimal: return ZERO_DIGIT;
    case Kind.Bits: return ZERO_BITS;
    case Kind.Timestamp: return EPOCH;
    default: return ZERO;
  }
}

function dropNoDates(fields: usize, count: i32): bool {
  let hasDropped = false;
  for (let i = 0; i < count; i++) {
    const at = fields + (<usize>i << 2);
    const field = <usize>load<u32>(at);
    if (field != 0 && isNoDate(field)) {
      store<u32>(at, 0);
      hasDropped = true;
    }
  }
  return hasDropped;
}
