import { type FileHandle, open, rm } from 'node:fs/promises';
import { TributaryError } from '@tributary/contract';

const fullCodes: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** A file that grows at its end; writes run one after the other, in the background. */
export class AppendFile {
  readonly path: string;
  readonly #handle: FileHandle;
  #tail: Promise<void> = Promise.resolve();
  #size = 0;
  #isClosed = false;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** `flags` as in node:fs; `wx` refuses a file that exists. */
  static async open(path: string, flags = 'wx'): Promise<AppendFile> {
    try {
      return new AppendFile(path, await open(path, flags, 0o600));
    } catch (error) {
      throw spillError(path, error);
    }
  }

  /** Bytes given to `append` so far. */
  get size(): number {
    return this.#size;
  }

  /** Resolves when the bytes are in the file; rejects where this or an earlier write failed. `bytes` must not change until then. */
  append(bytes: Uint8Array): Promise<void> {
    const position = this.#size;
    this.#size += bytes.length;
    this.#tail = this.#tail.then(() => this.#writeAll(bytes, position));
    this.#tail.catch(() => undefined);
    return this.#tail;
  }

  /** Waits for all writes. */
  async close(): Promise<void> {
    try {
      await this.#tail;
    } finally {
      if (!this.#isClosed) {
        this.#isClosed = true;
        await this.#handle.close();
      }
    }
  }

  /** Closes and deletes the file, however far it has come. */
  async discard(): Promise<void> {
    await this.close().catch(() => undefined);
    await rm(this.path, { force: true });
  }

  async #writeAll(bytes: Uint8Array, position: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw spillError(this.path, error);
    }
  }
}

function spillError(path: string, cause: unknown): TributaryError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  const isFull = fullCodes.has(code);
  return new TributaryError('RESOURCE.SPILL_FULL', {
    message: `Cannot write the spool file ${path}: ${isFull ? 'the disk is full' : code}.`,
    ...(isFull ? {} : { fix: 'Check that the spill directory exists and can be written.' }),
    cause,
  });
}
