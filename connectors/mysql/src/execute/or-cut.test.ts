import { TributaryError } from '@tributary/connector-sdk';
import { type Connection, createConnection } from 'mysql2';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rowsOf } from './connect.js';
import { orCut } from './or-cut.js';

/** A server that takes connections and never says a word. */
const server = createServer();
const sockets: Socket[] = [];
server.on('connection', (socket) => {
  sockets.push(socket.on('error', () => undefined));
});

let connection: Connection;

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  if (port === undefined) throw new Error('the server listens on a port');
  connection = createConnection({ host: '127.0.0.1', port, connectTimeout: 0 });
  connection.on('error', () => undefined);
});

afterEach(async () => {
  connection.destroy();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

function cancelled(): TributaryError {
  return new TributaryError('QUERY.CANCELLED', { message: 'enough' });
}

describe('a connection that does not answer', () => {
  test('is closed some time after the abort, which is the error', async () => {
    const controller = new AbortController();
    const accepted = once(server, 'connection');
    const rows = orCut(rowsOf(connection, 'ROLLBACK'), connection, controller.signal, 50);
    const [socket]: readonly Socket[] = await accepted;
    const closed = socket === undefined ? undefined : once(socket.resume(), 'close');
    controller.abort(cancelled());
    await expect(rows).rejects.toThrow('enough');
    await closed;
  });

  test('is closed as well where the abort came first', async () => {
    const rows = orCut(rowsOf(connection, 'ROLLBACK'), connection, AbortSignal.abort(cancelled()), 50);
    await expect(rows).rejects.toMatchObject({ code: 'QUERY.CANCELLED' });
  });
});

describe('work that ends', () => {
  const untouched = {
    destroy: () => {
      throw new Error('destroyed');
    },
  };

  test('within the time after an abort has its own outcome', async () => {
    const signal = AbortSignal.abort(cancelled());
    expect(await orCut(sleep(5, 'rows'), untouched, signal, 200)).toBe('rows');
    const killed = sleep(5).then(() => Promise.reject(new Error('killed')));
    await expect(orCut(killed, untouched, signal, 200)).rejects.toThrow('killed');
    await sleep(250);
  });

  test('before an abort is not touched by it', async () => {
    const controller = new AbortController();
    expect(await orCut(Promise.resolve('rows'), untouched, controller.signal, 5)).toBe('rows');
    controller.abort(cancelled());
    await sleep(20);
  });
});
