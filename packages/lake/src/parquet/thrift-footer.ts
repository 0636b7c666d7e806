import { ConvertedTypes, FieldRepetitionTypes, ParquetTypes } from 'hyparquet/src/constants.js';
import type { ConvertedType, FieldRepetitionType, ParquetType } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import {
  type Cursor,
  cursorOver,
  isInteger,
  readBinary,
  readFields,
  readInteger,
  readStructs,
  skip,
  wire,
} from './compact.js';

/**
 * A Parquet footer, as far as planning needs it
 * (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift). hyparquet's own reader turns
 * bounds into JavaScript numbers, which cannot hold every decimal and 64-bit integer; here they stay bytes.
 */
export interface ThriftFooter {
  readonly rows: number;
  readonly schema: readonly SchemaNode[];
  readonly rowGroups: readonly ThriftRowGroup[];
}

export interface SchemaNode {
  readonly name: string;
  readonly type: ParquetType | undefined;
  readonly typeLength: number | undefined;
  readonly repetition: FieldRepetitionType | undefined;
  readonly children: number;
  readonly converted: ConvertedType | undefined;
  readonly scale: number;
  readonly precision: number;
  readonly logical: LogicalAnnotation | undefined;
  readonly fieldId?: number | undefined;
}

/** The logical types that DuckDB looks at; the others it reads by their converted type. */
export type LogicalAnnotation =
  | { readonly kind: 'uuid' | 'float16' | 'null' | 'variant' | 'geometry' }
  | { readonly kind: 'time' | 'timestamp'; readonly utc: boolean; readonly unit: 'ms' | 'us' | 'ns' };

export interface ThriftRowGroup {
  readonly rows: number;
  readonly chunks: readonly ThriftChunk[];
}

export interface ThriftChunk {
  /** Where its metadata begins in the footer. */
  readonly meta: number;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  /** First byte in the file, dictionary included. */
  readonly start: number;
  /** The dictionary page's, header included; absent where there is none. */
  readonly dictionaryBytes: number | undefined;
  readonly statistics: ThriftStatistics | undefined;
  /** Place of the Bloom filter, header included; absent where its length is not told. */
  readonly bloom: { readonly start: number; readonly length: number } | undefined;
}

export interface ThriftStatistics {
  readonly nulls: number | undefined;
  readonly distinct: number | undefined;
  readonly min: Uint8Array | undefined;
  readonly max: Uint8Array | undefined;
  /** From the fields that parquet-format deprecated, whose order is signed for every type. */
  readonly deprecated: boolean;
  /** Whether the writer says that `min` and `max` were not cut. */
  readonly uncut: boolean;
}

type Struct = Readonly<Record<string, unknown>>;

/** @param bytes the footer's thrift struct, without length and magic */
export function readThriftFooter(bytes: Uint8Array): ThriftFooter {
  const cursor = cursorOver(bytes);
  let rows: number | undefined;
  let schema: readonly SchemaNode[] | undefined;
  let rowGroups: readonly ThriftRowGroup[] | undefined;
  readFields(cursor, (field, type) => {
    if (field === 2 && type === wire.list)
      schema = readStructs(cursor, () => schemaNode(deserializeTCompactProtocol(cursor)));
    else if (field === 3 && isInteger(type)) rows = readInteger(cursor);
    else if (field === 4 && type === wire.list) rowGroups = readStructs(cursor, rowGroup);
    else skip(cursor, type);
  });
  if (schema === undefined || rowGroups === undefined) throw new Error('a list is missing');
  return { rows: required(rows), schema, rowGroups };
}

function rowGroup(cursor: Cursor): ThriftRowGroup {
  let rows: number | undefined;
  let chunks: readonly ThriftChunk[] | undefined;
  readFields(cursor, (field, type) => {
    if (field === 1 && type === wire.list) chunks = readStructs(cursor, columnChunk);
    else if (field === 3 && isInteger(type)) rows = readInteger(cursor);
    else skip(cursor, type);
  });
  if (chunks === undefined) throw new Error('a list is missing');
  return { rows: required(rows), chunks };
}

function columnChunk(cursor: Cursor): ThriftChunk {
  let chunk: ThriftChunk | undefined;
  readFields(cursor, (field, type) => {
    if (field === 3 && type === wire.struct) chunk = columnMeta(cursor);
    else skip(cursor, type);
  });
  if (chunk === undefined) throw new Error('a column chunk without metadata (encrypted?)');
  return chunk;
}

function columnMeta(cursor: Cursor): ThriftChunk {
  const meta = cursor.offset;
  const numbers: (number | undefined)[] = [];
  let statistics: ThriftStatistics | undefined;
  readFields(cursor, (field, type) => {
    if (field >= 6 && field <= 15 && isInteger(type)) numbers[field] = readInteger(cursor);
    else if (field === 12 && type === wire.struct) statistics = chunkStatistics(cursor);
    else skip(cursor, type);
  });
  const data = required(numbers[9]);
  const dictionary = numbers[11] ?? 0;
  return {
    meta,
    compressedBytes: required(numbers[7]),
    uncompressedBytes: required(numbers[6]),
    start: dictionary > 0 ? Math.min(dictionary, data) : data,
    dictionaryBytes: dictionary > 0 && dictionary < data ? data - dictionary : undefined,
    statistics,
    bloom: bloom(numbers[14], numbers[15]),
  };
}

function chunkStatistics(cursor: Cursor): ThriftStatistics {
  const bounds: (Uint8Array | undefined)[] = [];
  let nulls: number | undefined;
  let distinct: number | undefined;
  let maxExact: boolean | undefined;
  let minExact: boolean | undefined;
  readFields(cursor, (field, type) => {
    if (type === wire.binary) bounds[field] = readBinary(cursor);
    else if (field === 3 && isInteger(type)) nulls = readInteger(cursor);
    else if (field === 4 && isInteger(type)) distinct = readInteger(cursor);
    else if (field === 7) maxExact = truth(cursor, type);
    else if (field === 8) minExact = truth(cursor, type);
    else skip(cursor, type);
  });
  const current = bounds[5] !== undefined || bounds[6] !== undefined;
  return {
    nulls,
    distinct,
    // `is_max_value_exact: false` marks a text that was cut: some writers do not round the cut maximum up.
    max: maxExact === false ? undefined : bounds[current ? 5 : 1],
    min: minExact === false ? undefined : bounds[current ? 6 : 2],
    deprecated: !current,
    uncut: maxExact === true && minExact === true,
  };
}

/** A field's truth value is its type. */
function truth(cursor: Cursor, type: number): boolean | undefined {
  skip(cursor, type);
  if (type !== wire.true && type !== wire.false) return undefined;
  return type === wire.true;
}

function schemaNode(element: Struct): SchemaNode {
  return {
    name: text(element['field_4']),
    type: pick(ParquetTypes, element['field_1']),
    typeLength: number(element['field_2']),
    repetition: pick(FieldRepetitionTypes, element['field_3']),
    children: number(element['field_5']) ?? 0,
    converted: pick(ConvertedTypes, element['field_6']),
    scale: number(element['field_7']) ?? 0,
    precision: number(element['field_8']) ?? 0,
    logical: logical(struct(element['field_10'])),
    fieldId: number(element['field_9']),
  };
}

function logical(union: Struct | undefined): LogicalAnnotation | undefined {
  if (union === undefined) return undefined;
  const time = struct(union['field_7']);
  const timestamp = struct(union['field_8']);
  const timed = time ?? timestamp;
  if (timed !== undefined) {
    const unit = struct(timed['field_2']) ?? {};
    return {
      kind: time === undefined ? 'timestamp' : 'time',
      utc: timed['field_1'] === true,
      unit: unit['field_1'] === undefined ? (unit['field_2'] === undefined ? 'ns' : 'us') : 'ms',
    };
  }
  if (union['field_11'] !== undefined) return { kind: 'null' };
  if (union['field_14'] !== undefined) return { kind: 'uuid' };
  if (union['field_15'] !== undefined) return { kind: 'float16' };
  if (union['field_16'] !== undefined) return { kind: 'variant' };
  return union['field_17'] !== undefined || union['field_18'] !== undefined
    ? { kind: 'geometry' }
    : undefined;
}

function bloom(start: number | undefined, length: number | undefined): ThriftChunk['bloom'] {
  return start === undefined || length === undefined || start <= 0 || length <= 0
    ? undefined
    : { start, length };
}

function struct(value: unknown): Struct | undefined {
  return isStruct(value) ? value : undefined;
}

function isStruct(value: unknown): value is Struct {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

const decoder = new TextDecoder();

function text(value: unknown): string {
  return value instanceof Uint8Array ? decoder.decode(value) : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

function required(found: number | undefined): number {
  if (found === undefined || !(found >= 0)) throw new Error('a count or position is missing or negative');
  return found;
}

function pick<T>(names: readonly T[], index: unknown): T | undefined {
  return typeof index === 'number' ? names[index] : undefined;
}
