import { TributaryError } from '@tributary/connector-sdk';
import type { ByteRange, ListPage, ObjectInfo, ObjectStore, PinnedCall, StoreCall } from '@tributary/lake';

interface StoredObject extends ObjectInfo {
  readonly bytes: Uint8Array;
}

/** Objects in memory, listed in pages of two, that counts what is asked of it. */
export class MemoryStore implements ObjectStore {
  readonly id = 'memory:';
  readonly objects = new Map<string, StoredObject>();
  readonly requests: string[] = [];
  #writes = 0;

  put(key: string, content: string | Uint8Array, lastModified = 0): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.#writes += 1;
    this.objects.set(key, { key, size: bytes.length, etag: `e${this.#writes}`, lastModified, bytes });
  }

  /** A commit of the table `t`: one action a line. */
  commit(version: number, actions: readonly object[], lastModified = version * 1000): void {
    const lines = actions.map((action) => JSON.stringify(action)).join('\n');
    this.put(`t/_delta_log/${String(version).padStart(20, '0')}.json`, `${lines}\n`, lastModified);
  }

  locationOf(key: string): string {
    return `mem://${key}`;
  }

  async listPage(prefix: string, continuation: string | undefined): Promise<ListPage> {
    this.requests.push(`list ${prefix}`);
    const found = [...this.objects.values()].filter(({ key }) => key.startsWith(prefix));
    const start = Number(continuation ?? 0);
    const objects = found.slice(start, start + 2);
    return { objects, ...(start + 2 < found.length && { next: String(start + 2) }) };
  }

  async head(key: string, { signal }: StoreCall): Promise<ObjectInfo | undefined> {
    this.requests.push(`head ${key}`);
    await Promise.resolve();
    signal.throwIfAborted();
    return this.objects.get(key);
  }

  async read(key: string, { start, end }: ByteRange, { etag }: PinnedCall): Promise<Uint8Array> {
    this.requests.push(`read ${key}`);
    const object = this.objects.get(key);
    if (object === undefined)
      throw new TributaryError('SOURCE.MISSING_OBJECT', { message: `${key} is missing.` });
    if (object.etag !== etag)
      throw new TributaryError('SOURCE.CHANGED_OBJECT', { message: `${key} has changed.` });
    return object.bytes.subarray(start, end);
  }

  async *stream(key: string, call: PinnedCall): AsyncIterable<Uint8Array> {
    yield await this.read(key, { start: 0, end: Number.POSITIVE_INFINITY }, call);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export const protocol = { protocol: { minReaderVersion: 1, minWriterVersion: 2 } };

export function metaData(configuration: Readonly<Record<string, string>> = {}): object {
  const field = { name: 'id', type: 'integer', nullable: true, metadata: {} };
  const schemaString = JSON.stringify({ type: 'struct', fields: [field] });
  return {
    metaData: {
      id: 'x',
      format: { provider: 'parquet', options: {} },
      schemaString,
      partitionColumns: [],
      configuration,
    },
  };
}

export function add(path: string, more: object = {}): object {
  return { add: { path, partitionValues: {}, size: 10, modificationTime: 0, dataChange: true, ...more } };
}

export function remove(path: string, more: object = {}): object {
  return { remove: { path, dataChange: true, deletionTimestamp: 0, ...more } };
}
