import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as a test sees it. */
export interface S3Request {
  readonly kind: 'list' | 'head' | 'get';
  readonly key: string;
  readonly range: string | undefined;
}

const pageSize = 1000;

/** The read half of S3's protocol over objects in memory: tens of thousands of them are there at once, and every request is seen. */
export class MemoryS3 implements AsyncDisposable {
  readonly bucket = 'lake';
  readonly accessKeyId = 'key';
  readonly secretAccessKey = 'the-secret-key';
  readonly requests: S3Request[] = [];
  bodyBytes = 0;
  readonly #objects = new Map<string, { readonly body: Buffer; readonly etag: string }>();
  #sortedKeys: readonly string[] | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<MemoryS3> {
    const s3 = new MemoryS3();
    s3.#server.listen(0, '127.0.0.1');
    await once(s3.#server, 'listening');
    return s3;
  }

  get endpoint(): string {
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}`;
  }

  put(key: string, body: Buffer): void {
    if (!this.#objects.has(key)) this.#sortedKeys = undefined;
    this.#objects.set(key, { body, etag: createHash('md5').update(body).digest('hex') });
  }

  get(key: string): Buffer {
    return this.#objects.get(key)?.body ?? Buffer.alloc(0);
  }

  forget(): void {
    this.requests.length = 0;
    this.bodyBytes = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.endpoint);
    const key = decodeURIComponent(url.pathname.slice(this.bucket.length + 2));
    const kind = request.method === 'HEAD' ? 'head' : url.searchParams.has('list-type') ? 'list' : 'get';
    if (request.headers.authorization?.includes(`Credential=${this.accessKeyId}/`) !== true) {
      return sendError(response, 403, 'InvalidAccessKeyId');
    }
    const seen = {
      kind,
      key: kind === 'list' ? (url.searchParams.get('prefix') ?? '') : key,
      range: request.headers.range,
    } as const;
    this.requests.push(seen);
    if (kind === 'list') {
      response.setHeader('content-type', 'application/xml');
      response.end(this.#page(seen.key, url.searchParams.get('continuation-token') ?? ''));
      return;
    }
    const found = this.#objects.get(key);
    if (found === undefined) return sendError(response, 404, 'NoSuchKey');
    const wanted = request.headers['if-match'];
    if (wanted !== undefined && wanted !== `"${found.etag}"`)
      return sendError(response, 412, 'PreconditionFailed');
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const start = Number(range?.[1] ?? 0);
    const body = found.body.subarray(start, range?.[2] ? Number(range[2]) + 1 : undefined);
    response.writeHead(range === null ? 200 : 206, {
      ...(range !== null && {
        'content-range': `bytes ${start}-${start + body.length - 1}/${found.body.length}`,
      }),
      etag: `"${found.etag}"`,
      'content-length': body.length,
    });
    if (kind === 'head') {
      response.end();
      return;
    }
    this.bodyBytes += body.length;
    response.end(body);
  }

  #page(prefix: string, after: string): string {
    this.#sortedKeys ??= [...this.#objects.keys()].toSorted();
    const keys = this.#sortedKeys.filter((key) => key.startsWith(prefix) && key > after);
    const page = keys.slice(0, pageSize);
    const contents = page.map((key) => {
      const { body, etag } = this.#objects.get(key) ?? { body: Buffer.alloc(0), etag: '' };
      return `<Contents><Key>${escaped(key)}</Key><Size>${body.length}</Size><ETag>"${etag}"</ETag></Contents>`;
    });
    const next =
      keys.length > pageSize
        ? `<NextContinuationToken>${escaped(page.at(-1) ?? '')}</NextContinuationToken>`
        : '';
    return `<ListBucketResult><IsTruncated>${keys.length > pageSize}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function sendError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>told to</Message></Error>`);
}
