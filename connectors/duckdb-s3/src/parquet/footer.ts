import { type FileHandle, open } from 'node:fs/promises';
import type { DataFile } from '../files/data-file.js';
import { corruptFile, fileError } from '../files/file-error.js';
import { type ChunkBounds, chunkBounds } from './bounds.js';
import { type ParquetColumn, parquetColumns } from './parquet-type.js';
import { type ThriftFooter, type ThriftRowGroup, readThriftFooter } from './thrift-footer.js';

/** What a Parquet file says of itself, checked to be whole. */
export interface ParquetFooter {
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  readonly rowGroups: readonly RowGroup[];
}

export interface RowGroup {
  readonly rows: number;
  /** By the column's name as DuckDB calls it. */
  readonly columns: ReadonlyMap<string, RowGroupColumn>;
}

export interface RowGroupColumn {
  readonly bounds: ChunkBounds;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
}

/** One read gets most footers whole. */
const firstRead = 64 * 1024;
/** Footer length and magic. */
const tailBytes = 8;

/** @throws TributaryError SOURCE.CORRUPT_DATA that names the file when it is not a whole Parquet file. */
export async function readFooter(file: DataFile, sourceId: string): Promise<ParquetFooter> {
  let handle: FileHandle;
  try {
    handle = await open(file.path);
  } catch (error) {
    throw fileError(error, file.path, sourceId);
  }
  try {
    const thrift = await readThrift(handle, file, sourceId);
    return interpret(thrift, file, sourceId);
  } catch (error) {
    throw fileError(error, file.path, sourceId);
  } finally {
    await handle.close();
  }
}

async function readThrift(handle: FileHandle, file: DataFile, sourceId: string): Promise<ThriftFooter> {
  const bad = (why: string, cause?: unknown): Error => corruptFile(file.path, why, sourceId, cause);
  if (file.size < tailBytes + 4) throw bad(`with ${file.size} bytes it is too short for a Parquet file`);
  const head = await readAt(handle, 0, 4);
  const tail = await readAt(handle, Math.max(0, file.size - firstRead), Math.min(firstRead, file.size));
  const magic = tail.subarray(-4).toString('latin1');
  if (head.toString('latin1') === 'PARE' || magic === 'PARE') throw bad('it is an encrypted Parquet file');
  if (head.toString('latin1') !== 'PAR1') throw bad('it is not a Parquet file (no PAR1 at its start)');
  if (magic !== 'PAR1') throw bad('it is cut short or damaged (no PAR1 at its end)');
  const length = tail.readUInt32LE(tail.length - tailBytes);
  if (length > file.size - tailBytes - 4) throw bad('its footer claims to be longer than the file');
  const wanted = length + tailBytes;
  const footer =
    wanted <= tail.length ? tail.subarray(-wanted) : await readAt(handle, file.size - wanted, wanted);
  try {
    return readThriftFooter(footer.subarray(0, length));
  } catch (error) {
    throw bad(`its footer is damaged (${error instanceof Error ? error.message : String(error)})`, error);
  }
}

function interpret(thrift: ThriftFooter, file: DataFile, sourceId: string): ParquetFooter {
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
  const byPath = Map.groupBy(group.chunks, (chunk) => chunk.path[0] ?? '');
  for (const chunk of group.chunks) {
    if (chunk.start + chunk.compressedBytes <= file.size) continue;
    throw corruptFile(file.path, 'it is cut short (its footer points past its end)', sourceId);
  }
  const entries = columns.map((column): [string, RowGroupColumn] => {
    const chunks = byPath.get(column.path) ?? [];
    const [only] = chunks;
    const bounds = chunks.length === 1 ? chunkBounds(only?.statistics, column.type, column.leaf) : {};
    return [
      column.name,
      {
        bounds,
        compressedBytes: chunks.reduce((sum, chunk) => sum + chunk.compressedBytes, 0),
        uncompressedBytes: chunks.reduce((sum, chunk) => sum + chunk.uncompressedBytes, 0),
      },
    ];
  });
  return { rows: group.rows, columns: new Map(entries) };
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
