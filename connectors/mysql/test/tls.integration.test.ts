import { TributaryError } from '@tributary/connector-sdk';
import { TestQuery } from '@tributary/connector-testkit/dialect';
import { CertificateAuthority, type KeyPair } from '@tributary/testbed';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../postgres/test/support/server.js';
import type { MySqlOptionsInput } from '../src/index.js';
import { calm, planOf, rowsOf, scanned } from './support/run.js';
import { products, RunningServer } from './support/server.js';

type Ssl = NonNullable<MySqlOptionsInput['ssl']>;

async function failure(work: Promise<unknown>): Promise<TributaryError> {
  const error: unknown = await work.then(
    () => undefined,
    (raised: unknown) => raised,
  );
  if (!(error instanceof TributaryError)) throw new Error(`not one of ours: ${String(error)}`);
  return error;
}

describe.each(products)('%s', (product) => {
  let directory: string;
  let authority: CertificateAuthority;
  let stranger: CertificateAuthority;
  let db: RunningServer;

  const file = (name: string): string => join(directory, name);

  async function show(pair: KeyPair): Promise<void> {
    await writeFile(file('cert.pem'), pair.cert);
    await writeFile(file('key.pem'), pair.key);
  }

  /** Has the server show another certificate. */
  async function reload(...names: readonly string[]): Promise<void> {
    await show(await authority.issue(...names));
    await db.admin.query(product === 'mysql' ? 'ALTER INSTANCE RELOAD TLS' : 'FLUSH SSL');
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tributary-mysql-tls-'));
    authority = await CertificateAuthority.create();
    stranger = await CertificateAuthority.create();
    await writeFile(file('ca.pem'), authority.ca);
    await show(await authority.issue('DNS:localhost'));
    db = await RunningServer.open(product, {
      ssl_ca: file('ca.pem'),
      ssl_cert: file('cert.pem'),
      ssl_key: file('key.pem'),
    });
    for (const statement of [
      'CREATE TABLE digits (d INT)',
      'INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)',
      `CREATE TABLE numbers AS SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS id, repeat('x', 200) AS s
        FROM digits a, digits b, digits c, digits e, digits f`,
      'CREATE VIEW slow AS SELECT d, sleep(5) AS s FROM digits',
      "CREATE USER 'certified'@'%' IDENTIFIED BY 'pw' REQUIRE X509",
      "GRANT SELECT ON *.* TO 'certified'@'%'",
      // Whatever goes without TLS from here on is refused.
      'SET GLOBAL require_secure_transport = ON',
    ]) {
      await db.admin.query(statement);
    }
  });

  afterAll(async () => {
    await db?.[Symbol.asyncDispose]();
    await authority?.[Symbol.asyncDispose]();
    await stranger?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  test.each<readonly [string, (ca: string) => Ssl]>([
    ['prefer', () => ({ mode: 'prefer' })],
    ['require', () => ({ mode: 'require' })],
    ['verify-ca', (ca) => ({ mode: 'verify-ca', ca })],
    ['verify-full', (ca) => ({ mode: 'verify-full', ca })],
  ])('%s gets in, and its rows go through TLS', async (_, sslOf) => {
    const source = db.source({ host: 'localhost', ssl: sslOf(authority.ca) });
    const scan = await scanned(source, 'numbers');
    for (const prefer of ['relation', 'batches'] as const) {
      expect(await rowsOf(source, scan, { prefer })).toHaveLength(100_000);
    }
  });

  test('disable is refused by a server that wants TLS', async () => {
    const error = await failure(db.source({ host: 'localhost', ssl: { mode: 'disable' } }).listTables(calm));
    expect(error.retryable).toBe(false);
    // MariaDB 10.11 says no more than that access is denied.
    expect(error.code).toBe(product === 'mysql' ? 'SOURCE.UNREACHABLE' : 'SOURCE.AUTHENTICATION');
    if (product === 'mysql') expect(error.fix).toContain('ssl.mode');
  });

  test('a statement is killed through TLS', async () => {
    const source = db.source({ host: 'localhost', ssl: { mode: 'verify-full', ca: authority.ca } });
    await using query = await TestQuery.open();
    const plan = planOf(source, await scanned(source, 'slow'));
    const run = failure(source.executeRemoteQuery(plan, query.context({ prefer: 'relation' })));
    const running = async (): Promise<boolean> => {
      const [rows] = await db.admin.query(
        "SELECT 1 FROM information_schema.processlist WHERE info LIKE '%slow%' AND info NOT LIKE '%processlist%'",
      );
      return Array.isArray(rows) && rows.length > 0;
    };
    await until(running, 5_000);
    query.controller.abort(new TributaryError('QUERY.CANCELLED', { message: 'The caller cancelled.' }));
    expect(await until(async () => !(await running()), 5_000)).toBeLessThan(1_000);
    expect((await run).code).toBe('QUERY.CANCELLED');
  });

  test.each(['verify-ca', 'verify-full', 'require'] as const)(
    '%s refuses a certificate of another authority, and says so',
    async (mode) => {
      const source = db.source({ host: 'localhost', ssl: { mode, ca: stranger.ca } });
      const error = await failure(source.listTables(calm));
      expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
      expect(error.message).toMatch(/unable to verify|self-signed|local issuer/);
      expect(error.fix).toContain('`ca`');
    },
  );

  test.each([
    ['a name', 'localhost', 'DNS:db.example.org'],
    ['an address, which stands for no name', '127.0.0.1', 'DNS:localhost'],
  ])('verify-full refuses a certificate for another host: %s; verify-ca takes it', async (_, host, name) => {
    await reload(name);
    const ca = authority.ca;
    const error = await failure(db.source({ host, ssl: { mode: 'verify-full', ca } }).listTables(calm));
    expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
    expect(error.message).toContain("does not match certificate's altnames");
    expect(error.message).toContain(host);
    expect(error.fix).toContain('host name');
    expect(
      (await db.source({ host, ssl: { mode: 'verify-ca', ca } }).listTables(calm)).length,
    ).toBeGreaterThan(0);
  });

  test('verify-full by address, where the certificate has it', async () => {
    await reload('IP:127.0.0.1');
    const source = db.source({ host: '127.0.0.1', ssl: { mode: 'verify-full', ca: authority.ca } });
    expect((await source.listTables(calm)).length).toBeGreaterThan(0);
  });

  test('a user who must show a certificate', async () => {
    await reload('DNS:localhost');
    const options = { host: 'localhost', user: 'certified', password: 'pw' };
    const ssl = { mode: 'verify-full', ca: authority.ca } as const;
    const client = await authority.issue('DNS:client');
    expect(
      (await db.source({ ...options, ssl: { ...ssl, ...client } }).listTables(calm)).length,
    ).toBeGreaterThan(0);
    expect((await failure(db.source({ ...options, ssl }).listTables(calm))).code).toBe(
      'SOURCE.AUTHENTICATION',
    );
  });

  test('a server without TLS', async () => {
    await using plain = await RunningServer.open(product, { ssl: 'OFF' });
    for (const mode of ['require', 'verify-ca', 'verify-full'] as const) {
      const error = await failure(plain.source({ ssl: { mode } }).listTables(calm));
      expect(error).toMatchObject({ code: 'SOURCE.UNREACHABLE', retryable: false });
      expect(error.fix).toContain('The server has no TLS');
    }
    for (const mode of ['prefer', 'disable'] as const) {
      expect(await plain.source({ ssl: { mode } }).listTables(calm)).toEqual([]);
    }
  });
});
