import type { ColumnChunk, RowGroup } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import type { Batch, ParquetColumnData } from '../sink.js';
import type { Leaf, ParquetColumn } from './parquet-schema.js';

/** Pieces of a file in order, and the metadata that says where they are. */
export interface EncodedRowGroup {
  readonly pieces: readonly Uint8Array[];
  readonly size: number;
  readonly metadata: RowGroup;
}

/** One uncompressed PLAIN page per leaf. The pieces are partly views of the batch: nothing is copied here. */
export function encodeRowGroup(
  batch: Batch<ParquetColumnData>,
  columns: readonly ParquetColumn[],
  fileOffset: number,
): EncodedRowGroup {
  const pieces: Uint8Array[] = [];
  const chunks: ColumnChunk[] = [];
  let offset = fileOffset;
  for (const [index, column] of columns.entries()) {
    const data = batch.columns[index];
    if (data === undefined) throw new RangeError(`The batch has no column ${index}.`);
    const levels = encodeLevels(data);
    for (const [position, leaf] of column.leaves.entries()) {
      const values = data.leaves[position] ?? new Uint8Array();
      const page = [pageHeader(data.entries, sizeOf(levels) + values.length), ...levels, values];
      const size = sizeOf(page);
      chunks.push(columnChunk(leaf, data.entries, offset, size));
      pieces.push(...page);
      offset += size;
    }
  }
  const size = offset - fileOffset;
  return {
    pieces,
    size,
    metadata: { columns: chunks, total_byte_size: BigInt(size), num_rows: BigInt(batch.rows) },
  };
}

function columnChunk(leaf: Leaf, entries: number, offset: number, size: number): ColumnChunk {
  return {
    file_offset: BigInt(offset),
    meta_data: {
      type: leaf.type,
      encodings: ['PLAIN', 'RLE'],
      path_in_schema: [...leaf.path],
      codec: 'UNCOMPRESSED',
      num_values: BigInt(entries),
      total_uncompressed_size: BigInt(size),
      total_compressed_size: BigInt(size),
      data_page_offset: BigInt(offset),
    },
  };
}

function pageHeader(entries: number, size: number): Uint8Array {
  const writer = new ByteWriter(64);
  writePageHeader(writer, {
    type: 'DATA_PAGE',
    uncompressed_page_size: size,
    compressed_page_size: size,
    data_page_header: {
      num_values: entries,
      encoding: 'PLAIN',
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    },
  });
  return writer.getBytes();
}

/** Repetition levels, then definition levels, each with its length before it (parquet-format/Encodings.md, RLE = 3). */
function encodeLevels({ entries, nullCount, levels }: ParquetColumnData): readonly Uint8Array[] {
  switch (levels.kind) {
    case 'flat':
      return nullCount === 0 ? [allOnes(entries)] : bitPacked(levels.validity, entries, 1);
    case 'list':
      return [...bitPacked(levels.repetition, entries, 1), ...bitPacked(levels.definition, entries, 2)];
  }
}

/** A single run of the level 1. */
function allOnes(entries: number): Uint8Array {
  const run = new ByteWriter(16);
  run.appendVarInt(entries * 2);
  run.appendUint8(1);
  return withLength(run.getBytes(), 0);
}

/** A single bit-packed run; it comes in groups of eight values, least significant bit first. */
function bitPacked(bits: Uint8Array, entries: number, width: number): readonly Uint8Array[] {
  const groups = Math.ceil(entries / 8);
  const run = new ByteWriter(16);
  run.appendVarInt(groups * 2 + 1);
  const padding = new Uint8Array(groups * width - bits.length);
  return [withLength(run.getBytes(), groups * width), bits, padding];
}

function withLength(bytes: Uint8Array, following: number): Uint8Array {
  const writer = new ByteWriter(32);
  writer.appendUint32(bytes.length + following);
  writer.appendBytes(bytes);
  return writer.getBytes();
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
