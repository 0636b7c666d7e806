import { type Column, ParquetSpoolWriter, type SpoolFile } from '@tributary/columnar';
import type { SpoolDirectory } from '@tributary/contract/source';
import { rm } from 'node:fs/promises';

/** A finished file in the spool. */
export interface SpooledFile {
  readonly file: SpoolFile;
  /** What the quota was asked for. */
  readonly reserved: number;
}

/** Opens a spool file, has it written, and closes it; a failure deletes it and gives its bytes back to the quota. */
export async function writeSpoolFile(
  spool: SpoolDirectory,
  columns: readonly Column[],
  write: (sink: ParquetSpoolWriter) => Promise<void>,
): Promise<SpooledFile> {
  let reserved = 0;
  const budget = (bytes: number): void => {
    spool.reserve(bytes);
    reserved += bytes;
  };
  const sink = await ParquetSpoolWriter.create({ path: spool.newFile('.parquet'), columns, budget });
  try {
    await write(sink);
    return { file: await sink.finish(), reserved };
  } catch (error) {
    await sink.abort();
    spool.release(reserved);
    throw error;
  }
}

/** Deletes the files and gives their bytes back to the quota. */
export async function deleteSpoolFiles(spool: SpoolDirectory, files: readonly SpooledFile[]): Promise<void> {
  for (const { file, reserved } of files) {
    await rm(file.path, { force: true });
    spool.release(reserved);
  }
}
