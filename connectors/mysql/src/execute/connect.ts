import { CopySocket } from '@tributary/columnar';
import { TributaryError } from '@tributary/connector-sdk';
import { type Connection, type ConnectionOptions, createConnection, type RowDataPacket } from 'mysql2';
import { isIP, Socket } from 'node:net';
import type { MySqlOptions } from '../options.js';
import { type Product, productOf, productTitle, requireSupported } from '../product.js';
import { connectionOptions, sessionStatements, tlsOptions } from './session.js';

/** A connection whose session is pinned. */
export interface Session {
  readonly connection: Connection;
  readonly product: Product;
}

/** Connects, asks the server what it is, and pins the session's settings. */
export async function openSession(options: MySqlOptions, sourceId: string): Promise<Session> {
  const connection = await connect(options);
  try {
    const [row] = await rowsOf(connection, 'SELECT VERSION() AS version');
    const product = productOf(String(row?.['version']));
    if (options.product !== 'auto' && options.product !== product.name) {
      throw new TributaryError('CONFIG.INVALID', {
        message: `${sourceId}.product: is ${options.product}, but the server is ${productTitle(product)}`,
        sourceId,
      });
    }
    requireSupported(product, sourceId);
    for (const statement of sessionStatements(product.name)) await rowsOf(connection, statement);
    return { connection, product };
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** The rows of a small statement of the connector's own, values in place of `?`. */
export function rowsOf(
  connection: Connection,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly RowDataPacket[]> {
  return new Promise((resolve, reject) => {
    connection.query<RowDataPacket[]>(sql, [...values], (error, rows) => {
      if (error === null) resolve(Array.isArray(rows) ? rows : []);
      else reject(error);
    });
  });
}

/** A connection for one KILL: no settings, no questions. */
export async function connectPlainly(options: MySqlOptions): Promise<Connection> {
  return connect(options);
}

/** With `prefer`, a server without TLS is met a second time without. */
async function connect(options: MySqlOptions): Promise<Connection> {
  const ssl = tlsOptions(options.server);
  try {
    return await established(connectionOptions(options, ssl));
  } catch (error) {
    const hasNoTls = error instanceof Error && 'code' in error && error.code === 'HANDSHAKE_NO_SSL_SUPPORT';
    if (!hasNoTls || options.server.ssl.mode !== 'prefer') throw error;
    return established(connectionOptions(options, undefined));
  }
}

function established(options: ConnectionOptions): Promise<Connection> {
  const connection = createConnection(
    options.ssl === undefined ? withOwnSocket(options) : withNamedSocket(options),
  );
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      connection.destroy();
      reject(error);
    };
    connection.once('error', onError);
    connection.once('connect', () => {
      connection.off('error', onError);
      // Without a listener the loss of a connection would end the process; its statement reports it.
      connection.on('error', () => undefined);
      resolve(connection);
    });
  });
}

/**
 * For an address mysql2 gives no name, and what Node then checks the certificate for is the name that the socket was opened for,
 * which it leaves out for addresses as well, or else `localhost`.
 */
function withNamedSocket(options: ConnectionOptions): ConnectionOptions {
  const { socketPath, host = 'localhost', port = 3306 } = options;
  if (socketPath !== undefined || isIP(host) === 0) return options;
  const stream = (): Socket => {
    const socket = Object.assign(new Socket(), { _host: host });
    socket.setKeepAlive(true);
    socket.setNoDelay(true);
    return socket.connect(port, host);
  };
  return { ...options, stream };
}

/** Without TLS in between, rows are read into one buffer (see CopySocket). */
function withOwnSocket(options: ConnectionOptions): ConnectionOptions {
  const { socketPath, host = 'localhost', port = 3306 } = options;
  const stream = (): CopySocket => {
    const socket = new CopySocket();
    if (socketPath !== undefined) return socket.connect(socketPath);
    socket.setKeepAlive(true);
    socket.setNoDelay(true);
    return socket.connect(port, host);
  };
  return { ...options, stream };
}
