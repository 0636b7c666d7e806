import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { type DataFile, compressionOf } from '../files/data-file.js';
import { corruptFile } from '../files/file-error.js';
import type { FileReader } from '../files/file-reader.js';

/** Enough for the columns' names and a fair sample of values. */
const headBytes = 128 * 1024;

/** The beginning of a text file, decompressed. */
export interface TextHead {
  readonly text: string;
  /** Whether this is the whole file. */
  readonly complete: boolean;
  /** Decompressed bytes per byte of the file, as far as read. */
  readonly expansion: number;
}

/** @throws TributaryError SOURCE.CORRUPT_DATA when the file cannot be decompressed. */
export async function readHead(file: DataFile, reader: FileReader): Promise<TextHead> {
  let bytesRead = 0;
  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const chunk of reader.store.stream(file.key, { etag: file.etag, signal: reader.signal })) {
      bytesRead += chunk.length;
      yield chunk;
    }
  }
  const raw = Readable.from(counted(), { objectMode: false, highWaterMark: 64 * 1024 });
  const stream = decompressed(raw, file, reader.sourceId);
  if (stream !== raw) raw.on('error', (error) => stream.destroy(error));
  const chunks: Buffer[] = [];
  let length = 0;
  let complete = true;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      length += bytes.length;
      if (length < headBytes) continue;
      complete = false;
      break;
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw corruptFile(file.path, `its compressed data is damaged (${error.message})`, reader.sourceId, error);
  } finally {
    stream.destroy();
    raw.destroy();
  }
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  return { text, complete, expansion: bytesRead === 0 ? 1 : length / bytesRead };
}

function decompressed(raw: Readable, file: DataFile, sourceId: string): Readable {
  switch (compressionOf(file.path)) {
    case 'none':
      return raw;
    case 'gzip':
      return raw.pipe(zlib.createGunzip());
    case 'zstd':
      // Node has zstd since 22.15.
      if (!('createZstdDecompress' in zlib)) {
        throw corruptFile(file.path, 'this version of Node has no zstd (22.15 and later have)', sourceId);
      }
      return raw.pipe(zlib.createZstdDecompress());
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^(Z_|ZSTD|ERR_ZSTD)/.test(String(error.code));
}
