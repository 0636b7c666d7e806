import {
  BLOCK_ROWS,
  blockRoom,
  closeBatches,
  columnCount,
  fields,
  nullFlags,
  openBatches,
  putColumn,
  Status,
  takeBlock,
} from '../batch';
import { Buffer } from '../buffer';
import { fail, Fault, faultCode, newColumn } from '../state';
import { appendBlock } from './blocks';
import { shapeOf, sourceWidth } from './kind';
import { lengthSize, valueLength } from './length';

export { batchRows, clearBatch, columnAddress, faultColumn, faultRow, totalRows } from '../batch';
export { faultCode };

const PACKET_HEADER: usize = 4;
/** A packet of this size is continued by the next one. */
const FULL_PACKET: usize = 0xffffff;
/** Instead of a width: the column has no values, only NULL. */
const NO_VALUE: u8 = 255;

let rowSizeLimit: usize = 0;
/** Bytes of a value per column; 0 where its length stands before it. */
let widths: usize = 0;
let bitmapSize: usize = 0;

const input = changetype<Buffer>(memory.data(offsetof<Buffer>(), 8));
/** Where in `input` the next packet starts. */
let next: usize = 0;

export function init(isParquet: bool, count: i32, rows: u32, bytes: usize, largestRow: usize): void {
  openBatches(isParquet, count, rows, bytes);
  rowSizeLimit = largestRow;
  widths = heap.alloc(count);
  bitmapSize = <usize>(count + 9) >>> 3;
}

/** Forgets the stream that has ended: `init` may be called again for another one. */
export function recycle(): void {
  closeBatches();
  heap.free(widths);
  input.length = 0;
  next = 0;
}

export function setColumn(
  index: i32,
  source: i32,
  op: i32,
  precision: i32,
  scale: i32,
  isNull: bool,
  noDateIsNull: bool,
): void {
  const column = newColumn(shapeOf(op), op, precision, scale);
  column.source = source;
  column.noDateIsNull = noDateIsNull;
  putColumn(index, column);
  store<u8>(widths + index, isNull ? NO_VALUE : sourceWidth(source));
}

/** Makes room for a chunk and returns where it goes; then call `run` with its size. */
export function reserve(size: usize): usize {
  if (input.length + size + 16 > input.capacity && next > 0) {
    const left = input.length - next;
    memory.copy(input.start, input.start + next, left);
    next = 0;
    input.length = left;
  }
  return input.reserve(size);
}

/** Parses what has arrived until something must be done outside. */
export function run(size: usize): i32 {
  input.length += size;
  while (true) {
    const room = blockRoom();
    const rows = scanRows(room);
    const status = takeBlock(rows, appendBlock);
    if (status != Status.MoreRows) return status;
    if (rows < room) return hasOtherPacket() ? Status.OtherMessage : Status.NeedsInput;
  }
}

/** What has not been parsed, from a packet's beginning on. */
export function restAddress(): usize {
  return input.start + next;
}

export function restLength(): usize {
  return input.length - next;
}

/** Notes the addresses of the fields of up to `limit` rows, and returns how many rows there are. */
function scanRows(limit: i32): i32 {
  memory.fill(nullFlags, 0, columnCount);
  let rows = 0;
  while (rows < limit) {
    if (input.length - next <= PACKET_HEADER || hasOtherPacket()) break;
    const at = input.start + next + PACKET_HEADER;
    const size = takePacket();
    if (size == 0) break;
    if (!scanRow(at + 1, at + size, rows)) break;
    rows++;
  }
  return rows;
}

/** A row begins with a zero byte; nothing else that may come here does. An empty packet is taken for a row, and refused. */
// @ts-ignore: decorator
@inline
function hasOtherPacket(): bool {
  if (input.length - next <= PACKET_HEADER) return false;
  const at = input.start + next;
  return load<u8>(at, 4) != 0 && sizeAt(at) != 0;
}

// @ts-ignore: decorator
@inline
function sizeAt(at: usize): usize {
  return load<u32>(at) & 0xffffff;
}

/** Moves on behind the packet at `next` if it has arrived whole, and returns its size, else 0. */
function takePacket(): usize {
  const size = sizeAt(input.start + next);
  if (size == FULL_PACKET) return takeSplitPacket();
  if (size == 0) {
    fail(Fault.BadMessage, 0);
    return 0;
  }
  if (size > rowSizeLimit) {
    fail(Fault.MessageTooLarge, 0);
    return 0;
  }
  if (input.length - next < size + PACKET_HEADER) return 0;
  next += size + PACKET_HEADER;
  return size;
}

/** Packets of 16 MiB less one byte, and a smaller one (perhaps empty) at the end: moves the pieces together. */
function takeSplitPacket(): usize {
  let end = next;
  let total: usize = 0;
  let size: usize;
  do {
    if (input.length - end < PACKET_HEADER) return 0;
    size = sizeAt(input.start + end);
    total += size;
    if (total > rowSizeLimit) {
      fail(Fault.MessageTooLarge, 0);
      return 0;
    }
    end += PACKET_HEADER;
    if (input.length - end < size) return 0;
    end += size;
  } while (size == FULL_PACKET);

  let to = input.start + next + PACKET_HEADER + FULL_PACKET;
  let from = to;
  while (from < input.start + end) {
    size = sizeAt(from);
    memory.copy(to, from + PACKET_HEADER, size);
    to += size;
    from += PACKET_HEADER + size;
  }
  next = end;
  return total;
}

/**
 * A row: a bitmap of the columns that are NULL, which begins with two unused bits, then the other columns' values ("Binary
 * Protocol Resultset Row").
 */
function scanRow(bitmap: usize, end: usize, row: i32): bool {
  let at = bitmap + bitmapSize;
  if (at > end) return refuse();
  let to = fields + (<usize>row << 2);
  for (let i = 0; i < columnCount; i++) {
    const bit = <usize>i + 2;
    if ((load<u8>(bitmap + (bit >>> 3)) >>> <u8>(bit & 7)) & 1) {
      store<u32>(to, 0);
      store<u8>(nullFlags + i, 1);
    } else {
      const width = load<u8>(widths + i);
      store<u32>(to, <u32>at);
      if (width == NO_VALUE) return refuse();
      if (width > 0) {
        at += width;
      } else {
        if (at >= end) return refuse();
        const length = valueLength(at);
        at += lengthSize(at);
        if (at > end || length > end - at) return refuse();
        at += length;
      }
    }
    to += BLOCK_ROWS << 2;
  }
  return at == end || refuse();
}

function refuse(): bool {
  fail(Fault.FieldCount, 0);
  return false;
}
