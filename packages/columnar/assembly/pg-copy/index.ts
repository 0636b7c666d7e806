import {
  BLOCK_ROWS,
  blockRoom,
  closeBatches,
  column,
  columnCount,
  fields,
  nullFlags,
  openBatches,
  putColumn,
  Status,
  takeBlock,
} from '../batch';
import { Buffer, read16, read32 } from '../buffer';
import { fail, Fault, faultCode, newColumn } from '../state';
import { appendBlock } from './columns';
import { shapeOf } from './op';

export { batchRows, clearBatch, columnAddress, faultColumn, faultRow, totalRows } from '../batch';
export { faultCode };

const DATA_ROW: u8 = 0x44;
const MESSAGE_HEADER: usize = 5;
const COPY_HEADER: i32 = 19;

let messageLimit: i32 = 0;
/** CopyData, or the DataRow of a query whose results are binary: the same tuples, without COPY's header and trailer. */
let rowMessage: u8 = 0;

const input = changetype<Buffer>(memory.data(offsetof<Buffer>(), 8));
/** Payload not yet parsed is [payload, payloadEnd); the next message starts at `next`; offsets into `input`. */
let payload: usize = 0;
let payloadEnd: usize = 0;
let next: usize = 0;

let isHeaderRead = false;
/** Set by the trailer (a field count of -1). */
export let isTrailerRead: bool = false;

export function init(
  isParquet: bool,
  count: i32,
  rows: u32,
  bytes: usize,
  largestMessage: i32,
  rowMessageType: u8,
): void {
  openBatches(isParquet, count, rows, bytes);
  rowMessage = rowMessageType;
  isHeaderRead = rowMessageType == DATA_ROW;
  messageLimit = largestMessage;
}

/** Forgets the stream that has ended: `init` may be called again for another one. */
export function recycle(): void {
  closeBatches();
  input.length = 0;
  payload = 0;
  payloadEnd = 0;
  next = 0;
  isTrailerRead = false;
}

export function setColumn(index: i32, op: i32, precision: i32, scale: i32): void {
  putColumn(index, newColumn(shapeOf(op), op, precision, scale));
}

export function setElement(index: i32, op: i32, precision: i32, scale: i32): void {
  column(index).child = changetype<usize>(newColumn(shapeOf(op), op, precision, scale));
}

/** Makes room for a chunk and returns where it goes; then call `run` with its size. */
export function reserve(size: usize): usize {
  if (input.length + size + 16 > input.capacity && payload > 0) {
    const left = input.length - payload;
    memory.copy(input.start, input.start + payload, left);
    payloadEnd -= payload;
    next -= payload;
    payload = 0;
    input.length = left;
  }
  return input.reserve(size);
}

/** Parses what has arrived until something must be done outside. */
export function run(size: usize): i32 {
  input.length += size;
  while (true) {
    const room = blockRoom();
    const rows = scanTuples(room);
    const status = takeBlock(rows, appendBlock);
    if (status != Status.MoreRows) return status;
    if (rows < room) return hasOtherMessage() ? Status.OtherMessage : Status.NeedsInput;
  }
}

/** The message that is not CopyData, whole, with type and length. */
export function messageAddress(): usize {
  return input.start + next;
}

export function messageLength(): i32 {
  return 1 + read32(input.start + next + 1);
}

export function skipMessage(): void {
  next += <usize>messageLength();
  if (payload == payloadEnd) {
    payload = next;
    payloadEnd = next;
  }
}

/** Bytes from the next message on: what the driver gets back when the copy has ended. */
export function restLength(): usize {
  return input.length - next;
}

/** True where a tuple has begun and not ended. */
export function isInsideTuple(): bool {
  return payload != payloadEnd;
}

/** Notes the addresses of the fields of up to `limit` tuples, and returns how many tuples there are. */
function scanTuples(limit: i32): i32 {
  memory.fill(nullFlags, 0, columnCount);
  let rows = 0;
  while (rows < limit) {
    if (payload == payloadEnd) {
      if (!nextPayload()) break;
    }
    if (isTrailerRead) {
      fail(Fault.AfterTrailer, 0);
      break;
    }
    let at = input.start + payload;
    const end = input.start + payloadEnd;
    if (!isHeaderRead) {
      if (!readHeader(at, end)) {
        if (faultCode != Fault.None || !nextPayload()) break;
      }
      continue;
    }
    at = scanTuple(at, end, rows);
    if (at == 0) {
      if (faultCode != Fault.None || !nextPayload()) break;
    } else {
      payload = at - input.start;
      if (!isTrailerRead) rows++;
    }
  }
  return rows;
}

/** Returns where the tuple ends, or 0 where it is not whole. */
function scanTuple(at: usize, end: usize, row: i32): usize {
  if (end - at < 2) return 0;
  const count = <i32>(<i16>read16(at));
  at += 2;
  if (count != columnCount) {
    if (count == -1) isTrailerRead = true;
    else fail(Fault.FieldCount, 0);
    return count == -1 ? at : 0;
  }
  let to = fields + (<usize>row << 2);
  for (let i = 0; i < count; i++) {
    if (at + 4 > end) return 0;
    const length = read32(at);
    at += 4;
    if (length >= 0) {
      store<u32>(to, <u32>at);
      if (length > <i32>(end - at)) return 0;
      at += length;
    } else {
      store<u32>(to, 0);
      store<u8>(nullFlags + i, 1);
    }
    to += BLOCK_ROWS << 2;
  }
  return at;
}

/** The signature, flags and an extension area (COPY, "Binary Format"). Returns false where it is not whole or wrong. */
function readHeader(at: usize, end: usize): bool {
  const size = <i32>(end - at);
  if (size < COPY_HEADER) return false;
  // "PGCOPY\n" 0xff, then "\r\n" 0
  if (load<u64>(at) != 0xff0a59504f434750 || load<u16>(at, 8) != 0x0a0d || load<u8>(at, 10) != 0) {
    fail(Fault.BadHeader, 0);
    return false;
  }
  const extension = read32(at + 15);
  if ((read32(at + 11) & 0xffff0000) != 0 || extension < 0) {
    fail(Fault.BadHeader, 0);
    return false;
  }
  if (size - COPY_HEADER < extension) return false;
  payload += <usize>(COPY_HEADER + extension);
  isHeaderRead = true;
  return true;
}

/**
 * Takes the next CopyData message if it has arrived whole. PostgreSQL sends one per row, so what the last one left over
 * is the exception: it is moved up to the new payload, over the message header between them.
 */
function nextPayload(): bool {
  const available = input.length - next;
  if (available < MESSAGE_HEADER) return false;
  const at = input.start + next;
  const length = read32(at + 1);
  if (length < 4) {
    fail(Fault.BadMessage, 0);
    return false;
  }
  if (length > messageLimit) {
    fail(Fault.MessageTooLarge, 0);
    return false;
  }
  if (load<u8>(at) != rowMessage || available < <usize>length + 1) return false;
  const left = payloadEnd - payload;
  const start = next + MESSAGE_HEADER;
  if (left > 0) memory.copy(input.start + start - left, input.start + payload, left);
  payload = start - left;
  next += <usize>length + 1;
  payloadEnd = next;
  return true;
}

function hasOtherMessage(): bool {
  const available = input.length - next;
  if (available < MESSAGE_HEADER) return false;
  const at = input.start + next;
  return load<u8>(at) != rowMessage && available > <usize>read32(at + 1);
}
