import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { serverHost } from '../server/running-server.js';
import type { KeyPair } from './certificates.js';

export interface TlsFrontOptions extends KeyPair {
  /** What is behind it, and speaks plain text. */
  readonly upstream: { readonly host: string; readonly port: number };
  /** `postgres`: the client asks for TLS by an SSLRequest first, and one that does not is cut off. Default: TLS from the first byte. */
  readonly greeting?: 'postgres';
  /** PEM text of the authority whose certificate a client must show. */
  readonly clientAuthority?: string;
}

/** Puts TLS before a server that was built without it. */
export class TlsFront implements AsyncDisposable {
  readonly host = serverHost;
  readonly port: number;
  readonly #listener: Server;
  readonly #tls: TlsServer;
  readonly #sockets = new Set<Socket>();
  #secured = 0;

  private constructor(listener: Server, port: number, options: TlsFrontOptions) {
    const { cert, key, clientAuthority, greeting, upstream } = options;
    this.#listener = listener;
    this.port = port;
    this.#tls = createTlsServer(
      { cert, key, ...(clientAuthority !== undefined && { ca: clientAuthority, requestCert: true }) },
      (client) => {
        this.#secured += 1;
        this.#join(client, connect({ ...upstream, allowHalfOpen: true }));
      },
    );
    listener.on('connection', (client) => {
      this.#watch(client);
      if (greeting === undefined) this.#tls.emit('connection', client);
      else this.#greet(client);
    });
  }

  static async open(options: TlsFrontOptions): Promise<TlsFront> {
    // Half open: who ends the connection behind his request, as a cancel does, is still heard.
    const listener = createServer({ allowHalfOpen: true }).listen(0, serverHost);
    await once(listener, 'listening');
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
    return new TlsFront(listener, address.port, options);
  }

  /** Connections that have got through to the server behind. */
  get secured(): number {
    return this.#secured;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#listener, 'close');
  }

  #greet(client: Socket): void {
    client.once('data', (request) => {
      // SSLRequest (PostgreSQL documentation, 54.7).
      if (request.length !== 8 || request.readInt32BE(4) !== 80_877_103) {
        client.destroy();
        return;
      }
      client.pause();
      client.write('S');
      this.#tls.emit('connection', client);
    });
  }

  #join(client: Socket, server: Socket): void {
    this.#watch(client);
    this.#watch(server);
    pipeline(client, server, () => undefined);
    pipeline(server, client, () => undefined);
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
