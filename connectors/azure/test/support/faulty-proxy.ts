import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as a test sees it. */
export interface AzureRequest {
  readonly kind: 'list' | 'head' | 'get';
  /** Path of the blob, with account and container, as it stands in the URL. */
  readonly path: string;
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

/** Stands before Azurite, counts what it sends, and fails where it is told to. Signatures stay valid: they leave out the host. */
export class FaultyProxy implements AsyncDisposable {
  readonly requests: AzureRequest[] = [];
  /** Of bodies of blobs; listings and errors are not counted. */
  bytes = 0;
  /** Asked before every answer. */
  fault: (request: AzureRequest) => Fault | undefined | Promise<Fault | undefined> = () => undefined;
  readonly #target: URL;
  readonly #server: Server;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));
  }

  static async before(endpoint: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(new URL(endpoint));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get endpoint(): string {
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}${this.#target.pathname}`;
  }

  forget(): void {
    this.requests.length = 0;
    this.bytes = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, url = '/', headers } = incoming;
    const kind = method === 'HEAD' ? 'head' : url.includes('comp=list') ? 'list' : 'get';
    const seen = { kind, path: new URL(url, this.#target).pathname } as const;
    this.requests.push(seen);
    const fault = await this.fault(seen);
    if (fault?.kind === 'error') return sendError(outgoing, fault.status, fault.code);
    const { hostname, port } = this.#target;
    const passed = request({ hostname, port, method, path: url, headers }, (answer) => {
      const isBlob = kind === 'get' && (answer.statusCode ?? 502) < 300;
      void answer.toArray().then((chunks: readonly Buffer[]) => {
        const body = Buffer.concat(chunks);
        if (isBlob) this.bytes += body.length;
        send(outgoing, answer, body, isBlob || kind === 'list' ? fault : undefined);
      });
    });
    passed.on('error', () => outgoing.destroy());
    passed.end();
  }
}

function send(
  outgoing: ServerResponse,
  { statusCode = 502, headers }: IncomingMessage,
  body: Buffer,
  fault: Fault | undefined,
): void {
  const lie = fault?.kind === 'lie' ? fault.by : 0;
  const announced = Number(headers['content-length'] ?? body.length) + lie;
  const { 'transfer-encoding': _, ...others } = headers;
  outgoing.writeHead(statusCode, { ...others, 'content-length': announced });
  switch (fault?.kind) {
    case 'reset':
      outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy());
      return;
    case 'stall':
      outgoing.write(body.subarray(0, body.length / 2));
      return;
    case 'lie':
      // Node itself refuses to send more than it has announced.
      if (lie < 0) outgoing.end(body.subarray(0, body.length + lie));
      else outgoing.write(body, () => outgoing.destroy());
      return;
    case 'error':
    case undefined:
      outgoing.end(body);
  }
}

function sendError(outgoing: ServerResponse, status: number, code: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/xml', 'x-ms-error-code': code });
  outgoing.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>told to</Message></Error>`);
}
