import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GcsOptions } from './gcs-options.js';
import { gcsStores } from './gcs-stores.js';

const secret = 'hunter2';
const { signal } = new AbortController();

/** Google's token service, its store and a proxy, in one. */
let server: Server;
let endpoint: string;
let requests: IncomingMessage[];
let tokens: { readonly status: number; readonly body: object };
let answer: string;
let folder: string;
beforeEach(async () => {
  answer = '{}';
  requests = [];
  tokens = { status: 200, body: { access_token: 'a-token', expires_in: 3600, token_type: 'Bearer' } };
  server = createServer((request, response) => {
    requests.push(request);
    const isOfTokens = request.url === '/token';
    response.writeHead(isOfTokens ? tokens.status : 200, { 'content-type': 'application/json' });
    response.end(isOfTokens ? JSON.stringify(tokens.body) : answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'gcs-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

async function listed(options: GcsOptions): Promise<unknown> {
  const { store } = gcsStores.open('gs://bucket/prefix', options, 'lake');
  try {
    return await store.listPage('', undefined, { signal }).catch((error: unknown) => error);
  } finally {
    await store.close();
  }
}

/** Credentials of a workload elsewhere, which are exchanged for a token at an address that their file names. */
async function useDefaultCredentials(): Promise<void> {
  await writeFile(join(folder, 'subject'), secret);
  const file = join(folder, 'default.json');
  const content = {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/x',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${endpoint}/token`,
    credential_source: { file: join(folder, 'subject') },
  };
  await writeFile(file, JSON.stringify(content));
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file);
}

/** The server is the proxy for HTTPS, too, and lets nobody through; gives where they wanted to go. */
function useProxy(): readonly (string | undefined)[] {
  const asked: (string | undefined)[] = [];
  server.on('connect', ({ url }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
  });
  for (const name of ['HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, endpoint);
  for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '');
  return asked;
}

test('default credentials are exchanged for a token, which requests carry', async () => {
  await useDefaultCredentials();
  const options = { endpoint, anonymous: false, projectId: 'p', userProject: 'payer' };
  expect(await listed(options)).toEqual({ objects: [] });
  expect(requests.map(({ url }) => url?.replace(/\?.*/, ''))).toEqual(['/token', '/storage/v1/b/bucket/o']);
  expect(requests[1]?.headers).toMatchObject({ authorization: 'Bearer a-token' });
  expect(requests[1]?.url).toContain('userProject=payer');
});

test('an endpoint without a key is asked without a token', async () => {
  await useDefaultCredentials();
  expect(await listed({ endpoint })).toEqual({ objects: [] });
  vi.stubEnv('STORAGE_EMULATOR_HOST', endpoint);
  expect(await listed({})).toEqual({ objects: [] });
  expect(requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  expect(gcsStores.open('gs://bucket', {}, 'lake')).toMatchObject({ endpoint, prefix: '' });
});

test.each([
  [400, { error: 'invalid_grant', error_description: secret }, 'SOURCE.AUTHENTICATION', 'invalid_grant'],
  [401, {}, 'SOURCE.AUTHENTICATION', 'HTTP 401'],
])('a token that is refused with %i', async (status, body, code, reason) => {
  await useDefaultCredentials();
  tokens = { status, body };
  const error = await listed({ endpoint, anonymous: false, projectId: 'p' });
  expect(error).toMatchObject({ code, message: `gs://bucket/: no token could be had: ${reason}.` });
  expect(inspect(error, { depth: 9 })).not.toContain(secret);
});

test.each([
  ['missing', undefined, /no credentials could be had: ENOENT.*missing\.json/],
  ['broken', `{"private_key": "${secret}" oops`, /no credentials could be had\./],
  ['empty', '{}', /no key of a service account/],
  [
    "a user's",
    JSON.stringify({ type: 'authorized_user', refresh_token: secret }),
    /its file holds no key of a service account; GOOGLE_APPLICATION_CREDENTIALS may name others/,
  ],
  [
    'crooked',
    JSON.stringify({ client_email: 'a@b', private_key: secret }),
    /the private key cannot be read\./,
  ],
])('a key file that is %s', async (name, content, message) => {
  const keyFilename = join(folder, `${name}.json`);
  if (content !== undefined) await writeFile(keyFilename, content);
  const error = await listed({ endpoint, keyFilename });
  expect(error).toMatchObject({ code: 'SOURCE.AUTHENTICATION', message: expect.stringMatching(message) });
  expect(inspect(error, { depth: 9 })).not.toContain(secret);
});

test('a key with escaped ends of lines signs a request for a token, and nothing is said on the console', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const asked = useProxy();
  const warn = vi.spyOn(console, 'warn');
  const credentials = { client_email: 'a@b', private_key: privateKey.replaceAll('\n', String.raw`\n`) };
  const error = await listed({ endpoint, credentials });
  expect(new Set(asked)).toEqual(new Set(['oauth2.googleapis.com:443']));
  expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: true });
  expect(requests).toEqual([]);
  expect(warn).not.toHaveBeenCalled();
});

test('a server that speaks something else is found out', async () => {
  answer = '<html>hunter2</html>';
  expect(await listed({ endpoint })).toMatchObject({
    code: 'SOURCE.QUERY_FAILED',
    message: "gs://bucket/: the answer is not in Google Cloud Storage's protocol.",
  });
});

test('requests go through the proxy that the environment names', async () => {
  const asked = useProxy();
  expect(await listed({ anonymous: true })).toMatchObject({ code: 'SOURCE.UNREACHABLE' });
  expect(asked).toEqual(['storage.googleapis.com:443']);
});

test('who waits for a token can stop', async () => {
  await useDefaultCredentials();
  server.removeAllListeners('request');
  const { store } = gcsStores.open('gs://bucket', { endpoint, anonymous: false, projectId: 'p' }, 'lake');
  const abort = new AbortController();
  const page = store.listPage('', undefined, { signal: abort.signal });
  await once(server, 'request');
  abort.abort();
  await expect(page).rejects.toMatchObject({ code: 'QUERY.CANCELLED' });
});
