import { type ClickHouseClient, createClient } from '@clickhouse/client';
import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { type TestServer, startClickhouse } from '@tributary/testbed';
import { type ClickhouseOptionsInput, createClickhouseSource } from '../../src/index.js';

/** A ClickHouse with the given tables, an administrator's client, and sources that the tests make of it. */
export class TestClickhouse implements AsyncDisposable {
  readonly server: TestServer;
  readonly admin: ClickHouseClient;
  readonly #sources: IFederatedDataSource[] = [];

  private constructor(server: TestServer) {
    this.server = server;
    this.admin = createClient({ url: server.url });
  }

  /** @param options of the server */
  static async open(
    statements: readonly string[],
    options: Parameters<typeof startClickhouse>[0] = {},
  ): Promise<TestClickhouse> {
    const opened = new TestClickhouse(await startClickhouse(options));
    for (const statement of statements) await opened.run(statement);
    return opened;
  }

  async run(query: string): Promise<void> {
    await this.admin.command({
      query,
      clickhouse_settings: { allow_suspicious_low_cardinality_types: 1, session_timezone: 'UTC' },
    });
  }

  async rows<Row>(query: string): Promise<readonly Row[]> {
    const result = await this.admin.query({ query, format: 'JSONEachRow' });
    return result.json<Row>();
  }

  source(options: ClickhouseOptionsInput = {}): IFederatedDataSource {
    const source = createClickhouseSource('ch', { url: this.server.url, ...options });
    this.#sources.push(source);
    return source;
  }

  /** Statements of ours that run now. */
  async running(): Promise<number> {
    const [row] = await this.rows<{ readonly n: string }>(
      "SELECT count() AS n FROM system.processes WHERE http_user_agent LIKE 'tributary%' AND query NOT LIKE '%system.%'",
    );
    return Number(row?.n);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const source of this.#sources) await source.close();
    await this.admin.close();
    await this.server[Symbol.asyncDispose]();
  }
}
