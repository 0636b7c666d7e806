import { kind, type Kind } from './kinds.js';

/** What the server says of a column before the rows: some fields of a column definition packet ("Protocol::ColumnDefinition41"). */
export interface MysqlWireColumn {
  /** `enum_field_types`: 3 is LONG, 253 VAR_STRING. */
  readonly type: number;
  readonly flags: number;
  /** A collation's number; 63 is binary. */
  readonly characterSet: number;
}

/** How its values come in the binary protocol; undefined for the type of a bare NULL, which has none. */
export interface WireValues {
  readonly source: Kind | undefined;
  /** The bytes are text in the connection's character set. */
  readonly isText: boolean;
}

const unsignedFlag = 32;
const binaryCharacterSet = 63;
const jsonType = 245;

const signed: Readonly<Record<number, Kind>> = {
  1: kind.int8,
  2: kind.int16,
  3: kind.int32,
  8: kind.int64,
  9: kind.int32,
};
const unsigned: Readonly<Record<number, Kind>> = {
  1: kind.uint8,
  2: kind.uint16,
  3: kind.uint32,
  8: kind.uint64,
  9: kind.uint32,
};
const others: Readonly<Record<number, Kind>> = {
  // DECIMAL and NEWDECIMAL
  0: kind.decimal,
  246: kind.decimal,
  4: kind.float,
  5: kind.double,
  // TIMESTAMP, DATE, DATETIME
  7: kind.timestamp,
  10: kind.timestamp,
  12: kind.timestamp,
  11: kind.time,
  // YEAR
  13: kind.uint16,
  16: kind.bits,
};
const nullType = 6;

export function wireValues(column: MysqlWireColumn): WireValues {
  const { type, flags, characterSet } = column;
  const integers = (flags & unsignedFlag) === 0 ? signed : unsigned;
  const source = integers[type] ?? others[type] ?? kind.bytes;
  // The server says "binary" of JSON, which is always in utf8mb4.
  const isText = source === kind.bytes && (characterSet !== binaryCharacterSet || type === jsonType);
  return { source: type === nullType ? undefined : source, isText };
}
