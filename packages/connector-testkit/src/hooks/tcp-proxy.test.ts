import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { openTcpProxy } from './tcp-proxy.js';

it('passes bytes on, counts what the server sends, and cuts', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).on('data', (chunk) => socket.write(`${chunk.toString()}!`));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  {
    await using proxy = await openTcpProxy({ host: '127.0.0.1', port });
    const client = connect(proxy.port, proxy.host);
    client.write('hello');
    const [answer] = await once(client, 'data');
    expect(String(answer)).toBe('hello!');
    expect(proxy.bytesServed).toBe(6);
    expect(proxy.connections).toBe(1);
    proxy.cut();
    await once(client, 'close');
    const second = connect(proxy.port, proxy.host);
    second.write('again');
    await once(second, 'data');
    expect(proxy.bytesServed).toBe(12);
    second.destroy();
  }
  server.close();
  await once(server, 'close');
});
