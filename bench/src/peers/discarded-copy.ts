import { Client, type Connection } from 'pg';

/** `COPY n`, then ReadyForQuery outside a transaction: the last bytes of a COPY (PostgreSQL documentation, 54.7). */
const end = new RegExp(String.raw`COPY \d+\0Z\0\0\0\x05I$`);
const endLength = 32;

/**
 * Binary COPY of columns of a table over several connections, each a range of pages, with the bytes thrown away as they come:
 * as fast as one can be who has to read them.
 */
export class DiscardedCopy implements AsyncDisposable {
  readonly #clients: readonly Client[];
  readonly #statements: readonly string[];

  private constructor(clients: readonly Client[], statements: readonly string[]) {
    this.#clients = clients;
    this.#statements = statements;
  }

  static async open(
    url: string,
    table: string,
    columns: readonly string[],
    connections: number,
  ): Promise<DiscardedCopy> {
    const clients = Array.from({ length: connections }, () => new Client(url));
    await Promise.all(clients.map((client) => client.connect()));
    const pages = await pagesOf(clients[0], table);
    const size = Math.ceil(pages / connections);
    const statements = clients.map((_, i) => {
      const until = i === connections - 1 ? '' : ` AND ctid < '(${(i + 1) * size},0)'`;
      return `COPY (SELECT ${columns.join(', ')} FROM ${table} WHERE ctid >= '(${i * size},0)'${until}) TO STDOUT (FORMAT binary)`;
    });
    return new DiscardedCopy(clients, statements);
  }

  /** Returns the bytes thrown away. */
  async run(): Promise<number> {
    const bytes = await Promise.all(
      this.#clients.map((client, i) => discard(client.connection, this.#statements[i] ?? '')),
    );
    return bytes.reduce((sum, each) => sum + each, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end()));
  }
}

async function pagesOf(client: Client | undefined, table: string): Promise<number> {
  const sql = `SELECT pg_relation_size($1::regclass) / current_setting('block_size')::int AS pages`;
  const result = await client?.query<{ readonly pages: string }>(sql, [table]);
  return Number(result?.rows[0]?.pages);
}

/** Bypasses pg's parser, which would look at every row; the connection is good for nothing else afterwards. */
async function discard(connection: Connection, sql: string): Promise<number> {
  const { stream } = connection;
  const done = Promise.withResolvers<number>();
  let bytes = 0;
  let tail = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    tail = Buffer.concat([tail, chunk.subarray(-endLength)]).subarray(-endLength);
    if (end.test(tail.toString('latin1'))) done.resolve(bytes);
  };
  stream.removeAllListeners('data');
  stream.on('data', onData);
  connection.query(sql);
  return done.promise;
}
