import type { ContainerClient, Metadata } from '@azure/storage-blob';
import type { Readable } from 'node:stream';
import {
  type ByteRange,
  type ListPage,
  type ObjectInfo,
  type ObjectStore,
  type PinnedCall,
  type RangeCall,
  type StoreCall,
  StoreErrors,
  misplaced,
  otherLength,
  roomFor,
} from '@tributary/lake';
import type { AzureClient } from './azure-client.js';
import { failureOf, tellable } from './azure-failure.js';
import { type AzureHome, keyOfUri } from './azure-url.js';

/**
 * A container of Azure Blob Storage, with a flat or a hierarchical namespace.
 *
 * @param account name of the container's account, where it is known
 */
export function azureStore(sourceId: string, client: AzureClient, account?: string): ObjectStore {
  return new AzureStore(sourceId, client, account);
}

interface Body {
  readonly stream: Readable;
  readonly length: number;
}

class AzureStore implements ObjectStore {
  readonly id: string;
  readonly #errors: StoreErrors;
  readonly #client: AzureClient;
  readonly #container: ContainerClient;
  readonly #home: AzureHome;

  constructor(sourceId: string, client: AzureClient, account: string | undefined) {
    // A SAS token is in the query.
    const { origin, host, pathname } = new URL(client.container.url);
    this.id = `azure:${host}${pathname}`;
    this.#home = { service: origin, account, container: client.container.containerName };
    const locationOf = (key: string): string => this.locationOf(key);
    this.#errors = new StoreErrors({ sourceId, locationOf, failureOf, tellable });
    this.#client = client;
    this.#container = client.container;
  }

  locationOf(key: string): string {
    return `azure://${this.#container.containerName}/${key}`;
  }

  keyOf(uri: string): string | undefined {
    return keyOfUri(uri, this.#home);
  }

  listPage(prefix: string, continuation: string | undefined, call: StoreCall): Promise<ListPage> {
    return this.#errors.call(prefix, call, async () => {
      // The metadata tell what stands for a folder.
      const pages = this.#container
        .listBlobsFlat({ prefix, includeMetadata: true, abortSignal: call.signal })
        .byPage(continuation === undefined ? {} : { continuationToken: continuation });
      for await (const { segment, continuationToken: next } of pages) {
        const objects = segment.blobItems.flatMap(({ name, metadata, properties }) =>
          isFolder(metadata) ? [] : [objectInfo(name, properties)],
        );
        // The last page has an empty token.
        return { objects, ...(next !== undefined && next !== '' && { next }) };
      }
      return { objects: [] };
    });
  }

  head(key: string, call: StoreCall): Promise<ObjectInfo | undefined> {
    return this.#errors.call(key, call, async () => {
      try {
        const { signal: abortSignal } = call;
        const found = await this.#container.getBlobClient(key).getProperties({ abortSignal });
        return isFolder(found.metadata) ? undefined : objectInfo(key, found);
      } catch (error) {
        if (failureOf(error) === 'missing') return undefined;
        throw error;
      }
    });
  }

  read(key: string, { start, end }: ByteRange, call: RangeCall): Promise<Uint8Array> {
    return this.#errors.call(key, call, async () => {
      const wanted = end - start;
      const body = await this.#get(key, call, start, wanted);
      if (body.length !== wanted) {
        body.stream.destroy();
        const why = otherLength(body.length, wanted);
        throw this.#errors.failed('passing', why, key, call);
      }
      const bytes = roomFor(wanted, call);
      let filled = 0;
      for await (const piece of this.#pieces(body, key, call)) {
        filled += piece.copy(bytes, filled);
        call.onBytes?.();
      }
      return bytes;
    });
  }

  async *stream(key: string, call: PinnedCall & { readonly start?: number }): AsyncIterable<Uint8Array> {
    try {
      yield* this.#pieces(await this.#get(key, call, call.start ?? 0), key, call);
    } catch (error) {
      throw this.#errors.of(error, key, call);
    }
  }

  close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }

  async #get(key: string, call: PinnedCall, start: number, count?: number): Promise<Body> {
    const found = await this.#container.getBlobClient(key).download(start, count, {
      conditions: { ifMatch: `"${call.etag}"` },
      // Else the SDK itself asks again for what a broken body lacks.
      maxRetryRequests: 0,
      abortSignal: call.signal,
    });
    const { readableStreamBody: stream, contentLength: length } = found;
    if (stream === undefined || !isReadable(stream) || length === undefined) {
      throw new TypeError('an answer without a body');
    }
    const { contentRange, _response: answer } = found;
    const why = misplaced(start, { status: answer.status, contentRange });
    if (why !== undefined) {
      stream.destroy();
      throw this.#errors.failed('passing', why, key, call);
    }
    return { stream, length };
  }

  /** All bytes of a body, no more and no fewer. */
  async *#pieces({ stream, length }: Body, key: string, call: StoreCall): AsyncIterable<Buffer> {
    let received = 0;
    try {
      for await (const piece of stream as AsyncIterable<Buffer>) {
        received += piece.length;
        yield piece;
      }
    } catch {
      // The SDK calls it an abort, or a corruption of data.
    }
    if (received === length) return;
    const why = `${received} bytes came where ${length} were announced`;
    throw this.#errors.failed('passing', why, key, call);
  }
}

function isReadable(stream: NodeJS.ReadableStream): stream is Readable {
  return 'destroy' in stream;
}

/** What listings and heads both say. */
interface BlobProperties {
  readonly contentLength?: number | undefined;
  readonly etag?: string | undefined;
  readonly lastModified?: Date | undefined;
}

function objectInfo(key: string, { contentLength, etag, lastModified }: BlobProperties): ObjectInfo {
  return { key, size: contentLength ?? 0, etag: bareEtag(etag), lastModified: lastModified?.getTime() ?? 0 };
}

/** A hierarchical namespace lists its directories among the blobs, and Hadoop's tools make such blobs in a flat one. */
function isFolder(metadata: Metadata | undefined): boolean {
  return Object.entries(metadata ?? {}).some(
    ([name, value]) => name.toLowerCase() === 'hdi_isfolder' && value === 'true',
  );
}

/** Listings and answers differ in the quotes. */
function bareEtag(etag: string | undefined): string {
  return etag?.replaceAll('"', '') ?? '';
}
