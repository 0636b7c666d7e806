import type { MysqlWireColumn } from '../src/index.js';

/** Bytes as MySQL would send them in the binary protocol, made by hand. */

export type Field = Uint8Array | null;

/** What the server says of a column of some type, by the names of its protocol. */
export const wire = {
  tiny: column(1),
  unsignedTiny: column(1, 32),
  short: column(2),
  unsignedShort: column(2, 32),
  long: column(3),
  unsignedLong: column(3, 32),
  int24: column(9),
  longlong: column(8),
  unsignedLonglong: column(8, 32),
  float: column(4),
  double: column(5),
  null: column(6),
  timestamp: column(7),
  date: column(10),
  time: column(11),
  datetime: column(12),
  year: column(13, 32),
  bit: column(16, 32),
  json: column(245),
  decimal: column(246),
  blob: column(252),
  text: { ...column(252), characterSet: 255 },
  varString: { ...column(253), characterSet: 255 },
} as const;

function column(type: number, flags = 0): MysqlWireColumn {
  return { type, flags, characterSet: 63 };
}

export function packet(payload: Uint8Array, sequence = 0): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, payload]);
}

export const eof = packet(Buffer.from([0xfe, 0, 0, 2, 0]), 9);
export const err = packet(Buffer.from('\xff\x25\x05#70100Query execution was interrupted', 'latin1'), 9);

/** A row's payload: zero, the bitmap of NULLs from its third bit on, the values. */
function rowPayload(fields: readonly Field[]): Buffer {
  const bitmap = Buffer.alloc((fields.length + 9) >> 3);
  for (const [index, field] of fields.entries()) {
    const bit = index + 2;
    if (field === null) bitmap[bit >> 3] = (bitmap[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return Buffer.concat([Buffer.alloc(1), bitmap, ...fields.filter((field) => field !== null)]);
}

/** Payloads of 16 MiB and more go in several packets. */
function row(fields: readonly Field[]): Buffer {
  const payload = rowPayload(fields);
  const most = 0xffffff;
  const packets: Buffer[] = [];
  for (let at = 0; at <= payload.length; at += most) packets.push(packet(payload.subarray(at, at + most)));
  return Buffer.concat(packets);
}

export function rowStream(rows: readonly (readonly Field[])[], end: Uint8Array = eof): Buffer {
  return Buffer.concat([...rows.map(row), end]);
}

export function int(value: number | bigint, bytes: 1 | 2 | 4 | 8): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)));
  return buffer.subarray(0, bytes);
}

export function float4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

export function float8(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

/** With its length before it: text, bytes, the digits of a decimal. */
export function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([lengthOf(bytes.length), bytes]);
}

function lengthOf(length: number): Buffer {
  if (length < 251) return Buffer.from([length]);
  const long = Buffer.alloc(9);
  if (length < 0x10000) {
    long[0] = 252;
    long.writeUIntLE(length, 1, 2);
    return long.subarray(0, 3);
  }
  if (length < 0x1000000) {
    long[0] = 253;
    long.writeUIntLE(length, 1, 3);
    return long.subarray(0, 4);
  }
  long[0] = 254;
  long.writeBigUInt64LE(BigInt(length), 1);
  return long;
}

/** `2024-02-29`, `2024-02-29 01:02:03.5`; as short as MySQL writes it, unless `size` says otherwise. */
export function date(value: string, size?: 0 | 4 | 7 | 11): Buffer {
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = ''] =
    /^(\d+)-(\d+)-(\d+)(?: (\d+):(\d+):(\d+)(?:\.(\d+))?)?$/.exec(value) ?? [];
  const micros = Number(fraction.padEnd(6, '0'));
  const bytes = Buffer.from([
    0,
    0,
    0,
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    0,
    0,
    0,
    0,
  ]);
  bytes.writeUInt16LE(Number(year), 1);
  bytes.writeUInt32LE(micros, 8);
  const needed = bytes.subarray(8).some(Boolean)
    ? 11
    : bytes.subarray(5).some(Boolean)
      ? 7
      : bytes.some(Boolean)
        ? 4
        : 0;
  bytes[0] = size ?? needed;
  return bytes.subarray(0, 1 + bytes[0]);
}

/** Microseconds, as a TIME. */
export function time(micros: bigint): Buffer {
  if (micros === 0n) return Buffer.alloc(1);
  const absolute = micros < 0n ? -micros : micros;
  const seconds = absolute / 1_000_000n;
  const bytes = Buffer.alloc(13);
  bytes[1] = Number(micros < 0n);
  bytes.writeUInt32LE(Number(seconds / 86_400n), 2);
  bytes[6] = Number((seconds / 3600n) % 24n);
  bytes[7] = Number((seconds / 60n) % 60n);
  bytes[8] = Number(seconds % 60n);
  bytes.writeUInt32LE(Number(absolute % 1_000_000n), 9);
  bytes[0] = absolute % 1_000_000n === 0n ? 8 : 12;
  return bytes.subarray(0, 1 + bytes[0]);
}
