import { type Socket, connect as connectPlainly, isIP } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { dechunked } from './chunked.js';
import { type ResponseHead, responseHead } from './response-head.js';

/** A GET and what is done with its answer. */
export interface GetRequest {
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Room for the whole body, once the head has told how much that is; undefined for an answer that is not wanted. */
  roomFor(head: ResponseHead): Uint8Array | undefined;
  /** Called as bytes of the answer come. */
  readonly onBytes?: (() => void) | undefined;
}

export interface GetAnswer {
  readonly head: ResponseHead;
  /** Undefined where `roomFor` had none, and where a body of which the head does not tell the length is not a short one in chunks. */
  readonly body: Uint8Array | undefined;
}

/** Bytes that a read takes at most before the body's room is known. */
const scratchBytes = 16 * 1024;
/** Of a body in chunks, as servers send their errors. */
const mostChunkedBytes = 64 * 1024;
/** Milliseconds. */
const connectTimeout = 10_000;

interface Exchange {
  readonly request: GetRequest;
  resolve(answer: GetAnswer): void;
  reject(error: unknown): void;
  /** What has come of the head, then of a body in chunks. */
  received: Buffer;
  head?: ResponseHead | undefined;
  /** Of a body whose length the head told. */
  room?: Uint8Array | undefined;
  filled: number;
}

/**
 * A connection for one GET at a time, of which the kernel writes bodies right into the room that is theirs. Node's own client makes
 * two copies of each piece, in memory that is new every time: they, and the garbage collector's walks over the heap that they cause,
 * take more processor time than all the rest of a large read.
 */
export class GetConnection {
  /** Whether another GET may be sent on it. */
  isUsable = true;
  /** Whether an answer has come on it before: a server may close such a connection at any time. */
  isProven = false;
  readonly #socket: Socket;
  readonly #host: string;
  readonly #onClose: () => void;
  readonly #scratch = Buffer.allocUnsafeSlow(scratchBytes);
  #exchange: Exchange | undefined;
  #failure: unknown;

  constructor(origin: URL, onClose: () => void) {
    this.#host = origin.host;
    this.#onClose = onClose;
    this.#socket = this.#connect(origin);
    const timer = setTimeout(() => {
      this.#socket.destroy(
        networkError('ETIMEDOUT', `no connection to ${origin.host} within ${connectTimeout} ms`),
      );
    }, connectTimeout);
    const stopWaiting = (): void => clearTimeout(timer);
    this.#socket
      .setNoDelay(true)
      .setKeepAlive(true)
      .once(origin.protocol === 'https:' ? 'secureConnect' : 'connect', stopWaiting)
      .once('close', stopWaiting)
      .on('error', (error) => (this.#failure = error))
      .on('close', () => this.#closed());
  }

  /** @throws the signal's reason, or an error of the network */
  get(request: GetRequest): Promise<GetAnswer> {
    const text = requestText(request, this.#host);
    const { promise, resolve, reject } = Promise.withResolvers<GetAnswer>();
    const { signal } = request;
    const abort = (): void => this.close(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#exchange = { request, resolve, reject, received: Buffer.alloc(0), filled: 0 };
    this.#socket.ref();
    this.#socket.write(text);
    return promise.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Nothing of what still comes is written anywhere. */
  close(reason?: unknown): void {
    this.isUsable = false;
    this.#failure ??= reason;
    this.#socket.destroy();
    this.#closed();
  }

  #connect({ protocol, hostname, port }: URL): Socket {
    const onread = {
      buffer: () => this.#target(),
      callback: (size: number) => this.#received(size),
    };
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    if (protocol !== 'https:') {
      return connectPlainly({ host, port: port === '' ? 80 : Number(port), onread });
    }
    // An address is no name that a server could be asked for.
    const name = isIP(host) === 0 ? { servername: host } : {};
    const options = { host, port: port === '' ? 443 : Number(port), onread, ...name };
    return connectSecurely(options);
  }

  /** Where the next bytes go. */
  #target(): Uint8Array {
    const exchange = this.#exchange;
    return exchange?.room?.subarray(exchange.filled) ?? this.#scratch;
  }

  #received(size: number): boolean {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      // Nobody has asked for anything.
      this.close();
      return false;
    }
    exchange.request.onBytes?.();
    if (exchange.room === undefined) {
      exchange.received = Buffer.concat([exchange.received, this.#scratch.subarray(0, size)]);
    } else {
      exchange.filled += size;
    }
    try {
      this.#goOn(exchange);
    } catch (error) {
      this.close(error);
    }
    return this.isUsable;
  }

  #goOn(exchange: Exchange): void {
    const head = (exchange.head ??= takeHead(exchange));
    if (head === undefined) return;
    if (head.bodyBytes === undefined) {
      this.#goOnInChunks(exchange, head);
      return;
    }
    exchange.room ??= makeRoom(exchange, head, head.bodyBytes);
    if (exchange.room === undefined) this.#finish(exchange, head, undefined);
    else if (exchange.filled === exchange.room.length) this.#finish(exchange, head, exchange.room);
  }

  #goOnInChunks(exchange: Exchange, head: ResponseHead): void {
    const { received } = exchange;
    const isShort = head.isChunked && received.length <= mostChunkedBytes;
    const body = isShort ? dechunked(received) : undefined;
    if (body !== undefined || !isShort) this.#finish(exchange, head, body);
  }

  #finish({ resolve }: Exchange, head: ResponseHead, body: Uint8Array | undefined): void {
    this.#exchange = undefined;
    this.isProven = true;
    // An idle connection keeps no process alive.
    this.#socket.unref();
    // What is left of a body comes still.
    if (!head.keepsAlive || body === undefined) this.close();
    resolve({ head, body });
  }

  #closed(): void {
    this.isUsable = false;
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.reject(
      this.#failure ?? networkError('ECONNRESET', 'the connection was closed before all had come'),
    );
    this.#onClose();
  }
}

/** The head of the answer itself, once it has come: others may come before it, which say that it will. */
function takeHead(exchange: Exchange): ResponseHead | undefined {
  for (;;) {
    const head = responseHead(exchange.received);
    if (head === undefined) return undefined;
    exchange.received = exchange.received.subarray(head.bytes);
    if (head.status >= 200) return head;
  }
}

/** The body's room, with what came of it together with the head. */
function makeRoom(exchange: Exchange, head: ResponseHead, bytes: number): Uint8Array | undefined {
  const { request, received } = exchange;
  if (received.length > bytes) throw networkError('ECONNRESET', 'more bytes came than the answer has');
  const room = request.roomFor(head)?.subarray(0, bytes);
  room?.set(received);
  exchange.filled = received.length;
  return room;
}

/** @throws TypeError for a header that would be more than one */
function requestText({ path, headers }: GetRequest, host: string): string {
  const fields = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  const lines = [`GET ${path} HTTP/1.1`, ...fields, 'connection: keep-alive'];
  if (lines.some((line) => /[^\t\x20-\x7e\x80-\xff]/.test(line))) {
    throw new TypeError('A path or a header holds a character that HTTP has not.');
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function networkError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
