import { type FileHandle, open } from 'node:fs/promises';
import { TributaryError } from '@tributary/contract';
import { parquetMetadata } from 'hyparquet';

const magic = 'PAR1';
/** A footer ends with its own length and the magic bytes (parquet-format, "File format"). */
const trailerBytes = 8;

/**
 * The rows of a Parquet file, from its footer.
 *
 * @throws TributaryError SOURCE.CORRUPT_DATA where the file does not end as a Parquet file does
 */
export async function parquetRowCount(path: string): Promise<number> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const trailer = await readEnd(handle, size, trailerBytes);
    if (trailer.toString('latin1', 4) !== magic) throw cutShort(size);
    const footer = await readEnd(handle, size, trailer.readUInt32LE(0) + trailerBytes);
    return Number(rowsOf(footer, size));
  } finally {
    await handle.close();
  }
}

function rowsOf(footer: Buffer, size: number): bigint {
  try {
    const { buffer, byteOffset, byteLength } = Uint8Array.from(footer);
    return parquetMetadata(buffer.slice(byteOffset, byteOffset + byteLength)).num_rows;
  } catch (cause) {
    throw cutShort(size, cause);
  }
}

async function readEnd(handle: FileHandle, size: number, count: number): Promise<Buffer> {
  if (count > size) throw cutShort(size);
  const { buffer } = await handle.read(Buffer.alloc(count), 0, count, size - count);
  return buffer;
}

function cutShort(size: number, cause?: unknown): TributaryError {
  return new TributaryError('SOURCE.CORRUPT_DATA', {
    message: `${size} bytes came that are no whole Parquet file.`,
    retryable: true,
    cause,
  });
}
