import { appendBit, appendOnes, Buffer, copyBytes, SLACK } from './buffer';
import { Column, parquet } from './state';

/** Appends `count` fields that are not NULL to a column; `fields` is a table of their addresses. */
type Append = (column: Column, fields: usize, count: i32) => void;

/** Scratch for addresses of the non-null fields of a block. */
const dense = changetype<Buffer>(memory.data(offsetof<Buffer>(), 8));

/**
 * Appends a block: `fields` holds the address of each of the `count` fields, 0 for NULL. It may be overwritten.
 * `zero` is a field that stands for NULL in an Arrow column.
 */
export function appendScalars(
  column: Column,
  fields: usize,
  count: i32,
  hasNulls: bool,
  zero: usize,
  append: Append,
): void {
  if (!hasNulls) {
    appendOnes(column.bits, column.entries, count);
    column.entries += count;
    append(column, fields, count);
    return;
  }
  appendValidity(column, fields, count);
  if (parquet) {
    const values = withoutNulls(fields, count);
    append(column, dense.start, values);
  } else {
    replaceNulls(fields, count, zero);
    append(column, fields, count);
  }
}

export function appendValidity(column: Column, fields: usize, count: i32): void {
  column.bits.reserve((<usize>count >>> 3) + 2);
  for (let i = 0; i < count; i++) {
    const isValid = load<u32>(fields + (<usize>i << 2)) != 0;
    appendBit(column.bits, column.entries++, u32(isValid));
    column.nulls += u32(!isValid);
  }
}

function withoutNulls(fields: usize, count: i32): i32 {
  dense.length = 0;
  const start = dense.reserve(<usize>count << 2);
  let to = start;
  for (let i = 0; i < count; i++) {
    const field = load<u32>(fields + (<usize>i << 2));
    store<u32>(to, field);
    to += field == 0 ? 0 : 4;
  }
  return <i32>((to - start) >>> 2);
}

function replaceNulls(fields: usize, count: i32, replacement: usize): void {
  for (let i = 0; i < count; i++) {
    const at = fields + (<usize>i << 2);
    if (load<u32>(at) == 0) store<u32>(at, <u32>replacement);
  }
}

// @ts-ignore: decorator
@inline
export function fieldAt(fields: usize, index: i32): usize {
  return <usize>load<u32>(fields + (<usize>index << 2));
}

/** Appends one value of a column of bytes. */
// @ts-ignore: decorator
@inline
export function appendBytes(column: Column, from: usize, length: i32): void {
  const data = column.data;
  const size = <usize>length;
  let to = data.start + data.length;
  if (data.length + size + 4 + SLACK > data.capacity) to = data.reserve(size + 4);
  if (parquet) {
    store<i32>(to, length);
    copyBytes(to + 4, from, size);
    data.length += size + 4;
  } else {
    copyBytes(to, from, size);
    data.length += size;
    store<i32>(column.aux.reserve(4), <i32>data.length);
    column.aux.length += 4;
  }
}

/** Counts `count` values of `width` bytes that have been written past the end of the data. */
export function finish(column: Column, count: i32, width: usize): void {
  column.values += count;
  column.data.length += <usize>count * width;
}
