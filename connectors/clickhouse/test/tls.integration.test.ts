import { TributaryError } from '@tributary/connector-sdk';
import { TestQuery } from '@tributary/connector-testkit/dialect';
import { CertificateAuthority, type KeyPair, openPlainDuckDB, TlsFront } from '@tributary/testbed';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calm, describedScan, planOf } from './support/plan.js';
import { TestClickhouse } from './support/test-server.js';

/** The engine of the tests has no HTTPS, so TLS stands before it: what the client meets is the same. */
let server: TestClickhouse;
let authority: CertificateAuthority;
let stranger: CertificateAuthority;
let byName: KeyPair;

beforeAll(async () => {
  server = await TestClickhouse.open([
    'CREATE TABLE numbered ENGINE = MergeTree ORDER BY k AS SELECT number::Int64 AS k, toString(number) AS s FROM numbers(300000)',
  ]);
  authority = await CertificateAuthority.create();
  stranger = await CertificateAuthority.create();
  byName = await authority.issue('DNS:localhost');
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await authority?.[Symbol.asyncDispose]();
  await stranger?.[Symbol.asyncDispose]();
});

function front(pair: KeyPair, clientAuthority?: string): Promise<TlsFront> {
  const upstream = { host: server.server.host, port: server.server.port };
  return TlsFront.open({ ...pair, upstream, ...(clientAuthority !== undefined && { clientAuthority }) });
}

async function failure(work: Promise<unknown>): Promise<TributaryError> {
  const error: unknown = await work.then(
    () => undefined,
    (raised: unknown) => raised,
  );
  if (!(error instanceof TributaryError)) throw new Error(`not one of ours: ${String(error)}`);
  return error;
}

test.each(['relation', 'batches'] as const)('%s through TLS with an authority of our own', async (prefer) => {
  await using tls = await front(byName);
  const source = server.source({ host: 'localhost', port: tls.port, tls: { ca: authority.ca } });
  await using query = await TestQuery.open();
  const plan = planOf(source, await describedScan(source, 'numbered'));
  const result = await source.executeRemoteQuery(plan, query.context({ prefer }));
  let rows = 0;
  if (result.kind === 'relation') {
    await using duckdb = await openPlainDuckDB();
    rows = (await duckdb.query(result.sql)).rows.length;
    await result.release();
  } else for await (const batch of result.batches) rows += batch.numRows;
  expect(rows).toBe(300_000);
  expect(tls.secured).toBeGreaterThan(0);
});

test('a certificate of an authority that nobody knows', async () => {
  await using tls = await front(byName);
  for (const trusted of [true, { ca: stranger.ca }]) {
    const error = await failure(
      server.source({ host: 'localhost', port: tls.port, tls: trusted }).listTables(calm),
    );
    expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
    expect(error.fix).toContain('`ca`');
  }
  expect(tls.secured).toBe(0);
});

test.each([
  ['a name', 'localhost', 'DNS:db.example.org'],
  ['an address, which stands for no name', '127.0.0.1', 'DNS:localhost'],
])('a certificate for another host: %s', async (_, host, name) => {
  await using tls = await front(await authority.issue(name));
  const source = server.source({ host, port: tls.port, tls: { ca: authority.ca } });
  const error = await failure(source.listTables(calm));
  expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
  expect(error.message).toContain("does not match certificate's altnames");
  expect(error.fix).toContain('host name');
});

test('by address, where the certificate has it', async () => {
  await using tls = await front(await authority.issue('IP:127.0.0.1'));
  const source = server.source({ host: '127.0.0.1', port: tls.port, tls: { ca: authority.ca } });
  expect((await source.listTables(calm)).length).toBe(1);
});

test('a server that wants a certificate of the client', async () => {
  await using tls = await front(byName, authority.ca);
  const options = { host: 'localhost', port: tls.port };
  const client = await authority.issue('DNS:client');
  const ca = authority.ca;
  // With a password, which is what logs in.
  expect(await server.source({ ...options, tls: { ca, ...client } }).listTables(calm)).toHaveLength(1);
  // Without one the certificate is to, and this engine knows none: but it got as far as to say so.
  const other = server.source({ ...options, user: 'certified', password: '', tls: { ca, ...client } });
  expect((await failure(other.listTables(calm))).code).toBe('SOURCE.AUTHENTICATION');
  const error = await failure(server.source({ ...options, tls: { ca } }).listTables(calm));
  expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
  expect(error.fix).toContain('`cert`');
});

test('a login by certificate trusts what Node trusts', async () => {
  await using tls = await front(byName, authority.ca);
  const client = await authority.issue('DNS:client');
  const before = getCACertificates('default');
  // As NODE_EXTRA_CA_CERTS does when a process starts.
  setDefaultCACertificates([...before, authority.ca]);
  try {
    const options = { host: 'localhost', port: tls.port, user: 'certified', password: '' };
    const error = await failure(server.source({ ...options, tls: client }).listTables(calm));
    expect(error.code).toBe('SOURCE.AUTHENTICATION');
  } finally {
    setDefaultCACertificates(before);
  }
});

test.each([
  ['', { 'x-clickhouse-user': 'certified', 'x-clickhouse-ssl-certificate-auth': 'on' }],
  ['secret', { authorization: `Basic ${Buffer.from('certified:secret').toString('base64')}` }],
])('a certificate logs in only without a password: %j', async (password, expected) => {
  const heard: IncomingHttpHeaders[] = [];
  const https = createServer(byName, (request, response) => {
    heard.push(request.headers);
    response.writeHead(403).end();
  }).listen(0, '127.0.0.1');
  await once(https, 'listening');
  const address = https.address();
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
  const options = { host: 'localhost', port: address.port, user: 'certified', password };
  const tls = { ca: authority.ca, ...(await authority.issue('DNS:client')) };
  await failure(server.source({ ...options, tls }).listTables(calm));
  https.close();
  const names = [
    'authorization',
    'x-clickhouse-user',
    'x-clickhouse-key',
    'x-clickhouse-ssl-certificate-auth',
  ];
  const sent = Object.entries(heard[0] ?? {}).filter(([name]) => names.includes(name));
  expect(Object.fromEntries(sent)).toEqual(expected);
});

test('https where no TLS is spoken', async () => {
  const error = await failure(server.source({ tls: { ca: authority.ca } }).listTables(calm));
  expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
  expect(error.fix).toContain('turn TLS off');
});

test('http where TLS is spoken', async () => {
  await using tls = await front(byName);
  const error = await failure(
    server.source({ host: 'localhost', port: tls.port, tls: false }).listTables(calm),
  );
  expect(error.code).toBe('SOURCE.UNREACHABLE');
  expect(error.fix).toContain('HTTPS');
});
