import { ConvertedTypes, FieldRepetitionTypes, ParquetTypes } from 'hyparquet/src/constants.js';
import type { ConvertedType, FieldRepetitionType, ParquetType } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';

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
  readonly path: readonly string[];
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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const footer: Struct = deserializeTCompactProtocol({ view, offset: 0 });
  return {
    rows: requiredNumber(footer['field_3']),
    schema: structs(footer['field_2']).map(schemaNode),
    rowGroups: structs(footer['field_4']).map((group) => ({
      rows: requiredNumber(group['field_3']),
      chunks: structs(group['field_1']).map(chunk),
    })),
  };
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

function chunk(column: Struct): ThriftChunk {
  const meta = struct(column['field_3']);
  if (meta === undefined) throw new Error('a column chunk without metadata (encrypted?)');
  const data = requiredNumber(meta['field_9']);
  const dictionary = number(meta['field_11']) ?? 0;
  return {
    path: Array.isArray(meta['field_3']) ? meta['field_3'].map(text) : [],
    compressedBytes: requiredNumber(meta['field_7']),
    uncompressedBytes: requiredNumber(meta['field_6']),
    start: dictionary > 0 ? Math.min(dictionary, data) : data,
    dictionaryBytes: dictionary > 0 && dictionary < data ? data - dictionary : undefined,
    statistics: statistics(struct(meta['field_12'])),
    bloom: bloom(number(meta['field_14']), number(meta['field_15'])),
  };
}

function bloom(start: number | undefined, length: number | undefined): ThriftChunk['bloom'] {
  return start === undefined || length === undefined || start <= 0 || length <= 0
    ? undefined
    : { start, length };
}

function statistics(fields: Struct | undefined): ThriftStatistics | undefined {
  if (fields === undefined) return undefined;
  const current = fields['field_5'] !== undefined || fields['field_6'] !== undefined;
  return {
    nulls: number(fields['field_3']),
    distinct: number(fields['field_4']),
    // `is_max_value_exact: false` marks a text that was cut: some writers do not round the cut maximum up.
    max: fields['field_7'] === false ? undefined : binary(current ? fields['field_5'] : fields['field_1']),
    min: fields['field_8'] === false ? undefined : binary(current ? fields['field_6'] : fields['field_2']),
    deprecated: !current,
    uncut: fields['field_7'] === true && fields['field_8'] === true,
  };
}

function struct(value: unknown): Struct | undefined {
  return isStruct(value) ? value : undefined;
}

function structs(value: unknown): readonly Struct[] {
  if (!Array.isArray(value)) throw new Error('a list is missing');
  return value.map((item) => struct(item) ?? {});
}

function isStruct(value: unknown): value is Struct {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function binary(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

function text(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

function requiredNumber(value: unknown): number {
  const found = number(value);
  if (found === undefined || found < 0) throw new Error('a count or position is missing or negative');
  return found;
}

function pick<T>(names: readonly T[], index: unknown): T | undefined {
  return typeof index === 'number' ? names[index] : undefined;
}
