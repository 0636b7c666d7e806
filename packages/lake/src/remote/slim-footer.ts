import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { cursorOver, readBinary, readFields, readStructs, skip, wire } from '../parquet/compact.js';
import type { ParquetFooter } from '../parquet/footer.js';

/** A chunk's way from the object into the slim file. */
interface MovedChunk {
  readonly group: number;
  /** The column's name as DuckDB calls it. */
  readonly column: string;
  /** Where its metadata begins in the object's footer. */
  readonly meta: number;
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

export interface SlimLayout {
  readonly chunks: readonly MovedChunk[];
  /** Where the footer begins. */
  readonly dataEnd: number;
}

const magic = new Uint8Array([0x50, 0x41, 0x52, 0x31]);

export const slimHead = magic;

/** The chunks of these row groups and columns (by DuckDB's names), one after the other. */
export function slimLayout(
  footer: ParquetFooter,
  groups: readonly number[],
  columns: ReadonlySet<string>,
): SlimLayout {
  const chunks: MovedChunk[] = [];
  let at = magic.length;
  for (const group of groups) {
    for (const column of footer.columns) {
      if (!columns.has(column.name)) continue;
      for (const { meta, start, length } of footer.rowGroups[group]?.columns.get(column.name)?.chunks ?? []) {
        chunks.push({ group, column: column.name, meta, from: start, to: at, length });
        at += length;
      }
    }
  }
  return { chunks, dataEnd: at };
}

type Struct = Readonly<Record<string, unknown>>;

/**
 * The end of the slim file. Bloom filters and indexes stay out: they would point elsewhere. Of the statistics, those come along
 * that we trust ourselves: DuckDB plans by them.
 * The thrift is rewritten as it is, without understanding all of it, so that every type comes through.
 */
export function slimFooter(
  footer: ParquetFooter,
  groups: readonly number[],
  columns: ReadonlySet<string>,
  layout: SlimLayout,
): Uint8Array {
  const {
    nodes: [root, ...nodes],
    createdBy,
  } = writtenParts(footer);
  const wanted = footer.columns.filter((column) => columns.has(column.name));
  const schema = wanted.flatMap(({ nodes: [start, end], name }) =>
    nodes.slice(start, end).map((node, index) => readable(index === 0 ? { ...node, field_4: name } : node)),
  );
  const byGroup = Map.groupBy(layout.chunks, (chunk) => chunk.group);
  const rowGroups = groups.map((group) => {
    const chunks = byGroup.get(group) ?? [];
    return {
      field_1: chunks.map((chunk) => ({
        field_2: 0n,
        field_3: movedMeta(footer, chunk, hasBounds(footer, chunk)),
      })),
      field_2: BigInt(chunks.reduce((sum, { length }) => sum + length, 0)),
      field_3: BigInt(footer.rowGroups[group]?.rows ?? 0),
    };
  });
  const writer = new ByteWriter();
  serializeTCompactProtocol(writer, {
    field_1: 2,
    field_2: [{ ...root, field_5: wanted.length }, ...schema],
    field_3: groups.reduce((sum, group) => sum + BigInt(footer.rowGroups[group]?.rows ?? 0), 0n),
    field_4: rowGroups,
    ...(createdBy !== undefined && { field_6: createdBy }),
  });
  const length = writer.getBytes().length;
  writer.appendUint32(length);
  writer.appendBytes(magic);
  return writer.getBytes();
}

/** The schema's elements, and who wrote the file, which readers look at for what old writers did wrong. */
function writtenParts({ bytes }: ParquetFooter): {
  readonly nodes: readonly Struct[];
  readonly createdBy: Uint8Array | undefined;
} {
  const cursor = cursorOver(bytes);
  let nodes: readonly Struct[] = [];
  let createdBy: Uint8Array | undefined;
  readFields(cursor, (field, type) => {
    if (field === 2 && type === wire.list)
      nodes = readStructs(cursor, () => deserializeTCompactProtocol(cursor));
    else if (field === 6 && type === wire.binary) createdBy = readBinary(cursor);
    else skip(cursor, type);
  });
  return { nodes, createdBy };
}

/** ColumnMetaData (parquet.thrift): type, encodings, path, codec, counts and the positions of its pages. */
function movedMeta({ bytes }: ParquetFooter, moved: MovedChunk, isTrusted: boolean): Struct {
  const meta: Struct = deserializeTCompactProtocol(cursorOver(bytes, moved.meta));
  const shift = BigInt(moved.to - moved.from);
  const position = (field: string): bigint | undefined => {
    const value = meta[field];
    return typeof value === 'bigint' && value > 0n ? value + shift : undefined;
  };
  const dictionary = position('field_11');
  const path: readonly unknown[] = Array.isArray(meta['field_3']) ? meta['field_3'] : [];
  return {
    field_1: meta['field_1'],
    field_2: meta['field_2'],
    field_3: [new TextEncoder().encode(moved.column), ...path.slice(1)],
    field_4: meta['field_4'],
    field_5: meta['field_5'],
    field_6: meta['field_6'],
    field_7: meta['field_7'],
    field_9: position('field_9'),
    ...(dictionary !== undefined && { field_11: dictionary }),
    ...(isTrusted && { field_12: statisticsOf(struct(meta['field_12'])) }),
  };
}

/** Whether `chunkBounds` has found both bounds good: of floats, for example, it never does. */
function hasBounds({ rowGroups }: ParquetFooter, { group, column }: MovedChunk): boolean {
  const { min, max } = rowGroups[group]?.columns.get(column)?.bounds ?? {};
  return min !== undefined && max !== undefined;
}

/** NULLs and bounds, without the deprecated fields. */
function statisticsOf({ field_3: nulls, field_5: max, field_6: min }: Struct): Struct {
  return {
    ...(nulls !== undefined && { field_3: nulls }),
    ...(max !== undefined && min !== undefined && { field_5: max, field_6: min }),
  };
}

/**
 * A schema element that the writer can write. It has one width of integers: the logical types with a byte in them are INTEGER,
 * which the converted type says as well, and VARIANT, whose version is optional.
 */
function readable(node: Struct): Struct {
  const logical = node['field_10'];
  if (typeof logical !== 'object' || logical === null) return node;
  if ('field_16' in logical) return { ...node, field_10: { field_16: {} } };
  if (!('field_10' in logical)) return node;
  const { field_10: _integer, ...rest } = node;
  return rest;
}

function struct(value: unknown): Struct {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
