import { TributaryError } from '@tributary/contract/errors';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { ServerAddress } from '../options.js';

/** Request codes that stand where a protocol version would (PostgreSQL documentation, 54.7). */
const sslRequestCode = 80_877_103;
const cancelRequestCode = 80_877_102;

/** Whether the server answers an SSLRequest with S. libpq's `prefer` asks the same; node-postgres does not know the mode. */
export async function serverOffersTls(address: ServerAddress, signal: AbortSignal): Promise<boolean> {
  if (address.host.startsWith('/')) return false;
  const socket = await open(address, signal);
  try {
    return (await requestTls(socket, signal)) === 'S';
  } finally {
    socket.destroy();
  }
}

/**
 * Asks the server to cancel what a backend runs. It travels on a connection of its own, needs no login and no free
 * connection slot, and the server never answers: it closes the connection when the signal is sent. With TLS or not at all, where
 * the session has TLS.
 */
export async function sendCancelRequest(
  address: ServerAddress,
  tls: ConnectionOptions | false,
  backend: { readonly processId: number; readonly secretKey: number },
  signal: AbortSignal,
): Promise<void> {
  const plain = await open(address, signal);
  let socket: Socket = plain;
  try {
    if (tls !== false) {
      // Whoever answers no stands between, and would learn the secret key.
      if ((await requestTls(plain, signal)) !== 'S') {
        throw new TributaryError('SOURCE.UNREACHABLE', {
          message: 'The server offers no TLS to a cancel request, but did to the session.',
        });
      }
      const secure = connectTls({ ...tls, ...serverName(address.host), socket: plain });
      await once(secure, 'secureConnect', { signal });
      socket = secure;
    }
    const message = Buffer.alloc(16);
    message.writeInt32BE(16, 0);
    message.writeInt32BE(cancelRequestCode, 4);
    message.writeInt32BE(backend.processId, 8);
    message.writeInt32BE(backend.secretKey, 12);
    const closed = once(socket, 'close', { signal });
    socket.resume();
    // Not ended: PgBouncer drops the request of a client that has hung up.
    socket.write(message);
    await closed;
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

/** What the certificate is checked for: `localhost`, would Node have it, where only a socket is given. An address is no name for SNI. */
function serverName(host: string): Pick<ConnectionOptions, 'host' | 'servername'> {
  return isIP(host) === 0 ? { host, servername: host } : { host };
}

async function open(address: ServerAddress, signal: AbortSignal): Promise<Socket> {
  const { host, port } = address;
  const socket = host.startsWith('/')
    ? connectTcp({ path: join(host, `.s.PGSQL.${port}`) })
    : connectTcp({ host, port });
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  // From here on a broken connection shows as its close.
  socket.on('error', () => undefined);
  return socket;
}

async function requestTls(socket: Socket, signal: AbortSignal): Promise<string> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(sslRequestCode, 4);
  socket.write(request);
  const [answer]: unknown[] = await once(socket, 'data', { signal });
  return Buffer.isBuffer(answer) ? answer.toString('latin1', 0, 1) : '';
}
