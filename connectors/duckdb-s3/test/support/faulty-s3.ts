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

/** What goes wrong with an answer. */
export type Fault =
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  /** The connection ends after half of the body. */
  | { readonly kind: 'reset' }
  /** Half of the body comes, then nothing. */
  | { readonly kind: 'stall' }
  /** The header announces so many bytes more (or fewer) than there are. */
  | { readonly kind: 'lie'; readonly by: number };

const pageSize = 1000;

/** The read half of S3's protocol over objects in memory, which fails where it is told to. Real servers do not. */
export class FaultyS3 implements AsyncDisposable {
  readonly bucket = 'lake';
  readonly accessKeyId = 'key';
  readonly secretAccessKey = 'the-secret-key';
  readonly requests: S3Request[] = [];
  bodyBytes = 0;
  /** Asked before every answer. */
  fault: (request: S3Request) => Fault | undefined = () => undefined;
  readonly #objects = new Map<string, { readonly body: Buffer; readonly etag: string }>();
  #sortedKeys: readonly string[] | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<FaultyS3> {
    const s3 = new FaultyS3();
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
    const fault = this.fault(seen);
    if (fault?.kind === 'error') return sendError(response, fault.status, fault.code);
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
      etag: `"${found.etag}"`,
      'content-length': body.length + (fault?.kind === 'lie' ? fault.by : 0),
    });
    if (kind === 'head') {
      response.end();
      return;
    }
    this.bodyBytes += body.length;
    sendBody(response, body, fault);
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

function sendBody(response: ServerResponse, body: Buffer, fault: Fault | undefined): void {
  switch (fault?.kind) {
    case 'reset':
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
      return;
    case 'stall':
      response.write(body.subarray(0, body.length / 2));
      return;
    case 'lie':
      // Node itself refuses to send more than it has announced.
      if (fault.by < 0) response.end(body.subarray(0, body.length + fault.by));
      else response.write(body, () => response.destroy());
      return;
    case 'error':
    case undefined:
      response.end(body);
  }
}

function sendError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>told to</Message></Error>`);
}
