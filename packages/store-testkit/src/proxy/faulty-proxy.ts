import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Fault, sendAnswer } from './fault.js';
import type { RequestKind, StoreProtocol } from './store-protocol.js';

/** One request as a test sees it. */
export interface StoreRequest {
  readonly kind: RequestKind;
  /** Path and query, as they came. */
  readonly url: string;
  /** Decoded, with the bucket. */
  readonly path: string;
  readonly range: string | undefined;
  /** Of the client. */
  readonly socket: Socket;
}

export type FaultRule = (request: StoreRequest) => Fault | undefined | Promise<Fault | undefined>;

/**
 * Stands before a server, counts what it sends, and fails where it is told to; real servers do not. Signatures stay valid:
 * the client signs for the proxy, or leaves out the host.
 */
export class FaultyProxy implements AsyncDisposable {
  readonly requests: StoreRequest[] = [];
  /** Of objects' bodies; listings and errors are not counted. */
  bytes = 0;
  /** Asked before every answer. */
  fault: FaultRule = () => undefined;
  readonly #target: URL;
  readonly #protocol: StoreProtocol;
  readonly #server: Server;

  private constructor(target: URL, protocol: StoreProtocol) {
    this.#target = target;
    this.#protocol = protocol;
    this.#server = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));
  }

  static async before(endpoint: string, protocol: StoreProtocol): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(new URL(endpoint), protocol);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get endpoint(): string {
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}${this.#target.pathname.replace(/\/$/, '')}`;
  }

  /** Objects' bodies that were asked for. */
  get reads(): readonly StoreRequest[] {
    return this.requests.filter(({ kind }) => kind === 'get');
  }

  /** The fault for the first so many requests that the condition picks. */
  failFirst(times: number, fault: Fault, when: (request: StoreRequest) => boolean = () => true): void {
    let left = times;
    this.fault = (request) => {
      if (left === 0 || !when(request)) return undefined;
      left -= 1;
      return fault;
    };
  }

  /** When the client of the first request has closed its connection. */
  async lost(): Promise<void> {
    const [first] = this.requests;
    if (first === undefined) throw new Error('no request has come');
    if (!first.socket.destroyed) await once(first.socket, 'close');
  }

  /** What was seen, and what was to fail. */
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
    const { method = 'GET', url = '/', headers, socket } = incoming;
    const place = new URL(url, this.#target);
    const kind = this.#protocol.kindOf(method, place);
    const seen = { kind, url, path: decodeURIComponent(place.pathname), range: headers.range, socket };
    this.requests.push(seen);
    const fault = await this.fault(seen);
    if (fault?.kind === 'error') {
      const answer = this.#protocol.errorAnswer(fault.status, fault.code);
      outgoing.writeHead(fault.status, answer.headers).end(fault.body ?? answer.body);
      return;
    }
    const { hostname, port } = this.#target;
    const path = fault?.kind === 'rewrite' ? fault.url : url;
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      void answer.toArray().then((pieces: readonly Buffer[]) => {
        const body = Buffer.concat(pieces);
        const isGood = (answer.statusCode ?? 502) < 300;
        if (isGood && kind === 'get') this.bytes += body.length;
        sendAnswer(outgoing, answer, body, isGood ? fault : undefined);
      });
    });
    passed.on('error', () => outgoing.destroy());
    passed.end();
  }
}
