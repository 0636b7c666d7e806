import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { fromProcess } from '@aws-sdk/credential-providers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ObjectStore } from '@tributary/lake';
import { s3Store } from './s3-store.js';
import { s3Stores } from './s3-stores.js';

const { signal } = new AbortController();
const keys = { accessKeyId: 'a', secretAccessKey: 'b' };

let server: Server;
let answer: string;
let status: number;
let headers: Readonly<Record<string, string>>;
let endpoint: string;
let client: S3Client | undefined;
beforeEach(async () => {
  status = 200;
  headers = {};
  server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  endpoint = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterEach(async () => {
  client?.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function open(credentials: NonNullable<S3ClientConfig['credentials']>): ObjectStore {
  client = new S3Client({ endpoint, region: 'x', forcePathStyle: true, credentials, maxAttempts: 1 });
  return s3Store({ sourceId: 'lake', client, bucket: 'b', endpoint });
}

const listing = (...more: readonly string[]): string =>
  `<ListBucketResult><Contents><Key>a</Key><Size>1</Size></Contents>${more.join('')}</ListBucketResult>`;

test('a listing that says there is more, but not where, is not taken for a whole one', async () => {
  const store = open(keys);
  const page = () => store.listPage('p/', undefined, { signal });
  answer = listing('<IsTruncated>true</IsTruncated>');
  await expect(page()).rejects.toMatchObject({
    code: 'SOURCE.QUERY_FAILED',
    message: expect.stringContaining('s3://b/p/: the store says that its listing goes on'),
  });
  answer = listing('<IsTruncated>true</IsTruncated>', '<NextContinuationToken>n</NextContinuationToken>');
  expect(await page()).toMatchObject({ objects: [{ key: 'a', size: 1 }], next: 'n' });
  answer = listing('<IsTruncated>false</IsTruncated>');
  expect(await page()).not.toHaveProperty('next');
});

test.each([
  ['encoded', '<EncodingType>url</EncodingType>', 'a b+c%20\u0001'],
  ['as they are', '', 'a+b%2Bc%2520%01'],
])('keys of a listing that says they are %s', async (_, encoding, key) => {
  answer = `<ListBucketResult>${encoding}<Contents><Key>a+b%2Bc%2520%01</Key><Size>1</Size></Contents></ListBucketResult>`;
  const urls: unknown[] = [];
  server.prependListener('request', ({ url }) => urls.push(url));
  const { objects } = await open(keys).listPage('', undefined, { signal });
  expect(objects).toMatchObject([{ key }]);
  expect(urls).toEqual([expect.stringContaining('encoding-type=url')]);
});

/** A store that has listed, so that it knows where its objects are, and the requests that come after that. */
async function listed(): Promise<{
  readonly store: ObjectStore;
  readonly requests: readonly IncomingMessage[];
}> {
  const store = open(keys);
  answer = listing('<IsTruncated>false</IsTruncated>');
  await store.listPage('', undefined, { signal });
  const requests: IncomingMessage[] = [];
  server.prependListener('request', (request) => requests.push(request));
  return { store, requests };
}

const read = (store: ObjectStore, key = 'a') =>
  store.read(key, { start: 2, end: 4 }, { signal, etag: 'e' }).then(String);

test('once it has listed, objects are asked for without a command of the SDK, and signed', async () => {
  const { store, requests } = await listed();
  [status, answer, headers] = [206, 'cd', { etag: '"e"', 'content-range': 'bytes 2-3/9' }];
  expect(await read(store, "a b/(it's)*")).toBe('cd');
  const [{ url, headers: sent } = {}, ...more] = requests;
  expect(more).toEqual([]);
  expect(url).toBe('/b/a%20b/%28it%27s%29%2A');
  expect(sent).toMatchObject({
    range: 'bytes=2-3',
    'if-match': '"e"',
    authorization: expect.stringMatching(
      /Credential=a\/\d{8}\/x\/s3\/aws4_request, SignedHeaders=host;if-match;range;/,
    ),
  });
});

test('other bytes than those asked for are no answer', async () => {
  const { store } = await listed();
  [status, answer, headers] = [206, 'cd', { etag: '"e"', 'content-range': 'bytes 0-1/9' }];
  await expect(read(store)).rejects.toMatchObject({
    code: 'SOURCE.UNREACHABLE',
    message: expect.stringContaining('the store sends bytes 0-1/9 where bytes from 2 on were asked for'),
  });
  [status, headers] = [200, { etag: '"e"' }];
  answer = 'abcdefghi';
  await expect(read(store)).rejects.toMatchObject({ code: 'SOURCE.UNREACHABLE' });
});

test('an error is the answer to one request, in the words of the store', async () => {
  const { store, requests } = await listed();
  [status, answer] = [503, '<Error><Code>SlowDown</Code><Message>Not so fast</Message></Error>'];
  await expect(read(store)).rejects.toMatchObject({
    code: 'SOURCE.UNREACHABLE',
    message: 's3://b/a: Not so fast.',
    cause: { name: 'SlowDown' },
  });
  expect(requests).toHaveLength(1);
});

test('who asks says that he pays, in every request', async () => {
  const payers: unknown[] = [];
  server.prependListener('request', ({ headers }) => payers.push(headers['x-amz-request-payer']));
  const open = (requesterPays: boolean): ObjectStore =>
    s3Stores.open('s3://b', { endpoint, ...keys, requesterPays }, 'lake').store;
  for (const requesterPays of [true, false]) {
    const store = open(requesterPays);
    answer = listing('<IsTruncated>false</IsTruncated>');
    await store.listPage('', undefined, { signal });
    await store.head('a', { signal });
    await store.read('a', { start: 0, end: 1 }, { signal, etag: 'e' }).catch(() => undefined);
    await store.close();
  }
  const none = [undefined, undefined, undefined];
  expect(payers).toEqual(['requester', 'requester', 'requester', ...none]);
});

test('a credential process that fails does not have its command line told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 's3-'));
  try {
    const configFilepath = join(folder, 'config');
    await writeFile(configFilepath, '[profile p]\ncredential_process = false --token hunter2\n');
    const store = open(fromProcess({ profile: 'p', configFilepath, filepath: join(folder, 'none') }));
    const error: unknown = await store.head('k', { signal }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'SOURCE.AUTHENTICATION',
      message: 's3://b/k: no credentials could be had.',
    });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ['SignatureDoesNotMatch', '<CanonicalRequest>GET /b\nx-amz-security-token:hunter2\n</CanonicalRequest>'],
  ['ExpiredToken', '<Token-0>hunter2</Token-0>'],
])('what the store repeats of a request is not told: %s', async (name, detail) => {
  status = 403;
  answer = `<Error><Code>${name}</Code><Message>No</Message>${detail}<RequestId>R1</RequestId></Error>`;
  const error: unknown = await open(keys)
    .listPage('', undefined, { signal })
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'SOURCE.AUTHENTICATION', message: 's3://b/: No.', cause: { name } });
  expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
});

/** A server whose clock is an hour ahead. It refuses requests of some time before and after, a quarter of an hour by default. */
function beAnHourAhead(leewayMs = 900_000): { readonly requests: () => number } {
  let requests = 0;
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    requests += 1;
    const now = Date.now() + 3_600_000;
    const date = String(request.headers['x-amz-date']);
    const signed = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
    response.setHeader('date', new Date(now).toUTCString());
    if (Math.abs(signed - now) < leewayMs) response.end(listing('<IsTruncated>false</IsTruncated>'));
    else response.writeHead(403).end('<Error><Code>RequestTimeTooSkewed</Code><Message>No</Message></Error>');
  });
  return { requests: () => requests };
}

test('a clock that is wrong costs one request', async () => {
  const { requests } = beAnHourAhead();
  const { store } = s3Stores.open('s3://b', { endpoint, ...keys }, 'lake');
  for (let n = 0; n < 2; n += 1) {
    expect((await store.listPage('', undefined, { signal })).objects).toHaveLength(1);
  }
  await store.close();
  expect(requests()).toBe(3);
});

test('a clock that is wrong, and stays so, costs two', async () => {
  const { requests } = beAnHourAhead(0);
  const { store } = s3Stores.open('s3://b', { endpoint, ...keys }, 'lake');
  await expect(store.listPage('', undefined, { signal })).rejects.toMatchObject({
    code: 'SOURCE.AUTHENTICATION',
  });
  await store.close();
  expect(requests()).toBe(2);
});

test.each(['AuthorizationHeaderMalformed', 'InvalidRegionName'])(
  '%s says which option to set',
  async (name) => {
    status = 400;
    answer = `<Error><Code>${name}</Code><Message>The region is wrong</Message></Error>`;
    await expect(open(keys).listPage('', undefined, { signal })).rejects.toMatchObject({
      code: 'SOURCE.AUTHENTICATION',
      fix: expect.stringMatching(/Set s3\.region.*AWS_REGION/),
    });
  },
);
