import { type Socket, connect, createServer } from 'node:net';

export interface TcpTarget {
  readonly host: string;
  readonly port: number;
}

/** Stands between a source and its server, counts what passes and cuts it: most hooks of a connector that speaks TCP without TLS. */
export interface TcpProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** What the server has sent through it. */
  readonly bytesServed: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Breaks every open connection; new ones are taken as before. */
  cut(): void;
}

/** Listens on a free port of the loopback interface. */
export async function openTcpProxy(target: TcpTarget): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let bytesServed = 0;
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    upstream.on('data', (chunk: Buffer) => {
      bytesServed += chunk.length;
    });
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
  const cut = (): void => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };
  return {
    host: '127.0.0.1',
    port: address.port,
    get bytesServed() {
      return bytesServed;
    },
    get connections() {
      return pairs.size;
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
