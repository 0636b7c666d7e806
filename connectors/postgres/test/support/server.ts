import { type PostgresServer, startPostgres } from '@tributary/testbed';
import { Client } from 'pg';
import { createPostgresSource, type PostgresOptionsInput, type PostgresSource } from '../../src/index.js';

/** A PostgreSQL with the given tables, an administrator's connection to it, and sources that the tests make of it. */
export class TestServer implements AsyncDisposable {
  readonly server: PostgresServer;
  readonly admin: Client;
  readonly #sources: PostgresSource[] = [];

  private constructor(server: PostgresServer, admin: Client) {
    this.server = server;
    this.admin = admin;
  }

  static async open(sql: string): Promise<TestServer> {
    const server = await startPostgres();
    const admin = new Client(server.url);
    admin.on('error', () => undefined);
    await admin.connect();
    await admin.query(sql);
    return new TestServer(server, admin);
  }

  source(options: PostgresOptionsInput = {}): PostgresSource {
    const source = createPostgresSource('pg', { url: this.server.url, ...options });
    this.#sources.push(source);
    return source;
  }

  /** Sessions of ours, by what they do. */
  async sessions(state?: 'active' | 'idle'): Promise<number> {
    const { rows } = await this.admin.query<{ readonly count: string }>(
      `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tributary' AND ($1::text IS NULL OR state = $1)`,
      [state ?? null],
    );
    return Number(rows[0]?.count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const source of this.#sources) await source.close();
    await this.admin.end();
    await this.server[Symbol.asyncDispose]();
  }
}

/** Polls until the condition holds; returns how long that took, in milliseconds. */
export async function until(condition: () => Promise<boolean>, limitMs: number): Promise<number> {
  const start = performance.now();
  while (!(await condition())) {
    if (performance.now() - start > limitMs)
      throw new Error(`the condition did not hold within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return performance.now() - start;
}
