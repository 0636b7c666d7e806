import type { DataFile } from '../files/data-file.js';
import { corruptFile } from '../files/file-error.js';
import type { FileReader } from '../files/file-reader.js';
import { type ChunkBounds, chunkBounds } from './bounds.js';
import { chunkDistinct } from './chunk-distinct.js';
import { type ParquetColumn, parquetColumns } from './parquet-type.js';
import { type ThriftFooter, type ThriftRowGroup, readThriftFooter } from './thrift-footer.js';

/** What a Parquet file says of itself, checked to be whole. */
export interface ParquetFooter {
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  readonly rowGroups: readonly RowGroup[];
  /** The thrift struct itself, of which footers of slim files are made. */
  readonly bytes: Uint8Array;
}

export interface RowGroup {
  readonly rows: number;
  /** By the column's name as DuckDB calls it. */
  readonly columns: ReadonlyMap<string, RowGroupColumn>;
}

export interface RowGroupColumn {
  readonly bounds: ChunkBounds;
  /** About how many distinct values there are; absent where nothing tells, or the column has fields. */
  readonly distinct?: number;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  /** The column's chunks in the file's order: several for a column with fields. */
  readonly chunks: readonly ChunkPlace[];
  /** Absent where there is none, or the column has fields. */
  readonly bloom?: BloomPlace;
}

export interface BloomPlace {
  readonly start: number;
  readonly length: number;
}

export interface ChunkPlace {
  /** Where its metadata begins in the footer's bytes. */
  readonly meta: number;
  readonly start: number;
  readonly length: number;
}

/** One read gets most footers whole: they grow with the file, and those of 16 columns are about half of this share. */
const leastFirstRead = 64 * 1024;
const mostFirstRead = 512 * 1024;
const firstReadShare = 1 / 1024;
/** Footer length and magic. */
const tailBytes = 8;

/** @throws TributaryError SOURCE.CORRUPT_DATA that names the file when it is not a whole Parquet file. */
export async function readFooter(file: DataFile, reader: FileReader): Promise<ParquetFooter> {
  const { key, etag } = file;
  const name = { key, etag, part: 'footer' };
  const kept = await reader.kept?.get(name);
  const bytes = kept ?? (await readFooterBytes(file, reader));
  let thrift: ThriftFooter;
  try {
    thrift = readThriftFooter(bytes);
  } catch (error) {
    const why = `its footer is damaged (${error instanceof Error ? error.message : String(error)})`;
    throw corruptFile(file.path, why, reader.sourceId, error);
  }
  const footer = { ...interpret(thrift, file, reader.sourceId), bytes };
  if (kept === undefined) reader.kept?.keep(name, bytes);
  return footer;
}

/** The footer's thrift struct. One request gets most footers whole; the magic at the file's start is not worth another. */
async function readFooterBytes(file: DataFile, { store, signal, sourceId }: FileReader): Promise<Uint8Array> {
  const bad = (why: string): Error => corruptFile(file.path, why, sourceId);
  if (file.size < tailBytes + 4) throw bad(`with ${file.size} bytes it is too short for a Parquet file`);
  const pinned = { etag: file.etag, signal };
  const firstRead = Math.min(Math.max(leastFirstRead, Math.ceil(file.size * firstReadShare)), mostFirstRead);
  const start = Math.max(0, file.size - firstRead);
  const tail = await store.read(file.key, { start, end: file.size }, pinned);
  const view = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  const magic = view.toString('latin1', view.length - 4);
  if (magic === 'PARE') throw bad('it is an encrypted Parquet file');
  if (magic !== 'PAR1') throw bad('it is cut short, damaged or no Parquet file (no PAR1 at its end)');
  const length = view.readUInt32LE(view.length - tailBytes);
  if (length > file.size - tailBytes - 4) throw bad('its footer claims to be longer than the file');
  const wanted = length + tailBytes;
  if (wanted <= view.length)
    return Uint8Array.from(view.subarray(view.length - wanted, view.length - tailBytes));
  const missing = { start: file.size - wanted, end: start };
  const front = await store.read(file.key, missing, pinned);
  return Buffer.concat([front, view.subarray(0, view.length - tailBytes)]);
}

function interpret(thrift: ThriftFooter, file: DataFile, sourceId: string): Omit<ParquetFooter, 'bytes'> {
  let columns: readonly ParquetColumn[];
  try {
    columns = parquetColumns(thrift.schema);
  } catch (error) {
    throw corruptFile(file.path, error instanceof Error ? error.message : String(error), sourceId, error);
  }
  const rowGroups = thrift.rowGroups.map((group) => rowGroup(group, columns, file, sourceId));
  const rows = rowGroups.reduce((sum, group) => sum + group.rows, 0);
  if (rows !== thrift.rows) {
    throw corruptFile(
      file.path,
      `its footer counts ${thrift.rows} rows and its row groups ${rows}`,
      sourceId,
    );
  }
  return { rows, columns, rowGroups };
}

function rowGroup(
  group: ThriftRowGroup,
  columns: readonly ParquetColumn[],
  file: DataFile,
  sourceId: string,
): RowGroup {
  for (const chunk of group.chunks) {
    if (chunk.start + chunk.compressedBytes <= file.size) continue;
    throw corruptFile(file.path, 'it is cut short (its footer points past its end)', sourceId);
  }
  const leaves = columns.reduce((sum, column) => sum + column.leaves, 0);
  if (group.chunks.length !== leaves) {
    const why = `a row group of it has ${group.chunks.length} column chunks where its schema has ${leaves} columns`;
    throw corruptFile(file.path, why, sourceId);
  }
  let next = 0;
  const entries = columns.map((column): [string, RowGroupColumn] => {
    const first = next;
    next += column.leaves;
    const chunks = group.chunks.slice(first, next);
    const [only] = chunks;
    let bounds: ChunkBounds | undefined;
    const distinct =
      only !== undefined && chunks.length === 1 ? chunkDistinct(only, group.rows, column.leaf) : undefined;
    return [
      column.name,
      {
        // Most are never asked for.
        get bounds() {
          bounds ??= chunks.length === 1 ? chunkBounds(only?.statistics, column.type, column.leaf) : {};
          return bounds;
        },
        ...(distinct !== undefined && { distinct }),
        ...(chunks.length === 1 && only?.bloom !== undefined && { bloom: only.bloom }),
        compressedBytes: chunks.reduce((sum, chunk) => sum + chunk.compressedBytes, 0),
        uncompressedBytes: chunks.reduce((sum, chunk) => sum + chunk.uncompressedBytes, 0),
        chunks: chunks.map(({ start, compressedBytes, meta }) => ({
          meta,
          start,
          length: compressedBytes,
        })),
      },
    ];
  });
  return { rows: group.rows, columns: new Map(entries) };
}
