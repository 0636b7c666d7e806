import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Tarballs,
  installedPackages,
  npmInstall,
  packAll,
  publicManifests,
} from './support/tarballs.js';

let folder: string;
let tarballs: Tarballs;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-third-party-'));
  tarballs = await packAll(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What an app gets that asks for these of our packages. */
async function treeOf(name: string, ...wanted: readonly string[]): Promise<ReadonlySet<string>> {
  const directory = join(folder, name);
  await npmInstall(
    directory,
    tarballs,
    Object.fromEntries(tarballs.entries().filter(([each]) => wanted.includes(each))),
  );
  return installedPackages(directory);
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

  it('brings neither DuckDB nor a driver with the SDK', async () => {
    const tree = await treeOf('sdk-alone', '@tributary/connector-sdk');
    expect(tree).toContain('@tributary/contract');
    expect([...tree].filter((name) => name.startsWith('@duckdb/'))).toEqual([]);
    expect(drivers.filter((driver) => tree.has(driver))).toEqual([]);
  });
});
