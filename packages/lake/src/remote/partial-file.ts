import { type FileHandle, open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { TributaryError } from '@tributary/connector-sdk';
import type { PackBlock } from '../cache/pack.js';
import { type BlockRequest, runsOf } from './requests.js';

const fullCodes: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** A file that is put together from pieces in any order, with a checksum of each. */
export class PartialFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #blocks: PackBlock[] = [];
  #size = 0;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  static async create(path: string): Promise<PartialFile> {
    try {
      return new PartialFile(path, await open(path, 'wx', 0o600));
    } catch (error) {
      throw writeError(path, error);
    }
  }

  get size(): number {
    return this.#size;
  }

  get blocks(): readonly PackBlock[] {
    return this.#blocks;
  }

  async write(id: string, bytes: Uint8Array, offset: number): Promise<void> {
    this.#note(id, bytes, offset);
    await this.#put(bytes, offset);
  }

  /** Writes what a request has brought. */
  async writeBlocks({ start: origin, blocks }: BlockRequest, bytes: Uint8Array): Promise<void> {
    for (const { id, start, end, to } of blocks)
      this.#note(id, bytes.subarray(start - origin, end - origin), to);
    for (const { start, end, to } of runsOf(blocks)) {
      await this.#put(bytes.subarray(start - origin, end - origin), to);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.path, { force: true });
  }

  #note(id: string, bytes: Uint8Array, offset: number): void {
    this.#blocks.push({ id, offset, length: bytes.length, crc: crc32(bytes) });
    this.#size = Math.max(this.#size, offset + bytes.length);
  }

  async #put(bytes: Uint8Array, offset: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, offset + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw writeError(this.path, error);
    }
  }
}

function writeError(path: string, cause: unknown): TributaryError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  const isFull = fullCodes.has(code);
  return new TributaryError('RESOURCE.SPILL_FULL', {
    message: `Cannot write ${path}: ${isFull ? 'the disk is full' : code}.`,
    ...(!isFull && { fix: 'Check that its directory exists and can be written.' }),
    cause,
  });
}
