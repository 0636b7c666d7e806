import { appendBit, Buffer, read32 } from '../buffer';
import { appendScalars, appendValidity } from '../scalars';
import { Column, fail, Fault, faultCode, parquet, Shape } from '../state';
import { Op } from './op';
import { appendValues } from './values';

/** Zero values, each with its length before it, that stand for NULL in an Arrow column. */
const ZERO_FIELDS = memory.data<u8>([
  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,
  0, 0, 0, 1,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,
  0, 0, 0, 2,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,
  0, 0, 0, 4,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,
  0, 0, 0, 8,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,
  0, 0, 0, 16, 0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,
  0, 0, 0, 1,  1, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,
]);

function zeroField(op: i32): usize {
  return ZERO_FIELDS + 24 * zeroFieldIndex(op) + 4;
}

function zeroFieldIndex(op: i32): usize {
  switch (op) {
    case Op.Bool:
    case Op.Char: return 1;
    case Op.Int16: return 2;
    case Op.Fixed4:
    case Op.Date: return 3;
    case Op.Fixed8:
    case Op.Timestamp:
    case Op.Decimal: return 4;
    case Op.Bytes16:
    case Op.Interval: return 5;
    case Op.Jsonb: return 6;
    default: return 0;
  }
}

/** Scratch for addresses of the elements of a block's arrays. */
const elements = changetype<Buffer>(memory.data(offsetof<Buffer>(), 8));

/** Appends a block: `fields` holds the address of each of the `count` fields, 0 for NULL. It may be overwritten. */
export function appendBlock(column: Column, fields: usize, count: i32, hasNulls: bool): void {
  if (column.shape == Shape.List) appendLists(column, fields, count);
  else appendScalars(column, fields, count, hasNulls, zeroField(column.op), appendValues);
}

/**
 * Arrays on the wire: dimensions, a flag, the element type's oid, then size and lower bound per dimension, then elements
 * each with its length (array_send in arrayfuncs.c).
 */
function appendLists(column: Column, fields: usize, count: i32): void {
  elements.length = 0;
  let hasNulls = false;
  if (!parquet) appendValidity(column, fields, count);
  for (let i = 0; i < count; i++) {
    const field = <usize>load<u32>(fields + (<usize>i << 2));
    if (field == 0) {
      if (parquet) {
        appendLevels(column, 0, 0);
        column.nulls++;
      }
    } else {
      const size = arraySize(field);
      if (size < 0) return;
      let at = field + 20;
      const end = field + read32(field - 4);
      if (parquet && size == 0) appendLevels(column, 0, 1);
      elements.reserve(<usize>size << 2);
      for (let e = 0; e < size; e++) {
        if (at + 4 > end) return fail(Fault.Malformed, field);
        const length = read32(at);
        at += 4;
        if (length > <i32>(end - at)) return fail(Fault.Malformed, field);
        store<u32>(elements.start + elements.length, length < 0 ? 0 : <u32>at);
        elements.length += 4;
        if (length < 0) hasNulls = true;
        else at += length;
        if (parquet) appendLevels(column, e == 0 ? 0 : 1, length < 0 ? 2 : 3);
      }
      if (at != end && size > 0) return fail(Fault.Malformed, field);
    }
    if (!parquet) {
      const child = changetype<Column>(column.child);
      store<i32>(column.aux.reserve(4), <i32>(child.entries + <u32>(elements.length >>> 2)));
      column.aux.length += 4;
    }
  }
  if (faultCode == Fault.None) {
    appendBlock(changetype<Column>(column.child), elements.start, <i32>(elements.length >>> 2), hasNulls);
  }
}

/** The number of elements, or -1 with a fault. */
function arraySize(field: usize): i32 {
  const length = read32(field - 4);
  if (length < 12) {
    fail(Fault.FieldLength, field);
    return -1;
  }
  const dimensions = read32(field);
  if (dimensions == 0) return 0;
  if (dimensions != 1) {
    fail(dimensions > 1 ? Fault.Multidimensional : Fault.Malformed, field);
    return -1;
  }
  const size = length < 20 ? -1 : read32(field + 12);
  if (size < 0 || size > length) {
    fail(Fault.Malformed, field);
    return -1;
  }
  return size;
}

/** Repetition levels take one bit, definition levels two. */
function appendLevels(column: Column, repetition: u32, definition: u32): void {
  const index = column.entries++;
  column.bits.reserve(2);
  appendBit(column.bits, index, repetition);
  column.aux.reserve(2);
  appendBit(column.aux, index * 2, definition & 1);
  appendBit(column.aux, index * 2 + 1, definition >>> 1);
}
