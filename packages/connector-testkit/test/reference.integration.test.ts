import { afterAll, describe, it } from 'vitest';
import { describeConnector } from '../src/index.js';
import { DuckdbServer } from './reference/duckdb-server.js';
import { MemoryService } from './reference/memory-service.js';
import { plainSubject } from './reference/plain-subject.js';
import { sqlSubject } from './reference/sql-subject.js';

describe('a SQL source that does everything right', async () => {
  const server = await DuckdbServer.open();
  afterAll(() => server[Symbol.asyncDispose]());
  describeConnector({ ...sqlSubject(server), test: it, after: afterAll });
});

describe('a plain source that does everything right', () => {
  describeConnector({ ...plainSubject(new MemoryService()), test: it, after: afterAll });
});
