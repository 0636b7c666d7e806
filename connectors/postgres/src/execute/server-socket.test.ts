import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { optionsSchema } from '../options.js';
import { sendCancelRequest } from './server-socket.js';

test('a cancel is never sent in plain text where the session had TLS', async () => {
  const heard: Buffer[] = [];
  const left = Promise.withResolvers<void>();
  const listener = createServer((socket: Socket) => {
    socket.on('data', (chunk) => {
      heard.push(chunk);
      if (heard.length === 1) socket.write('N');
      else socket.destroy();
    });
    socket.on('close', () => left.resolve());
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
  const { server } = optionsSchema.parse({ host: '127.0.0.1', port: address.port });
  const backend = { processId: 1, secretKey: 2 };
  try {
    const signal = AbortSignal.timeout(5_000);
    await expect(sendCancelRequest(server, {}, backend, signal)).rejects.toMatchObject({
      code: 'SOURCE.UNREACHABLE',
    });
    await left.promise;
    // An SSLRequest, and nothing behind it.
    expect(Buffer.concat(heard)).toHaveLength(8);
  } finally {
    listener.close();
  }
});
