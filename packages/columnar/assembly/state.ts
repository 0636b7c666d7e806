import { Buffer } from './buffer';

/** Kept equal to `PgCopyOp` in src/pg-copy/program.ts. */
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

/** Kept equal to `faults` in src/pg-copy/faults.ts. */
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

export function newColumn(op: i32, precision: i32, scale: i32): Column {
  const column = changetype<Column>(allocateZeroed(offsetof<Column>()));
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
  const hasOffsets =
    column.op == Op.List || column.op == Op.Text || column.op == Op.Jsonb || column.op == Op.Char;
  if (!parquet && hasOffsets) {
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
