import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer, setDefaultCACertificates, getCACertificates } from 'node:tls';
import { CertificateAuthority } from '@tributary/testbed';
import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { GetRequest } from './get-connection.js';
import { GetConnections } from './get-connections.js';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

interface Peer {
  readonly connections: GetConnections;
  /** What came over each connection, heads of requests. */
  readonly heads: readonly string[][];
}

/** A server that does as told with each request. */
async function peerOf(
  answer: (socket: Socket, request: number) => void,
  listen: (onConnection: (socket: Socket) => void) => Server = createServer,
  name = '127.0.0.1',
): Promise<Peer> {
  const heads: string[][] = [];
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = listen((socket) => {
    const own: string[] = [];
    heads.push(own);
    sockets.add(socket);
    let received = '';
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      received += piece.toString('latin1');
      if (!received.endsWith('\r\n\r\n')) return;
      own.push(received);
      received = '';
      answer(socket, (requests += 1));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const scheme = listen === createServer ? 'http' : 'https';
  const connections = new GetConnections(
    new URL(`${scheme}://${name}:${(server.address() as AddressInfo).port}`),
  );
  open.push(() => {
    connections.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { connections, heads };
}

function request(room: Uint8Array, more: Partial<GetRequest> = {}): GetRequest {
  return {
    path: '/b/key?x=1',
    headers: { range: 'bytes=0-9' },
    signal: new AbortController().signal,
    roomFor: ({ bodyBytes }) => (bodyBytes === room.length ? room : undefined),
    ...more,
  };
}

function answerOf(body: string | Buffer, status = '206 Partial Content'): string {
  return `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nETag: "e"\r\n\r\n${body.toString('latin1')}`;
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('a body comes right into its room, however the answer is cut, over one connection', async () => {
  let pieces: readonly Buffer[] = [];
  const { connections, heads } = await peerOf((socket) => {
    void (async () => {
      for (const piece of pieces) {
        socket.write(piece);
        await sleep(1);
      }
    })();
  });
  const body = fc.uint8Array({ maxLength: 60_000 });
  const cuts = fc.array(fc.nat(), { maxLength: 5 });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(body, cuts, fc.boolean(), async (bytes, places, isChunked) => {
      const sent = Buffer.from(bytes);
      const half = Math.floor(sent.length / 2);
      const chunks = [sent.subarray(0, half), sent.subarray(half)].filter(({ length }) => length > 0);
      const framed = chunks
        .map((chunk) => `${chunk.length.toString(16)};x=y\r\n${chunk.toString('latin1')}\r\n`)
        .join('');
      const text = isChunked
        ? `HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 206 x\r\nTransfer-Encoding: chunked\r\n\r\n${framed}0\r\n\r\n`
        : answerOf(sent);
      const whole = Buffer.from(text, 'latin1');
      const at = [0, ...places.map((place) => place % whole.length), whole.length].toSorted((a, b) => a - b);
      pieces = at.slice(1).map((end, i) => whole.subarray(at[i], end));
      const room = new Uint8Array(sent.length);
      const { head, body: got } = await connections.get(request(room));
      expect(head.status).toBe(206);
      expect(Buffer.from(got ?? []).equals(sent)).toBe(true);
      if (!isChunked) expect(got?.buffer).toBe(room.buffer);
      runs += 1;
    }),
    { numRuns: 60 },
  );
  expect(heads).toHaveLength(1);
  expect(heads[0]).toHaveLength(runs);
  expect(heads[0]?.[0]).toMatch(
    /^GET \/b\/key\?x=1 HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\nrange: bytes=0-9\r\n/,
  );
});

test('over TLS, whose certificate is looked at', async () => {
  await using authority = await CertificateAuthority.create();
  const pair = await authority.issue('DNS:localhost');
  const bytes = Buffer.alloc(3_000_000, 'some bytes ');
  const { connections } = await peerOf(
    (socket) => socket.write(Buffer.from(answerOf(bytes), 'latin1')),
    (onConnection) => createTlsServer(pair, onConnection),
    'localhost',
  );
  expect(await failure(connections.get(request(new Uint8Array(bytes.length))))).toMatchObject({
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
  const known = getCACertificates('default');
  setDefaultCACertificates([...known, authority.ca]);
  try {
    const room = new Uint8Array(bytes.length);
    for (let n = 0; n < 3; n += 1) {
      room.fill(0);
      await connections.get(request(room));
      expect(bytes.equals(room)).toBe(true);
    }
  } finally {
    setDefaultCACertificates(known);
  }
});

test('a connection that the server has closed meanwhile is no failure', async () => {
  const { connections, heads } = await peerOf((socket, n) => {
    // Told, untold after the answer, and at the very moment of the next request.
    if (n === 1) socket.write(answerOf('one').replace('ETag', 'Connection: close\r\nETag'));
    else if (n === 2) socket.end(answerOf('two'));
    else if (n === 4) socket.resetAndDestroy();
    else socket.write(answerOf('xyz'));
  });
  for (const expected of ['one', 'two', 'xyz', 'xyz']) {
    const room = new Uint8Array(3);
    await connections.get(request(room));
    expect(Buffer.from(room).toString()).toBe(expected);
    await sleep(5);
  }
  expect(heads).toHaveLength(4);
});

test('a connection that breaks in the middle is one', async () => {
  const { connections, heads } = await peerOf((socket) => {
    socket.write(answerOf('0123456789').slice(0, -3));
    setTimeout(() => socket.resetAndDestroy(), 5);
  });
  expect(await failure(connections.get(request(new Uint8Array(10))))).toMatchObject({ code: 'ECONNRESET' });
  expect(heads).toHaveLength(1);
});

test('after an abort nothing is written any more', async () => {
  const { connections } = await peerOf((socket, n) => {
    socket.write(answerOf('0123456789').slice(0, -3));
    if (n === 1) setTimeout(() => socket.write('789'), 20);
  });
  const room = new Uint8Array(10);
  const stop = new AbortController();
  const reading = failure(connections.get(request(room, { signal: stop.signal })));
  await sleep(10);
  stop.abort(new Error('enough'));
  expect(await reading).toMatchObject({ message: 'enough' });
  room.fill(0);
  await sleep(30);
  expect(room.every((byte) => byte === 0)).toBe(true);
  expect(await failure(connections.get(request(room, { signal: stop.signal })))).toMatchObject({
    message: 'enough',
  });
});

test('once closed, nothing is sent again', async () => {
  const { connections, heads } = await peerOf((socket, n) => {
    if (n === 1) socket.write(answerOf('x'));
  });
  await connections.get(request(new Uint8Array(1)));
  const waiting = failure(connections.get(request(new Uint8Array(1))));
  await sleep(10);
  connections.close();
  expect(await waiting).toMatchObject({ code: 'ECONNRESET' });
  expect(await failure(connections.get(request(new Uint8Array(1))))).toBeInstanceOf(Error);
  await sleep(10);
  expect(heads).toHaveLength(1);
});

test('an answer that is not wanted is left', async () => {
  const { connections, heads } = await peerOf((socket, n) =>
    socket.write(n === 1 ? answerOf('a body that is too long', '200 OK') : answerOf('x')),
  );
  const unwanted = await connections.get(request(new Uint8Array(1)));
  expect([unwanted.head.status, unwanted.body]).toEqual([200, undefined]);
  expect((await connections.get(request(new Uint8Array(1)))).body).toHaveLength(1);
  expect(heads).toHaveLength(2);
});

test.each([
  ['no HTTP', 'SSH-2.0-server\r\n\r\n'],
  ['no length', 'HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ['a folded header', 'HTTP/1.1 200 OK\r\nETag: a\r\n b\r\n\r\n'],
  ['no end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(70_000)}`],
  ['chunks of no size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
])('%s is an error', async (_, text) => {
  const { connections } = await peerOf((socket) => socket.write(text));
  expect(await failure(connections.get(request(new Uint8Array(1))))).toMatchObject({ code: 'HPE_INVALID' });
});

test('more bytes than the answer has are an error', async () => {
  const { connections } = await peerOf((socket) => socket.write(`${answerOf('x')}y`));
  expect(await failure(connections.get(request(new Uint8Array(1))))).toMatchObject({ code: 'ECONNRESET' });
});

test('a header cannot become two', async () => {
  const { connections, heads } = await peerOf((socket) => socket.write(answerOf('x')));
  const headers = { 'if-match': '"a"\r\nx-evil: 1' };
  expect(await failure(connections.get(request(new Uint8Array(1), { headers })))).toBeInstanceOf(TypeError);
  expect(heads.flat()).toEqual([]);
});

test('a server that is not there', async () => {
  const { connections } = await peerOf(() => undefined);
  const gone = new GetConnections(new URL('http://127.0.0.1:1'));
  connections.close();
  expect(await failure(gone.get(request(new Uint8Array(1))))).toMatchObject({ code: 'ECONNREFUSED' });
});
