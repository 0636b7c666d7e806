import { DuckDBInstance, type DuckDBConnection, type Json } from '@duckdb/node-api';
import { afterAll, beforeAll } from 'vitest';
import type { Rel } from '../../src/plan/index.js';
import { duckdbDialect } from '../../src/render/duckdb/dialect.js';
import { renderQuery } from '../../src/render/render-query.js';
import type { RenderOptions } from '../../src/render/rendering.js';
import { setup } from './plans.js';

export interface TestDatabase {
  /** The rows of a statement as JSON, in their order. */
  rows(sql: string, values?: readonly string[]): Promise<readonly (readonly Json[])[]>;
  /** A plan's text in DuckDB SQL, between line breaks as a snapshot shows it, and the rows that it yields. */
  rendered(
    rel: Rel,
    options?: Partial<RenderOptions>,
  ): Promise<{ readonly sql: string; readonly rows: readonly (readonly Json[])[] }>;
}

/** A DuckDB with the tables of the goldens, for all tests of a file. */
export function useTestDatabase(): TestDatabase {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const statement of setup) await connection.run(statement);
  });
  afterAll(() => connection.closeSync());
  const rows: TestDatabase['rows'] = async (sql, values) => {
    const reader = await connection.runAndReadAll(sql, values && [...values]);
    return reader.getRowsJson();
  };
  return {
    rows,
    async rendered(rel, options) {
      const { sql } = renderQuery(rel, { dialect: duckdbDialect, ...options });
      return { sql: `\n${sql}\n`, rows: await rows(sql) };
    },
  };
}
