import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  type AskedPart,
  type ByteRange,
  type ListPage,
  type ObjectInfo,
  type ObjectStore,
  type PinnedCall,
  type RangeAnswer,
  type RangeCall,
  type StoreCall,
  StoreErrors,
  misplaced,
  otherLength,
  percentDecoded,
  rangeHeader,
  readBody,
  roomFor,
} from '@tributary/lake';
import { z } from 'zod';
import type { GcsClient, GcsRequest } from './gcs-client.js';
import { failureOf } from './gcs-failure.js';

export interface GcsStoreOptions {
  readonly sourceId: string;
  readonly client: GcsClient;
  readonly bucket: string;
}

/** A bucket of Google Cloud Storage. An object's generation stands for its content. */
export function gcsStore(options: GcsStoreOptions): ObjectStore {
  return new GcsStore(options);
}

/** https://cloud.google.com/storage/docs/json_api/v1/objects#resource; 64-bit integers are text in it. */
const objectResource = z.object({
  name: z.string(),
  size: z.coerce.number(),
  generation: z.string(),
  updated: z.string(),
});

/** The most that Google gives at a time; others give all unless told. */
const pageSize = 1000;

const objectFields = 'name,size,generation,updated';

const listing = z.object({
  nextPageToken: z.string().optional(),
  items: z.array(objectResource).default([]),
});

/** What both kinds of answers say of themselves. */
type Told = Pick<IncomingMessage, 'statusCode' | 'headers'> | RangeAnswer;

class GcsStore implements ObjectStore {
  readonly id: string;
  readonly #options: GcsStoreOptions;
  readonly #errors: StoreErrors;
  /** Of the bucket's objects, below the API's root. */
  readonly #path: string;

  constructor(options: GcsStoreOptions) {
    const { client, bucket, sourceId } = options;
    this.id = `gcs:${client.endpoint ?? 'google'}/${bucket}`;
    this.#options = options;
    this.#errors = new StoreErrors({ sourceId, locationOf: (key) => this.locationOf(key), failureOf });
    this.#path = `b/${encodeURIComponent(bucket)}/o`;
  }

  locationOf(key: string): string {
    return `gs://${this.#options.bucket}/${key}`;
  }

  /** Names of buckets have no capital letters. */
  keyOf(uri: string): string | undefined {
    const [, bucket = '', path = ''] = /^gs:\/\/([^/]+)\/(.*)$/is.exec(uri) ?? [];
    return bucket.toLowerCase() === this.#options.bucket.toLowerCase() ? percentDecoded(path) : undefined;
  }

  listPage(prefix: string, continuation: string | undefined, call: StoreCall): Promise<ListPage> {
    return this.#errors.call(prefix, call, async () => {
      const { items, nextPageToken } = await this.#describe(listing, {
        path: this.#path,
        query: {
          prefix,
          pageToken: continuation,
          maxResults: String(pageSize),
          fields: `nextPageToken,items(${objectFields})`,
        },
        signal: call.signal,
      });
      const isLast = nextPageToken === undefined || nextPageToken === '';
      return { objects: items.map(objectInfo), ...(!isLast && { next: nextPageToken }) };
    });
  }

  head(key: string, call: StoreCall): Promise<ObjectInfo | undefined> {
    return this.#errors.call(key, call, async () => {
      try {
        const path = this.#objectPath(key);
        const query = { fields: objectFields };
        return objectInfo(await this.#describe(objectResource, { path, query, signal: call.signal }));
      } catch (error) {
        if (failureOf(error) === 'missing') return undefined;
        throw error;
      }
    });
  }

  read(key: string, { start, end }: ByteRange, call: RangeCall): Promise<Uint8Array> {
    return this.#errors.call(key, call, async () => {
      const { client } = this.#options;
      const room = roomFor(end - start, call);
      const refused = (why: string): Error => this.#errors.failed('passing', why, key, call);
      const { onBytes } = call;
      const answer = await this.#ask(key, { start, end }, call, (request) =>
        client.read(request, { room, onBytes }),
      );
      if (answer !== undefined) {
        if (answer.bytes.length !== room.length) throw refused(otherLength(answer.bytes.length, room.length));
        return answer.bytes;
      }
      const body = await this.#ask(key, { start, end }, call, (request) => client.get(request));
      const length = lengthOf(body);
      if (length !== undefined && length !== room.length) {
        body.destroy();
        throw refused(otherLength(length, room.length));
      }
      const bytes = await readBody(body, { length: room.length, call: { ...call, into: room } });
      if (bytes === undefined) throw refused(`more than ${room.length} bytes came`);
      return bytes;
    });
  }

  async *stream(key: string, call: PinnedCall & { readonly start?: number }): AsyncIterable<Uint8Array> {
    const { start = 0 } = call;
    try {
      const { client } = this.#options;
      const body = await this.#ask(key, { start }, call, (request) => client.get(request));
      for await (const chunk of body) yield Buffer.from(chunk);
    } catch (error) {
      throw this.#errors.of(error, key, call);
    }
  }

  close(): Promise<void> {
    this.#options.client.close();
    return Promise.resolve();
  }

  /** The object's bytes as they are stored, if the answer is the one that was asked for. */
  async #ask<A extends Told | undefined>(
    key: string,
    part: AskedPart,
    call: PinnedCall,
    send: (request: GcsRequest) => Promise<A>,
  ): Promise<A> {
    const { signal, etag: generation } = call;
    const range = rangeHeader(part);
    try {
      const answer = await send({
        path: this.#objectPath(key),
        query: { alt: 'media', generation },
        headers: {
          // Without it, an object with Content-Encoding gzip arrives decompressed and in whole, whatever the range
          // (https://cloud.google.com/storage/docs/transcoding).
          'accept-encoding': 'gzip',
          ...(range !== undefined && { range }),
        },
        signal,
      });
      if (answer === undefined) return answer;
      const { statusCode: status = 0, headers } = answer;
      const found = headers['x-goog-generation'];
      // Not every server that speaks the protocol knows generations.
      const isOther = found !== undefined && found !== generation;
      const why = misplaced(part.start, { status, contentRange: headers['content-range'] });
      if (!isOther && why === undefined) return answer;
      if (answer instanceof Readable) answer.destroy();
      if (!isOther) throw this.#errors.failed('passing', why, key, call);
    } catch (error) {
      // A generation that is no more is not found: either another one has taken its place, or the object has gone.
      if (failureOf(error) !== 'missing' || (await this.head(key, call)) === undefined) throw error;
    }
    throw this.#errors.failed('changed', undefined, key, call);
  }

  async #describe<T>(schema: z.ZodType<T>, request: GcsRequest): Promise<T> {
    const answer = await text(await this.#options.client.get(request));
    try {
      return schema.parse(JSON.parse(answer));
    } catch {
      throw new Error("the answer is not in Google Cloud Storage's protocol");
    }
  }

  #objectPath(key: string): string {
    return `${this.#path}/${encodeURIComponent(key)}`;
  }
}

function objectInfo({ name, size, generation, updated }: z.output<typeof objectResource>): ObjectInfo {
  return { key: name, size, etag: generation, lastModified: Date.parse(updated) };
}

function lengthOf({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}
