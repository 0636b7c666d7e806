import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { PostgresServer } from '@tributary/testbed';

const cancelRequestCode = 80_877_102;
/** Between the backend's number and the one that clients are told. */
const disguise = 0x4000_0000;

/**
 * What a pooler changes for its clients, as PgBouncer does: it tells them a backend's number of its own, takes no `options` when they
 * log in, and forgets a cancel whose sender has hung up. Each client has a server connection to himself.
 */
export class SessionPooler implements AsyncDisposable {
  readonly port: number;
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  /** From here on whoever logs in hears nothing more. */
  isMute = false;
  /** From here on nobody is told a backend's number. */
  isSecretive = false;
  /** So many of the next cancels come to nothing, as one does that reaches its backend between two statements. */
  cancelsToForget = 0;

  private constructor(listener: Server, port: number, server: PostgresServer) {
    this.#listener = listener;
    this.port = port;
    listener.on('connection', (client) => this.#join(client, connect(server.port, server.host)));
  }

  static async open(server: PostgresServer): Promise<SessionPooler> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
    return new SessionPooler(listener, address.port, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#listener, 'close');
  }

  #join(client: Socket, server: Socket): void {
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (chunk.length === 16 && chunk.readInt32BE(4) === cancelRequestCode) {
        if (this.cancelsToForget > 0) {
          this.cancelsToForget -= 1;
          client.end();
          return;
        }
        chunk.writeInt32BE(chunk.readInt32BE(8) ^ disguise, 8);
        setTimeout(() => client.readableEnded || server.write(chunk), 50);
        return;
      }
      if (chunk.includes('\0options\0')) {
        client.end(errorMessage('unsupported startup parameter: options'));
        return;
      }
      server.write(chunk);
    });
    let isIn = false;
    server.on('data', (chunk) => {
      if (isIn && this.isMute) return;
      // BackendKeyData: `K`, its length of 12, the number and the secret. Behind it comes ReadyForQuery.
      const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
      if (at >= 0 && chunk.subarray(at + 13, at + 18).equals(Buffer.from([0x5a, 0, 0, 0, 5]))) {
        isIn = true;
        if (this.isSecretive) {
          client.write(Buffer.concat([chunk.subarray(0, at), chunk.subarray(at + 13)]));
          return;
        }
        chunk.writeInt32BE(chunk.readInt32BE(at + 5) ^ disguise, at + 5);
      }
      client.write(chunk);
    });
  }
}

function errorMessage(text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${text}\0\0`);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
