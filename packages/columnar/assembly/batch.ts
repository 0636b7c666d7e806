import {
  clearColumn,
  clearFault,
  Column,
  Fault,
  faultAt,
  faultCode,
  freeColumn,
  setLayout,
} from './state';

/** What a decoder's `run` stopped for. Kept equal to `status` in src/wire/wasm.ts. */
export namespace Status {
  export const NeedsInput: i32 = 0;
  export const BatchFull: i32 = 1;
  /** What comes next is not a row. */
  export const OtherMessage: i32 = 2;
  export const Fault: i32 = 3;
  /** Inside: there may be more rows. */
  export const MoreRows: i32 = -1;
}

export const BLOCK_ROWS: i32 = 1024;

/** Appends a block to a column: `fields` holds the address of each of the `count` fields, 0 for NULL. It may be overwritten. */
type AppendBlock = (column: Column, fields: usize, count: i32, hasNulls: bool) => void;

export let columnCount: i32 = 0;
let columns: usize = 0;
/** Addresses of the fields of a block, one run of BLOCK_ROWS per column; and per column whether it has a NULL. */
export let fields: usize = 0;
export let nullFlags: usize = 0;
let rowLimit: u32 = 0;
let byteLimit: usize = 0;

export let batchRows: u32 = 0;
export let batchBytes: usize = 0;
export let totalRows: f64 = 0;
/** Of a fault; -1 where it is not about a field. */
export let faultColumn: i32 = -1;
export let faultRow: f64 = -1;

export function openBatches(isParquet: bool, count: i32, rows: u32, bytes: usize): void {
  setLayout(isParquet);
  columnCount = count;
  columns = heap.alloc(<usize>count << 2);
  fields = heap.alloc((<usize>count * <usize>BLOCK_ROWS) << 2);
  nullFlags = heap.alloc(count);
  rowLimit = rows;
  byteLimit = bytes;
}

/** Forgets the stream that has ended. */
export function closeBatches(): void {
  for (let i = 0; i < columnCount; i++) freeColumn(column(i));
  heap.free(columns);
  heap.free(fields);
  heap.free(nullFlags);
  columnCount = 0;
  batchRows = 0;
  batchBytes = 0;
  totalRows = 0;
  faultColumn = -1;
  faultRow = -1;
  clearFault();
}

export function putColumn(index: i32, column: Column): void {
  store<usize>(columns + (<usize>index << 2), changetype<usize>(column));
}

// @ts-ignore: decorator
@inline
export function column(index: i32): Column {
  return changetype<Column>(load<usize>(columns + (<usize>index << 2)));
}

export function columnAddress(index: i32): usize {
  return changetype<usize>(column(index));
}

/** Forgets the columns' contents: call it when a batch has been taken. */
export function clearBatch(): void {
  for (let i = 0; i < columnCount; i++) clearColumn(column(i));
  batchRows = 0;
  batchBytes = 0;
}

/** How many rows the next block may have. */
export function blockRoom(): i32 {
  return <i32>min(<u32>BLOCK_ROWS, rowLimit - batchRows);
}

/** Appends the `rows` whose fields have been noted, and says how to go on. */
export function takeBlock(rows: i32, append: AppendBlock): i32 {
  for (let i = 0; i < columnCount && faultCode == Fault.None; i++) {
    append(column(i), fieldsOf(i), rows, load<u8>(nullFlags + i) != 0);
    if (faultCode != Fault.None) faultColumn = i;
  }
  if (faultCode != Fault.None) {
    locateFault(rows);
    return Status.Fault;
  }
  batchRows += rows;
  totalRows += <f64>rows;
  if (rows > 0) batchBytes = countBytes();
  return batchRows >= rowLimit || batchBytes >= byteLimit ? Status.BatchFull : Status.MoreRows;
}

// @ts-ignore: decorator
@inline
function fieldsOf(index: i32): usize {
  return fields + ((<usize>index * <usize>BLOCK_ROWS) << 2);
}

function countBytes(): usize {
  let bytes: usize = 0;
  for (let i = 0; i < columnCount; i++) {
    const each = column(i);
    bytes += each.data.length + each.aux.length + each.aux2.length;
    if (each.child) bytes += changetype<Column>(each.child).data.length;
  }
  return bytes;
}

/** The fault lies in the last field that begins before it: fields stand in the order of their rows, stand-ins for NULL below. */
function locateFault(rows: i32): void {
  faultRow = totalRows + <f64>rows;
  if (faultColumn < 0 || faultAt == 0) return;
  let last: usize = 0;
  for (let row = 0; row < rows; row++) {
    const field = <usize>load<u32>(fieldsOf(faultColumn) + (<usize>row << 2));
    if (field > faultAt || field < last || field == 0) continue;
    last = field;
    faultRow = totalRows + <f64>row;
  }
}
