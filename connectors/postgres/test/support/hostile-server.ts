import type { HostileServer } from '@tributary/connector-testkit/dialect';
import { startPostgres } from '@tributary/testbed';
import { Client } from 'pg';
import { createPostgresSource } from '../../src/index.js';
import { type HostileType, hostileTablesSql, pairsTable } from './hostile-values.js';

/** A PostgreSQL that holds the pairs of hostile values. */
export async function openHostileServer(): Promise<HostileServer<HostileType>> {
  const server = await startPostgres();
  const client = new Client(server.url);
  await client.connect();
  await client.query(hostileTablesSql());
  await client.end();
  const source = createPostgresSource('pg', { url: server.url });
  return {
    title: 'PostgreSQL',
    source,
    table: (type) => [pairsTable(type)],
    [Symbol.asyncDispose]: async () => {
      await source.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
