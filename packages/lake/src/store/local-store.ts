import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { TributaryError } from '@tributary/connector-sdk';
import {
  type ByteRange,
  type ListPage,
  type ObjectInfo,
  type ObjectStore,
  type PinnedCall,
  type StoreCall,
  percentDecoded,
} from './object-store.js';
import { type StoreErrorOrigin, type StoreFailure, storeError } from './store-error.js';

const failures: Readonly<Record<string, StoreFailure>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'permission',
  EPERM: 'permission',
};

/** A folder as a store: keys are paths below it. Size and modification time stand for the content. */
export function localStore(root: string, sourceId: string): ObjectStore {
  return new LocalStore(root, sourceId);
}

class LocalStore implements ObjectStore {
  readonly id: string;
  readonly #root: string;
  readonly #sourceId: string;

  constructor(root: string, sourceId: string) {
    this.id = `file://${root}`;
    this.#root = root;
    this.#sourceId = sourceId;
  }

  locationOf(key: string): string {
    return join(this.#root, key);
  }

  /** `file:/folder/file`, `file:///folder/file`, and without the scheme. */
  keyOf(uri: string): string | undefined {
    const path = percentDecoded(uri.replace(/^file:\/*/i, '/'));
    const root = this.locationOf('/');
    return path.startsWith(root) ? path.slice(root.length) : undefined;
  }

  /** All in one page: folders are read whole anyway. */
  async listPage(prefix: string, _continuation: string | undefined, call: StoreCall): Promise<ListPage> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const objects: ObjectInfo[] = [];
    try {
      for (const key of await this.#filesBelow(folder)) {
        if (!key.startsWith(prefix)) continue;
        const info = await this.head(key, call);
        if (info !== undefined) objects.push(info);
      }
    } catch (error) {
      throw this.#failure(error, prefix, call);
    }
    return { objects };
  }

  async head(key: string, call: StoreCall): Promise<ObjectInfo | undefined> {
    try {
      const found = await stat(this.locationOf(key));
      return found.isFile() ? infoOf(key, found) : undefined;
    } catch (error) {
      const failure = this.#failure(error, key, call);
      if (failure.code === 'SOURCE.MISSING_OBJECT') return undefined;
      throw failure;
    }
  }

  async read(key: string, { start, end }: ByteRange, call: PinnedCall): Promise<Uint8Array> {
    const handle = await this.#open(key, call);
    try {
      const buffer = Buffer.allocUnsafeSlow(end - start);
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } catch (error) {
      throw this.#failure(error, key, call);
    } finally {
      await handle.close();
    }
  }

  async *stream(key: string, call: PinnedCall & { readonly start?: number }): AsyncIterable<Uint8Array> {
    const handle = await this.#open(key, call);
    await handle.close();
    try {
      const stream = createReadStream(this.locationOf(key), {
        start: call.start ?? 0,
        highWaterMark: 256 * 1024,
      });
      for await (const chunk of stream) yield Buffer.from(chunk);
    } catch (error) {
      throw this.#failure(error, key, call);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #open(key: string, call: PinnedCall): Promise<FileHandle> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(this.locationOf(key));
      const { etag } = infoOf(key, await handle.stat());
      if (etag === call.etag) return handle;
    } catch (error) {
      await handle?.close();
      throw this.#failure(error, key, call);
    }
    await handle.close();
    throw storeError(undefined, 'changed', this.#origin(key, call));
  }

  async #filesBelow(folder: string): Promise<readonly string[]> {
    try {
      const entries = await readdir(join(this.#root, folder), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => relative(this.#root, join(entry.parentPath, entry.name)))
        .map((path) => path.split(sep).join('/'));
    } catch (error) {
      if (failureOf(error) === 'missing') return [];
      throw error;
    }
  }

  #failure(error: unknown, key: string, call: StoreCall): TributaryError {
    return storeError(error, failureOf(error) ?? 'rejected', this.#origin(key, call));
  }

  #origin(key: string, { signal }: StoreCall): StoreErrorOrigin {
    return { sourceId: this.#sourceId, location: this.locationOf(key), signal };
  }
}

/** What stands for a local file's content: two files of equal path, size and time are taken for the same bytes. */
export function fileEtag(size: number, mtimeMs: number): string {
  return `${size}-${mtimeMs}`;
}

function infoOf(key: string, found: { readonly size: number; readonly mtimeMs: number }): ObjectInfo {
  return { key, size: found.size, etag: fileEtag(found.size, found.mtimeMs), lastModified: found.mtimeMs };
}

function failureOf(error: unknown): StoreFailure | undefined {
  return error instanceof Error && 'code' in error ? failures[String(error.code)] : undefined;
}
