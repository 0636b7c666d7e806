import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type PostgresServer, startPostgres } from '@tributary/testbed';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from './support/run-program.js';
import {
  type Tarballs,
  installedPackages,
  npmInstall,
  packAll,
  publicManifests,
} from './support/tarballs.js';

let folder: string;
let tarballs: Tarballs;
let server: PostgresServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-third-party-'));
  [tarballs, server] = await Promise.all([packAll(folder), startPostgres()]);
  await fillShop(server.url);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Some of our packages, as dependencies. */
function pick(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tarballs.entries().filter(([name]) => names.includes(name)));
}

/** What an app gets that asks for these of our packages. */
async function treeOf(directory: string, ...names: readonly string[]): Promise<ReadonlySet<string>> {
  await npmInstall(join(folder, directory), tarballs, pick(...names));
  return installedPackages(join(folder, directory));
}

describe('a connector of a third party', () => {
  const packageName = '@acme/tributary-connector-ledger';

  it('is made, tested, built, packed, installed by its name, and joined with PostgreSQL', async () => {
    const work = join(folder, 'work');
    await npmInstall(work, tarballs, pick('create-tributary-connector'));
    const create = (directory: string, ...options: readonly string[]): Promise<string> =>
      runProgram('npm', ['create', 'tributary-connector', directory, '--', ...options], work);
    await create('ledger', '--kind', 'sql', '--name', packageName);
    await create('weather', '--kind', 'plain');

    const project = join(work, 'ledger');
    await npmInstall(project, tarballs);
    await runProgram('npm', ['run', 'check'], project);
    // Both kinds need the same packages.
    await symlink(join(project, 'node_modules'), join(work, 'weather', 'node_modules'));
    await runProgram('npm', ['run', 'check'], join(work, 'weather'));

    expect(await runProgram('npm', ['test'], project)).toMatch(/^ℹ fail 0$/m);
    expect(JSON.parse(await readFile(join(project, 'conformance.json'), 'utf8'))).toMatchObject({
      name: 'ledger',
      grade: 'beta',
      areas: expect.arrayContaining([expect.objectContaining({ area: 'answers', failed: 0, gaps: 0 })]),
    });
    await runProgram('npm', ['run', 'build'], project);
    await runProgram('npm', ['pack', '--pack-destination', folder], project);
    const tarball = join(folder, 'acme-tributary-connector-ledger-0.1.0.tgz');
    await runProgram('publint', ['run', tarball, '--strict'], folder);

    const app = join(folder, 'app');
    await npmInstall(app, tarballs, {
      ...pick('@tributary/cli'),
      [packageName]: `file:${tarball}`,
    });
    fillLedger(join(app, 'ledger.db'));
    await writeFile(
      join(app, 'tributary.yaml'),
      `sources:
  shop: { connector: postgres, url: '${server.url}' }
  books: { connector: '${packageName}', file: ledger.db }
`,
    );
    const sql = `SELECT c.name, count(*) AS entries, max(e.amount) AS most
      FROM books.entries e JOIN shop.customers c ON c.id = e.customer WHERE e.amount > 10 GROUP BY c.name ORDER BY c.name`;
    const rows: unknown = JSON.parse(await runProgram('npx', ['tributary', 'query', '-F', 'json', sql], app));
    expect(rows).toEqual([
      { name: 'Ada', entries: 2, most: 30 },
      { name: 'Grace', entries: 1, most: 500 },
    ]);
    expect(await runProgram('npx', ['tributary', 'explain', sql], app)).toMatch(/WHERE .*"amount" > 10/);
    // Less than a minute; several times that where the machine does much else.
  }, 600_000);
});

/** Customers are in PostgreSQL, what they owe in a file that only the new connector reads. */
async function fillShop(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(`CREATE TABLE customers AS SELECT * FROM (VALUES (1, 'Ada'), (2, 'Grace')) t(id, name)`);
  await client.end();
}

function fillLedger(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`CREATE TABLE entries (id INTEGER PRIMARY KEY, customer INTEGER, amount INTEGER) STRICT;
    INSERT INTO entries VALUES (1, 1, 20), (2, 1, 30), (3, 1, 5), (4, 2, 500), (5, 3, 700), (6, NULL, 900)`);
  database.close();
}

describe('what npm installs', () => {
  const manifests = publicManifests();
  const connectors = manifests
    .map(({ name }) => name)
    .filter((name) => /^@tributary\/connector-(?!sdk|testkit)/.test(name));
  const foundation = ['@tributary/contract', '@tributary/columnar', '@tributary/connector-sdk'];
  const dependenciesOf = (...names: readonly string[]): readonly string[] =>
    manifests
      .filter(({ name }) => names.includes(name))
      .flatMap(({ dependencies }) => Object.keys(dependencies ?? {}));
  /** What only connectors bring; zod reads their options. */
  const drivers = dependenciesOf(...connectors).filter(
    (name) =>
      !name.startsWith('@tributary/') && name !== 'zod' && !dependenciesOf(...foundation).includes(name),
  );

  it('knows the drivers', () => {
    expect(drivers).toEqual(expect.arrayContaining(['pg', 'mysql2', '@clickhouse/client']));
  });

  it('brings no driver of another connector with the core and one connector', async () => {
    const tree = await treeOf('one-connector', '@tributary/core', '@tributary/connector-postgres');
    expect(tree).toContain('@duckdb/node-api');
    expect(tree).toContain('pg');
    const own = dependenciesOf('@tributary/connector-postgres');
    expect(drivers.filter((driver) => !own.includes(driver) && tree.has(driver))).toEqual([]);
    expect(connectors.filter((name) => tree.has(name))).toEqual(['@tributary/connector-postgres']);
  });

  it('brings no SDK of a cloud with Delta, whose stores are a choice', async () => {
    const stores = manifests.map(({ name }) => name).filter((name) => name.startsWith('@tributary/store-'));
    const sdks = dependenciesOf(...stores).filter((name) => /^@(aws-sdk|google-cloud|azure)\//.test(name));
    expect(sdks.length).toBeGreaterThanOrEqual(stores.length);
    const tree = await treeOf('delta-alone', '@tributary/connector-delta');
    expect(tree).toContain('@tributary/lake');
    expect([...stores, ...sdks].filter((name) => tree.has(name))).toEqual([]);
  });

  it('brings neither DuckDB nor a driver with the SDK', async () => {
    const tree = await treeOf('sdk-alone', '@tributary/connector-sdk');
    expect(tree).toContain('@tributary/contract');
    expect([...tree].filter((name) => name.startsWith('@duckdb/'))).toEqual([]);
    expect(drivers.filter((driver) => tree.has(driver))).toEqual([]);
  });
});
