import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** Message type of the extended query protocol (PostgreSQL documentation, 54.7). */
const bind = 0x42;

/** A TCP proxy in front of PostgreSQL that notes when the first bytes of a SELECT pass. */
export class StatementWatch implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  #seen = Promise.withResolvers<number>();

  private constructor(server: Server, sockets: Set<Socket>, target: URL) {
    this.#server = server;
    this.#sockets = sockets;
    const url = new URL(target);
    url.host = `127.0.0.1:${portOf(server)}`;
    this.url = url.href;
  }

  static async open(url: string): Promise<StatementWatch> {
    const target = new URL(url);
    const sockets = new Set<Socket>();
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const watch = new StatementWatch(server, sockets, target);
    server.on('connection', (client) => {
      const upstream = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        // Either end going takes the other along.
        socket
          .on('error', () => undefined)
          .on('close', () => {
            sockets.delete(socket);
            client.destroy();
            upstream.destroy();
          });
      }
      client.on('data', (chunk: Buffer) => watch.#look(chunk));
      client.pipe(upstream);
      upstream.pipe(client);
    });
    return watch;
  }

  /** When, in `performance.now()` milliseconds, the next SELECT passes. */
  next(): Promise<number> {
    this.#seen = Promise.withResolvers();
    return this.#seen.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #look(chunk: Buffer): void {
    // A statement that the server has kept is not sent again: only its values are bound.
    const isSelect = chunk[0] === bind || /select/i.test(chunk.toString('latin1'));
    if (isSelect) this.#seen.resolve(performance.now());
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return isAddress(address) ? address.port : 0;
}

function isAddress(address: ReturnType<Server['address']>): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
