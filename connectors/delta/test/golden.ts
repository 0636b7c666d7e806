import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, createEngine } from '@tributary/core';
import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { createLocalFolderSource, localStore } from '@tributary/lake';
import { createDeltaObjectSource, createDeltaSource } from '../src/index.js';

/** Where the tables are that `scripts/` wrote, and beside each what its own writer reads from it. */
export const fixtures = join(import.meta.dirname, 'fixtures');

export interface Golden {
  readonly name: string;
  readonly version: number;
}

/** The tables and versions for which there is an answer by the writer. */
export function goldens(): readonly Golden[] {
  return readdirSync(join(fixtures, 'expected')).flatMap((file) => {
    const [, name, version] = /^(\w+)@v(\d+)\.parquet$/.exec(file) ?? [];
    return name === undefined ? [] : [{ name, version: Number(version) }];
  });
}

/** The newest version of each table. */
export function newestGoldens(): readonly Golden[] {
  const byName = Map.groupBy(goldens(), ({ name }) => name);
  return [...byName].map(([name, all]) => ({
    name,
    version: Math.max(...all.map(({ version }) => version)),
  }));
}

/** The tables where they lie. */
export function localTables(): IFederatedDataSource {
  return createDeltaSource('lake', { root: join(fixtures, 'tables') });
}

/** The tables as objects of a store, of which only the bytes that matter are fetched. */
export function storedTables(): IFederatedDataSource {
  const store = localStore(fixtures, 'lake');
  return createDeltaObjectSource({ sourceId: 'lake', store, prefix: 'tables', cache: false });
}

/** An engine over the tables (`lake`) and the answers (`expected`). */
export function goldenEngine(lake: IFederatedDataSource): Promise<Engine> {
  return createEngine({
    sources: [
      lake,
      createLocalFolderSource({
        sourceId: 'expected',
        connector: 'duckdb-s3',
        root: join(fixtures, 'expected'),
      }),
    ],
  });
}

export async function rowsOf(engine: Engine, sql: string): Promise<readonly unknown[]> {
  const result = await engine.query(sql);
  return result.rows();
}

/** Rows in DuckDB's text, which tells -0.0 from 0.0, in an order of their own. */
export async function textRows(engine: Engine, table: string): Promise<readonly string[]> {
  const rows = await rowsOf(engine, `SELECT COLUMNS(*)::VARCHAR FROM ${table}`);
  return rows.map((row) => JSON.stringify(row)).toSorted();
}

export function historyOf(
  name: string,
): readonly { readonly version: number; readonly timestamp: number; readonly operation: string }[] {
  return JSON.parse(readFileSync(join(fixtures, 'expected', `${name}.history.json`), 'utf8'));
}
