import { ParquetSpoolWriter, type Column, type SpoolFile } from '@tributary/columnar';
import type { SpoolDirectory } from '@tributary/contract/source';
import { rm } from 'node:fs/promises';

/** Opens a spool file, has it written, and closes it; a failure deletes it and gives its bytes back to the quota. */
export async function writeSpoolFile(
  spool: SpoolDirectory,
  columns: readonly Column[],
  write: (sink: ParquetSpoolWriter) => Promise<void>,
): Promise<SpoolFile> {
  let reserved = 0;
  const budget = (bytes: number): void => {
    spool.reserve(bytes);
    reserved += bytes;
  };
  const sink = await ParquetSpoolWriter.create({ path: spool.newFile('.parquet'), columns, budget });
  try {
    await write(sink);
    return await sink.finish();
  } catch (error) {
    await sink.abort();
    spool.release(reserved);
    throw error;
  }
}

export async function deleteSpoolFiles(spool: SpoolDirectory, files: readonly SpoolFile[]): Promise<void> {
  for (const file of files) {
    await rm(file.path, { force: true });
    spool.release(file.bytes);
  }
}
