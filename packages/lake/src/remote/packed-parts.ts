import { unlink } from 'node:fs/promises';
import type { PackCache } from '../cache/pack-cache.js';
import { contentId } from '../cache/pack.js';
import type { KeptParts, PartName } from '../files/file-reader.js';
import { PartialFile } from './partial-file.js';

/** How long parts wait for others, in milliseconds: a pack of many costs little more than a pack of one. */
const restMs = 100;
const mostWaitingBytes = 16 * 1024 * 1024;

/**
 * Footers in the cache on disk, beside what scans read: a new process, and each command line is one, need not
 * ask the store for what another has read.
 */
export class PackedParts implements KeptParts {
  readonly #cache: PackCache;
  readonly #storeId: string;
  #waiting = new Map<string, Uint8Array>();
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(cache: PackCache, storeId: string) {
    this.#cache = cache;
    this.#storeId = storeId;
  }

  async get(name: PartName): Promise<Uint8Array | undefined> {
    const id = this.#idOf(name);
    return this.#waiting.get(id) ?? (await this.#cache.readBlock(id));
  }

  keep(name: PartName, bytes: Uint8Array): void {
    this.#waiting.set(this.#idOf(name), bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= mostWaitingBytes) return this.#write();
    this.#timer ??= setTimeout(() => this.#write(), restMs).unref();
  }

  /** Writes what waits. */
  close(): Promise<void> {
    this.#write();
    return this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const parts = this.#waiting;
    this.#waiting = new Map();
    this.#waitingBytes = 0;
    // A disk that is full costs the next process a request.
    this.#writing = this.#writing.then(() => this.#pack(parts).catch(() => undefined));
  }

  async #pack(parts: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const extension = '.parts';
    const file = await PartialFile.create(this.#cache.newFile(extension));
    try {
      for (const [id, bytes] of parts) await file.write(id, bytes, file.size);
      await file.close();
      const { size, blocks } = file;
      await this.#cache.adopt(file.path, {
        id: contentId('parts', ...parts.keys()),
        extension,
        size,
        blocks,
      });
      await unlink(file.path);
    } catch (error) {
      await file.discard();
      throw error;
    }
  }

  #idOf({ key, etag, part }: PartName): string {
    return contentId('part', this.#storeId, key, etag, part);
  }
}
