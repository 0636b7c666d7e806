import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** What runs on a PostgreSQL server for Tributary, seen from a connection of its own. */
export class Watcher implements AsyncDisposable {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<Watcher> {
    const client = new Client(url);
    // The server is stopped under it in some tests.
    client.on('error', () => undefined);
    await client.connect();
    return new Watcher(client);
  }

  async run(sql: string): Promise<void> {
    await this.#client.query(sql);
  }

  /** Statements that run, or transactions that are open. */
  async busy(): Promise<readonly string[]> {
    const { rows } = await this.#client.query<{ query: string }>(
      `SELECT state || ': ' || query AS query FROM pg_stat_activity WHERE application_name = 'tributary' AND state <> 'idle'`,
    );
    return rows.map(({ query }) => query);
  }

  async connections(): Promise<number> {
    const { rows } = await this.#client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'tributary'`,
    );
    return rows[0]?.n ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }
}

/** Every file below a folder. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** Waits until a condition holds, for `ms` milliseconds at most. @returns whether it came to hold */
export async function within(ms: number, condition: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + ms;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() > end) return false;
    await sleep(20);
  }
}
