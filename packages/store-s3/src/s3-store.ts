import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import {
  type AnsweredPart,
  type AskedPart,
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
  percentDecoded,
  rangeHeader,
  readBody,
  roomFor,
} from '@tributary/lake';
import { type Answer, type Body, DirectRequests, giveAnswer, unread } from './s3-direct.js';
import { failureOf, fixOf } from './s3-failure.js';

export interface S3StoreOptions {
  readonly sourceId: string;
  readonly client: S3Client;
  readonly bucket: string;
  /** Tells stores apart whose buckets have one name. */
  readonly endpoint: string | undefined;
  readonly requesterPays?: boolean;
}

/** A bucket of Amazon S3, or of a server that speaks its protocol. */
export function s3Store(options: S3StoreOptions): ObjectStore {
  return new S3Store(options);
}

/** What an answer says of the bytes that it brings. */
interface Announced extends AnsweredPart {
  readonly length: number | undefined;
  readonly etag: string;
}

/** An object's bytes, or some of them. */
interface Found extends Announced {
  readonly body: Body;
}

class S3Store implements ObjectStore {
  readonly id: string;
  readonly #options: S3StoreOptions;
  readonly #errors: StoreErrors;
  readonly #direct: DirectRequests;
  /** Parts of every request. */
  readonly #shared: { readonly Bucket: string; readonly RequestPayer?: 'requester' };

  constructor(options: S3StoreOptions) {
    this.id = `s3:${options.endpoint ?? 'aws'}/${options.bucket}`;
    this.#options = options;
    const locationOf = (key: string): string => this.locationOf(key);
    this.#errors = new StoreErrors({ sourceId: options.sourceId, locationOf, failureOf, fixOf, tellable });
    this.#direct = new DirectRequests(options.client);
    this.#shared = {
      Bucket: options.bucket,
      ...(options.requesterPays === true && { RequestPayer: 'requester' }),
    };
  }

  locationOf(key: string): string {
    return `s3://${this.#options.bucket}/${key}`;
  }

  /** Hadoop's connectors have schemes of their own. */
  keyOf(uri: string): string | undefined {
    const [, bucket, path = ''] = /^s3[an]?:\/\/([^/]+)\/(.*)$/is.exec(uri) ?? [];
    return bucket === this.#options.bucket ? percentDecoded(path) : undefined;
  }

  listPage(prefix: string, continuation: string | undefined, call: StoreCall): Promise<ListPage> {
    return this.#errors.call(prefix, call, async () => {
      const { client } = this.#options;
      const command = new ListObjectsV2Command({
        ...this.#shared,
        Prefix: prefix,
        ContinuationToken: continuation,
        // XML has no control characters.
        EncodingType: 'url',
      });
      const page = await client.send(command, { abortSignal: call.signal });
      const { IsTruncated, NextContinuationToken: next, EncodingType } = page;
      if (IsTruncated === true && next === undefined) {
        const why = 'the store says that its listing goes on, but not where';
        throw this.#errors.failed('rejected', why, prefix, call);
      }
      // Not every server that speaks S3 encodes; those that do say so.
      const keyOf = (key: string): string => (EncodingType === 'url' ? formDecoded(key) : key);
      const objects = (page.Contents ?? []).flatMap(({ Key, Size, ETag, LastModified }) =>
        Key === undefined ? [] : [objectInfo(keyOf(Key), Size, ETag, LastModified)],
      );
      return { objects, ...(IsTruncated === true && next !== undefined && { next }) };
    });
  }

  head(key: string, call: StoreCall): Promise<ObjectInfo | undefined> {
    return this.#errors.call(key, call, async () => {
      const { client } = this.#options;
      try {
        const command = new HeadObjectCommand({ ...this.#shared, Key: key });
        const found = await client.send(command, { abortSignal: call.signal });
        return objectInfo(key, found.ContentLength, found.ETag, found.LastModified);
      } catch (error) {
        if (failureOf(error) === 'missing') return undefined;
        throw error;
      }
    });
  }

  read(key: string, { start, end }: ByteRange, call: RangeCall): Promise<Uint8Array> {
    return this.#errors.call(key, call, async () => {
      const room = roomFor(end - start, call);
      const { signal, onBytes } = call;
      const headers = this.#headers(rangeHeader({ start, end }), call);
      const answer = await this.#direct.read(key, headers, { room, signal, onBytes });
      const refused = (why: string): Error => this.#errors.failed('passing', why, key, call);
      if (answer?.statusCode === 206) {
        this.#checked(key, start, announced(answer), call);
        const { bytes } = answer;
        if (bytes.length !== room.length) throw refused(otherLength(bytes.length, room.length));
        return bytes;
      }
      const { body, length } = await this.#get(key, { start, end }, call, answer && unread(answer));
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
      const { body, length } = await this.#get(key, { start }, call);
      let received = 0;
      for await (const piece of body) {
        received += piece.length;
        yield piece;
      }
      if (length === undefined || received === length) return;
      const why = `${received} bytes came where ${length} were announced`;
      throw this.#errors.failed('passing', why, key, call);
    } catch (error) {
      throw this.#errors.of(error, key, call);
    }
  }

  close(): Promise<void> {
    this.#options.client.destroy();
    this.#direct.close();
    return Promise.resolve();
  }

  /** @param given an answer to this that came already */
  async #get(key: string, part: AskedPart, call: PinnedCall, given?: Answer): Promise<Found> {
    const found = await this.#ask(key, rangeHeader(part), call, given);
    try {
      return this.#checked(key, part.start, found, call);
    } catch (error) {
      found.body.destroy();
      throw error;
    }
  }

  /** What an answer says of itself, if it is the one that was asked for. */
  #checked<A extends Announced>(key: string, start: number, found: A, call: PinnedCall): A {
    // Not every server that speaks S3 knows If-Match.
    const isOther = found.etag !== call.etag;
    const why = misplaced(start, found);
    if (!isOther && why === undefined) return found;
    throw this.#errors.failed(isOther ? 'changed' : 'passing', why, key, call);
  }

  #headers(range: string | undefined, { etag }: PinnedCall): Readonly<Record<string, string>> {
    return {
      'if-match': `"${etag}"`,
      ...(range !== undefined && { range }),
      ...(this.#options.requesterPays === true && { 'x-amz-request-payer': 'requester' }),
    };
  }

  async #ask(
    key: string,
    range: string | undefined,
    call: PinnedCall,
    given: Answer | undefined,
  ): Promise<Found> {
    const { client } = this.#options;
    const { etag, signal } = call;
    const answer = given ?? (await this.#direct.get(key, this.#headers(range, call), signal));
    if (answer?.statusCode === (range === undefined ? 200 : 206))
      return { ...announced(answer), body: answer.body };
    const condition = `"${etag}"`;
    const command = new GetObjectCommand({ ...this.#shared, Key: key, Range: range, IfMatch: condition });
    if (answer !== undefined) giveAnswer(command, answer);
    const output = await client.send(command, { abortSignal: signal });
    const { ContentLength: length, ContentRange: contentRange, ETag, $metadata } = output;
    const status = $metadata.httpStatusCode ?? 0;
    return { body: bodyOf(output), length, etag: bareEtag(ETag), status, contentRange };
  }
}

/**
 * The error without secrets. The SDK's of a `credential_process` quotes its command line and what it printed, and the store's of
 * signatures and tokens have all that was signed in their details, session tokens too.
 */
function tellable(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message } = error;
  if (name === 'CredentialsProviderError') return new Error('no credentials could be had');
  // Else it is one of the network, whose code says what it is.
  if (!(error instanceof S3ServiceException)) return error;
  const { requestId } = error.$metadata;
  return Object.assign(new Error(message), { name, ...(requestId !== undefined && { requestId }) });
}

function announced({ statusCode, headers }: Pick<Answer, 'statusCode' | 'headers'>): Announced {
  const length = headers['content-length'];
  return {
    length: length === undefined ? undefined : Number(length),
    etag: bareEtag(headers['etag']),
    status: statusCode,
    contentRange: headers['content-range'],
  };
}

function bodyOf({ Body: body }: GetObjectCommandOutput): Body {
  if (!(body instanceof Readable)) throw new TypeError('an answer without a body');
  return body;
}

function objectInfo(
  key: string,
  size: number | undefined,
  etag: string | undefined,
  lastModified: Date | undefined,
): ObjectInfo {
  return { key, size: size ?? 0, etag: bareEtag(etag), lastModified: lastModified?.getTime() ?? 0 };
}

/** As HTML's forms encode (https://url.spec.whatwg.org/#urlencoded-parsing), which is how listings do. */
function formDecoded(text: string): string {
  return percentDecoded(text.replaceAll('+', ' '));
}

/** Listings and answers differ in the quotes. */
function bareEtag(etag: string | undefined): string {
  return etag?.replaceAll('"', '') ?? '';
}
