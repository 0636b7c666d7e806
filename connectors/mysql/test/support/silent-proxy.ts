import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { TestServer } from '@tributary/testbed';

/** A way to a server that can go dead without anybody being told: connections stay, and nothing passes. */
export class SilentProxy implements AsyncDisposable {
  readonly #listener: Server;
  readonly #pairs = new Set<readonly [client: Socket, upstream: Socket]>();
  #isSilent = false;
  readonly url: string;

  private constructor(listener: Server, url: string) {
    this.#listener = listener;
    this.url = url;
  }

  static async open(server: TestServer): Promise<SilentProxy> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
    const url = new URL(server.url);
    url.port = String(address.port);
    const proxy = new SilentProxy(listener, url.href);
    listener.on('connection', (client) => proxy.#join(client, connect(server.port, server.host)));
    return proxy;
  }

  /** From now on nothing passes, on old connections and new ones. */
  silence(): void {
    this.#isSilent = true;
  }

  /** New connections work again; the old ones are dead for good. */
  heal(): void {
    this.#isSilent = false;
    this.#pairs.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #join(client: Socket, upstream: Socket): void {
    const pair = [client, upstream] as const;
    this.#pairs.add(pair);
    const passes = (): boolean => !this.#isSilent && this.#pairs.has(pair);
    client.on('data', (chunk) => passes() && upstream.write(chunk));
    upstream.on('data', (chunk) => passes() && client.write(chunk));
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
  }
}
