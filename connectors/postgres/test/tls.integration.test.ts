import { CertificateAuthority, type KeyPair, TlsFront } from '@tributary/testbed';
import { TributaryError } from '@tributary/contract/errors';
import { TestQuery } from '@tributary/connector-testkit/dialect';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PostgresOptionsInput } from '../src/index.js';
import { optionsSchema } from '../src/options.js';
import { planOf, rowsIn, rowsOf, scan } from './support/run.js';
import { TestServer, until } from './support/server.js';

/** The binaries of the tests are built without TLS, so it stands before the server: what the client meets is the same. */
let db: TestServer;
let authority: CertificateAuthority;
let stranger: CertificateAuthority;
let byName: KeyPair;

const calm = { signal: new AbortController().signal };

beforeAll(async () => {
  db = await TestServer.open(`
    CREATE TABLE numbers AS SELECT g::bigint AS id, md5(g::text) AS s FROM generate_series(1, 300000) g;
    CREATE VIEW slow AS SELECT g AS id FROM generate_series(1, 1000) g WHERE pg_sleep(0.05) IS NOT NULL;
    ANALYZE;`);
  authority = await CertificateAuthority.create();
  stranger = await CertificateAuthority.create();
  byName = await authority.issue('DNS:localhost');
});

afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
  await authority?.[Symbol.asyncDispose]();
  await stranger?.[Symbol.asyncDispose]();
});

function front(pair: KeyPair, clientAuthority?: string): Promise<TlsFront> {
  const upstream = { host: db.server.host, port: db.server.port };
  return TlsFront.open({
    ...pair,
    upstream,
    greeting: 'postgres',
    ...(clientAuthority !== undefined && { clientAuthority }),
  });
}

async function failure(work: Promise<unknown>): Promise<TributaryError> {
  const error: unknown = await work.then(
    () => undefined,
    (raised: unknown) => raised,
  );
  if (!(error instanceof TributaryError)) throw new Error(`not one of ours: ${String(error)}`);
  return error;
}

type Ssl = NonNullable<PostgresOptionsInput['ssl']>;

describe('a server with TLS', () => {
  test.each<readonly [string, (ca: string) => Ssl]>([
    ['prefer', () => ({ mode: 'prefer' })],
    ['require', () => ({ mode: 'require' })],
    ['require with its authority', (ca) => ({ mode: 'require', ca })],
    ['verify-ca', (ca) => ({ mode: 'verify-ca', ca })],
    ['verify-full', (ca) => ({ mode: 'verify-full', ca })],
  ])('%s gets in, and everything goes through TLS', async (_, sslOf) => {
    await using tls = await front(byName);
    const options = { host: 'localhost', port: tls.port, ssl: sslOf(authority.ca) };
    const source = db.source({ ...options, minSplitRows: 1000 });
    const plan = planOf(source, await scan(source, 'numbers'), 300_000);
    await using query = await TestQuery.open();
    expect(await rowsIn(query, source, plan)).toHaveLength(300_000);
    expect(tls.secured).toBe(3);
    expect(await rowsIn(query, source, plan, { prefer: 'batches' })).toHaveLength(300_000);
    await source.close();
  });

  test.each<readonly [string, string, (ca: string) => Ssl]>([
    ['a name', 'localhost', (ca) => ({ mode: 'verify-full', ca })],
    ['an address', '127.0.0.1', (ca) => ({ mode: 'verify-full', ca })],
  ])('a statement is cancelled through TLS, by %s', async (_, host, sslOf) => {
    await using tls = await front(
      await authority.issue(host === 'localhost' ? 'DNS:localhost' : 'IP:127.0.0.1'),
    );
    const source = db.source({ host, port: tls.port, ssl: sslOf(authority.ca) });
    await using query = await TestQuery.open();
    const plan = planOf(source, await scan(source, 'slow'));
    const error = failure(rowsIn(query, source, plan));
    await until(async () => (await db.sessions('active')) === 1, 5_000);
    const before = tls.secured;
    query.controller.abort(new TributaryError('QUERY.CANCELLED', { message: 'The caller cancelled.' }));
    expect(await until(async () => (await db.sessions('active')) === 0, 10_000)).toBeLessThan(1_000);
    expect((await error).code).toBe('QUERY.CANCELLED');
    expect(tls.secured).toBe(before + 1);
    await source.close();
  });

  test.each(['verify-ca', 'verify-full', 'require'] as const)(
    '%s refuses a certificate of another authority, and says so',
    async (mode) => {
      await using tls = await front(byName);
      const source = db.source({ host: 'localhost', port: tls.port, ssl: { mode, ca: stranger.ca } });
      const error = await failure(source.listTables(calm));
      expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
      expect(error.message).toMatch(/unable to verify|self-signed|local issuer/);
      expect(error.fix).toContain('`ca`');
      expect(tls.secured).toBe(0);
    },
  );

  test('without ssl.ca an authority of ones own is not known', async () => {
    await using tls = await front(byName);
    const source = db.source({ host: 'localhost', port: tls.port, ssl: { mode: 'verify-full' } });
    expect((await failure(source.listTables(calm))).fix).toContain('`ca`');
  });

  test.each([
    ['a name', 'localhost', 'DNS:db.example.org'],
    ['an address, which stands for no name', '127.0.0.1', 'DNS:localhost'],
  ])('verify-full refuses a certificate for another host: %s; verify-ca takes it', async (_, host, name) => {
    await using tls = await front(await authority.issue(name));
    const options = { host, port: tls.port };
    const full = db.source({ ...options, ssl: { mode: 'verify-full', ca: authority.ca } });
    const error = await failure(full.listTables(calm));
    expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
    expect(error.message).toContain("does not match certificate's altnames");
    expect(error.message).toContain(host);
    expect(error.fix).toMatch(/host|name/);
    const lax = db.source({ ...options, ssl: { mode: 'verify-ca', ca: authority.ca } });
    expect((await lax.listTables(calm)).length).toBeGreaterThan(0);
  });

  test('verify-full by address, where the certificate has it', async () => {
    await using tls = await front(await authority.issue('IP:127.0.0.1'));
    const source = db.source({
      host: '127.0.0.1',
      port: tls.port,
      ssl: { mode: 'verify-full', ca: authority.ca },
    });
    expect((await source.listTables(calm)).length).toBeGreaterThan(0);
  });

  test('that wants a certificate of the client', async () => {
    await using tls = await front(byName, authority.ca);
    const options = { host: 'localhost', port: tls.port };
    const client = await authority.issue('DNS:client');
    const ssl = { mode: 'verify-full', ca: authority.ca } as const;
    const source = db.source({ ...options, ssl: { ...ssl, ...client } });
    expect((await source.listTables(calm)).length).toBeGreaterThan(0);
    const error = await failure(db.source({ ...options, ssl }).listTables(calm));
    expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
    expect(error.fix).toContain('`cert`');
  });
});

describe('a server without TLS', () => {
  test.each(['require', 'verify-ca', 'verify-full'] as const)('%s refuses it', async (mode) => {
    const error = await failure(db.source({ ssl: { mode, ca: authority.ca } }).listTables(calm));
    expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
    expect(error.message).toContain('does not support SSL');
    expect(error.fix).toContain('ssl.mode');
  });

  test.each(['prefer', 'disable'] as const)('%s goes on without', async (mode) => {
    const source = db.source({ ssl: { mode } });
    expect(await rowsOf(source, await scan(source, 'numbers'))).toHaveLength(300_000);
  });
});

test('certificates and keys that cannot be used are named before anybody connects', async () => {
  const { ca } = authority;
  const [one, other] = [await authority.issue('DNS:x'), await authority.issue('DNS:x')];
  const broken = (label: string): string => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;
  const issueOf = (ssl: Omit<Ssl, 'mode'>): string => {
    const parsed = optionsSchema.safeParse({ ssl: { mode: 'verify-full', ...ssl } });
    return parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join() ?? '';
  };
  expect(issueOf({ ca: `# ours\n${ca}${stranger.ca}`, ...one })).toBe('');
  const together = one.key + one.cert;
  expect(issueOf({ ca: together, cert: together, key: together })).toBe('');
  expect(issueOf({ ca: one.key })).toMatch(/^ssl.ca .*no certificate/);
  expect(issueOf({ ...one, cert: one.key })).toMatch(/^ssl.cert .*no certificate/);
  expect(issueOf({ ...one, cert: one.key + broken('CERTIFICATE') })).toMatch(/^ssl.cert .*cannot be read/);
  expect(issueOf({ ca: broken('X509 CERTIFICATE') })).toMatch(/^ssl.ca .*cannot be read/);
  expect(issueOf({ ca: broken('CERTIFICATE') })).toMatch(/^ssl.ca .*cannot be read/);
  expect(issueOf({ ca: ca + broken('CERTIFICATE') })).toMatch(/^ssl.ca .*cannot be read/);
  expect(issueOf({ cert: one.cert })).toMatch(/^ssl.cert needs/);
  expect(issueOf({ key: one.key })).toMatch(/^ssl.key needs/);
  expect(issueOf({ ...one, cert: broken('CERTIFICATE') })).toMatch(/^ssl.cert .*cannot be read/);
  expect(issueOf({ ...one, key: broken('PRIVATE KEY') })).toMatch(/^ssl.key .*cannot be read/);
  expect(issueOf({ ...one, key: other.key })).toMatch(/^ssl.key is not the key/);
});
