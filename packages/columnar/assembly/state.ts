import { Buffer } from './buffer';

/** How a column is laid out. Kept equal to `shapes` in src/wire/column-views.ts. */
export namespace Shape {
  /** Values of one width, or bits. */
  export const Fixed: i32 = 0;
  /** Bytes with offsets (Arrow) or lengths (Parquet). */
  export const Bytes: i32 = 1;
  export const Interval: i32 = 2;
  export const List: i32 = 3;
}

/** Kept equal to `faults` in src/wire/faults.ts. */
export namespace Fault {
  export const None: i32 = 0;
  export const BadMessage: i32 = 1;
  export const MessageTooLarge: i32 = 2;
  export const BadHeader: i32 = 3;
  export const FieldCount: i32 = 4;
  export const AfterTrailer: i32 = 5;
  export const FieldLength: i32 = 6;
  export const NotFinite: i32 = 7;
  export const Overflow: i32 = 8;
  export const Inexact: i32 = 9;
  export const OutOfRange: i32 = 10;
  export const Multidimensional: i32 = 11;
  export const Malformed: i32 = 12;
  export const NoSuchDate: i32 = 13;
}

/**
 * One column's program and what it has collected since the last flush. JavaScript reads it as 32-bit words in
 * this order; the buffers are addresses.
 *
 * `bits`: validity, or the repetition levels of a Parquet list. `data`: values. `aux`: Arrow offsets, the definition levels
 * of a Parquet list, or the days of a Parquet interval. `aux2`: the microseconds of a Parquet interval.
 */
@unmanaged
export class Column {
  shape: i32;
  /** What to make of the field: the decoder's own number. */
  op: i32;
  precision: i32;
  scale: i32;
  child: usize;
  entries: u32;
  nulls: u32;
  values: u32;
  bits: Buffer;
  data: Buffer;
  aux: Buffer;
  aux2: Buffer;
  /** Of MySQL: how the value is on the wire, and whether dates that do not exist are NULL. */
  source: i32;
  noDateIsNull: bool;
}

export let parquet: bool = false;

export let faultCode: i32 = 0;
/** Inside the field that the fault is about; 0 where the fault is not about a field. */
export let faultAt: usize = 0;

export function setLayout(isParquet: bool): void {
  parquet = isParquet;
}

export function fail(code: i32, at: usize): void {
  if (faultCode == Fault.None) {
    faultCode = code;
    faultAt = at;
  }
}

export function newColumn(shape: i32, op: i32, precision: i32, scale: i32): Column {
  const column = changetype<Column>(allocateZeroed(offsetof<Column>()));
  column.shape = shape;
  column.op = op;
  column.precision = precision;
  column.scale = scale;
  column.bits = newBuffer();
  column.data = newBuffer();
  column.aux = newBuffer();
  column.aux2 = newBuffer();
  clearColumn(column);
  return column;
}

/** Gives a column's memory back. */
export function freeColumn(column: Column): void {
  if (column.child) freeColumn(changetype<Column>(column.child));
  freeBuffer(column.bits);
  freeBuffer(column.data);
  freeBuffer(column.aux);
  freeBuffer(column.aux2);
  heap.free(changetype<usize>(column));
}

export function clearFault(): void {
  faultCode = Fault.None;
  faultAt = 0;
}

export function clearColumn(column: Column): void {
  column.entries = 0;
  column.nulls = 0;
  column.values = 0;
  column.bits.length = 0;
  column.data.length = 0;
  column.aux.length = 0;
  column.aux2.length = 0;
  if (!parquet && (column.shape == Shape.Bytes || column.shape == Shape.List)) {
    store<i32>(column.aux.reserve(4), 0);
    column.aux.length = 4;
  }
  if (column.child) clearColumn(changetype<Column>(column.child));
}

function newBuffer(): Buffer {
  return changetype<Buffer>(allocateZeroed(offsetof<Buffer>()));
}

function freeBuffer(buffer: Buffer): void {
  if (buffer.start != 0) heap.free(buffer.start);
  heap.free(changetype<usize>(buffer));
}

function allocateZeroed(size: usize): usize {
  const at = heap.alloc(size);
  memory.fill(at, 0, size);
  return at;
}
