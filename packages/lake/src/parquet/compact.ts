/**
 * Thrift's compact protocol, read field by field
 * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md): of a footer with thousands of column chunks,
 * most fields are not wanted, and an object of each would take longer than the request that brought it.
 */
export interface Cursor {
  readonly view: DataView;
  offset: number;
}

/** Types of fields and of lists' elements. */
export const wire = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
} as const;

/** Of seven bits each. */
const mostVarintBytes = 10;

export function cursorOver(bytes: Uint8Array, offset = 0): Cursor {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset };
}

/** @param read takes the value of each field, or skips it */
export function readFields(cursor: Cursor, read: (field: number, type: number) => void): void {
  const { view } = cursor;
  let field = 0;
  for (;;) {
    const head = view.getUint8(cursor.offset++);
    const type = head & 0x0f;
    if (type === wire.stop) return;
    field = head >> 4 === 0 ? readInteger(cursor) : field + (head >> 4);
    read(field, type);
  }
}

/** @throws Error where the list is one of anything but structs */
export function readStructs<T>(cursor: Cursor, read: (cursor: Cursor) => T): readonly T[] {
  const { type, size } = listHead(cursor);
  if (type !== wire.struct && size > 0) throw new Error('a list of other things than structs');
  const items: T[] = [];
  for (let n = 0; n < size; n += 1) items.push(read(cursor));
  return items;
}

export function isInteger(type: number): boolean {
  return type === wire.i64 || type === wire.i32 || type === wire.i16;
}

/** Of any width; beyond 2^52, about. */
export function readInteger(cursor: Cursor): number {
  const zigzag = readVarint(cursor);
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

/** A view of the bytes. */
export function readBinary(cursor: Cursor): Uint8Array {
  const length = skipText(cursor);
  const { view, offset } = cursor;
  return new Uint8Array(view.buffer, view.byteOffset + offset - length, length);
}

export function skip(cursor: Cursor, type: number): void {
  switch (type) {
    case wire.true:
    case wire.false:
      return;
    case wire.byte:
      cursor.offset += 1;
      return;
    case wire.i16:
    case wire.i32:
    case wire.i64:
      readVarint(cursor);
      return;
    case wire.double:
      cursor.offset += 8;
      return;
    case wire.binary:
      skipText(cursor);
      return;
    case wire.list: {
      const { type: of, size } = listHead(cursor);
      // An element that is a truth value has a byte; a field has it in its type.
      const element = of === wire.true || of === wire.false ? wire.byte : of;
      for (let n = 0; n < size && cursor.offset < cursor.view.byteLength; n += 1) skip(cursor, element);
      return;
    }
    case wire.struct:
      readFields(cursor, (_, inner) => skip(cursor, inner));
      return;
    default:
      throw new Error(`a field of type ${type}, which Parquet has not`);
  }
}

/** Gives its length. */
function skipText(cursor: Cursor): number {
  const length = readVarint(cursor);
  // So that what is no number is an error too.
  if (!(cursor.offset + length <= cursor.view.byteLength)) throw new Error('a text goes on past the end');
  cursor.offset += length;
  return length;
}

function listHead(cursor: Cursor): { readonly type: number; readonly size: number } {
  const head = cursor.view.getUint8(cursor.offset++);
  const size = head >> 4;
  return { type: head & 0x0f, size: size === 15 ? readVarint(cursor) : size };
}

function readVarint(cursor: Cursor): number {
  const { view } = cursor;
  let value = 0;
  let scale = 1;
  for (let n = 0; n < mostVarintBytes; n += 1) {
    const byte = view.getUint8(cursor.offset++);
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
  throw new Error('a number of more than 64 bits');
}
