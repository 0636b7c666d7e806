import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before an S3 server and counts the bytes of objects that it sends. Signatures stay valid: the client signs for the proxy. */
export class CountingProxy implements AsyncDisposable {
  /** Of bodies of objects; listings and errors are not counted. */
  bytes = 0;
  requests = 0;
  readonly #target: URL;
  readonly #server: Server;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => this.#pass(incoming, outgoing));
  }

  static async before(endpoint: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(endpoint));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get endpoint(): string {
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}`;
  }

  forget(): void {
    this.bytes = 0;
    this.requests = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url = '/', headers } = incoming;
    const isObject = method === 'GET' && !url.includes('list-type');
    const { hostname, port } = this.#target;
    const passed = request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      if (isObject) {
        this.requests += 1;
        answer.on('data', (chunk: Buffer) => {
          this.bytes += chunk.length;
        });
      }
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  }
}
