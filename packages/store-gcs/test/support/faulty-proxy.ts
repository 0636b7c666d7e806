import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with an answer. */
export type Fault =
  | { readonly kind: 'error'; readonly status: number; readonly body?: string }
  /** The connection ends after half of the body. */
  | { readonly kind: 'reset' }
  /** Half of the body comes, then nothing. */
  | { readonly kind: 'stall' }
  /** The header announces so many bytes more (or fewer) than there are. */
  | { readonly kind: 'lie'; readonly by: number }
  /** The server gets another URL, as if it did not know what is missing in it. */
  | { readonly kind: 'rewrite'; readonly url: string };

/** Stands before a server and fails where it is told to. Real servers do not. */
export class FaultyProxy implements AsyncDisposable {
  readonly requests: IncomingMessage[] = [];
  /** Of objects' bodies; listings and errors are not counted. */
  bytes = 0;
  /** Asked before every answer. */
  fault: (request: IncomingMessage) => Fault | undefined | Promise<Fault | undefined> = () => undefined;
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
    return `http://127.0.0.1:${address.port}`;
  }

  /** When the client of the first request has closed its connection. */
  async lost(): Promise<void> {
    const [first] = this.requests;
    if (first === undefined) throw new Error('no request has come');
    if (!first.socket.destroyed) await once(first.socket, 'close');
  }

  forget(): void {
    this.requests.length = 0;
    this.bytes = 0;
    this.fault = () => undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.requests.push(incoming);
    const fault = await this.fault(incoming);
    if (fault?.kind === 'error') {
      outgoing.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.body);
      return;
    }
    const { method, headers } = incoming;
    const { hostname, port } = this.#target;
    const path = fault?.kind === 'rewrite' ? fault.url : incoming.url;
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      void answer.toArray().then((pieces: readonly Buffer[]) => {
        const body = Buffer.concat(pieces);
        const isObject = incoming.url?.includes('alt=media') === true && (answer.statusCode ?? 502) < 300;
        if (isObject) this.bytes += body.length;
        send(outgoing, answer, body, fault);
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
  const by = fault?.kind === 'lie' ? fault.by : 0;
  const { 'transfer-encoding': _, ...others } = headers;
  outgoing.writeHead(statusCode, { ...others, 'content-length': body.length + by });
  const half = body.subarray(0, body.length / 2);
  switch (fault?.kind) {
    case 'reset':
      outgoing.write(half, () => outgoing.destroy());
      return;
    case 'stall':
      outgoing.write(half);
      return;
    case 'lie':
      // Node itself refuses to send more than it has announced.
      if (by < 0) outgoing.end(body.subarray(0, body.length + by));
      else outgoing.write(body, () => outgoing.destroy());
      return;
    case 'error':
    case 'rewrite':
    case undefined:
      outgoing.end(body);
  }
}
