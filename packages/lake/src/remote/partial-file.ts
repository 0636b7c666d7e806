import { type FileHandle, open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { TributaryError } from '@tributary/connector-sdk';
import type { PackBlock } from '../cache/pack.js';
import { type BlockRequest, runsOf } from './requests.js';

/** What a buffer may hold to wait for its neighbours: a write costs more than the bytes of a small piece. */
export const smallBytes = 256 * 1024;
/** What waits at most. */
const mostWaiting = 1024 * 1024;

interface Piece {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

const fullCodes: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** A file that is put together from pieces in any order, with a checksum of each. */
export class PartialFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #blocks: PackBlock[] = [];
  #size = 0;
  #waiting: Piece[] = [];
  #waitingBytes = 0;

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

  async close(): Promise<void> {
    await this.#flush();
    await this.#handle.close();
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
    // A part keeps all of its buffer from being freed.
    if (bytes.buffer.byteLength > smallBytes) return this.#writeAll({ bytes, offset });
    this.#waiting.push({ bytes, offset });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > mostWaiting) await this.#flush();
  }

  async #flush(): Promise<void> {
    const pieces = joined(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const piece of pieces) await this.#writeAll(piece);
  }

  async #writeAll({ bytes, offset }: Piece): Promise<void> {
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

/** Neighbours as one piece. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const runs: { readonly offset: number; readonly parts: Uint8Array[]; end: number }[] = [];
  for (const { bytes, offset } of pieces.toSorted((a, b) => a.offset - b.offset)) {
    const last = runs.at(-1);
    if (last?.end === offset) {
      last.parts.push(bytes);
      last.end += bytes.length;
    } else {
      runs.push({ offset, parts: [bytes], end: offset + bytes.length });
    }
  }
  return runs.map(({ offset, parts }) => ({ offset, bytes: Buffer.concat(parts) }));
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
