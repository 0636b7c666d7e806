import { createClient } from '@clickhouse/client';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';

/**
 * Runs statements whose results do not matter, one after the other on one connection: to make tables and fill them.
 *
 * @param url connection URL (`postgres:`, `mysql:`, or `http:` for ClickHouse)
 */
export async function runStatements(url: string, statements: readonly string[]): Promise<void> {
  const { protocol } = new URL(url);
  const { run, close } = protocol.startsWith('postgres')
    ? await openPostgres(url)
    : protocol === 'mysql:'
      ? await openMysql(url)
      : openClickhouse(url);
  try {
    for (const statement of statements) await run(statement);
  } finally {
    await close();
  }
}

interface Session {
  run(statement: string): Promise<unknown>;
  close(): Promise<void>;
}

async function openPostgres(url: string): Promise<Session> {
  const client = new Client(url);
  await client.connect();
  return { run: (statement) => client.query(statement), close: () => client.end() };
}

async function openMysql(url: string): Promise<Session> {
  const connection = await createConnection(url);
  return { run: (statement) => connection.query(statement), close: () => connection.end() };
}

function openClickhouse(url: string): Session {
  const client = createClient({ url });
  return { run: (query) => client.command({ query }), close: () => client.close() };
}
