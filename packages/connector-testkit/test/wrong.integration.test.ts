import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkConnector } from '../src/index.js';
import { DuckdbServer } from './reference/duckdb-server.js';
import { MemoryService } from './reference/memory-service.js';
import { closeLeaks, wrongManners } from './wrong/wrong-manners.js';
import { wrongSemantics } from './wrong/wrong-semantics.js';
import { wrongValues } from './wrong/wrong-values.js';

const plain = new MemoryService();
let sql: DuckdbServer;

beforeAll(async () => {
  sql = await DuckdbServer.open();
});
afterAll(async () => {
  await closeLeaks();
  await sql[Symbol.asyncDispose]();
});

it.each([...wrongValues, ...wrongSemantics, ...wrongManners])(
  'a connector that $mistake fails $check',
  async ({ check, says, subject }) => {
    const results = await checkConnector(subject({ sql, plain }), (id) => id === check);
    const result = results.get(check);
    expect(result?.outcome).toBe('failed');
    expect(result?.outcome === 'failed' && String(result.error)).toMatch(says);
  },
);
