import { type ClickHouseClient, createClient } from '@clickhouse/client';

/** ClickHouse through its own client, as one would use it without us. */
export class ClickhouseAnswers implements AsyncDisposable {
  readonly #client: ClickHouseClient;

  constructor(url: string) {
    this.#client = createClient({ url });
  }

  /** Has an answer written as Parquet and throws its bytes away; returns how many there were. */
  async discardParquet(sql: string): Promise<number> {
    const { stream } = await this.#client.exec({ query: `${sql} FORMAT Parquet` });
    let bytes = 0;
    for await (const chunk of stream) bytes += Buffer.isBuffer(chunk) ? chunk.length : 0;
    return bytes;
  }

  /** Fetches the rows of an answer; returns how many there were. */
  async count(sql: string): Promise<number> {
    const answer = await this.#client.query({ query: sql, format: 'JSONCompactEachRow' });
    const rows = await answer.json();
    return rows.length;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client.close();
  }
}
